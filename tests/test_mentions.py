"""Who a mention in context is taken for, on the day of its text: mostly right, seldom wrong, else unresolved."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman.api import documents_of
from dragoman.knowledge import Knowledge, load
from dragoman.reading.actors import find_actors
from dragoman.reading.draft import Draft, Mention
from dragoman.reading.parse import parse_many
from dragoman.reading.places import find_places

CASES = Path(__file__).parent / "cases"
UNRESOLVED = "unresolved"
KINDS = frozenset({"state", "office", "org", "armed", "role", "ambiguous"})


@dataclass(frozen=True)
class Outcome:
    """One case with what was found for it: ``verdict`` is right, wrong or unresolved."""

    kind: str
    text: str
    mention: str
    expected: tuple[str, ...]
    found: str | None
    verdict: str


def outcomes(name: str, knowledge: Knowledge) -> list[Outcome]:
    """Read every case of ``tests/cases/NAME.yml`` and judge the mention that lies over its words."""
    cases = [(kind, case) for kind, rows in _read(name).items() for case in rows]
    parses = parse_many(case["text"] for _, case in cases)
    found = []
    for (kind, case), parse in zip(cases, parses, strict=True):
        document = documents_of(case["text"], case["published"])[0]
        draft = find_actors(find_places(Draft(document, parse), knowledge), knowledge)
        start = case["at"]
        identifier = _found(draft.mentions, start, start + len(case["mention"]))
        expected = tuple(case["expect"])
        found.append(Outcome(kind, case["text"], case["mention"], expected, identifier, _verdict(identifier, expected)))
    return found


def _read(name: str) -> dict[str, list[dict[str, Any]]]:
    with (CASES / f"{name}.yml").open(encoding="utf-8") as file:
        return yaml.load(file, Loader=yaml.CSafeLoader)  # type: ignore[no-any-return]  # YAML is untyped


def _found(mentions: tuple[Mention, ...], start: int, end: int) -> str | None:
    def overlap(mention: Mention) -> float:
        span = mention.ref.span
        shared = min(end, span.end) - max(start, span.start)
        return shared / (max(end, span.end) - min(start, span.start)) if shared > 0 else 0.0

    best = max(mentions, key=overlap, default=None)
    return best.ref.id if best is not None and overlap(best) > 0 else None


def _verdict(found: str | None, expected: tuple[str, ...]) -> str:
    if (found or UNRESOLVED) in expected:
        return "right"
    return "wrong" if found is not None else UNRESOLVED


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load()


@pytest.mark.parametrize("name", ["mentions", "mentions_held_out"])
def test_cases_are_well_formed(name: str) -> None:
    sections = _read(name)
    assert set(sections) == KINDS
    for rows in sections.values():
        for case in rows:
            assert case["text"][case["at"] :].startswith(case["mention"]), case
            assert case["expect"], case


def test_there_are_400_mentions_and_none_twice() -> None:
    keys = [
        (case["text"], case["published"], case["at"])
        for name in ("mentions", "mentions_held_out")
        for rows in _read(name).values()
        for case in rows
    ]
    assert len(keys) >= 400
    assert len(set(keys)) == len(keys)


# The goal is at least 92 % right and at most 3 % wrong.
FLOORS = [("mentions", 0.97, 0.02), ("mentions_held_out", 0.95, 0.03)]


@pytest.mark.parametrize(("name", "right", "wrong"), FLOORS)
def test_mentions_resolve(name: str, right: float, wrong: float, knowledge: Knowledge) -> None:
    found = outcomes(name, knowledge)
    verdicts = Counter(outcome.verdict for outcome in found)
    failures = "\n".join(
        f"{o.verdict:10} {o.kind:9} {o.mention!r} -> {o.found}, not {'/'.join(o.expected)}"
        for o in found
        if o.verdict != "right"
    )
    assert verdicts["right"] / len(found) >= right, failures
    assert verdicts["wrong"] / len(found) <= wrong, failures
