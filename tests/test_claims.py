import itertools
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import dragoman
from dragoman.intake.text import from_text
from dragoman.knowledge import load
from dragoman.reading.pipeline import read_document
from dragoman.reading.quotations import find_quotations
from dragoman.reading.result import Reading
from dragoman.records import FACTUALITY_VALUES, Claim, Coder, Document

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "claims.yml").read_text(encoding="utf-8"))["cases"]
MARKS = "“”‘’\"'«»„ "


def reading_of(text: str, fast: bool = False) -> Reading:
    document = Document("0" * 64, None, None, None, None, None, "en", text, "text/plain", Coder("test", "0"))
    return read_document(document, load(), fast)


def told(claim: Claim) -> dict[str, object]:
    """What of a claim the cases speak about."""
    return {
        "source": claim.source.quote if claim.source else None,
        "cue": claim.cue.quote if claim.cue else None,
        "content": claim.content.quote.strip(MARKS),
        "act": claim.act,
        "kind": claim.kind,
        "factuality": claim.factuality,
        "phrase": claim.probability.phrase if claim.probability else None,
        "parts": len(claim.parts),
        "prediction": claim.prediction is not None,
        "condition": claim.prediction.condition.quote if claim.prediction and claim.prediction.condition else None,
    }


@pytest.mark.parametrize("fast", [False, True], ids=["trained", "fast"])
@pytest.mark.parametrize("case", CASES, ids=lambda c: c["text"][:40])
def test_finds_the_attributions_of_a_text(case: dict[str, list[dict[str, object]]], fast: bool) -> None:
    text = str(case["text"])
    claims = [told(c) for c in reading_of(text, fast).claims]
    if not case["claims"]:
        assert claims == []
    for wanted in case["claims"]:
        assert any(wanted.items() <= claim.items() for claim in claims), claims


def test_a_floating_quotation_belongs_to_the_last_person_quoted() -> None:
    text = (
        "Maria Okonjo, a historian in Lagos, said the border had never been settled.\n\n"
        "“It is a line on a colonial map,” she said.\n\n"
        "The river runs along it for two hundred miles.\n\n"
        "“Two armies have marched over it since then and nobody has asked the villages.”"
    )
    last = reading_of(text).claims[-1]
    assert last.cue is None
    assert last.speaker is not None
    assert "Okonjo" in last.speaker.name
    assert last.speaker.via == "quotation"


def test_what_is_quoted_inside_a_quotation_has_it_as_parent() -> None:
    claims = reading_of("“The general told us that his men had fled the town,” the mayor said.").claims
    by_cue = {c.cue.quote: c for c in claims if c.cue}
    if "told" in by_cue:
        assert by_cue["told"].parent == by_cue["said"].id
    assert by_cue["said"].parent is None


def test_the_author_predicts_without_a_source() -> None:
    claims = reading_of("The fleet will reach the strait in May unless the canal stays closed.").claims
    assert [(c.source, c.cue, c.speaker) for c in claims if c.prediction] == [(None, None, None)]


HOSTILE = {
    "unbalanced": 'He said "the war is over and nobody listened. "They left," she said. "What now?',
    "four kinds": '«He said “she told me ‘the "army" has left’ yesterday” and smiled», the guard said.',
    "two hundred sentences": "“" + " ".join(f"Convoy {n} reached the town." for n in range(200)) + "” the mayor said.",
    "all quotation": "“We came at dawn. We left at night. The gates were open.”",
    "transcript": "Q: Did the army leave?\n\nA: It left on Monday.\n\nKELLER: We saw the trucks go.",
    "thread": "1/ The convoy left.\n\n2/ RT @desk: “It never arrived,” says the mayor.\n\n3/ More soon.",
    "only marks": "“”“”\"\"''«»",
    "nested reports": "A said that B said that C said that D said that E said that the bridge fell.",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("fast", [False, True], ids=["trained", "fast"])
def test_odd_input_gives_sensible_claims_or_none(text: str, fast: bool) -> None:
    reading = reading_of(text, fast)
    check(reading, text)
    assert len(reading.claims) < 60


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("unbalanced", [("she", "said")]),
        ("four kinds", [("the guard", "said")]),
        ("two hundred sentences", [("the mayor", "said")]),
        ("all quotation", [(None, None)]),
        ("transcript", [("Q", ":"), ("A", ":"), ("KELLER", ":")]),
        ("thread", [("the mayor", "says"), ("RT @desk", ":")]),
        ("only marks", []),
    ],
)
def test_odd_input_has_the_claims_that_a_careful_reader_finds(name: str, said: list[tuple[str | None, str]]) -> None:
    claims = reading_of(HOSTILE[name], fast=True).claims
    assert [(c.source.quote if c.source else None, c.cue.quote if c.cue else None) for c in claims] == said


def test_a_label_before_a_colon_speaks() -> None:
    claims = reading_of("Keller: The trucks have left the base.").claims
    assert [c.source.quote for c in claims if c.source] == ["Keller"]


