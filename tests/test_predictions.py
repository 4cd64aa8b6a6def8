import datetime as dt
import math
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from dragoman.analysis.calibration import FEWEST_TO_RANK, Outcome, by_phrase, calibration, ranking, score
from dragoman.analysis.contested import contested
from dragoman.analysis.predictions_ledger import ledger, outcomes, resolution
from dragoman.errors import AnalysisError, UsageError
from dragoman.knowledge import load
from dragoman.reading.disputes import disputed_pairs, versions
from dragoman.reading.pipeline import read_document
from dragoman.reading.result import Reading
from dragoman.records import Coder, Document

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "predictions.yml").read_text(encoding="utf-8"))
WORDS = load().cues.function_words


def reading_of(
    text: str, name: str = "0", publisher: str | None = None, published: str | None = "2024-05-03"
) -> Reading:
    document = Document(
        name * 64, None, publisher, None, None, published, "en", text, "text/plain", Coder("test", "0")
    )  # fmt: skip
    return read_document(document, load(), fast=True)


@pytest.mark.parametrize("text", CASES["ahead"])
def test_what_lies_ahead_is_foretold(text: str) -> None:
    assert any(claim.prediction for claim in reading_of(text).claims)


@pytest.mark.parametrize("text", CASES["not ahead"])
def test_what_is_past_usual_or_said_of_the_talk_is_not_foretold(text: str) -> None:
    assert not any(claim.prediction for claim in reading_of(text).claims)


BOMBED = "The Bordurian army said that Syldavian jets had bombed the grain port of Klow and killed 40 civilians."
DENIED = "Syldavia denied that its jets had bombed the grain port of Klow."
FEWER = "A doctor told reporters that Syldavian jets bombed the grain port of Klow and killed 12 civilians."


@pytest.mark.parametrize(
    ("text", "differs"),
    [
        (f"{BOMBED} {DENIED}", ["polarity"]),
        (f"{BOMBED} {FEWER}", ["number"]),
        (f"{BOMBED} The mayor said that Syldavian jets had bombed the grain port of Klow and killed 40 civilians.", []),
        (f"{BOMBED} {BOMBED.replace('bombed', 'not bombed')}", []),  # one speaker does not dispute with itself
        ("The envoy said the talks on the canal had failed in Geneva. The mayor said the trains ran late.", []),
    ],
)
def test_speakers_dispute_what_they_tell_differently(text: str, differs: list[str]) -> None:
    assert [d.differs for d in reading_of(text).disputes] == differs


def test_a_contest_counts_publishers_once_and_copies_not_at_all() -> None:
    texts = [(BOMBED, "Gazette"), (BOMBED, "Gazette"), (BOMBED, "Wire copy"), (DENIED, "Courier")]
    readings = [reading_of(text, str(n), publisher) for n, (text, publisher) in enumerate(texts)]
    documents = {r.document.id: r.document for r in readings}
    [found] = contested([c for r in readings for c in r.claims], documents, WORDS, about="bombed port")
    assert found.differs == "polarity"
    assert {(a.speaker, a.publishers) for a in found.accounts} == {("The Bordurian army", 1), ("Syldavia", 1)}
    assert contested([c for r in readings for c in r.claims], documents, WORDS, about="elections") == []


def test_many_claims_are_compared_without_crossing_all_of_them() -> None:
    reading = reading_of(" ".join(f"Official {n} said convoy {n} had reached the town." for n in range(30)))
    assert list(disputed_pairs(versions(reading.claims, WORDS))) == list(
        disputed_pairs(versions(reading.claims, WORDS))
    )


FORECAST = "Analysts said that Ruritania will probably attack the port of Klow in June 2024 if the talks fail."


def test_the_ledger_keeps_every_verdict_and_counts_the_last() -> None:
    reading = reading_of(FORECAST)
    claim = next(c for c in reading.claims if c.prediction)
    assert claim.prediction is not None
    documents = {reading.document.id: reading.document}
    now = dt.datetime(2024, 7, 1, tzinfo=dt.UTC)
    rows = [
        resolution(claim, "yes", "2024-06-03", "a strike was reported", "anna", now),
        resolution(claim, "no", "2024-07-01", "https://example.org/denial", "anna", now),
    ]
    [entry] = ledger(reading.claims, documents, rows)
    assert (entry.verdict, entry.condition, entry.checkable) == ("no", "if the talks fail", True)
    assert entry.chance is not None
    assert [o.came_true for o in outcomes([entry])] == [False]
    [still_open] = ledger(reading.claims, documents, today=dt.date(2025, 1, 1))
    assert still_open.verdict is None
    assert still_open.overdue is (still_open.horizon is not None)
    assert outcomes([still_open]) == []


@pytest.mark.parametrize(("verdict", "on"), [("perhaps", "2024-06-03"), ("yes", "June")])
def test_a_verdict_that_is_none_is_refused(verdict: str, on: str) -> None:
    claim = next(c for c in reading_of(FORECAST).claims if c.prediction)
    with pytest.raises(UsageError):
        resolution(claim, verdict, on, None, "anna", dt.datetime(2024, 7, 1, tzinfo=dt.UTC))


