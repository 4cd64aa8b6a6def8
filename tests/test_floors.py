"""Quality does not fall unnoticed: every figure of evaluation/ stays at or above its floor."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "evaluation"))

import measure

FLOORS = measure.load_floors()


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return measure.measure()


def test_every_figure_has_a_floor(figures: dict[str, float]) -> None:
    assert set(FLOORS) == set(figures)


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_floor(name: str, figures: dict[str, float]) -> None:
    assert figures[name] >= FLOORS[name]
