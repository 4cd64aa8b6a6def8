"""The situation brief: every sentence has its records, nothing is said without, and the same again."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import dragoman
from dragoman import knowledge
from dragoman.analysis.brief import situation_brief
from dragoman.analysis.brief_page import brief_html, brief_markdown, brief_text
from dragoman.analysis.brief_statements import Brief, within_sentence
from dragoman.analysis.selection import Selection
from dragoman.errors import AnalysisError, KnowledgeError, UsageError
from dragoman.knowledge.topics import compile_topics, read_topics
from relation_events import events, situation

ROOT = Path(__file__).resolve().parent.parent
CASES = yaml.safe_load((ROOT / "tests/cases/topics.yml").read_text(encoding="utf-8"))
TOPICS = knowledge.load().topics


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["sentence"][:40])
def test_topics(case: dict[str, Any]) -> None:
    assert TOPICS.first(case["group"], case["type"], case["mode"], (), case["sentence"]) == case["topic"]


def test_topics_are_compiled_from_the_lexicon() -> None:
    compiled = ROOT / "src/dragoman/knowledge/data/topics.msgpack"
    assert compile_topics(ROOT / "lexicons") == compiled.read_bytes()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{group: supply, topic: x, types: [GIVE]}", "none of PLOVER's"),
        ("{group: demand, topic: x, types: [AID]}", "unknown group"),
        ("{topic: x}", "needs group"),
    ],
)
def test_a_wrong_topic_is_named(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "relations").mkdir()
    (tmp_path / "relations/topics.yml").write_text(f"origin: me\nentries:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=words):
        read_topics(tmp_path)


def sections(brief: Brief) -> dict[str, list[str]]:
    return {section.title: [statement.text for statement in section.statements] for section in brief.sections}


def test_every_sentence_has_records_that_exist_and_quotes_of_them() -> None:
    table = situation()
    known = dict(zip(table["event"].to_pylist(), table["quote"].to_pylist(), strict=True))
    brief = situation_brief(table, "RUR", topics=TOPICS)
    statements = [statement for section in brief.sections for statement in section.statements]
    assert len(statements) >= 8
    for statement in statements:
        assert statement.records
        assert set(statement.records) <= set(known)
        for quote in statement.quotes:
            assert quote.record in statement.records
            assert quote.text == known[quote.record]


def test_what_a_brief_tells() -> None:
    told = sections(situation_brief(situation(), "RUR", topics=TOPICS))
    assert told["State of relations"][0].startswith("With SYL: ")
    assert any("rose in 2017-07" in text and "a clear break" in text for text in told["Changes and what made them"])
    assert "BOR to RUR: arms, 1 event on 2018-03-01." in told["Who supplies what to whom"]
    assert "RUR to BOR: troops, 1 event on 2018-04-01." in told["Who supplies what to whom"]
    assert told["Below the threshold of open violence"] == ["RUR to SYL: balloons and leaflets, 1 event on 2018-05-01."]
    assert told["Said to be possible, or denied"] == ["Assault by RUR on SYL: denied, according to RUR."]
    assert told["Disputed"] == ["Assault by RUR on SYL on 2018-06-01: reported and denied."]
    assert "Predicted" not in told


def test_a_pair_and_its_dates() -> None:
    chosen = Selection(since=dt.date(2018, 1, 1))
    told = sections(situation_brief(situation(), "RUR", "BOR", topics=TOPICS, selection=chosen))
    assert set(told) == {"State of relations", "Who supplies what to whom"}
    with pytest.raises(UsageError, match="nearest"):
        situation_brief(situation(), "RURS", topics=TOPICS)
    with pytest.raises(AnalysisError, match="no event between"):
        situation_brief(situation(), "BOR", "SYL", topics=TOPICS)


def test_pages_are_the_same_again_and_no_text_becomes_markup() -> None:
    brief = situation_brief(situation(), "RUR", topics=TOPICS)
    again = situation_brief(situation(), "RUR", topics=TOPICS)
    for write in (brief_text, brief_markdown, brief_html):
        assert write(brief) == write(again)
    page = brief_html(brief)
    assert "&lt;b&gt;Borduria" in page
    assert "<script" not in page
    assert len(re.findall(r"<li data-records=\"[^\"]+\"", page)) == sum(len(s.statements) for s in brief.sections)
    assert r"\<b\>" in brief_markdown(brief)
    assert "\x1b" not in brief_text(
        situation_brief(events({"actor": "RUR", "recipient": "SYL", "start": "2020-01-01", "quote": "a\x1b[31mb"},
                               {"actor": "RUR", "recipient": "SYL", "start": "2020-01-02"}), "RUR", topics=TOPICS)
    )  # fmt: skip


def test_predictions_of_a_real_reading() -> None:
    text = (
        "France will probably send 500 soldiers to Mali by 2030, said Anna Moreau, an analyst. "
        "France attacked Mali on 3 May 2024. France attacked Mali on 4 May 2024."
    )
    reading = dragoman.read(text, published="2024-05-10", fast=True)
    brief = situation_brief(reading.arrow(), "FRA", topics=TOPICS, claims=reading.claims, disputes=reading.disputes)
    ids = {event.id for event in reading.events} | {claim.id for claim in reading.claims}
    assert all(set(s.records) <= ids for section in brief.sections for s in section.statements)
    predicting = {claim.id for claim in reading.claims if claim.prediction is not None}
    assert predicting
    told = {
        r for section in brief.sections if section.title == "Predicted" for s in section.statements for r in s.records
    }
    assert told == predicting


def test_dates_are_no_more_exact_than_the_records_and_no_sentence_is_quoted_twice() -> None:
    told = events(
        {
            "actor": "RUR",
            "recipient": "SYL",
            "start": "2020-01-01",
            "end": "2020-12-31",
            "granularity": "year",
            "quote": "Once.",
        },
        {
            "actor": "RUR",
            "recipient": "SYL",
            "start": "2021-03-01",
            "end": "2021-03-31",
            "granularity": "month",
            "quote": "Once.",
        },
    )
    [statement] = situation_brief(told, "RUR", topics=TOPICS).sections[0].statements
    assert "2 events from 2020 to 2021-03:" in statement.text
    assert [quote.text for quote in statement.quotes] == ["Once."]


def test_nobody_supplies_itself_or_something_nameless() -> None:
    told = events(
        {"actor": "RUR", "recipient": "RUR-MIL", "start": "2020-01-01", "event_type": "AID", "quote": "Shells."},
        {"actor": "RUR", "recipient_name": "visitors", "start": "2020-01-02", "event_type": "AID", "quote": "Shells."},
        {"actor": "RUR", "recipient": "SYL", "start": "2020-01-03", "event_type": "AID", "quote": "Shells."},
    )  # fmt: skip
    assert sections(situation_brief(told, "RUR", topics=TOPICS))["Who supplies what to whom"] == [
        "RUR to SYL: arms, 1 event on 2020-01-03."
    ]


def test_a_dispute_names_who_says_what_and_a_prediction_of_ours_need_not_name_us() -> None:
    text = (
        "Ruritania said on Monday that Borduria had shelled the town of Strelsau. "
        "Borduria denied that it had shelled the town of Strelsau. "
        "Anna Moreau, an analyst, predicted that France would attack Mali before the end of 2025. "
        "France attacked Mali on 3 May 2024."
    )
    reading = dragoman.read(text, published="2024-05-10", fast=True)
    brief = situation_brief(reading.arrow(), "FRA", topics=TOPICS, claims=reading.claims, disputes=reading.disputes)
    told = sections(brief)
    assert told["Predicted"] == ["Predicted by Anna Moreau, to come by 2025-12-31."]
    for sentence in told.get("Disputed", []):
        assert "said by" in sentence
        assert "denied by" in sentence
    assert "Changes are looked for in pairs with 8 dated events or more." in brief.notes


@pytest.mark.parametrize(
    ("name", "said"),
    [("United States", "the United States"), ("The two men", "the two men"), ("South Korea", "South Korea"),
     ("Dominican Republic", "the Dominican Republic"), ("Netherlands", "the Netherlands"), ("Two", "Two")],
)  # fmt: skip
def test_names_within_a_sentence(name: str, said: str) -> None:
    assert within_sentence(name) == said
