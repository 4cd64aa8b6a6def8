"""Simulating a fitted Hawkes process ahead, untouched and with events added or taken away.

A linear Hawkes process is a sum of clusters: what an added event sets off comes on top of the untouched run and does
not depend on it (Hawkes and Oakes 1974). So both runs share every random number by construction: the run with the
event is the untouched one plus a simulated cluster, and a run without an event is the untouched one less the cluster
that it would have set off. The difference carries no noise of the base run.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from dragoman.analysis.excitation import Excitation, season_of, source_inputs
from dragoman.analysis.hawkes import kernel_states

Floats = NDArray[np.float64]
_CALMEST = 0.98  # spectral radius that a parameter draw is damped to
_POWER_STEPS = 40


class ParameterDraws(msgspec.Struct, frozen=True):
    """Parameters of all channels, drawn from what the fit leaves open.

    Sources of all targets stand in one list, target by target: ``target`` (sources,) numbers the target, ``keep``
    (sources,) is q, ``reach`` (channels, sources) which channels feed a source, ``size`` (draws, sources),
    ``base`` (draws, channels), ``state`` (sources,) what the history left at the end of its last day. ``damped`` is
    the share of draws that would have exploded.
    """

    target: NDArray[np.int64]
    keep: Floats
    reach: Floats
    size: Floats
    base: Floats
    state: Floats
    damped: float


def draw_parameters(model: Excitation, draws: int, random: np.random.Generator) -> ParameterDraws:
    """Draw parameters: sizes from gamma distributions with the fit's mean and standard error, decays as fitted.

    The base follows the sizes, so that every draw has the mean rate of the history; the base rate of a channel
    without a fit is drawn from its gamma posterior.
    """
    history = model.counts.counts
    days, many = history.shape
    target, keep, sizes, states, feeds = [], [], [], [], []
    base = np.zeros((draws, many))
    season = season_of(model.weekday, model.counts.first.toordinal(), days)
    for number, channel in enumerate(model.targets):
        if channel.fit is None:
            base[:, number] = random.gamma(channel.events + 0.5, 1.0 / days, draws)
            continue
        count = len(channel.sources)
        held = np.exp(-np.log(2) / channel.fit.half_life)
        inputs = source_inputs(history, channel.sources)
        # One more day: the state that tomorrow's rate is made of.
        past, _ = kernel_states(np.concatenate([inputs, np.zeros((1, count))]), held)
        drawn = _draw_sizes(channel.fit.size, channel.fit.covariance[1 : 1 + count, 1 : 1 + count], draws, random)
        felt = (season[:, None] * past[:-1]).mean(axis=0)
        mean = channel.fit.base * season.mean() + float(felt @ channel.fit.size)
        base[:, number] = np.maximum(mean - drawn @ felt, 0.02 * mean) / season.mean()
        target += [number] * count
        keep += list(held)
        sizes.append(drawn)
        states += list(past[-1])
        for source in channel.sources:
            feed = np.zeros(many)
            feed[list(source.channels)] = 1.0
            feeds.append(feed)
    size = np.concatenate(sizes, axis=1) if sizes else np.zeros((draws, 0))
    reach = np.stack(feeds, axis=1) if feeds else np.zeros((many, 0))
    factor = _damping(size, np.array(target, dtype=np.int64), reach, many)
    return ParameterDraws(np.array(target, dtype=np.int64), np.array(keep), reach, size * factor[:, None], base,
                          np.array(states), float((factor < 1).mean()))  # fmt: skip


def _draw_sizes(mean: Floats, covariance: Floats, draws: int, random: np.random.Generator) -> Floats:
    """Gamma marginals with the fit's means and errors, joined by its correlations (a normal copula); (draws, sources).

    Sizes at zero stay there. Correlations matter: a quick and a lasting echo stand in for each other.
    """
    drawn = np.tile(mean, (draws, 1))
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    loose = np.flatnonzero((mean > 1e-6) & (errors > 1e-9))
    if not len(loose):
        return drawn
    correlation = covariance[np.ix_(loose, loose)] / np.outer(errors[loose], errors[loose])
    values, vectors = np.linalg.eigh(np.clip(correlation, -1.0, 1.0))
    normal = random.standard_normal((draws, len(loose))) @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    # Never wider than an exponential: a size that could be anything is not drawn as nearly always zero or huge.
    shape = np.maximum(mean[loose] / errors[loose], 1.0) ** 2
    drawn[:, loose] = stats.gamma.ppf(stats.norm.cdf(normal), shape, scale=mean[loose] / shape)
    return drawn


def _damping(size: Floats, target: NDArray[np.int64], reach: Floats, many: int) -> Floats:
    """The factor that brings each draw's spectral radius down to rest; ones where it is there already."""
    branching = np.zeros((len(size), many, many))
    for source, number in enumerate(target):
        branching[:, number, :] += size[:, source, None] * reach[None, :, source]
    vector, radius = np.ones((len(size), many)), np.zeros(len(size))
    for _ in range(_POWER_STEPS):
        # One is added to the diagonal, so that cycles do not keep the iteration from settling.
        turned = np.einsum("dij,dj->di", branching, vector) + vector
        radius = np.linalg.norm(turned, axis=1)
        vector = turned / radius[:, None]
    radius -= 1.0
    factor: Floats = np.where(radius > _CALMEST, _CALMEST / np.maximum(radius, _CALMEST), 1.0)
    return factor


class Runs(msgspec.Struct, frozen=True):
    """What one simulation gives: (draws, days, channels), the first day being the one after the history.

    ``events`` are simulated counts, ``expected`` their conditional means given the parameters alone.
    """

    events: Floats
    expected: Floats


def simulate(
    parameters: ParameterDraws, season: Floats, random: np.random.Generator, *,
    state: Floats, base: bool, added: Floats | None = None,
) -> Runs:  # fmt: skip
    """Run the process ahead once a draw.

    Args:
        parameters: From ``draw_parameters``.
        season: (days,) factor of each day ahead.
        random: Source of all randomness.
        state: (sources,) the states before the first day.
        base: Whether channels have their base rate, too; without it only what ``state`` and ``added`` set off.
        added: (days, channels) events put in from outside; they are no part of the result.
    """
    draws, many = parameters.base.shape
    days = len(season)
    outside = np.zeros((days, many)) if added is None else added
    into = np.zeros((len(parameters.target), many))
    into[np.arange(len(parameters.target)), parameters.target] = 1.0
    keep, give = parameters.keep, 1.0 - parameters.keep
    floor = parameters.base if base else np.zeros_like(parameters.base)
    seen, mean = np.zeros((draws, days, many)), np.zeros((draws, days, many))
    of_seen, of_mean = np.tile(state, (draws, 1)), np.tile(state, (draws, 1))
    for day in range(days):
        rate = season[day] * (floor + (parameters.size * of_seen) @ into)
        mean[:, day] = season[day] * (floor + (parameters.size * of_mean) @ into)
        seen[:, day] = random.poisson(rate)
        of_seen = keep * of_seen + give * ((seen[:, day] + outside[day]) @ parameters.reach)
        of_mean = keep * of_mean + give * ((mean[:, day] + outside[day]) @ parameters.reach)
    return Runs(seen, mean)


def state_after(parameters: ParameterDraws, history: Floats) -> Floats:
    """The states that some events of the past (days, channels) leave on the day after the last; (sources,)."""
    inputs = np.concatenate([history @ parameters.reach, np.zeros((1, len(parameters.target)))])
    states, _ = kernel_states(inputs, parameters.keep)
    last: Floats = states[-1]
    return last