TRANSCRIPT = (
    "Interview with General Tomas Lind\n\nQ: Was the brigade ordered to move?\n\n"
    "A: It was. I told the minister that we had two days.\n\nMODERATOR: One more question.\n\n"
    "LIND: The truce will not hold."
)


@pytest.mark.parametrize("fast", [False, True], ids=["trained", "fast"])
def test_each_turn_of_a_transcript_has_its_speaker(fast: bool) -> None:
    claims = reading_of(TRANSCRIPT, fast).claims
    turns = [(c.speaker.name, c.act) for c in claims if c.speaker and c.parent is None]
    assert turns == [("Q", "ask"), ("Tomas Lind", "say"), ("MODERATOR", "say"), ("Tomas Lind", "say")]
    told = next(c for c in claims if c.cue and c.cue.quote == "told")
    assert told.speaker is not None
    assert told.speaker.name == "Tomas Lind"


BRIEFING = """---
date: '2024-05-03'
title: Briefing by Spokesperson Ana Keller of the Bordurian Defence Ministry
---

4:10 P.M. \x20
\x20
MS. KELLER:  Good afternoon.  I can tell you that the truce is
holding.  \x20
\x20
We believe that Syldavia fired first.  Chad's forces have left. \x20
\x20
MR. ODA:  Thank you.  Our first question will go to Ben. \x20
\x20
Q    Thank you.  Did Chad attack the convoy? \x20
\x20
MS. KELLER:  I won't speak to that. (Inaudible.) \x20
\x20
Q    Will Niger send more troops?
\x20
MR. ODA:  Thank you, all.

END  4:52 P.M.

Published on Friday by the ministry's press office.
"""


@pytest.mark.parametrize("fast", [False, True], ids=["trained", "fast"])
def test_a_briefing_as_governments_print_it_has_its_turns(fast: bool) -> None:
    claims = reading_of(from_text(BRIEFING).text, fast).claims
    turns = [(c.source.quote, c.act) for c in claims if c.source and c.why.rule.startswith("turn")]
    assert turns == [
        ("MS. KELLER", "say"), ("MR. ODA", "say"), ("Q", "ask"), ("MS. KELLER", "say"), ("Q", "ask"),
        ("MR. ODA", "say"),
    ]  # fmt: skip
    assert claims[0].content.quote.endswith("forces have left.")
    believed = next(c for c in claims if c.cue and c.cue.quote == "believe")
    assert believed.speaker is not None
    assert believed.speaker.span.quote == "We"
    assert believed.parent == claims[0].id
    assert [c.content.quote for c in claims if c.prediction] == []
    assert "END" not in claims[-1].content.quote


@pytest.mark.parametrize("fast", [False, True], ids=["trained", "fast"])
def test_a_statement_given_whole_is_the_announced_speakers(fast: bool) -> None:
    text = (
        "A spokesman of the Bordurian Foreign Ministry made public the following press statement on Tuesday:\n\n"
        "Syldavia has begun a drill near our border.\n\nWe believe that it breaks the truce. The army is ready."
    )
    claims = reading_of(text, fast).claims
    whole = next(c for c in claims if c.why.rule == "announced statement")
    assert whole.speaker is not None
    assert whole.speaker.span.quote.startswith("A spokesman")
    assert whole.content.quote == text[text.index("Syldavia") :]
    believed = next(c for c in claims if c.cue and c.cue.quote == "believe")
    assert believed.parent == whole.id
    assert believed.speaker is not None
    assert believed.speaker.name == whole.speaker.name


@pytest.mark.parametrize(
    "text",
    [
        "The ministry named the following towns:\n\n- Klow\n\n- Szohod",
        "The minister read out a statement.\n\nThe army is ready.",
    ],
)
def test_lists_and_lines_without_a_colon_announce_no_statement(text: str) -> None:
    assert [c for c in reading_of(text, fast=True).claims if c.why.rule == "announced statement"] == []


def test_first_persons_of_a_transcript_are_its_speakers_and_their_state() -> None:
    text = (
        "Foreign Minister Sergey Lavrov of Russia met reporters.\n\nQ: Who came?\n\n"
        "LAVROV: I met Wang Yi on Monday. We have sent troops to Mali. He thanked us.\n\nQ: Anyone else?\n\n"
        "LAVROV: Nobody."
    )
    reading = dragoman.read(text, published="2024-05-03")
    parties = {e.trigger.quote: ([a.id for a in e.actors], [r.id for r in e.recipients]) for e in reading.events}
    assert parties["met"][0] == ["RUS-GOV"]
    assert parties["sent"][0] == ["RUS"]
    assert "RUS-GOV" not in [a.id for e in reading.events if "thank" in e.trigger.quote for a in e.actors]


def test_whom_a_quotation_tells_about_does_not_speak_on() -> None:
    text = (
        "“The summit failed,” said Maria Okonjo, a historian in Lagos. “He decided that talks with Boris Lind had been "
        "useless.”\n\nThe army was not told.\n\n“Nobody had asked the generals about the border.”"
    )
    last = reading_of(text).claims[-1]
    assert last.speaker is not None
    assert last.speaker.name == "Maria Okonjo"


