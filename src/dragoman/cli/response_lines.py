"""Responses and scenarios as lines for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dragoman.analysis.autoregression import Autoregression
from dragoman.analysis.excitation import Excitation
from dragoman.analysis.impulse import Impulses
from dragoman.analysis.responses import Responses
from dragoman.analysis.scenarios import SMALLEST_CHANGE, Scenario
from dragoman.analysis.series_scenario import SeriesScenario

_MOST_ANSWERS = 15
_MOST_CHANGES = 12
_SURE, _LIKELY = 0.01, 0.1  # p-values


def response_lines(found: Responses) -> list[str]:
    """What both models say, the stronger answers first."""
    lines = [f"Action and reaction: {', '.join(found.actors)}"]
    if found.events is not None:
        lines += _answer_lines(found.events)
    if found.series is not None:
        lines += _granger_lines(found.series)
    if found.impulses is not None:
        lines += _impulse_lines(found.impulses)
    return _finished(lines, (), found.notes)


def _answer_lines(model: Excitation) -> list[str]:
    counts = model.counts
    gain = model.gain()
    told = "could not be judged on days not seen" if gain is None else f"{gain:+.3f} nats an event on days not seen"
    lines = ["", f"By event times ({counts.first} to {counts.last}, {counts.counts.sum():.0f} events; {told}):"]
    rows = [row for row in model.arrow().to_pylist() if row["p"] is not None and row["p"] < _LIKELY]
    rows.sort(key=lambda row: (-row["share"], row["answers"]))
    for row in rows[:_MOST_ANSWERS]:
        sure = "sure" if row["p"] < _SURE else "likely"
        lines.append(f"  {row['actor']} > {row['recipient']} {row['tone']} answers {row['answers']}")
        lines.append(
            f"      {row['size']:.2f} events for one ({row['size_low']:.2f} to {row['size_high']:.2f}), {_soon(row)}; "
            f"{row['share']:.0%} of its events; {sure} (p {_p(row['p'])})"
        )
    if not rows:
        lines.append("  no answer is sure enough to be named")
    if len(rows) > _MOST_ANSWERS:
        lines.append(f"  and {len(rows) - _MOST_ANSWERS} weaker ones (--format json gives all)")
    bare = [target for target in model.targets if target.fit is None and target.events]
    lines += [f"  base rate only: {t.channel}, {t.rate:.3f} a day ({t.reason})" for t in bare[:_MOST_CHANGES]]
    if len(bare) > _MOST_CHANGES:
        lines.append(f"  and {len(bare) - _MOST_CHANGES} more at their base rate")
    return lines


def _soon(row: dict[str, Any]) -> str:
    # Dates are days: half of all answers within half a day means the next day for most of them.
    if row["half_life_high"] <= 1:
        return "most on the next day"
    if row["half_life"] <= 1:
        return f"half of them by the next day (at most {row['half_life_high']:.0f} days)"
    return (
        f"half of them within {row['half_life']:.0f} days ({row['half_life_low']:.0f} to {row['half_life_high']:.0f})"
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _granger_lines(model: Autoregression) -> list[str]:
    panel = model.panel
    lines = ["", f"By {panel.step}, {len(panel.values)} {panel.step}s, {model.lags} lags ({model.criterion}):"]
    rows = sorted(model.granger.to_pylist(), key=lambda row: row["p"])
    for row in rows[:_MOST_ANSWERS]:
        said = "helps to predict" if row["p_holm"] < 0.05 else "does not help to predict"
        test = f"F({row['df']}, {row['df_error']}) = {row['f']:.1f}, p {row['p']:.2g}, adjusted {row['p_holm']:.2g}"
        lines.append(f"  {row['cause']} {said} {row['effect']}: {test}")
    if len(rows) > _MOST_ANSWERS:
        lines.append(f"  and {len(rows) - _MOST_ANSWERS} more pairs (--format json gives all)")
    lines += [f"  {row['series']}: {row['verdict']} (ADF p {row['adf_p']:.2f}, KPSS p {row['kpss_p']:.2f})"
              for row in model.stationarity.to_pylist()]  # fmt: skip
    return lines


def _impulse_lines(found: Impulses) -> list[str]:
    how = f"order: {' > then '.join(found.order)}" if found.order else "no order is assumed"
    lines = ["", f"Summed response to a push of one standard deviation ({found.push}; {how}; {found.level:.0%} bands):"]
    sums = found.draws.sum(axis=1)
    edge = (1 - found.level) / 2
    total = found.response.sum(axis=0)
    for cause, pushed in enumerate(found.names):
        for effect, name in enumerate(found.names):
            if cause != effect:
                low, high = (float(q) for q in _quantiles(sums[:, effect, cause], edge))
                lines.append(
                    f"  {pushed} pushed by {found.sizes[cause]:.1f}: {name} {total[effect, cause]:+.1f} "
                    f"({low:+.1f} to {high:+.1f}) within {len(found.response) - 1} {found.step}s"
                )
    return lines


def _quantiles(values: Any, edge: float) -> tuple[float, float]:
    import numpy as np

    low, high = np.quantile(values, [edge, 1 - edge])
    return float(low), float(high)


def scenario_lines(found: Scenario) -> list[str]:
    """The changes that matter, precedents, and what the model cannot know."""
    lines = _head(found.acts, found.at, found.horizon)
    lines.append(f"{found.draws} runs of {', '.join(found.actors)}, seed {found.seed}")
    rows = [row for row in found.changes.to_pylist() if row["change"] is not None]
    moved = sorted((r for r in rows if abs(r["change"]) >= SMALLEST_CHANGE), key=lambda row: -abs(row["change"]))
    lines += ["", "Change of expected events against the untouched run (90 % band):"]
    for row in moved[:_MOST_CHANGES]:
        lines.append(
            f"  {row['actor']} > {row['recipient']} {row['tone']}: {row['change']:+.2f} "
            f"({row['change_low']:+.2f} to {row['change_high']:+.2f}) on {row['expected']:.1f} "
            f"({row['expected_low']:.0f} to {row['expected_high']:.0f}); any at all in {row['chance']:.0%} of the runs"
        )
    if not moved:
        lines.append("  none that can be told from nothing")
    still = len(rows) - len(moved)
    bare = found.changes.num_rows - len(rows)
    lines.append(f"  {still} channels do not change measurably; of {bare} no change can be told (base rate only)")
    lines += _precedent_lines(found)
    return _finished(lines, found.unknown, found.notes)


def _precedent_lines(found: Scenario) -> list[str]:
    rows = found.precedents.to_pylist()
    lines = ["", f"Most similar past situations, and the {found.horizon} days before and after:"]
    if not rows:
        lines.append("  none that lies a whole horizon back")
    for row in rows:
        what = row["event_type"] or "event"
        answer = (
            f"answered after {row['answer_after']} days ({row['answer_tone']})" if row["answer_after"] else "no answer"
        )
        counts = (
            f"cooperation {row['cooperation_before']:.0f} > {row['cooperation_after']:.0f}, "
            f"conflict {row['conflict_before']:.0f} > {row['conflict_after']:.0f}"
        )
        event = f" [{row['event']}]" if row["event"] else ""
        lines.append(f"  {row['day']} {row['actor']} {what} {row['recipient']}, likeness {row['likeness']:.2f}{event}")
        lines.append(f"      {counts}; {answer}")
        if row["quote"]:
            lines.append(f'      "{row["quote"]}"')
    return lines


def series_scenario_lines(found: SeriesScenario) -> list[str]:
    """The changes of a series model and what it cannot know."""
    lines = _head(found.acts, found.at, found.horizon)
    sizes = ", ".join(f"{act} at {size:+.1f}" for act, size in zip(found.acts, found.sizes, strict=True))
    lines += [f"series model of {found.model.lags} lags, {found.resamples} resamples, seed {found.seed}; {sizes}", ""]
    lines.append("Change of the summed intensity against the untouched run (90 % band):")
    rows = sorted(found.changes.to_pylist(), key=lambda row: -abs(row["change"]))
    for row in rows[:_MOST_CHANGES]:
        band = f"({row['change_low']:+.1f} to {row['change_high']:+.1f})"
        lines.append(f"  {row['actor']} > {row['recipient']}: {row['change']:+.1f} {band} on {row['expected']:+.1f}")
    return _finished(lines, found.unknown, found.notes)


def _head(acts: Sequence[object], at: object, horizon: int) -> list[str]:
    return [f"If {'; '.join(str(act) for act in acts)} on {at}: the {horizon} days after"]


def _finished(lines: list[str], unknown: Sequence[str], notes: Sequence[str]) -> list[str]:
    if unknown:
        lines += ["", "What the model cannot know:", *(f"  - {sentence}" for sentence in unknown)]
    if notes:
        lines += ["", *(f"note: {note}" for note in notes)]
    # A hostile text must not steer the terminal.
    return ["".join(c if c.isprintable() else " " for c in line).rstrip() for line in lines]
