"""The signed, weighted and dated network of actors: who is with whom and who against whom."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.selection import (
    Counting,
    Selection,
    actor_names,
    country_of,
    event_rows,
    group_sums,
    unit_weights,
)
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
FEWEST_EVENTS = 3
"""A tie of fewer events is left out unless asked for."""


class Network(msgspec.Struct, frozen=True):
    """Actors and their ties. The arrays run over ties, in the order of ``ends``.

    ``ends`` (ties, 2) numbers the actors; ``cooperation`` and ``hostility`` are sums of intensity, both
    positive; ``weight`` is signed: (C - H) / (C + H) times the natural logarithm of 1 + events, so it
    says how one-sided a tie is and how much there is of it. ``first`` and ``last`` are days.
    """

    actors: tuple[str, ...]
    names: tuple[str, ...]
    ends: Codes
    weight: Floats
    cooperation: Floats
    hostility: Floats
    events: Floats
    first: NDArray[np.datetime64]
    last: NDArray[np.datetime64]

    def index(self, actor: str) -> int:
        """The number of an actor; UsageError when it is not in the network."""
        folded = actor.casefold()
        for labels in (self.actors, self.names):
            for index, label in enumerate(labels):
                if label.casefold() == folded:
                    return index
        raise UsageError(f"'{actor}' has no tie in this network; widen the dates or lower the fewest events")

    def matrix(self) -> Floats:
        """The symmetric signed weights, actors by actors."""
        square = np.zeros((len(self.actors), len(self.actors)))
        square[self.ends[:, 0], self.ends[:, 1]] = square[self.ends[:, 1], self.ends[:, 0]] = self.weight
        return square

    def arrow(self) -> pa.Table:
        """The ties as an Arrow table: ``a``, ``b`` and the fields of the same names."""
        keys = np.array(self.actors, dtype=object)
        return pa.table(
            {
                "a": pa.array(keys[self.ends[:, 0]], pa.string()),
                "b": pa.array(keys[self.ends[:, 1]], pa.string()),
                "weight": self.weight,
                "cooperation": self.cooperation,
                "hostility": self.hostility,
                "events": self.events,
                "first": pa.array(self.first),
                "last": pa.array(self.last),
            }
        )


def build_network(
    table: pa.Table,
    *,
    selection: Selection | None = None,
    counting: Counting = "record",
    sectors: bool = False,
    fewest_events: int = FEWEST_EVENTS,
) -> Network:
    """The network of a table's events; direction is left out, sectors count for their country unless ``sectors``.

    Raises:
        AnalysisError: No two actors share ``fewest_events`` events in the selection.
    """
    rows = event_rows(table, selection)
    rows = rows.filter(pc.and_(pc.is_valid(rows["actor_key"]), pc.is_valid(rows["recipient_key"])))
    named = actor_names(rows)
    keys, a, b = _numbered(rows["actor_key"], rows["recipient_key"], sectors)
    inside = a != b
    codes, tie = np.unique(np.minimum(a, b)[inside] * len(keys) + np.maximum(a, b)[inside], return_inverse=True)
    rows = rows.filter(pa.array(inside))
    weights, intensity = unit_weights(rows, counting), rows["intensity"].fill_null(0.0).to_numpy()
    events = group_sums(tie, weights, len(codes))
    warm = group_sums(tie, weights * np.maximum(intensity, 0), len(codes))
    cold = group_sums(tie, weights * np.maximum(-intensity, 0), len(codes))
    kept = events >= fewest_events - 1e-9
    if not kept.any():
        raise AnalysisError(f"no two actors share {fewest_events} events in this selection; widen it or ask for fewer")
    first, last = _dates(rows["start"], tie, len(codes))
    ends = np.column_stack([codes // len(keys), codes % len(keys)])[kept]
    used, packed = np.unique(ends, return_inverse=True)
    actors = tuple(keys[index] for index in used.tolist())
    return Network(
        actors, tuple(named.get(key, key) for key in actors), packed.reshape(-1, 2),
        _weight(warm, cold, events)[kept], warm[kept], cold[kept], events[kept], first[kept], last[kept],
    )  # fmt: skip


def network_of_ties(ties: Iterable[tuple[str, str, float]]) -> Network:
    """A network from signed ties ``(a, b, weight)`` as they are, for data that are no events.

    Raises:
        AnalysisError: There are no ties, or one joins an actor to itself.
    """
    listed = list(ties)
    if not listed or any(a == b for a, b, _ in listed):
        raise AnalysisError("a network needs at least one tie, each between two different actors")
    actors = tuple(sorted({actor for a, b, _ in listed for actor in (a, b)}))
    number = {actor: index for index, actor in enumerate(actors)}
    ends = np.array([sorted((number[a], number[b])) for a, b, _ in listed], dtype=np.int64)
    weight = np.array([weight for _, _, weight in listed], dtype=np.float64)
    unknown = np.full(len(listed), np.datetime64("NaT"), dtype="datetime64[D]")
    return Network(
        actors,
        actors,
        ends,
        weight,
        np.maximum(weight, 0),
        np.maximum(-weight, 0),
        np.ones(len(listed)),
        unknown,
        unknown,
    )


def _numbered(actors: pa.ChunkedArray, recipients: pa.ChunkedArray, sectors: bool) -> tuple[list[str], Codes, Codes]:
    # Who there is, in order, and each row's two as numbers in that; each value is looked at once, not in every row.
    sides = [column.combine_chunks().dictionary_encode() for column in (actors, recipients)]
    labels = [[key if sectors else country_of(key) for key in side.dictionary.to_pylist()] for side in sides]
    keys = sorted({label for side in labels for label in side})
    number = {key: index for index, key in enumerate(keys)}
    a, b = (
        np.array([number[label] for label in own], dtype=np.int64)[side.indices.to_numpy(zero_copy_only=False)]
        for own, side in zip(labels, sides, strict=True)
    )
    return keys, a, b


def _weight(warm: Floats, cold: Floats, events: Floats) -> Floats:
    whole = warm + cold
    return np.where(whole > 0, (warm - cold) / np.where(whole > 0, whole, 1), 0.0) * np.log1p(events)


def _dates(column: pa.ChunkedArray, tie: Codes, size: int) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    days = column.to_numpy().astype("datetime64[D]")
    known = ~np.isnat(days)
    first = np.full(size, np.datetime64(dt.date.max), dtype="datetime64[D]")
    last = np.full(size, np.datetime64(dt.date.min), dtype="datetime64[D]")
    np.minimum.at(first, tie[known], days[known])
    np.maximum.at(last, tie[known], days[known])
    undated = first > last
    first[undated] = last[undated] = np.datetime64("NaT")
    return first, last
