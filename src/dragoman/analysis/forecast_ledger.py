"""The ledger of the models' forecasts: what was said when by which model, and how it came out when its days are over.

It only grows. What came out is not written but looked up in the events, so that a correction of an event corrects the
score too. Models are scored by the same rules as people (``analysis.calibration``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
import numpy as np
import pyarrow as pa

from dragoman.analysis.calibration import Outcome
from dragoman.analysis.event_forecast import EventForecast
from dragoman.analysis.event_history import ANYBODY, EventHistory, event_history
from dragoman.analysis.selection import actor_keys, event_rows
from dragoman.errors import DragomanError
from dragoman.records import EVENT_TYPES


class ForecastEntry(msgspec.Struct, frozen=True):
    """One chance that a model gave.

    Attributes:
        actor: as asked.
        recipient: as asked; None for anybody.
        event_type: one of PLOVER's 16.
        at: first day of the horizon (ISO).
        horizon: days.
        chance: within 0 to 1.
        base_rate: the same by the base rate.
        model: which model.
        version: of the package.
        recorded: ISO time of writing.
    """

    actor: str
    recipient: str | None
    event_type: str
    at: str
    horizon: int
    chance: float
    base_rate: float
    model: str
    version: str
    recorded: str

    @property
    def ends(self) -> dt.date:
        """The last day of the horizon."""
        return dt.date.fromisoformat(self.at) + dt.timedelta(days=self.horizon - 1)


def entries_of(forecast: EventForecast, recorded: dt.datetime) -> list[ForecastEntry]:
    """A line of the ledger for each type of a forecast."""
    return [
        ForecastEntry(
            forecast.actor, forecast.recipient, row["event_type"], forecast.at.isoformat(), forecast.horizon,
            row["chance"], row["base_rate"], forecast.model, forecast.version, recorded.isoformat(timespec="seconds"),
        )
        for row in forecast.chances.to_pylist()
    ]  # fmt: skip


def model_outcomes(entries: Iterable[ForecastEntry], table: pa.Table) -> tuple[list[Outcome], int]:
    """How the forecasts came out whose horizon the events cover.

    Args:
        entries: the ledger; of the same question asked twice on one day the first answer counts.
        table: events with the schema ``tables.DYADS``, as corrected.

    Returns:
        An outcome for each settled entry, the model and its version as its speaker, and how many are open still.
    """
    outcomes: list[Outcome] = []
    open_still = 0
    histories: dict[tuple[str, str | None], EventHistory | None] = {}
    seen: set[tuple[str, str | None, str, str, int, str]] = set()
    for entry in entries:
        question = (entry.actor, entry.recipient, entry.event_type, entry.at, entry.horizon, entry.model)
        if question in seen:
            continue
        seen.add(question)
        sides = (entry.actor, entry.recipient)
        if sides not in histories:
            histories[sides] = _between(table, *sides)
        history = histories[sides]
        if history is None or history.last < entry.ends.toordinal():
            open_still += 1
            continue
        outcomes.append(Outcome(entry.chance, _came_true(entry, history), f"model: {entry.model}, {entry.version}"))
    return outcomes, open_still


def _between(table: pa.Table, actor: str, recipient: str | None) -> EventHistory | None:
    try:
        rows = event_rows(table)
        merged = dict.fromkeys(actor_keys(rows, actor), actor)
        if recipient is not None:
            merged |= dict.fromkeys(actor_keys(rows, recipient), recipient)
        history = event_history(table, None, merged)
    except DragomanError:
        return None  # nobody of that name is left in the events
    return history if recipient is not None else history.of_actors()


def _came_true(entry: ForecastEntry, history: EventHistory) -> bool:
    first = dt.date.fromisoformat(entry.at).toordinal()
    within = history.between(first, first + entry.horizon)
    if entry.actor not in history.names or (entry.recipient is not None and entry.recipient not in history.names):
        return False
    second = ANYBODY if entry.recipient is None else history.names.index(entry.recipient)
    theirs = (within.actor == history.names.index(entry.actor)) & (within.recipient == second)
    return bool(np.any(theirs & (within.kind == EVENT_TYPES.index(entry.event_type))))
