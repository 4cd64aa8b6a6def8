"""Import files that are wrong in one, two or three ways, and look whether each ends in one line and leaves no trace.

    python tests/torture/imports.py --count 3000

Every file is a sound one (``import_seeds``) to which something happened that happens to files: cut, saved in another
encoding, quotes never closed, rows too long, packed and then damaged. It must be taken in, with repairs named, or be
refused in one line with nothing written; afterwards ``check`` must find nothing. A file's number decides the damage.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import random
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import verdict

import dragoman
import import_seeds as seeds
from dragoman.cli.exchange import Incoming, import_file
from dragoman.errors import DragomanError
from dragoman.formats.event_files import read_event_file

_CHECKED = 100  # files after which the workspace is looked at and begun anew
_LONGEST_ROW = 9 << 20  # more than what is read at once

Damage = Callable[[bytes, random.Random], bytes]


def _put_in(*wrong: bytes) -> Damage:
    def damage(data: bytes, chance: random.Random) -> bytes:
        at = chance.randrange(len(data) + 1)
        return data[:at] + chance.choice(wrong) + data[at:]

    return damage


def _row(*cells: bytes) -> Damage:
    return lambda data, chance: data.rstrip(b"\n") + b"\n" + chance.choice((b"\t", b",")).join(cells) + b"\n"


def _saved_as(encoding: str) -> Damage:
    return lambda data, _: data.decode("utf-8", "replace").encode(encoding, "replace")


def _exchanged(*pairs: tuple[bytes, bytes]) -> Damage:
    def damage(data: bytes, chance: random.Random) -> bytes:
        old, new = chance.choice(pairs)
        return data.replace(old, new, chance.choice((1, -1)))

    return damage


DAMAGES: dict[str, Damage] = {
    "a row too short": _row(b"x", b"y"),
    "a row too long": _row(*[b"x"] * 200),
    "a row too short that is not UTF-8": _row(b"x\xff\xe9", b"\xed\xa0\x80"),
    "bytes that are not UTF-8": _put_in(b"\xe9", b"\xe2\x82", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf"),
    "control characters": _put_in(b"\x00", b"\x1a", b"\x1f", b"\x1b[31m", b"\x7f", b"\x0b\x0c"),
    "signs that are seldom": _put_in("\u2028\x85\u202e\ufdd0\ufffd\ufeff".encode(), b"\\ud800", b"\\u0000"),
    "a quote": _put_in(b'"', b'""', b'"\n'),
    "a line end": _put_in(b"\r", b"\n", b"\r\n", b"\n\n"),
    "a long row": _put_in(b"x" * _LONGEST_ROW),
    "deep": _put_in(b"[" * 100_000, b"{" * 100_000),
    "other line ends": _exchanged((b"\n", b"\r"), (b"\n", b"\r\n"), (b"\n", b"\n\n"), (b"\n", b"\n\x00\n")),
    "other delimiters": _exchanged((b"\t", b";"), (b",", b";"), (b"\t", b" "), (b",", b"\t"), (b"\t", b",")),
    "other numbers": _exchanged((b"1", b"1" * 400), (b"2024", b"0000"), (b"-03-", b"-99-"), (b"0", b"9" * 20)),
    "other words": _exchanged((b"null", b"[]"), (b"null", b"1e999"), (b"id", b"record"), (b"Event", b""), (b"a", b"A")),
    "no rows": lambda data, _: data.split(b"\n")[0],
    "nothing": lambda *_: b"",
    "empty lines before": lambda data, _: b"\n\n" + data,
    "lines in another order": lambda data, _: b"\n".join(reversed(data.split(b"\n"))),
    "twice": lambda data, _: data + data,
    "cut": lambda data, chance: data[: chance.randrange(len(data) + 1)],
    "a mark at the beginning": lambda data, chance: b"\xef\xbb\xbf" * chance.choice((1, 2)) + data,
    "UTF-16": _saved_as("utf-16"),
    "UTF-16 without a mark": _saved_as("utf-16-be"),
    "UTF-32": _saved_as("utf-32"),
    "Latin-1": _saved_as("latin-1"),
    "zeros far down": lambda data, _: data + b"\n" * 5000 + b"\x00\x00\n",
}  # fmt: skip


def _zipped(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("events.csv", data)
    return sink.getvalue()


def _packed(data: bytes, name: str, chance: random.Random) -> tuple[str, bytes]:
    """The file as it is, or packed and perhaps damaged then."""
    ending = chance.choice(("", "", "", ".gz", ".zip"))
    if ending:
        data = gzip.compress(data) if ending == ".gz" else _zipped(data)
        at = chance.randrange(len(data))
        turned = data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]
        data = chance.choice((data, turned, data[:at]))
    return name + ending, data


def damaged(number: int, sound: bytes) -> tuple[list[str], bytes]:
    """What happened to a file, and the file; one of the first numbers is one damage alone, in order."""
    chance = random.Random(number)
    names = sorted(DAMAGES)
    chosen = [names[number]] if number < len(names) else chance.sample(names, chance.choice((2, 2, 3)))
    for name in chosen:
        sound = DAMAGES[name](sound, chance)
    return chosen, sound


@dataclass
class Outcome:
    """What came of the files: how many were taken in, how many refused, and what must not be, a line each."""

    taken: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)

    def note(self, label: str, deed: Callable[[], object]) -> None:
        """Do it, and take note of how it ends."""
        try:
            with contextlib.redirect_stderr(io.StringIO()):
                deed()
            self.taken += 1
        except DragomanError as error:
            self.refused += 1
            if "\n" in str(error):
                self.wrong.append(f"{label}: the error is more than one line: {error}")
        except Exception as error:  # it is this that is looked for
            self.wrong.append(f"{label}: {type(error).__name__} was raised: {str(error)[:150]}")


def torture(count: int, folder: Path, first: int = 0) -> Outcome:
    """Import ``count`` files of each format into workspaces, and read as many files of events."""
    outcome = Outcome()
    for form, sound in seeds.IMPORTS.items():
        for number in range(first, first + count):
            workspace = folder / f"{form}{number // _CHECKED}"
            if not workspace.exists():
                dragoman.create(workspace).close()
            ways, data = damaged(number, sound)
            label = f"{form} {number} ({', '.join(ways)})"
            name = f"{form}{number}.{'jsonl' if form == 'jsonl' else 'csv'}"
            if form != "jsonl":
                name, data = _packed(data, name, random.Random(-1 - number))
            file = folder / name
            file.write_bytes(data)
            outcome.note(label, partial(import_file, Incoming(form), file, workspace))
            file.unlink()
            if number % _CHECKED == _CHECKED - 1 or number == first + count - 1:
                with dragoman.open(workspace) as looked_at:
                    outcome.wrong += [f"{form}, up to {number}: {problem}" for problem in looked_at.check()]
    for name, sound in seeds.EVENT_FILES.items():
        for number in range(first, first + count):
            ways, data = damaged(number, sound)
            (folder / name).write_bytes(data)
            outcome.note(f"{name} {number} ({', '.join(ways)})", partial(read_event_file, folder / name))
    return outcome


def main() -> None:
    """Print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="files of each format")
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = torture(chosen.count, Path(folder), chosen.first)
    formats = len(seeds.IMPORTS) + len(seeds.EVENT_FILES)
    done = f"{outcome.taken} taken in, {outcome.refused} refused in one line"
    verdict.end(outcome.wrong, f"{chosen.count} files of {formats} formats: {done}")


if __name__ == "__main__":
    main()
