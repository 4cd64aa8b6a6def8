"""The reading so far: what each stage finds, in token indices of the parse.

A stage is a pure function ``(Draft, Knowledge) -> Draft`` that fills its own field. ``assemble``
turns the finished draft into records.
"""

from __future__ import annotations

import msgspec

from dragoman.reading.parse import Parse
from dragoman.records import (
    Act,
    Actor,
    ActorRef,
    Document,
    EventType,
    Factuality,
    Interval,
    Place,
    Prediction,
    Probability,
    Quantity,
    QuotationKind,
    Why,
)  # fmt: skip


class Mention(msgspec.Struct, frozen=True):
    """An actor named by tokens ``first`` to ``last`` (exclusive); ``entity`` is shared by mentions of one actor."""

    first: int
    last: int
    head: int
    ref: ActorRef
    entity: int
    why: str


class DateExpression(msgspec.Struct, frozen=True):
    """A date expression. ``interval`` is None when it cannot be resolved, or is a mere duration."""

    first: int
    last: int
    interval: Interval | None
    kind: str  # date, duration, repetition, anchored


class PlaceMention(msgspec.Struct, frozen=True):
    """A place named by tokens ``first`` to ``last`` (exclusive), with the readings that were considered."""

    first: int
    last: int
    place: Place
    considered: tuple[str, ...] = ()


class Commitment(msgspec.Struct, frozen=True):
    """How far the nearest source commits to the predicate at a token, and the words that decided it."""

    value: Factuality
    why: tuple[str, ...] = ()
    probability: Probability | None = None


class ClaimDraft(msgspec.Struct, frozen=True):
    """An attribution. Parts are half-open character ranges of the stored text; token ranges are half-open too."""

    sentence: int
    source: tuple[int, int] | None
    cue: tuple[int, int] | None
    parts: tuple[tuple[int, int], ...]
    head: int | None  # token that heads the content
    kind: QuotationKind
    act: Act
    why: Why
    speaker: ActorRef | None = None
    parent: int | None = None  # index into Draft.claims
    commitment: Commitment = msgspec.field(default_factory=lambda: Commitment("CT+"))
    prediction: Prediction | None = None
    relayed_by: int | None = None  # first token of the cue of the claim that passes this one on, with the same content


class EventDraft(msgspec.Struct, frozen=True):
    """A coded event. ``actors`` and ``recipients`` are indices into ``Draft.mentions``.

    ``targets`` are recipients that are no actors: what is attacked, boycotted or condemned ("an army camp").
    """

    head: int  # the trigger's head token
    trigger: tuple[int, int]
    actors: tuple[int, ...]
    recipients: tuple[int, ...]
    event_type: EventType
    mode: str | None
    contexts: tuple[str, ...]
    intensity: float
    quantities: tuple[Quantity, ...]
    why: Why
    factuality: Factuality = "CT+"
    targets: tuple[ActorRef, ...] = ()
    types: frozenset[EventType] = frozenset()  # that the lexicon allows where the trigger stands; several are a doubt
    time: Interval | None = None
    place: Place | None = None


class Draft(msgspec.Struct, frozen=True):
    """Everything known of a document so far."""

    document: Document
    parse: Parse
    dates: tuple[DateExpression, ...] = ()
    places: tuple[PlaceMention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    actors: tuple[Actor, ...] = ()  # one a Mention.entity, in that order
    claims: tuple[ClaimDraft, ...] = ()
    events: tuple[EventDraft, ...] = ()
    fast: bool = False  # leave out every trained model but the parser
    notes: tuple[str, ...] = ()  # what the reader should tell the user, one line each
