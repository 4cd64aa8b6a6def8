"""Readings as rows: what a reading process sends back and what the writer puts into the tables."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow as pa

from dragoman.knowledge import Knowledge
from dragoman.reading.batch import Batch, read_batch, skim_batch
from dragoman.reading.result import Reading
from dragoman.record_tables import records_table
from dragoman.records import Actor, Claim, Dispute, Document, Event
from dragoman.workspace import schema
from dragoman.workspace.minhash import signature

READ_TABLES = ("actors", "events", "claims", "disputes", "dyads", "signatures")
"""The tables that a reading fills, beside ``documents``."""


@dataclass
class Rows:
    """Rows of some documents.

    Attributes:
        tables: table name (of ``READ_TABLES``) to an Arrow stream of its rows.
        notes: document id to what the reader said of its reading.
        failed: document id to why it could not be read.
        unread: how many documents were passed over.
    """

    tables: dict[str, bytes] = field(default_factory=dict)
    notes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unread: int = 0


def read_rows(documents: list[Document], knowledge: Knowledge, fast: bool) -> Rows:
    """Read documents; one that cannot be read is named in ``failed`` and costs the others nothing."""
    return _rows(read_batch(documents, knowledge, fast))


def skim_rows(documents: list[Document], knowledge: Knowledge, fast: bool) -> Rows:
    """Read the documents that name somebody who could act; the others are kept without records."""
    return _rows(skim_batch(documents, knowledge, fast))


def _rows(batch: Batch) -> Rows:
    rows = rows_of(batch.readings)
    rows.failed = batch.failed
    rows.unread = len(batch.unread)
    return rows


def rows_of(readings: list[Reading]) -> Rows:
    """The rows of finished readings."""
    found = {
        "actors": pa.concat_tables([_actors(reading) for reading in readings] or [_empty("actors")]),
        "events": records_table([e for reading in readings for e in reading.events], Event),
        "claims": records_table([c for reading in readings for c in reading.claims], Claim),
        "disputes": records_table([d for reading in readings for d in reading.disputes], Dispute),
        "dyads": pa.concat_tables([reading.arrow() for reading in readings] or [_empty("dyads")]),
        "signatures": pa.table(
            [[r.document.id for r in readings], [signature(r.document.text) for r in readings]],
            schema=schema.TABLES["signatures"],
        ),
    }
    notes = {reading.document.id: reading.notes for reading in readings}
    return Rows({name: pack(table) for name, table in found.items() if table.num_rows}, notes)


def pack(table: pa.Table) -> bytes:
    """A table as an Arrow stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())


def unpack(stream: bytes) -> pa.Table:
    """The table of an Arrow stream."""
    return pa.ipc.open_stream(stream).read_all()


def _actors(reading: Reading) -> pa.Table:
    found = records_table(reading.actors, Actor)
    return found.add_column(0, "document", pa.array([reading.document.id] * found.num_rows, pa.string()))


def _empty(name: str) -> pa.Table:
    return schema.TABLES[name].empty_table()
