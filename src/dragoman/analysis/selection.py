"""Which events an analysis is about: whose, when, and how surely they happened."""

from __future__ import annotations

import datetime as dt
import difflib
import functools
from typing import Literal, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.errors import AnalysisError, UsageError
from dragoman.tables import DYADS

Reality: TypeAlias = Literal["happened", "possible", "denied", "threatened", "all"]
Counting: TypeAlias = Literal["record", "story", "publisher"]

REALITIES: dict[Reality, frozenset[str | None]] = {
    "happened": frozenset({"CT+", "PR+", None}),  # imported events carry no factuality: their coder took them as fact
    "possible": frozenset({"PS+", "CTu", "Uu"}),
    "denied": frozenset({"CT-", "PR-", "PS-"}),
    "threatened": frozenset({"CT+", "PR+", None}),
    "all": frozenset(),
}
"""Factuality values of each choice. "threatened" is the THREATEN events that happened; "all" asks nothing."""

COUNTINGS: tuple[Counting, ...] = ("record", "story", "publisher")


class Selection(msgspec.Struct, frozen=True):
    """Which events count. ``since`` and ``until`` are inclusive; ``speaker`` keeps what this source said."""

    since: dt.date | None = None
    until: dt.date | None = None
    reality: Reality = "happened"
    speaker: str | None = None

    def check(self) -> None:
        """Raise UsageError where the dates are the wrong way round."""
        if self.since is not None and self.until is not None and self.since > self.until:
            raise UsageError(f"--since {self.since} is later than --until {self.until}; turn them round")


def event_rows(table: pa.Table, selection: Selection | None = None) -> pa.Table:
    """The rows of ``table`` that a selection keeps, with two more columns.

    ``actor_key`` and ``recipient_key`` are the id, else the name. Columns of ``tables.DYADS`` that
    are missing are added as nulls; ``actor``, ``recipient``, ``start`` and ``intensity`` must be there.

    Raises:
        AnalysisError: A needed column is missing, or there are no events at all.
        UsageError: The dates are the wrong way round.
    """
    chosen = selection or Selection()
    chosen.check()
    rows = _complete(table)
    if rows.num_rows == 0:
        raise AnalysisError("there are no events to analyse; add or import some first")
    masks = []
    if chosen.since is not None:
        masks.append(pc.greater_equal(pc.coalesce(rows["end"], rows["start"]), pa.scalar(chosen.since)))
    if chosen.until is not None:
        masks.append(pc.less_equal(rows["start"], pa.scalar(chosen.until)))
    if chosen.reality != "all" and rows["factuality"].null_count < rows.num_rows:
        values = REALITIES[chosen.reality]
        known = pc.is_in(rows["factuality"], pa.array([value for value in values if value]))
        masks.append(pc.or_(known, pc.is_null(rows["factuality"])) if None in values else known)
    elif chosen.reality in ("possible", "denied"):
        masks.append(pc.not_equal(rows["factuality"], ""))
    if chosen.reality == "threatened":
        masks.append(pc.equal(rows["event_type"], "THREATEN"))
    if chosen.speaker is not None:
        masks.append(pc.equal(rows["speaker"], chosen.speaker))
    # Nulls are dropped: a row whose date is unknown is in no range of dates.
    return rows.filter(functools.reduce(pc.and_, masks)) if masks else rows


def _complete(table: pa.Table) -> pa.Table:
    needed = [name for name in ("actor", "recipient", "start", "intensity") if name not in table.column_names]
    if needed:
        raise AnalysisError(f"the table of events lacks {', '.join(needed)}; its columns must be those of tables.DYADS")
    for field in DYADS:
        if field.name not in table.column_names:
            table = table.append_column(field, pa.nulls(table.num_rows, field.type))
        elif table.schema.field(field.name).type != field.type:
            index = table.column_names.index(field.name)
            table = table.set_column(index, field, table[field.name].cast(field.type))
    for side in ("actor", "recipient"):
        if f"{side}_key" not in table.column_names:
            table = table.append_column(f"{side}_key", pc.coalesce(table[side], table[f"{side}_name"]))
    return table


def actor_keys(table: pa.Table, wanted: str) -> frozenset[str]:
    """Every actor key in ``table`` that ``wanted`` stands for.

    An id stands for itself and its sectors ("PRK" for "PRK-MIL" too), a name for whom it names,
    and "USA+JPN+KOR" for a bloc.

    Raises:
        UsageError: Nobody in the table is called so; the message names the nearest.
    """
    return keys_among(_names(table), wanted)


def keys_among(names: dict[str, str], wanted: str) -> frozenset[str]:
    """``actor_keys`` for names that ``actor_names`` gave, where several are looked up."""
    whole = _match(names, wanted)
    if whole:
        return whole
    parts = [part.strip() for part in wanted.split("+") if part.strip()]
    keys: frozenset[str] = frozenset()
    for part in parts or [wanted]:
        found = _match(names, part)
        if not found:
            raise UsageError(f"no event names '{part}'; {_nearest(names, part)}")
        keys |= found
    return keys


