"""Let reads and writes fail (EIO, what a dying disk answers) while a workspace is worked on, and look what was lost.

    python tests/torture/io_errors.py --count 40

Needs a C compiler: ``io_errors.c`` is put before the C library's calls and makes one call below the workspace's folder
fail, or that one and all after it. Every deed is first done without a fault, to count its calls; then it is done again
and again, and a random one of them fails. Each must end well or in an error of one line; when the disk is sound again
all that was acknowledged must be there, nothing twice, ``check`` must find nothing, and the same deed must succeed.
"""

from __future__ import annotations

import argparse
import contextlib
import mmap
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import killing
import verdict

import dragoman
from dragoman.errors import DragomanError
from dragoman.workspace import schema
from dragoman.workspace.database import FILE

DEEDS = ("add", "add_files", "fix", "take_in", "restore", "export", "copy", "search", "open_again", "create")
_OF_ONE_CHANGE = ("fix", "take_in", "restore")
KINDS = {"reads": 1, "writes": 2, "syncs": 4, "names": 8}
"""Kinds of calls, by their numbers in ``io_errors.c``; names are opened, made, renamed and removed."""

_STATE = "IO_ERRORS_STATE"
_LAYOUT = struct.Struct("=5i1004s")
_ALL = sum(KINDS.values())
_UNENDING = 1 << 30


class Disk:
    """Decides which call fails, in this process and in those that it starts."""

    def __init__(self, state: Path) -> None:
        with state.open("r+b") as file:
            self._shared = mmap.mmap(file.fileno(), _LAYOUT.size)

    @contextlib.contextmanager
    def failing(self, folder: Path, at: int, kinds: int = _ALL, *, lasting: bool = False) -> Iterator[None]:
        """Within this, the ``at``-th call below a folder fails; where it is lasting, the later ones too."""
        self._shared[:] = _LAYOUT.pack(1, kinds, at, lasting, 0, bytes(folder.resolve()))
        try:
            yield
        finally:
            self._shared[:4] = struct.pack("=i", 0)

    @property
    def calls(self) -> int:
        """How many calls were counted since ``failing(folder, _UNENDING)`` began."""
        return _UNENDING - int(_LAYOUT.unpack(self._shared[:])[2])

    @property
    def failed(self) -> int:
        """How many calls failed in the last ``failing``."""
        return int(_LAYOUT.unpack(self._shared[:])[4])


class Worker(killing.Worker):
    """Works on files too that lie on the failing disk and were written before it failed."""

    def prepare(self) -> None:
        """Write the files that are added and imported."""
        if (self.folder / "another" / FILE).exists():  # made whole; what is half made stays
            shutil.rmtree(self.folder / "another")
        self.number += 1
        texts = self.folder / f"texts{self.number}"
        texts.mkdir()
        for number in range(3):
            (texts / f"{number}.txt").write_text(killing.document(self.number * 100 + number).text)
        self.incoming()

    def create(self) -> None:
        """Make another workspace; where that failed it can be made again in the same place."""
        dragoman.create(self.folder / "another").close()

    def take_in(self) -> None:
        """Import the file that was written before."""
        self.take_in_twice(self.elsewhere / "incoming.csv")

    def add_files(self) -> None:
        """Add a folder of texts; a file that cannot be read is named and costs the others nothing."""
        report = self.workspace.add([self.folder / f"texts{self.number - 1}"], fast=True)
        if report.read + report.failed + report.known < 3:
            raise AssertionError(f"{report}: files were passed over in silence")
        self.say({"deed": "add", "documents": []})


@dataclass
class Outcome:
    """What came of the faults.

    Attributes:
        faults: calls that were to fail.
        refused: deeds that ended in an error.
        done: deeds that ended well all the same.
        wrong: what must not be, a line each.
        said: how often each error came, paths and numbers left out.
    """

    faults: int = 0
    refused: int = 0
    done: int = 0
    wrong: list[str] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)


def _prepared(folder: Path, deed: str, acknowledged: killing.Acknowledged, seed: int) -> Worker:
    dragoman.create(folder).close()
    worker = Worker(folder, seed, acknowledged.note)
    worker.add()
    worker.fix()
    if deed == "open_again":
        worker.age()
    worker.prepare()
    return worker


def _calls_of(disk: Disk, folder: Path, deed: str) -> int:
    worker = _prepared(folder, deed, killing.Acknowledged(), 1)
    with disk.failing(folder, _UNENDING):
        getattr(worker, deed)()
        worker.workspace.close()
    return disk.calls


