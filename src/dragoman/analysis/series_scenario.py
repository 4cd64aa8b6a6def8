"""A scenario on a vector autoregression: acts push the series, which may answer up or down.

Where the point process of ``scenarios`` only adds answers, a series model can calm, too. It knows sums of intensity a
period, not events. An act is put in from outside: only what the system makes of it later counts, not what usually
comes together with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.acts import Act
from dragoman.analysis.autoregression import Autoregression, fit_autoregression, series_panel
from dragoman.analysis.channels import ChannelCounts, channel_counts
from dragoman.analysis.impulse import bootstrap, moving_average
from dragoman.analysis.periods import Step, period_numbers
from dragoman.analysis.scenarios import LEVEL, asked, check_horizon, everybody, taken_out
from dragoman.analysis.selection import Selection, event_rows
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
_DAYS = {"week": 7, "month": 30}
_MOST_RESAMPLES = 500  # a refit each; more change the bands' second digit

SHIFTS = pa.schema([
    ("actor", pa.string()), ("recipient", pa.string()),
    ("expected", pa.float64()),  # sum of signed intensity within the horizon, untouched
    ("change", pa.float64()), ("change_low", pa.float64()), ("change_high", pa.float64()),
])  # fmt: skip


class SeriesScenario(msgspec.Struct, frozen=True):
    """What acts come to in a series model: ``changes`` has one row a direction (``SHIFTS``).

    ``sizes`` is the intensity that each act was put in with; bands hold ``LEVEL`` of the resamples.
    """

    acts: tuple[Act, ...]
    sizes: tuple[float, ...]
    actors: tuple[str, ...]
    at: dt.date
    horizon: int
    resamples: int
    seed: int
    model: Autoregression
    changes: pa.Table
    unknown: tuple[str, ...]
    notes: tuple[str, ...]

    def arrow(self) -> pa.Table:
        """The changes as an Arrow table."""
        return self.changes

    def df(self) -> object:
        """The changes as a pandas data frame."""
        return self.changes.to_pandas()


def whatif_series(
    table: pa.Table, acts: Sequence[Act | str], *, at: dt.date | None = None, horizon: int = 90, draws: int = 500,
    actors: Sequence[str] = (), by: Step = "week", lags: int | None = None, selection: Selection | None = None,
    seed: int = 0,
) -> SeriesScenario:  # fmt: skip
    """What may follow acts, by a vector autoregression of signed intensity; arguments as in ``scenarios.whatif``.

    Args:
        table: Events with the schema ``tables.DYADS``.
        acts: What is done or taken away.
        at: The last day that counts as known.
        horizon: Days looked ahead, taken up to whole periods.
        draws: Resamples of the bands, at most 500 are made.
        actors: Everybody in the model.
        by: "week" or "month".
        lags: Periods that look back; chosen by AIC when left out.
        selection: Factuality and dates.
        seed: Of the resamples.

    Raises:
        UsageError: An act, actor, date, horizon or number of draws that makes no sense.
        AnalysisError: Too little history, or an act in a direction that has too few events.
    """
    if by not in _DAYS:
        raise UsageError(f"a series scenario goes by week or month, not by {by}")
    parsed, day, known = asked(table, acts, at, draws, selection)
    people = everybody(table, parsed, actors, known)
    daily = channel_counts(table, people, selection=known)
    check_horizon(daily, horizon, parsed)
    model = fit_autoregression(series_panel(channel_counts(table, people, by=by, selection=known)), lags=lags)
    ahead = -(-horizon // _DAYS[by])
    sizes = tuple(_intensity(table, act, known) for act in parsed)
    pushes = _pushes(model, parsed, sizes, day, by, ahead)
    pushes += _withdrawn(model, daily, taken_out(table, parsed, daily, known), by, ahead)
    resamples = min(draws, _MOST_RESAMPLES)
    change = _answers(model.coefficients, pushes, ahead)
    drawn = np.stack([_answers(system, pushes, ahead) for system, _ in bootstrap(model, resamples, seed)])
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    expected = _forecast(model, ahead).sum(axis=0)
    pairs = [name.split(" > ") for name in model.panel.names]
    changes = pa.table({
        "actor": [a for a, _ in pairs], "recipient": [b for _, b in pairs], "expected": expected,
        "change": change, "change_low": low, "change_high": high,
    }, schema=SHIFTS)  # fmt: skip
    return SeriesScenario(parsed, sizes, people, day, horizon, resamples, seed, model, changes, _unknown(day, by),
                          model.notes)  # fmt: skip


def _intensity(table: pa.Table, act: Act, known: Selection) -> float:
    """Mean signed intensity of events of an act's type, whoever does them; of its tone where types are unknown."""
    rows = event_rows(table, known)
    sign = 1.0 if act.tone == "cooperation" else -1.0
    same = pc.equal(rows["event_type"], act.event_type)
    if rows["event_type"].null_count == rows.num_rows:
        same = pc.greater(pc.multiply(rows["intensity"], sign), 0.0)
    mean = pc.mean(rows.filter(pc.fill_null(same, False))["intensity"]).as_py()
    if mean is None:
        raise AnalysisError(f"no {act.event_type} happened by {known.until}, so its intensity is unknown; take another")
    return float(mean)


