"""The gazetteer of populated places: 170,000 of them, packed so that it loads at once and is searched in place.

The names stand as two parallel arrays of checksums, sorted by the first; a look-up is a bisection over
a few megabytes, so nothing is built when it loads. Places are from GeoNames (CC BY 4.0).
"""

from __future__ import annotations

import functools
import sys
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence

import msgspec

from dragoman.knowledge.place_names import PlaceWords, Site, fold_place_name
from dragoman.knowledge.shared_names import SharedName

_DOMINANCE = 8.0  # how many times more people than the runner-up make a name's meaning plain without context
_OTHER_NAME = 0.25  # weight of a place whose other name this is, against one that bears it as its own
_CAPITAL = 10.0  # and of a national capital, against other places as large
_REMEMBERED = 2_048  # names whose readings are kept: texts name the same places again and again
COORDINATE_SCALE = 10_000


class PackedGazetteer(msgspec.Struct, frozen=True):
    """What the compiled file holds. Arrays are little-endian; ``sites`` columns share one order (by id)."""

    countries: list[str]  # ISO 3166 alpha-3
    divisions: list[str]  # first-order divisions, "USA.OH"
    name_crc: bytes  # uint32, sorted
    name_check: bytes  # uint16, adler32's low half, against chance hits of the first
    name_site: bytes  # uint32: site index * 2 + 1 when it is another name than the site's own
    site_id: bytes  # uint32, GeoNames id
    site_lat: bytes  # int32, degrees * 10,000
    site_lon: bytes
    site_population: bytes  # uint32
    site_country: bytes  # uint8
    site_division: bytes  # uint16
    site_capital: bytes  # uint32, sorted site indices of national capitals
    site_name: bytes  # uint32, offsets into ``names``
    names: bytes  # UTF-8


def checksums(folded: str) -> tuple[int, int]:
    """The two checksums under which a folded name is stored."""
    raw = folded.encode()
    return zlib.crc32(raw), zlib.adler32(raw) & 0xFFFF


