"""Documents that tell the same, and events that are the same happening, so that counts can be of stories.

Two levels. Documents are grouped by wording (wire copy, near-duplicates). Events are grouped when they are of one
type between the same sides at times that overlap, and either their documents belong together or their sentences do.
Groups are derived; ``why`` says what brought each member in.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from dragoman.tables import iso_day
from dragoman.workspace import store, views
from dragoman.workspace.filters import Filter
from dragoman.workspace.groups import Groups
from dragoman.workspace.happenings import MUTUAL, Happened, same_happening, stem
from dragoman.workspace.minhash import bands, similarity

WHOLE = 0.45
"""Similarity of two texts from which they tell the same."""

LEAD = 0.6
"""The same for their first 120 words: wire copy is cut from the end."""

APART = 30
"""Days between publications beyond which like wording is a habit (a yearly statement), not a copy."""

_SIDE = "list(DISTINCT coalesce({0}, regexp_replace(lower({0}_name), '^(the|an?|some) ', '')))"
"""Who stands on a side: ids, else names without the article and the capital that a sentence's beginning gives."""

_NEIGHBOURS = 60  # events of one type and side that are compared with the next ones in time


@dataclass(frozen=True)
class Story:
    """One happening as several events tell it.

    Attributes:
        id: of the story.
        events: ids of its events.
        documents: how many documents tell it.
        publishers: how many independent publishers stand behind it (wire copies count once).
        first: earliest day.
        last: latest day.
        event_type: of its events.
        actors: ids or names of the actors.
        recipients: the same of the recipients.
        quote: the sentence of its first event.
        why: what joined them, a line each.
    """

    id: str
    events: list[str]
    documents: int
    publishers: int
    first: dt.date | None
    last: dt.date | None
    event_type: str
    actors: list[str]
    recipients: list[str]
    quote: str
    why: list[str]


