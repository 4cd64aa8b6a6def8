"""The faster parse is the released parser's parse, and no text changes another's."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman import knowledge
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading import annotate, batch, rowwise
from dragoman.reading.headlines import read_headlines
from dragoman.reading.model import load_parser
from dragoman.reading.normalise import normalise, paragraphs
from dragoman.reading.parse import Parse, parse_many
from dragoman.reading.rowwise import RowwiseProduct
from dragoman.samples import dispatch

ARTICLES = sorted((Path(__file__).parent.parent / "evaluation" / "articles").glob("*.txt"))
TEXTS = [dispatch().read_text(encoding="utf-8"), *(path.read_text(encoding="utf-8") for path in ARTICLES)]
ODD_TEXTS = [
    "There's gonna be trouble. Let's go, y'all! They ain't coming.\n\nHe gets what he got, c'm on.",
    "   \n\n\u200b\n\n Moscow   said  so .",
    "New York City Mayor Eric Adams met the United Nations Security Council",
    "",
    "A",
    "On 3 May 2024, at 10:30 a.m., the Islamic Republic of Iran paid $3.5 million to the Red Cross. It's over.",
]


def released(text: str) -> tuple[list[tuple[object, ...]], list[str]]:
    """What the released pipeline says of a text, token by token, and its names."""
    nlp = load_parser()
    tokens: list[tuple[object, ...]] = []
    names = []
    pieces = read_headlines([normalise(text, start, end) for start, end in paragraphs(text)], knowledge.load())
    for doc in nlp.pipe([piece.text for piece in pieces]):
        kept = [token for token in doc if not token.is_space]
        places = {token.i: number for number, token in enumerate(kept, len(tokens))}
        for token in kept:
            head = token.head
            while head.is_space and head.head.i != head.i:
                head = head.head
            tokens.append((token.text, token.lemma_, token.pos_, token.tag_, token.dep_, token.ent_type_,
                           places.get(head.i, places[token.i])))  # fmt: skip
        names += [f"{ent.label_} {ent.text}" for ent in doc.ents if not all(token.is_space for token in ent)]
    return tokens, names


def test_the_parse_is_that_of_the_released_pipeline() -> None:
    texts = [*TEXTS, *ODD_TEXTS]
    differing = count = 0
    for text, parse in zip(texts, parse_many(texts), strict=True):
        tokens, names = released(text)
        ours = [(t.text, t.lemma, t.pos, t.tag, t.dep, t.ent, t.head) for t in parse.tokens]
        assert len(ours) == len(tokens)
        count += len(tokens)
        differing += sum(mine != theirs for mine, theirs in zip(ours, tokens, strict=True))
        assert abs(len(parse.entities) - len(names)) <= 1
    # Another machine's products differ in their last bits, which decides a tie now and then.
    assert differing <= count / 1000


@pytest.mark.parametrize("independent", [True, False])
def test_a_reading_does_not_depend_on_what_is_read_with_it(independent: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not independent:  # as on a machine whose products mix rows
        monkeypatch.setattr("dragoman.reading.rowwise.rows_are_independent", lambda: False)
        other = annotate.Annotator(load_parser())
        monkeypatch.setattr("dragoman.reading.parse.annotator", lambda: other)
    known = knowledge.load()
    pieces = [part for text in TEXTS for part in text.split("\n\n")[:6]]
    texts = sorted({*TEXTS, *pieces, *(text for text in ODD_TEXTS if text.strip())})
    documents = [make_document(Extract(text, published="2024-11-21")) for text in texts if len(text) > 40]
    alone = {
        one.id: msgspec.json.encode(reading)
        for one in documents
        for reading in batch.read_batch([one], known, fast=True).readings
    }
    random.Random(5).shuffle(documents)
    together = batch.read_batch(documents, known, fast=True)
    assert {reading.document.id: msgspec.json.encode(reading) for reading in together.readings} == alone


def test_a_text_that_cannot_be_parsed_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def poisoned(text: str) -> object:
        if "poison" in text:
            raise ValueError("no paragraph")
        return paragraphs(text)

    monkeypatch.setattr("dragoman.reading.parse.paragraphs", poisoned)
    words = ["Norway met Finland.", "This is poison.", "Russia condemned Japan."]
    documents = [make_document(Extract(f"{word} Officials said so on Monday.")) for word in words]
    done = batch.read_batch(documents, knowledge.load(), fast=True)
    assert [reading.document.id for reading in done.readings] == [documents[0].id, documents[2].id]
    assert "no paragraph" in done.failed[documents[1].id]


@given(st.integers(1, 450), st.integers(1, 200), st.sampled_from([(288, 288), (96, 1024), (64, 74)]))
@settings(max_examples=25, deadline=None)
def test_rows_are_multiplied_each_by_itself(rows: int, step: int, shape: tuple[int, int]) -> None:
    if not rowwise.rows_are_independent():
        pytest.skip("this machine's products mix rows; the parser's own library is used here")
    chance = np.random.default_rng(rows)
    given_rows = chance.normal(size=(rows, shape[0])).astype(np.float32)
    weights = chance.normal(size=(shape[1], shape[0])).astype(np.float32)
    product = RowwiseProduct()
    whole = product(given_rows, weights)
    parts = [product(given_rows[n : n + step], weights) for n in range(0, rows, step)]
    assert np.array_equal(whole, np.concatenate(parts))
    assert np.allclose(whole, given_rows @ weights.T, atol=1e-3)


def test_nothing_parses_to_nothing() -> None:
    (empty,) = parse_many([""])
    assert isinstance(empty, Parse)
    assert (list(empty.tokens), list(empty.sentences), list(empty.entities)) == ([], [], [])
