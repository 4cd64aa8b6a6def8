"""All events of a workspace as numbers in memory, for what is asked while somebody waits.

A question is a mask over the rows (``Filter`` says which hold) and an answer is counts of the rows that it leaves. Both
take milliseconds for a million rows, where a query would read the file anew for each move of a slider. Text columns are
numbers into a list of their values, so that a condition looks at each value once and not at each row.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.selection import REALITIES, actor_names, country_of
from dragoman.tables import DYADS
from dragoman.workspace.filters import Filter, day

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]
Floats = NDArray[np.float64]

_PLAIN = ("event", "quote")  # nearly every row has its own
NEVER = np.iinfo(np.int32).min
"""The day of what has no date."""

RESOLVED = "resolved"
"""Asks for events between actors that are known by their id; others are named in the texts and no more."""


class EventColumns:
    """The rows of ``tables.DYADS``, their dates as days since 1970, and who they name as numbers.

    Attributes:
        table: the rows, with ``actor_key`` and ``recipient_key`` (the id, else the name); texts are dictionaries.
        keys: every actor key, in the order of its number.
        names: its usual name by actor key.
        sides: the numbers of each row's actor and recipient in ``keys``; -1 where there is none.
        start: the day on which a row's event began; ``NEVER`` when unknown.
        end: the day on which it ended, or began when no end is known.
        first: as ``start``, but bounded by the publication where nothing is said.
        last: as ``end``, likewise.
        intensity: of each row; 0 where none is given.
    """

    def __init__(self, rows: pa.Table) -> None:
        columns = {name: rows[name].combine_chunks() for name in rows.column_names}
        for side in ("actor", "recipient"):
            columns[f"{side}_key"] = pc.coalesce(columns[side], columns[f"{side}_name"])
        self.names = actor_names(pa.table(columns))
        for name, column in columns.items():
            if pa.types.is_string(column.type) and name not in _PLAIN:
                columns[name] = column.dictionary_encode()
        self.table = pa.table(columns)
        self.keys, self.sides = _shared(columns["actor_key"], columns["recipient_key"])
        self.start, self.end, self.first, self.last = (
            _days(pc.coalesce(*(columns[name] for name in names)))
            for names in (("start",), ("end", "start"), ("start", "end", "published"), ("end", "start", "published"))
        )
        self.intensity: Floats = columns["intensity"].fill_null(0.0).to_numpy(zero_copy_only=False)
        self._event = _codes(columns["event"].dictionary_encode())
        self._alone: Mask = np.bincount(self._event, minlength=1)[self._event] == 1

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def where(self, filters: Filter) -> Mask:
        """Which rows meet the conditions, as ``Filter.where`` says it in SQL."""
        kept = np.ones(len(self), dtype=bool)
        for mask in self._conditions(filters):
            kept &= mask
        return kept

    def between(self, ours: frozenset[str], theirs: frozenset[str]) -> Mask:
        """Which rows stand between two sets of actor keys, whichever way round."""
        left, right = (self._among(keys) for keys in (ours, theirs))
        actor, recipient = self.sides
        mask: Mask = (left[actor] & right[recipient]) | (right[actor] & left[recipient])
        return mask

    @functools.cached_property
    def states(self) -> tuple[list[str], Codes, Codes]:
        """Actors with sectors counted as their state: their keys, and the numbers of both sides (-1: none)."""
        labels = [country_of(key) for key in self.keys]
        known = {label: number for number, label in enumerate(dict.fromkeys(labels))}
        lookup = np.array([*(known[label] for label in labels), -1], dtype=np.int64)
        return list(known), lookup[self.sides[0]], lookup[self.sides[1]]

    @functools.cached_property
    def pairs(self) -> tuple[list[tuple[str, str]], Codes]:
        """The pairs of different states, whichever way round, and the number of each row's (-1: none)."""
        keys, left, right = self.states
        inside = (left >= 0) & (right >= 0) & (left != right)
        ends = np.minimum(left, right)[inside] * len(keys) + np.maximum(left, right)[inside]
        found, numbers = np.unique(ends, return_inverse=True)
        of_row = np.full(len(self), -1, dtype=np.int64)
        of_row[inside] = numbers
        return [(keys[end // len(keys)], keys[end % len(keys)]) for end in found.tolist()], of_row

    @functools.cached_property
    def happened(self) -> Mask:
        """Which rows are told as having happened; imported ones that say nothing are taken so."""
        values, codes = self.coded("factuality")
        mask: Mask = np.array([*(value in REALITIES["happened"] for value in values), True], dtype=bool)[codes]
        return mask

    @functools.cached_property
    def resolved(self) -> Mask:
        """Which rows have an id on both sides; all of them where none has one."""
        mask: Mask = (self.coded("actor")[1] >= 0) & (self.coded("recipient")[1] >= 0)
        return mask if mask.any() else ~mask

    @functools.cached_property
    def spots(self) -> tuple[list[tuple[str, str | None]], Codes]:
        """Places by name and country, and the number of each row's (-1: it has none, or not where it lies)."""
        (names, name), (countries, country) = self.coded("place"), self.coded("country")
        located = (name >= 0) & np.isfinite(self.numbers("lat"))
        both = (name * (len(countries) + 1) + country + 1)[located]
        found, numbers = np.unique(both, return_inverse=True)
        of_row = np.full(len(self), -1, dtype=np.int64)
        of_row[located] = numbers
        ends = [divmod(spot, len(countries) + 1) for spot in found.tolist()]
        return [(names[a], countries[b - 1] if b else None) for a, b in ends], of_row

    def among(self, name: str, wanted: Collection[str]) -> Mask:
        """Which rows have one of some values in a text column."""
        if name not in _PLAIN:
            return self._is(name, wanted)
        found = pc.is_in(self.table[name], value_set=pa.array(sorted(wanted), pa.string()))
        mask: Mask = found.to_numpy().astype(bool)
        return mask

    def coded(self, name: str) -> tuple[list[Any], Codes]:
        """The values of a text column and the number of each row's (-1: none)."""
        column = self.table[name].combine_chunks()
        return column.dictionary.to_pylist(), _codes(column)

    def numbers(self, name: str) -> Floats:
        """A column of numbers; nan where there is none."""
        return _floats(self.table[name].combine_chunks())

    def rows(self, chosen: NDArray[Any] | None = None, *columns: str) -> pa.Table:
        """Some rows (a mask or row numbers; all when left out) with some columns (all when none is named)."""
        table = self.table.select([*columns]) if columns else self.table
        if chosen is not None:
            table = table.take(pa.array(np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen))
        return pa.table({name: _plain(table[name]) for name in table.column_names})

    def events(self, rows: NDArray[np.int64], groups: Codes, size: int) -> Codes:
        """How many different events each group has among some rows; ``groups`` numbers the group of each row."""
        alone = self._alone[rows]
        counts = np.bincount(groups[alone], minlength=size)
        pairs = np.unique(self._event[rows[~alone]] * size + groups[~alone])
        return counts + np.bincount(pairs % size, minlength=size)

    def weights(self, rows: NDArray[np.int64], groups: Codes, size: int) -> Floats:
        """What each of some rows counts for, so that the rows of an event count 1 together in a group."""
        weights = np.ones(len(rows))
        shared = np.flatnonzero(~self._alone[rows])
        _, unit, sizes = np.unique(
            self._event[rows[shared]] * size + groups[shared], return_inverse=True, return_counts=True
        )
        weights[shared] = 1.0 / sizes[unit]
        return weights

    def page(self, kept: Mask, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
        """A stretch of events, the latest first: how many there are in all, and the rows of those asked for."""
        rows = np.flatnonzero(kept)
        total = int(self.events(rows, np.zeros(len(rows), dtype=np.int64), 1)[0])
        wanted = min(offset + limit, total)
        if wanted <= offset:
            return total, []
        # All rows of an event have its dates, so the latest rows hold the latest events; a few rows more than events.
        size, rank = wanted, self.last[rows]
        while True:
            size = min(size * 2, len(rows))
            least = np.partition(rank, len(rows) - size)[len(rows) - size]
            near = rows[rank >= least]
            ordered = self._ordered(near)
            if len(ordered) >= wanted or len(near) == len(rows):
                break
        whole = self._whole(np.array(ordered[offset:wanted], dtype=np.int64))
        return total, self.rows(whole, *DYADS.names).to_pylist()

    def _ordered(self, rows: NDArray[np.int64]) -> list[int]:
        """The first row of each event among some rows, by day and then by the event's id."""
        keys = self.table["event"].take(pa.array(rows))
        order = pc.sort_indices(
            pa.table({"day": self.last[rows], "event": keys}), sort_keys=[("day", "descending"), ("event", "ascending")]
        ).to_numpy()
        rows = rows[order]
        _, first = np.unique(self._event[rows], return_index=True)
        chosen: list[int] = rows[np.sort(first)].tolist()
        return chosen

    def _whole(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        """All rows of the events of some rows, in the order of these: also those that a question left out."""
        shared = np.flatnonzero(~self._alone)
        shared = shared[np.isin(self._event[shared], self._event[rows])]
        more = np.unique(np.concatenate([rows, shared]))
        place = {event: at for at, event in enumerate(self._event[rows].tolist())}
        return more[np.argsort([place[event] for event in self._event[more].tolist()], kind="stable")]

    def _among(self, keys: frozenset[str]) -> Mask:
        return np.array([*(key in keys for key in self.keys), False], dtype=bool)

    def _conditions(self, filters: Filter) -> Iterator[Mask]:
        for name, test in _TESTS.items():
            value = getattr(filters, name)
            if value is not None and value != []:
                yield test(self, value)

    def _is_actor(self, side: str, value: str) -> Mask:
        own = self._is(side, [value])
        if len(value) == 3 and value.isupper():
            return own | self._looked_up(side, lambda values: pc.starts_with(values, f"{value}-"))
        return own | self._named(f"{side}_name", value)

    def _is(self, name: str, wanted: Collection[str]) -> Mask:
        return self._looked_up(name, lambda values: pc.is_in(values, value_set=pa.array(sorted(wanted), pa.string())))

    def _named(self, name: str, value: str) -> Mask:
        folded = pc.utf8_lower(pa.scalar(value)).as_py()
        return self._looked_up(name, lambda values: pc.equal(pc.utf8_lower(values), folded))

    def _looked_up(self, name: str, condition: Any) -> Mask:
        """A condition on each value of a text column once, then by number for each row; null meets none."""
        column = self.table[name].combine_chunks()
        met = condition(column.dictionary).to_numpy(zero_copy_only=False).astype(bool)
        mask: Mask = np.append(met, False)[_codes(column)]
        return mask


_TESTS: dict[str, Callable[[EventColumns, Any], Mask]] = {
    "actor": lambda own, value: own._is_actor("actor", value),
    "recipient": lambda own, value: own._is_actor("recipient", value),
    "either": lambda own, value: own._is_actor("actor", value) | own._is_actor("recipient", value),
    "since": lambda own, value: own.last >= _number(day(value)),
    "until": lambda own, value: (own.first <= _number(day(value, last=True))) & (own.first != NEVER),
    "event_type": lambda own, value: own._is("event_type", _listed(value)),
    "factuality": lambda own, value: own._is("factuality", _listed(value)),
    "mode": lambda own, value: own._is("mode", [value]),
    "story": lambda own, value: own._is("story", [value]),
    "origin": lambda own, value: own._is("origin", [value]),
    "quad_class": lambda own, value: own.numbers("quad_class") == value,
    "context": lambda own, value: _holds(own.table["contexts"].combine_chunks(), value),
    "document": lambda own, value: own._looked_up("document", lambda values: pc.starts_with(values, value)),
    "publisher": lambda own, value: own._named("publisher", value),
    "speaker": lambda own, value: own._is("speaker", [value]) | own._named("speaker", value),
    "place": lambda own, value: own._is("country", [value]) | own._named("place", value),
}
"""By condition of ``Filter``, which rows meet it."""


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _shared(*columns: pa.Array) -> tuple[list[str], tuple[Codes, Codes]]:
    """The values of two dictionaries as one list, and the numbers of both in it."""
    keys = list(dict.fromkeys(key for column in columns for key in column.dictionary.to_pylist()))
    number = {key: at for at, key in enumerate(keys)}
    one, other = (
        np.array([*(number[key] for key in column.dictionary.to_pylist()), -1], dtype=np.int64)[_codes(column)]
        for column in columns
    )
    return keys, (one, other)


def _codes(column: pa.Array) -> Codes:
    codes: Codes = column.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    return codes


def _days(column: pa.Array) -> NDArray[np.int32]:
    days: NDArray[np.int32] = column.cast(pa.int32()).fill_null(NEVER).to_numpy(zero_copy_only=False)
    return days


def _floats(column: pa.Array) -> Floats:
    floats: Floats = column.cast(pa.float64()).fill_null(float("nan")).to_numpy(zero_copy_only=False)
    return floats


def _plain(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole


def _holds(lists: pa.Array, value: str) -> Mask:
    mask = np.zeros(len(lists), dtype=bool)
    found = pc.equal(pc.list_flatten(lists), value).to_numpy(zero_copy_only=False).astype(bool)
    mask[pc.list_parent_indices(lists).to_numpy(zero_copy_only=False)[found]] = True
    return mask


def _number(date: dt.date | None) -> int:
    return (date - dt.date(1970, 1, 1)).days if date else int(NEVER)