def _place(model: Autoregression, actor: str, recipient: str) -> int:
    name = f"{actor} > {recipient}"
    if name not in model.panel.names:
        raise AnalysisError(f"{name} has too few events for a series model; use --model events or other dates")
    return model.panel.names.index(name)


def _pushes(
    model: Autoregression, acts: Sequence[Act], sizes: Sequence[float], at: dt.date, by: Step, ahead: int
) -> Floats:
    """(history + ahead, series) pushes; the last row of the history is the period of ``at``."""
    history = len(model.panel.values)
    pushes = np.zeros((history + ahead, len(model.panel.names)))
    for act, size in zip(acts, sizes, strict=True):
        if not act.removed:
            later = _period(at + dt.timedelta(days=act.after), by) - _period(at, by)
            pushes[min(history - 1 + later, len(pushes) - 1), _place(model, act.actor, act.recipient)] += (
                act.times * size
            )
    return pushes


def _withdrawn(model: Autoregression, daily: ChannelCounts, taken: Floats, by: Step, ahead: int) -> Floats:
    """Pushes of events taken away: what each weighed on its day, with the opposite sign."""
    history = len(model.panel.values)
    pushes = np.zeros((history + ahead, len(model.panel.names)))
    for day, number in zip(*np.nonzero(taken), strict=True):
        channel = daily.channels[number]
        weight = daily.intensity[day, number] / daily.counts[day, number] * taken[day, number]
        back = _period(daily.last, by) - _period(daily.first + dt.timedelta(days=int(day)), by)
        place = _place(model, channel.actor, channel.recipient)
        pushes[history - 1 - back, place] += weight if channel.tone == "conflict" else -weight
    return pushes


def _period(day: dt.date, by: Step) -> int:
    return int(period_numbers(np.array([day], dtype="datetime64[D]"), by)[0])


def _answers(coefficients: Floats, pushes: Floats, ahead: int) -> Floats:
    """The sum over the periods ahead of what pushes set off, the pushes themselves left out; (series,)."""
    history = len(pushes) - ahead
    moving = moving_average(coefficients, len(pushes))
    total = np.zeros(pushes.shape[1])
    for period in np.flatnonzero(pushes.any(axis=1)):
        first = max(history - int(period), 1)
        total += moving[first : len(pushes) - int(period)].sum(axis=0) @ pushes[period]
    return total


def _forecast(model: Autoregression, ahead: int) -> Floats:
    lags = model.lags
    values = list(model.panel.values[-lags:])
    for _ in range(ahead):
        values.append(model.fixed[0] + sum(model.coefficients[k] @ values[-1 - k] for k in range(lags)))
    found: Floats = np.stack(values[lags:])
    return found


def _unknown(at: dt.date, by: Step) -> tuple[str, ...]:
    return (
        f"why: it has seen sums of intensity by {by} up to {at}, no plans, no capabilities, nothing unreported",
        "single events: intensities of opposite sign in one period cancel out",
        "a turn that the history does not hold: answers are those usual up to now, and as large for a second act",
    )
