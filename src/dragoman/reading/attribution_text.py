"""A parsed text as the search for attributions needs it: subtrees as ranges, and what stands in quotation marks."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate

from dragoman.reading.parse import Parse
from dragoman.reading.quotations import Quotation, blocks_of, find_quotations, quoted_tokens

Range = tuple[int, int]

_EDGE = frozenset((",", ".", ";", ":", "-", "–", "—", "--", "!", "?"))


class Text:
    """A parse with what the search needs of it: the edges of each token's subtree and the quotations."""

    __slots__ = ("inside", "left", "named_before", "parse", "quotations", "quoted_before", "right", "span_of", "tokens")

    def __init__(self, parse: Parse) -> None:
        self.parse = parse
        self.tokens = parse.tokens
        self.quotations: list[Quotation] = find_quotations(parse.text, blocks_of(parse))
        self.inside = quoted_tokens(parse, self.quotations)
        self.span_of = _spans_of(self.inside, len(self.quotations))
        self.left, self.right = _edges(parse)
        self.quoted_before = [0, *accumulate(number >= 0 for number in self.inside)]
        """How many tokens stand in quotation marks before each token."""
        self.named_before = [0, *accumulate(token.ent != "" for token in parse.tokens)]
        """How many tokens of names stand before each token."""

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
        while first < last and tokens[first].text in _EDGE:
            first += 1
        while last > first and tokens[last - 1].text in _EDGE:
            last -= 1
        return first, last


def _end(quotation: Quotation) -> int:
    return quotation.end


def _spans_of(inside: list[int], count: int) -> list[Range]:
    """First token and end of each quotation; an empty range for one without tokens."""
    spans: list[Range] = [(0, 0)] * count
    for i, number in enumerate(inside):
        if number >= 0:
            first, last = spans[number]
            spans[number] = (first if last else i, i + 1)
    return spans


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
