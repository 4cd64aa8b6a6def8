import json
from pathlib import Path

import pytest

from dragoman.errors import UnreadableInput
from dragoman.scoring import attribution, commitment
from dragoman.scoring.attribution import Attribution, figures

GOLD = [Attribution(((0, 5),), ((10, 30),)), Attribution((), ((40, 60),))]


def test_a_perfect_answer_scores_one_and_an_empty_one_nothing() -> None:
    perfect = figures([GOLD], [GOLD])
    assert {perfect[f"{name}@{level}_f1"] for name in ("content", "relation") for level in (0.3, 0.5, 0.8)} == {1.0}
    assert figures([GOLD], [[]])["content@0.5_f1"] == 0.0


def test_precision_and_recall_are_not_swapped() -> None:
    found = figures([GOLD], [[GOLD[0]]])
    assert (found["content@0.5_precision"], found["content@0.5_recall"]) == (1.0, 0.5)


def test_a_relation_needs_the_source_and_a_content_half_of_the_characters() -> None:
    answer = [Attribution(((100, 105),), ((10, 22),)), Attribution((), ((40, 49),))]
    found = figures([GOLD], [answer])
    assert (found["content@0.5_recall"], found["relation@0.5_recall"]) == (0.5, 0.0)
    assert (found["content@0.3_recall"], found["relation@0.3_recall"]) == (1.0, 0.5)


def test_one_answer_is_matched_to_one_gold_only() -> None:
    twice = [Attribution((), ((40, 60),)), Attribution((), ((40, 58),))]
    assert figures([GOLD], [twice])["content@0.5_precision"] == 0.5


def test_the_reader_is_scored_on_text(tmp_path: Path) -> None:
    text = "The envoy said that the talks had failed."
    row = {"text": text, "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 40]]}]}
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert attribution.evaluate(path, fast=True)["relation@0.8_f1"] == 1.0


@pytest.mark.parametrize("module", [attribution, commitment])
def test_what_is_no_gold_is_named(module: object, tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"text": 3}\n', encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"gold\.jsonl"):
        module.evaluate(path)  # type: ignore[attr-defined]  # both modules have it


def test_commitment_is_scored_against_ratings(tmp_path: Path) -> None:
    rows = [
        ("I do not think the bridge will be rebuilt.", "the bridge will be rebuilt", "think", -2.0),
        ("He had not noticed that the convoy had left.", "the convoy had left", "notice", 2.5),
        ("She might believe that the war is over.", "the war is over", "believe", 0.0),
        ("They knew that the border was closed.", "the border was closed", "know", 2.7),
    ]
    path = tmp_path / "gold.jsonl"
    fields = ("target", "prompt", "verb", "commitment")
    path.write_text("\n".join(json.dumps(dict(zip(fields, row, strict=True))) for row in rows), encoding="utf-8")
    found = commitment.evaluate(path)
    assert found["unplaced"] == 0
    assert found["pearson"] > 0.8
    assert found["mae"] < 1.5
