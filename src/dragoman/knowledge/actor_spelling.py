"""Names of people in spellings that no entry holds: another order, a short first name, another romanisation.

Two spellings of one name come to the same key, by the rules of ``lexicons/actors/spelling.yml``. A key that leads
to two people leads to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import msgspec

_VOWELS = re.compile(r"[aeiouyh]")
_FEWEST = 5  # consonants that a name needs to be told by them alone
_ALIKE = 0.72  # mean likeness of two names' pieces that their consonants make one
_TELLING = 3  # letters that tell a first name from another, and keep its short form
_LOOSE = "~"  # keys of consonants are kept apart from those of whole names


class SpellingRules(msgspec.Struct, frozen=True, array_like=True):
    """What makes two spellings one name."""

    particles: list[str] = []
    nicknames: dict[str, str] = {}
    plain: list[tuple[str, str]] = []
    consonants: list[tuple[str, str]] = []
    transliterated: list[str] = []  # countries whose names are compared by their consonants
    surname_first: list[str] = []  # countries whose names stand in either order
    known_by_first: list[str] = []  # countries whose people news calls by their first name
    small: frozenset[str] = frozenset()  # small words of names
    opening: frozenset[str] = frozenset()  # small words that begin a name
    unabbreviated: frozenset[str] = frozenset()  # words that a name may leave out of its abbreviation
    directions: frozenset[str] = frozenset()  # begin the name of a state: "south Korea"


def rules_of(content: Mapping[str, Any]) -> SpellingRules:
    """The rules as a lexicon file has them under ``spelling``."""
    nicknames = {short: row[0] for row in content.get("nicknames", []) for short in row}
    return SpellingRules(
        content.get("particles", []),
        nicknames,
        [(old, new) for old, new in content.get("plain", [])],
        [(old, new) for old, new in content.get("consonants", [])],
        content.get("transliterated", []),
        content.get("surname_first", []),
        content.get("known_by_first", []),
        *(frozenset(content.get(key, ())) for key in ("small", "opening", "unabbreviated", "directions")),
    )


def compile_spellings(names: Iterable[tuple[str, str | None, int]], rules: SpellingRules) -> dict[str, tuple[int, str]]:
    """The keys that lead to one person only, with that person and the name that was so shortened.

    Args:
        names: a folded name, the country of who bears it, and the number of that actor.
        rules: what makes two spellings one name.
    """
    leads: dict[str, dict[int, str]] = {}
    for name, country, number in names:
        for key in _keys_of_entry(name.split(), country, rules):
            leads.setdefault(key, {}).setdefault(number, name)
    return {key: next(iter(found.items())) for key, found in sorted(leads.items()) if len(found) == 1}


def whose(name: str, spellings: Mapping[str, tuple[int, str]], rules: SpellingRules) -> int | None:
    """The number of the actor whose name a folded name of a text is; a match by consonants must look alike too."""
    pieces = name.split()
    plain = spellings.get(_plain_key(pieces, rules) or "")
    if plain is not None:
        return plain[0]
    loose = spellings.get(_loose_key(pieces, rules) or "")
    if loose is None:
        return None
    theirs = [piece for piece in loose[1].split() if piece not in rules.particles]
    ours = [piece for piece in pieces if piece not in rules.particles]
    alike = [SequenceMatcher(None, a, b, autojunk=False).ratio() for a, b in zip(ours, theirs, strict=True)]
    return loose[0] if sum(alike) >= _ALIKE * len(alike) else None


def _keys_of_entry(pieces: Sequence[str], country: str | None, rules: SpellingRules) -> Iterator[str]:
    for order in orders(pieces, country, rules):
        plain = _plain_key(order, rules)
        if plain is not None:
            yield plain
    loose = _loose_key(pieces, rules) if country in rules.transliterated else None
    if loose is not None:
        yield loose


def orders(pieces: Sequence[str], country: str | None, rules: SpellingRules) -> Iterator[Sequence[str]]:
    """A name's pieces as they stand, then, where families come first, in the other order and given names joined."""
    yield pieces
    if country not in rules.surname_first or not 1 < len(pieces) < 4:
        return
    yield [*pieces[1:], pieces[0]]
    if len(pieces) == 3:
        given = "".join(pieces[1:])
        yield [pieces[0], given]
        yield [given, pieces[0]]


def _plain_key(pieces: Sequence[str], rules: SpellingRules) -> str | None:
    kept = [rules.nicknames.get(piece, piece) for piece in pieces if piece not in rules.particles]
    if len(kept) < 2:
        return None
    return " ".join(_changed(piece, rules.plain) for piece in kept)


def _loose_key(pieces: Sequence[str], rules: SpellingRules) -> str | None:
    kept = [_changed(piece, rules.consonants) for piece in pieces if piece not in rules.particles]
    bare = [piece[0] + _VOWELS.sub("", piece[1:]) for piece in kept]
    if len(bare) < 2 or sum(map(len, bare)) < _FEWEST:
        return None
    return _LOOSE + " ".join(bare)


def is_one_first_name(one: str, other: str, rules: SpellingRules) -> bool:
    """Whether two folded first names may be one: shortened, an initial, or with the same consonants."""
    one, other = (rules.nicknames.get(name, name) for name in (one, other))
    if one[:_TELLING] == other[:_TELLING] or (1 in (len(one), len(other)) and one[:1] == other[:1]):
        return True
    bare = [_changed(piece, rules.consonants) for piece in (one, other)]
    return _changed(_VOWELS.sub("", bare[0]), ()) == _changed(_VOWELS.sub("", bare[1]), ()) and one[:1] == other[:1]


def _changed(piece: str, rules: Sequence[tuple[str, str]]) -> str:
    for old, new in rules:
        piece = piece.replace(old, new)
    return "".join(c for k, c in enumerate(piece) if not k or c != piece[k - 1])
