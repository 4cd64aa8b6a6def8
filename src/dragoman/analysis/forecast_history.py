"""What is known of facts when a day begins, kept up day by day: decayed counts, last days, and rules learned so far.

A count decays with a time constant in days (``exp(-age / constant)``). A rule "after r' between two, r between the
same two" has the confidence with which r followed the decayed r' of pairs that were active (the rules of length one
of TLogic, Liu et al. 2022, with their temporal decay inside the count instead of a sampled body).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from dragoman.analysis.forecast_facts import Facts, Numbers

DECAYS = (1.0, 3.0, 10.0, 30.0, 100.0, np.inf)
"""Time constants in days; the last forgets nothing."""
_RULE_PRIOR = 2.0  # how many failures each rule starts with, so that a rule seen once has little say


class FactHistory:
    """Counts of facts up to, and without, a day.

    Attributes:
        today: the day that begins.
        triple: one (triples,) vector for each of ``DECAYS``; ``pair`` (pairs,), ``target`` (relations * entities,)
            and ``object`` (entities,) likewise.
        triple_last: (triples,) day each was last seen, minus infinity when never; ``pair_last`` likewise.
    """

    def __init__(self, facts: Facts) -> None:
        self.facts, self.groups = facts, facts.groups
        self.today = int(facts.day[0]) if len(facts) else 0
        triples, pairs = len(self.groups.triple_keys), len(self.groups.pair_keys)
        targets = facts.entities * facts.relations
        self.triple = [np.zeros(triples) for _ in DECAYS]
        self.pair = [np.zeros(pairs) for _ in DECAYS]
        self.target = [np.zeros(targets) for _ in DECAYS]
        self.object = [np.zeros(facts.entities) for _ in DECAYS]
        self.triple_last, self.pair_last = np.full(triples, -np.inf), np.full(pairs, -np.inf)
        self._followed = [np.zeros((facts.relations, facts.relations)) for _ in DECAYS]
        self._stood = [np.zeros(facts.relations) for _ in DECAYS]

    def begin(self, day: int) -> None:
        """Take in every fact from ``today`` to the day before ``day``, in order."""
        known = self.facts.during(self.today).start
        while known < len(self.facts) and self.facts.day[known] < day:
            self._age(int(self.facts.day[known]))
            span = self.facts.during(self.today)
            self._take_in(span)
            known = span.stop
        self._age(day)

    def _age(self, day: int) -> None:
        for constant, *vectors in zip(DECAYS, self.triple, self.pair, self.target, self.object, strict=True):
            if np.isfinite(constant) and day > self.today:
                for vector in vectors:
                    vector *= np.exp((self.today - day) / constant)
        self.today = max(self.today, day)

    def _take_in(self, span: slice) -> None:
        groups, facts = self.groups, self.facts
        triple = groups.triple[span]
        self._learn_rules(triple)
        pair, target, entity = groups.triple_pair[triple], groups.target_keys[triple], facts.object[span]
        for vectors, index in ((self.triple, triple), (self.pair, pair), (self.target, target), (self.object, entity)):
            for vector in vectors:
                np.add.at(vector, index, 1.0)
        self.triple_last[triple] = self.today
        self.pair_last[pair] = self.today

    def _learn_rules(self, triple: Numbers) -> None:
        relation = self.groups.triple_relation[triple]
        pair = self.groups.triple_pair[triple]
        known = self.pair[-1][pair] > 0
        relation, pair = relation[known], pair[known]
        active = np.unique(pair)
        heads = csr_array(
            (np.ones(len(pair)), (relation, np.arange(len(pair)))), shape=(self.facts.relations, len(pair))
        )
        for index in range(len(DECAYS)):
            bodies = self.relations_of_pairs(index)
            self._followed[index] += (heads @ bodies[pair]).toarray().T
            self._stood[index] += bodies[active].sum(axis=0)

    def relations_of_pairs(self, decay: int) -> csr_array:
        """(pairs, relations) decayed counts of each relation between each pair."""
        groups = self.groups
        shape = (len(groups.pair_keys), self.facts.relations)
        return csr_array((self.triple[decay], groups.triple_relation, groups.pair_start), shape=shape)

    def rule_confidence(self, decay: int) -> NDArray[np.float64]:
        """(relations r', relations r) how surely r follows one decayed r' between a pair that is active again."""
        confidence: NDArray[np.float64] = self._followed[decay] / (self._stood[decay][:, None] + _RULE_PRIOR)
        return confidence

    def relations_expected(self, pairs: Numbers, decay: int) -> NDArray[np.float64]:
        """(pairs given, relations) sum over the earlier relations of each pair of their counts times confidences."""
        expected: NDArray[np.float64] = self.relations_of_pairs(decay)[pairs] @ self.rule_confidence(decay)
        return expected

    def neighbours(self, decay: int) -> csr_array:
        """(entities, entities) logarithms of the decayed pair counts, each row of length one."""
        groups, entities = self.groups, self.facts.entities
        weights = np.log1p(self.pair[decay])
        length = np.sqrt(np.bincount(groups.pair_subject, weights=weights**2, minlength=entities)) + 1e-6
        data = (weights / length[groups.pair_subject]).astype(np.float32)
        met = data > 0
        start = np.concatenate([[0], np.cumsum(met)])[groups.subject_start]
        return csr_array((data[met], groups.pair_object[met], start), shape=(entities, entities))
