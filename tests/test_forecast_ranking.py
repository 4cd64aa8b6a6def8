"""Ranked next events, on a history whose rules are known."""

from __future__ import annotations

import datetime as dt
import functools
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dragoman.analysis.forecast_facts import Facts
from dragoman.analysis.forecast_features import FAMILIES, FEATURES, candidates, candidates_by_day
from dragoman.analysis.forecast_history import DECAYS, FactHistory
from dragoman.analysis.forecast_next import NEXT_EVENTS, rank_next
from dragoman.analysis.forecast_ranking import crude_ranks, filtered_ranks, learned_order, learned_ranks
from dragoman.analysis.forecast_recurrence import simple_ranks
from dragoman.analysis.forecast_scorer import Scorer, families_speaking
from dragoman.cli.app import app, register
from dragoman.errors import AnalysisError, UnreadableInput, UsageError
from dragoman.scoring import forecast
from relation_events import events

register()

CONSULT, THREATEN, REJECT, AID = range(4)
TYPES = ("CONSULT", "THREATEN", "REJECT", "AID")
ORIGIN = dt.date(2021, 1, 1)
ACTORS = [f"S{number:02d}" for number in range(30)]
DAYS = 160
STOP = 120
"""On this day actor 0 leaves its partner 1 for actor 2."""


@functools.cache
def made() -> np.ndarray:
    """Rows of (subject, relation, object, day).

    Actor 0 consults 1 daily until ``STOP``, then 2. Each day four others threaten somebody whom they draw anew; the
    threatened rejects it on the next day. Actors 20 to 29 give aid to favourites of their own, and now and then to
    anybody.
    """
    random = np.random.default_rng(3)
    rows = []
    for day in range(DAYS):
        rows.append((0, CONSULT, 1 if day < STOP else 2, day))
        for subject in random.choice(np.arange(3, 20), 4, replace=False):
            other = 3 + (subject - 3 + int(random.integers(1, 17))) % 17
            rows += [(subject, THREATEN, other, day), (other, REJECT, subject, day + 1)]
        for subject in range(20, 30):
            favourite = 20 + (subject + 1 + day % 2) % 10
            rows.append((subject, AID, favourite if random.random() < 0.8 else int(random.integers(3, 20)), day))
    return np.array([row for row in rows if row[3] < DAYS])


def graph(rows: np.ndarray | None = None) -> Facts:
    return Facts(made() if rows is None else rows, len(ACTORS), len(TYPES)).both_directions()


@functools.cache
def learned() -> Scorer:
    return learned_order(graph(), STOP + 10)


def table(rows: np.ndarray | None = None) -> pa.Table:
    return events(
        *(
            {
                "actor": ACTORS[s],
                "event_type": TYPES[r],
                "recipient": ACTORS[o],
                "start": (ORIGIN + dt.timedelta(days=int(t))).isoformat(),
            }
            for s, r, o, t in (made() if rows is None else rows)
        )
    )


def on(day: int) -> dt.date:
    return ORIGIN + dt.timedelta(days=day)


def poisoned(day: int) -> np.ndarray:
    """The same history up to ``day``; from then on everybody does something else."""
    rows = made().copy()
    later = rows[:, 3] >= day
    rows[later, 0], rows[later, 2] = rows[later, 2], rows[later, 0]
    rows[later, 1] = (rows[later, 1] + 1) % len(TYPES)
    return rows


def test_a_fact_counts_once_a_day_and_stands_in_both_directions() -> None:
    facts = Facts(np.array([[0, 1, 2, 5], [0, 1, 2, 5], [2, 0, 1, 3]]), 3, 2)
    assert facts.rows.tolist() == [[2, 0, 1, 3], [0, 1, 2, 5]]
    assert facts.both_directions().rows.tolist() == [[1, 2, 2, 3], [2, 0, 1, 3], [0, 1, 2, 5], [2, 3, 0, 5]]


def test_more_actors_than_can_be_numbered_are_refused() -> None:
    with pytest.raises(AnalysisError, match="too many to rank"):
        Facts(np.zeros((1, 4)), 2**40, 10)


def test_counts_decay_with_age() -> None:
    facts = Facts(np.array([[0, 0, 1, 0], [0, 0, 1, 4], [1, 1, 0, 4]]), 2, 2)
    history = FactHistory(facts)
    history.begin(10)
    place, known = facts.groups.find(np.array([(0 * 2 + 1) * 2 + 0]), facts.groups.triple_keys)
    assert known.all()
    for constant, counts in zip(DECAYS, history.triple, strict=True):
        assert counts[place[0]] == pytest.approx(np.exp(-10 / constant) + np.exp(-6 / constant))
    assert history.triple_last[place[0]] == 4


def test_what_follows_what_between_two_is_learned() -> None:
    facts = graph()
    history = FactHistory(facts)
    history.begin(DAYS)
    threatened_by = THREATEN + len(TYPES)
    confidence = history.rule_confidence(0)[threatened_by]
    assert np.argmax(confidence) == REJECT


