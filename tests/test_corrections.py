"""Corrections: dated, undoable, and still there after a text was read again or came in a new version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import dragoman
from dragoman.errors import UsageError
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.records import Claim, Document, Event

TEXT = (
    "Russia sanctioned Iran on 3 May 2024. Iran condemned Russia. "
    "Japan said that China had attacked Taiwan on 4 May 2024. France praised Germany."
)


def document(words: str = TEXT, url: str | None = "https://example.org/1", published: str = "2024-06-01") -> Document:
    return make_document(Extract(words, url=url, publisher="The Paper"), published)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[dragoman.Workspace]:
    with dragoman.create(tmp_path / "ws") as made:
        made.add(document(), fast=True)
        yield made


def one(workspace: dragoman.Workspace, kind: str) -> Event:
    return next(event for event in workspace.events().records() if event.event_type == kind)


def test_reject_and_accept(workspace: dragoman.Workspace) -> None:
    before = workspace.dyads()
    event = one(workspace, "COERCE")
    number = workspace.reject(event.id, user="ana", reason="not so")
    assert event.id not in {e["id"] for e in workspace.events()}
    assert event.id not in workspace.dyads().column("event").to_pylist()
    assert event not in workspace.reading(event.document).events
    workspace.accept(event.id)
    assert event.id in {e["id"] for e in workspace.events()}, "the later decision holds"
    workspace.undo(2)
    assert event.id not in {e["id"] for e in workspace.events()}
    workspace.undo(number)
    assert workspace.dyads().equals(before)
    log = workspace.corrections()
    assert (log[0].kind, log[0].user, log[0].reason, log[0].active) == ("reject", "ana", "not so", False)
    assert len(log) == 4


@pytest.mark.parametrize(
    ("field", "value", "column", "expected"),
    [
        ("event_type", "AID", "event_type", "AID"),
        ("mode", "seize", "mode", "seize"),
        ("factuality", "PS+", "factuality", "PS+"),
        ("intensity", "-3.5", "intensity", -3.5),
        ("actor", "RUS-GOV", "actor", "RUS-GOV"),
        ("recipient", "The Ayatollah", "recipient_name", "The Ayatollah"),
        ("recipient", "", "recipient", None),
        ("start", "2024-05-02", "start", "2024-05-02"),
        ("place", "Tehran", "place", "Tehran"),
    ],
)
def test_set_changes_every_view_and_nothing_stored(
    workspace: dragoman.Workspace, field: str, value: str, column: str, expected: object
) -> None:
    event = one(workspace, "COERCE")
    number = workspace.set(event.id, field, value)
    (row,) = workspace.dyads().filter(pc.field("event") == event.id).to_pylist()
    assert (str(row[column]) if column == "start" else row[column]) == expected
    changed = workspace.record(event.id)
    assert changed != event
    assert isinstance(changed, Event)
    assert changed.trigger == event.trigger
    workspace.undo(number)
    assert workspace.record(event.id) == event


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event_type", "WAR"),
        ("trigger", "x"),
        ("intensity", "11"),
        ("start", "2024-02-31"),
        ("actor", ""),
        ("id", "e9"),
    ],
)
def test_what_cannot_be_set_is_refused(workspace: dragoman.Workspace, field: str, value: str) -> None:
    with pytest.raises(UsageError):
        workspace.set(one(workspace, "COERCE").id, field, value)
    assert workspace.corrections() == []


def test_claims_are_corrected_too(workspace: dragoman.Workspace) -> None:
    claim = workspace.claims(speaker="JPN").records()[0]
    workspace.set(claim.id, "speaker", "JPN-GOV")
    changed = workspace.record(claim.id)
    assert isinstance(changed, Claim)
    assert changed.speaker
    assert changed.speaker.id == "JPN-GOV"
    workspace.reject(claim.id)
    assert claim.id not in {c["id"] for c in workspace.claims()}


def test_merging_actors_and_splitting_them_again_loses_nothing(workspace: dragoman.Workspace) -> None:
    before, claims = workspace.dyads(), workspace.claims().records()
    workspace.merge("JPN", "FRA")
    workspace.merge("FRA", "DEU")
    assert workspace.dyads(actor="JPN").num_rows == workspace.dyads(actor="FRA").num_rows == 0
    assert {c.speaker.id for c in workspace.claims(speaker="DEU").records() if c.speaker} == {"DEU"}
    assert any(a.id == "DEU" for a in workspace.actors(actor="DEU").records())
    with pytest.raises(UsageError, match="already"):
        workspace.merge("DEU", "JPN")
    workspace.split("FRA")
    assert workspace.dyads().equals(before)
    assert workspace.claims().records() == claims
    with pytest.raises(UsageError, match="not merged"):
        workspace.split("FRA")


def test_an_unknown_actor_gets_the_nearest_names(workspace: dragoman.Workspace) -> None:
    with pytest.raises(UsageError, match="did you mean"):
        workspace.merge("RUZ", "IRN")


def test_corrections_survive_a_new_reading_and_follow_into_a_new_version(workspace: dragoman.Workspace) -> None:
    event = one(workspace, "COERCE")
    workspace.reject(event.id)
    workspace.set(one(workspace, "SUPPORT").id, "mode", "praise")
    assert workspace.reread(fast=True) == 1
    assert event.id not in {e["id"] for e in workspace.events()}
    assert one(workspace, "SUPPORT").mode == "praise"
    newer = document("An update. " + TEXT, published="2024-06-02")
    workspace.add(newer, fast=True)
    assert {e["document"] for e in workspace.events()} == {newer.id}
    assert "COERCE" not in {e["event_type"] for e in workspace.events()}
    assert one(workspace, "SUPPORT").mode == "praise"
    workspace.undo(1)
    assert "COERCE" in {e["event_type"] for e in workspace.events()}


def test_what_is_not_there_cannot_be_decided(workspace: dragoman.Workspace) -> None:
    for ask in (workspace.accept, workspace.reject, workspace.record):
        with pytest.raises(UsageError):
            ask("nothing.e1")
    with pytest.raises(UsageError):
        workspace.undo(7)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(("accept", "reject", "set", "merge")), st.integers(0, 3)), max_size=6))
def test_undoing_everything_gives_what_was_read(workspace: dragoman.Workspace, steps: list[tuple[str, int]]) -> None:
    before = workspace.dyads()
    ids = [event["id"] for event in workspace.events()]
    states = ["RUS", "IRN", "FRA", "DEU"]
    made = []
    for kind, which in steps:
        record = ids[which % len(ids)]
        try:
            if kind == "merge":
                made.append(workspace.merge(states[which], states[(which + 1) % 4]))
            elif kind == "set":
                made.append(workspace.set(record, "event_type", "AID"))
            else:
                made.append(workspace.accept(record) if kind == "accept" else workspace.reject(record))
        except UsageError:
            continue  # merged already: nothing was changed
    for number in reversed(made):
        workspace.undo(number)
    assert workspace.dyads().equals(before)