def _names(table: pa.Table) -> dict[str, str]:
    # Key -> the name it has most often, of everybody on either side.
    best: dict[str, tuple[int, str]] = {}
    for side in ("actor", "recipient"):
        columns = [f"{side}_key", f"{side}_name"]
        counted = table.select(columns).group_by(columns).aggregate([([], "count_all")]).to_pylist()
        for row in counted:
            key, name = row[columns[0]], row[columns[1]]
            if key is None:
                continue
            told = (row["count_all"] if name else 0, name or key)
            best[key] = max(best.get(key, told), told)
    return {key: name for key, (_, name) in best.items()}


def _match(names: dict[str, str], wanted: str) -> frozenset[str]:
    folded = wanted.strip().casefold()
    roots = {key for key in names if key.casefold() == folded}
    if not roots:
        roots = {key for key, name in names.items() if name.casefold() == folded}
    sectors = tuple(f"{root}-" for root in roots) or (f"{wanted.strip().upper()}-",)
    return frozenset(roots | {key for key in names if key.startswith(sectors)})


def _nearest(names: dict[str, str], wanted: str) -> str:
    known = {label.casefold(): label for pair in names.items() for label in pair}
    near = difflib.get_close_matches(wanted.casefold(), known, n=3, cutoff=0.5)
    return f"nearest: {', '.join(known[label] for label in near)}" if near else "nothing is near it either"


def actor_names(table: pa.Table) -> dict[str, str]:
    """The name of every actor key of a table that ``event_rows`` gave; the key itself where none is known."""
    return _names(table)


def country_of(key: str) -> str:
    """The actor that a sector belongs to: "PRK" for "PRK-MIL"; "IGO-NATO" and names stay as they are."""
    head, dash, _ = key.partition("-")
    return head if dash and len(head) == 3 and head.isupper() and head not in ("IGO", "NSA", "NGO", "INT") else key


def pair_rows(
    table: pa.Table, a: str, b: str, *, directed: bool = False, names: dict[str, str] | None = None
) -> pa.Table:
    """The rows between two actors (from ``a`` to ``b`` only, when directed).

    ``names`` are those of the rows before any selection (``actor_names``); of ``table`` when left out.

    Raises:
        UsageError: An actor is unknown, or both stand for the same.
        AnalysisError: The table holds no event between them.
    """
    known = _names(table) if names is None else names
    ours, theirs = keys_among(known, a), keys_among(known, b)
    if ours & theirs:
        raise UsageError(f"'{a}' and '{b}' are the same or overlap; name two different actors")
    mask = pc.and_(_is(table["actor_key"], ours), _is(table["recipient_key"], theirs))
    if not directed:
        mask = pc.or_(mask, pc.and_(_is(table["actor_key"], theirs), _is(table["recipient_key"], ours)))
    rows = table.filter(mask)
    if rows.num_rows == 0:
        arrow = "from" if directed else "between"
        raise AnalysisError(f"there is no event {arrow} '{a}' {'to' if directed else 'and'} '{b}' in this selection")
    return rows


def _is(column: pa.ChunkedArray, keys: frozenset[str]) -> pa.ChunkedArray:
    return pc.is_in(column, value_set=pa.array(sorted(keys), pa.string()))


def unit_weights(rows: pa.Table, counting: Counting) -> NDArray[np.float64]:
    """What each row counts for, so that the rows of one unit count 1 together.

    A unit is an event record (which may name several actors and recipients), a story (a record
    without one is its own), or what one publisher reports of one kind on one day.
    """
    event = rows["event"]
    if event.null_count:  # a row without an id is its own event
        number = pa.array(np.arange(rows.num_rows)).cast(pa.string())
        event = pc.coalesce(event, pc.binary_join_element_wise("row", number, " "))
    if counting == "record":
        key = event
    elif counting == "story":
        key = pc.coalesce(pc.binary_join_element_wise("story", rows["story"], " "), event)
    else:
        day = pc.coalesce(rows["start"].cast(pa.string()), pa.scalar("undated"))
        kind = pc.coalesce(rows["event_type"], pa.scalar("untyped"))
        key = pc.coalesce(pc.binary_join_element_wise(rows["publisher"], day, kind, " "), event)
    if isinstance(key, pa.ChunkedArray):
        key = key.combine_chunks()
    codes = pc.dictionary_encode(key).indices.to_numpy(zero_copy_only=False)
    sizes = np.bincount(codes) if len(codes) else np.zeros(0, dtype=np.int64)
    weights: NDArray[np.float64] = 1.0 / sizes[codes]
    return weights


def group_sums(groups: NDArray[np.int64], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """The sum of ``values`` in each of ``size`` groups; ``groups`` numbers the group of each value."""
    sums: NDArray[np.float64] = np.bincount(groups, values, size).astype(np.float64, copy=False)
    return sums
