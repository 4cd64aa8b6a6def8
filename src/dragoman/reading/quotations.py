"""Stretches of a text between quotation marks.

Five kinds of marks are read: curly, straight, low („so“), angled (either way round) and doubled single ones. A
quotation that is not closed where its paragraph ends is taken to go on only when the next paragraph opens with a mark
again (the press's custom); else it ends with its paragraph when it opened with a curly mark, and a straight
mark without a partner is none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.reading.parse import Parse

_MARK = re.compile(r"[“”„‟«»\"]|''|``")
_OPENING = frozenset(("“", "„", "‟", "«", "``"))
_CLOSING = frozenset(("”", "»"))
_CLOSED_BY = {"„": frozenset("“”‟"), "»": frozenset("«")}
"""What closes a quotation that a mark opened, where that is not any mark but the opening ones."""
_SINGLE = re.compile(r"(?<!\w)[‘'](?=\w)([^‘\"“”\n]{12,600}?[\w.,!?])[’'](?!\w)")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters ``start`` to ``end`` (exclusive) of the stored text, marks included."""

    start: int
    end: int
    closed: bool = True


def find_quotations(text: str, blocks: Sequence[tuple[int, int]]) -> list[Quotation]:
    """The outermost quotations of a text in order; they never overlap.

    Args:
        text: the stored text.
        blocks: start and end of each paragraph.
    """
    found: list[Quotation] = []
    for number, (start, end) in enumerate(blocks):
        opened: int | None = None
        opener = ""
        marked = False
        for match in _MARK.finditer(text, start, end):
            marked = True
            mark = match.group()
            if opened is None:
                if _cannot_open(mark, text, match.span(), (start, end)):
                    continue
                opened, opener = match.start(), mark
            elif mark in _CLOSED_BY[opener] if opener in _CLOSED_BY else mark not in _OPENING:
                found.append(Quotation(opened, match.end()))
                opened = None
        if opened is not None:
            follows = number + 1 < len(blocks) and _MARK.match(text, blocks[number + 1][0])
            if follows or opener in _OPENING or opener in _CLOSING:
                found.append(Quotation(opened, end, closed=False))
        elif not marked:
            found.extend(Quotation(m.start(), m.end()) for m in _SINGLE.finditer(text, start, end))
    return [q for q in found if q.end - q.start > 2]


def _cannot_open(mark: str, text: str, place: tuple[int, int], block: tuple[int, int]) -> bool:
    if mark == "»":  # closes in French, opens in German and Danish books
        before, after = text[max(block[0], place[0] - 1) : place[0]], text[place[1] : block[1]][:1]
        return not after.isalnum() or not (not before or before.isspace() or before in "([—–-:")
    return mark in _CLOSING or (mark not in _OPENING and _closes(text, place[1], block[1], place[0], block[0]))


def _closes(text: str, after: int, end: int, before: int, start: int) -> bool:
    """Whether a straight mark without an open partner stands where only a closing one can."""
    glued_left = before > start and not text[before - 1].isspace() and text[before - 1] not in "([—–-:"
    return glued_left and (after >= end or not text[after].isalnum())


def blocks_of(parse: Parse) -> list[tuple[int, int]]:
    """Start and end of each paragraph that the parse holds."""
    blocks: list[tuple[int, int]] = []
    current = -1
    for sentence in parse.sentences:
        start, end = parse.tokens[sentence.first].start, parse.tokens[sentence.last - 1].end
        if sentence.paragraph == current:
            blocks[-1] = (blocks[-1][0], end)
        else:
            blocks.append((start, end))
            current = sentence.paragraph
    return blocks


def quoted_tokens(parse: Parse, quotations: Sequence[Quotation]) -> list[int]:
    """For each token the index of the quotation that it stands in, or -1."""
    inside = [-1] * len(parse.tokens)
    for number, quotation in enumerate(quotations):
        first, last = parse.token_at(quotation.start), parse.token_at(quotation.end)
        inside[first:last] = [number] * (last - first)
    return inside
