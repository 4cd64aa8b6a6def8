"""Pages of lists: a stretch of the rows with how many there are in all, so that nobody has to be sent everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa

from dragoman.records import Claim
from dragoman.workspace import queries, views
from dragoman.workspace.database import Database
from dragoman.workspace.filters import Filter
from dragoman.workspace.merges import Merges

Page = tuple[int, list[dict[str, Any]]]
"""How many rows there are, and those asked for."""

_BEGINNING = 80  # characters of a text that stand for a title
_DOCUMENT = "id, title, publisher, author, url, published, language"


class Pages:
    """Lists of a workspace, a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self, filters: Filter, limit: int, offset: int = 0) -> Page:
        """Events, read and imported, the latest first: rows of ``tables.DYADS``, an event's together.

        The count is of events, the rows are of pairs: an event with two recipients has two.
        """
        with self._database.session() as connection:
            return _event_rows(connection, filters, limit, offset)

    def documents(self, filters: Filter, limit: int, offset: int = 0) -> Page:
        """Documents without their texts, the latest first, with how many events and claims each holds."""
        with self._database.session() as connection:
            return _document_rows(connection, filters, limit, offset)

    def actor_names(self, beginning: str, limit: int = 20) -> list[dict[str, Any]]:
        """Actors whose id or name begins with, or else holds, some letters: ``id``, ``name``, ``events``."""
        with self._database.session() as connection:
            return _actor_names(connection, beginning, limit)

    def claims_over_time(self, filters: Filter, limit: int, *, foretelling: bool) -> Page:
        """Claims in the order of their publication, as many of each month as there is room for.

        Of the conditions those on publisher, document and date hold, and the actor: whoever it is speaks.

        Args:
            filters: the conditions.
            limit: how many claims.
            foretelling: predictions, or all but these.
        """
        with self._database.session() as connection:
            return _claims_over_time(connection, filters, limit, foretelling)

    def titles(self, documents: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Title, publisher and date of some documents, by id."""
        with self._database.session() as connection:
            return _titles(connection, sorted(set(documents)))

    def judged(self) -> dict[str, str]:
        """What was decided of records: id to "accepted" or "rejected"."""
        query = "SELECT record, verdict FROM verdicts WHERE verdict IN ('accepted', 'rejected')"
        with self._database.session() as connection:
            return dict(connection.execute(query).fetchall())


def _event_rows(connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int, offset: int) -> Page:
    source = f"({views.dyads(views.decided(connection))})"
    condition, values = filters.where()
    total = connection.execute(f"SELECT count(DISTINCT event) FROM {source} WHERE {condition}", values).fetchall()[0][0]
    found = _asked(
        connection,
        f"""WITH page AS (
            SELECT event, max(coalesce("end", "start", published)) AS day FROM {source} WHERE {condition}
            GROUP BY event ORDER BY day DESC NULLS LAST, event LIMIT ? OFFSET ?)
        SELECT d.* FROM {source} AS d JOIN page USING (event)
        ORDER BY page.day DESC NULLS LAST, event""",
        [*values, limit, offset],
    )
    return int(total), found


def _document_rows(connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int, offset: int) -> Page:
    parts, values = _about_documents(filters)
    state = views.decided(connection)
    source, where = f"({views.documents(state)}) AS d", " AND ".join(parts)
    total = connection.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchall()[0][0]
    found = _asked(
        connection,
        f"""WITH page AS (SELECT {_DOCUMENT} FROM {source} WHERE {where}
            ORDER BY published DESC NULLS LAST, id LIMIT ? OFFSET ?)
        SELECT page.*, (SELECT left(d.text, {_BEGINNING}) FROM {source} WHERE d.id = page.id) AS beginning,
            (SELECT count(*) FROM ({views.records("events", state)}) AS e WHERE e.document = page.id) AS events,
            (SELECT count(*) FROM ({views.records("claims", state)}) AS c WHERE c.document = page.id) AS claims
        FROM page ORDER BY published DESC NULLS LAST, id""",
        [*values, limit, offset],
    )
    return int(total), found


def _about_documents(filters: Filter) -> tuple[list[str], list[Any]]:
    """Conditions on documents ``d``: their newest version, publisher, id and date."""
    parts, values = ["d.successor IS NULL"], []
    for name, condition in (
        ("publisher", "lower(d.publisher) = lower(?)"), ("document", "starts_with(d.id, ?)"),
        ("since", "d.published >= ?"), ("until", "d.published <= ?"),
    ):  # fmt: skip
        value = getattr(filters, name)
        if value is not None:
            parts.append(condition)
            values.append(f"{value}~" if name == "until" else value)
    return parts, values


def _actor_names(connection: duckdb.DuckDBPyConnection, beginning: str, limit: int) -> list[dict[str, Any]]:
    source = f"({views.dyads(views.decided(connection))})"
    return _asked(
        connection,
        f"""WITH sides AS (
            SELECT coalesce(actor, actor_name) AS id, actor_name AS name FROM {source}
            UNION ALL SELECT coalesce(recipient, recipient_name), recipient_name FROM {source})
        SELECT id, mode(name) AS name, count(*) AS events FROM sides WHERE id IS NOT NULL
        GROUP BY id HAVING contains(lower(id), lower(?)) OR contains(lower(coalesce(mode(name), '')), lower(?))
        ORDER BY starts_with(lower(id), lower(?)) OR starts_with(lower(coalesce(mode(name), '')), lower(?)) DESC,
            events DESC, id LIMIT ?""",
        [beginning] * 4 + [limit],
    )


def _claims_over_time(connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int, foretelling: bool) -> Page:
    state = views.decided(connection)
    parts, values = _about_documents(filters)
    parts.append(f"c.prediction IS {'NOT ' if foretelling else ''}NULL")
    if filters.actor is not None:
        keys = [*Merges(connection).subjects_of(filters.actor), filters.actor]
        among = f"IN ({', '.join('?' * len(keys))})"
        parts.append(f"(c.speaker.id {among} OR starts_with(c.speaker.id, ?) OR c.speaker.name {among})")
        values += [*keys, f"{filters.actor}-", *keys]
    claims = f"({views.records('claims', state)})"
    found = connection.execute(
        f"""WITH ranked AS (
            SELECT c.id, d.published, row_number() OVER (PARTITION BY left(d.published, 7)
                ORDER BY d.published, c.document, length(c.id), c.id) AS rank, count(*) OVER () AS total
            FROM {claims} AS c JOIN ({views.documents(state)}) AS d ON d.id = c.document WHERE {" AND ".join(parts)})
        SELECT id, total FROM ranked ORDER BY rank, published DESC NULLS LAST, id LIMIT ?""",
        [*values, limit],
    ).fetchall()
    marks = ", ".join("?" * len(found)) or "NULL"
    query = f"""SELECT c.* FROM {claims} AS c JOIN ({views.documents(state)}) AS d ON d.id = c.document
        WHERE c.id IN ({marks}) ORDER BY d.published NULLS FIRST, c.document, length(c.id), c.id"""
    table = connection.sql(query, params=[key for key, _ in found]).to_arrow_table()
    rows: list[dict[str, Any]] = queries.renamed(connection, table, Claim).to_pylist()
    return (int(found[0][1]) if found else 0), rows


def _titles(connection: duckdb.DuckDBPyConnection, documents: list[str]) -> dict[str, dict[str, Any]]:
    source = f"({views.documents(views.decided(connection))})"
    marks = ", ".join("?" * len(documents)) or "NULL"
    rows = _asked(connection, f"SELECT {_DOCUMENT} FROM {source} WHERE id IN ({marks})", documents)
    return {row["id"]: row for row in rows}


def _asked(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    table: pa.Table = connection.sql(query, params=values).to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
