"""Every pair of many actors at once: series as a matrix, and their change points."""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.change_points import CLEAR_PENALTY, FEWEST_EVENTS, POSSIBLE_PENALTY, Measure, graded_breaks
from dragoman.analysis.periods import Step, period_numbers, period_starts
from dragoman.analysis.selection import Selection, country_of, event_rows, group_sums
from dragoman.errors import AnalysisError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class PairScan(msgspec.Struct, frozen=True):
    """Series of all pairs: ``matrix[pair, period]`` is the measure's sum, ``events`` a pair's event count.

    ``changes`` has a row for each break: ``a``, ``b``, ``at``, ``before``, ``after``, ``grade``.
    """

    actors: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    periods: NDArray[np.datetime64]
    matrix: Floats
    events: Codes
    changes: pa.Table


def scan_pairs(
    table: pa.Table,
    *,
    by: Step = "month",
    measure: Measure = "hostility",
    most_actors: int = 200,
    selection: Selection | None = None,
    sectors: bool = False,
) -> PairScan:
    """Undirected series and change points of every pair among the actors with the most events.

    Sectors count for their country unless ``sectors``. An event counts once a pair, however many
    rows it has there.

    Raises:
        AnalysisError: No event has two actors and a date.
    """
    rows = event_rows(table, selection).select(["event", "actor_key", "recipient_key", "start", "intensity"])
    rows = rows.filter(pc.and_(pc.is_valid(rows["start"]), pc.is_valid(rows["recipient_key"])))
    names, left, right = _coded(rows, sectors)
    inside, ranked = _most_active(left, right, len(names), most_actors)
    if not inside.any():
        raise AnalysisError("no event joins two different actors on a known date; nothing can be compared")
    place = np.full(len(names), -1)
    place[ranked] = np.arange(len(ranked))
    left, right = place[left[inside]], place[right[inside]]
    low, high = np.minimum(left, right), np.maximum(left, right)
    pair_codes, pair_of = np.unique(low * len(ranked) + high, return_inverse=True)
    numbers = period_numbers(rows["start"].to_numpy()[inside].astype("datetime64[D]"), by)
    first, size = int(numbers.min()), int(numbers.max() - numbers.min()) + 1
    intensity = rows["intensity"].fill_null(0.0).to_numpy()[inside]
    weights = _once(rows["event"], inside, pair_of)
    values = weights * _measured(intensity, measure)
    matrix = group_sums(pair_of * size + numbers - first, values, len(pair_codes) * size).reshape(-1, size)
    events = np.round(np.bincount(pair_of, weights)).astype(np.int64)
    actors = tuple(names[code] for code in ranked.tolist())
    pairs = tuple((actors[code // len(ranked)], actors[code % len(ranked)]) for code in pair_codes.tolist())
    periods = period_starts(np.arange(first, first + size), by)
    return PairScan(actors, pairs, periods, matrix, events, _changes(pairs, periods, matrix, events))


def _coded(rows: pa.Table, sectors: bool) -> tuple[list[str], Codes, Codes]:
    # Actors as numbers in the order of their names; both sides share them.
    sides = [rows[f"{side}_key"].combine_chunks().dictionary_encode() for side in ("actor", "recipient")]
    labels = [
        [key if sectors or key is None else country_of(key) for key in side.dictionary.to_pylist()] for side in sides
    ]
    names = sorted({label for side in labels for label in side if label is not None})
    number = {name: index for index, name in enumerate(names)}
    coded = []
    for side, own in zip(sides, labels, strict=True):
        lookup = np.array([*(number[label] for label in own), -1], dtype=np.int64)
        coded.append(lookup[side.indices.fill_null(len(own)).to_numpy(zero_copy_only=False)])
    return names, coded[0], coded[1]


def _most_active(left: Codes, right: Codes, size: int, most: int) -> tuple[NDArray[np.bool_], Codes]:
    known = (left >= 0) & (right >= 0) & (left != right)
    active = np.bincount(left[known], minlength=size) + np.bincount(right[known], minlength=size)
    ranked = np.sort(np.argsort(-active, kind="stable")[:most])
    ranked = ranked[active[ranked] > 0]
    chosen = np.zeros(size + 1, dtype=bool)
    chosen[ranked] = True
    return known & chosen[left] & chosen[right], ranked


def _once(event: pa.ChunkedArray, inside: NDArray[np.bool_], pair_of: Codes) -> Floats:
    if event.null_count:
        return np.ones(len(pair_of))
    codes = event.combine_chunks().dictionary_encode().indices.to_numpy()[inside].astype(np.int64)
    if len(codes) == 0 or codes.max() + 1 == event.length():  # every row is its own event
        return np.ones(len(pair_of))
    _, unit, sizes = np.unique(codes * (pair_of.max() + 1) + pair_of, return_inverse=True, return_counts=True)
    weights: Floats = 1.0 / sizes[unit]
    return weights


def _measured(intensity: Floats, measure: Measure) -> Floats:
    if measure == "events":
        return np.ones(len(intensity))
    if measure == "intensity":
        return intensity
    return np.maximum(intensity if measure == "cooperation" else -intensity, 0.0)


def _changes(
    pairs: tuple[tuple[str, str], ...], periods: NDArray[np.datetime64], matrix: Floats, events: Codes
) -> pa.Table:
    found: list[tuple[str, str, object, float, float, str]] = []
    days = periods.tolist()
    for index in np.flatnonzero(events >= FEWEST_EVENTS).tolist():
        signal = matrix[index]
        possible, clear = graded_breaks(signal, (POSSIBLE_PENALTY, CLEAR_PENALTY))
        edges = [0, *possible, len(signal)]
        for i, at in enumerate(possible):
            grade = "clear" if any(abs(at - other) <= 1 for other in clear) else "possible"
            before, after = float(signal[edges[i] : at].mean()), float(signal[at : edges[i + 2]].mean())
            found.append((*pairs[index], days[at], before, after, grade))
    names = ("a", "b", "at", "before", "after", "grade")
    types = (pa.string(), pa.string(), pa.date32(), pa.float64(), pa.float64(), pa.string())
    columns = list(zip(*found, strict=True)) or [()] * len(names)
    return pa.table({n: pa.array(list(c), t) for n, c, t in zip(names, columns, types, strict=True)})
