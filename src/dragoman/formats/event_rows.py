"""The rows of a table of events, event by event."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HAPPENED: tuple[str, ...] = ("CT+", "PR+")
"""What a source says is so, certainly or probably; imported events, which have no factuality, count among them."""

_SLICE = 10_000


def rows_by_event(table: pa.Table, *, happened_only: bool = False) -> Iterator[list[dict[str, Any]]]:
    """The rows (dicts) of one event after another, in the order in which each event first stands in the table.

    Args:
        table: rows with the schema ``tables.DYADS``.
        happened_only: leave out what is denied, only possible, or left open.
    """
    if happened_only:
        sure = pc.is_in(table["factuality"], pa.array(HAPPENED))
        table = table.filter(pc.or_(sure, pc.is_null(table["factuality"])))
    coded = table["event"].combine_chunks().dictionary_encode().indices
    order = np.argsort(coded.to_numpy(zero_copy_only=False), kind="stable")
    gathered: list[dict[str, Any]] = []
    for start in range(0, len(order), _SLICE):
        for row in table.take(pa.array(order[start : start + _SLICE])).to_pylist():
            if gathered and gathered[0]["event"] != row["event"]:
                yield gathered
                gathered = []
            gathered.append(row)
    if gathered:
        yield gathered


def named_sides(rows: list[dict[str, Any]], side: str) -> list[tuple[str | None, str | None]]:
    """The different (id, name) pairs of one side of an event, in order; sides that are not named are left out."""
    found = dict.fromkeys((row[side], row[f"{side}_name"]) for row in rows)
    return [pair for pair in found if pair != (None, None)]
