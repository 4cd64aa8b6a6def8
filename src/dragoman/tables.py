"""The flat tables that analysis, exports and other programs work on (Arrow)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from dragoman.records import ActorRef, Claim, Document, Event

DYADS = pa.schema([
    ("event", pa.string()),  # id of the event record
    ("document", pa.string()),  # id of its document; null when imported without one
    ("publisher", pa.string()),
    ("story", pa.string()),  # groups records of the same happening; null when not grouped
    ("published", pa.date32()),
    ("start", pa.date32()),  # when it happened, inclusive; null when unknown
    ("end", pa.date32()),
    ("granularity", pa.string()),
    ("actor", pa.string()),  # id ("PRK", "PRK-MIL", "IGO-NATO"), null when not resolved
    ("actor_name", pa.string()),
    ("recipient", pa.string()),
    ("recipient_name", pa.string()),
    ("event_type", pa.string()),  # PLOVER's 16
    ("mode", pa.string()),
    ("contexts", pa.list_(pa.string())),
    ("quad_class", pa.int8()),  # 1 to 4
    ("intensity", pa.float64()),  # Goldstein-type, -10 to 10
    ("factuality", pa.string()),  # FactBank value
    ("speaker", pa.string()),  # id or name of who says so; null when the document itself does
    ("place", pa.string()),
    ("lat", pa.float64()),
    ("lon", pa.float64()),
    ("country", pa.string()),  # of the place
    ("quote", pa.string()),  # the sentence; null when imported without text
    ("origin", pa.string()),  # "read", or the format it was imported from
])  # fmt: skip
"""One row for each actor-recipient pair of an event (one row with a null recipient when it has none)."""


def dyads(document: Document, events: Iterable[Event], claims: Iterable[Claim], origin: str = "read") -> pa.Table:
    """The events of one document as a table.

    Returns:
        A table with the schema ``DYADS``, in the events' order. ``speaker`` is the innermost claim's.
    """
    speakers = {claim.id: _speaker(claim) for claim in claims}
    rows = [row for event in events for row in dyad_rows(document, event, speakers, origin)]
    return pa.Table.from_pylist(rows, schema=DYADS)


def dyad_rows(
    document: Document, event: Event, speakers: dict[str, str | None], origin: str = "read"
) -> Iterator[dict[str, Any]]:
    """One row for each actor-recipient pair of an event; ``speakers`` maps claim ids to who speaks."""
    interval, place = event.time, event.place
    shared = {
        "event": event.id,
        "document": document.id,
        "publisher": document.publisher,
        "published": iso_day(document.published),
        "start": iso_day(interval.start) if interval else None,
        "end": iso_day(interval.end) if interval else None,
        "granularity": interval.granularity if interval else None,
        "event_type": event.event_type,
        "mode": event.mode,
        "contexts": list(event.contexts),
        "quad_class": event.quad_class,
        "intensity": event.intensity,
        "factuality": event.factuality,
        "speaker": speakers.get(event.claims[-1]) if event.claims else None,
        "place": place.name if place else None,
        "lat": place.lat if place else None,
        "lon": place.lon if place else None,
        "country": place.country if place else None,
        "quote": event.sentence.quote,
        "origin": origin,
    }
    recipients: tuple[ActorRef | None, ...] = event.recipients or (None,)
    actors: tuple[ActorRef | None, ...] = event.actors or (None,)
    for actor in actors:
        for recipient in recipients:
            yield {
                **shared,
                "actor": actor.id if actor else None,
                "actor_name": actor.name if actor else None,
                "recipient": recipient.id if recipient else None,
                "recipient_name": recipient.name if recipient else None,
            }


def iso_day(value: str | None) -> dt.date | None:
    """An ISO date of day, month or year precision as its first day; None for None."""
    if value is None:
        return None
    year, month, day = (int(part) for part in f"{value}-01-01".split("-")[:3])
    return dt.date(year, month, day)


def _speaker(claim: Claim) -> str | None:
    if claim.speaker is None:
        return claim.source.quote if claim.source else None
    return claim.speaker.id or claim.speaker.name