def test_only_predictions_are_settled() -> None:
    claim = reading_of("The envoy said that the talks had failed.").claims[0]
    with pytest.raises(UsageError, match="no prediction"):
        resolution(claim, "yes", "2024-06-03", None, "anna", dt.datetime(2024, 7, 1, tzinfo=dt.UTC))


def test_scores_by_hand() -> None:
    found = score([Outcome(0.8, True, "a"), Outcome(0.4, False, "a")])
    assert found.brier == pytest.approx((0.04 + 0.16) / 2)
    assert found.log == pytest.approx(-(math.log(0.8) + math.log(0.6)) / 2)
    assert found.base_brier == pytest.approx(0.25)
    assert found.skill == pytest.approx(1 - 0.1 / 0.25)


def test_nobody_is_ranked_on_few_predictions() -> None:
    few = [Outcome(0.9, True, "lucky")] * (FEWEST_TO_RANK - 1)
    with pytest.raises(AnalysisError, match=str(FEWEST_TO_RANK)):
        ranking(few)
    enough = [Outcome(0.6, n % 2 == 0, "steady") for n in range(FEWEST_TO_RANK)]
    assert [s.name for s in ranking(few + enough)] == ["steady"]


def test_phrases_are_scored_apart() -> None:
    found = by_phrase([Outcome(0.7, True, "a", "Likely"), Outcome(0.7, False, "b", "likely"), Outcome(0.2, True, "a")])
    assert [(s.name, s.count, s.came_true) for s in found] == [("likely", 2, 0.5)]


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), st.integers(1, 20))
def test_calibration_loses_nothing_and_scores_stay_in_bounds(rows: list[tuple[float, bool]], bins: int) -> None:
    outcomes_given = [Outcome(chance, true, "x") for chance, true in rows]
    table = calibration(outcomes_given, bins)
    assert sum(row.count for row in table) == len(rows)
    assert all(row.low - 1e-9 <= row.mean_chance <= row.high + 1e-9 for row in table)
    found = score(outcomes_given)
    assert 0 <= found.brier <= 1
    assert found.base_brier <= 0.25 + 1e-9


def test_no_outcomes_is_said() -> None:
    with pytest.raises(AnalysisError, match="no resolved predictions"):
        score([])


@pytest.mark.parametrize(
    "text",
    [
        "The chairman could not be reached for comment.",
        "The delegations cannot agree on who may cross the line.",
        "Will the truce hold?",
        "The question is whether this is the rehearsal of a war that will be repeated in the south.",
        "The treaty can neither be watered down nor rewritten.",
        "The fleet did not hesitate to fire on the port.",
        "“I won't speak to that, and I'll leave it there,” said the minister.",
        "“The next question will go to Ana Keller,” said the moderator.",
        "“I'll take two more questions,” said the minister.",
        "“I won't get into that,” said the minister.",
        "“I'll let the ministry speak to that,” said the envoy.",
        "“Could you repeat what you said?” the moderator asked.",
    ],
)
def test_what_is_asked_or_was_not_possible_is_no_prediction(text: str) -> None:
    assert [c for c in reading_of(text).claims if c.prediction] == []


def test_a_time_since_when_is_no_horizon() -> None:
    [claim] = [c for c in reading_of("The army may attack for the first time since 1953.").claims if c.prediction]
    assert claim.prediction is not None
    assert claim.prediction.horizon is None


def test_a_chance_put_at_a_number_predicts() -> None:
    text = "Analysts at Meridian Risk put the chance of a new war by spring at 60 percent."
    [claim] = [c for c in reading_of(text).claims if c.prediction]
    assert claim.speaker is not None
    assert claim.speaker.name.casefold().startswith("analysts")
    assert claim.probability is not None
    assert (claim.probability.low, claim.probability.high) == (0.575, 0.625)


@pytest.mark.parametrize(
    ("text", "chance"),
    [
        ("The envoy said that the treaty will be signed.", 0.75),
        ("The envoy said that the treaty will not be signed.", 0.75),
        ("The envoy doubts that the treaty will be signed.", 0.25),
    ],
)
def test_a_chance_is_that_of_the_statement_as_it_stands(text: str, chance: float) -> None:
    reading = reading_of(text)
    [entry] = ledger(reading.claims, {})
    assert entry.chance == chance


def test_names_alone_do_not_make_one_matter() -> None:
    text = (
        "Syldavia said that Bordurian soldiers were not in the Klow valley. "
        "The envoy said that Bordurian and Syldavian ministers had dined in the Klow valley."
    )
    assert reading_of(text).disputes == ()


def test_what_is_expected_is_no_certainty() -> None:
    [claim] = [
        c for c in reading_of("Two envoys said that Borduria is expected to answer in May.").claims if c.prediction
    ]
    assert claim.factuality == "PR+"


def test_a_proposal_beside_a_statement_is_no_prediction() -> None:
    text = "Borduria said that it supported the deal and suggested that the sanctions could be eased."
    assert [c for c in reading_of(text).claims if c.prediction and c.factuality == "CT+"] == []


def test_what_a_prediction_is_about_keeps_its_marks_in_pairs() -> None:
    [claim] = [c for c in reading_of('Borduria said that it would pay "in the near future".').claims if c.prediction]
    assert claim.prediction is not None
    assert claim.prediction.about.count('"') % 2 == 0
