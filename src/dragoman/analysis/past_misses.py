"""How far what came was from what a fitted process says, on past stretches as long as the one ahead.

Simulated counts spread as the process does when its rates stay as they were. Rates drift, so their bands hold too
little; the same process run over past stretches tells by how much they have to be widened.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from dragoman.analysis.excitation import Excitation, season_of
from dragoman.analysis.hawkes import kernel_states
from dragoman.analysis.simulation import ParameterDraws, simulate

Floats = NDArray[np.float64]
_DRAWS = 200  # a stretch
_STRETCHES = 8
_FEWEST_EVENTS = 20  # of a channel that is looked at
_FEWEST_MISSES = 20  # below it nothing is told
_WIDEST = 4.0


def widening(
    model: Excitation, parameters: ParameterDraws, horizon: int, level: float, random: np.random.Generator
) -> float:
    """The factor, 1 or more, by which bands of simulated counts are widened so that they would have held the past.

    Args:
        model: A fitted process.
        parameters: Draws of its parameters.
        horizon: Days of a stretch.
        level: Share of what came that a band has to hold.
        random: Source of all randomness.
    """
    history = model.counts.counts
    busy = np.array([target.events >= _FEWEST_EVENTS for target in model.targets])
    some = msgspec.structs.replace(parameters, size=parameters.size[:_DRAWS], base=parameters.base[:_DRAWS])
    states, _ = kernel_states(history @ parameters.reach, parameters.keep)
    misses: list[Floats] = []
    for number in range(1, _STRETCHES + 1):
        start = len(history) - number * horizon
        if start < horizon:
            break
        season = season_of(model.weekday, model.counts.first.toordinal() + start, horizon)
        runs = simulate(some, season, random, state=states[start], base=True).events.sum(axis=1)
        came = history[start : start + horizon].sum(axis=0)
        spread = np.maximum(runs.std(axis=0), 1e-9)
        misses.append((np.abs(came - runs.mean(axis=0)) / spread)[busy])
    found = np.concatenate(misses) if misses else np.zeros(0)
    if len(found) < _FEWEST_MISSES:
        return 1.0
    usual = stats.norm.ppf((1 + level) / 2)
    return float(np.clip(np.quantile(found, level) / usual, 1.0, _WIDEST))


def widened(low: Floats, mean: Floats, high: Floats, factor: float) -> tuple[Floats, Floats]:
    """Both ends of a band of counts, moved away from the mean."""
    return np.maximum(mean - factor * (mean - low), 0.0), mean + factor * (high - mean)
