"""What may follow if something is done, or had not been done: a fitted process run ahead, against the untouched run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.acts import Act, actors_of, parse_act
from dragoman.analysis.channels import (
    MOST_ACTORS,
    Channel,
    ChannelCounts,
    busiest_partners,
    channel_counts,
    check_actors,
    exactly_dated,
    tone_of,
)
from dragoman.analysis.excitation import Excitation, fit_excitation, season_of
from dragoman.analysis.past_misses import widened, widening
from dragoman.analysis.precedents import find_precedents
from dragoman.analysis.selection import Selection, actor_names, event_rows, keys_among
from dragoman.analysis.simulation import ParameterDraws, draw_parameters, simulate, state_after
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
LEVEL = 0.9
_MOST_DRAWS = 100_000
SMALLEST_CHANGE = 0.005  # events; below it a change is told as none
_WORTH_SAYING = 0.05  # share of draws
_STEP = 7  # days between two points of a path

CHANGES = pa.schema([
    ("actor", pa.string()), ("recipient", pa.string()), ("tone", pa.string()),
    ("expected", pa.float64()),  # events within the horizon in the untouched run, mean of the draws
    ("expected_low", pa.float64()), ("expected_high", pa.float64()),  # of the simulated counts, widened (past_misses)
    ("change", pa.float64()),  # of the expected events; null where the channel has no model of answers
    ("change_low", pa.float64()), ("change_high", pa.float64()),  # what the fit leaves open
    ("chance", pa.float64()),  # share of draws with at least one event more (or less)
    ("most", pa.float64()),  # events more (or less) that nineteen of twenty draws stay within
    ("basis", pa.string()), ("gain", pa.float64()), ("events", pa.float64()),
])  # fmt: skip
PATHS = pa.schema([
    ("day", pa.date32()), ("actor", pa.string()), ("recipient", pa.string()), ("tone", pa.string()),
    ("expected", pa.float64()), ("expected_low", pa.float64()), ("expected_high", pa.float64()),
    ("change", pa.float64()), ("change_low", pa.float64()), ("change_high", pa.float64()),
])  # fmt: skip


class Scenario(msgspec.Struct, frozen=True):
    """What a scenario comes to.

    ``changes`` has one row a channel (``CHANGES``), ``paths`` the same summed up to every seventh day (``PATHS``),
    ``precedents`` the most similar past situations (``precedents.PRECEDENTS``). Bands hold ``LEVEL`` of the draws.
    ``unknown`` says what the model cannot know, one sentence each; ``notes`` what was left out or had to be damped.
    """

    acts: tuple[Act, ...]
    actors: tuple[str, ...]
    at: dt.date
    horizon: int
    draws: int
    seed: int
    model: Excitation
    changes: pa.Table
    paths: pa.Table
    precedents: pa.Table
    unknown: tuple[str, ...]
    notes: tuple[str, ...]

    def arrow(self) -> pa.Table:
        """The changes as an Arrow table."""
        return self.changes

    def df(self) -> object:
        """The changes as a pandas data frame."""
        return self.changes.to_pandas()


def whatif(
    table: pa.Table, acts: Sequence[Act | str], *, at: dt.date | None = None, horizon: int = 90, draws: int = 1000,
    actors: Sequence[str] = (), selection: Selection | None = None, precedents: int = 5, seed: int = 0,
) -> Scenario:  # fmt: skip
    """What may follow acts that are put into, or taken out of, the history of some actors.

    Args:
        table: Events with the schema ``tables.DYADS``.
        acts: "PRK MOBILIZE RUS x3 +7d" or ``Act``. One that is taken out must have happened by ``at``.
        at: The last day that counts as known; the last day of the events when left out.
        horizon: Days looked ahead.
        draws: Simulated runs.
        actors: Everybody in the model, 2 to 6 with those of the acts; filled up with who has most to do with
            the acts' actors before ``at`` when left out.
        selection: Factuality and dates; what happened, when left out.
        precedents: How many past situations to list.
        seed: Of the simulation; the same seed gives the same bytes.

    Raises:
        UsageError: An act, actor, date, horizon or number of draws that makes no sense.
        AnalysisError: Too little history.
    """
    parsed, day, known = asked(table, acts, at, draws, selection)
    counts = channel_counts(table, everybody(table, parsed, actors, known), selection=known)
    check_horizon(counts, horizon, parsed)
    model = fit_excitation(counts)
    streams = [np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(5)]
    parameters = draw_parameters(model, draws, streams[0])
    season = season_of(model.weekday, day.toordinal() + 1, horizon)
    base = simulate(parameters, season, streams[1], state=parameters.state, base=True)
    taken = taken_out(table, parsed, counts, known)
    more = _set_off(parameters, season, streams[2], put_in(parsed, counts, horizon))
    less = _set_off(parameters, season, streams[3], (taken, np.zeros((horizon, len(counts.channels)))))
    events, expected = more[0] - less[0], more[1] - less[1]
    found = find_precedents(table, parsed[0], at=day, horizon=horizon, count=precedents, selection=selection)
    factor = widening(model, parameters, horizon, LEVEL, streams[4])
    changes = _changes(model, base.events, events, expected, factor)
    paths = _paths(model, base.events, expected, day, factor)
    return Scenario(
        parsed, counts.actors, day, horizon, draws, seed, model, changes, paths, found,
        _unknown(model, parsed, day, found), _notes(model, parameters),
    )  # fmt: skip


def asked(
    table: pa.Table, acts: Sequence[Act | str], at: dt.date | None, draws: int, selection: Selection | None
) -> tuple[tuple[Act, ...], dt.date, Selection]:
    """The acts parsed, the last day that counts as known, and the selection of events up to it.

    Raises:
        UsageError: An act, the day or the number of draws makes no sense.
        AnalysisError: No event has a date exact to the day.
    """
    parsed = tuple(parse_act(act) if isinstance(act, str) else act for act in acts)
    if not parsed:
        raise UsageError("a scenario needs an act; write ACTOR TYPE RECIPIENT, as in PRK MOBILIZE RUS")
    if not 1 <= draws <= _MOST_DRAWS:
        raise UsageError(f"{draws} draws make no sense; give 1 to {_MOST_DRAWS:,}")
    known_until = last_day(table, selection)
    if at is not None and at > known_until:
        raise UsageError(f"{at} is later than the last event ({known_until}); choose that day or an earlier one")
    day = at or known_until
    return parsed, day, msgspec.structs.replace(selection or Selection(), until=day)


def last_day(table: pa.Table, selection: Selection | None) -> dt.date:
    """The last day on which something happens in the events that a selection keeps.

    Raises:
        AnalysisError: No event has a date exact to the day.
    """
    rows, _ = exactly_dated(event_rows(table, selection), "day")
    last: dt.date | None = pc.max(rows["start"]).as_py()
    if last is None:
        raise AnalysisError("no event has a date exact to a day, so nothing can be run ahead")
    return last


def check_horizon(counts: ChannelCounts, horizon: int, acts: Sequence[Act]) -> None:
    """Raise UsageError where a horizon is none, or ends before an act, AnalysisError where history is shorter."""
    if horizon < 1:
        raise UsageError(f"a horizon of {horizon} days is none; give 1 or more, as in --horizon 90d")
    days = len(counts.counts)
    if horizon > days:
        raise AnalysisError(f"a horizon of {horizon} days is longer than the history of {days}; take at most {days}")
    late = [act for act in acts if act.after >= horizon]
    if late:
        raise UsageError(f"'{late[0]}' comes after the horizon of {horizon} days; bring it forward or look further")


def everybody(table: pa.Table, acts: tuple[Act, ...], actors: Sequence[str], known: Selection) -> tuple[str, ...]:
    """The acts' actors, then those named, else those who have most to do with them; 2 to 6.

    Raises:
        UsageError: They are too few, too many, or unknown.
    """
    needed = actors_of(acts)
    if actors:
        together = tuple(dict.fromkeys((*needed, *actors)))
        check_actors(together)
        return together
    check_actors(needed)
    return (*needed, *busiest_partners(table, needed, MOST_ACTORS - len(needed), known))


def put_in(acts: Sequence[Act], counts: ChannelCounts, horizon: int) -> tuple[Floats, Floats]:
    """Events on the last day of the history (days, channels), and on the days ahead."""
    now, later = np.zeros_like(counts.counts), np.zeros((horizon, len(counts.channels)))
    for act in acts:
        if not act.removed:
            number = counts.channels.index(act.channel)
            if act.after:
                later[act.after - 1, number] += act.times
            else:
                now[-1, number] += act.times
    return now, later


def taken_out(table: pa.Table, acts: Sequence[Act], counts: ChannelCounts, known: Selection) -> Floats:
    """The events of the history (days, channels) that acts take away: the latest of their kind.

    Raises:
        UsageError: So many of them did not happen.
    """
    out = np.zeros_like(counts.counts)
    if not any(act.removed for act in acts):
        return out
    names = actor_names(event_rows(table, Selection(reality="all")))
    rows, _ = exactly_dated(event_rows(table, known), "day")
    tones, _ = tone_of(rows)
    typed = rows["event_type"].null_count < rows.num_rows
    for act in (act for act in acts if act.removed):
        ours, theirs = (pa.array(sorted(keys_among(names, name))) for name in (act.actor, act.recipient))
        mask = pc.and_(pc.is_in(rows["actor_key"], ours), pc.is_in(rows["recipient_key"], theirs))
        if typed:
            mask = pc.and_(mask, pc.equal(rows["event_type"], act.event_type))
        chosen = np.flatnonzero(mask.fill_null(False).to_numpy() & (tones >= 0))
        days = rows["start"].to_numpy().astype("datetime64[D]").astype(np.int64)
        chosen = chosen[np.argsort(days[chosen], kind="stable")][::-1]
        left = act.times
        for row in chosen:
            channel = Channel(act.actor, act.recipient, "conflict" if tones[row] else "cooperation")
            cell = (int(days[row]) - (counts.first - dt.date(1970, 1, 1)).days, counts.channels.index(channel))
            if left and out[cell] < counts.counts[cell] and (typed or channel.tone == act.tone):
                out[cell] += 1.0
                left -= 1
        if left:
            there = act.times - left
            raise UsageError(f"'{act}': {there} such events happened by {known.until}; no more can be taken away")
    return out


def _set_off(
    parameters: ParameterDraws, season: Floats, random: np.random.Generator, events: tuple[Floats, Floats]
) -> tuple[Floats, Floats]:
    now, later = events
    if not now.any() and not later.any():
        nothing = np.zeros((len(parameters.base), *later.shape))
        return nothing, nothing
    runs = simulate(parameters, season, random, state=state_after(parameters, now), base=False, added=later)
    return runs.events, runs.expected


def _changes(model: Excitation, base: Floats, events: Floats, expected: Floats, factor: float) -> pa.Table:
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    total, more, mean = base.sum(axis=1), events.sum(axis=1), expected.sum(axis=1)
    low, high = widened(*_around(total), factor)
    mean_low, mean_high = np.quantile(mean, tails, axis=0)
    most = np.quantile(np.abs(more), 0.95, axis=0)
    rows = []
    for k, target in enumerate(model.targets):
        known = target.fit is not None
        rows.append({
            **msgspec.structs.asdict(target.channel), "expected": float(total[:, k].mean()),
            "expected_low": float(low[k]), "expected_high": float(high[k]),
            "change": float(mean[:, k].mean()) if known else None,
            "change_low": float(mean_low[k]) if known else None, "change_high": float(mean_high[k]) if known else None,
            "chance": float((more[:, k] != 0).mean()) if known else None, "most": float(most[k]) if known else None,
            "basis": target.basis, "gain": target.gain, "events": target.events,
        })  # fmt: skip
    return pa.Table.from_pylist(rows, schema=CHANGES)


def _around(counts: Floats) -> tuple[Floats, Floats, Floats]:
    low, high = np.quantile(counts, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    return low, counts.mean(axis=0), high


def _paths(model: Excitation, base: Floats, expected: Floats, at: dt.date, factor: float) -> pa.Table:
    horizon = base.shape[1]
    days = sorted({*range(_STEP, horizon + 1, _STEP), horizon})
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    sums, more = (np.cumsum(values, axis=1)[:, [d - 1 for d in days]] for values in (base, expected))
    low, high = widened(*_around(sums), factor)
    more_low, more_high = np.quantile(more, tails, axis=0)
    dates = [at + dt.timedelta(days=d) for d in days]
    tables = []
    for k, target in enumerate(model.targets):
        bare = np.full(len(days), target.fit is None)
        channel = {name: [value] * len(days) for name, value in msgspec.structs.asdict(target.channel).items()}
        changes = {"change": more[:, :, k].mean(axis=0), "change_low": more_low[:, k], "change_high": more_high[:, k]}
        values = {
            "day": dates, **channel,
            "expected": sums[:, :, k].mean(axis=0), "expected_low": low[:, k], "expected_high": high[:, k],
            **{name: pa.array(value, mask=bare) for name, value in changes.items()},
        }  # fmt: skip
        tables.append(pa.table(values, schema=PATHS))
    return pa.concat_tables(tables)


def _unknown(model: Excitation, acts: Sequence[Act], at: dt.date, precedents: pa.Table) -> tuple[str, ...]:
    first = acts[0]
    own = sum(precedents["same_pair"].to_pylist())
    said = [
        f"why: it has seen counts of events up to {at}, no plans, no capabilities, nothing that was not reported",
        f"how grave the act is: {first.event_type} counts as one event of {first.tone}, like any other",
        "whether an act deters or calms: the process can only add answers, never take any away; "
        "a series model (--model series) can go both ways",
        "a turn that the history does not hold: answers are those usual up to now",
    ]
    bare = [target for target in model.targets if target.fit is None]
    if bare:
        said.append(
            f"what follows in {len(bare)} of {len(model.targets)} channels: too few events or no skill there, so only "
            "their base rate is shown and no change"
        )
    if not own:
        said.append(
            f"what these two do after such an act: none of {first.actor} to {first.recipient} is among the precedents"
        )
    return tuple(said)


def _notes(model: Excitation, parameters: ParameterDraws) -> tuple[str, ...]:
    if parameters.damped < _WORTH_SAYING:
        return model.notes
    return (*model.notes, f"{parameters.damped:.0%} of the draws would have grown without end and were damped")
