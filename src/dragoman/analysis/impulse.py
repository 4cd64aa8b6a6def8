"""How a system of series answers a push: impulse responses with bootstrap bands.

Generalised responses (Pesaran and Shin 1998) push one series by a standard deviation of its residual and let the others
move with it as they historically do; they do not depend on an order. Orthogonalised ones (Cholesky) do: the order says
who may act on whom within one period, first to last, and is part of the result. Bands come from resampled
blocks of residuals, refitted (Brüggemann, Jentsch and Trenkler 2016), so that bursts of violence stay together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dragoman.analysis.autoregression import Autoregression
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
Push: TypeAlias = Literal["generalised", "orthogonalised"]
PUSHES: tuple[Push, ...] = ("generalised", "orthogonalised")
_BLOCK_EXPONENT = 1 / 3  # a block of 5 * (n / 100) ** (1/3) periods or more
_LARGEST_ROOT = 1.0  # resamples that explode are drawn again
_MOST_TRIES = 10


class Impulses(msgspec.Struct, frozen=True):
    """The answers of every series to a push of every series.

    ``response``, ``low`` and ``high`` are (periods after, answering series, pushed series), in the series' units;
    period 0 is that of the push. ``order`` is the causal order of orthogonalised pushes, empty for
    generalised ones. ``level`` is the share of resamples between low and high, ``draws`` (draws, ..) the resamples.
    """

    names: tuple[str, ...]
    push: Push
    order: tuple[str, ...]
    sizes: Floats
    response: Floats
    low: Floats
    high: Floats
    draws: Floats
    level: float
    step: str

    def arrow(self) -> pa.Table:
        """One row a pushed series, answering series and period: ``cause, effect, after, response, low, high``."""
        periods, many, _ = self.response.shape
        after, effect, cause = (axis.ravel() for axis in np.indices((periods, many, many)))
        names = np.array(self.names)
        columns = {"cause": names[cause].tolist(), "effect": names[effect].tolist(), "after": after}
        values = {"response": self.response, "low": self.low, "high": self.high}
        return pa.table({**columns, **{name: value.ravel() for name, value in values.items()}})


def impulse_responses(
    model: Autoregression, *, periods: int = 12, push: Push = "generalised", order: Sequence[str] = (),
    resamples: int = 500, level: float = 0.9, seed: int = 0,
) -> Impulses:  # fmt: skip
    """The responses of a fitted system.

    Args:
        model: From ``fit_autoregression``.
        periods: How far to look after the push.
        push: "generalised" or "orthogonalised".
        order: Every series' name, those that act first within a period first; needed for "orthogonalised".
        resamples: Of the bootstrap.
        level: Share of the resamples inside a band.
        seed: Of the bootstrap.

    Raises:
        UsageError: There is no such push, or the order is not one of all series.
        AnalysisError: The system explodes in nearly every resample.
    """
    if push not in PUSHES:
        raise UsageError(f"there is no push '{push}'; it is one of {', '.join(PUSHES)}")
    names = model.panel.names
    if push == "orthogonalised" and sorted(order) != sorted(names):
        raise UsageError(f"orthogonalised responses need an order of all series: {'; '.join(names)}")
    place = [names.index(name) for name in order] if push == "orthogonalised" else []
    response = _responses(model.coefficients, model.covariance, periods, place)
    draws = np.stack([
        _responses(coefficients, covariance, periods, place)
        for coefficients, covariance in bootstrap(model, resamples, seed)
    ])  # fmt: skip
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2], axis=0)
    sizes = np.sqrt(np.diag(model.covariance))
    return Impulses(names, push, tuple(order) if place else (), sizes, response, low, high, draws, level,
                    model.panel.step)  # fmt: skip


def moving_average(coefficients: Floats, periods: int) -> Floats:
    """The system's moving-average matrices A_0 = I, A_1, ..; (periods + 1, series, series)."""
    lags, many, _ = coefficients.shape
    found = np.zeros((periods + 1, many, many))
    found[0] = np.eye(many)
    for after in range(1, periods + 1):
        for lag in range(1, min(lags, after) + 1):
            found[after] += coefficients[lag - 1] @ found[after - lag]
    return found


def _responses(coefficients: Floats, covariance: Floats, periods: int, place: list[int]) -> Floats:
    if not place:
        pushes = covariance / np.sqrt(np.diag(covariance))[None, :]
    else:
        factor = np.linalg.cholesky(covariance[np.ix_(place, place)])
        pushes = np.zeros_like(covariance)
        pushes[np.ix_(place, place)] = factor
    answers: Floats = moving_average(coefficients, periods) @ pushes
    return answers


def bootstrap(model: Autoregression, resamples: int, seed: int) -> list[tuple[Floats, Floats]]:
    """Coefficients (lags, series, series) and residual covariance of systems fitted to resampled histories.

    Raises:
        AnalysisError: The system explodes in nearly every resample.
    """
    random = np.random.default_rng(seed)
    periods = len(model.residuals)
    block = max(1, min(periods // 2, round(5 * (periods / 100) ** _BLOCK_EXPONENT)))
    centred = model.residuals - model.residuals.mean(axis=0)
    found: list[tuple[Floats, Floats]] = []
    for _ in range(resamples * _MOST_TRIES):
        if len(found) == resamples:
            return found
        starts = random.integers(0, periods - block + 1, -(-periods // block))
        picked = (starts[:, None] + np.arange(block)).ravel()[:periods]
        fitted = _refit(model, centred[picked])
        if fitted is not None:
            found.append(fitted)
    if len(found) < resamples:
        raise AnalysisError("the system explodes in most resamples, so no bands can be given; model changes instead")
    return found


def _refit(model: Autoregression, residuals: Floats) -> tuple[Floats, Floats] | None:
    lags, many, _ = model.coefficients.shape
    history = model.panel.values
    known = np.concatenate([np.ones((len(history), 1)), model.panel.terms], axis=1)[lags:]
    pushes = known @ model.fixed + residuals
    stacked = np.concatenate(list(model.coefficients), axis=1).T  # (lags * series, series), nearest lag first
    values = np.empty_like(history)
    values[:lags] = history[:lags]
    window = history[:lags][::-1].ravel()
    for t in range(len(pushes)):
        values[lags + t] = pushes[t] + window @ stacked
        window = np.concatenate([values[lags + t], window[:-many]])
    if not np.isfinite(values).all():
        return None
    past = np.concatenate([values[lags - lag - 1 : len(values) - lag - 1] for lag in range(lags)], axis=1)
    design = np.concatenate([known, past], axis=1)
    solved = np.linalg.lstsq(design, values[lags:], rcond=None)[0]
    left = values[lags:] - design @ solved
    coefficients = solved[known.shape[1] :].reshape(lags, many, many).transpose(0, 2, 1)
    companion = np.eye(lags * many, k=-many)
    companion[:many] = np.concatenate(list(coefficients), axis=1)
    if np.abs(np.linalg.eigvals(companion)).max() >= _LARGEST_ROOT:
        return None
    return coefficients, left.T @ left / max(1, len(left) - design.shape[1])
