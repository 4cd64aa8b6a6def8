"""A mutually exciting point process on daily counts: the likelihood of one target channel and its best parameters.

The model is the linear Hawkes process with exponential kernels, read at the resolution that the dates have. Events
carry days, not hours, so the order inside a day is unknown: the process is taken on days (Kirchner 2016, "Hawkes and
INAR(infinity) processes"), where a day's events answer earlier days only and several events of a day are no
ties to be broken. The expected count of a target on day t is

    rate(t) = season(t) * (base + sum_m size_m * R_m(t)),    R_m(t) = q_m * R_m(t-1) + (1 - q_m) * x_m(t-1)

with ``x_m`` the counts of source m. The kernel ``(1 - q) q^(k-1)`` over lags k = 1, 2, .. sums to one, so ``size``
is the expected number of events that one event of the source is directly followed by; ``q = exp(-decay)`` with
half-life ``log 2 / decay`` days. ``R`` and its derivative in q are recursions: likelihood and gradient cost O(days).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import optimize, signal, special

Floats = NDArray[np.float64]
_TINY = 1e-10


class Source(msgspec.Struct, frozen=True):
    """What may excite a target: source channels that share one size and one decay.

    ``shortest`` and ``longest`` bound the half-life in days; ``doubt`` multiplies the strength of the prior that
    there is no excitation; ``name`` is for people.
    """

    name: str
    channels: tuple[int, ...]
    shortest: float = 0.5
    longest: float = 30.0
    doubt: float = 1.0


class Fit(msgspec.Struct, frozen=True):
    """The parameters of one target.

    ``base`` is events a day that nothing in the history explains; ``size`` and ``half_life`` (days) have one value
    a source. ``covariance`` is of ``(base, size.., log decay..)`` (robust to counts more spread out than Poisson's);
    ``log_likelihood`` leaves the factorials out, and nothing was fitted to more than ``days``.
    """

    base: float
    size: Floats
    half_life: Floats
    covariance: Floats
    log_likelihood: float
    days: int

    @property
    def theta(self) -> Floats:
        """The parameters as one vector: base, sizes, logarithms of decays."""
        return np.concatenate([[self.base], self.size, np.log(np.log(2) / self.half_life)])


def kernel_states(inputs: Floats, keep: Floats) -> tuple[Floats, Floats]:
    """``R`` of each source and its derivative in q.

    Args:
        inputs: (days, sources) counts.
        keep: (sources,) values of q, what is kept from one day to the next.

    Returns:
        Two arrays in the shape of ``inputs``; the state of a day depends on earlier days only.
    """
    states, slopes = np.zeros_like(inputs), np.zeros_like(inputs)
    for m, q in enumerate(keep):
        states[:, m] = signal.lfilter([0.0, 1.0 - q], [1.0, -q], inputs[:, m])
        # dR(t)/dq = q dR(t-1)/dq + R(t-1) - x(t-1)
        slopes[:, m] = signal.lfilter([0.0, 1.0], [1.0, -q], states[:, m] - inputs[:, m])
    return states, slopes


def log_likelihood(
    theta: Floats, counts: Floats, inputs: Floats, season: Floats, *, start: int = 0
) -> tuple[float, Floats, Floats]:
    """The Poisson log-likelihood of a target's daily counts given their past, without the factorials.

    Args:
        theta: (1 + 2 * sources,) base, sizes, logarithms of decays.
        counts: (days,) of the target.
        inputs: (days, sources).
        season: (days,) known factor of every day's rate.
        start: The first day that counts; earlier ones only feed the states.

    Returns:
        The log-likelihood, its gradient in ``theta``, and the gradient day by day (days - start, parameters).
    """
    sources = inputs.shape[1]
    decay = np.exp(theta[1 + sources :])
    keep = np.exp(-decay)
    states, slopes = kernel_states(inputs, keep)
    size = theta[1 : 1 + sources]
    rate = np.maximum(season * (theta[0] + states @ size), _TINY)[start:]
    seen = counts[start:]
    value = float(seen @ np.log(rate) - rate.sum())
    pull = ((seen / rate - 1.0) * season[start:])[:, None]
    daily = np.concatenate([pull, pull * states[start:], pull * slopes[start:] * (size * -keep * decay)], axis=1)
    return value, daily.sum(axis=0), daily


def fit_target(counts: Floats, inputs: Floats, season: Floats, sources: Sequence[Source], *, shrink: float) -> Fit:
    """The most probable parameters of one target (L-BFGS-B with the analytic gradient).

    Sizes have an exponential prior of mean ``1 / shrink``, so that a source without evidence gets exactly zero;
    half-lives a weak log-normal prior around the geometric middle of their bounds.

    Args:
        counts: (days,) of the target.
        inputs: (days, sources).
        season: (days,) known factor of every day's rate, mean about one.
        sources: One for each column of ``inputs``.
        shrink: Strength of the prior on sizes.
    """
    many = len(sources)
    bounds_decay = np.log(np.log(2) / np.array([[s.longest, s.shortest] for s in sources]).reshape(-1, 2))
    middle, width = bounds_decay.mean(axis=1), np.ptp(bounds_decay, axis=1) / 2
    mean = max(float(counts.sum() / season.sum()), _TINY)
    pressure = shrink * np.array([source.doubt for source in sources])

    def objective(theta: Floats) -> tuple[float, Floats]:
        value, gradient, _ = log_likelihood(theta, counts, inputs, season)
        off = (theta[1 + many :] - middle) / width
        value -= float(pressure @ theta[1 : 1 + many]) + 0.5 * float(off @ off)
        gradient[1 : 1 + many] -= pressure
        gradient[1 + many :] -= off / width
        return -value, -gradient

    start = np.concatenate([[0.5 * mean], np.full(many, 0.5 / max(many, 1) * _balance(counts, inputs)), middle])
    bounds = [(mean * 1e-3, None), *[(0.0, None)] * many, *map(tuple, bounds_decay)]
    found = optimize.minimize(objective, start, jac=True, bounds=bounds, method="L-BFGS-B", options={"maxiter": 300})
    theta: Floats = found.x
    value, _, daily = log_likelihood(theta, counts, inputs, season)
    return Fit(
        float(theta[0]), theta[1 : 1 + many], np.log(2) / np.exp(theta[1 + many :]),
        _sandwich(theta, counts, inputs, season, daily, width, pressure), value, len(counts),
    )  # fmt: skip


def _balance(counts: Floats, inputs: Floats) -> float:
    # A busy source needs a smaller size to explain the same share of a rare target.
    return min(1.0, float(counts.sum()) / max(float(inputs.sum(axis=0).mean()), 1.0)) if inputs.size else 0.0


def _sandwich(
    theta: Floats, counts: Floats, inputs: Floats, season: Floats, daily: Floats, width: Floats, pressure: Floats
) -> Floats:
    """Robust covariance H^-1 G H^-1 (White 1982) of the parameters off their bounds; zero for the others.

    H is the expected information (outer products of the rate's gradient) plus the priors' curvature.
    """
    many = inputs.shape[1]
    decay = np.exp(theta[1 + many :])
    keep = np.exp(-decay)
    states, slopes = kernel_states(inputs, keep)
    size = theta[1 : 1 + many]
    rate = np.maximum(season * (theta[0] + states @ size), _TINY)
    slope = season[:, None] * np.concatenate(
        [np.ones((len(counts), 1)), states, slopes * (size * -keep * decay)], axis=1
    )
    information = (slope / rate[:, None]).T @ slope
    information[np.diag_indices(1 + many)] += np.concatenate([[_TINY], pressure**2])
    prior = np.concatenate([np.zeros(1 + many), 1.0 / width**2])
    information[np.diag_indices(len(theta))] += prior
    scores = daily.T @ daily + np.diag(prior)
    inverse = np.linalg.pinv(information)
    covariance: Floats = inverse @ scores @ inverse
    return covariance


def poisson_log_likelihood(rate: Floats, counts: Floats) -> float:
    """The Poisson log-likelihood of counts, factorials included; nats."""
    held = np.maximum(rate, _TINY)
    return float((counts * np.log(held) - held - special.gammaln(counts + 1)).sum())


def rates(fit: Fit, inputs: Floats, season: Floats) -> Floats:
    """The expected count of every day given the days before it; (days,)."""
    keep = np.exp(-np.log(2) / fit.half_life)
    states, _ = kernel_states(inputs, keep)
    expected: Floats = season * (fit.base + states @ fit.size)
    return expected
