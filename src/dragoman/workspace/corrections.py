"""What people decided about records and actors: dated rows, replayed over every reading, never edits.

A correction names its record by evidence (document, words, place in the text), not by a row, so that it finds the
record again after the document was read anew or came in a new version.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import duckdb

from dragoman import tables
from dragoman.errors import UsageError
from dragoman.record_tables import records_from, records_table
from dragoman.records import Claim, Document, Event
from dragoman.workspace import store
from dragoman.workspace.changes import changed
from dragoman.workspace.merges import Merge, resolve_merges

KINDS = ("merge", "split", "accept", "reject", "set", "undo")


@dataclass(frozen=True)
class Correction:
    """One decision, as it was made.

    Attributes:
        id: its number, in the order of making.
        made: when (UTC).
        user: by whom.
        reason: why, in the user's words.
        kind: one of ``KINDS``.
        subject: the record's id, the actor's key, or the number of the correction that is undone.
        field: what was set.
        value: to what; the actor into which was merged.
        evidence: what finds the record again.
        active: whether it holds now (it was not undone).
    """

    id: int
    made: dt.datetime
    user: str
    reason: str | None
    kind: str
    subject: str
    field: str | None
    value: str | None
    evidence: dict[str, Any]
    active: bool = True


def load(connection: duckdb.DuckDBPyConnection) -> list[Correction]:
    """All corrections in the order of making, each with whether it holds."""
    rows = connection.execute(
        'SELECT id, made, "user", reason, kind, subject, field, value, evidence FROM corrections ORDER BY id'
    ).fetchall()
    withdrawn: set[int] = set()
    found = []
    for number, made, user, reason, kind, subject, field, value, evidence in reversed(rows):
        active = number not in withdrawn
        known = json.loads(evidence) if evidence else {}
        if active and kind == "undo":
            withdrawn.add(int(subject))
        if active and kind == "split":
            withdrawn.update(known.get("withdraws", ()))
        found.append(Correction(number, made, user, reason, kind, subject, field, value, known, active))
    return found[::-1]


def append(
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    subject: str,
    *,
    user: str,
    reason: str | None,
    field: str | None = None,
    value: str | None = None,
    evidence: dict[str, Any] | None = None,
) -> int:
    """Write a correction and derive what follows; the caller holds the transaction.

    Returns:
        The correction's number.
    """
    number = int(connection.execute("SELECT coalesce(max(id), 0) + 1 FROM corrections").fetchall()[0][0])
    row = {
        "id": number, "made": dt.datetime.now(dt.UTC), "user": user, "reason": reason, "kind": kind,
        "subject": subject, "field": field, "value": value,
        "evidence": json.dumps(evidence, ensure_ascii=False, sort_keys=True) if evidence else None,
    }  # fmt: skip
    store.insert_dicts(connection, "corrections", [row])
    derive(connection)
    return number


def evidence_of(connection: duckdb.DuckDBPyConnection, record: str) -> dict[str, Any]:
    """What finds an event or a claim again.

    Raises:
        UsageError: there is no such record.
    """
    for kind, column in (("event", '"trigger"'), ("claim", "content")):
        rows = connection.execute(
            f"""SELECT r.document, d.url, r.{column}, r.sentence.quote, {"r.event_type" if kind == "event" else "r.act"}
            FROM {kind}s AS r LEFT JOIN documents AS d ON d.id = r.document WHERE r.id = ?""",
            [record],
        ).fetchall()
        if rows:
            document, url, span, sentence, kept = rows[0]
            return {"kind": kind, "document": document, "url": url, **span, "sentence": sentence, "type": kept}
    raise UsageError(f"'{record}' is no event or claim of this workspace; 'dragoman events' and 'claims' list the ids")


def derive(connection: duckdb.DuckDBPyConnection) -> None:
    """Make what follows from the corrections anew: verdicts, corrected records, merges."""
    for name in ("verdicts", "corrected_events", "corrected_claims", "corrected_dyads", "merges"):
        connection.execute(f'DELETE FROM "{name}"')
    active = [correction for correction in load(connection) if correction.active]
    if not active:
        return
    merges = [Merge(c.subject, c.value or "", c.id) for c in active if c.kind == "merge"]
    store.insert_dicts(connection, "merges", resolve_merges(connection, merges))
    verdicts: dict[str, tuple[str, str, int]] = {}
    changes: dict[str, list[Correction]] = {}
    for correction in active:
        if correction.kind not in ("accept", "reject", "set"):
            continue
        for record in _records_of(connection, correction.evidence):
            if correction.kind == "set":
                changes.setdefault(record, []).append(correction)
            else:
                verdicts[record] = (correction.evidence["kind"], f"{correction.kind}ed", correction.id)
    rows = [
        {"record": record, "kind": kind, "verdict": verdict, "correction": number}
        for record, (kind, verdict, number) in sorted(verdicts.items())
    ]
    rows += [
        {"record": record, "kind": made[0].evidence["kind"], "verdict": "corrected", "correction": made[-1].id}
        for record, made in sorted(changes.items())
    ]
    store.insert_dicts(connection, "verdicts", rows)
    _write_changed(connection, changes)


def _records_of(connection: duckdb.DuckDBPyConnection, evidence: dict[str, Any]) -> list[str]:
    """The records that stand now where the evidence says: in its document, and in later versions of it."""
    name, column, kept = (
        ("events", '"trigger"', "event_type") if evidence["kind"] == "event" else ("claims", "content", "act")
    )
    here = connection.execute(
        f"""SELECT id FROM {name} WHERE document = ? AND {column}."start" = ? AND {column}."end" = ?
        ORDER BY {kept} = ? DESC, id LIMIT 1""",
        [evidence["document"], evidence["start"], evidence["end"], evidence["type"]],
    ).fetchall()
    if evidence.get("url") is None:
        return [row[0] for row in here]
    elsewhere = connection.execute(
        f"""SELECT min(r.id) FROM {name} AS r JOIN documents AS d ON d.id = r.document
        WHERE d.url = ? AND d.id <> ? AND r.sentence.quote = ? AND {column}.quote = ? AND {kept} = ?
        GROUP BY r.document""",
        [evidence["url"], evidence["document"], evidence["sentence"], evidence["quote"], evidence["type"]],
    ).fetchall()
    return sorted({row[0] for row in [*here, *elsewhere]})


def _write_changed(connection: duckdb.DuckDBPyConnection, changes: dict[str, list[Correction]]) -> None:
    if not changes:
        return
    events = _load_records(connection, "events", changes, Event)
    claims = _load_records(connection, "claims", changes, Claim)
    new_events = [_replayed(event, changes[event.id]) for event in events]
    new_claims = [_replayed(claim, changes[claim.id]) for claim in claims]
    store.insert(connection, "corrected_events", records_table(new_events, Event))
    store.insert(connection, "corrected_claims", records_table(new_claims, Claim))
    for document in {event.document for event in new_events}:
        table = connection.sql("SELECT * FROM documents WHERE id = ?", params=[document]).to_arrow_table()
        all_claims = connection.sql("SELECT * FROM claims WHERE document = ?", params=[document]).to_arrow_table()
        here = [event for event in new_events if event.document == document]
        made = tables.dyads(records_from(table, Document)[0], here, records_from(all_claims, Claim))
        store.insert(connection, "corrected_dyads", made)


def _replayed(record: Any, corrections: Iterable[Correction]) -> Any:
    for correction in corrections:
        record = changed(record, correction.field or "", correction.value or "")
    return record


def _load_records(connection: duckdb.DuckDBPyConnection, name: str, ids: Iterable[str], record_type: Any) -> Any:
    wanted = sorted(ids)
    query = f"SELECT * FROM {name} WHERE id IN ({', '.join('?' * len(wanted))}) ORDER BY id"
    return records_from(connection.sql(query, params=wanted).to_arrow_table(), record_type)
