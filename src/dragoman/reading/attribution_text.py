"""A parsed text as the search for attributions needs it: subtrees as ranges, and what stands in quotation marks."""

from __future__ import annotations

import functools
from bisect import bisect_right
from itertools import accumulate

from dragoman.reading.parse import Parse
from dragoman.reading.quotations import Quotation, blocks_of, find_quotations, quoted_tokens

Range = tuple[int, int]

_EDGE = frozenset((",", ".", ";", ":", "-", "–", "—", "--", "!", "?"))


class Text:
    """A parse with what the search needs of it: the edges of each token's subtree and the quotations."""

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.tokens = parse.tokens
        self.quotations: list[Quotation] = find_quotations(parse.text, blocks_of(parse))
        self.inside = quoted_tokens(parse, self.quotations)
        self.span_of = [_span_of(parse, quotation) for quotation in self.quotations]
        """First token and end of each quotation; an empty range for one without tokens."""
        self.left, self.right = _edges(parse)

    @functools.cached_property
    def quoted_before(self) -> list[int]:
        """How many tokens stand in quotation marks before each token."""
        return [0, *accumulate(number >= 0 for number in self.inside)]

    @functools.cached_property
    def named_before(self) -> list[int]:
        """How many tokens of names stand before each token."""
        return [0, *accumulate(token.ent != "" for token in self.tokens)]

    def reach(self, i: int) -> Range:
        """The tokens from the first to the last of token ``i``'s subtree."""
        return self.left[i], self.right[i] + 1

    def quoted_characters(self, start: int, end: int) -> int:
        """How many code points of a stretch of the text stand in quotations, marks included."""
        quoted = 0
        for number in range(bisect_right(self.quotations, start, key=_end), len(self.quotations)):
            quotation = self.quotations[number]
            if quotation.start >= end:
                break
            quoted += min(end, quotation.end) - max(start, quotation.start)
        return quoted

    def trimmed(self, first: int, last: int) -> Range:
        """The range without punctuation at its edges; quotation marks stay."""
        tokens = self.tokens
        if first >= last or (tokens[first].text not in _EDGE and tokens[last - 1].text not in _EDGE):
            return first, last
        while first < last and tokens[first].text in _EDGE:
            first += 1
        while last > first and tokens[last - 1].text in _EDGE:
            last -= 1
        return first, last


def _end(quotation: Quotation) -> int:
    return quotation.end


def _span_of(parse: Parse, quotation: Quotation) -> Range:
    first, last = parse.token_at(quotation.start), parse.token_at(quotation.end)
    return (first, last) if first < last else (0, 0)


def _edges(parse: Parse) -> tuple[list[int], list[int]]:
    """The first and the last token of each subtree, worked out from the leaves to the roots."""
    tokens = parse.tokens
    left = list(range(len(tokens)))
    right = list(left)
    order = [i for i in left if tokens[i].head == i]
    for i in order:  # grows: each token comes after what it hangs on
        order += tokens[i].children
    for i in reversed(order):
        head = tokens[i].head
        if left[i] < left[head]:
            left[head] = left[i]
        if right[i] > right[head]:
            right[head] = right[i]
    return left, right
