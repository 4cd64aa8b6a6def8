"""Questions to a workspace. Every answer is as corrected, and of the newest version of each document."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from dragoman.errors import UsageError
from dragoman.reading.result import Reading
from dragoman.record_tables import record_schema, records_from, records_table
from dragoman.records import Actor, Claim, Dispute, Document, Event
from dragoman.workspace import views
from dragoman.workspace.filters import Filter, day
from dragoman.workspace.merges import Merges
from dragoman.workspace.result import Result

R = TypeVar("R", Actor, Event, Claim)


def dyads(connection: duckdb.DuckDBPyConnection, filters: Filter) -> pa.Table:
    """Rows of ``tables.DYADS`` that meet the conditions."""
    condition, values = filters.where()
    query = f"SELECT * FROM ({views.dyads(views.decided(connection))}) WHERE {condition}"
    return connection.sql(query, params=values).to_arrow_table()


def events(
    connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int | None = None, offset: int = 0
) -> Result[Event]:
    """Events that have an actor-recipient pair which meets the conditions."""
    state = views.decided(connection)
    query = views.records("events", state)
    values: list[Any] = []
    if not filters.empty:
        condition, values = filters.where()
        query = f"SELECT * FROM ({query}) WHERE id IN (SELECT event FROM ({views.dyads(state)}) WHERE {condition})"
    return Result(renamed(connection, _page(connection, query, values, limit, offset), Event), Event)


def claims(
    connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int | None = None, offset: int = 0
) -> Result[Claim]:
    """Claims that meet the conditions on speaker, document, date, publisher and factuality."""
    parts, values = _of_document(filters, "document")
    if filters.speaker is not None:
        keys = Merges(connection).subjects_of(filters.speaker)
        places = ", ".join("?" * len(keys))
        parts.append(f"(speaker.id IN ({places}) OR speaker.name IN ({places}) OR lower(speaker.name) = lower(?))")
        values += [*keys, *keys, filters.speaker]
    if filters.factuality is not None:
        wanted = [filters.factuality] if isinstance(filters.factuality, str) else filters.factuality
        parts.append(f"factuality IN ({', '.join('?' * len(wanted))})")
        values += wanted
    query = f"SELECT * FROM ({views.records('claims', views.decided(connection))}) WHERE {' AND '.join(parts)}"
    return Result(renamed(connection, _page(connection, query, values, limit, offset), Claim), Claim)


def actors(
    connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int | None = None, offset: int = 0
) -> Result[Actor]:
    """Actors by document."""
    parts, values = _of_document(filters, "document")
    if filters.actor is not None:
        keys = Merges(connection).subjects_of(filters.actor)
        parts.append(f"(id IN ({', '.join('?' * len(keys))}) OR lower(name) = lower(?))")
        values += [*keys, filters.actor]
    query = f"SELECT * FROM ({views.records('actors', views.decided(connection))}) WHERE {' AND '.join(parts)}"
    table = _page(connection, query, values, limit, offset, order="document, name")
    return Result(renamed(connection, table, Actor), Actor)


def documents(
    connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int | None = None, offset: int = 0
) -> Result[Document]:
    """Documents, the newest version of each."""
    parts, values = _of_document(filters, "id")
    columns = ", ".join(record_schema(Document).names)
    source = views.documents(views.decided(connection))
    query = f"SELECT {columns} FROM ({source}) WHERE successor IS NULL AND {' AND '.join(parts)}"
    return Result(_page(connection, query, values, limit, offset, order="published, id"), Document)


def document_ids(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Ids of the current documents, in the order of their publication."""
    rows = connection.execute("SELECT id FROM documents WHERE successor IS NULL ORDER BY published, id").fetchall()
    return [row[0] for row in rows]


def disputes(connection: duckdb.DuckDBPyConnection, document: str | None) -> Result[Dispute]:
    """Disputes inside of one document, or of all."""
    query = views.records("disputes", views.decided(connection))
    if document is not None:
        query = f"SELECT * FROM ({query}) WHERE starts_with(document, ?)"
    return Result(_page(connection, query, [document] if document else [], None, 0), Dispute)


def find_document(connection: duckdb.DuckDBPyConnection, beginning: str) -> str:
    """The whole id of a document.

    Raises:
        UsageError: no document begins so, or several do.
    """
    source = views.documents(views.decided(connection))
    asked = f"SELECT id FROM ({source}) WHERE starts_with(id, ?) AND ? <> '' LIMIT 3"
    rows = connection.execute(asked, [beginning, beginning]).fetchall()
    if len(rows) != 1:
        raise UsageError(
            f"'{beginning}' begins the id of {'several documents' if rows else 'no document'} of this workspace;"
            " 'dragoman search' and 'dragoman status' show ids"
        )
    return str(rows[0][0])


