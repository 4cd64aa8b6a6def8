"""Date expressions: alone, in a text, as scored, and the words that they are made of."""

import datetime as dt
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import KnowledgeError, UnreadableInput
from dragoman.intake.document import make_document
from dragoman.intake.text import from_text
from dragoman.knowledge import load
from dragoman.knowledge.base import Knowledge
from dragoman.knowledge.dates import compile_dates, read_date_lexicon, words_of
from dragoman.knowledge.store import DATA
from dragoman.reading.dates import find_dates, resolve_expression
from dragoman.reading.draft import Draft
from dragoman.reading.parse import parse
from dragoman.records import Interval
from dragoman.scoring import time

ROOT = Path(__file__).parent
CASES = yaml.safe_load((ROOT / "cases/dates.yml").read_text(encoding="utf-8"))
PUBLISHED = dt.date.fromisoformat(CASES["published"])


def found_in(text: str, published: str | None = "2024-11-18") -> Draft:
    document = make_document(from_text(text), published)
    return find_dates(Draft(document, parse(document.text)), load())


def read_in(text: str, published: str | None = "2024-11-18") -> list[tuple[str, str, str | None, str | None]]:
    draft = found_in(text, published)
    return [
        (
            draft.parse.span(date.first, date.last).quote,
            date.kind,
            date.interval.start if date.interval else None,
            date.interval.end if date.interval else None,
        )
        for date in draft.dates
    ]


@pytest.mark.parametrize(("text", "gold"), CASES["cases"], ids=[text for text, _ in CASES["cases"]])
def test_an_expression_means_its_interval(text: str, gold: str) -> None:
    answer = resolve_expression(text, PUBLISHED)
    assert time.judge(gold, answer) == "correct", answer


def test_there_are_enough_expressions() -> None:
    assert len(CASES["cases"]) >= 150


@pytest.mark.parametrize(
    ("text", "published", "gold"),
    [
        ("on Monday", "2024-11-23", "2024-11-18"),  # a Saturday
        ("this Friday", "2024-11-23", "2024-11-29"),
        ("next Monday", "2024-11-23", "2024-11-25"),
        ("last weekend", "2024-11-24", "2024-11-16/2024-11-17"),  # a Sunday
        ("in December", "2024-01-20", "2023-12"),
        ("on 31 December", "2024-01-05", "2023-12-31"),
        ("in the spring", "2024-02-10", "2024-03/2024-05"),
        ("this winter", "2024-02-10", "2023-12-01/2024-02-29"),
        ("last summer", "2024-07-10", "2023-06/2023-08"),
        ("last month", "2024-01-31", "2023-12"),
        ("a month ago", "2024-03-31", "2024-02"),
        ("last quarter", "2024-02-01", "2023-10/2023-12"),
        ("last week", "2024-01-03", "2023-12-25/2023-12-31"),
        ("the next few weeks", "2023-12-20", "2023-12-20/2024-01-31"),
        ("a year ago", "2024-02-29", "2023"),
        ("yesterday", "2024-03-01", "2024-02-29"),
    ],
)
def test_an_expression_is_read_against_its_own_day(text: str, published: str, gold: str) -> None:
    answer = resolve_expression(text, dt.date.fromisoformat(published))
    assert time.judge(gold, answer) == "correct", answer


@pytest.mark.parametrize("text", ["last week", "on Monday", "two years ago", "in August", "the next few weeks"])
def test_relative_expressions_stay_unresolved_without_a_publication_date(text: str) -> None:
    answer = resolve_expression(text, None)
    assert (answer.interval, answer.kind) == (None, "date")


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("two days later", ("2020-05-06", "2020-05-06")),
        ("the following month", ("2020-06-01", "2020-06-30")),
        ("a year earlier", ("2019-01-01", "2019-12-31")),
        ("the next day", ("2020-05-05", "2020-05-05")),
        ("that year", ("2020-01-01", "2020-12-31")),
        ("the previous week", ("2020-04-27", "2020-05-03")),
    ],
)
def test_an_anchor_gives_the_date_that_others_follow(text: str, interval: tuple[str, str]) -> None:
    answer = resolve_expression(text, PUBLISHED, Interval("2020-05-04", "2020-05-04", "day", False, "explicit"))
    assert answer.interval is not None
    assert (answer.interval.start, answer.interval.end) == interval
    assert (answer.kind, answer.interval.basis) == ("anchored", "anchored")


def test_basis_granularity_and_approximation_are_said() -> None:
    explicit = resolve_expression("in May 2019", PUBLISHED).interval
    relative = resolve_expression("last week", PUBLISHED).interval
    vague = resolve_expression("a few months ago", PUBLISHED).interval
    assert explicit is not None
    assert relative is not None
    assert vague is not None
    assert (explicit.basis, explicit.granularity, explicit.approximate) == ("explicit", "month", False)
    assert (relative.basis, relative.granularity, relative.approximate) == ("relative", "week", False)
    assert (vague.basis, vague.approximate) == ("relative", True)


def test_tense_decides_which_weekday_or_month_is_meant() -> None:
    assert read_in("The ministers will meet on Friday.")[0][2] == "2024-11-22"
    assert read_in("The ministers met on Friday.")[0][2] == "2024-11-15"
    assert read_in("He will leave office in January.")[0][2] == "2025-01-01"
    assert read_in("He left office in January.")[0][2] == "2024-01-01"


@pytest.mark.parametrize(
    "text",
    [
        "Prime Minister May may march with them.",
        "The 24th Brigade held 2,000 prisoners and about 1500 rifles.",
        "A 45-year-old man was held.",
        "The fall of the city was near.",
        "They spent 2024 dollars.",
        "The vaccine is for under-60s.",
    ],
)
def test_names_numbers_and_ages_are_no_dates(text: str) -> None:
    assert read_in(text) == []


