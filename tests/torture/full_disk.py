"""Let the disk become full while a workspace is worked on, and look whether anything was lost.

    unshare --map-root-user --mount python tests/torture/full_disk.py

It mounts a file system of a few megabytes for itself (hence the namespace), leaves more or less room on it, and does
one thing after another until there is no room left. Each must end in an error of one line, nothing half-written may
stand under a final name, and when there is room again all that was acknowledged must be there, ``check`` must find
nothing, and the same thing must succeed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import killing
import verdict

import dragoman
from dragoman.errors import DragomanError
from dragoman.workspace import schema

_DISK = 24 << 20
_TURNS = 60
DEEDS = ("add", "fix", "take_in", "restore", "export", "copy", "search", "open_again")
ROOM = (0, 40_000, 300_000, 900_000, 2_500_000)
"""Bytes that are left when a deed begins."""


def mounted(folder: Path) -> None:
    """Mount a small file system; needs the right to do so, as in a namespace of one's own."""
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "none", str(folder)]
    subprocess.run(command, check=True)


def fill(folder: Path, left: int) -> Path:
    """Take all of the disk but some bytes."""
    filler = folder / "filler"
    state = os.statvfs(folder)
    with filler.open("wb") as sink:
        os.posix_fallocate(sink.fileno(), 0, max(1, state.f_bavail * state.f_frsize - left))
    return filler


def deed_on_a_full_disk(folder: Path, deed: str, left: int) -> list[str]:
    """Do something until the disk is full; what is wrong then and afterwards."""
    workspace = folder / "ws"
    dragoman.create(workspace).close()
    acknowledged = killing.Acknowledged()
    elsewhere = folder.parent
    worker = killing.Worker(workspace, 1, acknowledged.note, elsewhere)
    worker.add()
    worker.fix()
    if deed == "open_again":
        worker.age()
    filler = fill(folder, left)
    wrong, failed = [], False
    try:
        for _ in range(_TURNS):
            getattr(worker, deed)()
    except DragomanError as error:
        failed = True
        if "\n" in str(error) or "INTERNAL" in str(error):
            wrong.append(f"the error is no line for users: {error}")
    except Exception as error:  # it is this that is looked for
        failed = True
        wrong.append(f"{type(error).__name__} was raised: {str(error)[:150]}")
    filler.unlink()
    if not failed and left == 0 and deed != "export":
        wrong.append("the disk was not full")
    worker.workspace.close()
    answers: list[dict[str, object]] = []
    killing.inspect(workspace, acknowledged, 0, answers.append)
    wrong += [str(problem) for problem in answers[0]["wrong"]]  # type: ignore[attr-defined]
    again = killing.Worker(workspace, 2, acknowledged.note, elsewhere)
    getattr(again, deed)()
    wrong += again.workspace.check()
    again.workspace.close()
    return wrong


def torture(folder: Path, rooms: list[int]) -> list[str]:
    """Every deed with every room, each on a disk of its own."""
    dragoman.read("Russia sanctioned Iran.", fast=True)
    schema.MIGRATIONS[killing.OLD] = killing.from_old
    wrong = []
    for deed, left in itertools.product(DEEDS, rooms):
        with tempfile.TemporaryDirectory(dir=folder) as disk:
            mounted(Path(disk))
            try:
                wrong += [f"{deed}, {left} bytes left: {it}" for it in deed_on_a_full_disk(Path(disk), deed, left)]
            finally:
                subprocess.run(["umount", "--lazy", disk], check=True)
    return wrong


def main() -> None:
    """Print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", type=int, nargs="+", default=list(ROOM), help="bytes left when a deed begins")
    rooms = parser.parse_args().room
    with tempfile.TemporaryDirectory() as folder:
        wrong = torture(Path(folder), rooms)
    verdict.end(wrong, f"{len(DEEDS) * len(rooms)} full disks")


if __name__ == "__main__":
    main()
