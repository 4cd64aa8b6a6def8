"""Whether a workspace is whole: every span, id and reference."""

from __future__ import annotations

import hashlib
from collections import Counter

import duckdb
import pyarrow as pa

from dragoman.reading.result import Reading
from dragoman.record_tables import records_from
from dragoman.records import Actor, Claim, Dispute, Document, Event, Span
from dragoman.workspace import schema

_AT_ONCE = 200
_MOST = 200  # problems named; more say the same


def problems(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """What is wrong, a line each; empty when nothing is."""
    found = _shape(connection)
    if found:
        return found
    for question, words in _QUESTIONS:
        found += [words.format(*row) for row in connection.execute(question).fetchall()]
    ids = [row[0] for row in connection.execute("SELECT id FROM documents ORDER BY id").fetchall()]
    for first in range(0, len(ids), _AT_ONCE):
        found += _spans(connection, ids[first : first + _AT_ONCE])
        if len(found) > _MOST:
            return [*found[:_MOST], f"and more; {len(found) - _MOST} at least"]
    return found


def _shape(connection: duckdb.DuckDBPyConnection) -> list[str]:
    found = []
    for name, columns in schema.TABLES.items():
        there = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position", [name]
        ).fetchall()
        if [row[0] for row in there] != columns.names:
            found.append(f"table {name}: its columns are not those of schema {schema.VERSION}")
    return found


_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("SELECT id, count(*) FROM documents GROUP BY id HAVING count(*) > 1", "document {0}: stored {1} times"),
    ("SELECT id, count(*) FROM events GROUP BY id HAVING count(*) > 1", "event {0}: stored {1} times"),
    ("SELECT id, count(*) FROM claims GROUP BY id HAVING count(*) > 1", "claim {0}: stored {1} times"),
    (
        "SELECT document, source, count(*) FROM sightings GROUP BY document, source, locator HAVING count(*) > 1",
        "document {0}: noted {2} times from {1}",
    ),
    ("SELECT source, count(*) FROM inputs GROUP BY source HAVING count(*) > 1", "source {0}: noted {1} times"),
    ("SELECT id, count(*) FROM corrections GROUP BY id HAVING count(*) > 1", "correction {0}: stored {1} times"),
    *(
        (
            f"SELECT DISTINCT document FROM {name} WHERE document NOT IN (SELECT id FROM documents)",
            f"{name}: of document {{0}}, which is not there",
        )
        for name in ("actors", "events", "claims", "disputes", "sightings", "signatures")
    ),
    (
        "SELECT id FROM documents WHERE id NOT IN (SELECT document FROM signatures)",
        "document {0}: without its reading",
    ),
    ("SELECT id FROM documents WHERE id NOT IN (SELECT document FROM sightings)", "document {0}: seen nowhere"),
    (
        "SELECT DISTINCT event FROM dyads WHERE origin = 'read' AND event NOT IN (SELECT id FROM events)",
        "dyad of event {0}, which is not there",
    ),
    (
        "SELECT id, claim FROM (SELECT id, unnest(claims) AS claim FROM events)"
        " WHERE claim NOT IN (SELECT id FROM claims)",
        "event {0}: stands in claim {1}, which is not there",
    ),
    (
        "SELECT id, parent FROM claims WHERE parent IS NOT NULL AND parent NOT IN (SELECT id FROM claims)",
        "claim {0}: quoted in claim {1}, which is not there",
    ),
    (
        "SELECT coalesce(format, origin), coalesce(i.rows, 0), coalesce(d.rows, 0)"
        " FROM (SELECT format, sum(rows) AS rows FROM imports GROUP BY format) AS i FULL JOIN"
        " (SELECT origin, count(*) AS rows FROM dyads WHERE origin <> 'read' GROUP BY origin) AS d ON origin = format"
        " WHERE i.rows IS DISTINCT FROM d.rows",
        "imports of {0}: {1} rows were taken in, {2} are there",
    ),
)


def _spans(connection: duckdb.DuckDBPyConnection, ids: list[str]) -> list[str]:
    places = ", ".join("?" * len(ids))

    def rows(name: str, column: str) -> pa.Table:
        query = f"SELECT * FROM {name} WHERE {column} IN ({places})"
        return connection.sql(query, params=ids).to_arrow_table()

    found = []
    texts = {}
    for document in records_from(rows("documents", "id"), Document):
        texts[document.id] = document.text
        found += _of_document(document)
    named: list[tuple[str, str, object]] = []
    named += [(f"event {e.id}", e.document, e) for e in records_from(rows("events", "document"), Event)]
    named += [(f"claim {c.id}", c.document, c) for c in records_from(rows("claims", "document"), Claim)]
    table = rows("actors", "document")
    owners = table.column("document").to_pylist()
    actors = zip(owners, records_from(table, Actor), strict=True)
    named += [(f"actor {actor.name} of document {owner}", owner, actor) for owner, actor in actors]
    for name, owner, record in named:
        found += _of_spans(name, texts[owner], record)
    return found


def faults_of(reading: Reading) -> list[str]:
    """What would be wrong in a workspace that took a reading in which was not made by this program's reader."""
    document = reading.document
    found = _of_document(document)
    records: list[Event | Claim | Dispute] = [*reading.events, *reading.claims, *reading.disputes]
    ids = [record.id for record in records]
    claims = {claim.id for claim in reading.claims}
    found += [f"record {one}: its id is not one of document {document.id}" for one in ids
              if not one.startswith(f"{document.id[:12]}.")]  # fmt: skip
    found += [f"record {one}: stands there {times} times" for one, times in Counter(ids).items() if times > 1]
    named = [*((claim.id, claim.parent) for claim in reading.claims if claim.parent is not None),
             *((event.id, claim) for event in reading.events for claim in event.claims)]  # fmt: skip
    found += [f"record {one}: stands in claim {claim}, which is not there" for one, claim in named
              if claim not in claims]  # fmt: skip
    for record in records:
        found += _of_spans(f"record {record.id}", document.text, record)
    for actor in reading.actors:
        found += _of_spans(f"actor {actor.name}", document.text, actor)
    return found


def _of_document(document: Document) -> list[str]:
    if hashlib.sha256(document.text.encode("utf-8")).hexdigest() == document.id:
        return []
    return [f"document {document.id[:64]}: its text is not the one that gave it its id"]


def _of_spans(name: str, text: str, record: object) -> list[str]:
    if all(text[span.start : span.end] == span.quote for span in spans_of(record)):
        return []
    return [f"{name}: a span does not hold the words that it quotes"]


def spans_of(record: object) -> list[Span]:
    """Every span inside of a record, however deep."""
    if isinstance(record, Span):
        return [record]
    if isinstance(record, tuple | list):
        return [span for part in record for span in spans_of(part)]
    names = getattr(record, "__struct_fields__", ())
    return [span for name in names for span in spans_of(getattr(record, name))]
