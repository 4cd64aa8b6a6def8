"""Who acts on whom and how, counted period by period: what models of action and reaction are fitted to.

A channel is one direction between two actors and one tone ("PRK > KOR conflict"). Events count once a
channel and story (a record without a story is its own): the same happening told five times is no five answers.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Literal, TypeAlias

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.periods import Step, period_numbers, period_starts
from dragoman.analysis.selection import Selection, actor_names, country_of, event_rows, group_sums, keys_among
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Tone: TypeAlias = Literal["cooperation", "conflict"]
TONES: tuple[Tone, ...] = ("cooperation", "conflict")
FEWEST_ACTORS, MOST_ACTORS = 2, 6
_LONGEST = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}  # days


class Channel(msgspec.Struct, frozen=True, order=True):
    """What one actor does to another in one tone."""

    actor: str
    recipient: str
    tone: Tone

    def __str__(self) -> str:
        return f"{self.actor} > {self.recipient} {self.tone}"


class ChannelCounts(msgspec.Struct, frozen=True):
    """Counts of the channels among a set of actors.

    ``counts`` is (periods, channels); ``intensity`` the sums of absolute intensity in the same shape;
    ``world`` all events of each period, whoever they are between. ``first`` and ``last`` are the first
    day of the first period and of the last; ``notes`` say what is left out.
    """

    actors: tuple[str, ...]
    channels: tuple[Channel, ...]
    step: Step
    first: dt.date
    last: dt.date
    counts: Floats
    intensity: Floats
    world: Floats
    notes: tuple[str, ...]

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every ordered pair of the actors, in the channels' order."""
        return tuple(itertools.permutations(self.actors, 2))

    def starts(self) -> list[dt.date]:
        """The first day of each period."""
        number = int(_numbers_of([self.first], self.step)[0])
        days = period_starts(np.arange(number, number + len(self.counts)), self.step)
        return list(days.astype(object))


def channel_counts(
    table: pa.Table, actors: Sequence[str], *, by: Step = "day", selection: Selection | None = None
) -> ChannelCounts:
    """Count what each of some actors does to each other one, in two tones, period by period.

    The periods reach from the first to the last event of the table (of anybody) that the selection keeps, or
    as it says: a quiet pair in a busy world is quiet, not unknown. Incomplete last weeks or months are kept.

    Args:
        table: Events with the schema ``tables.DYADS``.
        actors: 2 to 6 ids (sectors included), names or blocs ("USA+JPN").
        by: The length of a period.
        selection: Dates and factuality; what happened, at any time, when left out.

    Raises:
        UsageError: An actor is unknown, two overlap, or there are too few or too many.
        AnalysisError: There are no dated events.
    """
    check_actors(actors)
    chosen = selection or Selection()
    names = actor_names(event_rows(table, Selection(reality="all")))
    numbers = _actor_numbers(names, actors)
    rows, notes = exactly_dated(event_rows(table, chosen), by)
    if rows.num_rows == 0:
        raise AnalysisError(f"no event has a date exact to a {by}; try a longer period or other dates")
    periods = period_numbers(rows["start"].to_numpy().astype("datetime64[D]"), by)
    first, last = _bounds(periods, chosen, by)
    inside = (periods >= first) & (periods <= last)
    rows, periods = rows.filter(pa.array(inside)), periods[inside] - first
    size, count = last - first + 1, len(actors)
    channels = tuple(Channel(a, b, tone) for a, b in itertools.permutations(actors, 2) for tone in TONES)
    cells, weights = _cells(rows, numbers, count)
    shape = (size, len(channels))
    unique, of_unit = first_of_unit(rows, cells, periods)
    flat = (periods * len(channels) + cells)[of_unit]
    one = np.ones(rows.num_rows)
    counts = group_sums(flat, one[of_unit], size * len(channels)).reshape(shape)
    intensity = group_sums(flat, weights[of_unit], size * len(channels)).reshape(shape)
    world = group_sums(periods[unique], one[unique], size)
    starts = period_starts(np.array([first, last]), by).astype(object)
    return ChannelCounts(tuple(actors), channels, by, starts[0], starts[1], counts, intensity, world, notes)


def check_actors(actors: Sequence[str]) -> None:
    """Raise UsageError unless there are two to six different actors."""
    if not FEWEST_ACTORS <= len(actors) <= MOST_ACTORS:
        raise UsageError(f"{len(actors)} actors were named; give {FEWEST_ACTORS} to {MOST_ACTORS}")
    doubled = [actor for k, actor in enumerate(actors) if actor in actors[:k]]
    if doubled:
        raise UsageError(f"'{doubled[0]}' is named twice; name different actors")


