"""The paragraphs of a text as a reader sees them: lines that were only broken to fit a page flow together.

Blank lines, speakers' labels and the items of lists part paragraphs. Offsets are the stored text's; nothing is changed.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from dragoman.reading.normalise import parts_lines
from dragoman.reading.turn_labels import find_labels

_LINE = re.compile(r"[^\n]*\n?")
_ITEM = re.compile(r"\s*(?:[-*\u2022\u00b7\u2013\u25aa\u25e6]\s|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)]\s)")
_WRAPPED = 120  # characters of the longest line that is a part of a paragraph, not one
_SHORT = 0.7  # of the block's longest line; a shorter one that ends a sentence ends a paragraph
_CLOSES = tuple(".!?:\"'\u201d\u2019)]")


def blocks(text: str) -> list[tuple[int, int]]:
    """Start and end of each paragraph that holds something, without the blanks around it."""
    labels = [label.start for label in find_labels(text)]
    lines_apart = parts_lines(text)
    found: list[tuple[int, int]] = []
    for start, end in _between_blank_lines(text):
        lines = [(start + m.start(), start + m.end()) for m in _LINE.finditer(text[start:end]) if m.group()]
        longest = max(len(text[a:b].strip()) for a, b in lines)
        first = start
        for (before, edge), (_, after) in itertools.pairwise(lines):
            line = text[before:edge].strip()
            ends = line.endswith(_CLOSES) and len(line) < _SHORT * longest
            apart = lines_apart or longest > _WRAPPED or ends
            if apart or _ITEM.match(text, edge, after) or any(edge <= label < after for label in labels):
                found.append((first, edge))
                first = edge
        found.append((first, end))
    return [_trimmed(text, start, end) for start, end in found]


def headline_end(text: str, title: str | None) -> int | None:
    """Where the paragraph ends with which a text gives its own title; None where it begins with something else."""
    first = next(iter(blocks(text)), None)
    if first is None or title is None or "".join(text[slice(*first)].split()) != "".join(title.split()):
        return None
    return first[1]


def _between_blank_lines(text: str) -> Iterator[tuple[int, int]]:
    start: int | None = None
    for match in _LINE.finditer(text):
        if match.group().strip():
            start = match.start() if start is None else start
        elif start is not None:
            yield start, match.start()
            start = None
    if start is not None:
        yield start, len(text)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    kept = text[start:end]
    return start + len(kept) - len(kept.lstrip()), end - len(kept) + len(kept.rstrip())
