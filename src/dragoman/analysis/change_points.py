"""When a relation changed, how sure that is, and which events made it.

The signal is the sum of an intensity a period (hostility unless told otherwise). Breaks of its
mean are found by PELT (Killick, Fearnhead and Eckley 2012) with squared error, a shortest regime of
three periods and a penalty of ``c * log(n) * variance`` a break. ``c`` was calibrated on 71 pairs of
a public event stream whose months were shuffled: at 3.5 a shuffled series of eleven years shows a
break in 6 of 100 cases, at 1.75 in about half. So a break found at 3.5 is called "clear", one found
only at 1.75 "possible": look at its events before you believe it (docs/relations.md).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
import ruptures
from numpy.typing import NDArray

from dragoman.analysis.relation_series import RelationSeries
from dragoman.analysis.selection import group_sums
from dragoman.errors import UsageError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Measure: TypeAlias = Literal["hostility", "cooperation", "intensity", "events"]
Grade: TypeAlias = Literal["clear", "possible"]
MEASURES: tuple[Measure, ...] = ("hostility", "cooperation", "intensity", "events")

CLEAR_PENALTY = 3.5
POSSIBLE_PENALTY = 1.75
SHORTEST_REGIME = 3  # periods
FEWEST_EVENTS = 8
"""Events of a pair below which a break tells of single events, and none is looked for."""
_RESAMPLES = 200
_CAUSES = 5


class Cause(msgspec.Struct, frozen=True):
    """An event that made a change: ``share`` is its part of the sum on the changed side."""

    event: str | None
    day: dt.date
    actor: str
    recipient: str
    event_type: str | None
    intensity: float
    share: float
    quote: str | None


class ChangePoint(msgspec.Struct, frozen=True):
    """A break: the first period of the new regime and the mean a period of the regimes on both sides.

    ``stability`` is the share of resamples of the events (with replacement) that show a break
    within one period of this one.
    """

    at: dt.date
    index: int
    before: float
    after: float
    grade: Grade
    stability: float
    causes: tuple[Cause, ...]


def breaks(signal: Floats, penalty: float, shortest: int = SHORTEST_REGIME) -> list[int]:
    """The first index of every regime of ``signal`` but the first (PELT, squared error).

    ``penalty`` is the ``c`` of this module's docstring. A constant or too short signal has no breaks.
    """
    return graded_breaks(signal, (penalty,), shortest)[0]


def graded_breaks(signal: Floats, penalties: tuple[float, ...], shortest: int = SHORTEST_REGIME) -> list[list[int]]:
    """``breaks`` for each of several penalties, at the cost of little more than one."""
    spread = float(signal.var()) if len(signal) else 0.0
    if len(signal) < 2 * shortest or spread <= 0:
        return [[] for _ in penalties]
    search = ruptures.KernelCPD(kernel="linear", min_size=shortest).fit(signal.reshape(-1, 1))
    scale = float(np.log(len(signal))) * spread
    return [search.predict(pen=penalty * scale)[:-1] for penalty in penalties]


def change_points(
    series: RelationSeries,
    measure: Measure = "hostility",
    *,
    penalty: float | None = None,
    shortest: int = SHORTEST_REGIME,
    resamples: int = _RESAMPLES,
    seed: int = 0,
) -> tuple[ChangePoint, ...]:
    """The breaks of a pair's relation, in time order, each with what made it.

    Args:
        series: The pair's series.
        measure: Whose mean is looked at.
        penalty: One penalty for all, in place of the two documented ones; breaks are then "clear".
        shortest: The fewest periods of a regime.
        resamples: How many resamples of the events the stability is measured on.
        seed: Of the resampling.

    Returns:
        The breaks; none where the pair has fewer than 8 events.

    Raises:
        UsageError: There is no such measure.
    """
    if measure not in MEASURES:
        raise UsageError(f"there is no measure '{measure}'; the measures are {', '.join(MEASURES)}")
    if series.rows.num_rows < FEWEST_EVENTS:
        return ()
    values = _row_values(series, measure)
    signal = group_sums(series.numbers, values, series.table.num_rows)
    low, high = (POSSIBLE_PENALTY, CLEAR_PENALTY) if penalty is None else (penalty, penalty)
    found, clear = graded_breaks(signal, (low, high), shortest)
    if not found:
        return ()
    kept = _survival(series.numbers, values, len(signal), found, low, shortest, resamples, seed)
    edges = [0, *found, len(signal)]
    periods = series.table["period"].to_pylist()
    return tuple(
        ChangePoint(
            periods[at], at, float(signal[edges[i] : at].mean()), float(signal[at : edges[i + 2]].mean()),
            "clear" if any(abs(at - other) <= 1 for other in clear) else "possible", kept[i],
            _causes(series, values, signal, (edges[i], at, edges[i + 2])),
        )
        for i, at in enumerate(found)
    )  # fmt: skip


def _row_values(series: RelationSeries, measure: Measure) -> Floats:
    intensity = series.rows["intensity"].fill_null(0.0).to_numpy()
    by_measure = {
        "hostility": np.maximum(-intensity, 0.0),
        "cooperation": np.maximum(intensity, 0.0),
        "intensity": intensity,
        "events": np.ones(len(intensity)),
    }
    values: Floats = series.weights * by_measure[measure]
    return values


def _survival(
    at: Numbers, values: Floats, size: int, found: list[int], penalty: float, shortest: int, resamples: int, seed: int
) -> list[float]:
    random = np.random.default_rng(seed)
    hits = np.zeros(len(found))
    for _ in range(resamples):
        drawn = random.integers(0, len(at), len(at))
        again = np.asarray(breaks(group_sums(at[drawn], values[drawn], size), penalty, shortest), dtype=np.int64)
        hits += [bool(len(again) and np.abs(again - index).min() <= 1) for index in found]
    return [float(hit) for hit in hits / max(resamples, 1)]


def _causes(series: RelationSeries, values: Floats, signal: Floats, edges: tuple[int, int, int]) -> tuple[Cause, ...]:
    # A rise is made by what came, a fall by what ceased: the strongest events of the higher side,
    # nearest to the break first where they are equally strong.
    start, at, end = edges
    rises = signal[at:end].mean() >= signal[start:at].mean()
    near = (at, min(end, at + SHORTEST_REGIME)) if rises else (max(start, at - SHORTEST_REGIME), at)
    chosen = np.flatnonzero((series.numbers >= near[0]) & (series.numbers < near[1]) & (values != 0))
    whole = float(np.abs(values[chosen]).sum())
    order = sorted(chosen.tolist(), key=lambda row: (-abs(values[row]), abs(int(series.numbers[row]) - at), row))
    rows = series.rows.take(pa.array(order[:_CAUSES], pa.int64())).to_pylist()
    return tuple(
        Cause(
            row["event"], row["start"], row["actor_name"] or row["actor_key"],
            row["recipient_name"] or row["recipient_key"], row["event_type"], row["intensity"],
            float(abs(values[index])) / whole, row["quote"],
        )
        for index, row in zip(order, rows, strict=False)
    )  # fmt: skip


def change_table(points: tuple[ChangePoint, ...]) -> pa.Table:
    """Change points as an Arrow table, one row each; ``events`` lists the ids of what made them."""
    return pa.table(
        {
            "at": pa.array([point.at for point in points], pa.date32()),
            "before": pa.array([point.before for point in points], pa.float64()),
            "after": pa.array([point.after for point in points], pa.float64()),
            "grade": pa.array([point.grade for point in points], pa.string()),
            "stability": pa.array([point.stability for point in points], pa.float64()),
            "events": pa.array([[c.event for c in point.causes] for point in points], pa.list_(pa.string())),
        }
    )
