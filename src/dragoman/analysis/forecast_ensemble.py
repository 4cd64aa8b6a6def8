"""All forecasters together: their weights are learned on past windows, and calibrated on the latest of those."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit

from dragoman.analysis.event_history import KINDS, EventHistory, Matrix, Pairs, decayed, side_counts
from dragoman.analysis.forecast_rules import TemporalRules
from dragoman.analysis.forecasters import (
    BaseRate,
    Forecaster,
    Periodicity,
    RelaxedRecurrency,
    StrictRecurrency,
    TypeRate,
    lessons,
)
from dragoman.records import EVENT_TYPES, QUAD_CLASSES

MEMBERS: tuple[Forecaster, ...] = (
    TypeRate(), BaseRate(), StrictRecurrency(), RelaxedRecurrency(), Periodicity(), TemporalRules(),
)  # fmt: skip
_CONSTANTS = (7.0, 30.0, 120.0)  # days
_QUADS = np.array([QUAD_CLASSES[kind] for kind in EVENT_TYPES])
_SAME_QUAD = (_QUADS[:, None] == _QUADS[None, :]).astype(np.float64)
_RIDGE = 1e-4  # of the mean loss
_SMALLEST = 1e-4  # a chance below it counts as it
FEWEST_LESSONS = 2
"""Past windows without which nothing can be learned and calibrated: one for each."""


@dataclass(frozen=True)
class _Scale:
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]

    def of(self, columns: NDArray[np.float64]) -> NDArray[np.float64]:
        return (columns - self.mean) / self.spread


class Ensemble:
    """A logistic regression over the members' log odds and decayed counts, then isotonic calibration.

    With fewer than ``FEWEST_LESSONS`` past windows it is the base rate.
    """

    name = "ensemble"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``forecasters.Forecaster``."""
        past = list(lessons(history, at, horizon))
        if len(past) < FEWEST_LESSONS or not any(lesson.happened.any() for lesson in past[1:]):
            return BaseRate().forecast(history, pairs, at, horizon)
        columns = [_columns(lesson.history, lesson.pairs, lesson.at, horizon) for lesson in past]
        learned = np.concatenate(columns[1:])
        scale = _Scale(learned.mean(axis=0), learned.std(axis=0) + 1e-9)
        weights = _weights(scale.of(learned), np.concatenate([lesson.happened.ravel() for lesson in past[1:]]))
        raw = _chances(scale.of(columns[0]), weights)
        given = _chances(scale.of(_columns(history, pairs, at, horizon)), weights)
        return calibrated(given, raw, past[0].happened.ravel()).reshape(len(pairs), KINDS)


def calibrated(
    given: NDArray[np.float64], said: NDArray[np.float64], came_true: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Chances mapped so that those ``said`` match the share that ``came_true`` (isotonic regression, Zadrozny 2002).

    Between the steps the map is linear, so that the order of chances is kept; a share of 0 or 1 is drawn in a little.
    """
    order = np.argsort(said, kind="stable")
    fitted = isotonic_regression(came_true[order])
    blocks = fitted.blocks
    middles = np.array([said[order][a:b].mean() for a, b in itertools.pairwise(blocks)])
    sizes = np.diff(blocks)
    values = (fitted.x[blocks[:-1]] * sizes + middles) / (sizes + 1)  # one case more, at what was said
    return np.asarray(np.clip(np.interp(given, middles, values), 0.0, 1.0))


def _columns(history: EventHistory, pairs: Pairs, at: int, horizon: int) -> NDArray[np.float64]:
    """(pairs * types, columns): log odds of the members, logarithms of counts, and which type."""
    odds = [np.clip(m.forecast(history, pairs, at, horizon), _SMALLEST, 1 - _SMALLEST) for m in MEMBERS]
    matrices = [np.log(chance / (1 - chance)) for chance in odds]
    for constant in _CONSTANTS:
        own = decayed(history, pairs.codes, at, constant)
        back = decayed(history, pairs.reversed_codes(), at, constant)
        for counts in (own, back):
            matrices += [np.log1p(counts), np.log1p(np.tile(counts.sum(axis=1, keepdims=True), (1, KINDS)))]
            if constant > _CONSTANTS[0]:
                matrices.append(np.log1p(counts @ _SAME_QUAD))
    matrices += [odds * odds / 10 for odds in matrices[: len(MEMBERS)]]
    for constant in _CONSTANTS[1:]:
        matrices += [np.log1p(counts) for counts in side_counts(history, pairs, at, constant)]
    kinds = np.tile(np.eye(KINDS), (len(pairs), 1))
    return np.concatenate([np.stack([m.ravel() for m in matrices], axis=1), kinds], axis=1)


def _weights(columns: NDArray[np.float64], came_true: NDArray[np.float64]) -> NDArray[np.float64]:
    """The weights and, last, the intercept of a ridge logistic regression."""

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        score = columns @ weights[:-1] + weights[-1]
        miss = expit(score) - came_true
        value = np.mean(np.logaddexp(0, score) - came_true * score) + _RIDGE / 2 * weights[:-1] @ weights[:-1]
        slope = np.append(miss @ columns / len(columns) + _RIDGE * weights[:-1], miss.mean())
        return float(value), slope

    start = np.zeros(columns.shape[1] + 1)
    start[-1] = np.log((came_true.mean() + 1e-6) / (1 - came_true.mean() + 1e-6))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return np.asarray(found.x)


def _chances(columns: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(expit(columns @ weights[:-1] + weights[-1]))
