"""Text in, events out: voices, nominal events, light verbs, intentions; and what is no event."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman import read
from dragoman.formats.jsonl import encode_line
from dragoman.records import EVENT_TYPES, QUAD_CLASSES, ActorRef

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "events.yml").read_text(encoding="utf-8"))


def named(refs: tuple[ActorRef, ...], wanted: str | None) -> bool:
    if wanted is None:
        return not refs
    return any(ref.id == wanted or wanted.lower() in ref.span.quote.lower() for ref in refs)


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: c["text"][:60])
def test_who_did_what_to_whom(case: dict[str, Any]) -> None:
    actor, kind, recipient = case["event"]
    events = [e for e in read(case["text"], published="2024-06-01", fast=True).events if e.event_type == kind]
    assert any(
        (named(e.actors, actor) and named(e.recipients, recipient))
        or (kind in ("CONSULT", "AGREE", "COOPERATE") and named(e.actors, recipient) and named(e.recipients, actor))
        for e in events
    )


@pytest.mark.parametrize("case", CASES["headlines"], ids=lambda c: c["text"].split("\n")[0])
def test_headlines_are_read_as_what_they_stand_for(case: dict[str, Any]) -> None:
    reading = read(case["text"], published="2024-06-01", fast=True)
    events = [e for e in reading.events if e.trigger.start < len(case["text"].split("\n")[0])]
    assert [e.event_type for e in events] == [kind for _, kind, _ in case["events"]]
    for event, (actor, _, recipient) in zip(events, case["events"], strict=True):
        assert named(event.actors, actor)
        assert named(event.recipients, recipient)
        for ref in (*event.actors, *event.recipients):
            assert reading.document.text[ref.span.start : ref.span.end] == ref.span.quote


@pytest.mark.parametrize("case", CASES["factuality"], ids=lambda c: c["text"])
def test_how_surely(case: dict[str, Any]) -> None:
    [event] = read(case["text"], published="2024-06-01", fast=True).events
    assert event.factuality == case["value"]


@pytest.mark.parametrize("text", CASES["nothing"])
def test_a_statement_is_no_event(text: str) -> None:
    assert read(text, fast=True).events == ()


@pytest.mark.parametrize("case", CASES["quantities"], ids=lambda c: c["text"])
def test_quantities(case: dict[str, Any]) -> None:
    [event] = read(case["text"], fast=True).events
    [quantity] = event.quantities
    assert (quantity.value, quantity.low, quantity.high, quantity.unit) == tuple(
        pytest.approx(case[k]) if isinstance(case[k], int) else case[k] for k in ("value", "low", "high", "unit")
    )


def test_records_are_whole() -> None:
    reading = read(
        "Ethiopia bombed Eritrea on 3 May 2024 in Asmara. “We had to,” the Ethiopian minister said.", fast=True
    )
    for event in reading.events:
        assert event.event_type in EVENT_TYPES
        assert event.quad_class == QUAD_CLASSES[event.event_type]
        assert -10 <= event.intensity <= 10
        assert event.why.rule
        assert event.sentence.start <= event.trigger.start < event.trigger.end <= event.sentence.end


@given(st.lists(st.sampled_from([c["text"] for c in CASES["cases"]]), min_size=1, max_size=4))
@settings(max_examples=12, deadline=None)
def test_the_same_text_gives_the_same_bytes(sentences: list[str]) -> None:
    text = " ".join(sentences)
    first, second = (b"".join(encode_line(r) for r in read(text, published="2024-06-01", fast=True)) for _ in range(2))
    assert first == second
