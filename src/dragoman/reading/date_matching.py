"""Matching of the date grammar's rules: terminals by the lexicon, optional parts, the longest match wins."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman.knowledge.dates import DateLexicon, Word
from dragoman.reading.periods import Period
from dragoman.records import Basis

_LONGEST_PHRASE = 6  # words
_YEARS = range(1000, 2200)
_INTEGER = re.compile(r"\d+")
_DAY = re.compile(r"(\d{1,2})(st|nd|rd|th)?")
_CLOCK = re.compile(
    r"(?:\d{1,2} : \d\d (?:am |pm |[ap] (?:\. )?m (?:\. )?)?|\d{1,2} (?:am |pm |[ap] (?:\. )?m (?:\. )?|o ' clock ))"
    r"(?:local time |gmt |utc )?"
)
_DECADE = re.compile(r"'?(\d\d)?(\d)0s")


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is read against.

    ``outlook`` is the tense around it: -1 past, 1 future, 0 open.
    """

    published: dt.date | None
    anchor: Period | None = None
    outlook: int = 0


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means. ``kind`` as in DateExpression; ``period`` is None when it cannot be resolved."""

    kind: str
    period: Period | None
    basis: Basis = "explicit"


@dataclass(frozen=True, slots=True)
class Count:
    """A number of units, exact or between bounds."""

    low: float
    high: float
    approximate: bool = False


UNRESOLVED = Meaning("date", None, "relative")
Match: TypeAlias = tuple[int, Any]
Action: TypeAlias = Callable[..., Any]


class Rule:
    """A pattern and what it means.

    Small letters in the pattern are words (``of|in``), capitals are terminals or other rules; ``?`` marks
    what may be left out. The action gets the frame and what the capitals matched (None when left out).
    """

    __slots__ = ("action", "elements")

    def __init__(self, pattern: str, action: Action) -> None:
        self.action = action
        self.elements: list[tuple[str, frozenset[str] | None, bool]] = []
        for part in pattern.split():
            optional = part.endswith("?") and part != "?"
            symbol = part[:-1] if optional else part
            words = None if symbol.isupper() else frozenset(symbol.split("|"))
            self.elements.append((symbol, words, optional))


class Matcher:
    """Matches rules over the words of one text.

    Args:
        words: the text, as cut by ``words_of``.
        lexicon: the date words.
        frame: what relative expressions refer to.
        rules: the rules of each name that patterns use.
        phrase_only: the words are one expression and nothing else (else they are a sentence).
    """

    def __init__(
        self,
        words: Sequence[Word],
        lexicon: DateLexicon,
        frame: Frame,
        rules: dict[str, list[Rule]],
        phrase_only: bool = False,
    ) -> None:
        self.words = words
        self.lower = [word.lower for word in words]
        self.lexicon = lexicon
        self.frame = frame
        self.phrase_only = phrase_only
        self._rules = rules
        self._seen: dict[tuple[str, int], Match | None] = {}

    def longest(self, name: str, start: int) -> Match | None:
        """The longest match of the rules ``name`` at a word: where it ends and what it means."""
        key = (name, start)
        if key in self._seen:
            return self._seen[key]
        self._seen[key] = None  # a rule that comes back to itself at the same word does not match
        best: Match | None = None
        for rule in self._rules[name]:
            found = self._follow(rule, 0, start, [])
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        self._seen[key] = best
        return best

    def _follow(self, rule: Rule, index: int, position: int, captured: list[Any]) -> Match | None:
        if index == len(rule.elements):
            meaning = rule.action(self.frame, *captured)
            return None if meaning is None else (position, meaning)
        symbol, words, optional = rule.elements[index]
        if words is not None:
            if position < len(self.lower) and self.lower[position] in words:
                found = self._follow(rule, index + 1, position + 1, captured)
                if found is not None:
                    return found
        else:
            match = self.symbol(symbol, position)
            if match is not None:
                found = self._follow(rule, index + 1, match[0], [*captured, match[1]])
                if found is not None:
                    return found
        if optional:
            return self._follow(rule, index + 1, position, captured if words is not None else [*captured, None])
        return None

    def symbol(self, name: str, position: int) -> Match | None:
        """What a terminal or rule matches at a word."""
        if position >= len(self.lower):
            return None
        if name in self._rules:
            return self.longest(name, position)
        key = (name, position)
        if key not in self._seen:
            special = _SPECIAL.get(name)
            self._seen[key] = special(self, position) if special else self.phrase(name.lower(), position)
        return self._seen[key]

    def phrase(self, group: str, position: int) -> Match | None:
        """The longest phrase of a group of the lexicon at a word, with its value."""
        phrases: dict[str, Any] = getattr(self.lexicon, group)
        for size in range(min(_LONGEST_PHRASE, len(self.lower) - position), 0, -1):
            value = phrases.get(" ".join(self.lower[position : position + size]))
            if value is not None:
                return position + size, value
        return None


def _capital(group: str) -> Callable[[Matcher, int], Match | None]:
    def match(matcher: Matcher, position: int) -> Match | None:
        if not matcher.phrase_only and not matcher.words[position].capital:
            return None
        return matcher.phrase(group, position)

    return match


def _thing(matcher: Matcher, position: int) -> Match | None:
    """An event that a date is counted from. Its words are not part of the date expression in a sentence."""
    if not matcher.lower[position].isalpha():
        return None
    return (len(matcher.lower) if matcher.phrase_only else position), True


def _between(matcher: Matcher, position: int) -> Match | None:
    return (position + 1, True) if matcher.lower[position] in ("and", "&") else None


def _year(matcher: Matcher, position: int) -> Match | None:
    word = matcher.lower[position]
    if len(word) == 4 and word.isdecimal() and int(word) in _YEARS:
        return position + 1, int(word)
    return None


def _short_year(matcher: Matcher, position: int) -> Match | None:
    word = matcher.lower[position]
    return (position + 1, int(word)) if len(word) == 2 and word.isdecimal() else None


def _daynum(matcher: Matcher, position: int) -> Match | None:
    match = _DAY.fullmatch(matcher.lower[position])
    if match:
        number = int(match.group(1))
        return (position + 1, number) if 1 <= number <= 31 else None
    found = _ordinal(matcher, position)
    return found if found and found[1] <= 31 else None


def _dayth(matcher: Matcher, position: int) -> Match | None:
    match = _DAY.fullmatch(matcher.lower[position])
    if match and match.group(2) and 1 <= int(match.group(1)) <= 31:
        return position + 1, int(match.group(1))
    return None


def _ordinal(matcher: Matcher, position: int) -> Match | None:
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


def _decade(matcher: Matcher, position: int) -> Match | None:
    word = matcher.lower[position]
    match = _DECADE.fullmatch(word)
    if match:
        year = int(match.group(1) or 19) * 100 + int(match.group(2)) * 10
        return position + 1, year
    value = matcher.lexicon.decades.get(word)
    return (position + 1, 1900 + value) if value is not None else None


def _quarter(matcher: Matcher, position: int) -> Match | None:
    match = re.fullmatch(r"q([1-4])", matcher.lower[position])
    return (position + 1, int(match.group(1))) if match else None


def _half_year(matcher: Matcher, position: int) -> Match | None:
    match = re.fullmatch(r"h([12])", matcher.lower[position])
    return (position + 1, int(match.group(1))) if match else None


def _clock(matcher: Matcher, position: int) -> Match | None:
    """A time of day: 5 pm, 10 a.m., 9:30, 17:00 GMT."""
    match = _CLOCK.match(" ".join(matcher.lower[position : position + 9]) + " ")
    return (position + match.group().count(" "), True) if match else None


def _numeric(matcher: Matcher, position: int) -> Match | None:
    match = re.fullmatch(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", matcher.lower[position])
    return (position + 1, tuple(match.group(1, 3, 4))) if match else None


def _plural(matcher: Matcher, position: int) -> Match | None:
    unit = matcher.lexicon.units.get(matcher.lower[position])
    return (position + 1, unit) if unit and matcher.lower[position] != unit else None


def _singular(matcher: Matcher, position: int) -> Match | None:
    unit = matcher.lexicon.units.get(matcher.lower[position])
    return (position + 1, unit) if unit and matcher.lower[position] == unit else None


def _cardinal(matcher: Matcher, position: int) -> Match | None:
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


def _count(matcher: Matcher, position: int) -> Match | None:
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


_SPECIAL: dict[str, Callable[[Matcher, int], Match | None]] = {
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
