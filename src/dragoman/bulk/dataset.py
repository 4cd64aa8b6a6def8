"""The data set that ``read-many`` writes: one folder a record type, partitioned by month, with a manifest.

    OUT/manifest.jsonl                           a line for what is being read and how, then a line a finished shard
    OUT/events/month=2024-06/shard-000012.parquet

A shard is a fixed run of the source's documents. Its files appear under their names only when they are whole, and it
stands in the manifest only when all of them do, so that a stopped run goes on with the first shard that is missing.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from dragoman.errors import OutputError, UsageError
from dragoman.reading.result import Reading
from dragoman.record_tables import record_schema, records_table
from dragoman.records import Actor, Claim, Dispute, Document, Event
from dragoman.tables import DYADS

FAILURES = pa.schema(
    [("source", pa.string()), ("locator", pa.string()), ("error", pa.string()), ("message", pa.string())]
)
UNREAD = pa.schema([("document", pa.string()), ("words", pa.int64())])
"""Texts that were passed over as naming nobody who could act."""

COPIES = pa.schema([("document", pa.string()), ("story", pa.string()), ("why", pa.string())])

TABLES: dict[str, pa.Schema] = {
    "documents": record_schema(Document),
    "actors": pa.schema([("document", pa.string()), *record_schema(Actor)]),
    "events": record_schema(Event),
    "claims": record_schema(Claim),
    "disputes": record_schema(Dispute),
    "dyads": DYADS,
    "copies": COPIES,
    "unread": UNREAD,
    "failures": FAILURES,
}
"""Record type (the folder's name) to its columns."""

UNDATED = "undated"
_MANIFEST = "manifest.jsonl"


def reading_tables(readings: list[Reading], unread: Sequence[Document] = ()) -> dict[str, pa.Table]:
    """The rows of readings, by record type; ``unread`` are those of their documents that were passed over."""
    actors = []
    for reading in readings:
        found = records_table(reading.actors, Actor)
        owner = pa.array([reading.document.id] * found.num_rows, pa.string())
        actors.append(found.add_column(0, "document", owner))
    return {
        "documents": records_table([r.document for r in readings], Document),
        "actors": pa.concat_tables(actors) if actors else TABLES["actors"].empty_table(),
        "events": records_table([e for r in readings for e in r.events], Event),
        "claims": records_table([c for r in readings for c in r.claims], Claim),
        "disputes": records_table([d for r in readings for d in r.disputes], Dispute),
        "dyads": pa.concat_tables([r.arrow() for r in readings]) if readings else DYADS.empty_table(),
        "unread": pa.Table.from_pylist([{"document": d.id, "words": len(d.text.split())} for d in unread], UNREAD),
    }


@dataclass(frozen=True)
class Shard:
    """A finished run of documents.

    Attributes:
        number: its place in the source, from 0.
        digest: of the ids of its documents and failures, so that a changed source is noticed.
        documents: how many it holds.
        failed: how many could not be read.
        unread: how many of its documents were passed over as naming nobody who could act.
        unread_words: the words of these.
    """

    number: int
    digest: str
    documents: int
    failed: int
    unread: int = 0
    unread_words: int = 0


class DataSet:
    """The folder that is written.

    Args:
        folder: where; made when it is not there.
        settings: what decides the content (version, fast, lexicon); another run must have the same.

    Raises:
        UsageError: the folder holds a data set made with other settings, or something else.
        OutputError: it cannot be written.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder = folder
        self._manifest = folder / _MANIFEST
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not self._manifest.exists():
                if any(folder.iterdir()):
                    raise UsageError(f"{folder}: is not empty and holds no data set; choose another folder")
                self._append({"settings": settings})
        except OSError as error:
            raise OutputError(f"{folder}: cannot be written ({error.strerror})") from error
        lines = self._lines()
        if not lines or lines[0].get("settings") != settings:
            raise UsageError(f"{folder}: was begun with other settings ({lines[0].get('settings') if lines else None})")
        self.finished = {line["shard"]: line["digest"] for line in lines[1:]}

    def write(self, shard: Shard, tables: dict[str, pa.Table]) -> None:
        """Write the files of a shard, then its line in the manifest.

        Raises:
            OutputError: the disk is full, or the folder cannot be written.
        """
        months = _months(tables["documents"])
        try:
            for name, table in tables.items():
                key = "id" if name == "documents" else "document"
                for month, part in _by_month(table, key, months):
                    self._write_part(self.folder / name / f"month={month}" / f"shard-{shard.number:06d}.parquet", part)
            line = {name: value for name, value in vars(shard).items() if name != "number"}
            self._append({"shard": shard.number, **line})
        except (OSError, pa.ArrowException) as error:
            raise OutputError(
                f"{self.folder}: cannot be written ({error}); run the same command again later"
            ) from error
        self.finished[shard.number] = shard.digest

    def _write_part(self, path: Path, table: pa.Table) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        # Columns in one piece, so that a file does not tell how its rows arrived.
        parquet.write_table(table.combine_chunks(), beside, compression="zstd")
        beside.replace(path)

    def _append(self, line: dict[str, Any]) -> None:
        with self._manifest.open("ab") as sink:
            sink.write(json.dumps(line, sort_keys=True).encode("utf-8") + b"\n")
            sink.flush()
            os.fsync(sink.fileno())

    def _lines(self) -> list[dict[str, Any]]:
        whole = self._manifest.read_bytes().split(b"\n")
        return [json.loads(line) for line in whole[:-1] if line]  # what has no line end was cut off by a crash


def _months(documents: pa.Table) -> dict[str, str]:
    pairs = zip(documents.column("id").to_pylist(), documents.column("published").to_pylist(), strict=True)
    return {identifier: (day[:7] if day else UNDATED) for identifier, day in pairs}


def _by_month(table: pa.Table, key: str, months: dict[str, str]) -> list[tuple[str, pa.Table]]:
    if table.num_rows == 0:
        return []
    if key not in table.schema.names:
        return [(UNDATED, table)]
    rows: dict[str, list[int]] = defaultdict(list)
    for position, owner in enumerate(table.column(key).to_pylist()):
        rows[months.get(owner, UNDATED)].append(position)
    return [(month, table.take(pa.array(chosen))) for month, chosen in sorted(rows.items())]
