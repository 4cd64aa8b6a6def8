"""From text columns of another data set to the columns of ``tables.DYADS``, many rows at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.formats.delimited import TextRows
from dragoman.knowledge.codings import EventCode
from dragoman.records import QUAD_CLASSES
from dragoman.tables import DYADS

_PARTS = "\x1f"  # the unit separator of ASCII, which no name holds
_NUMBER = r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?\s*$"


def mapped(values: Any, meaning: Callable[[str], Any], kind: Any) -> Any:
    """What each text means, asked once for each different one; null stays null."""
    coded = values.dictionary_encode()
    known = pa.array([None if value is None else meaning(value) for value in coded.dictionary.to_pylist()], kind)
    return known.take(coded.indices)


def mapped_known(rows: TextRows, column: str, meaning: Callable[[str], Any], kind: Any, wrong: str) -> Any:
    """As ``mapped`` of a column; values that mean nothing become null and are noted as ``wrong``."""
    values = rows.text(column)
    found = mapped(values, meaning, kind)
    if found.null_count > values.null_count:
        rows.note(column, f"{wrong}, left empty", pc.and_(pc.is_valid(values), pc.is_null(found)))
    return found


def mapped_parts(parts: Sequence[Any], meaning: Callable[..., Any], kind: Any) -> Any:
    """What several columns mean together; the function gets a text or None for each of them."""
    joined = pc.binary_join_element_wise(*parts, _PARTS, null_handling="replace", null_replacement="")
    return mapped(joined, lambda text: meaning(*(part or None for part in text.split(_PARTS))), kind)


def first_given(rows: TextRows, columns: Sequence[str]) -> Any:
    """For each row the first of some columns that is not empty."""
    return pc.coalesce(*(rows.text(column) for column in columns))


def days(rows: TextRows, column: str, meaning: Callable[[str], dt.date | None]) -> Any:
    """A column of dates; what is no date becomes null and is noted."""
    return mapped_known(rows, column, meaning, pa.date32(), "no date")


def numbers(rows: TextRows, column: str, low: float, high: float) -> Any:
    """A column of numbers from ``low`` to ``high``; anything else becomes null and is noted."""
    values = rows.text(column)
    try:
        found = values.cast(pa.float64())
    except pa.ArrowInvalid:
        sound = pc.match_substring_regex(values, _NUMBER)
        rows.note(column, "no number, left empty", pc.invert(sound))
        found = pc.utf8_trim_whitespace(pc.if_else(sound, values, pa.scalar(None, pa.string()))).cast(pa.float64())
    inside = pc.and_(pc.greater_equal(found, low), pc.less_equal(found, high))
    if not pc.all(inside, skip_nulls=True).as_py():
        rows.note(column, f"outside of {low:g} to {high:g}, left empty", pc.invert(inside))
        found = pc.if_else(inside, found, pa.scalar(None, pa.float64()))
    return found


def coordinates(rows: TextRows, latitude: str, longitude: str) -> dict[str, Any]:
    """The columns ``lat`` and ``lon``, in degrees; a half of a position is none."""
    lat, lon = numbers(rows, latitude, -90.0, 90.0), numbers(rows, longitude, -180.0, 180.0)
    whole = pc.and_(pc.is_valid(lat), pc.is_valid(lon))
    nothing = pa.scalar(None, pa.float64())
    return {"lat": pc.if_else(whole, lat, nothing), "lon": pc.if_else(whole, lon, nothing)}


def coded_events(
    rows: TextRows, column: str, meaning: Callable[[str], EventCode | None]
) -> tuple[TextRows, dict[str, Any]]:
    """The rows whose code is an event of PLOVER's, with the columns that follow from the code.

    Returns:
        The rows that are kept, and their columns ``event_type``, ``mode``, ``contexts``, ``quad_class`` and the
        code's own ``intensity``.
    """
    values = rows.text(column)
    coded = values.dictionary_encode()
    events = [meaning(value) for value in coded.dictionary.to_pylist()]
    places = coded.indices
    unknown = pa.array([event is None for event in events], pa.bool_()).take(places)
    rows.note(column, "no code that is known, row left out", pc.fill_null(unknown, True))
    stated = pa.array([event is not None and event.type is None for event in events], pa.bool_()).take(places)
    rows.note(column, "PLOVER has no event for this code, row left out", stated)
    kept = pc.and_not(pc.is_valid(places), pc.or_(unknown, stated)).fill_null(False)
    places = places.filter(kept)
    columns = {
        "event_type": pa.array([event.type if event else None for event in events], pa.string()).take(places),
        "mode": pa.array([event.mode if event else None for event in events], pa.string()).take(places),
        "contexts": pa.array([event.contexts if event else () for event in events], pa.list_(pa.string())).take(places),
        "quad_class": pa.array([QUAD_CLASSES[event.type] if event and event.type else None for event in events],
                               pa.int8()).take(places),
        "intensity": pa.array([event.intensity if event else None for event in events], pa.float64()).take(places),
    }  # fmt: skip
    return rows.kept(kept), columns


def identifiers(rows: TextRows, column: str, origin: str, stem: str) -> Any:
    """Ids of events: the format's name and the row's own id, else its file and number."""
    values = rows.text(column)
    ids = pc.binary_join_element_wise(origin, values, ".")
    if values.null_count:
        rows.note(column, "no id, one was made of the file's name and the row's number", pc.is_null(values))
        made = pa.array([f"{origin}.{stem}.{number}" for number in rows.numbers.tolist()], pa.string())
        ids = pc.coalesce(ids, made)
    return ids


def event_table(columns: dict[str, Any], length: int, origin: str) -> pa.Table:
    """A table with the schema ``tables.DYADS``: what is not given is null."""
    whole = {**columns, "origin": pa.repeat(pa.scalar(origin, pa.string()), length)}
    return pa.table(
        [
            whole[field.name].cast(field.type) if field.name in whole else pa.nulls(length, field.type)
            for field in DYADS
        ],
        schema=DYADS,
    )


def iso_or_spelled_day(text: str) -> dt.date | None:
    """A day as ``2024-03-12``, ``12 March 2024``, ``20240312`` or with a time behind; None for anything else."""
    bare = text.strip().split("T")[0]
    bare = bare.rsplit(" ", 1)[0] if ":" in bare else bare
    for form in ("%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%d-%B-%Y"):
        try:
            return dt.datetime.strptime(bare, form).replace(tzinfo=dt.UTC).date()
        except ValueError:
            continue
    return None


def compact_day(text: str) -> dt.date | None:
    """A day as ``20240312`` with or without a time of day behind; None for anything else."""
    if len(text) not in (8, 14) or not (text.isascii() and text.isdigit()):
        return None
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def day_granularity(when: Any) -> Any:
    """The granularity of a column of days: "day" where there is one."""
    return pc.if_else(pc.is_valid(when), "day", pa.scalar(None, pa.string()))