class Gazetteer:
    """Places by name: the listed ones, then populated places.

    Args:
        packed: the compiled gazetteer of populated places.
        listed: places by folded name that come before those (countries, regions, waters, sites).
        words: the words around place-names.
        qualifiers: folded abbreviations of the divisions that may follow a town ("Portland, Ore.").
        shared: names by folded form that several countries bear.
    """

    def __init__(
        self,
        packed: PackedGazetteer,
        listed: Mapping[str, tuple[Site, ...]],
        words: PlaceWords,
        qualifiers: Mapping[str, str],
        shared: Mapping[str, SharedName],
    ) -> None:
        self.qualifiers = qualifiers
        self.shared = shared
        self.listed = listed
        self.listed_lengths = _longest_by_first_word(listed)
        self.locative = frozenset(words.locative)
        self.event_place = frozenset(words.event_place)
        self.path = frozenset(words.path)
        self.heads = frozenset(words.heads)
        self.motion = frozenset(words.motion)
        self.particles = frozenset(words.particles)
        self.articles = frozenset(words.articles)
        self.parts = frozenset(words.parts)
        self.country_features = frozenset(words.countries)
        self.wide = frozenset(words.wide)
        self.physical = frozenset(words.physical)
        self.surfaces = frozenset(words.surfaces)
        self.skipped = frozenset(words.skipped)
        self.doubtful = frozenset(words.doubtful)
        self.definite = frozenset(words.definite)
        self._countries = packed.countries
        self._divisions = packed.divisions
        self._crc = _unpacked("I", packed.name_crc)
        self._check = _unpacked("H", packed.name_check)
        self._site = _unpacked("I", packed.name_site)
        self._id = _unpacked("I", packed.site_id)
        self._lat = _unpacked("i", packed.site_lat)
        self._lon = _unpacked("i", packed.site_lon)
        self._population = _unpacked("I", packed.site_population)
        self._country = packed.site_country
        self._division = _unpacked("H", packed.site_division)
        self._capitals = frozenset(_unpacked("I", packed.site_capital))
        self._offset = _unpacked("I", packed.site_name)
        self._names = packed.names
        self._readings = functools.lru_cache(_REMEMBERED)(self._read_all)

    def __len__(self) -> int:
        return len(self._id)

    def readings(self, name: str) -> tuple[Site, ...]:
        """The places of that name: the listed ones, then populated places, the most prominent first.

        Prominence is population, more for capitals, less where the name is one of the place's other names.
        Case, accents, hyphens and apostrophes do not matter.
        """
        return self._readings(fold_place_name(name))

    def _read_all(self, folded: str) -> tuple[Site, ...]:
        best: dict[int, float] = {}
        for packed in self._indices(folded):
            index, other = packed >> 1, packed & 1
            weight = (self._population[index] + 1) * (_OTHER_NAME if other else 1.0)
            weight *= _CAPITAL if index in self._capitals else 1.0
            best[index] = max(weight, best.get(index, 0.0))
        cities = (self._read(index, best[index]) for index in sorted(best, key=lambda index: (-best[index], index)))
        return tuple(sorted((*self.listed.get(folded, ()), *cities), key=lambda site: -site.weight))

    def capitals(self) -> dict[str, Site]:
        """The national capitals by country (ISO 3166 alpha-3); of several the one with most people."""
        found = (self._read(index, 0.0) for index in sorted(self._capitals, key=lambda index: self._population[index]))
        return {site.country: site for site in found if site.country}

    def knows(self, folded: str) -> bool:
        """Whether a name, already folded, is that of a place (about a microsecond)."""
        return folded in self.listed or bool(self._indices(folded))

    def country_of(self, name: str, among: Collection[str] = ()) -> str | None:
        """The country (ISO 3166 alpha-3) that the place which a name means lies in.

        Args:
            name: the name as written.
            among: countries that the text names; a place in one of them is preferred.

        Returns:
            The country of the listed or only place of that name, of the most prominent one in ``among``, or of
            the one that outweighs all places of that name in other countries; None when unknown, open, at
            sea or held by several.
        """
        sites = self.readings(name)
        site = next((site for site in sites if site.country in among), None) or dominant(sites)
        return site.country if site else None

    def _indices(self, folded: str) -> list[int]:
        crc, check = checksums(folded)
        position = bisect_left(self._crc, crc)
        found = []
        while position < len(self._crc) and self._crc[position] == crc:
            if self._check[position] == check:
                found.append(self._site[position])
            position += 1
        return found

    def _read(self, index: int, weight: float) -> Site:
        end = self._offset[index + 1] if index + 1 < len(self._offset) else len(self._names)
        return Site(
            name=self._names[self._offset[index] : end].decode(),
            geonames_id=self._id[index],
            lat=self._lat[index] / COORDINATE_SCALE,
            lon=self._lon[index] / COORDINATE_SCALE,
            countries=(self._countries[self._country[index]],),
            feature="capital" if index in self._capitals else "city",
            population=self._population[index],
            weight=weight,
            division=self._divisions[self._division[index]],
        )


def dominant(sites: Sequence[Site]) -> Site | None:
    """The first of ``sites`` when it is a capital or outweighs all that lie in another country."""
    if not sites:
        return None
    rival = next((site for site in sites if site.countries != sites[0].countries), None)
    if (
        rival is None
        or sites[0].feature == "capital"
        or sites[0].weight == 0.0
        or sites[0].weight >= _DOMINANCE * rival.weight
    ):
        return sites[0]
    return None


def _longest_by_first_word(listed: Mapping[str, tuple[Site, ...]]) -> dict[str, int]:
    longest: dict[str, int] = {}
    for name in listed:
        words = name.split()
        longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return longest


def _unpacked(code: str, raw: bytes) -> array[int]:
    values = array(code)
    values.frombytes(raw)
    if sys.byteorder == "big":
        values.byteswap()
    return values
