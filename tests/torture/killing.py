"""Kill a process at random moments while it works on a workspace, and look whether anything was lost.

    python tests/torture/killing.py --kills 1000

Every trial is a forked child that adds documents, corrects, imports coded events and exported records, exports, copies
and upgrades an older file, and writes a line for each thing that was acknowledged to it. It is killed (SIGKILL) at a
random moment. Then all that was acknowledged must be there, nothing twice, ``check`` must find nothing, no half-written
file may stand under a final name, and the next ``add`` must go on.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

import dragoman
from dragoman import knowledge
from dragoman.cli.files import whole_file
from dragoman.errors import UsageError
from dragoman.formats import gdelt
from dragoman.formats.jsonl import decode_lines, encode_line
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.pipeline import read_document
from dragoman.reading.result import readings_of
from dragoman.records import Document
from dragoman.workspace import schema
from dragoman.workspace.database import FILE

Say = Callable[[dict[str, Any]], None]

_VERBS = ("condemned", "praised", "sanctioned", "attacked", "met", "warned", "aided", "accused")
_STATES = ("Russia", "China", "Japan", "France", "Iran", "Israel", "Turkey", "India", "Brazil", "Egypt")
_CODES = ("RUS", "CHN", "JPN", "FRA", "IRN", "ISR", "TUR", "IND", "BRA", "EGY")
OLD = 0  # a schema version that no release wrote: this file makes such workspaces, to have something to upgrade
_PER_WORKSPACE = 100  # kills after which a new workspace is begun, so that looking at it stays quick


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


class Worker:
    """Does one thing after another to a workspace and says what was acknowledged.

    Args:
        folder: the workspace.
        seed: decides what is done.
        say: takes what was acknowledged.
        elsewhere: a folder for the files that are imported, where it is not the workspace.
    """

    def __init__(self, folder: Path, seed: int, say: Say, elsewhere: Path | None = None) -> None:
        self.folder = folder
        self.elsewhere = elsewhere or folder
        self.chance = random.Random(seed)
        self.number = seed * 10_000
        self.say = say
        schema.MIGRATIONS[OLD] = from_old
        self.workspace = dragoman.open(folder)

    def work(self) -> None:
        """Without end."""
        deeds = (self.add, self.add, self.fix, self.fix, self.export, self.copy, self.take_in, self.restore,
                 self.upgrade, self.upgrade)  # fmt: skip
        while True:
            self.chance.choice(deeds)()

    def _documents(self) -> list[Document]:
        made = [document(self.number + k) for k in range(self.chance.randint(1, 6))]
        self.number += len(made)
        return made

    def add(self) -> None:
        """Add a few documents."""
        made = self._documents()
        self.workspace.add(made, fast=True)
        self.say({"deed": "add", "documents": [d.id for d in made]})

    def fix(self) -> None:
        """Decide about an event."""
        events = self.workspace.events(limit=40).records()
        if not events:
            return
        event = self.chance.choice(events).id
        deed = self.chance.choice((self.workspace.accept, self.workspace.reject, self._set))
        self.say({"deed": "fix", "correction": deed(event)})

    def _set(self, event: str) -> int:
        return self.workspace.set(event, "event_type", "AID")

    def export(self) -> None:
        """Write all records, as ``dragoman export`` does: beside, then renamed."""
        with whole_file(self.folder / "export.jsonl") as sink:
            for reading in self.workspace.readings():
                sink.writelines(map(encode_line, reading))
        self.say({"deed": "export"})

    def copy(self) -> None:
        """Make a copy over one of three older ones."""
        self.workspace.backup(self.folder / "backups" / f"{self.chance.randint(0, 2)}.duckdb")
        self.say({"deed": "copy"})

    def incoming(self) -> Path:
        """Write a file of coded events."""
        self.number += 1
        file = self.elsewhere / "incoming.csv"
        file.write_text("".join(_coded(self.number, k, self.chance) for k in range(self.chance.randint(1, 3000))))
        return file

    def take_in(self) -> None:
        """Import a file of coded events; the second time it must be refused."""
        self.take_in_twice(self.incoming())

    def take_in_twice(self, file: Path) -> None:
        """Import a file, which must be refused the second time."""
        for turn in range(2):
            found = gdelt.read_gdelt(file, knowledge.load())
            with contextlib.suppress(UsageError):
                rows = self.workspace.import_events(
                    found.batches, origin=found.origin, source=f"{self.number}.csv", repairs=found.repairs
                )
                if turn:
                    raise AssertionError("a file was imported twice")
                self.say({"deed": "import", "import": [f"{self.number}.csv", rows]})

    def search(self) -> None:
        """Look for a word in a text that the index does not hold yet."""
        self.add()
        self.workspace.search("dispatch")

    def restore(self) -> None:
        """Take in records that were exported elsewhere."""
        made = self._documents()
        lines = [encode_line(record) for one in made for record in read_document(one, knowledge.load(), fast=True)]
        self.workspace.restore(readings_of(decode_lines(lines)))
        self.say({"deed": "restore", "documents": [d.id for d in made]})

    def upgrade(self) -> None:
        """Make the file an older one, and open it."""
        self.age()
        self.open_again()

    def age(self) -> None:
        """Make the file an older one."""
        self.workspace.close()
        make_old(self.folder)

    def open_again(self) -> None:
        """Open the file, which upgrades an older one."""
        self.workspace.close()
        self.workspace = dragoman.open(self.folder)
        self.say({"deed": "upgrade"})


def _coded(number: int, line: int, chance: random.Random) -> str:
    first, second = chance.sample(_CODES, 2)
    known = {
        "GLOBALEVENTID": f"{number}{line:05}", "SQLDATE": f"202405{chance.randint(1, 28):02}", "Actor1Code": first,
        "Actor2Code": second, "EventCode": chance.choice(("042", "057", "112", "190")), "GoldsteinScale": "1.0",
        "DATEADDED": "20240601000000",
    }  # fmt: skip
    return "\t".join(known.get(name, "") for name in gdelt.COLUMNS) + "\n"


def make_old(folder: Path) -> None:
    """Bring a workspace into the shape of an invented earlier schema, in one transaction."""
    with duckdb.connect(str(folder / FILE)) as connection:
        connection.execute("BEGIN")
        connection.execute("ALTER TABLE sightings DROP COLUMN seen")
        connection.execute("ALTER TABLE corrections RENAME TO decisions")
        connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [str(OLD)])
        connection.execute("COMMIT")


def from_old(connection: duckdb.DuckDBPyConnection) -> None:
    """The migration from that shape: every row of a table is written again."""
    connection.execute("ALTER TABLE decisions RENAME TO corrections")
    connection.execute("""
        CREATE TABLE seen_again AS SELECT s.*, d.added AS seen
        FROM sightings AS s LEFT JOIN documents AS d ON d.id = s.document
    """)
    connection.execute("DROP TABLE sightings")
    connection.execute("ALTER TABLE seen_again RENAME TO sightings")


def work(folder: Path, seed: int, say: Say) -> None:
    """What a child does until it is killed."""
    Worker(folder, seed, say).work()


def in_child(task: Callable[[Say], None]) -> tuple[int, int]:
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


@dataclass
class Acknowledged:
    """What a workspace's processes were told is done."""

    documents: list[str] = field(default_factory=list)
    corrections: list[int] = field(default_factory=list)
    imports: dict[str, int] = field(default_factory=dict)

    def note(self, said: dict[str, Any]) -> None:
        """Take note of a line."""
        self.documents += said.get("documents", [])
        self.corrections += [said["correction"]] if "correction" in said else []
        self.imports |= dict([said["import"]]) if "import" in said else {}


