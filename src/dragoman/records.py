"""The records that every surface speaks, and nothing else.

One kind of record a class; unknown values are ``None``, never guessed and never left out.
Names follow the field: PLOVER/POLECAT for events, PARC/PolNeAR for attribution, FactBank for
factuality, W3C Web Annotation for spans, EDTF's idea of intervals for dates.

Offsets are Unicode code points into the document's stored ``text``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

import msgspec

Basis: TypeAlias = Literal["explicit", "relative", "anchored", "document"]
Granularity: TypeAlias = Literal["day", "week", "month", "quarter", "season", "year", "decade", "century", "range"]
Via: TypeAlias = Literal["name", "alias", "demonym", "metonym", "role", "coreference", "quotation"]
ActorKind: TypeAlias = Literal["state", "person", "organisation", "igo", "armed_group", "group"]
Factuality: TypeAlias = Literal["CT+", "PR+", "PS+", "CT-", "PR-", "PS-", "CTu", "Uu"]
QuotationKind: TypeAlias = Literal["direct", "indirect", "mixed"]
Act: TypeAlias = Literal["say", "think", "ask", "deny", "expect", "intend"]
EventType: TypeAlias = Literal[
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip

EVENT_TYPES: tuple[str, ...] = get_args(EventType)
FACTUALITY_VALUES: tuple[str, ...] = get_args(Factuality)


class Span(msgspec.Struct, frozen=True, order=True):
    """A stretch of a document's text: ``text[start:end] == quote`` always."""

    start: int
    end: int
    quote: str


class Coder(msgspec.Struct, frozen=True):
    """The program that made the records."""

    name: str
    version: str


class Why(msgspec.Struct, frozen=True):
    """What decided a record: a lexicon entry, rule or model, with its score (0 to 1) where it has one."""

    rule: str
    model: str | None = None
    score: float | None = None


class ActorRef(msgspec.Struct, frozen=True):
    """An actor as named at one place in a text.

    ``id`` is a country (ISO 3166 alpha-3) with an optional sector (``PRK``, ``PRK-MIL``), an
    ``IGO-``/``NSA-`` key, or ``None`` when the actor is named but not resolved.
    """

    id: str | None
    name: str
    span: Span
    wikidata: str | None = None
    via: Via | None = None


class Interval(msgspec.Struct, frozen=True):
    """A time span with inclusive ISO dates; ``None`` ends are open or unknown."""

    start: str | None
    end: str | None
    granularity: Granularity
    approximate: bool
    basis: Basis
    quote: str | None = None


class Place(msgspec.Struct, frozen=True):
    """A place as named in a text, resolved to coordinates (degrees, WGS 84) where known."""

    name: str
    geonames_id: int | None
    lat: float | None
    lon: float | None
    country: str | None
    feature: str | None
    span: Span


class Quantity(msgspec.Struct, frozen=True):
    """A number with its unit as the text gives it; ``low``/``high`` bound what is approximate."""

    value: float | None
    low: float | None
    high: float | None
    unit: str | None
    span: Span


class Probability(msgspec.Struct, frozen=True):
    """How likely a source holds its content to be: an interval within 0..1 and the phrase that says so."""

    low: float
    high: float
    phrase: str


class Prediction(msgspec.Struct, frozen=True):
    """What makes a claim a prediction."""

    about: str
    horizon: Interval | None
    condition: Span | None
    checkable: bool
    events: tuple[str, ...] = ()


class Role(msgspec.Struct, frozen=True):
    """An office or membership, with the dates of holding it (ISO, inclusive)."""

    title: str
    of: str | None
    start: str | None
    end: str | None


class Document(msgspec.Struct, frozen=True, tag_field="record", tag="document"):
    """A text as stored. ``id`` is the SHA-256 of ``text``; ``text`` is Unicode NFC and is what spans index."""

    id: str
    title: str | None
    publisher: str | None
    author: str | None
    url: str | None
    published: str | None
    language: str | None
    text: str
    media_type: str
    coder: Coder


class Actor(msgspec.Struct, frozen=True, tag_field="record", tag="actor"):
    """Somebody or something that can act, with every place where the text names it."""

    id: str | None
    name: str
    kind: ActorKind
    country: str | None
    wikidata: str | None
    mentions: tuple[Span, ...]
    roles: tuple[Role, ...] = ()


class Event(msgspec.Struct, frozen=True, tag_field="record", tag="event"):
    """Who did what to whom. ``claims`` names the claims it stands in, outermost first."""

    id: str
    document: str
    sentence: Span
    trigger: Span
    actors: tuple[ActorRef, ...]
    event_type: EventType
    mode: str | None
    contexts: tuple[str, ...]
    recipients: tuple[ActorRef, ...]
    time: Interval | None
    place: Place | None
    quantities: tuple[Quantity, ...]
    factuality: Factuality
    claims: tuple[str, ...]
    quad_class: int
    intensity: float
    why: Why


class Claim(msgspec.Struct, frozen=True, tag_field="record", tag="claim"):
    """Who says, thinks, asks or denies what. ``parts`` holds the pieces of a broken content, else one piece."""

    id: str
    document: str
    sentence: Span
    source: Span | None
    cue: Span | None
    content: Span
    parts: tuple[Span, ...]
    speaker: ActorRef | None
    kind: QuotationKind
    act: Act
    factuality: Factuality
    probability: Probability | None
    parent: str | None
    prediction: Prediction | None
    why: Why


class Dispute(msgspec.Struct, frozen=True, tag_field="record", tag="dispute"):
    """Versions of one matter that do not agree. ``versions`` are ids of claims and events, in text order."""

    id: str
    document: str
    about: str
    differs: Literal["polarity", "number", "actor", "certainty"]
    versions: tuple[str, ...]
    why: Why


Record: TypeAlias = Document | Actor | Event | Claim | Dispute

QUAD_CLASSES: dict[str, int] = {
    "AGREE": 1, "CONSULT": 1, "SUPPORT": 1, "CONCEDE": 1,
    "COOPERATE": 2, "AID": 2, "RETREAT": 2,
    "REQUEST": 3, "ACCUSE": 3, "REJECT": 3, "THREATEN": 3,
    "PROTEST": 4, "SANCTION": 4, "MOBILIZE": 4, "COERCE": 4, "ASSAULT": 4,
}  # fmt: skip
"""Quad class of each event type (PLOVER manual, 2021).

1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.
"""
