"""Numbers that belong to an event, with their unit and the bounds that words such as "about" or "at least" set."""

from __future__ import annotations

import re

from dragoman.reading.parse import Parse, Token
from dragoman.records import Quantity

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90, "dozen": 12, "dozens": 24, "hundred": 100, "hundreds": 200, "thousand": 1_000,
    "thousands": 2_000, "million": 1_000_000, "millions": 2_000_000, "billion": 1_000_000_000, "trillion": 1e12,
}  # fmt: skip
_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "dozen"})
_LOWER = frozenset({"least", "over", "than", "more", "minimum"})
_UPPER = frozenset({"most", "under", "fewer", "less", "up"})
_VAGUE = frozenset({"about", "around", "some", "nearly", "almost", "roughly", "approximately", "estimated"})
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SPREAD = 0.1  # share by which "about" may be off


def quantities_near(parse: Parse, head: int) -> tuple[Quantity, ...]:
    """Numbers that count the subject, the object or the means of a predicate, in text order."""
    found: list[Quantity] = []
    for child in parse.children(head, "dobj", "nsubjpass", "nsubj", "prep", "agent", "dative"):
        nouns = parse.children(child.i, "pobj") if child.dep in ("prep", "agent") else [child]
        for noun in nouns:
            found += _of_noun(parse, noun)
    return tuple(found)


def _of_noun(parse: Parse, noun: Token) -> list[Quantity]:
    numbers = parse.children(noun.i, "nummod")
    if not numbers and (noun.pos == "NUM" or noun.lower in ("hundreds", "thousands", "dozens", "millions")):
        numbers = [noun]
    found = []
    for number in numbers:
        if noun.ent in ("DATE", "TIME") or number.ent in ("DATE", "TIME"):
            continue
        value = _value(parse, number)
        if value is None:
            continue
        first = min([number.i, *(c.i for c in parse.children(number.i, "compound", "quantmod", "advmod", "nmod"))])
        words = {parse.tokens[k].lower for k in range(max(0, first - 2), number.i)}
        low, high = _bounds(value, words, number)
        unit = _unit(parse, noun, number)
        found.append(Quantity(value, low, high, unit, parse.span(first, max(noun.i, number.i) + 1)))
    return found


def _value(parse: Parse, number: Token) -> float | None:
    parts = [*(c for c in parse.children(number.i, "compound", "nummod") if c.i < number.i), number]
    value: float | None = None
    for part in parts:
        match = _DIGITS.fullmatch(part.text)
        step = float(match[0].replace(",", "")) if match else _WORDS.get(part.lower)
        if step is None:
            return None
        value = step if value is None else value * step if part.lower in _SCALES else value + step
    return value


def _bounds(value: float, words: set[str], number: Token) -> tuple[float | None, float | None]:
    if words & _UPPER and not words & {"more", "least"}:
        return None, value
    if words & _LOWER:
        return value, None
    if words & _VAGUE:
        return value * (1 - _SPREAD), value * (1 + _SPREAD)
    if number.lower in ("dozens", "hundreds", "thousands", "millions"):
        return value, None
    return value, value


def _unit(parse: Parse, noun: Token, number: Token) -> str | None:
    beside = parse.children(number.i, "quantmod", "nmod")
    currency = next((c.text for c in beside if c.text in "$€£¥"), None)
    if noun is number and currency is None:
        for child in parse.children(noun.i, "prep"):
            for inner in parse.children(child.i, "pobj"):
                return inner.lower
        return None
    return currency or noun.lower