def inspect(folder: Path, acknowledged: Acknowledged, since: float, say: Say) -> None:
    """What is wrong after a kill; copies and exports are looked at when they were written after ``since``."""
    schema.MIGRATIONS[OLD] = from_old
    begun, worked = time.monotonic(), _processor_time()
    with dragoman.open(folder) as workspace:
        workspace.add([document(-1)], fast=True)
        resumed, worked = time.monotonic() - begun, _processor_time() - worked
        wrong = workspace.check()
        there = {d["id"] for d in workspace.documents()}
        wrong += [f"document {one}: was acknowledged and is lost" for one in acknowledged.documents if one not in there]
        made = [c.id for c in workspace.corrections()]
        wrong += [
            f"correction {one}: was acknowledged and is lost" for one in acknowledged.corrections if one not in made
        ]
        with workspace.database.session() as connection:
            taken = dict(connection.execute("SELECT source, rows FROM imports").fetchall())
        wrong += [f"import {name}: was acknowledged and is lost or other" for name, rows in acknowledged.imports.items()
                  if taken.get(name) != rows]  # fmt: skip
    wrong += _unsound_files(folder, since)
    say({"wrong": wrong, "resumed": resumed, "worked": worked})


def _processor_time() -> float:
    """Seconds of the processor that this process and those that it started and that ended have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _unsound_files(folder: Path, since: float) -> list[str]:
    """What is wrong with an export, with copies, and with the copy that an upgrade made."""
    wrong = []
    export = folder / "export.jsonl"
    if export.exists() and export.stat().st_mtime >= since:
        list(decode_lines(export.read_bytes().splitlines()))
    kept = folder / "backups" / "restored"
    for copy in (folder / "backups").glob("[0-9].duckdb"):
        if copy.stat().st_mtime < since:
            continue
        kept.mkdir(exist_ok=True)
        (kept / FILE).unlink(missing_ok=True)
        os.link(copy, kept / FILE)
        with dragoman.open(kept, read_only=True) as restored:
            wrong += [f"copy {copy.name}: {problem}" for problem in restored.check()]
    older = folder / f"{FILE}.schema{OLD}.copy"
    if older.exists() and older.stat().st_mtime >= since:
        with duckdb.connect(str(older), read_only=True) as connection:
            if schema.version_of(connection) != OLD:
                wrong.append(f"{older.name}: is not of the version that it names")
            connection.execute("SELECT count(*) FROM decisions, sightings, dyads").fetchall()
    return wrong


@dataclass
class Outcome:
    """What came of many kills.

    Attributes:
        wrong: what must not be, a line each.
        slowest: seconds until the next ``add`` had gone on, at most.
        hardest: seconds of the processor that this took, at most.
        deeds: how often each deed was acknowledged.
    """

    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    hardest: float = 0.0
    deeds: Counter[str] = field(default_factory=Counter)


def torture(kills: int, seed: int, folder: Path, longest: float = 1.5) -> Outcome:
    """Kill ``kills`` children, each at a moment between at once and ``longest`` seconds after its start."""
    dragoman.read("Russia sanctioned Iran.", fast=True)  # the parser is loaded before the children are forked
    chance = random.Random(seed)
    outcome = Outcome()
    for trial in range(kills):
        workspace = folder / f"ws{trial // _PER_WORKSPACE}"
        if trial % _PER_WORKSPACE == 0:
            dragoman.create(workspace).close()
            acknowledged = Acknowledged()
        begun = time.time()
        child, reading = in_child(partial(work, workspace, seed * 10_000 + trial + 1))
        time.sleep(chance.uniform(0.01, longest))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            outcome.wrong.append(f"kill {trial}: the child had ended by itself")
        for said in said_by(reading):
            acknowledged.note(said)
            outcome.deeds[said["deed"]] += 1
        _look(workspace, acknowledged, begun, trial, outcome)
    return outcome


def _look(workspace: Path, acknowledged: Acknowledged, since: float, trial: int, outcome: Outcome) -> None:
    child, reading = in_child(partial(inspect, workspace, acknowledged, since))
    answers = said_by(reading)
    _, status = os.waitpid(child, 0)
    if status or not answers:
        outcome.wrong.append(f"kill {trial}: the workspace could not be looked at")
        return
    outcome.wrong += [f"kill {trial}: {problem}" for problem in answers[-1]["wrong"]]
    outcome.slowest = max(outcome.slowest, answers[-1]["resumed"])
    outcome.hardest = max(outcome.hardest, answers[-1]["worked"])


def main() -> None:
    """Torture workspaces in a temporary folder and print what came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        begun = time.monotonic()
        outcome = torture(chosen.kills, chosen.seed, Path(folder))
    for problem in outcome.wrong[:40]:
        print(problem)
    deeds = ", ".join(f"{count} {deed}" for deed, count in sorted(outcome.deeds.items()))
    print(
        f"{chosen.kills} kills, acknowledged before: {deeds}; {len(outcome.wrong)} problems,"
        f" next add within {outcome.slowest:.2f} s ({outcome.hardest:.2f} s of the processor),"
        f" {time.monotonic() - begun:.0f} s in all"
    )
    raise SystemExit(1 if outcome.wrong else 0)


if __name__ == "__main__":
    main()
