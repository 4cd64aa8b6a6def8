"""ACLED: political violence and protest, comma-separated under a heading (ACLED codebook, 2023)."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.formats.actor_codes import ActorCodes
from dragoman.formats.delimited import TextRows, heading, text_rows
from dragoman.formats.event_columns import (
    coded_events,
    coordinates,
    days,
    event_table,
    first_given,
    identifiers,
    iso_or_spelled_day,
    mapped,
    mapped_known,
    mapped_parts,
)
from dragoman.formats.imported import Imported, Repairs
from dragoman.knowledge.base import Knowledge

ORIGIN = "acled"
_NEEDED = ("event_id_cnty", "event_date", "sub_event_type", "actor1", "actor2", "country")
_WANTED = [
    *_NEEDED, "time_precision", "inter1", "inter2", "admin1", "location", "latitude", "longitude", "source",
]  # fmt: skip
_PRECISION = {"1": "day", "2": "week", "3": "month"}


def read_acled(path: Path, knowledge: Knowledge) -> Imported:
    """The events of an ACLED file.

    A row is an event from actor 1 to actor 2; ACLED says that the order of the two means little. A day of precision 2
    is a week around it, of precision 3 its month. The notes are ACLED's words, not a source's, and are left out.

    Raises:
        UnreadableInput: the file is missing, or has not the columns of ACLED.
    """
    names, delimiter = heading(path, "ACLED", _NEEDED)
    repairs = Repairs()
    return Imported(ORIGIN, _batches(path, names, delimiter, knowledge, repairs), repairs)


def _batches(
    path: Path, names: list[str], delimiter: str, knowledge: Knowledge, repairs: Repairs
) -> Iterator[pa.Table]:
    actors, codes = ActorCodes(knowledge), knowledge.codings.acled
    for rows in text_rows(path, names, _WANTED, repairs, delimiter=delimiter, headed=True):
        kept, columns = coded_events(rows, "sub_event_type", lambda kind: codes.get(kind.strip()))
        columns |= {
            **_when(kept),
            "event": identifiers(kept, "event_id_cnty", ORIGIN, path.stem),
            "publisher": kept.text("source"),
            "actor": _side(kept, 1, actors), "actor_name": kept.text("actor1"),
            "recipient": _side(kept, 2, actors), "recipient_name": kept.text("actor2"),
            "place": first_given(kept, ("location", "admin1", "country")),
            "country": mapped(kept.text("country"), actors.country, pa.string()),
            **coordinates(kept, "latitude", "longitude"),
        }  # fmt: skip
        yield event_table(columns, len(kept), ORIGIN)


def _side(rows: TextRows, number: int, actors: ActorCodes) -> Any:
    parts = [rows.text(f"actor{number}"), rows.text(f"inter{number}")]
    return mapped_parts(parts, actors.of_acled, pa.string())


def _when(rows: TextRows) -> dict[str, Any]:
    given = days(rows, "event_date", functools.cache(iso_or_spelled_day))
    precision = pc.coalesce(
        mapped_known(rows, "time_precision", lambda text: _PRECISION.get(text.strip()), pa.string(), "no precision"),
        "day",
    )
    known = pc.if_else(pc.is_valid(given), precision, pa.scalar(None, pa.string()))
    days_around = pa.array([_around(*pair) for pair in zip(given.to_pylist(), known.to_pylist(), strict=True)],
                           pa.struct([("start", pa.date32()), ("end", pa.date32())]))  # fmt: skip
    return {
        "start": pc.struct_field(days_around, "start"),
        "end": pc.struct_field(days_around, "end"),
        "granularity": known,
    }


def _around(day: dt.date | None, precision: str | None) -> dict[str, dt.date] | None:
    if day is None:
        return None
    if precision == "week":
        return {"start": day - dt.timedelta(days=3), "end": day + dt.timedelta(days=3)}
    if precision == "month":
        after = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        return {"start": day.replace(day=1), "end": after - dt.timedelta(days=1)}
    return {"start": day, "end": day}
