"""The evidence of a reading's records as marks over its text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from dragoman.knowledge.places import settings
from dragoman.marking import Mark, segments
from dragoman.reading.layout import blocks
from dragoman.records import Actor, Claim, Event

ORDER = ("content", "actor", "place", "time", "quantity", "source", "cue", "trigger")
"""Kinds of marks; a later one is drawn over an earlier one."""
_REACH = 20  # characters before a name in which its preposition stands


def marks_of(text: str, actors: Sequence[Actor], claims: Sequence[Claim], events: Sequence[Event]) -> list[Mark]:
    """Every piece of evidence, named by the record that it belongs to."""
    marks: list[Mark] = []
    where = settings_of(text, actors, claims, events)
    for number, actor in enumerate(actors, 1):
        marks += (Mark(s.start, s.end, "place" if s.start in where else "actor", f"a{number}") for s in actor.mentions)
    for claim in claims:
        marks += (Mark(p.start, p.end, "content", claim.id) for p in claim.parts)
        for kind, words in (("source", claim.source), ("cue", claim.cue)):
            if words is not None:
                marks.append(Mark(words.start, words.end, kind, claim.id))
    for event in events:
        marks.append(Mark(event.trigger.start, event.trigger.end, "trigger", event.id))
        if event.place is not None:
            marks.append(Mark(event.place.span.start, event.place.span.end, "place", event.id))
        marks += (Mark(q.span.start, q.span.end, "quantity", event.id) for q in event.quantities)
    return marks


def settings_of(text: str, actors: Iterable[Actor], claims: Iterable[Claim], events: Iterable[Event]) -> set[int]:
    """Where the mentions begin of states that are named only as where something is, and act in no record there.

    "Met in Hanoi" names a place; "called on Hanoi" does not.
    """
    parties = {ref.span.start for event in events for ref in (*event.actors, *event.recipients)}
    parties |= {claim.speaker.span.start for claim in claims if claim.speaker is not None}
    named = {span.start for actor in actors if actor.kind == "state" for span in actor.mentions}
    return {start for start in named - parties if _is_setting(text, start)}


def _is_setting(text: str, start: int) -> bool:
    """Whether a preposition of place stands right before: "in Hanoi", "near the Gaza Strip"."""
    before = text[max(0, start - _REACH) : start].lower().split()
    return (
        text[start].isupper()
        and bool(before)
        and before[-2 if before[-1] == "the" and len(before) > 1 else -1] in settings()
    )


def marked_html(text: str, marks: Iterable[Mark]) -> str:
    """``text`` as HTML, escaped, in paragraphs, with a ``<span class="kinds">`` around each marked segment.

    Classes are ``dm-KIND``; ``title`` names the kinds, so that the marks do not rest on colour alone.
    """
    kept = list(marks)
    return "\n".join(
        f"<p>{''.join(_segment_html(s.text, s.marks) for s in segments(text, kept, start, end))}</p>"
        for start, end in blocks(text)
    )


def _segment_html(text: str, marks: tuple[Mark, ...]) -> str:
    if not marks:
        return escape(text)
    kinds = [kind for kind in ORDER if any(m.kind == kind for m in marks)]
    classes = " ".join(f"dm-{kind}" for kind in kinds)
    return f'<span class="{classes}" title="{", ".join(kinds)}">{escape(text)}</span>'
