"""GDELT 2.0 events: 61 tab-separated columns without a heading (GDELT Event Database codebook 2.0, 2015)."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.formats.actor_codes import ActorCodes
from dragoman.formats.cameo_codes import cameo_meaning
from dragoman.formats.delimited import TextRows, text_rows
from dragoman.formats.event_columns import (
    coded_events,
    compact_day,
    coordinates,
    day_granularity,
    days,
    event_table,
    identifiers,
    mapped,
    numbers,
)  # fmt: skip
from dragoman.formats.imported import Imported, Repairs
from dragoman.knowledge.base import Knowledge

ORIGIN = "gdelt"


def _actor_columns(number: int) -> list[str]:
    kinds = ["Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"]
    return [f"Actor{number}{kind}" for kind in (*kinds, "Type1Code", "Type2Code", "Type3Code")]


def _place_columns(side: str) -> list[str]:
    kinds = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
    return [f"{side}Geo_{kind}" for kind in kinds]


COLUMNS: list[str] = [
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *_actor_columns(1), *_actor_columns(2),
    "IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions",
    "NumSources", "NumArticles", "AvgTone", *_place_columns("Actor1"), *_place_columns("Actor2"),
    *_place_columns("Action"), "DATEADDED", "SOURCEURL",
]  # fmt: skip
"""The 61 columns in order."""

_WANTED = [
    "GLOBALEVENTID", "SQLDATE", "Actor1Code", "Actor1Name", "Actor2Code", "Actor2Name", "EventCode", "GoldsteinScale",
    "ActionGeo_FullName", "ActionGeo_CountryCode", "ActionGeo_Lat", "ActionGeo_Long", "DATEADDED", "SOURCEURL",
]  # fmt: skip
_HOST = r"^[A-Za-z][A-Za-z0-9+.-]*://(?:www\.)?(?P<host>[^/:?#\s]+)"


def read_gdelt(path: Path, knowledge: Knowledge) -> Imported:
    """The events of a GDELT 2.0 export file, also as ``.zip`` or ``.gz``.

    A row is an event from actor 1 to actor 2. The intensity is GDELT's Goldstein value, the publisher the host of the
    source's address, ``published`` the day on which GDELT added the row. Statements (CAMEO 01) are left out.

    Raises:
        UnreadableInput: while the batches are read: the file is missing or no such table.
    """
    repairs = Repairs()
    return Imported(ORIGIN, _batches(path, knowledge, repairs), repairs)


def _batches(path: Path, knowledge: Knowledge, repairs: Repairs) -> Iterator[pa.Table]:
    actors, meaning = ActorCodes(knowledge), cameo_meaning(knowledge)
    day = functools.cache(compact_day)
    for rows in text_rows(path, COLUMNS, _WANTED, repairs, headed=False):
        kept, columns = coded_events(rows, "EventCode", meaning)
        kept_sides = pc.or_(pc.is_valid(kept.text("Actor1Code")), pc.is_valid(kept.text("Actor2Code")))
        if not pc.all(kept_sides).as_py():
            kept.note("", "names no actor, row left out", pc.invert(kept_sides))
            columns = {name: values.filter(kept_sides) for name, values in columns.items()}
            kept = kept.kept(kept_sides)
        when = days(kept, "SQLDATE", day)
        columns |= {
            "event": identifiers(kept, "GLOBALEVENTID", ORIGIN, path.stem),
            "publisher": _hosts(kept),
            "published": days(kept, "DATEADDED", day),
            "start": when, "end": when, "granularity": day_granularity(when),
            "actor": mapped(kept.text("Actor1Code"), actors.of_cameo, pa.string()),
            "actor_name": pc.coalesce(kept.text("Actor1Name"), kept.text("Actor1Code")),
            "recipient": mapped(kept.text("Actor2Code"), actors.of_cameo, pa.string()),
            "recipient_name": pc.coalesce(kept.text("Actor2Name"), kept.text("Actor2Code")),
            "intensity": pc.coalesce(numbers(kept, "GoldsteinScale", -10.0, 10.0), columns["intensity"]),
            "place": kept.text("ActionGeo_FullName"),
            "country": mapped(kept.text("ActionGeo_CountryCode"), actors.of_fips, pa.string()),
            **coordinates(kept, "ActionGeo_Lat", "ActionGeo_Long"),
        }  # fmt: skip
        yield event_table(columns, len(kept), ORIGIN)


def _hosts(rows: TextRows) -> Any:
    found = pc.extract_regex(rows.text("SOURCEURL"), _HOST)
    return pc.struct_field(found, "host")
