"""A small perceptron that orders the candidates of a question by their features, learned on earlier days.

One hidden layer of rectified units beside a linear one; the loss is the softmax cross-entropy of each true object
among the candidates that are not true themselves (ListNet's top-one probability, Cao et al. 2007, with one relevant
candidate); Adam (Kingma and Ba 2015). Plain numpy, seeded: the same facts give the same weights.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_features import FAMILIES, FEATURES, DayCandidates, Singles

Parameters = tuple[Singles, Singles, Singles, Singles]

HIDDEN, EPOCHS, BATCH = 48, 6, 64
_RATE, _RATE_KEPT = 2e-3, 0.7  # step of the first epoch, and what each epoch leaves of it
_FIRST_MOMENT, _SECOND_MOMENT, _TINY = 0.9, 0.999, 1e-8
_NEVER = np.float32(-1e9)
_TOTALS = [FEATURES.index(name) for name in ("fact_3", "fact_inf", "pair_inf", "target_inf")]


class Examples(msgspec.Struct, frozen=True):
    """Questions whose answers are known.

    Attributes:
        features: (questions, candidates, features).
        question: (answers,) which question each true object answers.
        place: (answers,) where the object stands among the candidates.
        others: (answers, candidates) the candidates that are other true objects of the same question.
    """

    features: Singles
    question: Numbers
    place: Numbers
    others: NDArray[np.bool_]


class Scorer(msgspec.Struct, frozen=True):
    """Learned weights: ``centre`` and ``spread`` of the inputs, the hidden layer and the two parts of the output."""

    centre: Singles
    spread: Singles
    parameters: Parameters

    def score(self, features: Singles) -> Singles:
        """(questions, candidates) scores; the softmax of a row is the share of each candidate."""
        parts = [self._score(features[rows]) for rows in _batches(np.arange(len(features)), 256)]
        return np.concatenate(parts) if parts else np.zeros(features.shape[:2], dtype=np.float32)

    def _score(self, features: Singles) -> Singles:
        return _forward(self.parameters, self.standard(features))[1]

    def standard(self, features: Singles) -> Singles:
        """The inputs of the layers: features, their shares among the candidates, and totals, brought to one scale."""
        return (inputs(features) - self.centre) / self.spread


def examples(days: Iterable[DayCandidates], facts: Facts) -> Examples:
    """What can be learned from days: the true objects that stand among the candidates."""
    features: list[Singles] = []
    question: list[Numbers] = []
    place: list[Numbers] = []
    others: list[NDArray[np.bool_]] = []
    count = 0
    for day in days:
        row, entity = true_objects(day, facts)
        where = np.argmax(day.entity[row] == entity[:, None], axis=1)
        listed = day.entity[row, where] == entity
        row, where = row[listed], where[listed]
        truth = np.zeros(day.entity.shape, dtype=bool)
        truth[row, where] = True
        rest = truth[row]
        rest[np.arange(len(row)), where] = False
        features.append(day.features)
        question.append(row + count)
        place.append(where)
        others.append(rest)
        count += len(day.queries)
    return Examples(np.concatenate(features), np.concatenate(question), np.concatenate(place), np.concatenate(others))


def true_objects(day: DayCandidates, facts: Facts) -> tuple[Numbers, Numbers]:
    """The facts that answer questions, in the facts' order, as (number of the question, object)."""
    span = facts.during(day.day)
    asked = day.queries[:, 0] * facts.relations + day.queries[:, 1]
    question, answers = facts.groups.find(facts.subject[span] * facts.relations + facts.relation[span], asked)
    return question[answers], facts.object[span][answers]


def inputs(features: Singles) -> Singles:
    """(questions, candidates, inputs): logarithms of the features, their shares in the question, and four totals."""
    logs = np.log1p(features)
    sums = logs.sum(axis=1, keepdims=True)
    totals = np.broadcast_to(sums[:, :, _TOTALS], (*logs.shape[:2], len(_TOTALS)))
    return np.concatenate([logs, logs / (sums + 1e-3), totals], axis=-1)


