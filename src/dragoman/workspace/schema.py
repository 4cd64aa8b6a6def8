"""The tables of a workspace file, its version, and how an older file becomes a newer one.

Records are stored as they were read, in tables whose columns follow the record types; nothing edits them. What
people decide stands in ``corrections``; what follows from those decisions (``verdicts``, ``corrected_*``,
``merges``) and from comparing documents (``stories``, ``happenings``) is derived and can be made again.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import pyarrow as pa

from dragoman.record_tables import record_schema
from dragoman.records import Actor, Claim, Dispute, Document, Event
from dragoman.tables import DYADS

VERSION = 1
"""Schema version that this program writes."""

_TEXT, _TIME, _LIST = pa.string(), pa.timestamp("us", tz="UTC"), pa.list_(pa.string())

_DOCUMENT_STATE = [
    ("added", _TIME),
    ("fast", pa.bool_()),  # read without the trained models
    ("notes", _LIST),  # what the reader said about its reading
    ("successor", _TEXT),  # id of the next version of the same article (same address); null for the newest
]

TABLES: dict[str, pa.Schema] = {
    "meta": pa.schema([("key", _TEXT), ("value", _TEXT)]),
    "documents": pa.schema([*record_schema(Document), *(pa.field(*field) for field in _DOCUMENT_STATE)]),
    # every place where a text was seen; wire copies word for word are one document with several sightings
    "sightings": pa.schema([
        ("document", _TEXT), ("source", _TEXT), ("locator", _TEXT), ("url", _TEXT), ("publisher", _TEXT),
        ("published", _TEXT), ("seen", _TIME),
    ]),
    "inputs": pa.schema([
        ("source", _TEXT), ("digest", _TEXT), ("size", pa.int64()), ("modified", pa.int64()), ("state", _TEXT),
        ("documents", pa.int64()), ("failed", pa.int64()), ("ended", _TIME),
    ]),
    "failures": pa.schema([
        ("source", _TEXT), ("locator", _TEXT), ("error", _TEXT), ("message", _TEXT), ("failed", _TIME),
    ]),
    "actors": pa.schema([("document", _TEXT), *record_schema(Actor)]),
    "events": record_schema(Event),
    "claims": record_schema(Claim),
    "disputes": record_schema(Dispute),
    "dyads": DYADS,
    "imports": pa.schema([
        ("id", _TEXT), ("format", _TEXT), ("source", _TEXT), ("rows", pa.int64()), ("repairs", _LIST),
        ("imported", _TIME),
    ]),
    # Parquet data sets whose records count as the workspace's own; they are looked at where they lie
    "attachments": pa.schema([("folder", _TEXT), ("attached", _TIME)]),
    # append-only: what people decided, with the evidence that finds the record again after a re-reading
    "corrections": pa.schema([
        ("id", pa.int64()), ("made", _TIME), ("user", _TEXT), ("reason", _TEXT), ("kind", _TEXT),
        ("subject", _TEXT), ("field", _TEXT), ("value", _TEXT), ("evidence", _TEXT),
    ]),
    "verdicts": pa.schema([("record", _TEXT), ("kind", _TEXT), ("verdict", _TEXT), ("correction", pa.int64())]),
    "corrected_events": record_schema(Event),
    "corrected_claims": record_schema(Claim),
    "corrected_dyads": DYADS,
    "merges": pa.schema([
        ("subject", _TEXT), ("into_id", _TEXT), ("into_name", _TEXT), ("correction", pa.int64()),
    ]),
    "signatures": pa.schema([("document", _TEXT), ("minhash", pa.binary())]),
    "stories": pa.schema([("document", _TEXT), ("story", _TEXT), ("why", _TEXT)]),
    "happenings": pa.schema([("event", _TEXT), ("story", _TEXT), ("why", _TEXT)]),
}  # fmt: skip
"""Table name to its columns."""

DERIVED = ("verdicts", "corrected_events", "corrected_claims", "corrected_dyads", "merges", "stories", "happenings")
"""Tables that can be made again from the others."""

MIGRATIONS: dict[int, Callable[[duckdb.DuckDBPyConnection], None]] = {}
"""From a version to what makes the next one of it, inside the upgrade's transaction."""


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Make every table of an empty file and write the version into it."""
    for name, schema in TABLES.items():
        empty = schema.empty_table()
        connection.register("_shape", empty)
        connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM _shape')
        connection.unregister("_shape")
    connection.execute("INSERT INTO meta VALUES ('schema', ?)", [str(VERSION)])


def version_of(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The schema version of a file, None when it is no workspace."""
    known = connection.execute("SELECT 1 FROM information_schema.tables WHERE table_name = 'meta'").fetchall()
    if not known:
        return None
    rows = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchall()
    return int(rows[0][0]) if rows else None


def upgrade(connection: duckdb.DuckDBPyConnection, found: int) -> None:
    """Bring a file of version ``found`` to ``VERSION``; the caller holds the transaction and made the copy."""
    for version in range(found, VERSION):
        MIGRATIONS[version](connection)
    connection.execute("UPDATE meta SET value = ? WHERE key = 'schema'", [str(VERSION)])
