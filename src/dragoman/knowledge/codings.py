"""What the codes of other event data sets mean here: CAMEO, FIPS, the sectors of ICEWS, the types of ACLED."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_with_lines
from dragoman.records import EVENT_TYPES

COMPILED = "codings"


class EventCode(msgspec.Struct, frozen=True, array_like=True):
    """The PLOVER event of a code; ``type`` is None where PLOVER has no event for it."""

    type: str | None
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    intensity: float | None = None


class Sector(msgspec.Struct, frozen=True, array_like=True):
    """A sector of our ids with its rank: of an actor's several, the lowest rank is taken."""

    rank: int
    sector: str


class Codings(msgspec.Struct, frozen=True):
    """All codings.

    Attributes:
        cameo: CAMEO code to event.
        acled: sub-event type of ACLED to event.
        sectors: scheme (cameo, icews, acled) to code to sector.
        countries: scheme (cameo, fips, name) to code to ISO 3166 alpha-3; None for a region.
        groups: known group of CAMEO to actor id.
    """

    cameo: dict[str, EventCode]
    acled: dict[str, EventCode]
    sectors: dict[str, dict[str, Sector]]
    countries: dict[str, dict[str, str | None]]
    groups: dict[str, str]

    def over(self, other: Codings) -> Codings:
        """These codings, and the other's where these have none."""
        return Codings(
            {**other.cameo, **self.cameo},
            {**other.acled, **self.acled},
            {key: {**other.sectors.get(key, {}), **self.sectors.get(key, {})} for key in other.sectors | self.sectors},
            {
                key: {**other.countries.get(key, {}), **self.countries.get(key, {})}
                for key in other.countries | self.countries
            },
            {**other.groups, **self.groups},
        )


def read_codings(lexicons: Path) -> Codings:
    """The codings of ``lexicons/codings/*.yml``; files that are missing give none.

    Raises:
        KnowledgeError: naming the file and line of the entry that is wrong.
    """
    folder = lexicons / "codings"
    sectors: dict[str, dict[str, Sector]] = {}
    for rank, entry in enumerate(_entries(folder / "sectors.yml", ("scheme", "codes", "sector"))):
        named = sectors.setdefault(entry["scheme"], {})
        named.update({str(code): Sector(rank, str(entry["sector"])) for code in entry["codes"]})
    countries: dict[str, dict[str, str | None]] = {}
    for entry in _entries(folder / "countries.yml", ("scheme", "code", "id")):
        countries.setdefault(entry["scheme"], {})[str(entry["code"])] = entry["id"]
    groups = {str(entry["code"]): str(entry["id"]) for entry in _entries(folder / "groups.yml", ("code", "id"))}
    return Codings(_events(folder / "cameo.yml"), _events(folder / "acled.yml"), sectors, countries, groups)


def _events(path: Path) -> dict[str, EventCode]:
    found = {}
    for entry in _entries(path, ("code", "type")):
        if entry["type"] is not None and entry["type"] not in EVENT_TYPES:
            raise KnowledgeError(f"{path}: code '{entry['code']}' has the type '{entry['type']}', none of PLOVER's")
        intensity = entry.get("intensity")
        contexts = tuple(str(context) for context in entry.get("contexts") or ())
        number = None if intensity is None else float(intensity)
        found[str(entry["code"])] = EventCode(entry["type"], entry.get("mode"), contexts, number)
    return found


def _entries(path: Path, fields: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    lexicon, lines = read_with_lines(path)
    for entry, line in itertools.zip_longest(lexicon.get("entries") or (), lines):
        missing = [field for field in fields if not isinstance(entry, dict) or field not in entry]
        if missing:
            raise KnowledgeError(f"{path}:{line}: the entry says no {missing[0]}; it needs {', '.join(fields)}")
        if not (entry.get("origin") or lexicon.get("origin")):
            raise KnowledgeError(f"{path}:{line}: the entry has no origin; give one to it or to the file")
        yield entry


def compile_codings(lexicons: Path) -> bytes:
    """The compiled form of ``lexicons/codings``."""
    return msgspec.msgpack.Encoder(order="deterministic").encode(read_codings(lexicons))


def load_codings(overlay: Path | None) -> Codings:
    """The user's own codings over the shipped ones.

    Raises:
        KnowledgeError: when the overlay holds an entry that is wrong.
    """
    shipped = read_compiled(COMPILED, Codings)
    return shipped if overlay is None else read_codings(overlay).over(shipped)
