"""What a pair or an actor may do next: chances by type within a horizon, the base rate, and how far to trust them."""

from __future__ import annotations

import datetime as dt

import msgspec
import numpy as np
import pyarrow as pa

from dragoman.analysis.backtest import Tested, backtest, origins_of
from dragoman.analysis.event_history import (
    ANYBODY,
    EventHistory,
    Matrix,
    Pairs,
    active_pairs,
    event_history,
    last_days,
    occurred,
    pair_code,
)
from dragoman.analysis.forecast_ensemble import Ensemble
from dragoman.analysis.forecasters import BaseRate, Forecaster
from dragoman.analysis.selection import Selection, actor_keys, event_rows
from dragoman.errors import AnalysisError, UsageError
from dragoman.records import EVENT_TYPES
from dragoman.version import __version__

FEWEST = 3
"""Events that somebody must have had for a forecast of their own."""

_ORIGINS = 3  # past days on which a forecast is tried before it is shown
_MOST_PAIRS = 20_000  # pairs that are learned from, those with most events

CHANCES = pa.schema([
    ("event_type", pa.string()),
    ("chance", pa.float64()),  # of at least one such event within the horizon
    ("base_rate", pa.float64()),  # the same by the pair's own past rate
    ("events", pa.int64()),  # of this type so far
    ("last", pa.date32()),  # the last of them; null when there was none
])  # fmt: skip
"""One row for each of PLOVER's types, the likeliest first."""


class EventForecast(msgspec.Struct, frozen=True):
    """A forecast and what it rests on.

    Attributes:
        actor: whose events, as asked.
        recipient: to whom; None for anybody.
        at: the first day of the horizon.
        horizon: days.
        model: what made the chances.
        version: of the package.
        chances: a table with the schema ``CHANCES``.
        events: how many events of theirs were known.
        tested: how the model did on past days of the same events; None where they were too few to try.
        notes: what limits it, a line each.
    """

    actor: str
    recipient: str | None
    at: dt.date
    horizon: int
    model: str
    version: str
    chances: pa.Table
    events: int
    tested: Tested | None
    notes: tuple[str, ...]


def forecast_events(
    table: pa.Table,
    actor: str,
    recipient: str | None = None,
    *,
    at: dt.date | None = None,
    horizon: int = 30,
    selection: Selection | None = None,
) -> EventForecast:
    """The chance of each type of event from an actor, to a recipient or to anybody.

    The ensemble is tried on past days of the same events first; where it has no skill over the base rates there, the
    base rate is shown and called so.

    Args:
        table: rows with the schema ``tables.DYADS``.
        actor: id, name or bloc ("USA+JPN").
        recipient: the same; None for whomever.
        at: the first day looked at; the day after the last event when None. Nothing from then on is known.
        horizon: days.
        selection: which events count.

    Raises:
        UsageError: an actor is unknown, both are the same, or ``at`` or ``horizon`` is out of range.
        AnalysisError: no event is left to learn from.
    """
    whole = _history(table, actor, recipient, selection)
    day = _checked_day(whole, at, horizon)
    before = whole.before(day)
    if not len(before):
        raise AnalysisError(f"no event is known before {dt.date.fromordinal(day)}; choose a later day")
    pair = _pair(before, actor, recipient)
    known = _largest(before, pair)
    count = int(occurred(known, pair).sum())
    model, tested, notes = _chosen(known, day, horizon, count)
    chances = model.forecast(known, pair, day, horizon)
    base = BaseRate().forecast(known, pair, day, horizon)
    return EventForecast(
        actor, recipient, dt.date.fromordinal(day), horizon, model.name, __version__,
        _table(known, pair, chances, base), count, tested, tuple(notes),
    )  # fmt: skip


def _history(table: pa.Table, actor: str, recipient: str | None, selection: Selection | None) -> EventHistory:
    rows = event_rows(table, selection)
    merged = dict.fromkeys(actor_keys(rows, actor), actor)
    if recipient is not None:
        theirs = actor_keys(rows, recipient)
        if theirs & merged.keys():
            raise UsageError(f"'{actor}' and '{recipient}' are the same or overlap; name two different actors")
        merged |= dict.fromkeys(theirs, recipient)
    history = event_history(table, selection, merged)
    return history if recipient is not None else history.of_actors()


def _checked_day(history: EventHistory, at: dt.date | None, horizon: int) -> int:
    last = history.last
    day = last + 1 if at is None else at.toordinal()
    if day > last + 1:
        raise UsageError(
            f"{at} lies in the future of these events, the last is of {dt.date.fromordinal(last)};"
            f" choose {dt.date.fromordinal(last + 1)} or earlier"
        )
    covered = day - history.first
    if horizon < 1 or horizon > covered:
        raise UsageError(f"a horizon of {horizon} days is out of range; the events before cover {covered} days")
    return day


def _pair(history: EventHistory, actor: str, recipient: str | None) -> Pairs:
    names = history.names
    first = names.index(actor) if actor in names else None
    second = ANYBODY if recipient is None else names.index(recipient) if recipient in names else None
    if first is None or second is None:
        raise AnalysisError(
            f"'{actor if first is None else recipient}' has no event with a day; there is nothing to go by"
        )
    return Pairs(pair_code(np.array([first]), np.array([second]), len(names)), len(names))


def _chosen(history: EventHistory, day: int, horizon: int, count: int) -> tuple[Forecaster, Tested | None, list[str]]:
    """The model to show, how it did, and what is to be said of it."""
    if count < FEWEST:
        said = f"{count} event{'s' if count != 1 else ''} of theirs known, {FEWEST} are needed; shown is the base rate"
        return BaseRate(), None, [f"{said}, drawn to what others do"]
    try:
        origins = origins_of(history, horizon, _ORIGINS)
        tested = backtest(history, [Ensemble()], horizon=horizon, origins=origins, fewest=FEWEST).forecasters[0]
    except AnalysisError:
        covered = day - history.first
        said = f"the events cover {covered} days, {3 * horizon} are needed to try a model over {horizon} days"
        return BaseRate(), None, [f"{said}; shown is the base rate"]
    if not (tested.over_pairs.is_there and tested.over_types.is_there):
        return (
            BaseRate(),
            tested,
            ["tried on past days the model had no skill over the base rate, which is shown instead"],
        )
    return Ensemble(), tested, []


def _largest(history: EventHistory, asked: Pairs) -> EventHistory:
    """The events of the pairs with most of them, and of the pair that is asked about both ways."""
    pairs = active_pairs(history, FEWEST)
    if len(pairs) <= _MOST_PAIRS:
        return history
    codes, counts = np.unique(history.codes(), return_counts=True)
    kept = codes[np.argsort(-counts, kind="stable")[:_MOST_PAIRS]]
    return history.where(np.isin(history.codes(), [*kept, *asked.codes, *asked.reversed_codes()]))


def _table(history: EventHistory, pair: Pairs, chances: Matrix, base: Matrix) -> pa.Table:
    counts, last = occurred(history, pair)[0], last_days(history, pair.codes)[0]
    days = [dt.date.fromordinal(int(day)) if np.isfinite(day) else None for day in last]
    order = np.argsort(-chances[0], kind="stable")
    rows = [
        {"event_type": EVENT_TYPES[k], "chance": float(chances[0, k]), "base_rate": float(base[0, k]),
         "events": int(counts[k]), "last": days[k]}
        for k in order
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=CHANCES)
