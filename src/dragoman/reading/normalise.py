"""Paragraphs and the text that the parser sees, mapped back to the stored text code point by code point."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator

from dragoman.knowledge.layout import layout
from dragoman.reading.invisible import INVISIBLE, parting
from dragoman.reading.turn_labels import find_labels

_SINGLE = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u02bc": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2212": "-",
    "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\u200a": " ", "\u3000": " ", "\t": " ",
    "\n": " ", "\r": " ", "\x0b": " ", "\x0c": " ", "\u2028": " ", "\u0085": " ",
}  # fmt: skip
_OMISSION = re.compile(r"[\[(]\s*(?:\.\s*\.\s*\.|…)\s*[\])]")
_BESIDES = re.compile(r"(?<=\S) \([a-z][a-z ,'\u2019-]{1,30}\)(?=[ ,.;:])")
"""A short remark in brackets that names nobody: "the then President (and newly elected) Ito met"."""
_BREAK = re.compile(r"\n[ \t\r>]*\n[\s>]*|\r\n[ \t>]*\r\n[\s>]*|\u2029")
_QUOTED_LINE = re.compile(r"(?<![^\n])[ \t]*(?:>[ \t]?)+")
_CAPITALS = "A-Z\u00c0-\u00d6\u00d8-\u00de" + "".join(c for c in map(chr, range(0x100, 0x17F)) if c.isupper())
_DATELINE = re.compile(
    rf"[ \t]*(?:[{_CAPITALS}][{_CAPITALS}.'\u2019 -]{{2,30}}"
    rf"(?:,[ ]?[{_CAPITALS}][\w.' ]{{1,25}}){{0,3}}[ ]?(?:\([\w. /]{{2,30}}\))?"
    r"|[A-Z][a-z]+(?: [A-Z][a-z]+)?,? \([\w. /]{2,30}\))[ ]?(?:--|[\u2013\u2014-]|:)[ ]+"
)
_LONGEST = 20_000  # code points in one piece; a longer paragraph is cut at a space so that memory stays bounded


@functools.cache
def _caption() -> re.Pattern[str]:
    """Where somebody stands in a photograph: "Weiss, second left, and Kano, right, attended"."""
    ranks, sides = ("|".join(words) for words in (layout().caption_ranks, layout().caption_sides))
    return re.compile(rf"(?<=[a-z.]), (?:(?:{ranks}) )?(?:from )?(?:{sides})(?=,)")


@functools.cache
def _line_end() -> re.Pattern[str]:
    """A line break that may part paragraphs.

    Not behind a comma, a hyphen or a word that needs another one, and not before a small letter or a digit where no
    sentence has ended. Blanks at the end of a line ("flowed" mail, text out of a PDF) and the marks before quoted lines
    of mail say nothing.
    """
    by_length = itertools.groupby(sorted(layout().unfinished, key=len), key=len)  # looking behind needs one length
    unfinished = "".join(rf"(?<!\b(?:{'|'.join(words)}))" for _, words in by_length)
    return re.compile(
        rf"(?<![,; \t\u00ad\u2010])(?<!\w-){unfinished}"
        r"(?:(?<=[.!?:\"'\u201d\u2019)])[ \t]*\n|[ \t]*\n(?![ \t>]*[a-z\d]))"
    )


class Normalised:
    """A normalised stretch of text; ``stored(start, end)`` gives the place of its code points in the stored text."""

    __slots__ = ("_ends", "_starts", "headline", "text")

    def __init__(self, text: str, starts: list[int], ends: list[int], headline: bool = False) -> None:
        self.text = text
        self.headline = headline  # one unfinished line in the grammar of headlines
        self._starts = starts
        self._ends = ends

    def stored(self, start: int, end: int) -> tuple[int, int]:
        """The stored offsets of normalised offsets ``start`` to ``end`` (exclusive, not empty)."""
        return self._starts[start], self._ends[end - 1]

    def rewritten(self, text: str, headline: bool = False) -> Normalised:
        """The same stretch with another text of the same length, such as one in another case."""
        return Normalised(text, self._starts, self._ends, headline)

    def with_word(self, position: int, word: str, replaced: int = 0) -> Normalised:
        """The same stretch with a word put in, which stands where the ``replaced`` characters or the next one stand."""
        last = position + max(1, replaced) - 1
        first, end = self._starts[position], self._ends[last]
        count = len(word)
        return Normalised(
            self.text[:position] + word + self.text[position + replaced :],
            [*self._starts[:position], *[first] * count, *self._starts[position + replaced :]],
            [*self._ends[:position], *[end] * count, *self._ends[position + replaced :]],
            self.headline,
        )


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph that holds something, as offsets into ``text``.

    Blank lines part paragraphs. A text without any blank line parts them at line breaks, unless its
    lines look hard-wrapped (most end within a sentence); a line that cannot end there goes on in any case.
    """
    # A label's name belongs to no clause; read with the turn that it opens it becomes a false subject.
    edges = [0, *(edge for label in find_labels(text) for edge in (label.start, label.opened)), len(text)]
    separator = _line_end() if parts_lines(text) else _BREAK
    for position, limit in itertools.pairwise(edges):
        for match in [*separator.finditer(text, position, limit), None]:
            stop = match.start() if match else limit
            yield from _pieces(text, position, stop)
            position = match.end() if match else stop