def _bare(message: str) -> str:
    words = [word for word in message.split() if "/" not in word and not any(sign.isdigit() for sign in word)]
    return " ".join(words)[:110]


def _state_of(folder: Path) -> tuple[int, ...]:
    with dragoman.open(folder) as workspace:
        state = workspace.status()
        return state.documents, state.imported, len(workspace.corrections())


def fault(disk: Disk, folder: Path, deed: str, at: int, kinds: int, lasting: bool, outcome: Outcome) -> None:
    """Do a deed while a call fails; what is wrong then and afterwards goes into ``outcome``."""
    acknowledged = killing.Acknowledged()
    worker = _prepared(folder, deed, acknowledged, 1)
    worker.workspace.close()
    before = _state_of(folder) if deed != "open_again" else ()
    worker.workspace = dragoman.open(folder) if deed != "open_again" else worker.workspace
    label = f"{deed}, call {at}, kinds {kinds}{', lasting' if lasting else ''}"
    message = ""
    with disk.failing(folder, at, kinds, lasting=lasting):
        try:
            getattr(worker, deed)()
            outcome.done += 1
        except DragomanError as error:
            outcome.refused += 1
            message = str(error)
            outcome.said[_bare(message)] += 1
            if "\n" in message or "INTERNAL" in message:
                outcome.wrong.append(f"{label}: the error is no line for users: {message}")
        except Exception as error:  # it is this that is looked for
            outcome.wrong.append(f"{label}: {type(error).__name__} was raised: {str(error)[:150]}")
        with contextlib.suppress(DragomanError):
            worker.workspace.close()
    outcome.faults += disk.failed > 0
    answers: list[dict[str, object]] = []
    try:
        if deed in _OF_ONE_CHANGE and "this change was not made" in message and _state_of(folder) != before:
            outcome.wrong.append(f"{label}: the change was made, though it was said that it was not")
        killing.inspect(folder, acknowledged, 0, answers.append)
        outcome.wrong += [f"{label}: {problem}" for problem in answers[0]["wrong"]]  # type: ignore[attr-defined]
        again = Worker(folder, 2, acknowledged.note)
        again.prepare()
        getattr(again, deed)()
        outcome.wrong += [f"{label}: {problem}" for problem in again.workspace.check()]
        again.workspace.close()
    except Exception as error:
        outcome.wrong.append(f"{label}: afterwards {type(error).__name__}: {str(error)[:200]}")


def torture(disk: Disk, folder: Path, count: int, seed: int = 1, deeds: tuple[str, ...] = DEEDS) -> Outcome:
    """Each deed ``count`` times, with another call failing each time."""
    dragoman.read("Russia sanctioned Iran.", fast=True)
    schema.MIGRATIONS[killing.OLD] = killing.from_old
    chance = random.Random(seed)
    outcome = Outcome()
    for deed in deeds:
        place = folder / "ws"
        calls = _calls_of(disk, place, deed)
        shutil.rmtree(place)
        for _ in range(count):
            kinds = chance.choice((_ALL, _ALL, KINDS["writes"], KINDS["syncs"], KINDS["reads"], KINDS["names"]))
            at = chance.randint(1, calls if kinds == _ALL else max(1, calls // 4))
            fault(disk, place, deed, at, kinds, chance.random() < 0.5, outcome)
            shutil.rmtree(place)
    return outcome


def environment(folder: Path) -> dict[str, str]:
    """The environment in which a program's calls can fail: the library compiled, the shared file made.

    Raises:
        FileNotFoundError: there is no C compiler.
    """
    library, state = folder / "io_errors.so", folder / "state"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(source), "-ldl"], check=True)
    state.write_bytes(bytes(_LAYOUT.size))
    return {**os.environ, "LD_PRELOAD": str(library), _STATE: str(state)}


def main() -> None:
    """Print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=40, help="faults of each deed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--deed", choices=DEEDS, action="append")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if _STATE not in os.environ:
            again = subprocess.run([sys.executable, *sys.argv], env=environment(Path(folder)), check=False)
            raise SystemExit(again.returncode)
        disk = Disk(Path(os.environ[_STATE]))
        outcome = torture(disk, Path(folder), chosen.count, chosen.seed, tuple(chosen.deed or DEEDS))
    said = [f"{times:6} {words}" for words, times in outcome.said.most_common()]
    done = f"{outcome.refused} deeds ended in one line, {outcome.done} well"
    verdict.end(outcome.wrong, f"{outcome.faults} disks that failed: {done}", said)


if __name__ == "__main__":
    main()
