"""Events between pairs as arrays in the order of their days, for models that count what was before a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.selection import Selection, country_of, event_rows
from dragoman.errors import AnalysisError
from dragoman.records import EVENT_TYPES

KINDS = len(EVENT_TYPES)
ANYBODY = -1  # the recipient of an event that names none, and of an actor's events whomever they meet

Matrix = NDArray[np.float64]
"""(pairs, ``KINDS``) float64: a row for each pair, a column for each of PLOVER's types in their order."""


@dataclass(frozen=True)
class EventHistory:
    """Events in the order of their days; all arrays have one place for each event and pair.

    Attributes:
        day: last day of the event, as a proleptic ordinal.
        known: the day from which it could be known: that day, or the day of publication when that is later.
        actor: index into ``names``.
        recipient: the same, or ``ANYBODY``.
        kind: index into ``records.EVENT_TYPES``.
        names: keys of actors; sectors count as their country.
        first: the first day that the events cover.
    """

    day: NDArray[np.int64]
    known: NDArray[np.int64]
    actor: NDArray[np.int64]
    recipient: NDArray[np.int64]
    kind: NDArray[np.int64]
    names: tuple[str, ...]
    first: int

    def __len__(self) -> int:
        return len(self.day)

    @property
    def last(self) -> int:
        """The last day with an event."""
        return int(self.day[-1])

    def before(self, day: int) -> EventHistory:
        """What had happened, and could be known, before a day began."""
        return self.where((self.day < day) & (self.known < day))

    def between(self, first: int, end: int) -> EventHistory:
        """What happened from ``first`` to the day before ``end``, whenever it became known."""
        return self.where((self.day >= first) & (self.day < end))

    def of_actors(self) -> EventHistory:
        """The same with every recipient ``ANYBODY``: what actors do, to whomever."""
        anybody = np.full(len(self), ANYBODY)
        return EventHistory(self.day, self.known, self.actor, anybody, self.kind, self.names, self.first)

    def codes(self) -> NDArray[np.int64]:
        """One number for each ordered pair; see ``pair_code``."""
        return pair_code(self.actor, self.recipient, len(self.names))

    def where(self, mask: NDArray[np.bool_]) -> EventHistory:
        """The events of a mask."""
        return EventHistory(
            self.day[mask], self.known[mask], self.actor[mask], self.recipient[mask], self.kind[mask], self.names,
            self.first,
        )  # fmt: skip


def pair_code(actor: NDArray[np.int64], recipient: NDArray[np.int64], names: int) -> NDArray[np.int64]:
    """One number for each ordered pair of indices, recipients counted from ``ANYBODY``."""
    return actor * (names + 1) + recipient + 1


def event_history(
    table: pa.Table, selection: Selection | None = None, merged: Mapping[str, str] | None = None
) -> EventHistory:
    """The events of a table as a history; events without a day or an actor are left out.

    Args:
        table: rows with the schema ``tables.DYADS``.
        selection: which of them count.
        merged: keys of actors that count as somebody else, a bloc for instance; others count as their country.

    Raises:
        AnalysisError: None is left.
    """
    rows = event_rows(table, selection)
    rows = rows.filter(pc.and_(pc.is_valid(rows["start"]), pc.is_valid(rows["actor_key"])))
    if rows.num_rows == 0:
        raise AnalysisError("no event has a day and an actor; there is nothing to forecast from")
    day = _ordinals(pc.coalesce(rows["end"], rows["start"]))
    published = _ordinals(pc.coalesce(rows["published"], rows["end"], rows["start"]))
    keys = [rows[f"{side}_key"].combine_chunks().dictionary_encode() for side in ("actor", "recipient")]
    whose = merged or {}
    called = [[whose.get(key, country_of(key)) if key else "" for key in c.dictionary.to_pylist()] for c in keys]
    names = tuple(sorted({key for column in called for key in column if key}))
    index = {name: number for number, name in enumerate(names)}
    sides = [
        np.array([index.get(key, ANYBODY) for key in column] or [ANYBODY])[
            pc.fill_null(coded.indices, 0).to_numpy(zero_copy_only=False)
        ]
        for column, coded in zip(called, keys, strict=True)
    ]
    sides[1] = np.where(np.asarray(rows["recipient_key"].is_valid()), sides[1], ANYBODY)
    kind = pc.index_in(rows["event_type"], pa.array(EVENT_TYPES)).to_numpy()
    keep = (sides[0] != sides[1]) & ~np.isnan(kind.astype(float))
    order = np.argsort(day[keep], kind="stable")
    columns = (day, np.maximum(day, published), sides[0], sides[1], kind)
    days, known, actor, recipient, kinds = (column[keep][order].astype(np.int64) for column in columns)
    if not len(days):
        raise AnalysisError("no event is between two actors; there is nothing to forecast from")
    return EventHistory(days, known, actor, recipient, kinds, names, int(days[0]))


