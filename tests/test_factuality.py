from pathlib import Path

import pytest
import yaml

from dragoman.errors import KnowledgeError
from dragoman.knowledge import load
from dragoman.knowledge.commitment import load_commitment
from dragoman.reading.chances import chance_in
from dragoman.reading.commitments import under
from dragoman.reading.factuality import assess
from dragoman.reading.parse import parse
from dragoman.records import FACTUALITY_VALUES

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "factuality.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: f"{c['word']}: {c['text'][:40]}")
def test_commitment_follows_the_words_around_a_predicate(case: dict[str, str]) -> None:
    parsed = parse(case["text"])
    word = [t.i for t in parsed.tokens if t.text == case["word"]][-1]
    found = assess(parsed, word, load())
    assert found.value == case["value"]
    if "phrase" in case:
        assert found.probability is not None
        assert found.probability.phrase == case["phrase"]


@pytest.mark.parametrize("case", CASES["chances"], ids=lambda c: c["text"])
def test_a_number_gives_the_chance(case: dict[str, float]) -> None:
    found = chance_in(str(case["text"]), load().commitment)
    assert found is not None
    assert (found.low, found.high) == (case["low"], case["high"])


@pytest.mark.parametrize("text", ["A 170 % chance of rain.", "Five in two odds.", "He had a chance.", "70 % of voters"])
def test_what_is_no_chance_gives_none(text: str) -> None:
    assert chance_in(text, load().commitment) is None


def test_surveyed_phrases_have_ordered_intervals_and_an_order_of_their_own() -> None:
    lexicon = load().commitment
    middle = {phrase: sum(lexicon.probabilities[phrase]) / 2 for phrase in lexicon.surveyed}
    assert len(middle) == 17
    ladder = [
        "almost no chance",
        "highly unlikely",
        "unlikely",
        "about even",
        "likely",
        "highly likely",
        "almost certainly",
    ]
    assert [middle[p] for p in ladder] == sorted(middle[p] for p in ladder)


@pytest.mark.parametrize("own", FACTUALITY_VALUES)
def test_a_denial_turns_what_is_certain_and_leaves_what_is_open(own: str) -> None:
    turned = under(own, "CT-")  # type: ignore[arg-type]  # a value of the closed set
    assert turned == {"CT+": "CT-", "CT-": "CT+", "PR+": "PR-", "PR-": "PR+", "PS+": "PS-", "PS-": "PS+"}.get(own, own)


def test_an_overlay_adds_a_word_and_a_wrong_one_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    path = folder / "probability-mine.yml"
    path.write_text("origin: mine\nentries:\n  - {phrase: touch and go, low: 0.4, high: 0.6}\n", encoding="utf-8")
    assert load_commitment(tmp_path).probabilities["touch and go"] == (0.4, 0.6)
    assert load_commitment(tmp_path).probabilities["likely"] == load().commitment.probabilities["likely"]
    path.write_text("origin: mine\nentries:\n  - {phrase: touch and go, low: 0.9, high: 0.6}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="touch and go"):
        load_commitment(tmp_path)
    path.write_text("entries: []\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match="no origin"):
        load_commitment(tmp_path)
