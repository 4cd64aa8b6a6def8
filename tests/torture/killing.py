"""Kill a process at random moments while it works on a workspace, and look whether anything was lost.

    python tests/torture/killing.py --kills 300

Every trial is a forked child that adds documents, corrects, exports and copies, and writes a line for each thing that
was acknowledged to it. It is killed (SIGKILL) at a random moment. Then all that was acknowledged must be there, nothing
twice, ``check`` must find nothing, no half-written file may stand under a final name, and the next ``add`` must go on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import dragoman
from dragoman.formats.jsonl import decode_lines, encode_line
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.records import Document

_VERBS = ("condemned", "praised", "sanctioned", "attacked", "met", "warned", "aided", "accused")
_STATES = ("Russia", "China", "Japan", "France", "Iran", "Israel", "Turkey", "India", "Brazil", "Egypt")


def document(number: int) -> Document:
    """A short text of its own."""
    chance = random.Random(number)
    lines = [
        f"{chance.choice(_STATES)} {chance.choice(_VERBS)} {chance.choice(_STATES)} on {day} May 2024, officials said."
        for day in chance.sample(range(1, 29), 3)
    ]
    text = f"Dispatch {number}.\n\n" + " ".join(lines)
    return make_document(
        Extract(text, publisher=f"Paper {number % 5}", url=f"https://example.org/{number}"), "2024-06-01"
    )


def work(folder: Path, seed: int, say: Callable[[dict[str, Any]], None]) -> None:
    """Add, correct, export and copy without end, saying what was acknowledged."""
    chance = random.Random(seed)
    workspace = dragoman.open(folder)
    say({"opened": True})
    number = seed * 10_000
    while True:
        act = chance.choice(("add", "add", "fix", "fix", "export", "copy"))
        if act == "add":
            made = [document(number + k) for k in range(chance.randint(1, 6))]
            number += len(made)
            workspace.add(made, fast=True)
            say({"documents": [d.id for d in made]})
        elif act == "fix":
            events = workspace.events(limit=40).records()
            if events:
                event = chance.choice(events)
                say({"correction": _decide(workspace, chance, event.id)})
        elif act == "export":
            target = folder / "export.jsonl"
            beside = folder / ".export.jsonl.part"
            beside.write_bytes(b"".join(encode_line(record) for reading in workspace.readings() for record in reading))
            beside.replace(target)
            say({"export": True})
        else:
            say({"copy": str(workspace.backup(folder / "backups" / f"{chance.randint(0, 2)}.duckdb"))})


def _decide(workspace: dragoman.Workspace, chance: random.Random, event: str) -> int:
    kind = chance.choice(("accept", "reject", "set"))
    if kind == "set":
        return workspace.set(event, "event_type", "AID")
    return workspace.accept(event) if kind == "accept" else workspace.reject(event)


def in_child(task: Callable[[Callable[[dict[str, Any]], None]], None]) -> tuple[int, int]:
    """Run a task in a forked child; gives its process and the reading end of what it says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.close(reading)
    code = 1
    try:
        with os.fdopen(writing, "w", buffering=1) as sink:
            task(lambda said: print(json.dumps(said), file=sink, flush=True))
        code = 0
    except BaseException as error:
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
    finally:
        os._exit(code)


def said_by(reading: int) -> list[dict[str, Any]]:
    """The whole lines that a child wrote before it ended."""
    with os.fdopen(reading, "rb") as source:
        lines = source.read().split(b"\n")[:-1]
    return [json.loads(line) for line in lines]


def inspect(folder: Path, documents: list[str], corrections: list[int], say: Callable[[dict[str, Any]], None]) -> None:
    """What is wrong after a kill."""
    begun = time.monotonic()
    with dragoman.open(folder) as workspace:
        workspace.add([document(-1)], fast=True)
        resumed = time.monotonic() - begun
        wrong = workspace.check()
        there = {d["id"] for d in workspace.documents()}
        wrong += [f"document {one}: was acknowledged and is lost" for one in documents if one not in there]
        made = [c.id for c in workspace.corrections()]
        wrong += [f"correction {one}: was acknowledged and is lost" for one in corrections if one not in made]
        if made != sorted(set(made)):
            wrong.append("corrections: a number stands twice")
    export = folder / "export.jsonl"
    if export.exists():
        list(decode_lines(export.read_bytes().splitlines()))
    for copy in (folder / "backups").glob("[0-9].duckdb"):
        kept = copy.parent / "restored"
        kept.mkdir(exist_ok=True)
        (kept / "workspace.duckdb").unlink(missing_ok=True)
        os.link(copy, kept / "workspace.duckdb")
        with dragoman.open(kept, read_only=True) as restored:
            wrong += [f"copy {copy.name}: {problem}" for problem in restored.check()]
    say({"wrong": wrong, "resumed": resumed})


def torture(kills: int, seed: int, folder: Path, longest: float = 1.2) -> tuple[list[str], float, int]:
    """Kill ``kills`` children.

    Returns:
        What was wrong, the longest time until the next ``add`` had gone on (seconds), and how much was acknowledged.
    """
    dragoman.read("Russia sanctioned Iran.", fast=True)  # the parser is loaded before the children are forked
    chance = random.Random(seed)
    workspace = folder / "ws"
    dragoman.create(workspace).close()
    documents: list[str] = []
    corrections: list[int] = []
    wrong: list[str] = []
    slowest = 0.0
    for trial in range(1, kills + 1):
        child, reading = in_child(partial(work, workspace, seed * 1000 + trial))
        time.sleep(chance.uniform(0.01, longest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        for said in said_by(reading):
            documents += said.get("documents", [])
            corrections += [said["correction"]] if "correction" in said else []
        child, reading = in_child(partial(inspect, workspace, documents, corrections))
        answers = said_by(reading)
        _, status = os.waitpid(child, 0)
        if status or not answers:
            wrong.append(f"kill {trial}: the workspace could not be looked at")
            continue
        wrong += [f"kill {trial}: {problem}" for problem in answers[-1]["wrong"]]
        slowest = max(slowest, answers[-1]["resumed"])
    return wrong, slowest, len(documents) + len(corrections)


def main() -> None:
    """Torture a workspace in a temporary folder and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        wrong, slowest, acknowledged = torture(chosen.kills, chosen.seed, Path(folder))
        for problem in wrong[:40]:
            print(problem)
        print(
            f"{chosen.kills} kills, {acknowledged} acknowledged writes, {len(wrong)} problems,"
            f" next add within {slowest:.2f} s, {time.monotonic() - begun:.0f} s in all"
        )
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
