"""An actor's phrase, before references back are resolved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dragoman.knowledge.actors import ActorEntry


@dataclass(slots=True)
class Phrase:
    """A phrase that names an actor. ``country`` and ``sector`` may be unknown."""

    first: int
    last: int
    head: int
    name: str
    identifier: str | None
    via: str
    why: str
    kind: str  # ActorKind
    country: str | None = None
    sector: str | None = None
    entry: ActorEntry | None = None
    definite: bool = False  # "the minister": may refer back
    title: str | None = None
    pronouns: frozenset[str] = frozenset()  # that the text has called whom it names by, of one sex

    @property
    def nameless(self) -> bool:
        """Whether this is a role of no state yet: "forces"."""
        return self.via == "role" and self.country is None and self.title is None and self.kind == "group"


def outermost(candidates: Sequence[Phrase]) -> list[Phrase]:
    """Phrases without those inside a larger one; a person or group inside another's phrase stays ("Kim's sister")."""
    kept: list[Phrase] = []
    # "Russia and Turkey's ministers": of two phrases of one extent the one that shares the noun stands.
    for phrase in sorted(candidates, key=lambda p: (p.first - p.last, p.first, not p.why.endswith("+joined"))):
        around = [k for k in kept if k.first <= phrase.first and phrase.last <= k.last]
        apart = all(k.entry is not phrase.entry and k.head != phrase.head and k.via == "role" for k in around)
        if not around or (phrase.kind == "person" and apart):
            kept.append(phrase)
    return kept


def of_state(phrase: Phrase, state: str) -> Phrase:
    """A role's phrase with the state that it is of."""
    sector = phrase.sector
    plain = sector is None or sector == "UNK" or len(state) != 3  # the ministers of a bloc of states are the bloc
    identifier = state if plain else f"{state}-{sector}"
    return replace(phrase, country=state, identifier=identifier)
