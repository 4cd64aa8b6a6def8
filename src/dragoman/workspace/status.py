"""What a workspace holds and what failed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class Failed:
    """Something that could not be taken in or read."""

    source: str
    locator: str | None
    error: str
    message: str


@dataclass(frozen=True)
class Publisher:
    """A publisher with its documents."""

    name: str | None
    documents: int
    first: str | None
    last: str | None


@dataclass(frozen=True)
class Status:
    """Counts of a workspace.

    Attributes:
        documents: current documents (newest versions).
        older_versions: documents that a newer version of the same address replaced in views.
        sightings: places where the texts were seen.
        events: events read from texts.
        imported: rows of imported events.
        claims: claims.
        stories: groups of two or more.
        corrections: corrections ever made.
        inputs: sources gone through.
        last: when the last of them ended (UTC).
        publishers: by number of documents.
        failures: what failed, newest last.
    """

    documents: int
    older_versions: int
    sightings: int
    events: int
    imported: int
    claims: int
    stories: int
    corrections: int
    inputs: int
    last: dt.datetime | None
    publishers: list[Publisher]
    failures: list[Failed]


def status(connection: duckdb.DuckDBPyConnection) -> Status:
    """Count."""
    counts = connection.execute("""
        SELECT (SELECT count(*) FROM documents WHERE successor IS NULL),
            (SELECT count(*) FROM documents WHERE successor IS NOT NULL), (SELECT count(*) FROM sightings),
            (SELECT count(*) FROM events), (SELECT coalesce(sum(rows), 0) FROM imports), (SELECT count(*) FROM claims),
            (SELECT count(*) FROM (SELECT story FROM happenings GROUP BY story HAVING count(*) > 1)),
            (SELECT count(*) FROM corrections), (SELECT count(*) FROM inputs), (SELECT max(ended) FROM inputs)
    """).fetchall()[0]
    publishers = connection.execute("""
        SELECT publisher, count(*) AS n, min(published), max(published) FROM documents WHERE successor IS NULL
        GROUP BY publisher ORDER BY n DESC, publisher
    """).fetchall()
    failures = connection.execute(
        "SELECT source, locator, error, message FROM failures ORDER BY failed, source, locator"
    ).fetchall()
    documents, older, sightings, events, imported, claims, stories, corrections, inputs = map(int, counts[:9])
    return Status(
        documents=documents,
        older_versions=older,
        sightings=sightings,
        events=events,
        imported=imported,
        claims=claims,
        stories=stories,
        corrections=corrections,
        inputs=inputs,
        last=counts[9],
        publishers=[Publisher(*row) for row in publishers],
        failures=[Failed(*row) for row in failures],
    )
