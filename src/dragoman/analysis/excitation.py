"""Who answers whom, with what, how strongly and after how long: a Hawkes process over all channels of some actors.

Every channel is a target of its own (``hawkes``). It may be excited by itself, fast and slowly; by the other tone of
the same direction; by what comes back; and by what third actors do to either side or have done to them. A channel with
too few events, or where the fit does not beat a constant rate on the last quarter of the days, which it has not seen,
falls back to its base rate and says so.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import stats

from dragoman.analysis.channels import TONES, Channel, ChannelCounts
from dragoman.analysis.hawkes import Fit, Source, fit_target, poisson_log_likelihood, rates
from dragoman.errors import AnalysisError, UsageError

Floats = NDArray[np.float64]
FEWEST_EVENTS = 20  # of a channel
FEWEST_DAYS = 60
HELD_OUT = 0.25  # share of the days, the last ones
SHRINK = 2.0  # a source's size has prior mean 1 / 2
LEVEL = 0.9
DOUBT = 30.0  # of third parties: many sources, each with little evidence
_MANY_EVENTS = 60  # of a channel, before third parties are looked at
_FEWEST_HELD = 1.0  # events in the held-out days, to judge by


class Target(msgspec.Struct, frozen=True):
    """How one channel was read.

    ``fit`` is None where the base rate stands; ``basis`` says which of both ("hawkes" or "base rate") and ``reason``
    why. ``rate`` is the mean events a day; ``gain`` the log-likelihood (nats) an event gained over a constant rate on
    the held-out days, null where it could not be told; ``held_out`` how many events that is judged by.
    """

    channel: Channel
    events: float
    rate: float
    sources: tuple[Source, ...]
    fit: Fit | None
    basis: str
    reason: str
    gain: float | None
    held_out: float


class Excitation(msgspec.Struct, frozen=True):
    """The fitted process of all channels.

    ``weekday`` has the factor of each day of the week, Monday first, mean one. ``branching`` (targets, channels) is
    how many events of a target one event of a channel is directly followed by; ``radius`` its spectral
    radius: the share of events that are answers to events, and below 1 in a system that comes to rest.
    """

    counts: ChannelCounts
    weekday: Floats
    targets: tuple[Target, ...]
    branching: Floats
    radius: float
    notes: tuple[str, ...]

    def gain(self) -> float | None:
        """Held-out log-likelihood an event over a constant rate, of all channels together, fall-backs as zero; nats."""
        judged = [(t.gain if t.fit else 0.0, t.held_out) for t in self.targets if t.gain is not None]
        events = sum(held for _, held in judged)
        return sum((gain or 0.0) * held for gain, held in judged) / events if events else None

    def arrow(self) -> pa.Table:
        """Who answers whom: one row a target and source that excites it.

        Columns: ``actor, recipient, tone`` (the answer), ``answers`` (to what), ``size`` with ``size_low`` and
        ``size_high`` (events directly following one event, 90 % interval), ``half_life`` with its interval (days),
        ``p`` (one-sided, of no excitation), ``share`` (of the target's events), ``gain``, ``events``, ``basis``.
        """
        rows = [row for target in self.targets if target.fit for row in _answers(target, self.counts)]
        return pa.Table.from_pylist(rows, schema=ANSWERS)

    def channels(self) -> pa.Table:
        """One row a channel: ``actor, recipient, tone, events, rate`` (a day), ``basis, reason, gain, held_out``."""
        rows = [
            {**msgspec.structs.asdict(t.channel), "events": t.events, "rate": t.rate, "basis": t.basis,
             "reason": t.reason, "gain": t.gain, "held_out": t.held_out}
            for t in self.targets
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, schema=CHANNELS)


ANSWERS = pa.schema([
    ("actor", pa.string()), ("recipient", pa.string()), ("tone", pa.string()), ("answers", pa.string()),
    ("size", pa.float64()), ("size_low", pa.float64()), ("size_high", pa.float64()), ("half_life", pa.float64()),
    ("half_life_low", pa.float64()), ("half_life_high", pa.float64()), ("p", pa.float64()), ("share", pa.float64()),
    ("gain", pa.float64()), ("events", pa.float64()), ("basis", pa.string()),
])  # fmt: skip
CHANNELS = pa.schema([
    ("actor", pa.string()), ("recipient", pa.string()), ("tone", pa.string()), ("events", pa.float64()),
    ("rate", pa.float64()), ("basis", pa.string()), ("reason", pa.string()), ("gain", pa.float64()),
    ("held_out", pa.float64()),
])  # fmt: skip


def fit_excitation(
    counts: ChannelCounts, *, held_out: float = HELD_OUT, shrink: float = SHRINK, third_parties: bool = True
) -> Excitation:
    """Fit the process to daily counts.

    Args:
        counts: From ``channel_counts`` by day.
        held_out: Share of the days, the last ones, that the fit is judged on before all days are used.
        shrink: Strength of the prior on sizes; a larger one makes more of them zero.
        third_parties: Let what other actors do excite a channel.

    Raises:
        UsageError: The counts are not by day.
        AnalysisError: There are fewer than 60 days of history.
    """
    if counts.step != "day":
        raise UsageError(f"a point process needs daily counts, these are by {counts.step}")
    days = len(counts.counts)
    if days < FEWEST_DAYS:
        raise AnalysisError(
            f"a model of answers needs {FEWEST_DAYS} days of history, there are {days}; add events or widen the dates"
        )
    cut = days - round(days * held_out)
    weekday = _weekday(counts, days)
    targets = tuple(
        _target(counts, number, sources_of(counts.channels, number, third_parties), cut, shrink)
        for number in range(len(counts.channels))
    )
    branching = branching_of(targets, len(counts.channels))
    radius = float(np.abs(np.linalg.eigvals(branching)).max())
    notes = list(counts.notes)
    bare = sum(target.fit is None for target in targets)
    if bare:
        notes.append(f"{bare} of {len(targets)} channels fall back to their base rate")
    if radius >= 1:
        notes.append(f"the fitted process explodes (radius {radius:.2f}): it is damped to rest when simulated")
    return Excitation(counts, weekday, targets, branching, radius, tuple(notes))


def season_of(weekday: Floats, first_ordinal: int, days: int) -> Floats:
    """The factor of each of ``days`` days from a proleptic ordinal on (``date.toordinal``)."""
    factors: Floats = weekday[(first_ordinal - 1 + np.arange(days)) % 7]  # ordinal 1 was a Monday
    return factors


def source_inputs(counts: Floats, sources: Sequence[Source]) -> Floats:
    """The counts of each source, its channels added; (days, sources)."""
    if not sources:
        return np.zeros((len(counts), 0))
    return np.stack([counts[:, list(source.channels)].sum(axis=1) for source in sources], axis=1)


def sources_of(channels: Sequence[Channel], number: int, third_parties: bool) -> tuple[Source, ...]:
    """What may excite a channel. Half-life bounds part a quick echo from a lasting one."""
    target = channels[number]
    a, b = target.actor, target.recipient
    place = {channel: k for k, channel in enumerate(channels)}
    other: tuple[Channel, ...] = tuple(Channel(a, b, tone) for tone in TONES if tone != target.tone)
    back = tuple(Channel(b, a, tone) for tone in TONES)
    sources = [
        Source(f"{target} (soon)", (number,), 0.5, 5.0),
        Source(f"{target} (lasting)", (number,), 10.0, 90.0),
        *(Source(str(channel), (place[channel],)) for channel in (*other, *back)),
    ]
    others = sorted({c.actor for c in channels} - {a, b})
    if others and third_parties:
        for tone in TONES:
            for name, ends in (
                (f"others > {a} {tone}", [(x, a) for x in others]),
                (f"others > {b} {tone}", [(x, b) for x in others]),
                (f"{a} > others {tone}", [(a, x) for x in others]),
                (f"{b} > others {tone}", [(b, x) for x in others]),
            ):
                sources.append(Source(name, tuple(place[Channel(*end, tone)] for end in ends), 0.5, 15.0, DOUBT))
    return tuple(sources)


def branching_of(targets: Sequence[Target], channels: int) -> Floats:
    """Events of each target that directly follow one event of each channel; (targets, channels)."""
    branching = np.zeros((len(targets), channels))
    for row, target in enumerate(targets):
        if target.fit:
            for size, source in zip(target.fit.size, target.sources, strict=True):
                branching[row, list(source.channels)] += size
    return branching


def _weekday(counts: ChannelCounts, days: int) -> Floats:
    """Attention by day of the week, from all events of the days given; ones where there are under four weeks."""
    if days < 28:
        return np.ones(7)
    which = (counts.first.toordinal() - 1 + np.arange(days)) % 7
    means = np.bincount(which, counts.world[:days], 7) / np.bincount(which, minlength=7)
    factors: Floats = (means + 0.01 * means.mean() + 1e-9) / (1.01 * means.mean() + 1e-9)
    return factors


def _target(counts: ChannelCounts, number: int, sources: tuple[Source, ...], cut: int, shrink: float) -> Target:
    channel, seen = counts.channels[number], counts.counts[:, number]
    events, days = float(seen.sum()), len(seen)

    def fallen_back(reason: str, gain: float | None = None, held: float = 0.0) -> Target:
        return Target(channel, events, events / days, sources, None, "base rate", reason, gain, held)

    if events < FEWEST_EVENTS:
        return fallen_back(f"{events:.0f} events, {FEWEST_EVENTS} are needed")
    sources = _useful(counts, seen, sources, cut, shrink)
    inputs = source_inputs(counts.counts, sources)
    gain, held = _held_out_gain(counts, seen, inputs, sources, cut, shrink)
    if gain is not None and gain <= 0:
        return fallen_back("no gain over a constant rate on days not seen", gain, held)
    season = season_of(_weekday(counts, days), counts.first.toordinal(), days)
    fit = fit_target(seen, inputs, season, sources, shrink=shrink)
    reason = "better than a constant rate on days not seen" if gain is not None else "too few events to judge it"
    return Target(channel, events, events / days, sources, fit, "hawkes", reason, gain, held)


def _useful(
    counts: ChannelCounts, seen: Floats, sources: tuple[Source, ...], cut: int, shrink: float
) -> tuple[Source, ...]:
    """The sources, third parties only where they help to tell the last part of the days before ``cut``."""
    own = tuple(source for source in sources if source.doubt == 1.0)
    if own == sources or seen[:cut].sum() < _MANY_EVENTS:
        return own
    early = round(cut * (1 - HELD_OUT))
    gains = []
    for chosen in (own, sources):
        inputs = source_inputs(counts.counts, chosen)[:cut]
        gain, _ = _held_out_gain(counts, seen[:cut], inputs, chosen, early, shrink)
        if gain is None:
            return own
        gains.append(gain)
    return sources if gains[1] > gains[0] else own


def _held_out_gain(
    counts: ChannelCounts, seen: Floats, inputs: Floats, sources: tuple[Source, ...], cut: int, shrink: float
) -> tuple[float | None, float]:
    held = float(seen[cut:].sum())
    if held < _FEWEST_HELD or seen[:cut].sum() < FEWEST_EVENTS / 2:
        return None, held
    season = season_of(_weekday(counts, cut), counts.first.toordinal(), len(seen))
    fit = fit_target(seen[:cut], inputs[:cut], season[:cut], sources, shrink=shrink)
    excited = poisson_log_likelihood(rates(fit, inputs, season)[cut:], seen[cut:])
    constant = poisson_log_likelihood(season[cut:] * seen[:cut].sum() / season[:cut].sum(), seen[cut:])
    return (excited - constant) / held, held


def _answers(target: Target, counts: ChannelCounts) -> list[dict[str, object]]:
    fit = target.fit
    if fit is None:
        return []
    many = len(target.sources)
    errors = np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
    reach = float(stats.norm.ppf((1 + LEVEL) / 2))
    given = source_inputs(counts.counts, target.sources).sum(axis=0)
    rows: list[dict[str, object]] = []
    for m, source in enumerate(target.sources):
        size, error, spread = float(fit.size[m]), float(errors[1 + m]), float(errors[1 + many + m])
        if size <= 1e-6:
            continue
        half = float(fit.half_life[m])
        factor = math.exp(min(reach * spread, 50.0))
        rows.append({
            **msgspec.structs.asdict(target.channel), "answers": source.name, "size": size,
            "size_low": max(0.0, size - reach * error), "size_high": size + reach * error, "half_life": half,
            "half_life_low": max(half / factor, source.shortest), "half_life_high": min(half * factor, source.longest),
            "p": float(stats.norm.sf(size / error)) if error > 0 else None,
            "share": min(1.0, size * float(given[m]) / target.events), "gain": target.gain, "events": target.events,
            "basis": target.basis,
        })  # fmt: skip
    return rows
