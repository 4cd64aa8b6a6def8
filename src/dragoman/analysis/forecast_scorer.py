"""A small perceptron that orders the candidates of a question by their features, learned on earlier days.

One hidden layer of rectified units, moved by the relation that is asked, beside a linear one; several perceptrons from
different seeds are averaged. The loss is the softmax cross-entropy of each true object
among the candidates that are not true themselves (ListNet's top-one probability, Cao et al. 2007, with one relevant
candidate). Plain numpy, seeded: the same facts give the same weights.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from dragoman.analysis.adam import Adam
from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_features import FAMILIES, FEATURES, DayCandidates, Singles

Parameters = tuple[Singles, Singles, Singles, Singles, Singles]
"""Weights and biases of the hidden layer, its output weights, the linear weights, and each relation's biases."""

HIDDEN, EPOCHS, BATCH, MEMBERS = 48, 6, 64, 3
_RATE, _RATE_KEPT = 2e-3, 0.7  # step of the first epoch, and what each epoch leaves of it
_NEVER = np.float32(-1e9)


class Examples(msgspec.Struct, frozen=True):
    """Questions whose answers are known.

    Attributes:
        features: (questions, candidates, features).
        relation: (questions,) what is asked about.
        relations: how many there are.
        question: (answers,) which question each true object answers.
        place: (answers,) where the object stands among the candidates.
        others: (answers, candidates) the candidates that are other true objects of the same question.
    """

    features: Singles
    relation: Numbers
    relations: int
    question: Numbers
    place: Numbers
    others: NDArray[np.bool_]


class Scorer(msgspec.Struct, frozen=True):
    """Learned weights: ``centre`` and ``spread`` of the inputs, and the parameters of each perceptron."""

    centre: Singles
    spread: Singles
    members: tuple[Parameters, ...]

    def score(self, features: Singles, relation: Numbers) -> Singles:
        """(questions, candidates) scores; the softmax of a row is the share of each candidate.

        Args:
            features: (questions, candidates, features).
            relation: (questions,) what is asked about.
        """
        scores = np.zeros(features.shape[:2], dtype=np.float32)
        for rows in _batches(np.arange(len(features)), 256):
            values = self.standard(features[rows])
            for member in self.members:
                scores[rows] += _forward(member, values, relation[rows])[1] / len(self.members)
        return scores

    def standard(self, features: Singles) -> Singles:
        """The inputs of the layers, brought to one scale."""
        return (inputs(features) - self.centre) / self.spread


def examples(days: Iterable[DayCandidates], facts: Facts) -> Examples:
    """What can be learned from days: the true objects that stand among the candidates."""
    features: list[Singles] = []
    relation: list[Numbers] = []
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
        relation.append(day.queries[:, 1])
        question.append(row + count)
        place.append(where)
        others.append(rest)
        count += len(day.queries)
    return Examples(
        features=np.concatenate(features),
        relation=np.concatenate(relation),
        relations=facts.relations,
        question=np.concatenate(question),
        place=np.concatenate(place),
        others=np.concatenate(others),
    )


def true_objects(day: DayCandidates, facts: Facts) -> tuple[Numbers, Numbers]:
    """The facts that answer questions, in the facts' order, as (number of the question, object)."""
    span = facts.during(day.day)
    asked = day.queries[:, 0] * facts.relations + day.queries[:, 1]
    question, answers = facts.groups.find(facts.subject[span] * facts.relations + facts.relation[span], asked)
    return question[answers], facts.object[span][answers]


def inputs(features: Singles) -> Singles:
    """(questions, candidates, inputs): logarithms of the features, their shares in the question, and their totals."""
    logs = np.log1p(features)
    sums = logs.sum(axis=1, keepdims=True)
    return np.concatenate([logs, logs / (sums + 1e-3), np.broadcast_to(sums, logs.shape)], axis=-1)


