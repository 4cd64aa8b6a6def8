"""Series and change points of pairs: counting, dates, uncertainty, breaks and what made them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.analysis.change_points import breaks, change_points, change_table
from dragoman.analysis.pair_scan import scan_pairs
from dragoman.analysis.periods import STEPS, Step, period_label, period_numbers, period_starts
from dragoman.analysis.relation_series import poisson_interval, relation_series
from dragoman.analysis.selection import Selection
from dragoman.errors import AnalysisError, DragomanError, UsageError
from dragoman.tables import DYADS
from relation_events import crisis, events, pair


def column(table: pa.Table, name: str) -> list[Any]:
    values: list[Any] = table[name].to_pylist()
    return values


def test_empty_periods_are_kept_and_say_nothing_of_tone() -> None:
    table = relation_series(events(pair("2020-01-05", -5), pair("2020-03-09", 3)), "RUR", "SYL").table
    assert column(table, "period") == [dt.date(2020, 1, 1), dt.date(2020, 2, 1), dt.date(2020, 3, 1)]
    assert column(table, "events") == [1, 0, 1]
    assert column(table, "hostility") == [5, 0, 0]
    assert column(table, "cooperation") == [0, 0, 3]
    assert column(table, "tone") == [-5, None, 3]
    assert column(table, "consult") == [1, 0, 1]


@pytest.mark.parametrize(("counting", "count"), [("record", 4), ("story", 2), ("publisher", 3)])
def test_what_counts_once(counting: Any, count: float) -> None:
    told = events(
        pair("2020-01-05", publisher="Morning Post", story="s1"), pair("2020-01-05", publisher="Herald", story="s1"),
        pair("2020-01-05", publisher="Herald", story="s1"), pair("2020-01-09", publisher="Herald", story="s2"),
    )  # fmt: skip
    series = relation_series(told, "RUR", "SYL", counting=counting)
    assert column(series.table, "events") == [pytest.approx(count)]


def test_an_event_of_a_bloc_counts_once() -> None:
    told = events(
        pair("2020-01-05", event="e"), {"actor": "BOR", "recipient": "SYL", "start": "2020-01-05", "event": "e"}
    )
    assert column(relation_series(told, "RUR+BOR", "SYL").table, "events") == [pytest.approx(1)]


def test_direction_and_sectors() -> None:
    told = events(pair("2020-01-05"), {"actor": "SYL-MIL", "recipient": "RUR-GOV", "start": "2020-01-06"})
    assert column(relation_series(told, "RUR", "SYL").table, "events") == [2]
    assert column(relation_series(told, "SYL", "RUR", directed=True).table, "events") == [1]
    assert column(relation_series(told, "SYL-MIL", "RUR").table, "events") == [1]


@pytest.mark.parametrize(
    ("reality", "count"), [("happened", 1), ("possible", 1), ("denied", 1), ("threatened", 0), ("all", 3)]
)
def test_factuality_is_chosen(reality: Any, count: int) -> None:
    told = events(pair("2020-01-05"), pair("2020-01-05", factuality="PS+"), pair("2020-01-05", factuality="CT-"))
    if count == 0:
        with pytest.raises(AnalysisError, match="no event between"):
            relation_series(told, "RUR", "SYL", selection=Selection(reality=reality))
    else:
        series = relation_series(told, "RUR", "SYL", selection=Selection(reality=reality))
        assert column(series.table, "events") == [count]


def test_only_what_one_source_says() -> None:
    told = events(pair("2020-01-05", speaker="SYL"), pair("2020-01-06"))
    assert column(relation_series(told, "RUR", "SYL", selection=Selection(speaker="SYL")).table, "events") == [1]


def test_an_event_of_the_year_is_not_heaped_up_in_january() -> None:
    told = events(pair("2020-01-01", end="2020-12-31"), pair("2020-05-02"), {**pair("2020-05-03"), "start": None})
    series = relation_series(told, "RUR", "SYL")
    assert column(series.table, "events") == [1]
    assert len(series.notes) == 2
    assert "exactly" in series.notes[1]
    assert column(relation_series(told, "RUR", "SYL", by="year").table, "events") == [2]


def test_attention_has_the_world_and_the_pair_beside_it() -> None:
    told = events(pair("2020-01-05"), {"actor": "RUR", "recipient": "BOR", "start": "2020-01-07"},
                  {"actor": "BOR", "recipient": "ZUB", "start": "2020-01-07"})  # fmt: skip
    [row] = relation_series(told, "RUR", "SYL").table.to_pylist()
    assert row["world"] == 3
    assert row["of_world"] == pytest.approx(1 / 3)
    assert row["of_actors"] == pytest.approx(1 / 2)


def test_few_events_have_wide_intervals() -> None:
    rows = [pair(f"2020-01-{day:02d}", float(day % 5)) for day in range(1, 29)] + [pair("2020-02-03", 2.0)]
    table = relation_series(events(*rows), "RUR", "SYL").table
    many, one = ((b - a) for a, b in zip(column(table, "tone_low"), column(table, "tone_high"), strict=True))
    assert one > 4 * many
    low, high = poisson_interval(np.array([0.0, 10.0]))
    assert low.tolist() == [0.0, pytest.approx(4.795, abs=1e-3)]
    assert high.tolist() == [pytest.approx(3.689, abs=1e-3), pytest.approx(18.390, abs=1e-3)]


@pytest.mark.parametrize(
    ("a", "b", "selection", "kind", "words"),
    [
        ("RUR", "RUR", {}, UsageError, "same"),
        ("RURR", "SYL", {}, UsageError, "nearest: RUR"),
        ("RUR", "BOR", {}, AnalysisError, "no event between"),
        ("RUR", "SYL", {"since": dt.date(2021, 1, 1), "until": dt.date(2020, 1, 1)}, UsageError, "later than"),
        ("RUR", "SYL", {"since": dt.date(2030, 1, 1)}, AnalysisError, "no event between"),
    ],
)
def test_bad_questions_get_a_clear_answer(
    a: str, b: str, selection: dict[str, Any], kind: type[DragomanError], words: str
) -> None:
    told = events(pair("2020-01-05"), {"actor": "BOR", "recipient": "SYL", "start": "2020-01-05"})
    with pytest.raises(kind, match=words) as caught:
        relation_series(told, a, b, selection=Selection(**selection))
    assert "\n" not in str(caught.value)


def test_no_events_at_all() -> None:
    with pytest.raises(AnalysisError, match="no events"):
        relation_series(DYADS.empty_table(), "RUR", "SYL")


def test_one_event_and_one_day_have_no_changes() -> None:
    assert change_points(relation_series(events(pair("2020-01-05")), "RUR", "SYL")) == ()
    same = events(*[pair("2020-01-05", -5.0) for _ in range(30)])
    assert change_points(relation_series(same, "RUR", "SYL", by="day")) == ()


def test_a_crisis_is_found_with_its_events() -> None:
    points = change_points(relation_series(crisis(), "RUR", "SYL"))
    assert [(point.at, point.grade) for point in points] == [
        (dt.date(2017, 7, 1), "clear"),
        (dt.date(2017, 12, 1), "clear"),
    ]
    assert all(point.stability > 0.9 for point in points)
    first = points[0]
    assert first.before < 10 < 100 < first.after
    assert all(cause.day >= first.at and cause.intensity == -8.0 and cause.quote for cause in first.causes)
    assert all(cause.day < points[1].at for cause in points[1].causes)
    assert change_table(points)["events"].to_pylist()[0] == [cause.event for cause in first.causes]
    assert points == change_points(relation_series(crisis(), "RUR", "SYL"))


def test_shuffled_months_rarely_break() -> None:
    random = np.random.default_rng(0)
    signal = random.poisson(3, 132).astype(float)
    found = sum(bool(breaks(random.permutation(signal), 3.5)) for _ in range(200))
    assert found <= 24  # 6 of 100 are expected


def test_unknown_measure() -> None:
    with pytest.raises(UsageError, match="measures are"):
        change_points(relation_series(crisis(), "RUR", "SYL"), "warmth")  # type: ignore[arg-type]  # on purpose


def test_all_pairs_agree_with_one_pair() -> None:
    table = pa.concat_tables([crisis(), events({"actor": "BOR-GOV", "recipient": "SYL", "start": "2016-01-01"})])
    scan = scan_pairs(table)
    assert scan.pairs == (("BOR", "SYL"), ("RUR", "SYL"))
    series = relation_series(table, "RUR", "SYL")
    assert scan.matrix[1].tolist() == pytest.approx(column(series.table, "hostility"))
    rows, points = scan.changes.to_pylist(), change_points(series)
    assert [(row["at"], row["grade"]) for row in rows] == [(point.at, point.grade) for point in points]
    assert [row["after"] for row in rows] == pytest.approx([point.after for point in points])


@given(st.dates(dt.date(1800, 1, 1), dt.date(2200, 1, 1)), st.sampled_from(STEPS))
def test_a_day_lies_in_its_period(day: dt.date, step: Step) -> None:
    number = period_numbers(np.array([day], dtype="datetime64[D]"), step)
    first, after = (period_starts(number + k, step)[0].item() for k in (0, 1))
    assert first <= day < after
    assert period_label(first, step).startswith(str(first.year)) or step == "week"
