"""Scenarios: what is put in or taken out changes what a known history says it must, and nothing else."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as parquet
import pytest
import yaml
from typer.testing import CliRunner

from dragoman.analysis.acts import Act, parse_act
from dragoman.analysis.channels import Channel, channel_counts
from dragoman.analysis.excitation import fit_excitation, season_of
from dragoman.analysis.past_misses import widening
from dragoman.analysis.precedents import find_precedents
from dragoman.analysis.scenarios import Scenario, whatif
from dragoman.analysis.series_scenario import whatif_series
from dragoman.analysis.simulation import draw_parameters, simulate, state_after
from dragoman.cli.app import app, register
from dragoman.errors import AnalysisError, DragomanError, UsageError
from response_events import FIRST, feud, table_of

register()
CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases/acts.yml").read_text(encoding="utf-8"))
ANSWER = ("SYL", "RUR", "conflict")


@pytest.fixture(scope="module")
def history() -> pa.Table:
    return feud()


@pytest.fixture(scope="module")
def provoked(history: pa.Table) -> Scenario:
    return whatif(history, ["RUR ACCUSE SYL x3"], actors=["BOR"], horizon=60, draws=1000)


def change(found: Scenario, channel: tuple[str, str, str] = ANSWER) -> dict[str, Any]:
    return next(
        row for row in found.changes.to_pylist() if (row["actor"], row["recipient"], row["tone"]) == channel
    )  # fmt: skip


# acts


@pytest.mark.parametrize("case", CASES["acts"], ids=lambda case: str(case["text"]))
def test_acts_are_parsed(case: dict[str, Any]) -> None:
    act = parse_act(case["text"])
    assert (act.actor, act.event_type, act.recipient, act.times, act.after, act.tone) == tuple(case["act"])
    assert parse_act(str(act)) == act


@pytest.mark.parametrize("case", CASES["refused"], ids=lambda case: str(case["text"]))
def test_acts_that_make_no_sense(case: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=case["words"]):
        parse_act(case["text"], removed=case.get("removed", False))


# what is put in


def test_an_act_sets_off_the_answers_that_the_history_holds(provoked: Scenario) -> None:
    row = change(provoked)
    assert row["basis"] == "hawkes"
    assert row["change"] == pytest.approx(3 * 0.8, abs=0.8)  # 0.8 events for one, three acts
    assert row["change_low"] < 2.4 < row["change_high"]
    assert row["chance"] > 0.7


def test_who_stands_apart_stays_as_it_is(provoked: Scenario) -> None:
    for row in provoked.changes.to_pylist():
        if "BOR" in (row["actor"], row["recipient"]):
            assert row["change"] is None or abs(row["change"]) < 0.3


def test_a_base_rate_claims_no_change(provoked: Scenario) -> None:
    row = change(provoked, ("RUR", "SYL", "cooperation"))
    assert (row["basis"], row["change"], row["chance"]) == ("base rate", None, None)
    assert any("base rate" in sentence for sentence in provoked.unknown)


def test_the_simulation_has_the_mean_that_arithmetic_gives(history: pa.Table) -> None:
    model = fit_excitation(channel_counts(history, ["RUR", "SYL"]))
    parameters = draw_parameters(model, 4000, np.random.default_rng(0))
    now = np.zeros((1, 4))
    now[0, 1] = 5.0
    season = season_of(model.weekday, model.counts.last.toordinal() + 1, 200)
    runs = simulate(parameters, season, np.random.default_rng(1), state=state_after(parameters, now), base=False)
    assert runs.events.sum(axis=1).mean(axis=0) == pytest.approx(runs.expected.sum(axis=1).mean(axis=0), abs=0.12)
    # All generations together: (1 - B)^-1 B, by the branching matrix.
    wanted = np.linalg.solve(np.eye(4) - model.branching, model.branching[:, 1]) * 5.0
    assert runs.expected.sum(axis=1).mean(axis=0) == pytest.approx(wanted, rel=0.1, abs=0.05)


def test_parameter_draws_keep_the_mean_of_the_fit_and_the_rate_of_the_history(history: pa.Table) -> None:
    model = fit_excitation(channel_counts(history, ["RUR", "SYL"]))
    parameters = draw_parameters(model, 5000, np.random.default_rng(0))
    target = next(t for t in model.targets if t.fit)
    assert target.fit is not None
    assert parameters.size.mean(axis=0) == pytest.approx(target.fit.size, rel=0.06, abs=0.01)
    season = season_of(model.weekday, model.counts.last.toordinal() + 1, 90)
    runs = simulate(parameters, season, np.random.default_rng(1), state=parameters.state, base=True)
    assert runs.events.mean(axis=(0, 1)).sum() == pytest.approx(sum(t.rate for t in model.targets), rel=0.15)


def test_bands_widen_where_what_came_is_not_what_the_process_says() -> None:
    random = np.random.default_rng(4)
    pairs = [("RUR", "SYL"), ("SYL", "RUR"), ("BOR", "SYL"), ("SYL", "BOR")]
    steady = random.poisson(1.0, (720, len(pairs))).astype(float)
    told = {(a, b, "conflict"): steady[:, k] for k, (a, b) in enumerate(pairs)}
    model = fit_excitation(channel_counts(table_of(told), ["RUR", "SYL", "BOR"]))
    parameters = draw_parameters(model, 200, np.random.default_rng(0))

    def factor(swing: float, horizon: int) -> float:
        stretches = 1.0 + swing * np.where(np.arange(720) // 90 % 2, 1.0, -1.0)
        counts = msgspec.structs.replace(model.counts, counts=model.counts.counts * stretches[:, None])
        changed = msgspec.structs.replace(model, counts=counts)
        return widening(changed, parameters, horizon, 0.9, np.random.default_rng(1))

    assert 1.0 <= factor(0.0, 90) < 1.35
    assert factor(0.5, 90) > 1.5
    assert factor(0.5, 400) == 1.0  # no past stretch is as long


def test_later_acts_have_less_time_to_be_answered(history: pa.Table) -> None:
    soon, late = (change(whatif(history, [f"RUR ACCUSE SYL +{days}d"], actors=["BOR"], horizon=30, draws=200))
                  for days in (0, 28))  # fmt: skip
    assert 0 < late["change"] < soon["change"]


# what is taken out


def test_without_an_act_there_is_less(history: pa.Table) -> None:
    last = history.filter(pc.and_(pc.equal(history["actor"], "RUR"), pc.equal(history["recipient"], "SYL")))
    at: dt.date = last["start"].to_pylist()[-1]
    found = whatif(history, [parse_act("RUR ACCUSE SYL", removed=True)], at=at, actors=["BOR"], horizon=60, draws=500)
    row = change(found)
    assert -1.0 < row["change"] < -0.2
    assert row["change_low"] < row["change"] < row["change_high"] <= 0
    assert str(found.acts[0]) == "without RUR ACCUSE SYL"


def test_taking_out_is_the_reverse_of_putting_in(history: pa.Table) -> None:
    last = history.filter(pc.and_(pc.equal(history["actor"], "RUR"), pc.equal(history["recipient"], "SYL")))
    at: dt.date = last["start"].to_pylist()[-1]
    acts = [parse_act("RUR ACCUSE SYL", removed=gone) for gone in (True, False)]
    out, into = (change(whatif(history, [act], at=at, actors=["BOR"], horizon=60, draws=10)) for act in acts)
    assert out["change"] == pytest.approx(-into["change"], rel=1e-9)


# what it must not do


def test_nothing_later_than_the_date_is_looked_at(history: pa.Table) -> None:
    at = FIRST + dt.timedelta(days=299)
    poison = table_of({("RUR", "SYL", "conflict"): np.r_[np.zeros(300), np.full(100, 9.0)],
                       ("BOR", "SYL", "conflict"): np.r_[np.zeros(300), np.full(100, 9.0)]})  # fmt: skip
    known = history.filter(pc.less_equal(history["start"], pa.scalar(at)))
    asked: dict[str, Any] = {"at": at, "actors": ["BOR"], "horizon": 40, "draws": 50}
    clean, poisoned = (whatif(t, ["RUR ACCUSE SYL"], **asked) for t in (known, pa.concat_tables([known, poison])))
    assert clean.changes.equals(poisoned.changes)
    assert clean.paths.equals(poisoned.paths)
    assert clean.precedents.equals(poisoned.precedents)


def test_the_same_seed_gives_the_same_answer(history: pa.Table) -> None:
    one, two, other = (
        whatif(history, ["RUR ACCUSE SYL"], actors=["BOR"], horizon=20, draws=50, seed=seed) for seed in (1, 1, 2)
    )
    assert one.changes.equals(two.changes)
    assert not one.changes.equals(other.changes)


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"acts": ["RUR ACCUSE NOX"]}, UsageError, "no event names 'NOX'"),
        ({"acts": []}, UsageError, "needs an act"),
        ({"at": dt.date(2030, 1, 1)}, UsageError, r"later than the last event \(2016-05-1"),
        ({"horizon": 600}, AnalysisError, "longer than the history of 500"),
        ({"horizon": 0}, UsageError, "is none"),
        ({"draws": 0}, UsageError, "0 draws"),
        ({"acts": ["RUR ACCUSE SYL +90d"]}, UsageError, "after the horizon"),
        ({"acts": ["RUR ACCUSE RUR"]}, UsageError, "give 2 to 6"),
        ({"at": FIRST + dt.timedelta(days=40), "horizon": 10}, AnalysisError, "needs 60 days of history"),
        ({"acts": [Act("RUR", "AID", "SYL", removed=True)]}, UsageError, "0 such events happened"),
    ],
)
def test_questions_without_an_answer(history: pa.Table, asked: dict[str, Any], error: type, words: str) -> None:
    full = {"acts": ["RUR ACCUSE SYL"], "draws": 10, **asked}
    with pytest.raises(error, match=words) as raised:
        whatif(history, full.pop("acts"), **full)
    assert "\n" not in str(raised.value)


# precedents


def test_precedents_are_the_most_similar_and_say_what_followed() -> None:
    days = np.zeros(400)
    calm, tense = days.copy(), days.copy()
    calm[[50, 250]] = 1
    tense[[80, 200, 350]] = 1
    answer = days.copy()
    answer[[83, 203]] = 2
    noise = days.copy()
    noise[60:80] = noise[180:200] = noise[330:350] = 1
    table = table_of({
        ("BOR", "GAL", "conflict"): calm, ("RUR", "SYL", "conflict"): tense, ("SYL", "RUR", "conflict"): answer,
        ("SYL", "RUR", "cooperation"): noise,
    })  # fmt: skip
    at = FIRST + dt.timedelta(days=350)
    found = find_precedents(table, parse_act("RUR ACCUSE SYL"), at=at, horizon=30, count=3).to_pylist()
    assert [row["day"] for row in found[:2]] == [FIRST + dt.timedelta(days=200), FIRST + dt.timedelta(days=80)]
    assert found[0]["likeness"] > found[2]["likeness"]
    assert found[0]["same_pair"]
    assert (found[0]["answer_after"], found[0]["answer_tone"]) == (3, "conflict")
    assert (found[0]["cooperation_before"], found[0]["conflict_after"]) == (20, 2)
    assert not found[2]["same_pair"]
    assert found[2]["answer_after"] is None


def test_precedents_lie_a_whole_horizon_back_and_apart(history: pa.Table) -> None:
    at = FIRST + dt.timedelta(days=400)
    found = find_precedents(history, parse_act("RUR ACCUSE SYL"), at=at, horizon=90, count=10).to_pylist()
    days = [row["day"] for row in found if row["same_pair"]]
    assert max(days) <= at - dt.timedelta(days=90)
    assert all(abs((a - b).days) >= 30 for k, a in enumerate(days) for b in days[:k])
    assert find_precedents(history, parse_act("RUR AID SYL"), at=at, horizon=90).num_rows == 0


# series


def test_a_series_model_can_calm() -> None:
    random = np.random.default_rng(5)
    conflict, aid = random.poisson(1.0, 900).astype(np.float64), np.zeros(900)
    for day in range(7, 900):
        aid[day] = random.poisson(0.3 * conflict[day - 7])
    table = table_of({("RUR", "SYL", "conflict"): conflict, ("SYL", "RUR", "cooperation"): aid})
    found = whatif_series(table, ["RUR ACCUSE SYL x10"], horizon=56, draws=100)
    row = next(r for r in found.changes.to_pylist() if r["actor"] == "SYL")
    assert found.sizes == (-3.0,)
    assert row["change_low"] > 0  # conflict is answered with cooperation, which no sum of answers in kind could say
    gone = whatif_series(table, [parse_act("RUR ACCUSE SYL x5", removed=True)], horizon=56, draws=20)
    assert next(r for r in gone.changes.to_pylist() if r["actor"] == "SYL")["change"] < 0


# the command


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, history: pa.Table) -> Path:
    path = tmp_path_factory.mktemp("events") / "events.parquet"
    parquet.write_table(history, path)
    return path


@pytest.fixture
def run(file: Path) -> Callable[..., Any]:
    return lambda *arguments: CliRunner().invoke(app, [*arguments, "--events", str(file)])


def test_whatif_tells_changes_precedents_and_limits(run: Callable[..., Any], tmp_path: Path) -> None:
    plots = [tmp_path / "one.svg", tmp_path / "two.svg"]
    for plot in plots:
        done = run("whatif", "RUR ACCUSE SYL x3", "--horizon", "4w", "--draws", "100", "--plot", str(plot))
        assert done.exit_code == 0
    assert "If RUR ACCUSE SYL x3 on 2016-05-14: the 28 days after" in done.stdout
    assert "SYL > RUR conflict: +" in done.stdout
    assert "What the model cannot know:" in done.stdout
    assert "note: " in done.stderr
    assert plots[0].read_bytes() == plots[1].read_bytes()


def test_whatif_as_json(run: Callable[..., Any]) -> None:
    done = run("whatif", "--without", "RUR ACCUSE SYL", "--horizon", "30d", "--draws", "20", "--format", "json")
    record = json.loads(done.stdout)
    assert record["acts"] == ["without RUR ACCUSE SYL"]
    assert {"changes", "paths", "precedents", "unknown", "notes", "seed"} <= set(record)
    series = run("whatif", "RUR ACCUSE SYL", "--model", "series", "--draws", "20")
    assert "Change of the summed intensity" in series.stdout


def test_responses_tell_who_answers_whom(run: Callable[..., Any], tmp_path: Path) -> None:
    plot = tmp_path / "responses.png"
    done = run("responses", "RUR", "SYL", "--by", "day", "--resamples", "20", "--plot", str(plot))
    assert done.exit_code == 0
    assert "SYL > RUR conflict answers RUR > SYL conflict" in done.stdout
    assert "RUR > SYL helps to predict SYL > RUR: F(" in done.stdout
    assert plot.stat().st_size > 5_000
    record = json.loads(run("responses", "RUR", "SYL", "--resamples", "0", "--format", "json").stdout)
    assert record["impulses"] == []
    assert {"answers", "channels", "granger", "stationarity"} <= set(record)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("whatif", "RUR ACCUSE SYL", "--at", "2031"), "later than the last event"),
        (("whatif", "RUR ACCUSE SYL", "--horizon", "soon"), "is no length; write 90d or 12w"),
        (("whatif", "RUR SHOUT SYL"), "names no event type"),
        (("whatif", "RUR ACCUSE SYL", "--model", "series", "--plot", "x.png"), "leave it out"),
        (("responses", "RUR", "SYL", "--push", "orthogonalised"), "need an order of all series: RUR > SYL; SYL > RUR"),
        (("responses", "RUR", "SYL", "--plot", "x.gif"), ".png, .svg or .pdf"),
    ],
)
def test_bad_questions_are_one_line(run: Callable[..., Any], arguments: tuple[str, ...], words: str) -> None:
    done = run(*arguments)
    assert isinstance(done.exception, DragomanError)
    assert words in str(done.exception)
    assert "\n" not in str(done.exception)
    assert done.stdout == ""


def test_channels_have_names_for_people() -> None:
    assert str(Channel("RUR", "SYL", "conflict")) == "RUR > SYL conflict"
