"""Names that several countries share go to the one that the text speaks for, or stay open with readings listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman.errors import KnowledgeError
from dragoman.intake.document import CODER
from dragoman.knowledge import load
from dragoman.knowledge.places import read_places
from dragoman.reading.actors import find_actors
from dragoman.reading.draft import Draft
from dragoman.reading.parse import parse
from dragoman.reading.places import find_places
from dragoman.records import Document

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "shared_names.yml").read_text(encoding="utf-8"))["cases"]


def _draft(text: str, published: str) -> Draft:
    document = Document("0" * 64, None, None, None, None, published, "en", text, "text/plain", CODER)
    return find_actors(find_places(Draft(document, parse(text)), load()), load())


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['text']} {c.get('mention', '')}")
def test_shared_names(case: dict[str, Any]) -> None:
    found = {m.ref.span.quote: m.ref.id for m in _draft(case["text"], case["published"]).mentions}
    if case.get("absent"):
        assert set(found.values()) <= {None}
    else:
        assert case["mention"] in found
        assert found[case["mention"]] == case["id"]


def test_an_open_name_lists_its_readings() -> None:
    [mention] = [m for m in _draft("Congo closed a crossing.", "2004-03-01").mentions if m.ref.name == "Congo"]
    assert mention.ref.id is None
    assert mention.why == "open:Congo (COD/COG)"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{names: [Ruritania], readings: [{id: AAA}]}", "two 'readings'"),
        ("{names: [Ruritania], readings: [{id: AAA}, {id: bb}]}", "no ISO 3166"),
        ("{names: [Ruritania], readings: [{id: AAA}, {id: BBB, besides: [x], beside: 3}]}", "wrong"),
    ],
)
def test_wrong_entries_are_named(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "own.yml").write_text(f"origin: t\nshared:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=words):
        read_places(tmp_path)
