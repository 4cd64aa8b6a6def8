"""What reading one document gives."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dragoman.records import Actor, Claim, Dispute, Document, Event, Record


class Reading(msgspec.Struct, frozen=True):
    """The records of one document. Iterating gives the document, then actors, claims, events and disputes."""

    document: Document
    actors: tuple[Actor, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Record]:
        yield self.document
        yield from self.actors
        yield from self.claims
        yield from self.events
        yield from self.disputes
