"""What stands in a stored text and is not read: invisible signs, and line ends that part a word."""

from __future__ import annotations

import re

from dragoman.reading.annotate import annotator

INVISIBLE = frozenset(
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_ANY = re.compile(f"[{''.join(sorted(INVISIBLE))}]")
_PARTED = re.compile(r"(?<=[^\W_])([-\u2010\u00ad])\u200b?([ \t]*\r?\n[ \t>]*)(?=[^\W_])")
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]+[-\u2010])*[^\W\d_]+$")
_WORD_BEHIND = re.compile(r"[^\W\d_]+")
_LONGEST = 40  # letters of half a word


def parting(text: str, start: int, end: int) -> dict[int, int]:
    """The stretches of ``text[start:end]`` at which a line ends within a word, as start to end of what is not read.

    A typesetter's hyphen ("con-" and "demned") is among it; a word's own ("long-" and "range") is not.
    """
    found: dict[int, int] = {}
    for match in _PARTED.finditer(text, start, end):
        joined = match[1] == "\u00ad" or _joins(text, match.start(), match.end())
        found[match.start() if joined else match.start(2)] = match.end()
    return found


def _joins(text: str, hyphen: int, behind: int) -> bool:
    """Whether the letters on both sides of a hyphen at a line's end are one word."""
    before = _WORD_BEFORE.search(text, max(0, hyphen - _LONGEST), hyphen)
    after = _WORD_BEHIND.match(text, behind, behind + _LONGEST)
    if before is None or after is None:
        return False
    first, second = before.group(), after.group()
    if not second.islower() or not first[-1:].islower() or "-" in first or "\u2010" in first:
        return False  # "pro-" and "Russian", "Jong-" and "un", "commander-in-" and "chief"
    known = annotator().dictionary.knows
    first = first.lower()
    return known(first + second) or not known(first) or not known(second)


def shown(text: str, start: int, end: int) -> tuple[str, list[int]] | None:
    """``text[start:end]`` without what is not read, and each of its code points' place; None where all is read."""
    parted = parting(text, start, end)
    if not parted and not _ANY.search(text, start, end):
        return None
    places, i = [], start
    while i < end:
        if i in parted:
            i = parted[i]
            continue
        if text[i] not in INVISIBLE:
            places.append(i)
        i += 1
    return "".join(text[place] for place in places), places
