"""A place as the lexicons and the gazetteer hold it, and the one form under which names are compared."""

from __future__ import annotations

import functools
import unicodedata

import msgspec

_PLAIN = str.maketrans({
    "-": " ", "\u2010": " ", "\u2011": " ", "\u2013": " ", "/": " ", "'": None, "\u2018": None, "\u2019": None,
    "\u02bc": None, "\u02bb": None, "`": None, ".": None, ",": " ",
})  # fmt: skip
_LETTERS = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ə": "e", "ħ": "h",
})  # fmt: skip


COUNTRY_WEIGHT = 1e11
LISTED_WEIGHT = 1e10
STATE_WEIGHT = 5e5
"""How prominent listed places are against populated ones, whose weight is their population."""


class Site(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place. ``countries`` are ISO 3166 alpha-3, all that it lies in or borders; ``feature`` says what it is.

    ``weight`` is how prominent the place is among those of its name.
    """

    name: str
    feature: str
    countries: tuple[str, ...] = ()
    geonames_id: int | None = None
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    weight: float = 0.0
    division: str = ""

    @property
    def country(self) -> str | None:
        """The country it lies in; None when it lies in none or in several."""
        return self.countries[0] if len(self.countries) == 1 else None


class PlaceWords(msgspec.Struct, frozen=True):
    """Words around place-names, in small letters (``lexicons/places/words.yml`` says what each group is)."""

    locative: tuple[str, ...] = ()
    event_place: tuple[str, ...] = ()
    setting: tuple[str, ...] = ()
    particles: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    physical: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    motion: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    definite: tuple[str, ...] = ()  # names that are read only behind "the": "the States"


@functools.lru_cache(maxsize=16_384)
def fold_place_name(name: str) -> str:
    """A name without case, accents, hyphens, apostrophes, full stops and a leading "the".

    ``Deir ez-Zor`` is ``deir ez zor``.
    """
    name = name.lower()
    if not name.isascii():
        decomposed = unicodedata.normalize("NFKD", name.translate(_LETTERS))
        name = "".join(character for character in decomposed if not unicodedata.combining(character)).lower()
    return " ".join(name.translate(_PLAIN).split()).removeprefix("the ")
