"""The terminals of the date grammar: numbers, years, days and the classes of the lexicon."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

from dragoman.knowledge.dates import DateLexicon, Word

_YEARS = range(1000, 2200)
_CENTURY_SPLIT = 40  # a year in two digits from which it lies in the last century
_DAY = re.compile(r"(\d{1,2})(st|nd|rd|th)?")
_CLOCK = re.compile(
    r"(?:\d{1,2} : \d\d (?:am |pm |[ap] (?:\. )?m (?:\. )?)?|\d{1,2} (?:am |pm |[ap] (?:\. )?m (?:\. )?|o ' clock ))"
    r"(?:local time |gmt |utc )?"
)
_DECADE = re.compile(r"'?(\d\d)?(\d)0s")


NUMERIC = "0"
"""Stands for every word that begins with a digit among the words that something can begin with."""

Match: TypeAlias = tuple[int, Any]
"""Where a match ends (exclusive) and what it means."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number of units, exact or between bounds."""

    low: float
    high: float
    approximate: bool = False


class Words(Protocol):
    """What a terminal looks at."""

    words: Sequence[Word]
    lower: list[str]
    lexicon: DateLexicon
    phrase_only: bool

    def phrase(self, group: str, position: int) -> Match | None:
        """The longest phrase of a group of the lexicon at a word, with its value."""
        ...


def _capital(group: str) -> Callable[[Words, int], Match | None]:
    def match(matcher: Words, position: int) -> Match | None:
        if not matcher.phrase_only and not matcher.words[position].capital:
            return None
        return matcher.phrase(group, position)

    return match


def _thing(matcher: Words, position: int) -> Match | None:
    """An event that a date is counted from. Its words are not part of the date expression in a sentence."""
    if not matcher.lower[position].isalpha():
        return None
    return (len(matcher.lower) if matcher.phrase_only else position), True


def _between(matcher: Words, position: int) -> Match | None:
    return (position + 1, True) if matcher.lower[position] in ("and", "&") else None


def _year(matcher: Words, position: int) -> Match | None:
    word = matcher.lower[position]
    if len(word) == 4 and word.isdecimal() and int(word) in _YEARS:
        return position + 1, int(word)
    if len(word) == 3 and word[0] == "'" and word[1:].isdecimal():  # '68, '22
        return position + 1, int(word[1:]) + (1900 if int(word[1:]) >= _CENTURY_SPLIT else 2000)
    return None


def _short_year(matcher: Words, position: int) -> Match | None:
    word = matcher.lower[position]
    return (position + 1, int(word)) if len(word) == 2 and word.isdecimal() else None


def _daynum(matcher: Words, position: int) -> Match | None:
    match = _DAY.fullmatch(matcher.lower[position])
    if match:
        number = int(match.group(1))
        return (position + 1, number) if 1 <= number <= 31 else None
    found = _ordinal(matcher, position)
    return found if found and found[1] <= 31 else None


def _dayth(matcher: Words, position: int) -> Match | None:
    match = _DAY.fullmatch(matcher.lower[position])
    if match and match.group(2) and 1 <= int(match.group(1)) <= 31:
        return position + 1, int(match.group(1))
    return None


def _ordinal(matcher: Words, position: int) -> Match | None:
    lower, lexicon = matcher.lower, matcher.lexicon
    word = lower[position]
    match = re.fullmatch(r"(\d+)(?:st|nd|rd|th)", word)
    if match:
        return position + 1, int(match.group(1))
    tens = lexicon.numbers.get(word)
    if tens is not None and tens >= 20 and position + 1 < len(lower):
        step = 2 if lower[position + 1] == "-" else 1
        unit = lexicon.ordinals.get(lower[position + step]) if position + step < len(lower) else None
        if unit is not None and unit < 10:
            return position + step + 1, tens + unit
    value = lexicon.ordinals.get(word)
    return (position + 1, value) if value is not None else None


def _decade(matcher: Words, position: int) -> Match | None:
    word = matcher.lower[position]
    match = _DECADE.fullmatch(word)
    if match:
        year = int(match.group(1) or 19) * 100 + int(match.group(2)) * 10
        return position + 1, year
    value = matcher.lexicon.decades.get(word)
    return (position + 1, 1900 + value) if value is not None else None


def _quarter(matcher: Words, position: int) -> Match | None:
    match = re.fullmatch(r"q([1-4])", matcher.lower[position])
    return (position + 1, int(match.group(1))) if match else None


def _half_year(matcher: Words, position: int) -> Match | None:
    match = re.fullmatch(r"h([12])", matcher.lower[position])
    return (position + 1, int(match.group(1))) if match else None


def _clock(matcher: Words, position: int) -> Match | None:
    """A time of day: 5 pm, 10 a.m., 9:30, 17:00 GMT."""
    match = _CLOCK.match(" ".join(matcher.lower[position : position + 9]) + " ")
    return (position + match.group().count(" "), True) if match else None


def _numeric(matcher: Words, position: int) -> Match | None:
    match = re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", matcher.lower[position])
    return (position + 1, tuple(match.group(1, 3, 4))) if match else None


def _plural(matcher: Words, position: int) -> Match | None:
    unit = matcher.lexicon.units.get(matcher.lower[position])
    return (position + 1, unit) if unit and matcher.lower[position] != unit else None