def reading(connection: duckdb.DuckDBPyConnection, document: str) -> Reading:
    """Everything read from one document, as corrected (see ``Workspace.reading``)."""
    whole = find_document(connection, document)
    merges = Merges(connection)
    state = replace_superseded(views.decided(connection))

    def rows(name: str, record_type: Any) -> Any:
        query = f"SELECT * FROM ({views.records(name, state)}) WHERE document = ?"
        return records_from(connection.sql(query, params=[whole]).to_arrow_table(), record_type)

    source = views.documents(state)
    found = connection.sql(f"SELECT * FROM ({source}) WHERE id = ?", params=[whole]).to_arrow_table()
    notes = found.column("notes")[0].as_py()
    return Reading(
        document=records_from(found, Document)[0],
        actors=tuple(merges.apply(actor) for actor in rows("actors", Actor)),
        claims=tuple(sorted((merges.apply(c) for c in rows("claims", Claim)), key=lambda c: _number(c.id))),
        events=tuple(sorted((merges.apply(e) for e in rows("events", Event)), key=lambda e: _number(e.id))),
        disputes=tuple(rows("disputes", Dispute)),
        notes=tuple(notes or ()),
    )


def replace_superseded(state: views.Decided) -> views.Decided:
    """The same state, with older versions shown too (somebody asked for one by name)."""
    return dataclasses.replace(state, superseded=False)


def record(connection: duckdb.DuckDBPyConnection, identifier: str) -> Event | Claim:
    """One event or claim, as corrected."""
    state = replace_superseded(views.decided(connection))
    merges = Merges(connection)
    kinds: tuple[tuple[str, Any], ...] = (("events", Event), ("claims", Claim))
    for name, record_type in kinds:
        query = f"SELECT * FROM ({views.records(name, state)}) WHERE id = ?"
        found = records_from(connection.sql(query, params=[identifier]).to_arrow_table(), record_type)
        if found:
            kept: Event | Claim = merges.apply(found[0])
            return kept
    raise UsageError(f"there is no event or claim '{identifier}' (or it was rejected)")


def stored_record(connection: duckdb.DuckDBPyConnection, identifier: str) -> Event | Claim:
    """One event or claim as it was read."""
    kinds: tuple[tuple[str, Any], ...] = (("events", Event), ("claims", Claim))
    for name, record_type in kinds:
        query = f"SELECT * FROM {name} WHERE id = ?"
        found = records_from(connection.sql(query, params=[identifier]).to_arrow_table(), record_type)
        if found:
            kept: Event | Claim = found[0]
            return kept
    raise UsageError(f"there is no event or claim '{identifier}'")


def _of_document(filters: Filter, column: str) -> tuple[list[str], list[Any]]:
    parts: list[str] = ["true"]
    values: list[Any] = []
    if filters.document is not None:
        parts.append(f"starts_with({column}, ?)")
        values.append(filters.document)
    conditions: list[tuple[str, Any]] = []
    if filters.publisher is not None:
        conditions.append(("lower(publisher) = lower(?)", filters.publisher))
    if filters.since is not None:
        conditions.append(("published >= ?", str(day(filters.since))))
    if filters.until is not None:
        conditions.append(("published <= ?", str(day(filters.until, last=True))))
    if conditions:
        chosen = " AND ".join(condition for condition, _ in conditions)
        parts.append(f"{column} IN (SELECT id FROM documents WHERE {chosen})")
        values += [value for _, value in conditions]
    return parts, values


def _page(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    values: Iterable[Any],
    limit: int | None,
    offset: int,
    order: str = "document, length(id), id",
) -> pa.Table:
    text = f"SELECT * FROM ({query}) ORDER BY {order}"
    if limit is not None:
        text += f" LIMIT {int(limit)} OFFSET {int(offset)}"
    return connection.sql(text, params=list(values)).to_arrow_table()


def renamed(connection: duckdb.DuckDBPyConnection, table: pa.Table, record_type: type[R]) -> pa.Table:
    """Rows of records with merged actors under the name that they go by."""
    merges = Merges(connection)
    if not merges:
        return table
    made = records_table([merges.apply(record) for record in records_from(table, record_type)], record_type)
    return made.add_column(0, "document", table.column("document")) if record_type is Actor else made


def _number(identifier: str) -> int:
    digits = "".join(c for c in identifier.rpartition(".")[2] if c.isdigit())
    return int(digits or 0)
