"""The ranks of true objects among all entities, by a learned order and by simple rules, all in one protocol.

Protocol: each fact of a day poses two questions, (s, r, ?) and (o, inverse r, ?); what is known is every fact of
earlier days and nothing of the day itself or later (single step). All entities are ranked; other true objects of
the same question and day are left out (time-aware filter); an object that ties takes the mean rank of the tie.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_features import CANDIDATES, DayCandidates, candidates_by_day
from dragoman.analysis.forecast_scorer import Scorer, examples, learn, true_objects

LEARNED_DAYS = 94
"""How many of the last days before the first forecast the order is learned on."""

Ranks = NDArray[np.float64]


def learned_order(facts: Facts, until: int, days: int = LEARNED_DAYS, seed: int = 0) -> Scorer:
    """An order of candidates learned on the last days before ``until``, of facts in both directions."""
    asked = range(max(until - days, int(facts.day[0]) + 1), until)
    return learn(examples(candidates_by_day(facts, asked), facts), seed)


def learned_ranks(scorer: Scorer, facts: Facts, days: range, limit: int = CANDIDATES) -> Ranks:
    """The rank of each true object of the days by the learned order, in the facts' order.

    Candidates stand before all others; the others stand by their crude score.
    """
    found = [_ranks_of_day(scorer, day, facts) for day in candidates_by_day(facts, days, limit)]
    return np.concatenate(found) if found else np.zeros(0)


def _ranks_of_day(scorer: Scorer, day: DayCandidates, facts: Facts) -> Ranks:
    learned = scorer.score(day.features, day.queries[:, 1]).astype(np.float64)
    scores = day.crude.copy()
    floor = scores.max(axis=1, keepdims=True) + 1
    above = floor + learned - learned.min(axis=1, keepdims=True)
    np.put_along_axis(scores, day.entity, above, axis=1)
    return filtered_ranks(scores, *true_objects(day, facts))


def filtered_ranks(scores: NDArray[np.float64], question: Numbers, entity: Numbers) -> Ranks:
    """Ranks of true objects, 1 the best: other true objects of the question left out, ties at their mean rank.

    Args:
        scores: (questions, entities).
        question: (answers,) row of each true object.
        entity: (answers,) its column.
    """
    own = scores[question, entity][:, None]
    others = scores.copy()
    others[question, entity] = -np.inf
    rows = others[question]
    ranks: Ranks = 1 + (rows > own).sum(axis=1) + (rows == own).sum(axis=1) / 2
    return ranks


def crude_ranks(facts: Facts, days: range) -> Ranks:
    """The rank of each true object of the days by the first score alone: nothing is learned but the rules."""
    found = [filtered_ranks(day.crude, *true_objects(day, facts)) for day in candidates_by_day(facts, days, limit=1)]
    return np.concatenate(found) if found else np.zeros(0)
