"""From token ranges to the exact characters of a content: quotation marks in, stray punctuation out."""

from __future__ import annotations

from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_text import Text

Range = tuple[int, int]


def characters(text: Text, candidate: Candidate) -> tuple[Range, ...]:
    """The content as characters of the stored text, in order and without overlap.

    A part that fills a quotation takes its marks along, with the stop or comma inside them.
    """
    parts = sorted(_widened(text, first, last) for first, last in candidate.parts)
    joined: list[Range] = []
    for start, end in parts:
        if joined and start <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)


def _widened(text: Text, first: int, last: int) -> Range:
    tokens, inside = text.tokens, text.inside
    start, end = tokens[first].start, tokens[last - 1].end
    number = inside[first]
    if number >= 0 and text.span_of[number][0] in (first, first - 1):
        start = text.quotations[number].start
    number = inside[last - 1]
    if number >= 0 and all(tokens[i].pos == "PUNCT" for i in range(last, text.span_of[number][1])):
        end = text.quotations[number].end
    return start, end


def source_characters(text: Text, candidate: Candidate) -> tuple[Range, ...]:
    """The source as characters of the stored text: one range, or none."""
    if candidate.source is None:
        return ()
    first, last = candidate.source
    return ((text.tokens[first].start, text.tokens[last - 1].end),)
