"""Events in memory: the same rows, counts and pages as the workspace's own queries give."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

import dragoman
from dragoman.samples import korea
from dragoman.tables import DYADS
from dragoman.web.event_columns import EventColumns
from dragoman.workspace.filters import Filter
from dragoman.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The sample texts, and imported rows that lack what may be lacking."""
    with dragoman.create(tmp_path_factory.mktemp("columns") / "ws") as one:
        assert one.add(korea(), fast=True).failed == 0
        one.import_events([odd_rows()], origin="made up")
        yield one


@pytest.fixture(scope="module")
def columns(workspace: Workspace) -> EventColumns:
    return EventColumns(workspace.dyads())


def odd_rows() -> pa.Table:
    day = dt.date(2021, 5, 3)
    rows: list[dict[str, Any]] = [
        {"event": "o1", "actor": "NZL", "actor_name": "New Zealand", "recipient": None, "recipient_name": None},
        {"event": "o2", "actor": None, "actor_name": "The Élan Front", "recipient": "NZL-MIL", "start": day},
        {"event": "o3", "actor": None, "actor_name": None, "recipient": "NZL", "published": day},
        {"event": "o4", "actor": "NZL", "recipient": "PER", "end": day, "contexts": ["trade", "refugees"]},
        {"event": "o4", "actor": "NZL", "recipient": "CHL", "end": day, "contexts": ["trade", "refugees"]},
        {"event": "o5", "actor": "NZL", "recipient": "PER", "start": dt.date(2020, 1, 1), "end": dt.date(2020, 12, 31),
         "event_type": "AID", "quad_class": 2, "intensity": 7.0, "place": "Lima", "lat": -12.0, "lon": -77.0,
         "country": "PER", "mode": "economic", "speaker": "Élan", "publisher": "The Ünion"},
    ]  # fmt: skip
    return pa.Table.from_pylist([{**row, "origin": "made up"} for row in rows], schema=DYADS)


CONDITIONS: list[dict[str, Any]] = [
    {}, {"actor": "PRK"}, {"actor": "north korea"}, {"actor": "the élan front"}, {"recipient": "KOR"},
    {"either": "NZL"}, {"actor": "PRK", "recipient": "USA"}, {"since": "2020"}, {"until": "2019-06"},
    {"since": "2020-06", "until": "2021-05"}, {"event_type": ["ACCUSE", "AID"]}, {"event_type": "THREATEN"},
    {"factuality": "CT+"}, {"factuality": ["PR+", "CT-"]}, {"quad_class": 2}, {"context": "refugees"},
    {"mode": "economic"}, {"speaker": "élan"}, {"publisher": "the ünion"}, {"publisher": "pacific courier"},
    {"place": "lima"}, {"place": "PER"}, {"origin": "made up"}, {"document": "0"}, {"document": "nothing"},
    {"story": "no such story"},
]  # fmt: skip


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_conditions_hold_as_in_the_file(workspace: Workspace, columns: EventColumns, condition: dict[str, Any]) -> None:
    filters = Filter(**condition)
    mask = columns.where(filters)
    assert columns.rows(mask).select(DYADS.names).equals(workspace.dyads(filters).combine_chunks())
    total, rows = columns.page(mask, 10_000, 0)
    asked, listed = workspace.pages.events(filters, 10_000)
    assert total == asked
    assert [row["event"] for row in rows] == [row["event"] for row in listed]
    assert sorted(map(repr, rows)) == sorted(map(repr, listed))


def test_most_conditions_leave_something(columns: EventColumns) -> None:
    left = [int(columns.where(Filter(**condition)).sum()) for condition in CONDITIONS]
    assert sum(count > 0 for count in left) >= len(CONDITIONS) - 5


def test_pages_follow_one_another_without_gap_or_repeat(columns: EventColumns) -> None:
    everything = columns.where(Filter())
    total, whole = columns.page(everything, 10_000, 0)
    parts = [row for offset in range(0, total, 7) for row in columns.page(everything, 7, offset)[1]]
    assert [(row["event"], row["recipient"]) for row in parts] == [(row["event"], row["recipient"]) for row in whole]
    days = [row["end"] or row["start"] or row["published"] or dt.date.min for row in whole]
    assert days == sorted(days, reverse=True)
    assert columns.page(everything, 7, total + 5) == (total, [])
    assert columns.page(columns.where(Filter(actor="NOBODY")), 7, 0) == (0, [])


def test_an_event_counts_once_in_each_group(columns: EventColumns) -> None:
    rows = np.flatnonzero(columns.where(Filter(origin="made up")))
    one_group = np.zeros(len(rows), dtype=np.int64)
    assert columns.events(rows, one_group, 1).tolist() == [5]
    assert columns.weights(rows, one_group, 1).sum() == 5
    each = np.arange(len(rows))
    assert columns.weights(rows, each, len(rows)).tolist() == [1.0] * len(rows)


def test_nothing_is_no_trouble() -> None:
    columns = EventColumns(DYADS.empty_table())
    mask = columns.where(Filter(actor="PRK", since="2020", place="Lima", context="trade"))
    assert columns.page(mask, 10, 0) == (0, [])
    assert columns.pairs == ([], columns.pairs[1])
    assert columns.spots[0] == []
