"""The actor lexicons by themselves: how many entries there are, that no key stands twice, that periods run forward."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parent.parent / "lexicons" / "actors"
AMOUNTS = {
    "leaders": 1000,
    "ministers": 300,
    "officials": 500,
    "igos": 150,
    "armed_groups": 250,
    "agencies": 200,
    "parties": 200,
    "think_tanks": 100,
    "media": 200,
    "ngos": 80,
}


def _entries(name: str) -> list[dict[str, Any]]:
    content = yaml.load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    assert content["origin"]
    return list(content["entries"])


@pytest.mark.parametrize(("name", "least"), AMOUNTS.items())
def test_amounts(name: str, least: int) -> None:
    assert len(_entries(name)) >= least


def test_no_key_stands_twice() -> None:
    keys = [entry["key"] for name in AMOUNTS for entry in _entries(name)]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("name", AMOUNTS)
def test_periods_run_forward(name: str) -> None:
    for entry in _entries(name):
        for period in [entry, *entry.get("roles", ()), *entry.get("members", ())]:
            start, end = period.get("start"), period.get("end")
            if start and end:
                assert end >= start[: len(end)], entry["key"]
