"""Rules over time: after r' between two, r between the same two or the other way round.

The cyclic rules of length one of TLogic (Liu et al. 2022), for windows instead of single facts: a rule's body counts
the less the longer ago it was, with the time constant that tells most for it, and its confidence is the share of past
windows that followed such bodies and held the head.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.event_history import KINDS, EventHistory, Matrix, Pairs, last_days
from dragoman.analysis.forecasters import BaseRate, lessons

_CONSTANTS = (7.0, 30.0, 120.0)  # days
_PRIOR = 10.0  # windows in which a rule has failed before it is seen at all


@dataclass(frozen=True)
class Rules:
    """Learned rules.

    Attributes:
        confidence: (2, types, types): same direction or reversed, body, head.
        constant: (2, types, types) days, the time constant of each rule.
    """

    confidence: NDArray[np.float64]
    constant: NDArray[np.float64]


class TemporalRules:
    """The strongest rule whose body was there, less what time has taken from it."""

    name = "rules"

    def forecast(self, history: EventHistory, pairs: Pairs, at: int, horizon: int) -> Matrix:
        """See ``forecasters.Forecaster``."""
        rules = learn_rules(history, at, horizon)
        if rules is None:
            return BaseRate().forecast(history, pairs, at, horizon)
        best = np.zeros((len(pairs), KINDS))
        for way, ages in enumerate(_ages(history, pairs, at)):
            for body in range(KINDS):
                held = np.isfinite(ages[:, body])
                if held.any():
                    faded = np.exp(-ages[held, body][:, None] / rules.constant[way, body])
                    best[held] = np.maximum(best[held], faded * rules.confidence[way, body])
        return best


def learn_rules(history: EventHistory, at: int, horizon: int) -> Rules | None:
    """Rules from past windows; None where the history is too short for one."""
    shape = (len(_CONSTANTS), 2, KINDS, KINDS)
    hits, stood = np.zeros(shape), np.zeros(shape)
    learned = False
    for lesson in lessons(history, at, horizon):
        learned = True
        for way, ages in enumerate(_ages(lesson.history, lesson.pairs, lesson.at)):
            for number, constant in enumerate(_CONSTANTS):
                body = np.exp(-ages / constant)
                hits[number, way] += body.T @ lesson.happened
                stood[number, way] += body.sum(axis=0)[:, None]
    if not learned:
        return None
    confidence = hits / (stood + _PRIOR)
    chosen = confidence.argmax(axis=0)
    return Rules(np.take_along_axis(confidence, chosen[None], 0)[0], np.asarray(_CONSTANTS)[chosen])


def _ages(history: EventHistory, pairs: Pairs, at: int) -> tuple[Matrix, Matrix]:
    """Days since each type was last there, in the pair's direction and in the other; infinite where it never was."""
    return at - last_days(history, pairs.codes), at - last_days(history, pairs.reversed_codes())
