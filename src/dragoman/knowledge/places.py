"""The places that the reader knows: the packed gazetteer and the hand-made lists above it (``lexicons/places``)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.gazetteer import Gazetteer, PackedGazetteer
from dragoman.knowledge.place_names import LISTED_WEIGHT, PlaceWords, Site, fold_place_name
from dragoman.knowledge.shared_names import SharedName, read_shared
from dragoman.knowledge.store import read_compiled, read_with_lines

_LATITUDE = (-90.0, 90.0)
_LONGITUDE = (-180.0, 180.0)


class PlaceLexicon(msgspec.Struct, frozen=True):
    """The listed places, which of them each folded name means, and the words around place-names."""

    sites: tuple[Site, ...] = ()
    names: dict[str, tuple[int, ...]] = {}
    words: PlaceWords = PlaceWords()
    qualifiers: dict[str, str] = {}  # folded abbreviation to division of the USA, read only after a town
    shared: dict[str, SharedName] = {}  # folded name to its readings


def load_gazetteer(overlay: Path | None = None) -> Gazetteer:
    """The gazetteer with the user's own places, which win over the shipped ones.

    Raises:
        KnowledgeError: when a compiled file is damaged or an entry of the overlay is wrong.
    """
    lexicon = read_compiled("places", PlaceLexicon)
    listed = {name: tuple(lexicon.sites[i] for i in indices) for name, indices in lexicon.names.items()}
    shared = lexicon.shared
    if overlay is not None and (overlay / "places").is_dir():
        own = read_places(overlay / "places")
        listed |= {name: tuple(own.sites[i] for i in indices) for name, indices in own.names.items()}
        shared = {name: held for name, held in shared.items() if name not in own.names} | own.shared
    return Gazetteer(read_compiled("gazetteer", PackedGazetteer), listed, lexicon.words, lexicon.qualifiers, shared)


@functools.cache
def settings() -> frozenset[str]:
    """The prepositions behind which a state is only where something is: in, at, near."""
    return frozenset(read_compiled("places", PlaceLexicon).words.setting)


def read_places(folder: Path, more: Iterable[tuple[Site, tuple[str, ...]]] = ()) -> PlaceLexicon:
    """The places of a folder of YAML files.

    Args:
        folder: with files whose ``entries`` have ``name``, ``feature``, ``in``, ``lat``, ``lon``, ``aliases``.
        more: places from elsewhere with their other names; those of the folder come first.

    Raises:
        KnowledgeError: naming file and entry that is wrong.
    """
    sites: list[Site] = []
    names: dict[str, list[int]] = {}
    words: dict[str, list[str]] = {}
    qualifiers: dict[str, str] = {}
    shared: dict[str, SharedName] = {}
    found: list[tuple[Site, tuple[str, ...]]] = []
    for path in sorted(folder.glob("*.yml")):
        loaded, lines = read_with_lines(path)
        found += _entries(path, loaded, lines)
        for state, abbreviations in loaded.get("qualifiers", {}).items():
            qualifiers |= {fold_place_name(str(short)): f"USA.{state}" for short in abbreviations}
        shared.update(read_shared(path, loaded))
        words |= {key: value for key, value in loaded.items() if key in PlaceWords.__struct_fields__}
    for site, aliases in [*found, *more]:
        sites.append(site)
        for name in sorted({fold_place_name(name) for name in (site.name, *aliases)}):
            names.setdefault(name, []).append(len(sites) - 1)
    return PlaceLexicon(
        tuple(sites),
        {name: tuple(indices) for name, indices in sorted(names.items())},
        PlaceWords(**{key: tuple(sorted({str(word).lower() for word in group})) for key, group in words.items()}),
        qualifiers,
        dict(sorted(shared.items())),
    )


def _entries(path: Path, loaded: Mapping[str, Any], lines: Sequence[int]) -> Iterator[tuple[Site, tuple[str, ...]]]:
    origin = loaded.get("origin")
    for line, entry in zip(lines, loaded.get("entries") or (), strict=True):
        where = f"{path}:{line}"
        if not isinstance(entry, dict):
            raise KnowledgeError(f"{where}: the entry is no mapping; see docs/places.md")
        name = entry.get("name")
        if not isinstance(name, str):
            raise KnowledgeError(f"{where}: a place needs a name; see docs/places.md")
        if not (entry.get("origin") or origin):
            raise KnowledgeError(f"{where}: the place '{name}' has no origin; give it one, or the file")
        try:
            site = Site(
                name=name,
                feature=entry["feature"],
                countries=tuple(entry.get("in", ())),
                geonames_id=entry.get("geonames"),
                lat=_degrees(entry.get("lat"), _LATITUDE),
                lon=_degrees(entry.get("lon"), _LONGITUDE),
                weight=LISTED_WEIGHT,
            )
        except (KeyError, TypeError, ValueError) as error:
            raise KnowledgeError(f"{where}: the place '{name}' is wrong ({error}); see docs/places.md") from error
        if any(len(country) != 3 or not country.isupper() for country in site.countries):
            raise KnowledgeError(f"{where}: the place '{name}' lies in {site.countries}; give ISO 3166 alpha-3 codes")
        yield site, tuple(entry.get("aliases", ()))


def _degrees(value: float | None, bounds: tuple[float, float]) -> float | None:
    if value is None:
        return None
    if not bounds[0] <= value <= bounds[1]:
        raise ValueError(f"{value} is no coordinate")
    return float(value)
