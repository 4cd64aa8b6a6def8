"""Forecasters of events: the chance that a pair has an event of each type within a horizon, from its past alone.

Each learns what it needs from the history that it is given, which ends before the day of the forecast. Recurrency is
after Gastinger et al. 2024 ("History repeats itself", strict and relaxed); the rest are named where they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.event_history import (
    KINDS,
    EventHistory,
    Matrix,
    Pairs,
    active_pairs,
    last_days,
    occurred,
)

_AGES = np.array([3.0, 7.0, 14.0, 30.0, 60.0, 120.0, 240.0, np.inf])
"""Upper ends, in days, of the classes of how long ago something was; one more class stands for never."""

_PRIOR = 20.0  # cases that a class of ages starts with, at the mean of its type
_RATE_PRIOR = 0.5  # events that each pair starts with, at the mean rate of the type
_GAP_PRIOR = 3.0  # gaps that each series starts with, at what is known of its type
_LESSONS = 5  # past origins that are learned from
FEWEST_EVENTS = 2
"""Events that a pair must have had for it to be learned from."""


class Forecaster(Protocol):
    """Says how likely each type of event is for each pair.

    ``forecast(history, pairs, at, horizon)`` is given the history before the day ``at`` (a proleptic ordinal) and gives
    a (pairs, types) matrix of chances that at least one such event falls on ``at`` or one of the ``horizon - 1`` days
    after it.
    """

    @property
    def name(self) -> str:
        """What it is called in tables."""
        ...

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """Chances within 0 to 1, one for each pair and type."""
        ...


@dataclass(frozen=True)
class Lesson:
    """A past origin: what was known then, and what followed within the horizon."""

    history: EventHistory
    pairs: Pairs
    at: int
    happened: Matrix


def lessons(history: EventHistory, at: int, horizon: int, most: int = _LESSONS) -> Iterator[Lesson]:
    """Past origins whose horizons ended before ``at``, the latest first.

    An origin needs a horizon's length of history before it and a pair to learn from.
    """
    for number in range(1, most + 1):
        origin = at - number * horizon
        if origin - history.first < horizon:
            return
        known = history.before(origin)
        pairs = active_pairs(known, FEWEST_EVENTS)
        if len(pairs):
            followed = occurred(history.between(origin, origin + horizon), pairs) > 0
            yield Lesson(known, pairs, origin, followed.astype(np.float64))


def span(history: EventHistory, at: int) -> int:
    """Days that a history covers before ``at``, at least one."""
    return max(1, at - history.first)


class TypeRate:
    """Every pair alike: the mean rate of the type over all pairs, as a Poisson process."""

    name = "base rate of the type"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``Forecaster``."""
        rates = _type_rates(history, at)
        return np.tile(1 - np.exp(-rates * horizon), (len(pairs), 1))


class BaseRate:
    """Each pair by its own past: the rate of its events, drawn to the mean of the type (gamma-Poisson)."""

    name = "base rate"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``Forecaster``."""
        rates = np.maximum(_type_rates(history, at), 1e-9)
        counts = occurred(history, pairs)
        own = (counts + _RATE_PRIOR) / (span(history, at) + _RATE_PRIOR / rates)
        return np.asarray(1 - np.exp(-own * horizon))


def _type_rates(history: EventHistory, at: int) -> NDArray[np.float64]:
    pairs = active_pairs(history, FEWEST_EVENTS)
    if not len(pairs):
        return np.full(KINDS, 1e-9)
    return np.asarray(occurred(history, pairs).mean(axis=0) / span(history, at))


class StrictRecurrency:
    """By how long ago the pair last had an event of the same type."""

    name = "recurrency, strict"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``Forecaster``."""
        return _by_age(history, pairs, at, horizon, relaxed=False)


class RelaxedRecurrency:
    """By how long ago the pair last had an event of any type."""

    name = "recurrency, relaxed"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``Forecaster``."""
        return _by_age(history, pairs, at, horizon, relaxed=True)


def _by_age(history: EventHistory, pairs: Pairs, at: int, horizon: int, *, relaxed: bool) -> Matrix:
    seen, hits = np.zeros((len(_AGES) + 1, KINDS)), np.zeros((len(_AGES) + 1, KINDS))
    for lesson in lessons(history, at, horizon):
        ages = _age_classes(lesson.history, lesson.pairs, lesson.at, relaxed)
        np.add.at(seen, (ages, _every_kind(len(ages))), 1.0)
        np.add.at(hits, (ages, _every_kind(len(ages))), lesson.happened)
    if not seen.sum():
        return BaseRate().forecast(history, pairs, at, horizon)
    mean = hits.sum(axis=0) / np.maximum(seen.sum(axis=0), 1)
    shares = (hits + _PRIOR * mean) / (seen + _PRIOR)
    ages = _age_classes(history, pairs, at, relaxed)
    return np.asarray(shares[ages, _every_kind(len(pairs))])


def _age_classes(history: EventHistory, pairs: Pairs, at: int, relaxed: bool) -> NDArray[np.int64]:
    ages = at - last_days(history, pairs.codes)
    if relaxed:
        ages = np.tile(ages.min(axis=1, keepdims=True), (1, KINDS))
    return np.where(np.isinf(ages), len(_AGES), np.searchsorted(_AGES, ages))


def _every_kind(rows: int) -> NDArray[np.int64]:
    return np.tile(np.arange(KINDS), (rows, 1))


class Periodicity:
    """By the gaps between a pair's events of a type: of those that lasted as long as this one, how many ended in time.

    The empirical hazard of the series' own gaps, drawn to what strict recurrency says of the type.
    """

    name = "periodicity"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``Forecaster``."""
        pooled = StrictRecurrency().forecast(history, pairs, at, horizon)
        cell, gap = _gaps(history, pairs)
        waited = (at - 1 - last_days(history, pairs.codes)).ravel()
        longer = gap > waited[cell]
        ended = longer & (gap <= waited[cell] + horizon)
        total = np.bincount(cell[longer], minlength=pooled.size)
        soon = np.bincount(cell[ended], minlength=pooled.size)
        flat = (soon + _GAP_PRIOR * pooled.ravel()) / (total + _GAP_PRIOR)
        return np.asarray(flat.reshape(pooled.shape))


def _gaps(history: EventHistory, pairs: Pairs) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The gaps in days between days with events, each with its place in the flattened (pairs, types) matrix."""
    codes = history.codes()
    places = np.minimum(np.searchsorted(pairs.codes, codes), max(0, len(pairs) - 1))
    mine = pairs.codes[places] == codes if len(pairs) else np.zeros(len(codes), dtype=bool)
    cells = places[mine] * KINDS + history.kind[mine]
    distinct = np.unique(np.stack([cells, history.day[mine]]), axis=1)
    same = distinct[0][1:] == distinct[0][:-1]
    return distinct[0][1:][same], (distinct[1][1:] - distinct[1][:-1])[same]
