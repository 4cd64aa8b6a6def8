"""Numbers that belong to an event, with their unit and the bounds that words such as "about" or "at least" set."""

from __future__ import annotations

import re

from dragoman.knowledge.event_words import NumberWords
from dragoman.reading.parse import Parse, Token
from dragoman.records import Quantity

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SPREAD = 0.1  # share by which "about" may be off


def quantities_near(parse: Parse, head: int, words: NumberWords) -> tuple[Quantity, ...]:
    """Numbers that count the subject, the object or the means of a predicate, in text order."""
    found: list[Quantity] = []
    for child in parse.children(head, "dobj", "nsubjpass", "nsubj", "prep", "agent", "dative"):
        nouns = parse.children(child.i, "pobj") if child.dep in ("prep", "agent") else [child]
        for noun in nouns:
            found += _of_noun(parse, noun, words)
    return tuple(found)


def _of_noun(parse: Parse, noun: Token, known: NumberWords) -> list[Quantity]:
    numbers = parse.children(noun.i, "nummod")
    if not numbers and (noun.pos == "NUM" or noun.lower in known.open_plurals):
        numbers = [noun]
    found = []
    for number in numbers:
        if noun.ent in ("DATE", "TIME") or number.ent in ("DATE", "TIME"):
            continue
        value = _value(parse, number, known)
        if value is None:
            continue
        first = min([number.i, *(c.i for c in parse.children(number.i, "compound", "quantmod", "advmod", "nmod"))])
        words = {parse.tokens[k].lower for k in range(max(0, first - 2), number.i)}
        low, high = _bounds(value, words, number, known)
        unit = _unit(parse, noun, number)
        found.append(Quantity(value, low, high, unit, parse.span(first, max(noun.i, number.i) + 1)))
    return found


def _value(parse: Parse, number: Token, known: NumberWords) -> float | None:
    parts = [*(c for c in parse.children(number.i, "compound", "nummod") if c.i < number.i), number]
    value: float | None = None
    for part in parts:
        match = _DIGITS.fullmatch(part.text)
        step = float(match[0].replace(",", "")) if match else known.values.get(part.lower)
        if step is None:
            return None
        value = step if value is None else value * step if part.lower in known.scales else value + step
    return value


def _bounds(value: float, words: set[str], number: Token, known: NumberWords) -> tuple[float | None, float | None]:
    if words & known.at_most and not words & {"more", "least"}:
        return None, value
    if words & known.at_least:
        return value, None
    if words & known.about:
        return value * (1 - _SPREAD), value * (1 + _SPREAD)
    if number.lower in known.open_plurals:
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
