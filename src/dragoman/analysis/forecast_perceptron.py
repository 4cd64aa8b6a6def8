"""Chances learned from columns: a logistic regression, with a small perceptron beside it where there are enough cases.

The perceptron has one hidden layer of rectified units and a linear one; the log odds of several, from different
seeds, are averaged. The loss is the logarithmic one, a proper score, so that the chances mean what they say. Plain
numpy, seeded.
"""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from dragoman.analysis.adam import Adam, Singles

ENOUGH = 20_000
"""Cases below which the linear part alone is learned."""

_HIDDEN, _EPOCHS, _BATCH, _MEMBERS = 16, 3, 512, 3
_RATE, _RATE_KEPT = 3e-3, 0.6  # step of the first epoch, and what each epoch leaves of it
_RIDGE = 1.0  # of the summed loss, for the regression alone: the fewer the cases, the more it is the mean rate


class _Member(msgspec.Struct, frozen=True):
    inner: Singles  # (columns, units)
    bias: Singles
    outer: Singles
    linear: Singles
    intercept: Singles

    def parts(self) -> tuple[Singles, ...]:
        return (self.inner, self.bias, self.outer, self.linear, self.intercept)

    def hidden(self, columns: Singles) -> Singles:
        reached: Singles = np.maximum(columns @ self.inner + self.bias, 0)
        return reached

    def odds(self, columns: Singles) -> Singles:
        return self.hidden(columns) @ self.outer + columns @ self.linear + self.intercept


class Learned(msgspec.Struct, frozen=True):
    """What was learned; ``mean`` and ``spread`` bring the columns to one scale."""

    mean: Singles
    spread: Singles
    members: tuple[_Member, ...]

    def chances(self, columns: Singles) -> Singles:
        """(cases,) chances from (cases, columns)."""
        scaled = (columns - self.mean) / self.spread
        return np.asarray(expit(sum(member.odds(scaled) for member in self.members) / len(self.members)))


def learn(columns: Singles, came_true: Singles, seed: int = 0) -> Learned:
    """Learn from cases.

    Args:
        columns: (cases, columns).
        came_true: (cases,) of 0 and 1, some of each.
        seed: of the first weights and of the order of the cases.
    """
    mean, spread = columns.mean(axis=0), columns.std(axis=0) + np.float32(1e-6)
    scaled = (columns - mean) / spread
    if len(columns) < ENOUGH:
        return Learned(mean, spread, (_regression(scaled, came_true),))
    seeds = np.random.SeedSequence(seed).spawn(_MEMBERS)
    return Learned(mean, spread, tuple(_perceptron(scaled, came_true, one) for one in seeds))


def _regression(columns: Singles, came_true: Singles) -> _Member:
    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = columns @ weights[:-1] + weights[-1]
        miss = expit(score) - came_true
        value = np.mean(np.logaddexp(0, score) - came_true * score) + ridge / 2 * weights[:-1] @ weights[:-1]
        return float(value), np.append(miss @ columns / len(columns) + ridge * weights[:-1], miss.mean())

    ridge = _RIDGE / len(columns)
    start = np.append(np.zeros(columns.shape[1]), _mean_odds(came_true))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x.astype(np.float32)
    width = columns.shape[1]
    nothing = np.zeros((width, 1), dtype=np.float32), np.zeros(1, dtype=np.float32), np.zeros(1, dtype=np.float32)
    return _Member(*nothing, found[:-1], found[-1:])


def _perceptron(columns: Singles, came_true: Singles, seed: np.random.SeedSequence) -> _Member:
    random = np.random.default_rng(seed)
    cases, width = columns.shape
    member = _Member(
        random.normal(0, 1 / np.sqrt(width), (width, _HIDDEN)).astype(np.float32),
        np.zeros(_HIDDEN, dtype=np.float32),
        random.normal(0, 0.1, _HIDDEN).astype(np.float32),
        np.zeros(width, dtype=np.float32),
        np.array([_mean_odds(came_true)], dtype=np.float32),
    )
    adam = Adam(member.parts())
    for epoch in range(_EPOCHS):
        order = random.permutation(cases)
        for start in range(0, cases, _BATCH):
            batch = order[start : start + _BATCH]
            adam.move(_gradients(member, columns[batch], came_true[batch]), _RATE * _RATE_KEPT**epoch)
    return member


def _gradients(member: _Member, columns: Singles, came_true: Singles) -> tuple[Singles, ...]:
    hidden = member.hidden(columns)
    miss = (expit(hidden @ member.outer + columns @ member.linear + member.intercept) - came_true) / len(columns)
    back = miss[:, None] * member.outer * (hidden > 0)
    return columns.T @ back, back.sum(axis=0), hidden.T @ miss, columns.T @ miss, miss.sum(keepdims=True)


def _mean_odds(came_true: Singles) -> float:
    mean = float(came_true.mean())
    return float(np.log((mean + 1e-6) / (1 - mean + 1e-6)))
