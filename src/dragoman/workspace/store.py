"""Writing what was read: a group of documents with all that belongs to them, inside one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import pyarrow as pa

from dragoman.errors import UnreadableInput
from dragoman.reading.result import Reading
from dragoman.record_tables import records_table
from dragoman.records import Document
from dragoman.workspace import schema
from dragoman.workspace.database import Database
from dragoman.workspace.integrity import faults_of
from dragoman.workspace.rows import READ_TABLES, Rows, rows_of, unpack


@dataclass(frozen=True)
class Sighting:
    """A place where a text was seen."""

    document: str
    source: str
    locator: str | None
    url: str | None
    publisher: str | None
    published: str | None


@dataclass(frozen=True)
class Failure:
    """Something of a source that could not be taken in or read."""

    source: str
    locator: str | None
    error: str
    message: str


@dataclass(frozen=True)
class Input:
    """A source that has been gone through to its end."""

    source: str
    digest: str | None
    size: int | None
    modified: int | None
    state: str  # "read" or "failed"
    documents: int
    failed: int


@dataclass
class Group:
    """What goes into one transaction."""

    documents: list[Document] = field(default_factory=list)
    rows: list[Rows] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)  # sources begun anew: what failed of them before is forgotten

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.documents or self.sightings or self.failures or self.inputs)


def write(connection: duckdb.DuckDBPyConnection, group: Group, fast: bool, now: dt.datetime) -> None:
    """Write a group; the caller holds the transaction."""
    insert(connection, "documents", document_rows(group.documents, group.rows, fast, now))
    write_rows(connection, group.rows)
    write_sightings(connection, group.sightings, now)
    forget(connection, "failures", "source", group.retried)
    insert_dicts(connection, "failures", [{**vars(f), "failed": now} for f in group.failures])
    if group.inputs:
        forget(connection, "inputs", "source", [i.source for i in group.inputs])
        insert_dicts(connection, "inputs", [{**vars(i), "ended": now} for i in group.inputs])
    mark_versions(connection, sorted({s.url for s in group.sightings if s.url}))


def write_sightings(connection: duckdb.DuckDBPyConnection, sightings: list[Sighting], now: dt.datetime) -> None:
    """Note where texts were seen; a sighting that is there already is not noted twice."""
    if not sightings:
        return
    rows = [{**vars(sighting), "seen": now} for sighting in sightings]
    connection.register("_rows", pa.Table.from_pylist(rows, schema=schema.TABLES["sightings"]))
    connection.execute("""
        INSERT INTO sightings BY NAME SELECT DISTINCT ON (document, source, locator) * FROM _rows WHERE NOT EXISTS (
            SELECT 1 FROM sightings AS old WHERE old.document = _rows.document AND old.source = _rows.source
                AND old.locator IS NOT DISTINCT FROM _rows.locator)
    """)
    connection.unregister("_rows")


def write_rows(connection: duckdb.DuckDBPyConnection, rows: Iterable[Rows]) -> None:
    """Insert what reading processes sent back."""
    for name in READ_TABLES:
        found = [unpack(part.tables[name]) for part in rows if name in part.tables]
        if found:
            insert(connection, name, pa.concat_tables(found))


def document_rows(documents: list[Document], rows: Iterable[Rows], fast: bool, now: dt.datetime) -> pa.Table:
    """The documents with what the workspace keeps beside them."""
    notes = {identifier: list(said) for part in rows for identifier, said in part.notes.items()}
    table = records_table(documents, Document)
    shape = schema.TABLES["documents"]
    state: dict[str, list[Any]] = {
        "added": [now] * len(documents),
        "fast": [fast] * len(documents),
        "notes": [notes.get(document.id, []) for document in documents],
        "successor": [None] * len(documents),
    }
    columns = [*table.columns, *(pa.array(state[name], shape.field(name).type) for name in state)]
    return pa.table(columns, schema=shape)


def mark_versions(connection: duckdb.DuckDBPyConnection, addresses: Sequence[str]) -> None:
    """Among the documents of one address only the newest (by publication, then by arrival) has no successor."""
    if not addresses:
        return
    places = ", ".join("?" * len(addresses))
    connection.execute(
        f"""
        UPDATE documents SET successor = newest.successor FROM (
            SELECT id, nullif(first_value(id) OVER (
                PARTITION BY url ORDER BY coalesce(published, '') DESC, added DESC, id), id) AS successor
            FROM documents WHERE url IN ({places})
        ) AS newest WHERE documents.id = newest.id
            AND documents.successor IS DISTINCT FROM newest.successor
        """,
        list(addresses),
    )


def insert(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    """Append rows to a table of ``schema.TABLES``."""
    if rows.num_rows == 0:
        return
    connection.register("_rows", rows)
    try:
        connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM _rows')
    finally:
        connection.unregister("_rows")


def insert_dicts(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    """Append rows given as dictionaries; a missing key is null."""
    insert(connection, name, pa.Table.from_pylist(rows, schema=schema.TABLES[name]))


def forget(connection: duckdb.DuckDBPyConnection, name: str, column: str, values: Sequence[str]) -> None:
    """Delete the rows of a table whose column has one of the values."""
    if values:
        places = ", ".join("?" * len(values))
        connection.execute(f'DELETE FROM "{name}" WHERE "{column}" IN ({places})', list(values))


def restore(database: Database, readings: Iterable[Reading]) -> int:
    """Write finished readings, all or none; a document that is there is passed over.

    Returns:
        How many documents were written.

    Raises:
        UnreadableInput: a reading is not whole: words, ids and references do not fit together.
    """
    written = 0
    with database.transaction() as connection:
        known = {row[0] for row in connection.execute("SELECT id FROM documents").fetchall()}
        for reading in readings:
            document = reading.document
            if document.id in known:
                continue
            if faults := faults_of(reading):
                raise UnreadableInput(f"{faults[0]}; nothing was taken in")
            known.add(document.id)
            seen = Sighting(document.id, "restored", None, document.url, document.publisher, document.published)
            group = Group([document], [rows_of([reading])], [seen])
            write(connection, group, fast=False, now=dt.datetime.now(dt.UTC))
            written += 1
    return written