def busiest_partners(table: pa.Table, actors: Sequence[str], count: int, selection: Selection) -> tuple[str, ...]:
    """The ``count`` actors with the most events with any of ``actors``, busiest first; sectors count as their country.

    Raises:
        UsageError: An actor is unknown.
    """
    names = actor_names(event_rows(table, Selection(reality="all")))
    ours = frozenset().union(*(keys_among(names, actor) for actor in actors))
    rows = event_rows(table, selection).select(["actor_key", "recipient_key"])
    met: dict[str, int] = {}
    for pair in rows.group_by(["actor_key", "recipient_key"]).aggregate([([], "count_all")]).to_pylist():
        for one, other in (("actor_key", "recipient_key"), ("recipient_key", "actor_key")):
            key = pair[other]
            if pair[one] in ours and key is not None and key not in ours:
                met[country_of(key)] = met.get(country_of(key), 0) + pair["count_all"]
    taken = {country_of(key) for key in ours}
    ranked = sorted((key for key in met if key not in taken), key=lambda key: (-met[key], key))
    return tuple(ranked[:count])


def _actor_numbers(names: dict[str, str], actors: Sequence[str]) -> dict[str, int]:
    numbers: dict[str, int] = {}
    for number, actor in enumerate(actors):
        for key in sorted(keys_among(names, actor)):
            if key in numbers:
                raise UsageError(f"'{actors[numbers[key]]}' and '{actor}' overlap ({key}); name different actors")
            numbers[key] = number
    return numbers


def exactly_dated(rows: pa.Table, by: Step) -> tuple[pa.Table, tuple[str, ...]]:
    """The rows whose date is as exact as a period, and notes on how many are left out."""
    notes = []
    undated = rows["start"].null_count
    if undated:
        rows = rows.filter(pc.is_valid(rows["start"]))
        notes.append(f"{undated} events without a date are left out")
    start = rows["start"].to_numpy().astype("datetime64[D]")
    end = pc.coalesce(rows["end"], rows["start"]).to_numpy().astype("datetime64[D]")
    exact = (end - start).astype(np.int64) < _LONGEST[by]
    if not exact.all():
        notes.append(f"{int((~exact).sum())} events dated less exactly than to a {by} are left out")
        rows = rows.filter(pa.array(exact))
    return rows, tuple(notes)


def _bounds(periods: Numbers, chosen: Selection, by: Step) -> tuple[int, int]:
    first, last = int(periods.min()), int(periods.max())
    if chosen.since is not None:
        first = int(_numbers_of([chosen.since], by)[0])
    if chosen.until is not None:
        last = int(_numbers_of([chosen.until], by)[0])
    return first, last


def _numbers_of(days: Sequence[dt.date], by: Step) -> Numbers:
    return period_numbers(np.array(days, dtype="datetime64[D]"), by)


def _cells(rows: pa.Table, numbers: dict[str, int], count: int) -> tuple[Numbers, Floats]:
    """The channel of each row (-1 for none) and its absolute intensity."""
    actor, recipient = (_numbered(rows[f"{side}_key"], numbers) for side in ("actor", "recipient"))
    conflict, strength = tone_of(rows)
    between = (actor >= 0) & (recipient >= 0) & (actor != recipient) & (conflict >= 0)
    # itertools.permutations gives each actor its count - 1 partners in order, itself left out.
    pair = actor * (count - 1) + recipient - (recipient > actor)
    return np.where(between, pair * len(TONES) + conflict, -1), strength


def _numbered(column: pa.ChunkedArray, numbers: dict[str, int]) -> Numbers:
    encoded = column.combine_chunks().dictionary_encode()
    of_value = np.array([*(numbers.get(value, -1) for value in encoded.dictionary.to_pylist()), -1], dtype=np.int64)
    found: Numbers = of_value[encoded.indices.fill_null(len(of_value) - 1).to_numpy(zero_copy_only=False)]
    return found


def tone_of(rows: pa.Table) -> tuple[Numbers, Floats]:
    """The tone of each row (0 cooperation, 1 conflict, -1 unknown) and its absolute intensity (0 where unknown).

    The quad class says it where it is known, else the sign of the intensity; an intensity of zero says nothing.
    """
    quad = rows["quad_class"].fill_null(0).to_numpy().astype(np.int64)
    intensity = rows["intensity"].fill_null(0.0).to_numpy()
    by_sign = np.where(intensity > 0, 0, np.where(intensity < 0, 1, -1))
    return np.where(quad > 0, (quad > 2).astype(np.int64), by_sign), np.abs(intensity)


def first_of_unit(rows: pa.Table, cells: Numbers, periods: Numbers) -> tuple[Numbers, Numbers]:
    """Numbers of the rows that stand for their unit: one a story, and one a story, channel and period.

    Args:
        rows: Events; those without a story are their own.
        cells: The channel of each row, -1 for none.
        periods: The period of each row.
    """
    index = pa.array(np.arange(rows.num_rows)).cast(pa.string())
    own = pc.coalesce(rows["event"], pc.binary_join_element_wise("row", index, " "))
    unit = pc.coalesce(pc.binary_join_element_wise("story", rows["story"], " "), own)
    codes = unit.combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    _, unique = np.unique(codes, return_index=True)
    inside = np.flatnonzero(cells >= 0)
    cell = periods * (int(cells.max(initial=0)) + 1) + cells
    _, kept = np.unique(codes[inside] * (int(cell.max(initial=0)) + 1) + cell[inside], return_index=True)
    return unique, inside[kept]