def test_labels_of_a_live_page_are_nobodys_turns() -> None:
    text = "UPDATE: The bridge is closed.\n\nBREAKING: Two trains collided.\n\nUPDATE: The bridge is open."
    assert [c for c in reading_of(text).claims if c.why.rule.startswith("turn")] == []


def test_posts_of_a_thread_are_told_apart() -> None:
    text = (
        "1/ The convoy left at dawn.\n\n2/ Borduria's army claims that it destroyed a depot.\n\n"
        "3/ RT @klow_desk: Nurses say that nine people were admitted."
    )
    speakers = [c.speaker.name for c in reading_of(text).claims if c.speaker]
    assert speakers == ["Borduria's army", "RT @klow_desk", "Nurses"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        # "he" is no group that the parser found nearer
        (
            "Anton Varga dismissed the vote on four banks. “We will answer,” he said. The reserves of the banks had "
            "been moved, he added.",
            "Anton Varga",
        ),
        ("There were two generals who feared that the north would cheat.", "two generals"),
        (
            "A spokeswoman said the chairman was travelling.\n\n“No customer will lose a cent,” she said.",
            "A spokeswoman",
        ),
        # a second mention leaves the first name out
        ("The historian Ilse Brandt led the mission. Prof Brandt said that the talks had failed.", "Ilse Brandt"),
    ],
)
def test_a_pronoun_or_surname_speaks_for_the_person_named_before(text: str, speaker: str) -> None:
    last = reading_of(text).claims[-1]
    assert last.speaker is not None
    assert last.speaker.name == speaker


def check(reading: Reading, text: str) -> None:
    ids = {c.id for c in reading.claims}
    for claim in reading.claims:
        for span in (claim.sentence, claim.content, *claim.parts, *(s for s in (claim.source, claim.cue) if s)):
            assert text[span.start : span.end] == span.quote != ""
        assert claim.parts == tuple(sorted(claim.parts))
        assert claim.parent is None or claim.parent in ids
        assert claim.parent != claim.id
        assert claim.factuality in FACTUALITY_VALUES
        if claim.probability:
            assert 0 <= claim.probability.low <= claim.probability.high <= 1


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from([*(c["text"] for c in CASES), "“", "” ", "\n\n", "he said, ", "‘no’"]), max_size=6))
def test_spans_and_links_hold_and_two_readings_are_equal(pieces: list[str]) -> None:
    text = " ".join(pieces)
    first = reading_of(text)
    check(first, text)
    assert first == reading_of(text)


@given(st.text(alphabet="ab .\n“”\"'«»", max_size=60))
def test_quotations_stay_inside_the_text_and_never_overlap(text: str) -> None:
    found = find_quotations(text, [(0, len(text))])
    assert all(0 <= q.start < q.end <= len(text) for q in found)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))


READ_OUT = """Briefing by Spokesperson Mara Lind of the Ruritanian Foreign Ministry

Q: President Tarkov says he will not come. And Anna Brandt told the BBC that the fleet would sail north. Is that so?

MS. LIND: To quote from Tarkov's statement: "We will sign what our people can accept." That said, we think he will come.

Q: Prime Minister Odra made clear that the port is closed. Thank you for doing this.

MS. LIND: As she put it, "the port sleeps." I cannot confirm that it has closed.
"""


@pytest.mark.parametrize("fast", [False, True], ids=["trained", "fast"])
def test_what_a_transcript_reports_of_others_is_theirs(fast: bool) -> None:
    claims = [c for c in reading_of(READ_OUT, fast).claims if c.parent and c.speaker]
    speakers = {c.content.quote.strip(MARKS + "."): c.speaker.name for c in claims if c.speaker}
    assert "Tarkov" in speakers["he will not come"]
    assert speakers["that the fleet would sail north"] == "Anna Brandt"
    assert "Tarkov" in speakers["We will sign what our people can accept"]
    assert speakers["he will come"] == "Mara Lind"
    assert "thank" not in {c.cue.quote.lower() for c in claims if c.cue}
    foretold = {c.speaker.name.split()[-1] for c in claims if c.prediction and c.speaker}
    assert foretold == {"Tarkov", "Brandt", "Lind"}
    if not fast:
        assert "Odra" in speakers["that the port is closed"]
        assert speakers["that it has closed"] == "Mara Lind"
        assert next(c for c in claims if c.content.quote == "that it has closed").factuality == "Uu"


def test_a_quotation_left_over_beside_a_reported_one_is_kept() -> None:
    text = (
        "“The road is shut,” said Maria Okonjo, a historian in Lagos.\n\n"
        "For now, “the towns have traded in secret,” but the elders want to be rid of “the men from the capital”."
    )
    assert any("traded in secret" in c.content.quote and c.speaker for c in reading_of(text).claims)
