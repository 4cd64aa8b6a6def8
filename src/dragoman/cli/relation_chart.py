"""Series, change points and blocs as lines for the terminal."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from dragoman.analysis.balance import balance
from dragoman.analysis.blocs import Blocs, Move, between
from dragoman.analysis.brief_statements import counted, label
from dragoman.analysis.change_points import FEWEST_EVENTS, ChangePoint
from dragoman.analysis.periods import period_label
from dragoman.analysis.relation_series import RelationSeries
from dragoman.cli.event_source import named

_BAR = 24  # columns of a full bar
_MOST_LINES = 60  # of the chart; the rest is in csv
_FEWEST_EMPTY = 3  # periods without events in a row, from which one line stands for all
_MOST_ACTORS = 12
_PROOF_SECONDS = 5.0


def pair_title(series: RelationSeries, names: Mapping[str, str]) -> str:
    """Who the two are: "North Korea (PRK) and South Korea (KOR)"."""
    return f" {'to' if series.directed else 'and'} ".join(named(asked, names) for asked in (series.a, series.b))


def series_lines(series: RelationSeries, points: Sequence[ChangePoint], title: str) -> list[str]:
    """The series as a small chart, hostility to the left and cooperation to the right, then its changes."""
    rows = series.table.to_pylist()
    told = list(_period_lines(rows, series, {point.at for point in points}))
    total = round(series.weights.sum())
    lines = [f"{title}: {counted(total)} by {series.step}, counted by {series.counting}"]
    if len(told) > _MOST_LINES:
        lines.append(f"(the end of {len(rows)} periods; --format csv gives all)")
    sides = f"{'hostility':>{_BAR}} | {'cooperation':<{_BAR}}"
    lines.append(f"{'period':<10}  {sides} events  mean intensity (95 %)  share of all")
    lines += told[-_MOST_LINES:]
    if points:
        lines += ["", "Changes:"]
    elif series.rows.num_rows < FEWEST_EVENTS:
        lines += ["", f"No change was looked for: that takes {FEWEST_EVENTS} dated events."]
    else:
        lines += ["", "No change was found."]
    for point in points:
        lines += _change_lines(point, series)
    return [_printable(line.rstrip()) for line in lines]


def _period_lines(rows: list[dict[str, Any]], series: RelationSeries, marked: set[Any]) -> Iterator[str]:
    widest = max((max(row["cooperation"], row["hostility"]) for row in rows), default=0.0) or 1.0
    for empty, group in itertools.groupby(rows, lambda row: not row["events"] and row["period"] not in marked):
        run = list(group)
        first, last = (period_label(row["period"], series.step) for row in (run[0], run[-1]))
        if empty and len(run) >= _FEWEST_EMPTY:
            yield f"{first} to {last}: no events"
        else:
            for row in run:
                yield _period_line(row, widest, period_label(row["period"], series.step), row["period"] in marked)


def _period_line(row: dict[str, Any], widest: float, period: str, marked: bool) -> str:
    left = "#" * round(_BAR * row["hostility"] / widest)
    right = "=" * round(_BAR * row["cooperation"] / widest)
    reach = f"({_bound(row['tone_low'])} to {_bound(row['tone_high'])})"
    tone = "-" if row["tone"] is None else f"{row['tone']:+.1f} {reach}"
    share = "-" if row["of_world"] is None else f"{row['of_world']:.1%}"
    mark = "<" if marked else " "
    return f"{period:<10}{mark} {left:>{_BAR}} | {right:<{_BAR}} {row['events']:>6.0f}  {tone:<22} {share:>7}"


def _bound(value: float | None) -> str:
    return "?" if value is None else f"{value:+.1f}"


def _change_lines(point: ChangePoint, series: RelationSeries) -> list[str]:
    lines = [
        f"  {period_label(point.at, series.step)}: from {point.before:.1f} to {point.after:.1f} a {series.step}"
        f" ({point.grade}; in {point.stability:.0%} of resamples)"
    ]
    for cause in point.causes:
        what = f"{cause.day} {cause.actor} > {cause.recipient}: {cause.event_type or 'event'} {cause.intensity:+.1f}"
        lines.append(f"    {what} [{cause.event or 'no id'}]")
        if cause.quote:
            lines.append(f"      “{cause.quote}”")
    return lines


def bloc_lines(blocs: Blocs, at: str, names: Mapping[str, str]) -> list[str]:
    """Blocs with their members, who stands between, and how balanced the network is."""
    network = blocs.network
    numbers = (
        _several(len(network.actors), "actor"),
        _several(len(network.ends), "tie"),
        _several(blocs.count, "bloc"),
    )
    lines = [f"{at}: {', '.join(numbers)}"]
    for bloc in range(blocs.count):
        members = [label(actor, names) for actor in blocs.members(bloc)]
        more = f" and {len(members) - _MOST_ACTORS} more" if len(members) > _MOST_ACTORS else ""
        lines.append(f"  {bloc + 1}. {', '.join(members[:_MOST_ACTORS])}{more}")
    for row in between(blocs).to_pylist()[:_MOST_ACTORS]:
        own = f"{row['within']:.0%} with its own bloc {row['bloc'] + 1}"
        lines.append(
            f"  between: {label(row['actor'], names)}, {own}, {row['other']:.0%} with bloc {row['other_bloc'] + 1}"
        )
    found = balance(network, seconds=_PROOF_SECONDS)
    share = "no closed triads" if found.share is None else f"{found.share:.1%} of {found.triads} triads balanced"
    proof = "proven" if found.frustration.proven else f"at least {found.frustration.bound:.0f}"
    against = f"{_several(len(blocs.frustrated), 'tie')} against the blocs"
    lines.append(f"  {share}; frustration index {found.frustration.value:.0f} ({proof}); {against}")
    return [_printable(line) for line in lines]


def _several(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def move_lines(moves: Sequence[Move], before: str, after: str, names: Mapping[str, str]) -> list[str]:
    """Who changed bloc between two dates, and the ties that changed most."""
    lines = ["", f"From {before} to {after}: " + (f"{len(moves)} changed bloc" if moves else "nobody changed bloc")]
    for move in moves[:_MOST_ACTORS]:
        left, joined = (_company(side, move.actor, names) for side in (move.left, move.joined))
        lines.append(f"  {label(move.actor, names)}: from {left} to {joined}")
        lines += [f"    {label(other, names)}: {old:+.2f} to {new:+.2f}" for other, old, new in move.ties[:3]]
    return [_printable(line) for line in lines]


def _company(side: Sequence[str], actor: str, names: Mapping[str, str]) -> str:
    others = [label(other, names) for other in side if other != actor][:4]
    return f"the bloc of {', '.join(others)}" if others else "standing alone"


def _printable(text: str) -> str:
    # A hostile text must not steer the terminal.
    return "".join(c if c.isprintable() else " " for c in text)
