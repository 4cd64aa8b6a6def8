"""Action and reaction: known histories are read back, and what cannot be read is said."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize
from statsmodels.tsa.api import VAR

from dragoman.analysis import autoregression, excitation, hawkes, impulse
from dragoman.analysis.channels import Channel, busiest_partners, channel_counts
from dragoman.analysis.responses import SeriesOptions, responses
from dragoman.analysis.selection import Selection
from dragoman.errors import AnalysisError, UsageError
from response_events import answering_days, feud, known_series, table_of


@pytest.fixture(scope="module")
def fitted() -> excitation.Excitation:
    return excitation.fit_excitation(channel_counts(feud(), ["RUR", "SYL"]))


# counting


def test_channels_count_each_direction_and_tone() -> None:
    table = table_of({
        ("RUR", "SYL", "conflict"): np.array([2.0, 0, 1]), ("SYL", "RUR", "cooperation"): np.array([0.0, 1, 0]),
        ("BOR", "RUR", "conflict"): np.array([0.0, 0, 3]),
    })  # fmt: skip
    counts = channel_counts(table, ["RUR", "SYL"])
    assert counts.counts.shape == (3, 4)
    found = {str(c): counts.counts[:, k].tolist() for k, c in enumerate(counts.channels)}
    assert found["RUR > SYL conflict"] == [2, 0, 1]
    assert found["SYL > RUR cooperation"] == [0, 1, 0]
    assert counts.world.tolist() == [2, 1, 4]
    assert counts.intensity.sum() == 3 * 3.0 + 2.0
    assert [str(day) for day in counts.starts()] == ["2015-01-01", "2015-01-02", "2015-01-03"]


def test_a_story_told_often_counts_once_and_sectors_count_as_their_country() -> None:
    rows = [
        {"event": f"e{k}", "story": "s" if k < 4 else None, "actor": "RUR-MIL" if k % 2 else "RUR", "recipient": "SYL",
         "start": dt.date(2020, 1, 1), "intensity": -1.0}
        for k in range(6)
    ]  # fmt: skip
    counts = channel_counts(pa.Table.from_pylist(rows), ["RUR", "SYL"])
    assert counts.counts.sum() == 3
    assert counts.world.tolist() == [3]


def test_tone_without_quad_class_is_the_sign_of_the_intensity() -> None:
    table = table_of({("RUR", "SYL", "conflict"): np.array([1.0, 2])}, typed=False)
    counts = channel_counts(table, ["RUR", "SYL"])
    assert counts.counts[:, counts.channels.index(Channel("RUR", "SYL", "conflict"))].tolist() == [1, 2]


def test_dates_less_exact_than_a_period_are_left_out_and_said() -> None:
    rows = [
        {"actor": "RUR", "recipient": "SYL", "start": dt.date(2020, 1, 1), "end": end, "intensity": 1.0}
        for end in (dt.date(2020, 1, 1), dt.date(2020, 1, 7), dt.date(2020, 1, 31))
    ]
    table = pa.Table.from_pylist(rows)
    assert channel_counts(table, ["RUR", "SYL"]).counts.sum() == 1
    by_week = channel_counts(table, ["RUR", "SYL"], by="week")
    assert by_week.counts.sum() == 2
    assert by_week.notes == ("1 events dated less exactly than to a week are left out",)


def test_partners_are_the_busiest_others() -> None:
    assert busiest_partners(feud(), ["RUR"], 2, Selection()) == ("SYL", "BOR")


@pytest.mark.parametrize(
    ("actors", "words"),
    [(["RUR"], "give 2 to 6"), (["RUR", "RUR"], "named twice"), (["RUR", "NOX"], "no event names 'NOX'"),
     (["RUR", "SYL", "RUR+SYL"], "overlap")],
)  # fmt: skip
def test_actors_that_make_no_sense(actors: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        channel_counts(feud(80), actors)


# the point process


@settings(max_examples=25, deadline=None)
@given(
    base=st.floats(0.05, 2.0),
    sizes=st.lists(st.floats(0.0, 0.9), min_size=2, max_size=2),
    decays=st.lists(st.floats(-3.0, 0.5), min_size=2, max_size=2),
    seed=st.integers(0, 1000),
)
def test_the_gradient_is_that_of_the_likelihood(
    base: float, sizes: list[float], decays: list[float], seed: int
) -> None:
    random = np.random.default_rng(seed)
    inputs = random.poisson(0.5, (80, 2)).astype(np.float64)
    counts = random.poisson(0.8, 80).astype(np.float64)
    season = random.uniform(0.5, 1.5, 80)
    theta = np.array([base, *sizes, *decays])
    _, gradient, daily = hawkes.log_likelihood(theta, counts, inputs, season)
    measured = optimize.approx_fprime(theta, lambda t: hawkes.log_likelihood(t, counts, inputs, season)[0], 1e-7)
    assert gradient == pytest.approx(measured, rel=1e-3, abs=1e-3)
    assert daily.sum(axis=0) == pytest.approx(gradient)


def test_the_recursion_is_the_sum_over_the_past() -> None:
    inputs = np.random.default_rng(0).poisson(0.7, (60, 1)).astype(np.float64)
    states, _ = hawkes.kernel_states(inputs, np.array([0.8]))
    slow = [sum(0.2 * 0.8 ** (t - s - 1) * inputs[s, 0] for s in range(t)) for t in range(60)]
    assert states[:, 0] == pytest.approx(slow)


def test_a_known_answer_is_read_back() -> None:
    size, half_life = 0.7, 3.0
    counts = answering_days(3000, size, half_life, seed=4)
    source = hawkes.Source("first", (0,))
    fit = hawkes.fit_target(counts[:, 1], counts[:, :1], np.ones(3000), [source], shrink=2.0)
    errors = np.sqrt(np.diag(fit.covariance))
    assert fit.size[0] == pytest.approx(size, abs=0.1)
    assert abs(fit.size[0] - size) < 3 * errors[1]
    assert fit.half_life[0] == pytest.approx(half_life, rel=0.4)
    assert fit.base == pytest.approx(0.1, abs=0.05)
    assert 0.01 < errors[1] < 0.1


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = 0
    for seed in range(40):
        counts = answering_days(600, 0.5, 2.0, seed=seed)
        fit = hawkes.fit_target(counts[:, 1], counts[:, :1], np.ones(600), [hawkes.Source("x", (0,))], shrink=2.0)
        held += abs(fit.size[0] - 0.5) < 1.645 * np.sqrt(fit.covariance[1, 1])
    assert held >= 31  # 36 of 40 expected at 90 %


def test_who_answers_whom(fitted: excitation.Excitation) -> None:
    rows = fitted.arrow().to_pylist()
    best = max((row for row in rows if row["tone"] == "conflict"), key=lambda row: row["share"])
    assert (best["actor"], best["recipient"], best["answers"]) == ("SYL", "RUR", "RUR > SYL conflict")
    assert best["size_low"] < 0.8 < best["size_high"]
    assert best["half_life_low"] < 2.0 < best["half_life_high"]
    assert best["p"] < 0.001
    assert best["gain"] > 0.01
    of = {(t.channel.actor, t.channel.tone): t for t in fitted.targets}
    assert of["RUR", "cooperation"].fit is None
    assert "0 events, 20 are needed" in of["RUR", "cooperation"].reason


def test_noise_gains_nothing_and_falls_back() -> None:
    random = np.random.default_rng(2)
    table = table_of({(a, b, "conflict"): random.poisson(0.4, 400).astype(np.float64) for a, b in ("XY", "YX")})
    model = excitation.fit_excitation(channel_counts(table, ["X", "Y"]))
    answers = model.arrow().to_pylist()
    assert (model.gain() or 0.0) < 0.02
    assert all(row["p"] > 0.01 for row in answers)


def test_weekends_are_no_answers() -> None:
    days = np.arange(700)
    rate = np.where((days + 3) % 7 < 5, 0.9, 0.1)
    random = np.random.default_rng(6)
    table = table_of({(a, b, "conflict"): random.poisson(rate).astype(np.float64) for a, b in ("XY", "YX")})
    model = excitation.fit_excitation(channel_counts(table, ["X", "Y"]))
    assert model.weekday.min() < 0.5 < 1.1 < model.weekday.max()
    assert model.radius < 0.25


def test_too_little_history_says_what_is_needed() -> None:
    with pytest.raises(AnalysisError, match="needs 60 days of history, there are 30"):
        excitation.fit_excitation(channel_counts(feud(30), ["RUR", "SYL"]))
    with pytest.raises(UsageError, match="daily counts"):
        excitation.fit_excitation(channel_counts(feud(200), ["RUR", "SYL"], by="week"))


# the autoregression


@pytest.fixture(scope="module")
def system() -> autoregression.Autoregression:
    values, _, _ = known_series()
    return autoregression.fit_autoregression(autoregression.panel_of(["A > B", "B > A"], values, "week"))


def test_a_known_system_is_read_back(system: autoregression.Autoregression) -> None:
    _, matrix, covariance = known_series()
    assert system.lags == 1
    assert system.coefficients[0] == pytest.approx(matrix, abs=0.1)
    assert system.covariance == pytest.approx(covariance, abs=0.3)
    tests = {(row["cause"], row["effect"]): row for row in system.granger.to_pylist()}
    assert tests["A > B", "B > A"]["p_holm"] < 1e-6
    assert tests["B > A", "A > B"]["p_holm"] > 0.05
    assert set(system.stationarity["verdict"].to_pylist()) == {"stationary"}
    assert system.root == pytest.approx(np.abs(np.linalg.eigvals(system.coefficients[0])).max())
    assert system.root < 1


def test_granger_f_is_that_of_two_regressions() -> None:
    values, _, _ = known_series(200)
    model = autoregression.fit_autoregression(autoregression.panel_of(["a", "b"], values, "week"), lags=2)
    past = np.concatenate([np.ones((198, 1)), values[1:-1], values[:-2]], axis=1)

    def left(design: np.ndarray) -> float:
        solved = np.linalg.lstsq(design, values[2:, 1], rcond=None)[0]
        return float(((values[2:, 1] - design @ solved) ** 2).sum())

    full, bare = left(past), left(past[:, [0, 2, 4]])
    row = next(r for r in model.granger.to_pylist() if r["cause"] == "a")
    assert row["f"] == pytest.approx((bare - full) / 2 / (full / (198 - 5)), rel=1e-6)


def test_generalised_responses_are_pesaran_and_shins(system: autoregression.Autoregression) -> None:
    found = impulse.impulse_responses(system, periods=5, resamples=60)
    sigma, matrix = system.covariance, system.coefficients[0]
    for after in range(6):
        for pushed in range(2):
            wanted = np.linalg.matrix_power(matrix, after) @ sigma[:, pushed] / np.sqrt(sigma[pushed, pushed])
            assert found.response[after, :, pushed] == pytest.approx(wanted)
    inside = (found.low <= found.response) & (found.response <= found.high)
    assert inside.mean() > 0.9
    rows = found.arrow().to_pylist()
    assert len(rows) == 6 * 4
    row = next(r for r in rows if (r["cause"], r["effect"], r["after"]) == ("A > B", "B > A", 1))
    assert row["low"] > 0


def test_orthogonalised_responses_follow_their_order(system: autoregression.Autoregression) -> None:
    names = system.panel.names
    found = impulse.impulse_responses(system, periods=4, push="orthogonalised", order=names, resamples=20)
    reference = VAR(system.panel.values).fit(1).orth_ma_rep(4)
    assert found.response == pytest.approx(reference)
    turned = impulse.impulse_responses(system, periods=4, push="orthogonalised", order=names[::-1], resamples=20)
    assert turned.response[0, 1, 0] == pytest.approx(0.0)
    assert found.response[0, 0, 1] == pytest.approx(0.0)
    with pytest.raises(UsageError, match="an order of all series: A > B; B > A"):
        impulse.impulse_responses(system, push="orthogonalised")


def test_bands_are_the_same_again(system: autoregression.Autoregression) -> None:
    one, two = (impulse.impulse_responses(system, resamples=20, seed=5).arrow() for _ in range(2))
    assert one.equals(two)
    assert not one.equals(impulse.impulse_responses(system, resamples=20, seed=6).arrow())


def test_a_random_walk_is_told_and_differences_help() -> None:
    walk = np.cumsum(np.random.default_rng(1).standard_normal((300, 2)), axis=0)
    model = autoregression.fit_autoregression(autoregression.panel_of(["a", "b"], walk, "week"))
    assert set(model.stationarity["verdict"].to_pylist()) == {"unit root"}
    assert any("unit root" in note for note in model.notes)
    changed = autoregression.panel_of(["a", "b"], walk, "week", difference=True)
    assert set(autoregression.stationarity_tests(changed)["verdict"].to_pylist()) == {"stationary"}


def test_a_season_is_not_taken_for_an_answer() -> None:
    weeks = np.arange(520)
    wave = 4 * np.sin(2 * np.pi * weeks / 52.1775)
    values = np.random.default_rng(8).standard_normal((520, 2)) + wave[:, None]
    plain = autoregression.fit_autoregression(autoregression.panel_of(["a", "b"], values, "week"), lags=1)
    seasonal = autoregression.panel_of(["a", "b"], values, "week", seasonal=True)
    assert min(plain.granger["p"].to_pylist()) < 1e-6
    assert min(autoregression.fit_autoregression(seasonal, lags=1).granger["p"].to_pylist()) > 0.01


def test_too_few_periods_say_how_many_are_needed() -> None:
    values, _, _ = known_series(40)
    panel = autoregression.panel_of(["a", "b"], values, "week")
    needed = autoregression.periods_needed(2, 0, 6)
    with pytest.raises(AnalysisError, match=f"with 6 lags needs {needed} weeks, there are 40"):
        autoregression.fit_autoregression(panel, lags=6)
    assert autoregression.lags_borne(needed, 2, 0) == 6
    assert autoregression.lags_borne(needed - 1, 2, 0) == 5


def test_both_models_side_by_side() -> None:
    found = responses(feud(), ["RUR", "SYL"], options=SeriesOptions(resamples=20))
    assert found.events is not None
    assert found.series is not None
    assert found.impulses is not None
    cause = next(r for r in found.series.granger.to_pylist() if r["effect"] == "SYL > RUR")
    assert cause["cause"] == "RUR > SYL"


def test_a_model_that_cannot_be_fitted_is_named() -> None:
    found = responses(feud(100), ["RUR", "BOR"], options=SeriesOptions("month"))
    assert found.series is None
    assert any(note.startswith("no autoregression: ") and "needs" in note for note in found.notes)
    with pytest.raises(AnalysisError, match=r"no model of event times: .* no autoregression: "):
        responses(feud(40), ["RUR", "SYL"])
