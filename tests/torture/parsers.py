"""Give the intake thousands of damaged files of each format and look whether anything gets past its limits.

    python tests/torture/parsers.py --full
    python tests/torture/parsers.py --format pdf --count 200

Every file is a sound one (``intake_seeds.SEEDS``) with some bytes changed, cut, doubled or swapped for what parsers
stumble over; number and format decide the damage, so that any file can be made again with ``--first``. Each must end
within ten seconds and a gigabyte as read or as a named error of one line, and sound files in between must be read.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import intake_seeds as seeds
from dragoman.intake.bounded import MEMORY, SECONDS, ParserPool
from dragoman.intake.stream import Found, Intake

FULL = {"html": 10_000, "feed": 10_000, "pdf": 2_000, "mail": 2_000, "archive": 2_000, "warc": 500, "rows": 2_000}
_PROBED = 100  # after so many damaged files comes a sound one
_GRACE = 2.0  # seconds to end a parser that took too long, and to start another


@dataclass
class Outcome:
    """What came of the files of a format.

    Attributes:
        read: files that gave at least one text.
        refused: files that gave none, each with a named error.
        wrong: what must not happen, one line each.
        slowest: seconds of the slowest file.
        errors: how often each error's words came, numbers left out.
    """

    read: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    errors: Counter[str] = field(default_factory=Counter)


def torture(kind: str, count: int, folder: Path, first: int = 0) -> Outcome:
    """Take in ``count`` damaged files of a format, from number ``first`` on."""
    outcome = Outcome()
    with ParserPool(1) as parser:
        intake = Intake(parser)
        for number in range(first, first + count):
            chance = random.Random(f"{kind} {number}")
            name, sound = chance.choice(seeds.SEEDS[kind])
            _take(intake, folder / name, seeds.damaged(sound, chance), f"{kind} {number}", outcome)
            if number % _PROBED == 0:
                (folder / name).write_bytes(sound)
                if not any(one.document for one in intake.found_in(folder / name)):
                    outcome.wrong.append(f"{kind} {number}: the sound file after it was not read")
    return outcome


def _take(intake: Intake, path: Path, data: bytes, label: str, outcome: Outcome) -> None:
    path.write_bytes(data)
    started = time.monotonic()
    try:
        found = list(intake.found_in(path))
    except Exception as error:  # it is this that is looked for
        outcome.wrong.append(f"{label}: {type(error).__name__} was raised ({str(error)[:80]})")
        return
    took = time.monotonic() - started
    outcome.slowest = max(outcome.slowest, took)
    if took > SECONDS + _GRACE:
        outcome.wrong.append(f"{label}: took {took:.1f} s")
    outcome.wrong.extend(f"{label}: {fault}" for fault in map(fault_of, found) if fault)
    if any(one.document for one in found):
        outcome.read += 1
    else:
        outcome.refused += 1
    for one in found:
        if one.document is None:
            words = one.message.rpartition(": ")[2].partition("(")[0]
            outcome.errors["".join("#" if sign.isdigit() else sign for sign in words)[:70].strip()] += 1


def fault_of(found: Found) -> str | None:
    """What is wrong with a result; None for a sound document and for a named error of one line."""
    if found.document is None:
        if not found.error or not found.message or "\n" in found.message:
            return f"the error is not named in one line ({found.error} {found.message!r})"
        return None
    try:
        found.document.text.encode("utf-8")
    except UnicodeEncodeError:
        return "the text holds what is no character"
    return "the text holds a NUL" if "\x00" in found.document.text else None


def main() -> int:
    """Run what was asked for and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--format", choices=sorted(FULL), action="append")
    asked.add_argument("--count", type=int, help="files of each format; else the full counts")
    asked.add_argument("--full", action="store_true", help="the full counts, whatever --count says")
    asked.add_argument("--first", type=int, default=0, help="number of the first file")
    asked.add_argument("--errors", action="store_true", help="say how often each error came")
    given = asked.parse_args()
    wrong = 0
    for kind in given.format or sorted(FULL):
        count = FULL[kind] if given.full else given.count or FULL[kind]
        started = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            outcome = torture(kind, count, Path(folder), given.first)
        children, own = (
            resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
        )
        wrong += len(outcome.wrong)
        print(
            f"{kind}: {count} files, {outcome.read} read, {outcome.refused} refused, {len(outcome.wrong)} wrong, "
            f"slowest {outcome.slowest:.2f} s, largest parser so far {children} MB (limit: {MEMORY >> 20} MB above "
            f"its libraries), parent {own} MB, {time.monotonic() - started:.0f} s in all",
            flush=True,
        )
        for line in outcome.wrong[:20]:
            print(f"  {line}", flush=True)
        for words, times in outcome.errors.most_common(25 if given.errors else 0):
            print(f"  {times:6} {words}", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