def learn(known: Examples, seed: int = 0, epochs: int = EPOCHS) -> Scorer:
    """A scorer that gives true objects high shares.

    Args:
        known: at least one answered question.
        seed: of the first weights and of the order of the examples.
        epochs: how often every example is seen.
    """
    random = np.random.default_rng(seed)
    sample = inputs(known.features[:: max(1, len(known.features) // 4000)])
    centre, spread = sample.mean(axis=(0, 1)), sample.std(axis=(0, 1)) + 1e-6
    width = sample.shape[-1]
    parameters: Parameters = (
        random.normal(0, 0.15, (width, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, dtype=np.float32),
        random.normal(0, 0.1, HIDDEN).astype(np.float32),
        np.zeros(width, dtype=np.float32),
    )
    scorer = Scorer(centre, spread, parameters)
    first = tuple(np.zeros_like(p) for p in parameters)
    second = tuple(np.zeros_like(p) for p in parameters)
    step = 0
    for epoch in range(epochs):
        rate = _RATE * _RATE_KEPT**epoch
        for batch in _batches(random.permutation(len(known.question)), BATCH):
            step += 1
            gradients = _gradients(scorer, known, batch)
            for p, m, v, g in zip(parameters, first, second, gradients, strict=True):
                _adam_step(p, m, v, g, rate, step)
    return scorer


def families_speaking(scorer: Scorer, features: Singles) -> dict[str, NDArray[np.float64]]:
    """What each family of features adds to the logarithm of each candidate's share: its Shapley value (Shapley 1953).

    Every set of the other families is tried, so that families which say the same divide what they say.

    Args:
        scorer: learned weights.
        features: (questions, candidates, features).

    Returns:
        Family name to (questions, candidates) values; above 0 it speaks for the candidate. A candidate's values sum
        to the logarithm of its share less that of an even share.
    """
    heard = {chosen: _log_shares(scorer, features, chosen) for chosen in _subsets(tuple(FAMILIES))}
    size = len(FAMILIES)
    values = {family: np.zeros(features.shape[:2]) for family in FAMILIES}
    for family, value in values.items():
        for chosen in _subsets(tuple(name for name in FAMILIES if name != family)):
            weight = 1 / (size * math.comb(size - 1, len(chosen)))
            value += weight * (heard[chosen | {family}] - heard[chosen])
    return values


def _subsets(names: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in itertools.combinations(names, size)]


def _log_shares(scorer: Scorer, features: Singles, families: frozenset[str]) -> NDArray[np.float64]:
    silent = [FEATURES.index(name) for family, names in FAMILIES.items() if family not in families for name in names]
    kept = features.copy()
    kept[:, :, silent] = 0
    scores = scorer.score(kept).astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    shares: NDArray[np.float64] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return shares


def _batches(order: Numbers, size: int) -> Iterator[Numbers]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _forward(parameters: Parameters, values: Singles) -> tuple[Singles, Singles]:
    weights, bias, out, linear = parameters
    hidden = np.maximum(values @ weights + bias, 0)
    return hidden, hidden @ out + values @ linear


def _gradients(scorer: Scorer, known: Examples, batch: Numbers) -> tuple[Singles, ...]:
    values = scorer.standard(known.features[known.question[batch]])
    hidden, scores = _forward(scorer.parameters, values)
    scores = np.where(known.others[batch], _NEVER, scores)
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(batch)), known.place[batch]] -= 1
    error /= len(batch)
    flat = error.ravel()
    rows, units = values.reshape(len(flat), -1), hidden.reshape(len(flat), -1)
    back = flat[:, None] * scorer.parameters[2] * (units > 0)
    return rows.T @ back, back.sum(axis=0), flat @ units, flat @ rows


def _adam_step(value: Singles, first: Singles, second: Singles, gradient: Singles, rate: float, step: int) -> None:
    """Move ``value`` and its two moments in place."""
    first += (1 - _FIRST_MOMENT) * (gradient - first)
    second += (1 - _SECOND_MOMENT) * (gradient**2 - second)
    ahead = first / (1 - _FIRST_MOMENT**step)
    value -= rate * ahead / (np.sqrt(second / (1 - _SECOND_MOMENT**step)) + _TINY)
