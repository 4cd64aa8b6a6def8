"""Which type an event has where the lexicon leaves a doubt: the trained classifier weighs the whole sentence.

The classifier never makes a record. It is asked where frames of several types fit the verb or noun as it stands,
chooses among these, and ``why`` names it with its score.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.frames import QUIET
from dragoman.reading import relation_model
from dragoman.reading.draft import Draft, EventDraft
from dragoman.reading.relation_model import MODEL, YIELD, Span
from dragoman.records import EventType, Why

_SURE = 0.75  # probability from which another type than the frame's is taken


def decide_types(draft: Draft, knowledge: Knowledge) -> Draft:
    """Let the classifier decide between types. Fills ``event_type``, ``intensity`` and ``why`` of ``events``."""
    if draft.fast:
        return draft
    doubtful = [
        k
        for k, event in enumerate(draft.events)
        if event.actors
        and event.recipients
        and not event.factuality.endswith("-")  # it does not know what was denied
        and abs(event.intensity) >= QUIET
        and event.event_type in event.types
        and len(_classes(event)) > 1
    ]
    if not doubtful:
        return draft
    items = [_item(draft, draft.events[k]) for k in doubtful]
    events = list(draft.events)
    for k, probabilities in zip(doubtful, relation_model.classify(items), strict=True):
        event = events[k]
        # The classifier sees the whole sentence: it may mean another act than this verb's.
        possible = _classes(event)
        chances = {name: p for name, p in probabilities.items() if name in possible}
        events[k] = _decided(event, chances, knowledge.frames.traits.intensities)
    return replace(draft, events=tuple(events))


def _classes(event: EventDraft) -> set[str]:
    """The classifier's classes of the types that the lexicon allows."""
    return {"YIELD" if name in YIELD else name for name in event.types}


def _item(draft: Draft, event: EventDraft) -> tuple[str, Span, Span]:
    sentence = draft.parse.sentence_span(draft.parse.tokens[event.head].sent)

    def inside(mention: int) -> Span:
        span = draft.mentions[mention].ref.span
        return span.start - sentence.start, span.end - sentence.start

    return sentence.quote, inside(event.actors[0]), inside(event.recipients[0])


def _decided(event: EventDraft, probabilities: dict[str, float], intensities: Mapping[str, float]) -> EventDraft:
    own = "YIELD" if event.event_type in YIELD else event.event_type
    best = max(probabilities, key=lambda name: probabilities[name])
    score = round(probabilities[best], 3)
    if best == own:
        return replace(event, why=Why(event.why.rule, MODEL, score))
    if score < _SURE:
        return event
    # The 15 classes do not part CONCEDE from RETREAT; what is given back or left is RETREAT.
    kind: EventType = "RETREAT" if best == "YIELD" else best  # type: ignore[assignment]  # the model's classes are types
    return replace(
        event, event_type=kind, mode=None, intensity=intensities[kind], why=Why(event.why.rule, MODEL, score)
    )
