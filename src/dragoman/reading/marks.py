"""The evidence of a reading's records as marks over its text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from dragoman.marking import Mark, segments
from dragoman.records import Actor, Claim, Event

ORDER = ("content", "actor", "place", "time", "quantity", "source", "cue", "trigger")
"""Kinds of marks; a later one is drawn over an earlier one."""


def marks_of(actors: Iterable[Actor], claims: Iterable[Claim], events: Iterable[Event]) -> list[Mark]:
    """Every piece of evidence, named by the record that it belongs to."""
    marks: list[Mark] = []
    for number, actor in enumerate(actors, 1):
        marks += (Mark(s.start, s.end, "actor", f"a{number}") for s in actor.mentions)
    for claim in claims:
        marks += (Mark(p.start, p.end, "content", claim.id) for p in claim.parts)
        for kind, span in (("source", claim.source), ("cue", claim.cue)):
            if span is not None:
                marks.append(Mark(span.start, span.end, kind, claim.id))
    for event in events:
        marks.append(Mark(event.trigger.start, event.trigger.end, "trigger", event.id))
        if event.place is not None:
            marks.append(Mark(event.place.span.start, event.place.span.end, "place", event.id))
        marks += (Mark(q.span.start, q.span.end, "quantity", event.id) for q in event.quantities)
    return marks


def marked_html(text: str, marks: Iterable[Mark]) -> str:
    """``text`` as HTML, escaped, in paragraphs, with a ``<span class="kinds">`` around each marked segment.

    Classes are ``dm-KIND``; ``title`` names the kinds, so that the marks do not rest on colour alone.
    """
    kept = list(marks)
    paragraphs: list[str] = []
    start = 0
    for block in text.split("\n"):
        end = start + len(block)
        if block.strip():
            paragraphs.append(
                f"<p>{''.join(_segment_html(s.text, s.marks) for s in segments(text, kept, start, end))}</p>"
            )
        start = end + 1
    return "\n".join(paragraphs)


def _segment_html(text: str, marks: tuple[Mark, ...]) -> str:
    if not marks:
        return escape(text)
    kinds = [kind for kind in ORDER if any(m.kind == kind for m in marks)]
    classes = " ".join(f"dm-{kind}" for kind in kinds)
    return f'<span class="{classes}" title="{", ".join(kinds)}">{escape(text)}</span>'
