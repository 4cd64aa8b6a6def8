"""Facts with a day (a temporal knowledge graph): who did what to whom, as numbers, and what of it is known by a day.

A fact is (subject, relation, object, day). With ``both_directions`` each fact stands a second time from its object's
side, under the relation's inverse, so that "who will do this to X" is the same question as "to whom will X do this".
Several records of one fact on one day count once.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.errors import AnalysisError

Numbers = NDArray[np.int64]
Weights = NDArray[np.float64]


class Facts:
    """Distinct facts, ordered by day, subject, relation and object.

    Args:
        rows: (facts, 4) whole numbers: subject, relation, object, day; in any order, with repetitions.
        entities: how many entities there are.
        relations: how many relations there are.

    Raises:
        AnalysisError: days, entities and relations are too many to be numbered together.

    Attributes:
        subject: (facts,) numbers of entities; ``object`` likewise.
        relation: (facts,) numbers of relations.
        day: (facts,) whole days from any origin, never negative.
        entities: how many entities there are; ``relations`` likewise.
    """

    def __init__(self, rows: NDArray[Any], entities: int, relations: int) -> None:
        subject, relation, target, day = np.asarray(rows, dtype=np.int64).reshape(-1, 4).T
        size = (int(day.max(initial=0)) + 1, entities, relations, entities)
        if math.prod(size) >= 2**63:
            raise AnalysisError(f"{entities} actors and {relations} relations are too many to rank; select fewer")
        keys = np.unique(np.ravel_multi_index((day, subject, relation, target), size))
        self.day, self.subject, self.relation, self.object = (
            part.astype(np.int64) for part in np.unravel_index(keys, size)
        )
        self.entities = entities
        self.relations = relations

    def __len__(self) -> int:
        return len(self.day)

    @property
    def rows(self) -> Numbers:
        """The facts as (facts, 4): subject, relation, object, day."""
        return np.stack([self.subject, self.relation, self.object, self.day], axis=1)

    def both_directions(self) -> Facts:
        """These facts and their inverses; relation r's inverse has the number ``relations + r``."""
        inverse = np.stack([self.object, self.relation + self.relations, self.subject, self.day], axis=1)
        return Facts(np.concatenate([self.rows, inverse]), self.entities, 2 * self.relations)

    def during(self, day: int) -> slice:
        """Where the facts of a day stand."""
        return slice(*np.searchsorted(self.day, [day, day + 1]))

    def before(self, day: int) -> Facts:
        """What is known when a day begins."""
        return Facts(self.rows[: np.searchsorted(self.day, day)], self.entities, self.relations)

    @cached_property
    def groups(self) -> FactGroups:
        """Which facts have the same parts."""
        return FactGroups(self)


class FactGroups:
    """The distinct triples (s, r, o) and pairs (s, o) among facts, so that counts of them are plain vectors.

    Triples are ordered by subject, object and relation: those of a pair stand side by side, and so do the pairs of
    a subject. ``pair_start`` and ``subject_start`` are therefore the row pointers of sparse matrices.

    Attributes:
        triple: (facts,) number of each fact's triple.
        triple_keys: (triples,) ``(s * entities + o) * relations + r``, ascending.
        pair_keys: (pairs,) ``s * entities + o``, ascending.
        triple_relation: (triples,) relation of each triple; ``triple_pair`` the number of its pair.
        pair_subject: (pairs,) and ``pair_object``: the two ends.
        target_keys: (triples,) ``r * entities + o``, the triple without its subject.
    """

    def __init__(self, facts: Facts) -> None:
        entities, relations = facts.entities, facts.relations
        keys = (facts.subject * entities + facts.object) * relations + facts.relation
        self.triple_keys, self.triple = np.unique(keys, return_inverse=True)
        self.triple_relation = self.triple_keys % relations
        self.pair_keys, self.triple_pair = np.unique(self.triple_keys // relations, return_inverse=True)
        self.pair_subject, self.pair_object = self.pair_keys // entities, self.pair_keys % entities
        self.pair_start = np.searchsorted(self.triple_pair, np.arange(len(self.pair_keys) + 1))
        self.subject_start = np.searchsorted(self.pair_subject, np.arange(entities + 1))
        self.target_keys = self.triple_relation * entities + self.pair_object[self.triple_pair]
        self._by_relation = np.argsort(self.triple_relation, kind="stable")
        self._relation_start = np.searchsorted(self.triple_relation[self._by_relation], np.arange(relations + 1))

    def with_relation(self, relation: int) -> Numbers:
        """The numbers of a relation's triples, ascending."""
        return self._by_relation[self._relation_start[relation] : self._relation_start[relation + 1]]

    def find(self, keys: Numbers, among: Numbers) -> tuple[Numbers, NDArray[np.bool_]]:
        """Where keys stand in an ascending vector, and whether they do; positions of absent keys are 0."""
        if not len(among):
            return np.zeros_like(keys), np.zeros(keys.shape, dtype=bool)
        place = np.searchsorted(among, keys)
        place[place == len(among)] = 0
        known = among[place] == keys
        return np.where(known, place, 0), known
