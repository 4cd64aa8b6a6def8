"""Overlapping spans over a text, cut into segments that any surface can draw."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mark:
    """A labelled stretch of text: code points ``start`` to ``end``, what it is and the record it belongs to."""

    start: int
    end: int
    kind: str  # actor, recipient, trigger, source, cue, content, time, place, quantity
    record: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text under one set of marks."""

    start: int
    end: int
    text: str
    marks: tuple[Mark, ...]


def segments(text: str, marks: Iterable[Mark], start: int = 0, end: int | None = None) -> Iterator[Segment]:
    """Cut ``text[start:end]`` at every edge of a mark.

    Yields:
        Segments in text order that together are the text, each with the marks over it, longest mark first.
    """
    end = len(text) if end is None else end
    kept = [m for m in marks if m.end > start and m.start < end and m.start < m.end]
    edges = sorted({start, end, *(max(m.start, start) for m in kept), *(min(m.end, end) for m in kept)})
    opening = sorted(kept, key=lambda m: m.start)
    active: list[Mark] = []
    position = 0
    for left, right in itertools.pairwise(edges):
        while position < len(opening) and opening[position].start <= left:
            active.append(opening[position])
            position += 1
        active = [m for m in active if m.end > left]
        order = sorted(active, key=lambda m: (m.start - m.end, m.start, m.kind, m.record))
        yield Segment(left, right, text[left:right], tuple(order))
