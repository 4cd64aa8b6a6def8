"""Which texts can tell who did what to whom at all: one pass over the words, before anything is parsed.

A text is worth reading where at least one word in a hundred names a state, an organisation, an armed group or somebody
in office, or is a noun of those who hold or contest power ("minister", "troops", "rebels", "lawmakers").
"""

from __future__ import annotations

import functools
import re

from dragoman.knowledge.actors import ActorIndex, fold

_SHARE = 0.01
_WORD = re.compile(r"[^\W_][\w.’']*")
_GENITIVE = re.compile(r"['’]s$")


class Skim:
    """The names and nouns that a text must hold.

    Args:
        actors: the lexicon of actors, the user's overlay included.
    """

    def __init__(self, actors: ActorIndex) -> None:
        self._actors = actors
        self._nouns: dict[str, list[tuple[str, ...]]] = {}
        for noun, sector in [*actors.role_nouns.items(), *actors.titles.items()]:
            pieces = [piece for word in noun.split() for piece in fold(word)]
            if sector in actors.references.political and pieces:
                for last in (pieces[-1], _plural(pieces[-1])):
                    first, *rest = [*pieces[:-1], last]
                    self._nouns.setdefault(first, []).append(tuple(rest))

    def is_worth_reading(self, text: str) -> bool:
        """Whether enough of a text's words name somebody who could act."""
        pieces: list[str] = []
        capital: list[bool] = []
        for word in _WORD.findall(text):
            for piece in fold(_GENITIVE.sub("", word)):
                pieces.append(piece)
                capital.append(word[0].isupper())
        wanted = _SHARE * len(pieces)
        found = position = 0
        while position < len(pieces) and (found < wanted or not found):
            taken, named = self._at(pieces, capital[position], position)
            position += taken
            found += named
        return found > 0 and found >= wanted

    def _at(self, pieces: list[str], capital: bool, position: int) -> tuple[int, bool]:
        hit = self._actors.find(pieces, position) if capital else None
        if hit is not None:
            return hit[0], bool(hit[1])
        for rest in self._nouns.get(pieces[position], ()):
            if tuple(pieces[position + 1 : position + 1 + len(rest)]) == rest:
                return 1 + len(rest), True
        return 1, False


@functools.lru_cache(maxsize=4)
def skim_of(actors: ActorIndex) -> Skim:
    """The skim of a lexicon, made once."""
    return Skim(actors)


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"
