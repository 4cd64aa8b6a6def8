"""The finished draft becomes records: ids are given, claims and events are linked, actors without a part are kept."""

from __future__ import annotations

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.reading.disputes import find_disputes
from dragoman.reading.draft import ClaimDraft, Draft, EventDraft
from dragoman.reading.result import Reading
from dragoman.records import QUAD_CLASSES, ActorRef, Claim, Event, Span


def assemble(draft: Draft, knowledge: Knowledge | None = None) -> Reading:
    """Make the records of a draft.

    Args:
        draft: the finished draft.
        knowledge: the lexicons, for what is disputed; without them no disputes are looked for.

    Returns:
        A reading whose records' ids start with the first 12 digits of the document's id.
    """
    stem = draft.document.id[:12]
    order = sorted(range(len(draft.claims)), key=lambda i: (draft.claims[i].parts[0], -draft.claims[i].parts[-1][1], i))
    ids = {index: f"{stem}.c{number}" for number, index in enumerate(order, 1)}
    claims = tuple(_claim(draft, draft.claims[i], ids[i], ids) for i in order)
    ordered_events = sorted(draft.events, key=lambda e: (e.head, e.trigger, e.event_type))
    events = tuple(_event(draft, event, f"{stem}.e{number}", ids) for number, event in enumerate(ordered_events, 1))
    claims = tuple(_with_predicted(claim, events) for claim in claims)
    disputes = find_disputes(draft.document.id, claims, events, knowledge.cues.function_words) if knowledge else ()
    return Reading(draft.document, draft.actors, claims, events, disputes, draft.notes)


def _with_predicted(claim: Claim, events: tuple[Event, ...]) -> Claim:
    """The claim with the events that its prediction would be: those inside it that nobody holds to have happened."""
    if claim.prediction is None:
        return claim
    start, end = claim.content.start, claim.content.end
    inside = tuple(e.id for e in events if start <= e.trigger.start < end and e.factuality[:2] != "CT")
    return replace(claim, prediction=replace(claim.prediction, events=inside))


def _text_span(draft: Draft, start: int, end: int) -> Span:
    return Span(start, end, draft.document.text[start:end])


def _claim(draft: Draft, claim: ClaimDraft, identifier: str, ids: dict[int, str]) -> Claim:
    parse = draft.parse
    parts = tuple(_text_span(draft, start, end) for start, end in claim.parts)
    return Claim(
        id=identifier,
        document=draft.document.id,
        sentence=parse.sentence_span(claim.sentence),
        source=parse.span(*claim.source) if claim.source else None,
        cue=parse.span(*claim.cue) if claim.cue else None,
        content=_text_span(draft, min(p.start for p in parts), max(p.end for p in parts)),
        parts=parts,
        speaker=claim.speaker,
        kind=claim.kind,
        act=claim.act,
        factuality=claim.commitment.value,
        probability=claim.commitment.probability,
        parent=ids[claim.parent] if claim.parent is not None else None,
        prediction=claim.prediction,
        why=claim.why,
    )


def _event(draft: Draft, event: EventDraft, identifier: str, ids: dict[int, str]) -> Event:
    parse = draft.parse
    token = parse.tokens[event.head]
    position = token.start
    around = sorted(
        (
            i
            for i, c in enumerate(draft.claims)
            if c.parts[0][0] <= position < c.parts[-1][1]
            and any(start <= position < end for start, end in c.parts)
            and not (c.act == "deny" and c.sentence > token.sent)  # a later "X denies this" is not whose word it is
        ),
        key=lambda i: (-_size(draft.claims[i]), draft.claims[i].parts),
    )

    def refs(indices: tuple[int, ...]) -> tuple[ActorRef, ...]:
        return tuple(draft.mentions[i].ref for i in indices)

    return Event(
        id=identifier,
        document=draft.document.id,
        sentence=parse.sentence_span(parse.tokens[event.head].sent),
        trigger=parse.span(*event.trigger),
        actors=refs(event.actors),
        event_type=event.event_type,
        mode=event.mode,
        contexts=event.contexts,
        recipients=(*refs(event.recipients), *event.targets),
        time=event.time,
        place=event.place,
        quantities=event.quantities,
        factuality=event.factuality,
        claims=tuple(ids[i] for i in around),
        quad_class=QUAD_CLASSES[event.event_type],
        intensity=event.intensity,
        why=event.why,
    )


def _size(claim: ClaimDraft) -> int:
    return sum(end - start for start, end in claim.parts)
