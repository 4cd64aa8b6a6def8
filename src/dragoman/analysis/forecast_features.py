"""Who may be meant: for each question (subject, relation, ?) of a day the likeliest objects, and what speaks for each.

Everything is computed for all questions of a day at once: wide arrays over all entities hold only what a first, crude
score needs; the features themselves are looked up for the candidates that this score leaves.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_history import DECAYS, FactHistory

CANDIDATES = 120
"""How many objects of a question are looked at closely."""

Singles = NDArray[np.float32]

_DAYS, _WEEKS, _MONTH, _MEMORY = (DECAYS.index(constant) for constant in (3.0, 10.0, 30.0, np.inf))
_WIDEST = 6_000_000  # questions times entities that are held at once
_PAIR_FADE = 5.0  # days after which an earlier contact counts for a third

FAMILIES: dict[str, tuple[str, ...]] = {
    "repetition": (*(f"fact_{c:g}" for c in DECAYS), "fact_last"),
    "contact": (*(f"pair_{c:g}" for c in DECAYS), "pair_last", "pair_known"),
    "rules": tuple(f"rule_{c:g}" for c in DECAYS),
    "target": (*(f"target_{c:g}" for c in DECAYS), *(f"object_{c:g}" for c in DECAYS)),
    "neighbours": ("two_steps_30", "two_steps_inf", "alike", "through", "kindred"),
}
"""What may speak for an object: the same fact before; any contact of the two; what follows what between two; how
often the object meets this relation, or any; what partners, actors like the subject and actors like its objects do."""

FEATURES = tuple(itertools.chain.from_iterable(FAMILIES.values()))


class DayCandidates(msgspec.Struct, frozen=True):
    """Questions of one day with their candidates.

    Attributes:
        day: the day that begins.
        queries: (queries, 2) subject and relation of each question, in ascending order.
        crude: (queries, entities) first score of every entity.
        entity: (queries, candidates) the entities with the highest crude scores, in ascending order of number.
        features: (queries, candidates, features) values in the order of ``FEATURES``, none negative.
    """

    day: int
    queries: Numbers
    crude: NDArray[np.float64]
    entity: Numbers
    features: Singles


def candidates_by_day(facts: Facts, days: range, limit: int = CANDIDATES) -> Iterator[DayCandidates]:
    """The questions that the facts of each day answer, with what was known when the day began, in ascending order.

    Args:
        facts: the facts in both directions; those of a day pose its questions, earlier ones alone speak.
        days: which days, ascending; days without facts are passed over, and one with many questions comes in parts.
        limit: candidates kept a question (fewer when there are fewer entities).
    """
    history = FactHistory(facts)
    for day in days:
        span = facts.during(day)
        if span.start == span.stop:
            continue
        history.begin(day)
        queries = np.unique(np.stack([facts.subject[span], facts.relation[span]], axis=1), axis=0)
        most = max(1, _WIDEST // facts.entities)
        for start in range(0, len(queries), most):
            yield candidates(history, queries[start : start + most], limit)


def candidates(history: FactHistory, queries: Numbers, limit: int = CANDIDATES) -> DayCandidates:
    """The likeliest objects of questions on the day that begins.

    Args:
        history: what is known.
        queries: (queries, 2) subject and relation.
        limit: candidates kept a question.
    """
    known = _Known(history, queries)
    crude = known.crude()
    limit = min(limit, crude.shape[1])
    # among equals the lower number stays, whatever the machine's partition does
    order = crude - np.arange(crude.shape[1]) * 1e-9
    entity = np.sort(np.argpartition(-order, limit - 1, axis=1)[:, :limit], axis=1)
    return DayCandidates(history.today, queries, crude, entity, known.features(entity))


class _Known:
    """What bears on the questions of one day."""

    def __init__(self, history: FactHistory, queries: Numbers) -> None:
        self.history, self.groups = history, history.groups
        self.subject, self.relation = queries.T
        self.entities, self.relations = history.facts.entities, history.facts.relations
        self.asking, self.row = np.unique(self.subject, return_inverse=True)
        self._list_pairs()
        self._expect_relations()
        self._look_around()

    def _list_pairs(self) -> None:
        """Every pair of each question's subject: its question and its number."""
        first, last = self.groups.subject_start[self.subject], self.groups.subject_start[self.subject + 1]
        count = last - first
        self.question = np.repeat(np.arange(len(self.subject)), count)
        within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
        self.pair = np.repeat(first, count) + within
        self.pair_object = self.groups.pair_object[self.pair]

    def _expect_relations(self) -> None:
        pairs, place = np.unique(self.pair, return_inverse=True)
        relation = self.relation[self.question]
        self.rules = [self.history.relations_expected(pairs, decay)[place, relation] for decay in range(len(DECAYS))]

    def _look_around(self) -> None:
        """Two steps through neighbourhoods, and what is done lately under the relation near the subject.

        ``alike``: by actors with the subject's partners; ``through``: by its partners; ``kindred``: to actors with
        the partners of those to whom the subject did it.
        """
        near = [self.history.neighbours(decay) for decay in (_MONTH, _MEMORY)]
        likeness = [around[self.asking] @ around.T for around in near]
        self.two_steps = [(like @ around).toarray() for like, around in zip(likeness, near, strict=True)]
        self.alike = np.zeros((len(self.subject), self.entities), dtype=np.float32)
        self.through, self.kindred = np.zeros_like(self.alike), np.zeros_like(self.alike)
        for relation in np.unique(self.relation):
            rows = np.flatnonzero(self.relation == relation)
            triples = self.groups.with_relation(relation)
            pairs = self.groups.triple_pair[triples]
            acts = csr_array(
                (
                    self.history.triple[_MONTH][triples].astype(np.float32),
                    (self.groups.pair_subject[pairs], self.groups.pair_object[pairs]),
                ),
                shape=(self.entities, self.entities),
            )
            self.through[rows] = (near[0][self.subject[rows]] @ acts).toarray()
            self.kindred[rows] = (acts[self.subject[rows]] @ near[-1] @ near[-1].T).toarray()
            self.alike[rows] = (likeness[-1][self.row[rows]] @ acts).toarray()

    def crude(self) -> NDArray[np.float64]:
        """(queries, entities) a weighted sum that leaves few true answers outside the candidates."""
        history = self.history
        wide: NDArray[np.float64] = 1.5 * self.two_steps[-1].astype(np.float64)[self.row] + self.alike
        targets = history.target[_MEMORY].reshape(self.relations, self.entities)
        wide += 0.5 * np.log1p(targets[self.relation])
        triple, known = self._triples(self.question, self.pair_object)
        fact = [np.where(known, history.triple[decay][triple], 0) for decay in (_DAYS, _MONTH, _MEMORY)]
        narrow = 3 * np.log1p(2 * fact[0]) + 2 * np.log1p(fact[1]) + 1.5 * np.log1p(fact[2])
        narrow += np.log1p(history.pair[_WEEKS][self.pair]) + 0.5 * np.log1p(history.pair[_MEMORY][self.pair])
        wide[self.question, self.pair_object] += narrow + 10 * self.rules[_MONTH]
        return wide

    def features(self, entity: Numbers) -> Singles:
        """(queries, candidates, features) of the candidates given as (queries, candidates)."""
        history, today = self.history, self.history.today
        question = np.broadcast_to(np.arange(len(entity))[:, None], entity.shape)
        triple, fact_known = self._triples(question, entity)
        pair, met = self.groups.find(self.subject[:, None] * self.entities + entity, self.groups.pair_keys)
        met &= history.pair[_MEMORY][pair] > 0
        target = self.relation[:, None] * self.entities + entity
        rules = np.zeros((len(DECAYS), *self.alike.shape), dtype=np.float32)
        rules[:, self.question, self.pair_object] = self.rules
        columns = [
            *(np.where(fact_known, counts[triple], 0) for counts in history.triple),
            np.where(fact_known, 1 / (today - history.triple_last[triple]), 0),
            *(np.where(met, counts[pair], 0) for counts in history.pair),
            np.where(met, np.exp((history.pair_last[pair] - today) / _PAIR_FADE), 0),
            met,
            *np.take_along_axis(rules, entity[None], axis=2),
            *(counts[target] for counts in history.target),
            *(counts[entity] for counts in history.object),
            *(np.take_along_axis(steps[self.row], entity, axis=1) for steps in self.two_steps),
            *(np.take_along_axis(wide, entity, axis=1) for wide in (self.alike, self.through, self.kindred)),
        ]
        return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=-1)

    def _triples(self, question: Numbers, entity: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        """The numbers of the triples that answer questions with entities, and whether there is such a triple."""
        keys = (self.subject[question] * self.entities + entity) * self.relations + self.relation[question]
        return self.groups.find(keys, self.groups.triple_keys)
