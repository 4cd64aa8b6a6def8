"""What queries read: the records as they were read, with what people decided laid over them.

The laid-over parts are joined only where there are any, so that a workspace without corrections, or with millions of
imported events, is scanned as it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True)
class Decided:
    """Which kinds of decisions a workspace holds; each makes its queries a little longer."""

    rejected: bool
    corrected: bool
    merged: bool
    superseded: bool
    attached: tuple[str, ...] = ()


def decided(connection: duckdb.DuckDBPyConnection) -> Decided:
    """Look which kinds of decisions there are."""
    row = connection.execute("""
        SELECT EXISTS (SELECT 1 FROM verdicts WHERE verdict = 'rejected'),
            EXISTS (SELECT 1 FROM verdicts WHERE verdict = 'corrected'),
            EXISTS (SELECT 1 FROM merges), EXISTS (SELECT 1 FROM documents WHERE successor IS NOT NULL)
    """).fetchall()[0]
    folders = connection.execute("SELECT folder FROM attachments ORDER BY folder").fetchall()
    rejected, corrected, merged, superseded = row
    return Decided(rejected, corrected, merged, superseded, tuple(folder for (folder,) in folders))


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
    query = f'SELECT * FROM "{name}"'
    if state.superseded:
        query += """ WHERE (document IS NULL
            OR document NOT IN (SELECT id FROM documents WHERE successor IS NOT NULL))"""
    return query if name.startswith("corrected_") else query + _attached(name, state)


def documents(state: Decided) -> str:
    """A query that gives the documents, with those of attached data sets."""
    return "SELECT * FROM documents" + _attached("documents", state)


def holds(folder: str, name: str) -> bool:
    """Whether a data set has files of a record type."""
    return next(Path(folder, name).glob("*/*.parquet"), None) is not None


def _attached(name: str, state: Decided) -> str:
    """The same table of the attached data sets."""
    parts = []
    for folder in state.attached:
        if not holds(folder, name):
            continue
        pattern = f"{folder}/{name}/*/*.parquet".replace("'", "''")
        parts.append(f" UNION ALL BY NAME SELECT * FROM read_parquet('{pattern}', hive_partitioning = false)")
    return "".join(parts)
