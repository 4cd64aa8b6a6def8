"""POLECAT: 40 tab-separated columns under a heading (Political Event Classification, Attributes, and Types, 2022)."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.formats.actor_codes import ActorCodes
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
    numbers,
)
from dragoman.formats.event_rows import named_sides, rows_by_event
from dragoman.formats.imported import Imported, Repairs
from dragoman.formats.spreadsheet import cell, without_guard
from dragoman.knowledge.base import Knowledge
from dragoman.knowledge.codings import EventCode
from dragoman.knowledge.territories import Territories
from dragoman.records import EVENT_TYPES
from dragoman.version import __version__

ORIGIN = "polecat"
COLUMNS: list[str] = [
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts",
    "Actor Name", "Actor Country", "Actor COW", "Primary Actor Sector", "Actor Sectors", "Actor Title",
    "Actor Name Raw", "Wikipedia Actor ID",
    "Recipient Name", "Recipient Country", "Recipient COW", "Primary Recipient Sector", "Recipient Sectors",
    "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID",
    "Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename",
    "Feature Type", "Source", "Publication Date", "Story People", "Story Organizations", "Story Locations",
    "Language", "Version",
]  # fmt: skip
"""The 40 columns in order."""

_QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}
_NEEDED = ("event_date", "event_type", "actor_name", "recipient_name")
_SEPARATOR = ";"

Side = tuple[str | None, str | None]


def read_polecat(path: Path, knowledge: Knowledge) -> Imported:
    """The events of a POLECAT file, also as ``.zip`` or ``.gz``.

    An event of several actors or recipients (separated by ";") becomes a row for each pair.

    Raises:
        UnreadableInput: the file is missing, or has not the columns of POLECAT.
    """
    names, delimiter = heading(path, "POLECAT", _NEEDED)
    repairs = Repairs()
    return Imported(ORIGIN, _batches(path, names, delimiter, knowledge, repairs), repairs)


def _batches(
    path: Path, names: list[str], delimiter: str, knowledge: Knowledge, repairs: Repairs
) -> Iterator[pa.Table]:
    actors = ActorCodes(knowledge)
    day = functools.cache(iso_or_spelled_day)
    for rows in text_rows(path, names, names, repairs, delimiter=delimiter, headed=True):
        kept, columns = coded_events(_unguarded(rows), "event_type", _event_of)
        when, cities = days(kept, "event_date", day), first_given(kept, ("placename", "city", "district", "province"))
        columns |= {
            "event": identifiers(kept, "event_id", ORIGIN, path.stem),
            "publisher": kept.text("source"),
            "published": days(kept, "publication_date", day),
            "start": when, "end": when, "granularity": day_granularity(when),
            "mode": kept.text("event_mode"),
            "contexts": mapped(pc.coalesce(kept.text("contexts"), ""), _listed, pa.list_(pa.string())),
            "intensity": numbers(kept, "intensity", -10.0, 10.0),
            "place": pc.coalesce(cities, kept.text("country")),
            "country": mapped(kept.text("country"), actors.country, pa.string()),
            **coordinates(kept, "latitude", "longitude"),
        }  # fmt: skip
        yield _paired(kept, columns, actors.of_polecat)


def _event_of(text: str) -> EventCode | None:
    bare = text.strip().upper()
    return EventCode(bare) if bare in EVENT_TYPES else None


def _unguarded(rows: TextRows) -> TextRows:
    # POLECAT's coder writes "None" for what it does not know
    columns = [
        mapped(column, lambda text: None if text in ("None", "nan") else without_guard(text), pa.string())
        for column in rows.batch.columns
    ]
    rows.batch = pa.RecordBatch.from_arrays(columns, names=rows.batch.schema.names)
    return rows


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(_SEPARATOR) if part.strip()]


def _paired(rows: TextRows, columns: dict[str, Any], actor_of: Callable[..., str | None]) -> pa.Table:
    """One row for each actor and recipient."""
    places: list[int] = []
    pairs: list[tuple[Side, Side]] = []
    sides = zip(_sides(rows, "actor", actor_of), _sides(rows, "recipient", actor_of), strict=True)
    for place, (ours, theirs) in enumerate(sides):
        for pair in itertools.product(ours, theirs):
            places.append(place)
            pairs.append(pair)
    table = event_table(columns, len(rows), ORIGIN).take(pa.array(places, pa.int64()))
    for side, name in enumerate(("actor", "recipient")):
        for part, column in enumerate((name, f"{name}_name")):
            values = pa.array([pair[side][part] for pair in pairs], pa.string())
            table = table.set_column(table.schema.get_field_index(column), table.schema.field(column), values)
    return table


def _sides(rows: TextRows, side: str, actor_of: Callable[..., str | None]) -> Iterator[list[Side]]:
    columns = (f"{side}_name", f"{side}_country", f"primary_{side}_sector")
    for name, country, sector in zip(*(rows.text(column).to_pylist() for column in columns), strict=True):
        names = _listed(name or "")
        if len(names) < 2:
            yield [(actor_of(name, country, sector), name)]
            continue
        places, sectors = _each(country, len(names)), _each(sector, len(names))
        yield [(actor_of(*parts), parts[0]) for parts in zip(names, places, sectors, strict=True)]


def _each(text: str | None, count: int) -> list[str | None]:
    """The parts of a list, one for each name; where the numbers differ, none can be told apart."""
    parts = [part.strip() or None for part in text.split(_SEPARATOR)] if text else []
    return parts if len(parts) == count else [None] * count


def write_polecat(table: pa.Table, sink: BinaryIO, territories: Territories, *, happened_only: bool = True) -> int:
    """Write events as POLECAT's 40 columns, one row an event.

    POLECAT has no columns for how sure a source is or who says so: what is denied or only possible is left out unless
    ``happened_only`` is False. The date is the first day of the event, else of publication.

    Args:
        table: rows with the schema ``tables.DYADS``.
        sink: where to; UTF-8, cells cannot become formulas.
        territories: for the numbers of the Correlates of War.
        happened_only: leave out what no source says is so.

    Returns:
        How many events were written.
    """
    sink.write(("\t".join(COLUMNS) + "\n").encode())
    count = 0
    for rows in rows_by_event(table, happened_only=happened_only):
        values = _event_cells(rows, territories)
        sink.write(("\t".join(_plain(values.get(column)) for column in COLUMNS) + "\n").encode("utf-8", "replace"))
        count += 1
    return count


def _event_cells(rows: list[dict[str, Any]], territories: Territories) -> dict[str, Any]:
    first = rows[0]
    return {
        "Event ID": first["event"], "Event Date": first["start"] or first["published"],
        "Event Type": first["event_type"], "Event Mode": first["mode"], "Intensity": first["intensity"],
        "Quad Code": _QUADS.get(first["quad_class"]), "Contexts": _SEPARATOR.join(first["contexts"] or ()),
        **_side_cells(rows, "actor", territories), **_side_cells(rows, "recipient", territories),
        "Placename": first["place"], "Country": first["country"], "Latitude": first["lat"], "Longitude": first["lon"],
        "Raw Placename": first["place"], "Source": first["publisher"], "Publication Date": first["published"],
        "Version": f"dragoman {__version__}",
    }  # fmt: skip


def _side_cells(rows: list[dict[str, Any]], side: str, territories: Territories) -> dict[str, str]:
    label = side.title()
    found = [(key, (name or "").replace(_SEPARATOR, ",")) for key, name in named_sides(rows, side)]
    keys = [(key or "").split("-") for key, _ in found]
    states = [territories.by_alpha3.get(key[0]) for key in keys]
    names = _SEPARATOR.join(name for _, name in found)
    sectors = _SEPARATOR.join(key[1] if state and len(key) > 1 else "" for key, state in zip(keys, states, strict=True))
    return {
        f"{label} Name": names,
        f"{label} Country": _SEPARATOR.join(state.id or "" if state else "" for state in states),
        f"{label} COW": _SEPARATOR.join(str(state.cow) if state and state.cow else "" for state in states),
        f"Primary {label} Sector": sectors,
        f"{label} Sectors": sectors,
        f"{label} Name Raw": names,
    }


def _plain(value: Any) -> str:
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return ""
    # a tab or a line's end within a cell would break the table
    return str(cell(" ".join(value.split()) if isinstance(value, str) else value))
