"""All forecasters together: how much each is worth, and what else the past says, is learned on past windows."""

from __future__ import annotations

import numpy as np

from dragoman.analysis.event_history import KINDS, EventHistory, Matrix, Pairs
from dragoman.analysis.forecast_columns import forecast_columns
from dragoman.analysis.forecast_perceptron import ENOUGH, learn
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

MEMBERS: tuple[Forecaster, ...] = (
    TypeRate(), BaseRate(), StrictRecurrency(), RelaxedRecurrency(), Periodicity(), TemporalRules(),
)  # fmt: skip
FEWEST_LESSONS = 2
"""Past windows without which one of them could be a chance find."""


class Ensemble:
    """Learned over the members' log odds and decayed counts (``forecast_columns``).

    With fewer than ``FEWEST_LESSONS`` past windows it is the base rate.
    """

    name = "ensemble"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``forecasters.Forecaster``."""
        past = list(lessons(history, at, horizon))
        if len(past) < FEWEST_LESSONS or not any(lesson.happened.any() for lesson in past):
            return BaseRate().forecast(history, pairs, at, horizon)
        many = KINDS * sum(len(lesson.pairs) for lesson in past) >= ENOUGH
        columns = [forecast_columns(one.history, one.pairs, one.at, horizon, MEMBERS, many=many) for one in past]
        came_true = np.concatenate([lesson.happened.ravel() for lesson in past]).astype(np.float32)
        model = learn(np.concatenate(columns), came_true)
        given = model.chances(forecast_columns(history, pairs, at, horizon, MEMBERS, many=many))
        return given.astype(np.float64).reshape(len(pairs), KINDS)
