"""What queries read: the records as they were read, with what people decided laid over them.

The laid-over parts are joined only where there are any, so that a workspace without corrections, or with millions of
imported events, is scanned as it lies.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Decided:
    """Which kinds of decisions a workspace holds; each makes its queries a little longer."""

    rejected: bool
    corrected: bool
    merged: bool
    superseded: bool


def decided(connection: duckdb.DuckDBPyConnection) -> Decided:
    """Look which kinds of decisions there are."""
    row = connection.execute("""
        SELECT EXISTS (SELECT 1 FROM verdicts WHERE verdict = 'rejected'),
            EXISTS (SELECT 1 FROM verdicts WHERE verdict = 'corrected'),
            EXISTS (SELECT 1 FROM merges), EXISTS (SELECT 1 FROM documents WHERE successor IS NOT NULL)
    """).fetchall()[0]
    return Decided(*row)


def dyads(state: Decided) -> str:
    """A query that gives the rows of ``tables.DYADS`` as corrected."""
    query = _laid_over("dyads", "event", state)
    if state.merged:
        query = f"""SELECT d.* REPLACE (
            CASE WHEN a.subject IS NULL THEN d.actor ELSE a.into_id END AS actor,
            CASE WHEN a.subject IS NULL THEN d.actor_name ELSE a.into_name END AS actor_name,
            CASE WHEN r.subject IS NULL THEN d.recipient ELSE r.into_id END AS recipient,
            CASE WHEN r.subject IS NULL THEN d.recipient_name ELSE r.into_name END AS recipient_name)
            FROM ({query}) AS d LEFT JOIN merges AS a ON a.subject = coalesce(d.actor, d.actor_name)
            LEFT JOIN merges AS r ON r.subject = coalesce(d.recipient, d.recipient_name)"""
    return query


def records(name: str, state: Decided) -> str:
    """A query that gives the rows of ``events``, ``claims``, ``actors`` or ``disputes`` as corrected.

    Merged actors inside of events and claims are renamed when rows become records (``corrections.Merges``).
    """
    return _laid_over(name, "id", state) if name in ("events", "claims") else _newest(name, state)


def _laid_over(name: str, key: str, state: Decided) -> str:
    query = _newest(name, state)
    if state.rejected or state.corrected:
        query = f"""SELECT * FROM ({query})
            WHERE {key} NOT IN (SELECT record FROM verdicts WHERE verdict <> 'accepted')"""
    if state.corrected:
        query += f""" UNION ALL BY NAME SELECT * FROM ({_newest(f"corrected_{name}", state)})
            WHERE {key} NOT IN (SELECT record FROM verdicts WHERE verdict = 'rejected')"""
    return query


def _newest(name: str, state: Decided) -> str:
    if not state.superseded:
        return f'SELECT * FROM "{name}"'
    return f"""SELECT * FROM "{name}" WHERE (document IS NULL
        OR document NOT IN (SELECT id FROM documents WHERE successor IS NOT NULL))"""
