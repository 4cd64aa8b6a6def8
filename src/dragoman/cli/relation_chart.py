"""Series, change points and blocs as lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.analysis.balance import balance
from dragoman.analysis.blocs import Blocs, Move, between
from dragoman.analysis.change_points import ChangePoint
from dragoman.analysis.periods import period_label
from dragoman.analysis.relation_series import RelationSeries

_BAR = 24  # columns of a full bar
_MOST_PERIODS = 60  # shown; the rest is in csv
_MOST_ACTORS = 12
_PROOF_SECONDS = 5.0


def series_lines(series: RelationSeries, points: Sequence[ChangePoint]) -> list[str]:
    """The series as a small chart, hostility to the left and cooperation to the right, then its changes."""
    rows = series.table.to_pylist()
    shown = rows[-_MOST_PERIODS:]
    widest = max((max(row["cooperation"], row["hostility"]) for row in shown), default=0.0) or 1.0
    marks = {point.at: point for point in points}
    arrow = "to" if series.directed else "and"
    counted = f"{series.weights.sum():.0f} events by {series.step}, counted by {series.counting}"
    lines = [f"{series.a} {arrow} {series.b}: {counted}"]
    if len(rows) > len(shown):
        lines.append(f"(the last {len(shown)} of {len(rows)} periods; --format csv gives all)")
    sides = f"{'hostility':>{_BAR}} | {'cooperation':<{_BAR}}"
    lines.append(f"{'period':<10}  {sides} events  mean intensity (95 %)  share of all")
    for row in shown:
        left = "#" * round(_BAR * row["hostility"] / widest)
        right = "=" * round(_BAR * row["cooperation"] / widest)
        reach = f"({_bound(row['tone_low'])} to {_bound(row['tone_high'])})"
        tone = "-" if row["tone"] is None else f"{row['tone']:+.1f} {reach}"
        share = "-" if row["of_world"] is None else f"{row['of_world']:.1%}"
        mark = "<" if row["period"] in marks else " "
        label = period_label(row["period"], series.step)
        lines.append(f"{label:<10}{mark} {left:>{_BAR}} | {right:<{_BAR}} {row['events']:>6.0f}  {tone:<22} {share:>7}")
    lines += ["", "Changes:" if points else "No change was found."]
    for point in points:
        lines += _change_lines(point, series)
    return [_printable(line.rstrip()) for line in lines]


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
            lines.append(f'      "{cause.quote}"')
    return lines


def bloc_lines(blocs: Blocs, at: str) -> list[str]:
    """Blocs with their members, who stands between, and how balanced the network is."""
    network = blocs.network
    lines = [f"{at}: {len(network.actors)} actors, {len(network.ends)} ties, {blocs.count} blocs"]
    for bloc in range(blocs.count):
        members = blocs.members(bloc)
        more = f" and {len(members) - _MOST_ACTORS} more" if len(members) > _MOST_ACTORS else ""
        lines.append(f"  {bloc + 1}. {', '.join(members[:_MOST_ACTORS])}{more}")
    for row in between(blocs).to_pylist()[:_MOST_ACTORS]:
        own = f"{row['within']:.0%} with its own bloc {row['bloc'] + 1}"
        lines.append(f"  between: {row['actor']}, {own}, {row['other']:.0%} with bloc {row['other_bloc'] + 1}")
    found = balance(network, seconds=_PROOF_SECONDS)
    share = "no closed triads" if found.share is None else f"{found.share:.1%} of {found.triads} triads balanced"
    proof = "proven" if found.frustration.proven else f"at least {found.frustration.bound:.0f}"
    against = f"{len(blocs.frustrated)} ties against the blocs"
    lines.append(f"  {share}; frustration index {found.frustration.value:.0f} ({proof}); {against}")
    return [_printable(line) for line in lines]


def move_lines(moves: Sequence[Move], before: str, after: str) -> list[str]:
    """Who changed bloc between two dates, and the ties that changed most."""
    lines = ["", f"From {before} to {after}: " + (f"{len(moves)} changed bloc" if moves else "nobody changed bloc")]
    for move in moves[:_MOST_ACTORS]:
        left = ", ".join([actor for actor in move.left if actor != move.actor][:4]) or "nobody"
        joined = ", ".join([actor for actor in move.joined if actor != move.actor][:4]) or "nobody"
        lines.append(f"  {move.actor}: from those with {left} to those with {joined}")
        lines += [f"    {other}: {old:+.2f} to {new:+.2f}" for other, old, new in move.ties[:3]]
    return [_printable(line) for line in lines]


def _printable(text: str) -> str:
    # A hostile text must not steer the terminal.
    return "".join(c if c.isprintable() else " " for c in text)