def test_a_text_gives_its_expressions_in_order_with_anchors() -> None:
    text = "In March 2021 the coalition agreed to a truce; the following month it broke down. Every Monday they met."
    assert read_in(text) == [
        ("March 2021", "date", "2021-03-01", "2021-03-31"),
        ("the following month", "anchored", "2021-04-01", "2021-04-30"),
        ("Every Monday", "repetition", None, None),
    ]


@pytest.mark.parametrize(
    "date", ["3 M\u200bay 20\u200b24", "\u20603\u2060 May 2024\u200b", "3 Ma\u00ady 2024", "2024-\u200b05-03"]
)
def test_invisible_signs_and_line_ends_inside_a_date_change_nothing(date: str) -> None:
    draft = found_in(f"They met in Geneva on {date} for talks about the border between the two states.")
    assert [(d.interval.start, d.interval.end) for d in draft.dates if d.interval] == [("2024-05-03", "2024-05-03")]


def test_words_beside_a_date_are_not_taken_for_part_of_it() -> None:
    assert read_in("The mandate is to end on March 30.")[0][0] == "March 30"
    assert read_in("It was shelled for a fifth straight day on Thursday.")[0][0] == "Thursday"
    assert read_in("They met for the first time in 23 years.")[0][1] == "duration"
    assert read_in("In this Dec. 13, 2018 photo he smiles.")[0][2] == "2018-12-13"
    assert read_in("They left after the 2012 attack.")[0][2:] == ("2012-01-01", "2012-12-31")
    assert read_in("He said in the last year of the war that he would go.") == []


def test_a_dateline_says_what_relative_dates_refer_to() -> None:
    text = "MANILA, Aug. 20 (Wire) - The ships collided on Monday.\n\nThe talks were held last week."
    assert [date[2] for date in read_in(text, "2024-11-18")] == ["2024-08-20", "2024-08-19", "2024-08-12"]


def test_the_user_is_told_what_stays_unresolved() -> None:
    assert found_in("He came on Monday and left last week.", None).notes == (
        "2 relative dates stay unresolved: give --published",
    )
    assert found_in("He came on Monday.", None).notes == ("1 relative date stays unresolved: give --published",)
    assert found_in("He came on Monday.").notes == ()


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_cut_with_true_offsets_and_resolved_without_an_error(text: str) -> None:
    for word in words_of(text):
        assert 0 <= word.start < word.end <= len(text)
    resolve_expression(text, PUBLISHED)


@given(
    st.lists(
        st.sampled_from(
            ["the", "last", "next", "two", "of", "in", "May", "1999", "week", "years", "ago", "since", "to", "early",
             "-", "31", "February", "9999", "century", "first", "half", "Monday", "and", "from", "before", "1000"]
        ),
        max_size=8,
    ),
    st.dates(),
)  # fmt: skip
@settings(max_examples=300, deadline=None)
def test_words_of_dates_in_any_order_never_fail_and_give_ordered_intervals(
    words: list[str], published: dt.date
) -> None:
    answer = resolve_expression(" ".join(words), published)
    again = resolve_expression(" ".join(words), published)
    assert answer == again
    if answer.interval and answer.interval.start and answer.interval.end:
        assert answer.interval.start <= answer.interval.end


def test_the_score_counts_right_wrong_and_unresolved(tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    rows = [
        {"text": "in 2019", "published": "2024-11-18", "interval": "2019"},
        {"text": "in 2019", "published": "2024-11-18", "interval": "2018"},
        {"text": "when the cows come home", "published": "2024-11-18", "interval": "2018"},
        {"text": "for three years", "published": None, "interval": "duration"},
        {"text": "two days after the vote", "published": "2024-11-18", "interval": "anchored?"},
    ]
    gold.write_text(json.dumps(rows), encoding="utf-8")
    assert time.evaluate(gold) == {"correct": 3, "wrong": 1, "unresolved": 1, "expressions": 5}


@pytest.mark.parametrize("content", [None, "{", '[{"text": "x", "interval": "2019-02-31"}]', '[{"interval": 1}]'])
def test_gold_that_is_none_is_refused_by_name(tmp_path: Path, content: str | None) -> None:
    gold = tmp_path / "gold.json"
    if content is not None:
        gold.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=r"gold\.json"):
        time.evaluate(gold)


def test_the_compiled_words_are_those_of_the_lexicon() -> None:
    assert compile_dates(ROOT.parent / "lexicons") == (DATA / "dates.msgpack").read_bytes()


def test_the_users_words_come_on_top(tmp_path: Path) -> None:
    folder = tmp_path / "dates"
    folder.mkdir()
    (folder / "own.yml").write_text(
        "origin: mine\nmonths:\n  12: [Yuletide]\nonce:\n  the great flood: ['1953-01-31', '1953-02-01']\n",
        encoding="utf-8",
    )
    own = Knowledge(tmp_path)
    interval = resolve_expression("in Yuletide 2001", PUBLISHED, knowledge=own).interval
    flood = resolve_expression("the great flood", PUBLISHED, knowledge=own).interval
    assert interval is not None
    assert flood is not None
    assert (interval.start, flood.end) == ("2001-12-01", "1953-02-01")
    assert resolve_expression("in May 2001", PUBLISHED, knowledge=own).interval is not None


@pytest.mark.parametrize("content", ["days: [on]", "monthz: [May]", "months:\n  x: [May]"])
def test_wrong_words_are_refused_with_their_file(tmp_path: Path, content: str) -> None:
    (tmp_path / "own.yml").write_text(f"origin: mine\n{content}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=tmp_path.name):
        read_date_lexicon(tmp_path)