def stale(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether documents came or went since the last grouping."""
    row = connection.execute("""
        SELECT (SELECT value FROM meta WHERE key = 'grouped'),
            (SELECT concat(count(*), ' ', max(added)) FROM documents)
    """).fetchall()[0]
    return bool(row[0] != row[1])


def group(connection: duckdb.DuckDBPyConnection) -> None:
    """Make both kinds of groups anew; the caller holds the transaction."""
    for name in ("stories", "happenings"):
        connection.execute(f"DELETE FROM {name}")
    documents = _group_documents(connection)
    store.insert_dicts(connection, "stories", documents)
    story_of = {row["document"]: row["story"] for row in documents}
    happenings = _group_events(connection, story_of)
    store.insert_dicts(connection, "happenings", happenings)
    connection.execute("UPDATE dyads SET story = NULL WHERE story IS NOT NULL AND origin = 'read'")
    connection.execute(
        "UPDATE dyads SET story = h.story FROM happenings AS h WHERE h.event = dyads.event AND dyads.origin = 'read'"
    )
    connection.execute("DELETE FROM meta WHERE key = 'grouped'")
    connection.execute("INSERT INTO meta SELECT 'grouped', concat(count(*), ' ', max(added)) FROM documents")


def alike(left: bytes, right: bytes) -> str | None:
    """Why two signatures are of one text, None when they are not."""
    whole, lead = similarity(left, right)
    if whole >= WHOLE:
        return f"wording {whole:.2f} alike"
    return f"beginning {lead:.2f} alike" if lead >= LEAD else None


def _group_documents(connection: duckdb.DuckDBPyConnection) -> list[dict[str, str]]:
    rows = connection.execute("""
        SELECT d.id, s.minhash, d.published FROM signatures AS s JOIN documents AS d ON d.id = s.document
        WHERE d.successor IS NULL ORDER BY d.published, d.id
    """).fetchall()
    signature = {identifier: bytes(minhash) for identifier, minhash, _ in rows}
    published = {identifier: iso_day(day) for identifier, _, day in rows}
    groups = Groups()
    buckets: dict[bytes, list[str]] = defaultdict(list)
    for identifier, minhash in signature.items():
        for band in bands(minhash):
            for other in buckets[band][-20:]:  # the nearest in time; a chain reaches the others
                if not groups.together(other, identifier) and _near(published[other], published[identifier]):
                    why = alike(signature[other], minhash)
                    if why:
                        groups.join(other, identifier, why)
            buckets[band].append(identifier)
    return [{"document": member, "story": f"d.{first[:12]}", "why": why} for first, member, why in groups.members()]


def _near(left: dt.date | None, right: dt.date | None) -> bool:
    return left is None or right is None or abs((left - right).days) <= APART


def _group_events(connection: duckdb.DuckDBPyConnection, story_of: dict[str, str]) -> list[dict[str, str]]:
    by_side: dict[tuple[str, str], list[Happened]] = defaultdict(list)
    for event in _happened(connection, story_of):
        sides = event.actors if event.actors and event.event_type not in MUTUAL else event.actors | event.recipients
        for side in {_state(key) for key in sides}:
            by_side[event.event_type, side].append(event)
            by_side[f"verb {stem(event.trigger)}", side].append(event)
    groups = Groups()
    for events in by_side.values():
        events.sort(key=lambda event: (event.start or dt.date.max, event.id))
        for position, event in enumerate(events):
            for other in events[position + 1 : position + 1 + _NEIGHBOURS]:
                if other.start and event.end and other.start > event.end + dt.timedelta(days=31):
                    break
                if not groups.together(event.id, other.id):
                    why = same_happening(event, other)
                    if why:
                        groups.join(event.id, other.id, why)
    return [{"event": member, "story": f"h.{first}", "why": why} for first, member, why in groups.members()]


def _happened(connection: duckdb.DuckDBPyConnection, story_of: dict[str, str]) -> Iterable[Happened]:
    state = views.decided(connection)
    rows = connection.execute(f"""
        SELECT event, any_value(document), any_value(event_type), {_SIDE.format("actor")},
            {_SIDE.format("recipient")}, any_value("start"), any_value("end"),
            any_value(granularity), any_value(published), any_value(place), any_value(country), any_value(factuality),
            any_value(quote), any_value(trigger_quote)
        FROM ({views.dyads(state)}) AS d
        JOIN (SELECT id, "trigger".quote AS trigger_quote FROM events) AS e ON e.id = d.event
        WHERE origin = 'read' GROUP BY event ORDER BY event
    """).fetchall()
    for (identifier, document, event_type, actors, recipients, start, end, granularity, published, place, country,
         factuality, quote, trigger) in rows:  # fmt: skip
        yield Happened(
            id=identifier,
            document=document,
            story=story_of.get(document, document),
            event_type=event_type,
            actors=frozenset(actor for actor in actors if actor),
            recipients=frozenset(recipient for recipient in recipients if recipient),
            start=start or published,
            end=end or start or published,
            granularity=granularity if granularity and start else "day",  # without a start it is bounded by its report
            place=place,
            country=country,
            negative=factuality.endswith("-"),
            sentence=quote or "",
            trigger=trigger or "",
        )


def _state(key: str) -> str:
    return key[:3] if len(key) > 3 and key[3] == "-" and key[:3].isupper() else key


def listed(connection: duckdb.DuckDBPyConnection, filters: Filter) -> list[Story]:
    """Stories of two events or more that meet the conditions, the most told first."""
    condition, values = filters.where()
    rows = connection.execute(
        f"""
        WITH told AS (SELECT * FROM ({views.dyads(views.decided(connection))}) WHERE story IS NOT NULL AND {condition})
        SELECT t.story, list(DISTINCT t.event), count(DISTINCT t.document),
            count(DISTINCT coalesce(s.story, t.publisher, t.document)),
            min(coalesce(t."start", t.published)), max(coalesce(t."end", t.published)), any_value(t.event_type),
            list(DISTINCT coalesce(t.actor, t.actor_name)), list(DISTINCT coalesce(t.recipient, t.recipient_name)),
            first(t.quote ORDER BY t.event), (SELECT list(DISTINCT why) FROM happenings AS h WHERE h.story = t.story)
        FROM told AS t LEFT JOIN stories AS s ON s.document = t.document
        GROUP BY t.story HAVING count(DISTINCT t.event) > 1 ORDER BY 4 DESC, 3 DESC, t.story
        """,
        values,
    ).fetchall()
    return [
        Story(story, sorted(events), documents, publishers, first, last, event_type, _sorted(actors),
              _sorted(recipients), quote, sorted(why))
        for story, events, documents, publishers, first, last, event_type, actors, recipients, quote, why in rows
    ]  # fmt: skip


def _sorted(names: list[str | None]) -> list[str]:
    return sorted(name for name in names if name)
