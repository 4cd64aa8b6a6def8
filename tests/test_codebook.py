"""The codebook's examples are read as the codebook says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dragoman import read
from dragoman.records import EVENT_TYPES, QUAD_CLASSES

CODEBOOK = (Path(__file__).parent.parent / "docs" / "codebook.md").read_text(encoding="utf-8")
EXAMPLES = {
    line[2 : line.index(":")]: re.findall(r"\*([^*]+)\*", line)
    for line in CODEBOOK.splitlines()
    if re.match(r"- [A-Z]+: \*", line)
}


def test_every_type_has_examples() -> None:
    assert set(EXAMPLES) == set(EVENT_TYPES)


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_examples_have_their_type(kind: str) -> None:
    for sentence in EXAMPLES[kind]:
        assert kind in {event.event_type for event in read(sentence, fast=True).events}, sentence


def test_quad_classes_are_those_of_the_records() -> None:
    table = CODEBOOK.split("## The types")[1].split("## Intensity")[0]
    assert {n: int(q) for n, q in re.findall(r"^\| ([A-Z]+) \| (\d)", table, flags=re.MULTILINE)} == QUAD_CLASSES
