"""Counts and series of events, computed inside the database so that millions of events need no copy."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import duckdb
import pyarrow as pa

from dragoman.errors import UsageError
from dragoman.workspace import views
from dragoman.workspace.filters import Filter

Period: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
Unit: TypeAlias = Literal["record", "story", "publisher"]

PERIODS = ("day", "week", "month", "quarter", "year")
UNITS: dict[str, str] = {
    "record": "event",
    "story": "coalesce(story, event)",
    "publisher": "concat(coalesce(story, event), ' ', coalesce(publisher, document, origin))",
}
"""What counts once: a record; a happening; a happening for each publisher that tells it."""


def counts(connection: duckdb.DuckDBPyConnection, filters: Filter, by: str, unit: str) -> pa.Table:
    """Events by period.

    Returns:
        ``period`` (its first day; null when the event has no date), ``events``, ``intensity`` (mean), in order.

    Raises:
        UsageError: the period or the unit does not exist.
    """
    counted, values = _counted(connection, filters, by, unit, "NULL")
    query = f"""SELECT period, sum(events)::BIGINT AS events, sum(total) / sum(n) AS intensity
        FROM ({counted}) GROUP BY period ORDER BY period"""
    return connection.sql(query, params=values).to_arrow_table()


def series(connection: duckdb.DuckDBPyConnection, filters: Filter, by: str, unit: str) -> pa.Table:
    """Events by period and quad class.

    Returns:
        ``period``, ``quad_class``, ``events``, ``intensity`` (sum), in order.

    Raises:
        UsageError: the period or the unit does not exist.
    """
    counted, values = _counted(connection, filters, by, unit, "quad_class")
    query = f"""SELECT period, class AS quad_class, sum(events)::BIGINT AS events, sum(total) AS intensity
        FROM ({counted}) GROUP BY period, class ORDER BY period, class"""
    return connection.sql(query, params=values).to_arrow_table()


def _counted(
    connection: duckdb.DuckDBPyConnection, filters: Filter, by: str, unit: str, kind: str
) -> tuple[str, list[Any]]:
    if by not in PERIODS:
        raise UsageError(f"'{by}' is no period; there are {', '.join(PERIODS)}")
    if unit not in UNITS:
        raise UsageError(f"'{unit}' is nothing that can be counted; there are {', '.join(UNITS)}")
    condition, values = filters.where()
    view = views.dyads(views.decided(connection))
    period = f"""date_trunc('{by}', coalesce("start", "end", published))::DATE AS period, {kind} AS class"""
    # A row is an actor-recipient pair. Imported rows are an event each and belong to no story; the distinct count is
    # kept to those that were read, so that it stays small beside millions of imported ones.
    parts = (("count(*)", "origin <> 'read'"), (f"count(DISTINCT {UNITS[unit]})", "origin = 'read'"))
    counted = " UNION ALL ".join(
        f"""SELECT {period}, {events} AS events, sum(intensity) AS total, count(intensity) AS n
        FROM ({view}) WHERE {origin} AND {condition} GROUP BY 1, 2"""
        for events, origin in parts
    )
    return counted, [*values, *values]
