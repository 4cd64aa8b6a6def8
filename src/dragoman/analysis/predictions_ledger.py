"""The ledger of predictions: what was predicted by whom, and how it turned out.

The ledger only grows: a resolution is a dated row by a named user, the latest one counts, and "unclear"
withdraws an earlier verdict without erasing it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple, TypeAlias

import msgspec

from dragoman.analysis.calibration import Outcome
from dragoman.errors import UsageError
from dragoman.knowledge import load
from dragoman.records import Claim, Document, Event, Interval, Probability

Verdict: TypeAlias = Literal["yes", "no", "unclear"]

_CHANCES = {"CT+": 0.95, "PR+": 0.75, "PS+": 0.4, "CT-": 0.05, "PR-": 0.25, "PS-": 0.6}
"""The chance that a commitment stands for where the speaker names none (the middle of its words' intervals)."""


_WORD = re.compile(r"[^\W\d_]+")


class Resolution(msgspec.Struct, frozen=True):
    """A verdict on a prediction; ``because`` is an event's id, an address or words."""

    prediction: str  # the claim's id
    verdict: Verdict
    on: str  # ISO date on which it was settled
    because: str | None
    by: str  # user
    recorded: str  # ISO time of writing


class Entry(msgspec.Struct, frozen=True):
    """A prediction in the ledger with its latest verdict (None while open)."""

    claim: str
    speaker: str | None
    about: str
    horizon: Interval | None
    condition: str | None
    checkable: bool
    chance: float | None
    probability: Probability | None
    published: str | None
    verdict: Verdict | None
    overdue: bool
    proposed: tuple[str, ...] = ()  # events of later texts that may settle it; proposed, never decided


def ledger(
    claims: Iterable[Claim],
    documents: Mapping[str, Document],
    resolutions: Iterable[Resolution] = (),
    today: dt.date | None = None,
    events: Iterable[Event] | CodedEvents = (),
) -> list[Entry]:
    """The predictions among the claims, by speaker and then date.

    Args:
        claims: claims of any kind; only those with a prediction enter.
        documents: documents by id, for the publication dates.
        resolutions: verdicts in the order of recording; the last one on a prediction counts.
        today: the day against which a horizon is overdue; nothing is when left out.
        events: coded events of all texts, from which those that may settle an open prediction are proposed.
    """
    negators = load().commitment.negators
    latest = {resolution.prediction: resolution for resolution in resolutions}
    coded = events if isinstance(events, CodedEvents) else CodedEvents(map(Coded.of, events))
    entries = []
    for claim in claims:
        if claim.prediction is None:
            continue
        document = documents.get(claim.document)
        resolution = latest.get(claim.id)
        verdict = resolution.verdict if resolution else None
        end = claim.prediction.horizon.end if claim.prediction.horizon else None
        condition = claim.prediction.condition
        entries.append(
            Entry(
                claim=claim.id,
                speaker=claim.speaker.name if claim.speaker else None,
                about=claim.prediction.about,
                horizon=claim.prediction.horizon,
                condition=condition.quote if condition else None,
                checkable=claim.prediction.checkable,
                chance=chance_of(claim, negators),
                probability=claim.probability,
                published=document.published if document else None,
                verdict=verdict,
                overdue=verdict is None and end is not None and today is not None and end < today.isoformat(),
                proposed=() if verdict in ("yes", "no") else _proposed(claim, coded, document),
            )
        )
    return sorted(entries, key=lambda e: (e.speaker or "", e.published or "", e.claim))


def chance_of(claim: Claim, negators: Collection[str] = ()) -> float | None:
    """The chance (0 to 1) that a claim gives to what it says, words of chance aside.

    The middle of its probability, else what its commitment stands for. A commitment is to the predicate; where the
    claim's own words negate that ("the treaty will not be signed"), the chance is that of the whole statement.

    Args:
        claim: the claim.
        negators: words that negate ("not").
    """
    if claim.probability is not None:
        return (claim.probability.low + claim.probability.high) / 2
    chance = _CHANCES.get(claim.factuality)
    if chance is None or claim.factuality[-1] != "-":
        return chance
    words = _WORD.findall(claim.content.quote.casefold().replace("n't", " not").replace("n’t", " not"))
    return 1 - chance if any(word in negators for word in words) else chance


class Coded(NamedTuple):
    """What settles a prediction: an event of a type, by whom, to whom, when."""

    id: str
    actors: frozenset[str]
    recipients: frozenset[str]
    event_type: str
    start: str | None  # ISO date
    factuality: str

    @classmethod
    def of(cls, event: Event) -> Coded:
        """The same of an event record."""
        actors, recipients = (frozenset(ref.id for ref in side if ref.id) for side in (event.actors, event.recipients))
        start = event.time.start if event.time is not None else None
        return cls(event.id, actors, recipients, event.event_type, start, event.factuality)


class CodedEvents:
    """Coded events by id, and those that happened on a known day by type and actor."""

    def __init__(self, events: Iterable[Coded]) -> None:
        self.by_id = {event.id: event for event in events}
        self._happened: dict[tuple[str, str], list[Coded]] = defaultdict(list)
        for event in self.by_id.values():
            if event.factuality == "CT+" and event.start is not None:
                for actor in event.actors:
                    self._happened[event.event_type, actor].append(event)

    def like(self, wanted: Coded) -> Iterable[Coded]:
        """Events that happened, of the same type and by one of the same actors."""
        for actor in wanted.actors:
            yield from self._happened.get((wanted.event_type, actor), ())


def _proposed(claim: Claim, coded: CodedEvents, document: Document | None) -> tuple[str, ...]:
    """Events that happened after the prediction and are of the type and between the actors that it names."""
    if claim.prediction is None or document is None or document.published is None:
        return ()
    horizon, published = claim.prediction.horizon, document.published[:10]
    last = horizon.end if horizon is not None else None
    found = set()
    for identifier in claim.prediction.events:
        wanted = coded.by_id.get(identifier)
        for event in coded.like(wanted) if wanted is not None else ():
            if event.start is None or event.start < published or (last is not None and event.start > last):
                continue
            named = wanted.recipients if wanted is not None else frozenset()
            if event.id not in claim.prediction.events and (not named or named & event.recipients):
                found.add(event.id)
    return tuple(sorted(found))


def resolution(claim: Claim, verdict: str, on: str, because: str | None, by: str, recorded: dt.datetime) -> Resolution:
    """A checked row for the ledger.

    Raises:
        UsageError: when the claim is no prediction, the verdict unknown or the date none.
    """
    if claim.prediction is None:
        raise UsageError(f"{claim.id} is no prediction; 'dragoman predictions' lists them")
    if verdict not in ("yes", "no", "unclear"):
        raise UsageError(f"'{verdict}' is no verdict; give yes, no or unclear")
    try:
        day = dt.date.fromisoformat(on)
    except ValueError as error:
        raise UsageError(f"'{on}' is no date; write it as 2025-03-31") from error
    settled: Verdict = "yes" if verdict == "yes" else "no" if verdict == "no" else "unclear"
    return Resolution(claim.id, settled, day.isoformat(), because, by, recorded.isoformat(timespec="seconds"))


def outcomes(entries: Iterable[Entry]) -> list[Outcome]:
    """The entries that were settled with yes or no and give a chance, for ``calibration``."""
    return [
        Outcome(
            e.chance, e.verdict == "yes", e.speaker or "(the author)", e.probability.phrase if e.probability else None
        )
        for e in entries
        if e.verdict in ("yes", "no") and e.chance is not None
    ]
