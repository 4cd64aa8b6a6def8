"""The simple orders that a forecast of next events must beat: what happened lately, or often, happens again.

Strict and relaxed recurrency, and the two together, follow Gastinger et al. 2024 ("History repeats itself: a baseline
for temporal knowledge graph forecasting"), without their decay learned a relation.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_history import FactHistory
from dragoman.analysis.forecast_ranking import Ranks, filtered_ranks

Simple = Literal["strict_recurrency", "relaxed_recurrency", "recurrency", "frequency"]
SIMPLE_ORDERS: tuple[Simple, ...] = get_args(Simple)
"""What each goes by.

Strict: the day on which the same fact was last seen. Relaxed: how often the relation had this object, whoever the
subject was. Recurrency: strict, then relaxed among equals. Frequency: how often the same fact was seen, then relaxed.
"""


def simple_ranks(facts: Facts, days: range) -> dict[Simple, Ranks]:
    """The rank of each true object of the days by each simple order, in the protocol of ``forecast_ranking``.

    Args:
        facts: in both directions.
        days: which days, ascending.
    """
    history = FactHistory(facts)
    found: dict[Simple, list[Ranks]] = {name: [] for name in SIMPLE_ORDERS}
    for day in days:
        span = facts.during(day)
        if span.start == span.stop:
            continue
        history.begin(day)
        asked = np.stack([facts.subject[span], facts.relation[span]], axis=1)
        queries, question = np.unique(asked, axis=0, return_inverse=True)
        for name, scores in simple_scores(history, queries).items():
            found[name].append(filtered_ranks(scores, question.ravel(), facts.object[span]))
    return {name: np.concatenate(ranks) if ranks else np.zeros(0) for name, ranks in found.items()}


def simple_scores(history: FactHistory, queries: Numbers) -> dict[Simple, NDArray[np.float64]]:
    """(queries, entities) scores of each simple order for questions (subject, relation) on the day that begins."""
    entities, relations = history.facts.entities, history.facts.relations
    groups = history.groups
    relaxed = history.target[-1].reshape(relations, entities)[queries[:, 1]]
    share = relaxed / (relaxed.sum(axis=1, keepdims=True) + 1)
    number = np.full(entities * relations, -1)
    number[queries[:, 0] * relations + queries[:, 1]] = np.arange(len(queries))
    subject = groups.pair_subject[groups.triple_pair]
    row = number[subject * relations + groups.triple_relation]
    asked = (row >= 0) & (history.triple[-1] > 0)
    place = (row[asked], groups.pair_object[groups.triple_pair[asked]])
    strict, often = np.zeros_like(share), np.zeros_like(share)
    strict[place] = 1 + history.triple_last[asked] - int(history.facts.day[0])
    often[place] = history.triple[-1][asked]
    return {
        "strict_recurrency": strict,
        "relaxed_recurrency": share,
        "recurrency": strict + share,
        "frequency": often + share,
    }
