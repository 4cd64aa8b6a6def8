"""Forecasts made again as of past days and held against what followed (rolling origin; Tashman 2000).

A forecaster is given what had happened and could be known before each origin, and nothing else. Scores are proper:
Brier (1950) and the logarithm for chances, the continuous ranked probability score (Matheson and Winkler 1976) for
counts, taken as Poisson with the chance's rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scoringrules
from numpy.typing import NDArray

from dragoman.analysis.calibration import Bin
from dragoman.analysis.event_history import EventHistory, Matrix, Pairs, active_pairs, occurred
from dragoman.analysis.forecasters import BaseRate, Forecaster, TypeRate
from dragoman.errors import AnalysisError
from dragoman.records import EVENT_TYPES

_SHARPEST = 0.001  # a chance of 0 or 1 counts as this far from it in the log score
_BINS = 10
_RESAMPLES = 500
LEVEL = 0.9
"""Of the intervals of skill."""


@dataclass(frozen=True)
class Skill:
    """1 - score / the score of a base rate, with the interval that resampling pairs gives."""

    value: float
    low: float
    high: float

    @property
    def is_there(self) -> bool:
        """Whether the whole interval is above nothing."""
        return self.low > 0


@dataclass(frozen=True)
class Tested:
    """How one forecaster did; lower is better for ``brier``, ``log`` and ``crps``.

    Attributes:
        name: of the forecaster.
        brier: mean squared error of the chances.
        log: mean of minus the logarithm of the chance of what happened.
        crps: of the counts.
        calibration_error: expected calibration error: how far, on average over ten classes of chances weighted by their
            size, the mean chance is from the share that came true.
        over_pairs: skill over each pair's own base rate.
        over_types: skill over the base rate of the type.
        bins: the calibration table.
    """

    name: str
    brier: float
    log: float
    crps: float
    calibration_error: float
    over_pairs: Skill
    over_types: Skill
    bins: tuple[Bin, ...]


@dataclass(frozen=True)
class Backtest:
    """What was tested, on what, and how it came out."""

    forecasters: tuple[Tested, ...]
    origins: tuple[int, ...]
    horizon: int
    pairs: int
    chances: int
    came_true: float


@dataclass(frozen=True)
class Target:
    """Which chances are asked about; None asks about all.

    Attributes:
        actor: name in the history.
        recipient: name in the history.
        kinds: types of events.
    """

    actor: str | None = None
    recipient: str | None = None
    kinds: tuple[str, ...] = EVENT_TYPES

    def pairs(self, pairs: Pairs, names: tuple[str, ...]) -> Pairs:
        """Those of the pairs that are meant."""
        mask = np.ones(len(pairs), dtype=bool)
        for name, column in ((self.actor, pairs.actor), (self.recipient, pairs.recipient)):
            if name is not None:
                mask &= column == (names.index(name) if name in names else -2)
        return Pairs(pairs.codes[mask], pairs.names)

    def columns(self) -> list[int]:
        """Places of the types that are meant."""
        return [EVENT_TYPES.index(kind) for kind in self.kinds]


_EVERYTHING = Target()


@dataclass
class _Gathered:
    chances: list[Matrix]
    happened: list[Matrix]
    counts: list[Matrix]
    codes: list[NDArray[np.int64]]


def origins_of(history: EventHistory, horizon: int, count: int, first: int | None = None) -> list[int]:
    """Days a horizon's length apart, the last of them a horizon before the history ends.

    Raises:
        AnalysisError: the history is too short for one origin with as much history before it as the horizon is long.
    """
    end = history.last + 1
    found = [end - number * horizon for number in range(count, 0, -1)]
    kept = [day for day in found if day - history.first >= 2 * horizon and (first is None or day >= first)]
    if not kept:
        covered = end - history.first
        raise AnalysisError(
            f"the events cover {covered} days; a backtest over {horizon} days needs {3 * horizon} at the least"
        )
    return kept


def backtest(
    history: EventHistory,
    forecasters: Sequence[Forecaster],
    *,
    horizon: int,
    origins: Sequence[int],
    fewest: int = 3,
    target: Target = _EVERYTHING,
    seed: int = 0,
) -> Backtest:
    """Forecast each type of event for every pair as of each origin, and score.

    Args:
        history: all events.
        forecasters: what is tested.
        horizon: days.
        origins: the days as of which forecasts are made.
        fewest: events that a pair must have had before an origin to be asked about.
        target: which chances are scored; what is learned is learned from all.
        seed: of the resampling.

    Raises:
        AnalysisError: no pair that is meant has that many events before any origin.
    """
    bases: tuple[Forecaster, ...] = (BaseRate(), TypeRate())
    columns = target.columns()
    gathered = {f.name: _Gathered([], [], [], []) for f in (*bases, *forecasters)}
    for at in origins:
        known = history.before(at)
        pairs = target.pairs(active_pairs(known, fewest), history.names)
        if not len(pairs):
            continue
        counts = occurred(history.between(at, at + horizon), pairs)[:, columns]
        for forecaster in {f.name: f for f in (*bases, *forecasters)}.values():
            of = gathered[forecaster.name]
            of.chances.append(forecaster.forecast(known, pairs, at, horizon)[:, columns])
            of.happened.append((counts > 0).astype(np.float64))
            of.counts.append(counts)
            of.codes.append(pairs.codes)
    own, common = (_joined(gathered[base.name]) for base in bases)
    if not own.size:
        raise AnalysisError(
            f"no pair that is meant has {fewest} events before any of {len(origins)} days; ask for fewer"
        )
    tested = [_tested(f.name, _joined(gathered[f.name]), own, common, seed) for f in forecasters]
    return Backtest(
        tuple(tested), tuple(origins), horizon, len(np.unique(own.codes)), own.size, float(own.happened.mean())
    )


@dataclass(frozen=True)
class _Joined:
    chances: Matrix
    happened: Matrix
    counts: Matrix
    codes: NDArray[np.int64]

    @property
    def size(self) -> int:
        return self.chances.size

    def loss_by_pair(self) -> NDArray[np.float64]:
        """The squared errors of each pair, summed over its types and origins."""
        _, place = np.unique(self.codes, return_inverse=True)
        return np.asarray(
            np.bincount(place, weights=((self.chances - self.happened) ** 2).sum(axis=1)), dtype=np.float64
        )


def _joined(gathered: _Gathered) -> _Joined:
    if not gathered.chances:
        empty = np.zeros((0, 0))
        return _Joined(empty, empty, empty, np.zeros(0, dtype=np.int64))
    return _Joined(
        np.concatenate(gathered.chances), np.concatenate(gathered.happened), np.concatenate(gathered.counts),
        np.concatenate(gathered.codes),
    )  # fmt: skip


def _tested(name: str, made: _Joined, own: _Joined, common: _Joined, seed: int) -> Tested:
    kept = np.clip(made.chances, _SHARPEST, 1 - _SHARPEST)
    bins = _bins(made.chances.ravel(), made.happened.ravel())
    rates = -np.log1p(-np.clip(made.chances, 0, 1 - 1e-9))
    return Tested(
        name=name,
        brier=float(((made.chances - made.happened) ** 2).mean()),
        log=float(-np.where(made.happened > 0, np.log(kept), np.log1p(-kept)).mean()),
        crps=float(np.mean(scoringrules.crps_poisson(made.counts.ravel(), np.maximum(rates.ravel(), 1e-9)))),
        calibration_error=sum(b.count * abs(b.mean_chance - b.came_true) for b in bins) / made.size,
        over_pairs=_skill(made, own, seed),
        over_types=_skill(made, common, seed),
        bins=tuple(bins),
    )


def _skill(made: _Joined, base: _Joined, seed: int) -> Skill:
    ours, theirs = made.loss_by_pair(), base.loss_by_pair()
    chance = np.random.Generator(np.random.PCG64(seed))
    drawn = []
    for _ in range(_RESAMPLES):
        some = chance.integers(0, len(ours), len(ours))
        drawn.append(1 - ours[some].sum() / max(theirs[some].sum(), 1e-12))
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Skill(float(1 - ours.sum() / max(theirs.sum(), 1e-12)), float(low), float(high))


def _bins(chances: NDArray[np.float64], happened: NDArray[np.float64]) -> list[Bin]:
    number = np.minimum((chances * _BINS).astype(np.int64), _BINS - 1)
    counts = np.bincount(number, minlength=_BINS)
    means = np.bincount(number, weights=chances, minlength=_BINS)
    true = np.bincount(number, weights=happened, minlength=_BINS)
    return [
        Bin(k / _BINS, (k + 1) / _BINS, int(counts[k]), float(means[k] / counts[k]), float(true[k] / counts[k]))
        for k in range(_BINS)
        if counts[k]
    ]