def _singular(matcher: Words, position: int) -> Match | None:
    unit = matcher.lexicon.units.get(matcher.lower[position])
    return (position + 1, unit) if unit and matcher.lower[position] == unit else None


def _cardinal(matcher: Words, position: int) -> Match | None:
    """A number in digits or words: 12, 2.5, 1,000, twenty-five, two hundred."""
    lower, lexicon = matcher.lower, matcher.lexicon
    word = lower[position].replace(",", "")
    if re.fullmatch(r"\d+(?:\.\d+)?", word):
        return position + 1, float(word)
    value = lexicon.numbers.get(word)
    if value is None:
        if word in ("a", "an") and position + 1 < len(lower) and lower[position + 1] in lexicon.multipliers:
            return position + 2, float(lexicon.multipliers[lower[position + 1]])
        return None
    position += 1
    if value >= 20 and position < len(lower):
        step = 1 if lower[position] == "-" else 0
        unit = lexicon.numbers.get(lower[position + step]) if position + step < len(lower) else None
        if unit is not None and unit < 10:
            value, position = value + unit, position + step + 1
    if position < len(lower) and lower[position] in lexicon.multipliers:
        value, position = value * lexicon.multipliers[lower[position]], position + 1
    return position, float(value)


def _count(matcher: Words, position: int) -> Match | None:
    """A count with its bounds: "about 20", "two or three", "a few", "two and a half", "five-odd"."""
    lower, lexicon = matcher.lower, matcher.lexicon
    approximate = False
    lead = matcher.phrase("approximators", position)
    if lead is not None and lead[0] < len(lower):
        approximate = " ".join(lower[position : lead[0]]) not in lexicon.exact
        position = lead[0]
    found = _cardinal(matcher, position)
    vague = matcher.phrase("vague", position)
    if vague is not None and (found is None or vague[0] > found[0]):
        low, high = vague[1]
        return vague[0], Count(low, high, approximate or low != high)
    if found is None:
        return None
    end, low = found
    if end + 1 < len(lower) and lower[end] in ("or", "to", "-", "–"):
        other = _cardinal(matcher, end + 1)
        if other is not None and other[1] > low:
            return other[0], Count(low, other[1], True)
    if lower[end : end + 3] == ["and", "a", "half"]:
        return end + 3, Count(low + 0.5, low + 0.5, approximate)
    if lower[end : end + 2] in (["or", "so"], ["-", "odd"]):
        return end + 2, Count(low, low, True)
    return end, Count(low, low, approximate)


TERMINALS: dict[str, Callable[[Words, int], Match | None]] = {
    "MONTH": _capital("months"),
    "WEEKDAY": _capital("weekdays"),
    "THING": _thing,
    "BETWEEN": _between,
    "SEASON": lambda matcher, position: matcher.phrase("seasons", position),
    "UNIT": lambda matcher, position: matcher.phrase("units", position),
    "PART": lambda matcher, position: matcher.phrase("parts", position),
    "DAYPART": lambda matcher, position: matcher.phrase("dayparts", position),
    "DAYWORD": lambda matcher, position: matcher.phrase("days", position),
    "UNITS": _plural,
    "ONEUNIT": _singular,
    "YEAR": _year,
    "SHORTYEAR": _short_year,
    "DAYNUM": _daynum,
    "DAYTH": _dayth,
    "ORDINAL": _ordinal,
    "DECADE": _decade,
    "QUARTER": _quarter,
    "HALFYEAR": _half_year,
    "CLOCK": _clock,
    "NUMERIC": _numeric,
    "COUNT": _count,
}
"""What matches a terminal. A name that is not here is that of a group of the lexicon."""

_GROUPS: dict[str, tuple[str, ...]] = {
    "MONTH": ("months",),
    "WEEKDAY": ("weekdays",),
    "SEASON": ("seasons",),
    "UNIT": ("units",),
    "UNITS": ("units",),
    "ONEUNIT": ("units",),
    "PART": ("parts",),
    "DAYPART": ("dayparts",),
    "DAYWORD": ("days",),
    "DAYNUM": ("ordinals", "numbers"),
    "ORDINAL": ("ordinals", "numbers"),
    "DECADE": ("decades",),
    "COUNT": ("approximators", "numbers", "vague", "multipliers"),
    "YEAR": (),
    "SHORTYEAR": (),
    "DAYTH": (),
    "NUMERIC": (),
    "CLOCK": (),
}
"""Groups of the lexicon that a terminal's words are in; numbers in digits come on top."""

_LITERAL: dict[str, frozenset[str]] = {
    "QUARTER": frozenset(("q1", "q2", "q3", "q4")),
    "HALFYEAR": frozenset(("h1", "h2")),
    "BETWEEN": frozenset(("and", "&")),
}


def first_words(terminal: str, lexicon: DateLexicon) -> frozenset[str] | None:
    """The words that a terminal can begin with (``NUMERIC`` for digits); None when any."""
    if terminal == "THING":
        return None
    if terminal in _LITERAL:
        return _LITERAL[terminal]
    groups = _GROUPS.get(terminal, (terminal.lower(),))
    words = {phrase.split()[0] for group in groups for phrase in getattr(lexicon, group)}
    return frozenset(words | {NUMERIC})
