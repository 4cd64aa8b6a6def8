"""Names that several countries bear, and what in a text tells which is meant (``lexicons/places/shared_names.yml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.place_names import fold_place_name


class SharedReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One country (ISO 3166 alpha-3) that a shared name may mean, or a first-order division of it.

    ``beside`` are folded words of a text that speak for it, ``heads`` words right before or after the name;
    ``default`` is what the name means when nothing speaks for any reading. ``apart`` marks a country that texts call by
    a longer name ("North Korea"), so that being named so does not speak for it where the short name stands.
    ``since`` and ``until`` are ISO days.
    """

    id: str
    division: str = ""
    default: bool = False
    apart: bool = False
    beside: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None

    def possible_on(self, day: str | None) -> bool:
        """Whether a text of that ISO day can mean it; a text without a date can mean any."""
        return day is None or ((self.since is None or self.since <= day) and (self.until is None or day <= self.until))


class SharedName(msgspec.Struct, frozen=True):
    """A name that several countries bear, in every form that is read alike."""

    name: str
    readings: tuple[SharedReading, ...]


def read_shared(path: Path, loaded: Mapping[str, Any]) -> Iterator[tuple[str, SharedName]]:
    """The shared names of a file by their folded forms.

    Raises:
        KnowledgeError: naming file and entry that is wrong.
    """
    for entry in loaded.get("shared") or ():
        names = entry.get("names") or ()
        if not names or len(entry.get("readings") or ()) < 2:
            raise KnowledgeError(f"{path}: the shared name {list(names)} needs 'names' and two 'readings' or more")
        if not (entry.get("origin") or loaded.get("origin")):
            raise KnowledgeError(f"{path}: the shared name '{names[0]}' has no origin; give it one, or the file")
        try:
            readings = tuple(_reading(reading) for reading in entry["readings"])
        except (KeyError, TypeError, msgspec.ValidationError) as error:
            raise KnowledgeError(f"{path}: the shared name '{names[0]}' is wrong ({error})") from error
        for name in names:
            yield fold_place_name(name), SharedName(names[0], readings)


def _reading(given: dict[str, Any]) -> SharedReading:
    reading = msgspec.convert(given, SharedReading)
    if len(reading.id) != 3 or not reading.id.isupper():
        raise TypeError(f"'{reading.id}' is no ISO 3166 alpha-3 code")
    return msgspec.structs.replace(
        reading,
        division=f"{reading.id}.{reading.division}" if reading.division else "",
        beside=tuple(sorted({fold_place_name(word) for word in reading.beside})),
        heads=tuple(sorted({word.lower() for word in reading.heads})),
    )
