"""Two names that are one actor: how a chain of merges resolves, and how records are renamed by it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any, TypeVar

import duckdb
from msgspec.structs import replace

from dragoman.errors import UsageError
from dragoman.records import Actor, ActorRef, Claim, Event

R = TypeVar("R", Actor, Event, Claim)


@dataclass(frozen=True)
class Merge:
    """The actor ``subject`` is the actor ``into``; both are ids, or names where there is no id."""

    subject: str
    into: str
    correction: int


def resolve_merges(connection: duckdb.DuckDBPyConnection, merges: list[Merge]) -> list[dict[str, Any]]:
    """Every merged actor with the actor at the end of its chain, as rows of ``merges``."""
    target = {merge.subject: merge for merge in merges}
    rows = []
    for subject, merge in sorted(target.items()):
        end, seen = merge.into, {subject}
        while end in target and end not in seen:
            seen.add(end)
            end = target[end].into
        if end != subject:
            identifier, name = _named(connection, end)
            rows.append({"subject": subject, "into_id": identifier, "into_name": name, "correction": merge.correction})
    return rows


def require_actor(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    """Make sure that an actor is known here.

    Raises:
        UsageError: it is not; the nearest names are suggested.
    """
    known = _keys(connection)
    if key not in known:
        near = difflib.get_close_matches(key, sorted(known), n=3, cutoff=0.5)
        hint = f"; did you mean {', '.join(near)}?" if near else ""
        raise UsageError(f"'{key}' is no actor of this workspace{hint}")


def _keys(connection: duckdb.DuckDBPyConnection) -> set[str]:
    rows = connection.execute("""
        SELECT DISTINCT coalesce(actor, actor_name) FROM dyads UNION SELECT DISTINCT coalesce(recipient, recipient_name)
        FROM dyads UNION SELECT DISTINCT coalesce(id, name) FROM actors
        UNION SELECT DISTINCT coalesce(speaker.id, speaker.name) FROM claims UNION SELECT subject FROM merges
    """).fetchall()
    return {row[0] for row in rows if row[0]}


def _named(connection: duckdb.DuckDBPyConnection, key: str) -> tuple[str | None, str]:
    """Id and name of an actor's key: the name under which it is found most often."""
    rows = connection.execute(
        """
        SELECT name, count(*) AS n FROM (
            SELECT actor_name AS name FROM dyads WHERE actor = $key UNION ALL
            SELECT recipient_name FROM dyads WHERE recipient = $key UNION ALL
            SELECT name FROM actors WHERE id = $key UNION ALL
            SELECT speaker.name FROM claims WHERE speaker.id = $key
        ) WHERE name IS NOT NULL GROUP BY name ORDER BY n DESC, name LIMIT 1
        """,
        {"key": key},
    ).fetchall()
    return (key, rows[0][0]) if rows else (None, key)


class Merges:
    """The merges of a workspace, to rename actors inside of records."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        rows = connection.execute("SELECT subject, into_id, into_name FROM merges").fetchall()
        self._into: dict[str, tuple[str | None, str]] = {subject: (key, name) for subject, key, name in rows}

    def __bool__(self) -> bool:
        return bool(self._into)

    def subjects_of(self, key: str) -> list[str]:
        """The keys that were merged into this one, itself first."""
        return [key, *sorted(subject for subject, (i, name) in self._into.items() if (i or name) == key)]

    def apply(self, record: R) -> R:
        """The record with merged actors renamed; the words that name them stay what they are."""
        if not self._into:
            return record
        if isinstance(record, Event):
            return replace(record, actors=self._refs(record.actors), recipients=self._refs(record.recipients))
        if isinstance(record, Claim):
            return replace(record, speaker=self._ref(record.speaker)) if record.speaker else record
        into = self._into.get(record.id or record.name)
        return replace(record, id=into[0], name=into[1]) if into else record

    def _refs(self, references: tuple[ActorRef, ...]) -> tuple[ActorRef, ...]:
        return tuple(self._ref(reference) for reference in references)

    def _ref(self, reference: ActorRef) -> ActorRef:
        into = self._into.get(reference.id or reference.name)
        return replace(reference, id=into[0], name=into[1]) if into else reference
