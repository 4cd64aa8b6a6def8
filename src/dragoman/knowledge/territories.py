"""States and territories by code: identifiers, dated names, what succeeded them, who claims them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.place_names import fold_place_name
from dragoman.knowledge.store import read_compiled, read_lexicon


class DatedName(msgspec.Struct, frozen=True, omit_defaults=True):
    """A name that a state bore from ``start`` to ``end`` (ISO dates as precise as known, inclusive; None is open)."""

    name: str
    start: str | None = None
    end: str | None = None


class Territory(msgspec.Struct, frozen=True, omit_defaults=True):
    """A state, a part of one, or a former one.

    ``code`` is ISO 3166-1 alpha-2 or 3166-2 in small letters (or one made like them), ``id`` the actor that acts for
    it, ``alpha3`` its own ISO 3166 code. ``cow`` and ``gw`` are the numbers of the Correlates of War and of Gleditsch
    and Ward (1999). ``claimed_by`` says who claims it, not who is right. An ``ambiguous``
    name is more often something else than this part of a state.
    """

    code: str
    name: str
    id: str | None = None
    alpha3: str | None = None
    wikidata: str | None = None
    cow: int | None = None
    gw: int | None = None
    part_of: str | None = None
    former: bool = False
    ambiguous: bool = False
    successors: tuple[str, ...] = ()
    claimed_by: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    names: tuple[DatedName, ...] = ()


class Territories:
    """Look-ups over all territories."""

    def __init__(self, territories: tuple[Territory, ...]) -> None:
        self.by_code = {territory.code: territory for territory in territories}
        self.by_alpha3 = {territory.alpha3: territory for territory in territories if territory.alpha3}
        self._by_name: dict[str, list[Territory]] = {}
        for territory in territories:
            names = (territory.name, *territory.aliases, *(dated.name for dated in territory.names))
            for name in dict.fromkeys(map(fold_place_name, names)):
                self._by_name.setdefault(name, []).append(territory)

    def named(self, name: str) -> tuple[Territory, ...]:
        """The territories that bear or bore a name, in the order of their codes."""
        return tuple(self._by_name.get(fold_place_name(name), ()))

    def by_cow(self, number: int) -> Territory | None:
        """The present state of a Correlates of War number, else the former one."""
        found = [t for t in self.by_code.values() if t.cow == number]
        return min(found, key=lambda t: (t.former, t.code), default=None)


def read_territories(folder: Path) -> tuple[Territory, ...]:
    """The territories of a folder of YAML files.

    Raises:
        KnowledgeError: naming the file and entry that is wrong.
    """
    found: list[Territory] = []
    for path in sorted(folder.glob("*.yml")):
        loaded = read_lexicon(path)
        for number, entry in enumerate(loaded.get("entries") or (), 1):
            try:
                if not (loaded.get("origin") or entry.get("origin")):
                    raise ValueError("it says no origin")
                found.append(_territory(entry))
            except (AttributeError, ValueError, msgspec.ValidationError) as error:
                raise KnowledgeError(f"{path}: territory {number} is wrong ({error}); see docs/lexicons.md") from error
    return tuple(sorted(found, key=lambda territory: territory.code))


def _territory(entry: dict[str, Any]) -> Territory:
    territory = msgspec.convert({key: value for key, value in entry.items() if key != "origin"}, Territory)
    for code in (territory.id, territory.alpha3, *territory.claimed_by):
        if code is not None and (len(code) != 3 or not code.isupper()):
            raise ValueError(f"'{code}' is no ISO 3166 alpha-3 code")
    return territory


def compile_territories(lexicons: Path) -> bytes:
    """``lexicons/territories`` as MessagePack.

    Raises:
        KnowledgeError: when an entry is wrong.
    """
    return msgspec.msgpack.Encoder(order="deterministic").encode(read_territories(lexicons / "territories"))


def load_territories() -> Territories:
    """The shipped territories.

    Raises:
        KnowledgeError: when the compiled file is damaged.
    """
    return Territories(read_compiled("territories", tuple[Territory, ...]))
