"""Which state a role noun's phrase names: before the noun, "of" it, or behind where its people are from."""

from __future__ import annotations

from collections.abc import Container

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.actor_names import NameMatch
from dragoman.reading.noun_phrases import complement, complements, premodified
from dragoman.reading.parse import Parse


def country_of(name: NameMatch | None) -> str | None:
    """The state, body of states or armed group that a name acts for."""
    if name is None or not name.entries:
        return name.country if name is not None else None
    entry = name.entries[0]
    return entry.id if entry.kind in ("state", "igo", "armed_group") else entry.country


def office_of(parse: Parse, nouns: Container[str], i: int) -> tuple[str, int] | None:
    """A noun of office with what it is "of", and where that ends: "the Ministry of Defence"."""
    tokens = parse.tokens
    inner = complement(parse, i, "of")
    if inner is None or inner > i + 4:
        return None
    noun = " ".join(tokens[k].lower for k in range(i, inner + 1))
    return (noun, inner + 1) if noun in nouns else None


def state_of_role(
    parse: Parse, words: ReferenceWords, i: int, first: int, last: int, by_token: dict[int, NameMatch]
) -> tuple[str | None, int]:
    """The state that the phrase names, and where the phrase ends with it ("the president of Kenya")."""
    for k in range(last - 1, first - 1, -1):
        found = country_of(by_token.get(k))
        if found is not None:
            return found, last
    abroad = not words.foreign.isdisjoint(parse.tokens[k].lower for k in range(first, i))
    for preposition in words.belonging:
        if abroad and preposition != "of" and preposition != "from":
            continue  # "Western hostages in Peru" are not Peru's
        for inner in complements(parse, i, preposition):
            found = country_of(by_token.get(inner))
            if found is not None:
                near = preposition == "of" and inner < last + 3
                return found, max(last, by_token[inner].last) if near else last
            # "the mayor of a Mexican town", "a convoy of Chadian soldiers"
            for k in range(premodified(parse, inner)[0], inner):
                found = country_of(by_token.get(k)) if inner not in by_token else None
                if found is not None:
                    return found, max(last, inner + 1) if preposition == "of" else last
    return _force_behind(parse, i, by_token), last


def _force_behind(parse: Parse, i: int, by_token: dict[int, NameMatch]) -> str | None:
    """The armed group behind "from", whatever the parser hangs it to: "killed eight militants from the PKK"."""
    tokens = parse.tokens
    if i + 2 >= len(tokens) or tokens[i + 1].lower != "from":
        return None
    inner = next((child.i for child in parse.children(i + 1, "pobj")), None)
    name = by_token.get(inner) if inner is not None else None
    group = name is not None and bool(name.entries) and name.entries[0].kind == "armed_group"
    return country_of(name) if group else None
