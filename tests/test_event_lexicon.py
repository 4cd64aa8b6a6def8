"""A user's own frames beside the shipped ones: added, preferred, replaced; and the lists of operators and numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman import read
from dragoman.errors import KnowledgeError
from dragoman.knowledge.frames import compile_frames

LEXICONS = Path(__file__).parents[1] / "lexicons"


def own(folder: Path, name: str, text: str) -> Path:
    (folder / "events").mkdir(parents=True, exist_ok=True)
    (folder / "events" / name).write_text(text, encoding="utf-8")
    return folder


def types(text: str, lexicon: Path | None) -> list[str]:
    return [e.event_type for e in read(text, fast=True, lexicon=lexicon).events]


def test_a_frame_of_ones_own_adds_a_reading_and_leaves_the_others(tmp_path: Path) -> None:
    lexicon = own(
        tmp_path, "mine.yml", "type: COERCE\nentries:\n  - {verbs: [hold], objects: [festival], recipient: [in]}\n"
    )
    assert types("Chile held a festival in Peru.", None) == []
    assert types("Chile held a festival in Peru.", lexicon) == ["COERCE"]
    assert types("Chile held talks with Peru.", lexicon) == types("Chile held talks with Peru.", None) == ["CONSULT"]


def test_a_frame_of_ones_own_decides_where_a_shipped_one_asks_for_as_much(tmp_path: Path) -> None:
    lexicon = own(tmp_path, "mine.yml", "type: AID\nentries:\n  - {verbs: [condemn], recipient: [obj]}\n")
    assert types("Chile condemned Peru.", None) == ["ACCUSE"]
    assert types("Chile condemned Peru.", lexicon) == ["AID"]


def test_replaces_leaves_out_the_shipped_frames(tmp_path: Path) -> None:
    lexicon = own(
        tmp_path,
        "mine.yml",
        "type: COERCE\nentries:\n"
        "  - {verbs: [hold], replaces: true, persons_object: true, strict: true, recipient: [obj]}\n",
    )
    assert types("Chile held talks with Peru.", lexicon) == ["CONSULT"]  # now by the noun alone
    assert (
        types("Chile held a summit of Peru.", lexicon) != types("Chile held Peruvian ministers.", lexicon) == ["COERCE"]
    )


def test_operators_of_ones_own_add_and_take_out(tmp_path: Path) -> None:
    text = "Chile yearned to help Peru."
    assert types(text, None) == ["AID"]
    assert types(text, own(tmp_path, "operators.yml", "plan_verbs: [yearn]\n")) == ["AGREE"]
    assert types("Chile considered helping Peru.", None) == ["AGREE"]
    assert types(
        "Chile considered helping Peru.", own(tmp_path / "b", "operators.yml", 'plan_verbs: ["-consider"]\n')
    ) == ["AID"]


def test_numbers_of_ones_own(tmp_path: Path) -> None:
    text = "Chile sent twelve rifles to Peru."
    for lexicon, value in ((None, 12.0), (own(tmp_path, "quantities.yml", "numbers: {twelve: 13}\n"), 13.0)):
        [event] = read(text, fast=True, lexicon=lexicon).events
        assert [q.value for q in event.quantities] == [value]


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("mine.yml", "type: COERCE\nentries:\n  - {verbs: [hold], object: [talk]}\n", "entry 1"),
        ("mine.yml", "type: COERSE\nentries:\n  - {verbs: [hold]}\n", "COERSE"),
        ("operators.yml", "plan_verbs: yearn\n", "plan_verbs"),
        ("quantities.yml", "numbers: {gross: many}\n", "numbers"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, text: str, wrong: str) -> None:
    with pytest.raises(KnowledgeError, match=wrong) as raised:
        types("Chile held talks with Peru.", own(tmp_path, name, text))
    assert name in str(raised.value)


def test_compiling_twice_gives_the_same_bytes() -> None:
    assert compile_frames(LEXICONS) == compile_frames(LEXICONS)
