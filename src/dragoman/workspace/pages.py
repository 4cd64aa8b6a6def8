"""Pages of lists: a stretch of the rows with how many there are in all, so that nobody has to be sent everything."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import duckdb
import pyarrow as pa

from dragoman.workspace import views
from dragoman.workspace.database import Database
from dragoman.workspace.filters import Filter

Page = tuple[int, list[dict[str, Any]]]
"""How many rows there are, and those asked for."""

_SECTOR = "^[A-Z]{3}-"
_STEMS = "('IGO', 'NSA', 'NGO', 'INT')"  # what the ids of organisations and groups begin with
_DOCUMENT = "id, title, publisher, author, url, published, language"


class Pages:
    """Lists of a workspace, a page at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def events(self, filters: Filter, limit: int, offset: int = 0) -> Page:
        """Events, read and imported, the latest first: rows of ``tables.DYADS`` with titles, an event's together.

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

    def busiest_pairs(self, filters: Filter, limit: int = 12) -> list[dict[str, Any]]:
        """The pairs with most events, whichever way round, sectors counted as their state."""
        with self._database.session() as connection:
            return _busiest_pairs(connection, filters, limit)

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
        SELECT d.*, t.title FROM {source} AS d JOIN page USING (event) LEFT JOIN documents AS t ON t.id = d.document
        ORDER BY page.day DESC NULLS LAST, event""",
        [*values, limit, offset],
    )
    return int(total), found


def _document_rows(connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int, offset: int) -> Page:
    parts, values = ["successor IS NULL"], []
    for name, condition in (
        ("publisher", "lower(publisher) = lower(?)"), ("document", "starts_with(id, ?)"),
        ("since", "published >= ?"), ("until", "published <= ?"),
    ):  # fmt: skip
        value = getattr(filters, name)
        if value is not None:
            parts.append(condition)
            values.append(f"{value}~" if name == "until" else value)
    state = views.decided(connection)
    source, where = f"({views.documents(state)})", " AND ".join(parts)
    total = connection.execute(f"SELECT count(*) FROM {source} WHERE {where}", values).fetchall()[0][0]
    found = _asked(
        connection,
        f"""WITH page AS (SELECT {_DOCUMENT} FROM {source} WHERE {where}
            ORDER BY published DESC NULLS LAST, id LIMIT ? OFFSET ?)
        SELECT page.*,
            (SELECT count(*) FROM ({views.records("events", state)}) AS e WHERE e.document = page.id) AS events,
            (SELECT count(*) FROM ({views.records("claims", state)}) AS c WHERE c.document = page.id) AS claims
        FROM page ORDER BY published DESC NULLS LAST, id""",
        [*values, limit, offset],
    )
    return int(total), found


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


def _busiest_pairs(connection: duckdb.DuckDBPyConnection, filters: Filter, limit: int) -> list[dict[str, Any]]:
    source = f"({views.dyads(views.decided(connection))})"
    condition, values = filters.where()
    return _asked(
        connection,
        f"""WITH named AS (SELECT event, {_state("actor")} AS a, {_state("recipient")} AS b
            FROM {source} WHERE {condition})
        SELECT least(a, b) AS actor, greatest(a, b) AS recipient, count(*) AS events FROM named
        WHERE a IS NOT NULL AND b IS NOT NULL AND a <> b GROUP BY 1, 2 ORDER BY events DESC, 1, 2 LIMIT ?""",
        [*values, limit],
    )


def _state(side: str) -> str:
    """An actor's id, a state's for its sectors; else its name."""
    sector = f"regexp_matches({side}, '{_SECTOR}') AND left({side}, 3) NOT IN {_STEMS}"
    return f"CASE WHEN {sector} THEN left({side}, 3) ELSE coalesce({side}, {side}_name) END"


def _titles(connection: duckdb.DuckDBPyConnection, documents: list[str]) -> dict[str, dict[str, Any]]:
    source = f"({views.documents(views.decided(connection))})"
    marks = ", ".join("?" * len(documents)) or "NULL"
    rows = _asked(connection, f"SELECT {_DOCUMENT} FROM {source} WHERE id IN ({marks})", documents)
    return {row["id"]: row for row in rows}


def _asked(connection: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[dict[str, Any]]:
    table: pa.Table = connection.sql(query, params=values).to_arrow_table()
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows
