"""What is known of a pair before a day, as columns from which the chance of each type of event is learned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.event_history import (
    KINDS,
    EventHistory,
    Matrix,
    Pairs,
    active_days,
    decayed,
    last_days,
    occurred,
    side_counts,
)
from dragoman.analysis.forecasters import Forecaster, span
from dragoman.records import EVENT_TYPES, QUAD_CLASSES

_PAIR_CONSTANTS = (2.0, 7.0, 15.0, 30.0, 60.0, 120.0)  # days
_QUAD_CONSTANTS = (30.0, 120.0)
_SIDE_CONSTANTS = (7.0, 30.0, 120.0)
_SHARE_CONSTANT = 60.0
_RECENT = (30, 90)  # days on which days with events are counted
_WINDOWS = 4  # of the horizon's length before the day
_LONGEST_AGE = 1000.0  # days; older, and never, counts as it
_SMALLEST = 1e-4  # a chance below it counts as it
_QUADS = np.array([QUAD_CLASSES[kind] for kind in EVENT_TYPES])
_SAME_QUAD = (_QUADS[:, None] == _QUADS[None, :]).astype(np.float64)

Columns = NDArray[np.float32]
"""(pairs * types, columns)."""


def forecast_columns(
    history: EventHistory, pairs: Pairs, at: int, horizon: int, members: Sequence[Forecaster], *, many: bool
) -> Columns:
    """What each pair's past says of each type.

    Args:
        history: what was known before ``at``.
        pairs: whose.
        at: the first day of the horizon.
        horizon: days.
        members: forecasters whose log odds are columns.
        many: with what few cases cannot teach: how busy each side is, and when things happened.
    """
    odds = [np.clip(m.forecast(history, pairs, at, horizon), _SMALLEST, 1 - _SMALLEST) for m in members]
    logits = [np.log(chance / (1 - chance)) for chance in odds]
    matrices = [*logits, *(logit * logit / 10 for logit in logits)]
    matrices += _of_the_pair(history, pairs, at)
    if many:
        matrices += _of_the_sides(history, pairs, at)
        matrices += _of_time(history, pairs, at, horizon)
    kinds = np.tile(np.eye(KINDS), (len(pairs), 1))
    return np.concatenate([np.stack([m.ravel() for m in matrices], axis=1), kinds], axis=1).astype(np.float32)


def _of_the_pair(history: EventHistory, pairs: Pairs, at: int) -> Iterator[Matrix]:
    """Decayed counts both ways: of the type, of all types, of the types of its quad class."""
    for constant in _PAIR_CONSTANTS:
        for codes in (pairs.codes, pairs.reversed_codes()):
            counts = decayed(history, codes, at, constant)
            yield np.log1p(counts)
            yield np.log1p(_every_kind(counts.sum(axis=1)))
            if constant in _QUAD_CONSTANTS:
                yield np.log1p(counts @ _SAME_QUAD)


def _of_the_sides(history: EventHistory, pairs: Pairs, at: int) -> Iterator[Matrix]:
    """How busy each side is with whomever, and what falls to the pair of what the actor does."""
    for constant in _SIDE_CONSTANTS:
        sides = side_counts(history, pairs, at, constant)
        yield from (np.log1p(counts) for counts in sides)
        yield from (np.log1p(_every_kind(counts.sum(axis=1))) for counts in sides[:2])
    does = side_counts(history, pairs, at, _SHARE_CONSTANT)[0]
    own = decayed(history, pairs.codes, at, _SHARE_CONSTANT)
    share = (own.sum(axis=1) + 0.05) / (does.sum(axis=1) + 1.0)
    yield np.log(share[:, None] * does + 1e-3)


def _of_time(history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Iterator[Matrix]:
    """How long ago, on how many days, in which of the last windows, and how long the history is."""
    for codes in (pairs.codes, pairs.reversed_codes()):
        ages = np.minimum(at - last_days(history, codes), _LONGEST_AGE)
        yield np.log1p(ages)
        yield np.log1p(_every_kind(ages.min(axis=1)))
    for days in _RECENT:
        yield np.log1p(active_days(history, pairs.codes, at - days))
    for number in range(_WINDOWS):
        window = history.between(at - (number + 1) * horizon, at - number * horizon)
        yield (occurred(window, pairs) > 0).astype(np.float64)
    yield np.full((len(pairs), KINDS), np.log(span(history, at)))


def _every_kind(values: NDArray[np.float64]) -> Matrix:
    return np.tile(values[:, None], (1, KINDS))
