"""The frustration index against brute force, and against graphs whose index is known by reasoning."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.analysis.frustration import frustration_index
from dragoman.errors import AnalysisError

Tie = tuple[int, int, int]


def by_trial(nodes: int, ties: list[Tie], weights: list[float]) -> float:
    best = float("inf")
    for camps in itertools.product((0, 1), repeat=nodes):
        best = min(
            best, sum(w for (a, b, s), w in zip(ties, weights, strict=True) if (camps[a] == camps[b]) != (s > 0))
        )
    return best


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[Tie], list[float]]:
    nodes = draw(st.integers(2, 8))
    pairs = draw(st.lists(st.sampled_from(list(itertools.combinations(range(nodes), 2))), unique=True, min_size=1))
    signs = draw(st.lists(st.sampled_from((1, -1)), min_size=len(pairs), max_size=len(pairs)))
    weights = draw(st.lists(st.sampled_from((1.0, 2.0, 0.5)), min_size=len(pairs), max_size=len(pairs)))
    return nodes, [(a, b, s) for (a, b), s in zip(pairs, signs, strict=True)], weights


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_equals_trial_of_all_divisions(graph: tuple[int, list[Tie], list[float]]) -> None:
    nodes, ties, weights = graph
    found = frustration_index(nodes, ties, weights)
    assert found.value == pytest.approx(by_trial(nodes, ties, weights))
    assert found.proven
    told = sum(w for (a, b, s), w in zip(ties, weights, strict=True) if (found.camps[a] == found.camps[b]) != (s > 0))
    assert told == pytest.approx(found.value)
    assert [ties[i] for i in found.frustrated] == [
        (a, b, s) for a, b, s in ties if (found.camps[a] == found.camps[b]) != (s > 0)
    ]


@pytest.mark.parametrize("size", [5, 8, 11])
def test_enemies_of_all(size: int) -> None:
    # In a graph of enemies only, two equal camps leave the ties within each frustrated.
    ties = [(a, b, -1) for a, b in itertools.combinations(range(size), 2)]
    half = size // 2
    within = half * (half - 1) // 2 + (size - half) * (size - half - 1) // 2
    found = frustration_index(size, ties)
    assert (found.value, found.proven) == (within, True)


def test_bound_never_exceeds_value_when_time_is_short() -> None:
    random = np.random.default_rng(3)
    ties = [(a, b, int(random.choice((-1, 1)))) for a, b in itertools.combinations(range(40), 2)]
    found = frustration_index(40, ties, seconds=0.2)
    assert 0 < found.bound < found.value
    assert 0 < found.gap < 1
    assert not found.proven


def test_same_seed_same_answer() -> None:
    random = np.random.default_rng(1)
    ties = [(a, b, int(random.choice((-1, 1)))) for a, b in itertools.combinations(range(14), 2)]
    one, two = frustration_index(14, ties), frustration_index(14, ties)
    assert (one.value, one.bound, one.camps) == (two.value, two.bound, two.camps)


@pytest.mark.parametrize(
    ("nodes", "ties", "words"),
    [
        (2, [(0, 2, 1)], "different nodes"), (2, [(1, 1, 1)], "different nodes"),
        (2, [(0, 1, 3)], "sign"), (3, [(0, 1, 1), (1, 0, -1)], "same pair"),
    ],
)  # fmt: skip
def test_wrong_ties_are_named(nodes: int, ties: list[Tie], words: str) -> None:
    with pytest.raises(AnalysisError, match=words):
        frustration_index(nodes, ties)


def test_no_ties_is_balanced() -> None:
    found = frustration_index(3, [])
    assert (found.value, found.proven, found.gap) == (0.0, True, 0.0)