def parts_lines(text: str) -> bool:
    """Whether a text parts its paragraphs by line breaks alone: it has no blank line, and no line is cut to a width."""
    return _BREAK.search(text) is None and not _hard_wrapped(text)


def _hard_wrapped(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    open_ended = sum(line.rstrip()[-1:] not in ".!?\"'\u201d\u2019:)" for line in lines[:-1])
    return len(lines) > 3 and open_ended > len(lines) / 2 and max(map(len, lines)) < 100


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > _LONGEST:
        cut = text.rfind(" ", start + _LONGEST // 2, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    dateline = _DATELINE.match(text, start, end)
    if dateline is not None:
        # "NAIROBI, Kenya (Agency) -" belongs to no clause; read with the sentence it becomes a false subject.
        yield start, dateline.end()
        start = dateline.end()
    if text[start:end].strip():
        yield start, end


def normalise(text: str, start: int, end: int) -> Normalised:
    """Normalise ``text[start:end]`` for the parser."""
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(character: str, first: int, last: int) -> None:
        out.append(character)
        starts.append(first)
        ends.append(last)

    patterns = (_OMISSION, _caption(), _QUOTED_LINE, _BESIDES)
    passed_over = {m.start(): m.end() for p in patterns for m in p.finditer(text, start, end)}
    passed_over |= parting(text, start, end)
    i = start
    while i < end:
        if i in passed_over:
            i = passed_over[i]
            continue
        character = text[i]
        if character in INVISIBLE or (character != "\n" and character < " " and character not in "\t\r\x0b\x0c"):
            i += 1
            continue
        if character in "\u2013\u2014\u2015" and _inside_word(text, i):
            character = "-"
        character = _SINGLE.get(character, character)
        if character == " " and (not out or out[-1] == " "):
            i += 1
            continue
        if character == "\u2026":
            character = "."
        if character in "\u2013\u2014\u2015":
            # A dash between clauses reads as its own token only with space around it.
            if out and out[-1] != " ":
                put(" ", i, i + 1)
            put("\u2013", i, i + 1)
            if i + 1 < len(text) and not text[i + 1].isspace():
                put(" ", i, i + 1)
        else:
            put(character, i, i + 1)
        i += 1
    return Normalised("".join(out), starts, ends)


def _inside_word(text: str, i: int) -> bool:
    before, after = text[i - 1 : i], text[i + 1 : i + 2]
    return bool(before.isdigit() and after.isdigit()) or (text[i] == "\u2013" and before.isalpha() and after.isalpha())