def _ordinals(days: pa.ChunkedArray) -> NDArray[np.int64]:
    return np.asarray(days.cast(pa.int32()).to_numpy(), dtype=np.int64) + dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Pairs:
    """Ordered pairs of a history, and where the reverse of each stands.

    Attributes:
        codes: sorted, one for each pair (``pair_code``).
        names: how many actors the history has.
    """

    codes: NDArray[np.int64]
    names: int

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def actor(self) -> NDArray[np.int64]:
        """Index of each pair's actor."""
        return np.asarray(self.codes // (self.names + 1))

    @property
    def recipient(self) -> NDArray[np.int64]:
        """Index of each pair's recipient, or ``ANYBODY``."""
        return np.asarray(self.codes % (self.names + 1) - 1)

    def reversed_codes(self) -> NDArray[np.int64]:
        """The code of each pair the other way round."""
        return pair_code(self.recipient, self.actor, self.names)


def active_pairs(history: EventHistory, fewest: int) -> Pairs:
    """The pairs with at least ``fewest`` events in a history."""
    codes, counts = np.unique(history.codes(), return_counts=True)
    return Pairs(codes[counts >= fewest], len(history.names))


def decayed(history: EventHistory, codes: NDArray[np.int64], at: int, constant: float) -> Matrix:
    """Counts of each kind for pairs given by code, in any order, an event of age a counting ``exp(-a / constant)``."""
    weights = np.exp(-(at - history.day) / constant) if np.isfinite(constant) else np.ones(len(history))
    return _summed(history.codes(), history.kind, weights, codes)


def occurred(history: EventHistory, pairs: Pairs) -> Matrix:
    """How many events of each kind each pair has."""
    return _summed(history.codes(), history.kind, np.ones(len(history)), pairs.codes)


def side_counts(history: EventHistory, pairs: Pairs, at: int, constant: float) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """Decayed counts of each kind, whoever the other side is.

    Returns:
        What each pair's actor does, what is done to its recipient, what is done to its actor, what its recipient does.
    """
    weights = np.exp(-(at - history.day) / constant)
    by = _table(history.actor + 1, history.kind, weights, pairs.names + 1)  # the first row is nobody's
    to = _table(history.recipient + 1, history.kind, weights, pairs.names + 1)
    actor, recipient = pairs.actor + 1, pairs.recipient + 1
    return by[actor], to[recipient], to[actor], by[recipient]


def active_days(history: EventHistory, codes: NDArray[np.int64], first: int) -> Matrix:
    """On how many days from ``first`` on each kind was there, for pairs given by code."""
    recent = history.where(history.day >= first)
    cells = np.unique(np.stack([recent.codes() * KINDS + recent.kind, recent.day]), axis=1)[0]
    return _summed(cells // KINDS, cells % KINDS, np.ones(len(cells)), codes)


def last_days(history: EventHistory, codes: NDArray[np.int64]) -> Matrix:
    """The last day of each kind for pairs given by code; minus infinity where there was none."""
    order = np.argsort(codes, kind="stable")
    places, found = _places(history.codes(), codes[order])
    last = np.full((len(codes), KINDS), -np.inf)
    last[order[places[found]], history.kind[found]] = history.day[found]  # of several the latest, which comes last
    return last


def _summed(
    codes: NDArray[np.int64], kind: NDArray[np.int64], weights: NDArray[np.float64], wanted: NDArray[np.int64]
) -> Matrix:
    order = np.argsort(wanted, kind="stable")
    places, found = _places(codes, wanted[order])
    whole = np.zeros((len(wanted), KINDS))
    whole[order] = _table(places[found], kind[found], weights[found], len(wanted))
    return whole


def _places(codes: NDArray[np.int64], ordered: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    if not len(ordered):
        return np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=bool)
    places = np.minimum(np.searchsorted(ordered, codes), len(ordered) - 1)
    return places, ordered[places] == codes


def _table(rows: NDArray[np.int64], kind: NDArray[np.int64], weights: NDArray[np.float64], size: int) -> Matrix:
    counts = np.bincount(rows * KINDS + kind, weights=weights, minlength=size * KINDS)
    return np.asarray(counts.reshape(size, KINDS), dtype=np.float64)
