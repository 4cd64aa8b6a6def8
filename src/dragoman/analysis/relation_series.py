"""How a pair of actors stands over time: counts, tone and attention, each with its uncertainty."""

from __future__ import annotations

import datetime as dt

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import stats

from dragoman.analysis.periods import Days, Step, period_numbers, period_starts
from dragoman.analysis.selection import (
    Counting,
    Selection,
    actor_names,
    event_rows,
    group_sums,
    keys_among,
    pair_rows,
    unit_weights,
)
from dragoman.errors import AnalysisError
from dragoman.records import EVENT_TYPES

Floats = NDArray[np.float64]
LONGEST: dict[Step, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
"""Days that a date may span to be exact to a period."""

_MOST_PERIODS = 100_000
_LEVEL = 0.95


class RelationSeries(msgspec.Struct, frozen=True):
    """A pair's series. ``table`` has one row a period; ``rows`` are the events in it, ``notes`` what is left out.

    Columns of ``table``: ``period`` (its first day), ``events`` with ``events_low`` and ``events_high``
    (exact Poisson interval), ``quad_1`` to ``quad_4``, one column an event type, ``cooperation`` and
    ``hostility`` (sums of positive and of negative intensity, both as positive numbers), ``intensity``
    (their difference), ``tone`` (mean intensity of an event; null without events) with ``tone_low``
    and ``tone_high``, ``world`` and ``of_world`` (all events of the period and the pair's share of
    them), ``of_actors`` (the share among the events that either takes part in).
    """

    a: str
    b: str
    step: Step
    directed: bool
    counting: Counting
    table: pa.Table
    rows: pa.Table
    numbers: NDArray[np.int64]
    weights: Floats
    notes: tuple[str, ...]

    def arrow(self) -> pa.Table:
        """The series as an Arrow table."""
        return self.table

    def df(self) -> object:
        """The series as a pandas data frame."""
        return self.table.to_pandas()


def relation_series(
    table: pa.Table,
    a: str,
    b: str,
    *,
    by: Step = "month",
    directed: bool = False,
    counting: Counting = "record",
    selection: Selection | None = None,
) -> RelationSeries:
    """The relation of two actors, period by period, from the first event to the last (or as selected).

    Args:
        table: Events with the schema ``tables.DYADS``.
        a: An actor's id (its sectors included), name, or a bloc ("USA+JPN").
        b: The other one.
        by: The length of a period.
        directed: Only what ``a`` does to ``b``.
        counting: Whether a record, a story or a publisher counts once.
        selection: Dates and factuality; what happened, at any time, when left out.

    Raises:
        UsageError: An actor is unknown, both are the same, or the dates are the wrong way round.
        AnalysisError: There are no events, or none between the two that has a date.
    """
    chosen = selection or Selection()
    names = actor_names(event_rows(table, Selection(reality="all")))
    world = event_rows(table, chosen)
    pair, notes = _dated(pair_rows(world, a, b, directed=directed, names=names), by)
    numbers = period_numbers(_days(pair), by)
    first, last = _ends(numbers, chosen, by)
    inside = (numbers >= first) & (numbers <= last)
    pair, numbers = pair.filter(pa.array(inside)), numbers[inside] - first
    if pair.num_rows == 0:
        raise AnalysisError(
            f"no event between '{a}' and '{b}' that counts here has a date exact to a {by}; try a longer period"
        )
    weights = unit_weights(pair, counting)
    columns = _columns(pair, numbers, weights, last - first + 1)
    keys = keys_among(names, a) | keys_among(names, b)
    columns["world"], either = _attention(world, keys, by, first, last, counting)
    columns["of_world"] = _share(columns["events"], columns["world"])
    columns["of_actors"] = _share(columns["events"], either)
    starts = period_starts(np.arange(first, last + 1), by)
    series = pa.table({"period": pa.array(starts), **{name: _nullable(values) for name, values in columns.items()}})
    return RelationSeries(a, b, by, directed, counting, series, pair, numbers, weights, notes)


def _days(rows: pa.Table) -> Days:
    days: Days = rows["start"].to_numpy().astype("datetime64[D]")
    return days


def _dated(rows: pa.Table, by: Step) -> tuple[pa.Table, tuple[str, ...]]:
    # An event known only to the year must not heap up in January.
    notes = []
    undated = rows["start"].null_count
    if undated:
        rows = rows.filter(pc.is_valid(rows["start"]))
        notes.append(f"{undated} events without a date are left out")
    ends = pc.coalesce(rows["end"], rows["start"]).to_numpy().astype("datetime64[D]")
    length = (ends - _days(rows)).astype(np.int64) + 1
    exact = length <= LONGEST[by]
    if not exact.all():
        notes.append(f"{int((~exact).sum())} events dated less exactly than to a {by} are left out")
        rows = rows.filter(pa.array(exact))
    return rows, tuple(notes)


def _ends(numbers: NDArray[np.int64], chosen: Selection, by: Step) -> tuple[int, int]:
    first, last = (int(numbers.min()), int(numbers.max())) if len(numbers) else (0, -1)
    if chosen.since is not None:
        first = int(period_numbers(_one(chosen.since), by)[0])
    if chosen.until is not None:
        last = int(period_numbers(_one(chosen.until), by)[0])
    if last - first >= _MOST_PERIODS:
        raise AnalysisError(
            f"the dates span {last - first + 1} periods of a {by}; choose a longer period or give dates"
        )
    return first, last


def _one(day: dt.date) -> Days:
    return np.array([day], dtype="datetime64[D]")


def _columns(rows: pa.Table, at: NDArray[np.int64], weights: Floats, size: int) -> dict[str, Floats]:
    intensity = rows["intensity"].fill_null(0.0).to_numpy()
    quads = rows["quad_class"].fill_null(0).to_numpy()
    types = rows["event_type"].fill_null("").to_numpy(zero_copy_only=False)

    def total(values: Floats) -> Floats:
        return group_sums(at, weights * values, size)

    events = total(np.ones(len(at)))
    columns = {"events": events}
    columns["events_low"], columns["events_high"] = poisson_interval(events)
    for quad in (1, 2, 3, 4):
        columns[f"quad_{quad}"] = total((quads == quad).astype(np.float64))
    columns["cooperation"], columns["hostility"] = total(np.maximum(intensity, 0)), total(np.maximum(-intensity, 0))
    columns["intensity"] = total(intensity)
    with np.errstate(invalid="ignore"):
        columns["tone"] = np.where(events > 0, columns["intensity"] / np.where(events > 0, events, 1), np.nan)
    reach = _tone_reach(intensity, weights, events)
    columns["tone_low"] = np.maximum(columns["tone"] - reach, -10)
    columns["tone_high"] = np.minimum(columns["tone"] + reach, 10)
    for kind in EVENT_TYPES:
        columns[kind.lower()] = total((types == kind).astype(np.float64))
    return columns


def poisson_interval(counts: Floats) -> tuple[Floats, Floats]:
    """The exact 95 % interval of a Poisson mean for each count (Garwood 1936)."""
    tail = (1 - _LEVEL) / 2
    low = np.where(counts > 0, stats.chi2.ppf(tail, 2 * np.maximum(counts, 1e-9)) / 2, 0.0)
    return low, stats.chi2.ppf(1 - tail, 2 * (counts + 1)) / 2


def _tone_reach(intensity: Floats, weights: Floats, events: Floats) -> Floats:
    # One event has no spread of its own, so the spread is that of all the pair's events.
    units = weights.sum()
    if units < 2:
        return np.full(len(events), np.nan)
    mean = float(np.average(intensity, weights=weights))
    spread = np.sqrt(float((weights * (intensity - mean) ** 2).sum()) / (units - 1))
    with np.errstate(divide="ignore"):
        reach: Floats = stats.t.ppf((1 + _LEVEL) / 2, units - 1) * spread / np.sqrt(events)
    return reach


def _attention(
    world: pa.Table, keys: frozenset[str], by: Step, first: int, last: int, counting: Counting
) -> tuple[Floats, Floats]:
    dated = world.filter(pc.is_valid(world["start"]))
    numbers = period_numbers(_days(dated), by)
    inside = (numbers >= first) & (numbers <= last)
    dated, numbers = dated.filter(pa.array(inside)), numbers[inside] - first
    either = pc.or_(
        pc.is_in(dated["actor_key"], pa.array(sorted(keys), pa.string())),
        pc.is_in(dated["recipient_key"], pa.array(sorted(keys), pa.string())),
    ).to_numpy()
    weights = unit_weights(dated, counting)
    size = last - first + 1
    return group_sums(numbers, weights, size), group_sums(numbers, weights * either, size)


def _share(part: Floats, whole: Floats) -> Floats:
    return np.where(whole > 0, np.minimum(part / np.where(whole > 0, whole, 1), 1.0), np.nan)


def _nullable(values: Floats) -> pa.Array:
    return pa.array(values, mask=~np.isfinite(values))
