"""Chances of events: from the past alone, better than the base rate where there is a pattern, honest where not."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import dragoman
from dragoman.analysis.backtest import backtest, origins_of
from dragoman.analysis.event_forecast import forecast_events
from dragoman.analysis.event_history import ANYBODY, active_pairs, event_history, last_days, occurred
from dragoman.analysis.forecast_ensemble import MEMBERS, Ensemble
from dragoman.analysis.forecast_ledger import entries_of, model_outcomes
from dragoman.analysis.forecast_perceptron import ENOUGH, learn
from dragoman.analysis.forecast_rules import learn_rules
from dragoman.analysis.forecasters import BaseRate, Forecaster, Periodicity
from dragoman.cli.app import app, register
from dragoman.errors import AnalysisError, UsageError
from dragoman.records import EVENT_TYPES
from dragoman.tables import DYADS

register()
runner = CliRunner()
FIRST = dt.date(2020, 1, 1)
STATES = ("FRA", "DEU", "POL", "ITA", "ESP", "PRT", "GRC")


def row(day: int, actor: str, kind: str, recipient: str | None, **more: Any) -> dict[str, Any]:
    when = FIRST + dt.timedelta(days=day)
    return {"event": f"e{day}.{actor}.{kind}.{recipient}", "start": when, "end": when, "actor": actor,
            "recipient": recipient, "event_type": kind, "intensity": 0.0, "factuality": "CT+", **more}  # fmt: skip


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=DYADS)


def patterned(days: int = 500, seed: int = 1) -> list[dict[str, Any]]:
    """Each ACCUSE is answered by a REJECT within days; FRA and DEU meet every 30 days; quarrels come in bursts."""
    chance = np.random.Generator(np.random.PCG64(seed))
    rows = [row(day, "FRA", "CONSULT", "DEU") for day in range(10, days, 30)]
    for a in STATES:
        for b in STATES:
            if a >= b or {a, b} == {"FRA", "DEU"}:
                continue
            for burst in chance.integers(0, days, 3):
                for day in burst + chance.integers(0, 25, 4):
                    rows += [row(int(day), a, "ACCUSE", b), row(int(day + chance.integers(1, 5)), b, "REJECT", a)]
    return [r for r in rows if (r["start"] - FIRST).days < days]


@pytest.fixture(scope="module")
def events() -> pa.Table:
    return table(patterned())


@pytest.fixture(scope="module")
def tested(events: pa.Table) -> dict[str, Any]:
    history = event_history(events)
    found = backtest(history, (*MEMBERS, Ensemble()), horizon=30, origins=origins_of(history, 30, 4), fewest=3)
    return {one.name: one for one in found.forecasters}


def test_patterns_are_found_and_chances_mean_what_they_say(tested: dict[str, Any]) -> None:
    ensemble = tested["ensemble"]
    assert ensemble.over_pairs.is_there
    assert ensemble.over_pairs.value > 0.1
    assert ensemble.calibration_error < 0.03
    assert ensemble.brier <= min(one.brier for one in tested.values()) + 1e-3
    assert tested["base rate"].over_pairs.value == 0
    assert tested["base rate of the type"].over_types.value == 0


def test_what_comes_by_the_clock_is_told_by_its_gaps(events: pa.Table) -> None:
    found = forecast_events(events, "FRA", "DEU", horizon=30, at=FIRST + dt.timedelta(days=400))
    row_of = {r["event_type"]: r for r in found.chances.to_pylist()}
    assert row_of["CONSULT"]["chance"] > 0.6
    assert max(r["chance"] for kind, r in row_of.items() if kind != "CONSULT") < 0.5
    history = event_history(events).before(FIRST.toordinal() + 400)
    pairs = active_pairs(history, 3)
    pair = int(
        np.flatnonzero((pairs.actor == history.names.index("FRA")) & (pairs.recipient == history.names.index("DEU")))[0]
    )
    said = Periodicity().forecast(history, pairs, FIRST.toordinal() + 400, 30)[pair, EVENT_TYPES.index("CONSULT")]
    assert said > 0.6


def test_a_rule_is_learned_in_its_direction(events: pa.Table) -> None:
    rules = learn_rules(event_history(events), FIRST.toordinal() + 480, 30)
    assert rules is not None
    accuse, reject = EVENT_TYPES.index("ACCUSE"), EVENT_TYPES.index("REJECT")
    back, same = rules.confidence[1, accuse, reject], rules.confidence[0, accuse, reject]
    assert back > 5 * same


@pytest.mark.parametrize("forecaster", [*MEMBERS, Ensemble()], ids=lambda f: f.name)
def test_the_future_changes_no_forecast(events: pa.Table, forecaster: Forecaster) -> None:
    at = FIRST.toordinal() + 300
    poison = [row(300 + k % 150, "FRA", "ASSAULT", "ITA") for k in range(400)]
    late = [
        row(250, "ESP", "ASSAULT", "PRT", published=FIRST + dt.timedelta(days=310), event=f"late{k}") for k in range(50)
    ]
    answers = []
    for more in ([], poison, late):
        history = event_history(pa.concat_tables([events, table(more)])).before(at)
        pairs = active_pairs(history, 3)
        answers.append((pairs.codes, forecaster.forecast(history, pairs, at, 30)))
    for codes, chances in answers[1:]:
        assert np.array_equal(codes, answers[0][0])
        assert np.array_equal(chances, answers[0][1])
    assert answers[0][1].min() >= 0
    assert answers[0][1].max() <= 1


def test_the_future_changes_no_forecast_as_a_whole(events: pa.Table) -> None:
    at = FIRST + dt.timedelta(days=300)
    poison = table([row(300 + k % 150, "FRA", "ASSAULT", "ITA") for k in range(400)])
    clean, poisoned = (
        forecast_events(rows, "FRA", "DEU", at=at) for rows in (events, pa.concat_tables([events, poison]))
    )
    assert clean.chances == poisoned.chances
    assert clean.tested == poisoned.tested


@pytest.mark.parametrize(
    ("target", "chances"),
    [("FRA > DEU", 16), ("FRA -> DEU CONSULT", 1), ("ACCUSE", 1), ("POL conflict", 9), ("ITA+ESP > PRT conflict", 9)],
)
def test_a_backtest_can_ask_about_one_thing(tmp_path: Path, events: pa.Table, target: str, chances: int) -> None:
    file = tmp_path / "events.parquet"
    parquet.write_table(events, file)
    options = ["--events", str(file), "--origins", "1", "--fewest", "1", "--models", "ensemble", "--format", "json"]
    run = runner.invoke(app, ["backtest", "--target", target, *options])
    assert run.exit_code == 0, run.output
    found = json.loads(run.stdout)
    assert found["chances"] == found["pairs"] * chances
    assert found["pairs"] == 1 or ">" not in target


def test_noise_gives_no_skill_and_says_so() -> None:
    chance = np.random.Generator(np.random.PCG64(3))
    pairs = [(a, b) for a in STATES[:5] for b in STATES[:5] if a != b]
    rows = [
        row(int(day), *(lambda p: (p[0], "CONSULT", p[1]))(pairs[chance.integers(len(pairs))]), event=f"n{k}")
        for k, day in enumerate(chance.integers(0, 400, 1500))
    ]
    found = forecast_events(table(rows), "FRA", "DEU")
    assert found.model == "base rate"
    assert any("no skill" in note for note in found.notes)


def test_too_few_events_fall_back_to_the_base_rate(events: pa.Table) -> None:
    more = pa.concat_tables([events, table([row(490, "ISL", "AID", "FRA")])])
    found = forecast_events(more, "ISL", "FRA")
    assert found.model == "base rate"
    assert "1 event of theirs known, 3 are needed" in found.notes[0]
    short = forecast_events(table([row(day, "FRA", "AID", "ITA") for day in range(40)]), "FRA", "ITA")
    assert (short.model, short.tested) == ("base rate", None)
    assert "90 are needed" in short.notes[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"actor": "FRAN", "recipient": "DEU"}, "nearest: FRA"),
        ({"actor": "FRA", "recipient": "FRA"}, "name two different actors"),
        ({"actor": "FRA", "recipient": "DEU", "at": dt.date(2031, 1, 1)}, "lies in the future of these events"),
        ({"actor": "FRA", "recipient": "DEU", "horizon": 4000}, "out of range"),
        ({"actor": "FRA", "recipient": "DEU", "horizon": 0}, "out of range"),
    ],
)
def test_questions_that_cannot_be_answered(events: pa.Table, asked: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        forecast_events(events, **asked)


def test_a_backtest_needs_enough_history() -> None:
    history = event_history(table([row(day, "FRA", "AID", "ITA") for day in range(40)]))
    with pytest.raises(AnalysisError, match="cover 40 days; a backtest over 30 days needs 90"):
        origins_of(history, 30, 5)


def test_an_actor_alone_is_forecast_whomever_it_meets(events: pa.Table) -> None:
    alone = forecast_events(events, "FRA", horizon=14)
    assert alone.recipient is None
    assert alone.events == sum(1 for r in events.to_pylist() if r["actor"] == "FRA")
    bloc = forecast_events(events, "FRA+ITA", "DEU+POL", horizon=14)
    assert bloc.events == sum(
        1 for r in events.to_pylist() if r["actor"] in ("FRA", "ITA") and r["recipient"] in ("DEU", "POL")
    )


kinds = st.sampled_from(("AID", "ACCUSE", "ASSAULT"))
histories = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(STATES[:4]), kinds, st.sampled_from((*STATES[:4], None))),
    min_size=1, max_size=40,
)  # fmt: skip


@given(histories)
@settings(max_examples=60, deadline=None)
def test_counts_are_those_of_the_rows(drawn: list[tuple[int, str, str, str | None]]) -> None:
    rows = [row(*one, event=f"h{k}") for k, one in enumerate(drawn) if one[1] != one[3]]
    if not rows:
        return
    history = event_history(table(rows))
    pairs = active_pairs(history, 1)
    counts, last = occurred(history, pairs), last_days(history, pairs.codes)
    for place, (a, b) in enumerate(zip(pairs.actor, pairs.recipient, strict=True)):
        actor, recipient = history.names[a], None if b == ANYBODY else history.names[b]
        for number, kind in enumerate(EVENT_TYPES):
            days = [r["start"].toordinal() for r in rows
                    if (r["actor"], r["recipient"], r["event_type"]) == (actor, recipient, kind)]  # fmt: skip
            assert counts[place, number] == len(days)
            assert last[place, number] == max(days, default=-np.inf)


@pytest.mark.parametrize("cases", [2_000, ENOUGH])
def test_what_is_learned_means_what_it_says(cases: int) -> None:
    random = np.random.default_rng(3)
    columns = random.normal(0, 1, (2 * cases, 4)).astype(np.float32)
    odds = columns[:, 0] - 2.0 + (0.5 * columns[:, 1] if cases < ENOUGH else np.abs(columns[:, 1]))
    true = (random.random(2 * cases) < 1 / (1 + np.exp(-odds))).astype(np.float32)
    model = learn(columns[:cases], true[:cases])
    said, came = model.chances(columns[cases:]), true[cases:]
    base = float(((true[:cases].mean() - came) ** 2).mean())
    assert float(((said - came) ** 2).mean()) < 0.9 * base
    for low, high in ((0.0, 0.2), (0.2, 0.5), (0.5, 1.0)):
        some = (said >= low) & (said < high)
        assert abs(float(said[some].mean() - came[some].mean())) < 0.06
    assert np.array_equal(said, learn(columns[:cases], true[:cases]).chances(columns[cases:]))


def test_the_base_rate_is_a_poisson_rate() -> None:
    rows = [row(day, "FRA", "AID", "ITA") for day in range(0, 200, 4)] + [row(199, "ITA", "AID", "FRA")] * 2
    history = event_history(table(rows))
    pairs = active_pairs(history, 2)
    said = BaseRate().forecast(history, pairs, FIRST.toordinal() + 200, 8)
    place = int(np.flatnonzero(pairs.actor == history.names.index("FRA"))[0])
    assert said[place, EVENT_TYPES.index("AID")] == pytest.approx(1 - np.exp(-8 * 50 / 200), abs=0.02)


def test_forecasts_are_recorded_and_scored_when_their_days_are_over(events: pa.Table) -> None:
    at = FIRST + dt.timedelta(days=400)
    made = forecast_events(events, "FRA", "DEU", at=at, horizon=30)
    entries = entries_of(made, dt.datetime(2021, 2, 4, tzinfo=dt.UTC))
    settled, waiting = model_outcomes([*entries, *entries], events)
    assert (len(settled), waiting) == (len(EVENT_TYPES), 0)
    assert [o.came_true for o, e in zip(settled, entries, strict=True) if e.event_type == "CONSULT"] == [True]
    assert sum(o.came_true for o in settled) == 1
    early = events.filter(pa.compute.less(events["start"], pa.scalar(at)))
    assert model_outcomes(entries, early) == ([], len(entries))


def test_the_commands(events: pa.Table, tmp_path: Path) -> None:
    file = tmp_path / "events.parquet"
    parquet.write_table(events, file)
    shown = runner.invoke(app, ["forecast", "FRA", "DEU", "--events", str(file), "--horizon", "4w"])
    assert shown.exit_code == 0, shown.output
    assert "France (FRA) to Germany (DEU)" in shown.output
    assert "Brier skill" in shown.output
    as_json = runner.invoke(app, ["forecast", "FRA", "--events", str(file), "--format", "json"])
    assert {c["event_type"] for c in json.loads(as_json.stdout)["chances"]} == set(EVENT_TYPES)
    plot = tmp_path / "calibration.png"
    run = runner.invoke(app, ["backtest", "--events", str(file), "--origins", "2", "--plot", str(plot)])
    assert run.exit_code == 0, run.output
    assert "calibration of the ensemble" in run.output
    assert plot.read_bytes().startswith(b"\x89PNG")


def test_a_workspace_keeps_its_forecasts(events: pa.Table, tmp_path: Path) -> None:
    folder = tmp_path / "ws"
    with dragoman.create(folder) as workspace:
        workspace.import_events([events], origin="made")
    options = ["--workspace", str(folder)]
    for at in ("2020-12-01", "2021-05-01"):
        made = runner.invoke(app, ["forecast", "FRA", "DEU", "--at", at, "--record", *options])
        assert made.exit_code == 0, made.output
    scored = runner.invoke(app, ["predictions", "score", "--with-models", *options])
    assert scored.exit_code == 0, scored.output
    assert "model:" in scored.output
    assert "16 forecasts of models are open still" in scored.output
