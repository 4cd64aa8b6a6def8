"""Offsets are exact for any Unicode, and normalising changes what the parser sees, never what is stored."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.reading.normalise import normalise, paragraphs
from dragoman.reading.parse import parse

ODD = "“”‘’«»—–-…[. . .]\u00ad\u200b\u202e\u00a0\u3000\n\r\t 🇰🇵🇷🇺é\u0301ñß\U0001d4ea ab.\"'"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=120) | st.text(alphabet=ODD, max_size=80))
@settings(max_examples=300, deadline=None)
def test_normalised_text_maps_back_in_order(text: str) -> None:
    for start, end in paragraphs(text):
        piece = normalise(text, start, end)
        before = start
        for i in range(len(piece.text)):
            left, right = piece.stored(i, i + 1)
            assert start <= left < right <= end
            assert left >= before or piece.text[i] in " –"
            before = left


@given(st.text(alphabet=ODD + "Kim said no.", max_size=60))
@settings(max_examples=40, deadline=None)
def test_token_spans_are_the_stored_text(text: str) -> None:
    parsed = parse(text)
    for token in parsed.tokens:
        span = parsed.span(token.i, token.i + 1)
        assert text[span.start : span.end] == span.quote
        assert span.quote
    covered = {i for sentence in parsed.sentences for i in sentence}
    assert covered == set(range(len(parsed.tokens)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("“They left,” he said. “Nobody came.”", 2),
        ("The talks [. . .] were useful. They ended.", 2),
        ("One line\n\nAnother line", 2),
        ("A wrapped line of prose that goes on and on to the\nnext line without any stop and then\nends here in the "
         "third line of it\nwith a fourth.", 1),
    ],
)  # fmt: skip
def test_sentences(text: str, sentences: int) -> None:
    assert len(parse(text).sentences) == sentences


def test_omissions_and_dashes_do_not_break_the_parse() -> None:
    parsed = parse("A meeting in Brussels [. . .] was useful—very useful.")
    assert [t.text for t in parsed.tokens] == [
        "A", "meeting", "in", "Brussels", "was", "useful", "–", "very", "useful", ".",
    ]  # fmt: skip


def test_heads_and_children_agree() -> None:
    parsed = parse("The minister, who had refused, left. He will not return.")
    for token in parsed.tokens:
        assert parsed.tokens[token.head].sent == token.sent
        if token.head != token.i:
            assert token.i in parsed.tokens[token.head].children


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("They con-\ndemned it.", "They condemned it ."),
        ("The gov\u00ad\nern\u00adment fell.", "The government fell ."),
        ("> Soldiers in-\r\n> vaded the north.", "Soldiers invaded the north ."),
        ("Vene\u2010\nzuela agreed.", "Venezuela agreed ."),
        ("A long-\nrange missile flew.", "A long - range missile flew ."),
        ("A pro-\nRussian party won.", "A pro - Russian party won ."),
        ("Kim Jong-\nun spoke.", "Kim Jong - un spoke ."),
        ("A well-\nknown envoy left.", "A well - known envoy left ."),
        ("It said -\nfalsely - that.", "It said - falsely - that ."),
        ("In 2019-\n2020 they met.", "In 2019 - 2020 they met ."),
    ],
)
def test_a_word_that_a_line_end_parts_is_one_word_with_its_place_in_the_text(text: str, words: str) -> None:
    parsed = parse(text)
    assert " ".join(token.text for token in parsed.tokens) == words
    assert all(text[t.start] == t.text[0] and text[t.end - 1] == t.text[-1] for t in parsed.tokens if t.text.isalpha())
