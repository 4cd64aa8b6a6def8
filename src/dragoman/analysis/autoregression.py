"""A vector autoregression of what actors do to each other, period by period (Sims 1980; Goldstein and Freeman 1990).

One series a direction (sums of signed intensity) or one a direction and tone. statsmodels estimates; here stands what
is done around it: which series carry enough, how many lags the data bear, whether the series are stationary, and
who helps to predict whom (Granger 1969), with p-values adjusted for the number of tests (Holm 1979).
"""

from __future__ import annotations

import warnings
from typing import Any, Literal, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from statsmodels.stats.multitest import multipletests
from statsmodels.tsa.api import VAR
from statsmodels.tsa.stattools import adfuller, kpss

from dragoman.analysis.channels import TONES, ChannelCounts
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
Measure: TypeAlias = Literal["net", "tone"]
Criterion: TypeAlias = Literal["aic", "bic", "hqic"]
MEASURES: tuple[Measure, ...] = ("net", "tone")
CRITERIA: tuple[Criterion, ...] = ("aic", "bic", "hqic")
FEWEST_EVENTS = 30  # of a series: with fewer it is mostly zeros
PERIODS_A_PARAMETER = 4  # observations that each coefficient of an equation needs
_MOST_LAGS = 12
_SIGNIFICANT = 0.05
_YEAR = {"day": 365.25, "week": 52.1775, "month": 12.0, "quarter": 4.0, "year": 1.0}  # periods


class Panel(msgspec.Struct, frozen=True):
    """The series of a model: ``values`` is (periods, series), ``names`` say whose they are.

    ``terms`` is (periods, known terms): seasons and attention, outside the system. ``notes`` say what was left out.
    """

    names: tuple[str, ...]
    values: Floats
    terms: Floats
    term_names: tuple[str, ...]
    step: str
    notes: tuple[str, ...]


class Autoregression(msgspec.Struct, frozen=True):
    """A fitted vector autoregression.

    ``coefficients`` is (lags, series, series): row = the series that answers. ``fixed`` is (1 + terms, series):
    constant and known terms. ``residuals`` is (periods - lags, series), ``covariance`` theirs. ``granger`` has
    one row a cause and effect (``cause, effect, f, p, p_holm, df, df_error``), ``stationarity`` one a series
    (``series, adf_p, kpss_p, verdict``). ``root`` is the largest modulus of the companion matrix' eigenvalues: below 1
    the system comes to rest. ``white`` is the p-value of no autocorrelation left in the residuals (null when the
    test has no degrees of freedom).
    """

    panel: Panel
    lags: int
    criterion: str
    coefficients: Floats
    fixed: Floats
    residuals: Floats
    covariance: Floats
    granger: pa.Table
    stationarity: pa.Table
    root: float
    white: float | None
    notes: tuple[str, ...]


def series_panel(
    counts: ChannelCounts, measure: Measure = "net", *, seasonal: bool = False, attention: bool = False,
    difference: bool = False,
) -> Panel:  # fmt: skip
    """The series of some actors, those with too few events left out.

    Args:
        counts: From ``channel_counts``.
        measure: "net" (signed intensity, one series a direction) or "tone" (two a direction, both positive).
        seasonal: Add a yearly wave of two harmonics.
        attention: Add the logarithm of all events of the period before, whoever they are between.
        difference: Model the changes from period to period.

    Raises:
        UsageError: There is no such measure, or a yearly wave makes no sense with this length of period.
        AnalysisError: Fewer than two series have enough events.
    """
    if measure not in MEASURES:
        raise UsageError(f"there is no measure '{measure}'; it is one of {', '.join(MEASURES)}")
    names, columns, notes = [], [], list(counts.notes)
    width = len(TONES)
    for k, (actor, recipient) in enumerate(counts.pairs):
        cell = counts.intensity[:, width * k : width * (k + 1)]
        events = counts.counts[:, width * k : width * (k + 1)].sum(axis=0)
        found: list[tuple[str, Floats, float]] = (
            [(f"{actor} > {recipient}", cell[:, 0] - cell[:, 1], float(events.sum()))]
            if measure == "net"
            else [(f"{actor} > {recipient} {t}", cell[:, j], float(events[j])) for j, t in enumerate(TONES)]
        )
        for name, values, number in found:
            if number < FEWEST_EVENTS or not np.ptp(values):
                notes.append(f"{name} has {number:.0f} events and is left out of the autoregression; "
                             f"{FEWEST_EVENTS} are needed")  # fmt: skip
                continue
            names.append(name)
            columns.append(values)
    if len(columns) < 2:
        raise AnalysisError(
            f"an autoregression needs two series of {FEWEST_EVENTS} events each, and {len(columns)} of these"
            f" actors' {'has' if len(columns) == 1 else 'have'} as many; add events or choose other actors"
        )
    return panel_of(names, np.stack(columns, axis=1), counts.step, world=counts.world if attention else None,
                    seasonal=seasonal, difference=difference, notes=notes)  # fmt: skip