@pytest.mark.parametrize(
    ("scores", "question", "entity", "ranks"),
    [
        ([[3.0, 2.0, 1.0]], [0], [1], [2.0]),
        ([[2.0, 2.0, 1.0]], [0], [1], [1.5]),  # a tie takes the mean rank
        ([[0.0, 0.0, 0.0]], [0], [2], [2.0]),
        ([[3.0, 2.0, 1.0]], [0, 0], [0, 2], [1.0, 2.0]),  # the other true object is left out
        ([[3.0, 3.0, 3.0]], [0, 0], [0, 1], [1.5, 1.5]),
    ],
)
def test_ranks(scores: list[list[float]], question: list[int], entity: list[int], ranks: list[float]) -> None:
    assert filtered_ranks(np.array(scores), np.array(question), np.array(entity)).tolist() == ranks


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=4), st.data())
def test_ranks_equal_those_counted_one_by_one(values: list[list[int]], data: st.DataObject) -> None:
    pairs = st.tuples(st.integers(0, len(values) - 1), st.integers(0, 4))
    true = sorted(data.draw(st.sets(pairs, min_size=1)))
    scores = np.array(values, dtype=float)
    found = filtered_ranks(scores, np.array([q for q, _ in true]), np.array([e for _, e in true]))
    for (question, entity), rank in zip(true, found, strict=True):
        rivals = [scores[question, e] for e in range(5) if e != entity and (question, e) not in true]
        better = sum(value > scores[question, entity] for value in rivals)
        equal = sum(value == scores[question, entity] for value in rivals)
        assert rank == 1 + better + equal / 2


def test_features_are_named_and_finite() -> None:
    days = list(candidates_by_day(graph(), range(1, 30), limit=10))
    assert len(days) == 29
    for day in days:
        assert day.features.shape == (len(day.queries), 10, len(FEATURES))
        assert np.isfinite(day.features).all()
        assert (day.features >= 0).all()


def test_features_say_what_was_seen() -> None:
    history = FactHistory(graph())
    history.begin(10)
    day = candidates(history, np.array([[0, CONSULT]]))
    values = dict(zip(FEATURES, day.features[0, day.entity[0] == 1][0].tolist(), strict=True))
    assert values["fact_inf"] == values["pair_inf"] == values["target_inf"] == 10
    assert values["fact_last"] == 1
    assert values["pair_known"] == 1
    assert values["fact_3"] == pytest.approx(sum(np.exp(-age / 3) for age in range(1, 11)))


def test_the_learned_order_beats_the_simple_ones() -> None:
    facts, days = graph(), range(STOP + 10, DAYS)
    ranks = learned_ranks(learned(), facts, days)
    simple = simple_ranks(facts, days)
    best = max(np.mean(1 / others) for others in simple.values())
    assert len(ranks) == len(simple["recurrency"]) == len(crude_ranks(facts, days))
    assert np.mean(1 / ranks) > best + 0.05
    assert np.mean(1 / simple["recurrency"]) >= np.mean(1 / simple["strict_recurrency"])


def test_replies_are_expected_of_those_who_were_threatened() -> None:
    facts, days = graph(), range(STOP + 10, DAYS)
    ranks = learned_ranks(learned(), facts, days)
    asked = np.concatenate([facts.relation[facts.during(day)] for day in days])
    assert np.mean(ranks[asked == REJECT] == 1) > 0.9


def test_ranks_do_not_look_ahead() -> None:
    start = STOP + 10
    bad = graph(poisoned(start + 1))
    good = graph()
    scorers = [learned(), learned_order(bad, start)]
    one, other = (
        learned_ranks(scorer, facts, range(start, start + 1))
        for scorer, facts in zip(scorers, (good, bad), strict=True)
    )
    assert np.array_equal(one, other)
    later = [learned_ranks(scorers[0], facts, range(start + 1, start + 2)) for facts in (good, bad)]
    assert later[0].tolist() != later[1].tolist()  # the poison is poison


def test_many_questions_in_parts_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    facts, days = graph(), range(STOP, STOP + 3)
    whole = crude_ranks(facts, days)
    monkeypatch.setattr("dragoman.analysis.forecast_features._WIDEST", 7 * facts.entities)
    assert np.array_equal(crude_ranks(facts, days), whole)


def test_next_events_of_an_actor() -> None:
    ranked = rank_next(table(), at=on(STOP - 10), actor="S00")
    assert ranked.schema == NEXT_EVENTS
    first = ranked.to_pylist()[0]
    assert (first["event_type"], first["recipient"], first["basis"]) == ("CONSULT", "S01", "learned")
    assert first["last_seen"] == on(STOP - 11)
    assert first["evidence"]
    assert set(first["evidence"]) <= set(FAMILIES)
    assert first["score"] > 0.9


def test_a_partner_that_stopped_falls_behind() -> None:
    ranked = rank_next(table(), at=on(STOP + 15), actor="S00").to_pylist()
    place = {row["recipient"]: number for number, row in enumerate(ranked)}
    assert place["S02"] < place["S01"]


