"""ICEWS coded events: 20 tab-separated columns under a heading (ICEWS Coded Event Data, 2015-2023)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.formats.actor_codes import ActorCodes
from dragoman.formats.cameo_codes import cameo_meaning
from dragoman.formats.delimited import TextRows, heading, text_rows
from dragoman.formats.event_columns import (
    coded_events,
    coordinates,
    day_granularity,
    days,
    event_table,
    first_given,
    identifiers,
    iso_or_spelled_day,
    mapped,
    mapped_parts,
    numbers,
)
from dragoman.formats.imported import Imported, Repairs
from dragoman.knowledge.base import Knowledge

ORIGIN = "icews"
COLUMNS: list[str] = [
    "event_id", "event_date", "source_name", "source_sectors", "source_country", "event_text", "cameo_code",
    "intensity", "target_name", "target_sectors", "target_country", "story_id", "sentence_number", "publisher", "city",
    "district", "province", "country", "latitude", "longitude",
]  # fmt: skip
"""The 20 columns in order, their names in small letters with "_" for blanks."""

_NEEDED = ("event_date", "source_name", "cameo_code", "target_name")


def read_icews(path: Path, knowledge: Knowledge) -> Imported:
    """The events of an ICEWS file, tab- or comma-separated, also as ``.zip`` or ``.gz``.

    A row is an event from source to target. Names of organisations and armed groups decide an actor before its
    country and sectors do. The place is the most precise one given. Statements (CAMEO 01) are left out.

    Raises:
        UnreadableInput: the file is missing, or has not the columns of ICEWS.
    """
    names, delimiter = heading(path, "ICEWS", _NEEDED)
    repairs = Repairs()
    return Imported(ORIGIN, _batches(path, names, delimiter, knowledge, repairs), repairs)


def _batches(
    path: Path, names: list[str], delimiter: str, knowledge: Knowledge, repairs: Repairs
) -> Iterator[pa.Table]:
    actors, meaning = ActorCodes(knowledge), cameo_meaning(knowledge)
    day = functools.cache(iso_or_spelled_day)
    for rows in text_rows(path, names, COLUMNS, repairs, delimiter=delimiter, headed=True):
        kept, columns = coded_events(rows, "cameo_code", meaning)
        when = days(kept, "event_date", day)
        columns |= {
            "event": identifiers(kept, "event_id", ORIGIN, path.stem),
            "publisher": kept.text("publisher"),
            "start": when, "end": when, "granularity": day_granularity(when),
            "actor": _side(kept, "source", actors), "actor_name": _name(kept, "source_name"),
            "recipient": _side(kept, "target", actors), "recipient_name": _name(kept, "target_name"),
            "intensity": pc.coalesce(numbers(kept, "intensity", -10.0, 10.0), columns["intensity"]),
            "place": first_given(kept, ("city", "district", "province", "country")),
            "country": mapped(kept.text("country"), actors.country, pa.string()),
            **coordinates(kept, "latitude", "longitude"),
        }  # fmt: skip
        yield event_table(columns, len(kept), ORIGIN)


def _side(rows: TextRows, side: str, actors: ActorCodes) -> Any:
    parts = [rows.text(f"{side}_{part}") for part in ("name", "country", "sectors")]
    return mapped_parts(parts, actors.of_icews, pa.string())


def _name(rows: TextRows, column: str) -> Any:
    # ICEWS writes "Unspecified Actor" where it knows none
    names = rows.text(column)
    return pc.if_else(pc.equal(names, "Unspecified Actor"), pa.scalar(None, pa.string()), names)