def panel_of(
    names: list[str], values: Floats, step: str, *, world: Floats | None = None, seasonal: bool = False,
    difference: bool = False, notes: list[str] | None = None,
) -> Panel:  # fmt: skip
    """A panel of any series; arguments as in ``series_panel``, ``values`` is (periods, series)."""
    terms: list[Floats] = []
    term_names = []
    if seasonal:
        if step in ("year", "day"):
            raise UsageError(f"a yearly wave needs weeks, months or quarters, not {step}s")
        phase = 2 * np.pi * np.arange(len(values)) / _YEAR[step]
        for harmonic in (1, 2) if step != "quarter" else (1,):
            terms += [np.sin(harmonic * phase), np.cos(harmonic * phase)]
            term_names += [f"season sin {harmonic}", f"season cos {harmonic}"]
    if world is not None:
        # The period before: attention of the same period would be no prediction.
        log = np.log1p(world)
        terms.append(np.concatenate([log[:1], log[:-1]]) - log.mean())
        term_names.append("attention of the period before")
    known = np.stack(terms, axis=1) if terms else np.zeros((len(values), 0))
    if difference:
        values, known = np.diff(values, axis=0), known[1:]
    return Panel(tuple(names), values, known, tuple(term_names), step, tuple(notes or ()))


def fit_autoregression(panel: Panel, *, lags: int | None = None, criterion: Criterion = "aic") -> Autoregression:
    """Fit a vector autoregression with a constant by least squares.

    Args:
        panel: The series.
        lags: Periods that look back; chosen by the criterion when left out.
        criterion: "aic", "bic" or "hqic".

    Raises:
        UsageError: There is no such criterion, or no lags are asked for.
        AnalysisError: There are too few periods; the message says how many are needed.
    """
    if criterion not in CRITERIA:
        raise UsageError(f"there is no criterion '{criterion}'; it is one of {', '.join(CRITERIA)}")
    if lags is not None and lags < 1:
        raise UsageError(f"{lags} lags are none; give 1 or more, or leave them out to have them chosen")
    periods, series = panel.values.shape
    most = lags_borne(periods, series, panel.terms.shape[1])
    if most < (lags or 1):
        needed = periods_needed(series, panel.terms.shape[1], lags or 1)
        raise AnalysisError(
            f"an autoregression of {series} series with {lags or 1} lags needs {needed} {panel.step}s, there are "
            f"{periods}; take fewer actors, a shorter period (--by) or more history"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels warns of missing date indices
        model = VAR(panel.values, exog=panel.terms if panel.terms.shape[1] else None)
        if lags is None:
            lags = max(1, int(getattr(model.select_order(min(most, _MOST_LAGS), trend="c"), criterion)))
        fitted = model.fit(lags, trend="c")
        granger = _granger(fitted, panel.names)
    stationarity, white = stationarity_tests(panel), _white(fitted, lags, periods)
    root = _largest_root(fitted.coefs)
    notes = [*panel.notes, *_warnings(stationarity, root, white)]
    fixed = np.asarray(fitted.params)[: 1 + panel.terms.shape[1]]
    return Autoregression(
        panel, lags, criterion, np.asarray(fitted.coefs), fixed, np.asarray(fitted.resid), np.asarray(fitted.sigma_u),
        granger, stationarity, root, white, tuple(notes),
    )  # fmt: skip


def lags_borne(periods: int, series: int, terms: int) -> int:
    """How many lags so many periods bear, at ``PERIODS_A_PARAMETER`` observations a coefficient; 0 for none."""
    lags = 0
    while periods >= periods_needed(series, terms, lags + 1):
        lags += 1
    return lags


def periods_needed(series: int, terms: int, lags: int) -> int:
    """How many periods an equation needs."""
    return lags + PERIODS_A_PARAMETER * (1 + terms + series * lags)


def _granger(fitted: Any, names: tuple[str, ...]) -> pa.Table:
    rows = []
    for effect in range(len(names)):
        for cause in range(len(names)):
            if cause != effect:
                test = fitted.test_causality(effect, [cause], kind="f")
                df, df_error = (int(value) for value in test.df)
                rows.append((names[cause], names[effect], float(test.test_statistic), float(test.pvalue), df, df_error))
    cause_names, effect_names, f, p, df_all, df_errors = zip(*rows, strict=True)
    adjusted = multipletests(p, method="holm")[1].tolist()
    return pa.table({"cause": cause_names, "effect": effect_names, "f": f, "p": p, "p_holm": adjusted,
                     "df": df_all, "df_error": df_errors})  # fmt: skip


def stationarity_tests(panel: Panel) -> pa.Table:
    """ADF (null: a unit root) and KPSS (null: stationary) of each series, and what both say together.

    ``verdict`` is "stationary", "unit root" (ADF does not reject, KPSS does), "unclear" (both reject, as breaks
    and long memory make them) or "too little to tell" (neither does).
    """
    rows = []
    for name, values in zip(panel.names, panel.values.T, strict=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # p-values outside the tables are given as their ends
            adf, still = float(adfuller(values)[1]), float(kpss(values, nlags="auto")[1])
        verdicts = {
            (True, False): "stationary",
            (False, True): "unit root",
            (True, True): "unclear",
            (False, False): "too little to tell",
        }
        rows.append((name, adf, still, verdicts[adf < _SIGNIFICANT, still < _SIGNIFICANT]))
    names, adf_p, kpss_p, verdict = zip(*rows, strict=True)
    return pa.table({"series": names, "adf_p": adf_p, "kpss_p": kpss_p, "verdict": verdict})


def _largest_root(coefficients: Floats) -> float:
    lags, series, _ = coefficients.shape
    companion = np.zeros((lags * series, lags * series))
    companion[:series] = np.concatenate(list(coefficients), axis=1)
    companion[series:, :-series] = np.eye((lags - 1) * series)
    return float(np.abs(np.linalg.eigvals(companion)).max())


def _white(fitted: Any, lags: int, periods: int) -> float | None:
    reach = max(lags + 4, min(12, periods // 10))
    if reach <= lags:
        return None
    return float(fitted.test_whiteness(nlags=reach, adjusted=True).pvalue)


def _warnings(stationarity: pa.Table, root: float, white: float | None) -> list[str]:
    notes = [
        f"{row['series']} seems to have a unit root (ADF p {row['adf_p']:.2f}, KPSS p {row['kpss_p']:.2f}): "
        "tests in levels can mislead; compare with differences"
        for row in stationarity.to_pylist()
        if row["verdict"] == "unit root"
    ]
    if white is not None and white < _SIGNIFICANT / 5:
        notes.append(f"the residuals are not free of autocorrelation (p {white:.1g}): p-values are too small")
    if root >= 1:
        notes.append(f"the system is explosive (largest root {root:.3f}): responses do not come to rest")
    return notes