def test_a_reply_is_expected_before_it_comes() -> None:
    at = on(DAYS - 1)
    day = made()[made()[:, 3] == DAYS - 2]
    subject, _, other, _ = day[day[:, 1] == THREATEN][0]
    ranked = rank_next(table(), at=at, actor=ACTORS[other], event_type="REJECT").to_pylist()
    row = next(row for row in ranked[:2] if row["recipient"] == ACTORS[subject])
    assert "rules" in row["evidence"] or "contact" in row["evidence"]
    assert row["last_contact"] == on(DAYS - 2)


def test_what_the_families_say_adds_up_to_the_share() -> None:
    facts = graph()
    scorer = learned()
    day = next(iter(candidates_by_day(facts, range(STOP, STOP + 1))))
    features, relation = day.features, day.queries[:, 1]
    scores = scorer.score(features, relation).astype(np.float64)
    share = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    total = np.sum(list(families_speaking(scorer, features, relation).values()), axis=0)
    assert np.allclose(total, np.log(share * features.shape[1]), atol=1e-3)


def test_next_events_of_everybody() -> None:
    ranked = rank_next(table(), at=on(100), limit=50)
    scores = ranked["score"].to_pylist()
    assert ranked.num_rows == 50
    assert scores == sorted(scores, reverse=True)
    assert sum(scores) <= 1 + 1e-9
    assert pc.all(pc.not_equal(ranked["actor"], ranked["recipient"])).as_py()


def test_the_future_changes_nothing() -> None:
    at = STOP - 20
    assert rank_next(table(), at=on(at), limit=100).equals(rank_next(table(poisoned(at)), at=on(at), limit=100))


def test_what_was_published_later_is_not_known() -> None:
    rows = [{"actor": "A", "recipient": "B", "start": f"2020-01-{day:02d}"} for day in range(1, 9)]
    late = {"actor": "A", "recipient": "C", "start": "2020-01-08", "published": dt.date(2020, 2, 1)}
    at = dt.date(2020, 1, 20)
    assert "C" not in rank_next(events(*rows, late), at=at, actor="A")["recipient"].to_pylist()
    assert "C" in rank_next(events(*rows, late), at=dt.date(2020, 2, 2), actor="A")["recipient"].to_pylist()


def test_few_events_are_ranked_by_counts_and_say_so() -> None:
    rows = [{"actor": "A", "recipient": "BBC"[day % 3], "start": f"2020-01-{day + 1:02d}"} for day in range(9)]
    ranked = rank_next(events(*rows), at=dt.date(2020, 1, 10), actor="A").to_pylist()
    assert [row["recipient"] for row in ranked] == ["B", "C"]
    assert {row["basis"] for row in ranked} == {"counts"}
    assert ranked[0]["last_seen"] == dt.date(2020, 1, 8)


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"actor": "S99"}, UsageError, "no event names 'S99'"),
        ({"event_type": "DANCE"}, UsageError, "there is no event type 'DANCE'"),
        ({"at": on(0)}, AnalysisError, "choose a later day"),
        ({"actor": "S00", "event_type": "AID"}, AnalysisError, "did nothing of type AID"),
    ],
)
def test_what_cannot_be_answered(asked: dict[str, object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as raised:
        rank_next(table(), **{"at": on(100), **asked})  # type: ignore[arg-type]  # the cases differ in their types
    assert "\n" not in str(raised.value)


def written(folder: Path, rows: np.ndarray, step: int = 24) -> Path:
    parts = {"train": rows[:, 3] < 110, "valid": (rows[:, 3] >= 110) & (rows[:, 3] < 130), "test": rows[:, 3] >= 130}
    for name, part in parts.items():
        lines = ["\t".join(map(str, (s, r, o, t * step, -1))) for s, r, o, t in rows[part]]
        (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_the_task_prints_its_figures_and_the_protocol(tmp_path: Path) -> None:
    folder = written(tmp_path, made())
    result = CliRunner().invoke(app, ["evaluate", "forecast", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout.splitlines()[-1])
    assert figures["queries"] == 2 * int((made()[:, 3] >= 130).sum())
    assert 0 < figures["mrr_recurrency"] < figures["mrr"] <= 1
    assert figures["hits1"] <= figures["hits3"] <= figures["hits10"]
    assert "ties at their mean rank" in figures["protocol"]
    again = forecast.evaluate(folder)
    assert {**again, "seconds": 0} == {**figures, "seconds": 0}
    assert forecast.evaluate(folder, fast=True)["mrr"] != figures["mrr"]


@pytest.mark.parametrize(
    ("part", "text", "message"),
    [
        ("test", None, "cannot be read"),
        ("test", "", "each line must be"),
        ("valid", "1\t2\tx\t4\n", "four whole numbers"),
        ("train", "1\t2\t3\n", "each line must be"),
        ("train", "-1\t2\t3\t0\n", "none of them negative"),
        ("test", "0\t0\t1\t0\n", "must come after"),
    ],
)
def test_a_benchmark_that_is_none(tmp_path: Path, part: str, text: str | None, message: str) -> None:
    folder = written(tmp_path, made())
    if text is None:
        (folder / f"{part}.txt").unlink()
    else:
        (folder / f"{part}.txt").write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableInput, match=message) as raised:
        forecast.evaluate(folder)
    assert "\n" not in str(raised.value)