def learn(known: Examples, seed: int = 0, members: int = MEMBERS, epochs: int = EPOCHS) -> Scorer:
    """A scorer that gives true objects high shares.

    Args:
        known: at least one answered question.
        seed: of the first weights and of the order of the examples.
        members: how many perceptrons are averaged.
        epochs: how often each of them sees every example.
    """
    sample = inputs(known.features[:: max(1, len(known.features) // 4000)])
    blank = Scorer(sample.mean(axis=(0, 1)), sample.std(axis=(0, 1)) + 1e-6, ())
    seeds = np.random.SeedSequence(seed).spawn(members)
    return Scorer(blank.centre, blank.spread, tuple(_member(known, blank, one, epochs) for one in seeds))


def _member(known: Examples, scale: Scorer, seed: np.random.SeedSequence, epochs: int) -> Parameters:
    random = np.random.default_rng(seed)
    width = len(scale.centre)
    parameters: Parameters = (
        random.normal(0, 0.15, (width, HIDDEN)).astype(np.float32),
        np.zeros(HIDDEN, dtype=np.float32),
        random.normal(0, 0.1, HIDDEN).astype(np.float32),
        np.zeros(width, dtype=np.float32),
        np.zeros((known.relations, HIDDEN), dtype=np.float32),
    )
    adam = Adam(parameters)
    for epoch in range(epochs):
        rate = _RATE * _RATE_KEPT**epoch
        for batch in _batches(random.permutation(len(known.question)), BATCH):
            adam.move(_gradients(parameters, scale, known, batch), rate)
    return parameters


def families_speaking(scorer: Scorer, features: Singles, relation: Numbers) -> dict[str, NDArray[np.float64]]:
    """What each family of features adds to the logarithm of each candidate's share: its Shapley value (Shapley 1953).

    Every set of the other families is tried, so that families which say the same divide what they say.

    Args:
        scorer: learned weights.
        features: (questions, candidates, features).
        relation: (questions,) what is asked about.

    Returns:
        Family name to (questions, candidates) values; above 0 it speaks for the candidate. A candidate's values sum
        to the logarithm of its share less that of an even share.
    """
    heard = {chosen: _log_shares(scorer, features, relation, chosen) for chosen in _subsets(tuple(FAMILIES))}
    size = len(FAMILIES)
    values = {family: np.zeros(features.shape[:2]) for family in FAMILIES}
    for family, value in values.items():
        for chosen in _subsets(tuple(name for name in FAMILIES if name != family)):
            weight = 1 / (size * math.comb(size - 1, len(chosen)))
            value += weight * (heard[chosen | {family}] - heard[chosen])
    return values


def _subsets(names: tuple[str, ...]) -> list[frozenset[str]]:
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in itertools.combinations(names, size)]


def _log_shares(scorer: Scorer, features: Singles, relation: Numbers, families: frozenset[str]) -> NDArray[np.float64]:
    silent = [FEATURES.index(name) for family, names in FAMILIES.items() if family not in families for name in names]
    kept = features.copy()
    kept[:, :, silent] = 0
    scores = scorer.score(kept, relation).astype(np.float64)
    scores -= scores.max(axis=1, keepdims=True)
    shares: NDArray[np.float64] = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return shares


def _batches(order: Numbers, size: int) -> Iterator[Numbers]:
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _forward(parameters: Parameters, values: Singles, relation: Numbers) -> tuple[Singles, Singles]:
    weights, bias, out, linear, moved = parameters
    hidden = np.maximum(values @ weights + (bias + moved[relation])[:, None], 0)
    return hidden, hidden @ out + values @ linear


def _gradients(parameters: Parameters, scale: Scorer, known: Examples, batch: Numbers) -> tuple[Singles, ...]:
    question = known.question[batch]
    values = scale.standard(known.features[question])
    hidden, scores = _forward(parameters, values, known.relation[question])
    scores = np.where(known.others[batch], _NEVER, scores)
    error = np.exp(scores - scores.max(axis=1, keepdims=True))
    error /= error.sum(axis=1, keepdims=True)
    error[np.arange(len(batch)), known.place[batch]] -= 1
    error /= len(batch)
    flat = error.ravel()
    rows, units = values.reshape(len(flat), -1), hidden.reshape(len(flat), -1)
    back = flat[:, None] * parameters[2] * (units > 0)
    moved = np.zeros_like(parameters[4])
    np.add.at(moved, known.relation[question], back.reshape(hidden.shape).sum(axis=1))
    return rows.T @ back, back.sum(axis=0), flat @ units, flat @ rows, moved
