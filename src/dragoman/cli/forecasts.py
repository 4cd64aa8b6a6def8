"""``dragoman forecast`` and ``dragoman backtest``: what may come, how likely, and how such forecasts came out."""

from __future__ import annotations

import datetime as dt
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import msgspec
import typer

from dragoman.cli.app import app
from dragoman.cli.event_source import day, events_from, named, names_of, nearest_workspace, selected
from dragoman.cli.relations import Events, Happened, Happening, Out, Since, Until, Workspace, write_text
from dragoman.cli.responses import AnswerFormat, Plot, Written, days_of
from dragoman.errors import OutputError, UsageError
from dragoman.formats.jsonl import read_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from dragoman.analysis.backtest import Backtest, Skill, Target
    from dragoman.analysis.event_forecast import EventForecast
    from dragoman.analysis.forecast_ledger import ForecastEntry

Text = Optional[str]  # noqa: UP045 (typer evaluates annotations; this form works on every supported Python)
Horizon = Annotated[str, typer.Option(metavar="LENGTH", help="How far to look: 30d, 12w.")]
At = Annotated[
    Text, typer.Option("--at", metavar="DATE", help="The first day looked at; only what was before is known.")
]

_LEAST_SHOWN = 0.001  # a smaller chance is told as smaller

LEDGER = "forecasts.jsonl"
"""The file of a workspace in which its models' forecasts are recorded."""


class Asked(StrEnum):
    """Which forecasters are tested."""

    all = "all"
    ensemble = "ensemble"


@app.command()
def forecast(
    actor: Annotated[str, typer.Argument(metavar="ACTOR", help="Id, name or bloc (USA+JPN).")],
    recipient: Annotated[Text, typer.Argument(metavar="[RECIPIENT]", help="To whom; left out: to anybody.")] = None,
    at: At = None,
    horizon: Horizon = "30d",
    rank: Annotated[bool, typer.Option("--rank", help="Rank next events by what and to whom instead.")] = False,
    event_type: Annotated[Text, typer.Option("--type", metavar="TYPE", help="With --rank: only this type.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="With --rank: the most rows.")] = 20,
    record: Annotated[
        bool, typer.Option("--record", help="Write it into the workspace's ledger, to be scored.")
    ] = False,
    factuality: Happened = Happening.happened,
    output_format: AnswerFormat = Written.text,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Show how likely each type of event is within a horizon, beside the base rate, and how far to trust that."""
    from dragoman.analysis.event_forecast import forecast_events
    from dragoman.analysis.selection import Selection

    first = day(at, "--at")
    table = events_from(workspace, events).table
    if rank:
        _rank(table, actor, recipient, first, event_type, limit, output_format, out)
        return
    if event_type is not None:
        raise UsageError("--type goes with --rank; a forecast shows every type")
    chosen = Selection(reality=factuality.value)
    found = forecast_events(table, actor, recipient, at=first, horizon=days_of(horizon), selection=chosen)
    if record:
        _record(found, workspace)
    sys.stderr.writelines(f"note: {note}\n" for note in found.notes)
    text = _as_json(found) if output_format is Written.json else _as_text(found, names_of(table))
    write_text(text, out)


@app.command()
def backtest(
    horizon: Horizon = "30d",
    origins: Annotated[int, typer.Option(min=1, max=200, help="Past days on which forecasts are made again.")] = 6,
    fewest: Annotated[int, typer.Option(min=1, help="Events that a pair must have had before to be asked about.")] = 3,
    target: Annotated[
        Text, typer.Option(metavar="TARGET", help='Only these chances: "PRK > KOR conflict", "PRK > KOR", "ASSAULT".')
    ] = None,
    asked: Annotated[Asked, typer.Option("--models", help="all, or the ensemble alone.")] = Asked.all,
    seed: Annotated[int, typer.Option(min=0, help="Of the intervals.")] = 0,
    since: Since = None,
    until: Until = None,
    factuality: Happened = Happening.happened,
    plot: Plot = None,
    output_format: AnswerFormat = Written.text,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Make forecasts again as of past days and score them: Brier, log, CRPS, calibration, skill over base rates."""
    from dragoman.analysis.backtest import backtest as run
    from dragoman.analysis.backtest import origins_of
    from dragoman.analysis.event_history import event_history
    from dragoman.analysis.forecast_ensemble import MEMBERS, Ensemble
    from dragoman.formats.forecast_plots import plot_calibration
    from dragoman.formats.plots import check_suffix

    if plot is not None:
        check_suffix(plot)
    chosen = selected(since, until, factuality.value)
    table = events_from(workspace, events).table
    wanted, merged = _target(table, target)
    history = event_history(table, chosen, merged)
    length = days_of(horizon)
    models = (Ensemble(),) if asked is Asked.ensemble else (*MEMBERS, Ensemble())
    days = origins_of(history, length, origins)
    found = run(history, models, horizon=length, origins=days, fewest=fewest, target=wanted, seed=seed)
    if plot is not None:
        last = found.forecasters[-1]
        classes = [(b.mean_chance, b.came_true, b.count) for b in last.bins]
        plot_calibration(classes, plot, f"Calibration of the {last.name}, {length} days")
    if output_format is Written.json:
        write_text(json.dumps(msgspec.to_builtins(found), indent=1) + "\n", out)
    else:
        write_text("\n".join(_backtest_lines(found)) + "\n", out)


def _target(table: pa.Table, text: str | None) -> tuple[Target, dict[str, str]]:
    """Which chances a text asks about, and the keys of the actors that it names."""
    from dragoman.analysis.backtest import Target
    from dragoman.analysis.selection import actor_keys, event_rows
    from dragoman.records import EVENT_TYPES, QUAD_CLASSES

    sides, kinds = (text or "").replace("->", ">").strip(), EVENT_TYPES
    words = sides.split()
    last = words[-1] if words else ""
    if last.upper() in EVENT_TYPES:
        kinds, sides = (last.upper(),), " ".join(words[:-1])
    elif last.lower() in ("conflict", "cooperation"):
        kinds = tuple(k for k in EVENT_TYPES if (QUAD_CLASSES[k] > 2) == (last.lower() == "conflict"))
        sides = " ".join(words[:-1])
    named = [part.strip() or None for part in sides.split(">")] if sides else []
    if len(named) > 2:
        raise UsageError(f"--target: '{text}' names more than two; write \"PRK > KOR conflict\"")
    actor, recipient = (*named, None, None)[:2]
    rows = event_rows(table)
    merged = {key: name for name in (actor, recipient) if name for key in actor_keys(rows, name)}
    return Target(actor, recipient, kinds), merged


def read_ledger(path: Path) -> list[ForecastEntry]:
    """The forecasts that a ledger holds; none when there is no such file.

    Raises:
        UnreadableInput: it holds something else.
    """
    from dragoman.analysis.forecast_ledger import ForecastEntry

    if not path.exists():
        return []
    return read_lines(path, msgspec.json.Decoder(ForecastEntry), "a ledger as 'dragoman forecast --record' writes it")


def _record(found: EventForecast, workspace: Path | None) -> None:
    from dragoman.analysis.forecast_ledger import entries_of

    folder = workspace or nearest_workspace()
    if folder is None:
        raise UsageError("--record writes into a workspace; give --workspace DIR")
    lines = [msgspec.json.encode(entry) + b"\n" for entry in entries_of(found, dt.datetime.now(dt.UTC))]
    try:
        with (folder / LEDGER).open("ab") as sink:
            sink.write(b"".join(lines))
    except OSError as error:
        raise OutputError(f"{folder / LEDGER}: the forecast could not be recorded ({error.strerror})") from error


def _rank(
    table: pa.Table, actor: str, recipient: str | None, at: dt.date | None, event_type: str | None, limit: int,
    output_format: Written, out: Path | None,
) -> None:  # fmt: skip
    import pyarrow.compute as pc

    from dragoman.analysis.forecast_next import rank_next

    if recipient is not None:
        raise UsageError("--rank says to whom; leave the recipient out")
    last = pc.max(pc.coalesce(table["end"], table["start"])).as_py()
    if at is None:
        at = (last or dt.date.max - dt.timedelta(days=1)) + dt.timedelta(days=1)
    rows = rank_next(table, at=at, actor=actor, event_type=event_type, limit=limit).to_pylist()
    if output_format is Written.json:
        write_text(json.dumps(rows, ensure_ascii=False, default=str, indent=1) + "\n", out)
        return
    lines = [f"what {actor} may do next, as of {at} ({rows[0]['basis'] if rows else 'nothing known'})"]
    for row in rows:
        seen = f"last {row['last_seen']}" if row["last_seen"] else "never before"
        to = row["recipient_name"] or row["recipient"] or "-"
        lines.append(f"{row['score']:6.3f}  {row['event_type']:<10} {to:<32} {seen}; {', '.join(row['evidence'])}")
    write_text("\n".join(lines) + "\n", out)


def _as_text(found: EventForecast, names: Mapping[str, str]) -> str:
    to = f" to {named(found.recipient, names)}" if found.recipient else ""
    ends = found.at + dt.timedelta(days=found.horizon - 1)
    lines = [
        f"{named(found.actor, names)}{to}, {found.at} to {ends}: chance of at least one event, by the {found.model}"
    ]
    lines.append(f"{'type':<12}{'chance':>8}{'base rate':>11}{'so far':>8}  last")
    for row in found.chances.to_pylist():
        chances = f"{_percent(row['chance']):>8}{_percent(row['base_rate']):>11}"
        lines.append(f"{row['event_type']:<12}{chances}{row['events']:>8}  {row['last'] or ''}")
    if found.tested is not None:
        lines.append(
            f"on past days of these events the {found.tested.name}'s Brier skill was {_skill(found.tested.over_pairs)}"
            f" over each pair's own rate, {_skill(found.tested.over_types)} over the type's"
        )
    lines.append(
        "It knows only the events that were read or imported: no plans, no talks behind doors, nothing unreported."
    )
    return "\n".join(lines) + "\n"


def _percent(chance: float) -> str:
    return "<0.1%" if 0 < chance < _LEAST_SHOWN else f"{chance:.1%}"


def _as_json(found: EventForecast) -> str:
    record: dict[str, Any] = {name: getattr(found, name) for name in found.__struct_fields__}
    record["chances"] = found.chances.to_pylist()
    record["tested"] = msgspec.to_builtins(found.tested)
    return json.dumps(record, ensure_ascii=False, default=str, indent=1) + "\n"


def _skill(skill: Skill) -> str:
    value, low, high = (round(figure, 3) + 0.0 for figure in (skill.value, skill.low, skill.high))  # no "-0.000"
    return f"{value:.3f} ({low:.3f} to {high:.3f})"


def _backtest_lines(found: Backtest) -> list[str]:
    days = [dt.date.fromordinal(day).isoformat() for day in found.origins]
    lines = [
        f"{found.chances:,} chances of {found.pairs:,} pairs over {found.horizon} days as of {', '.join(days)};"
        f" {found.came_true:.2%} came true",
        f"{'':<24}{'Brier':>9}{'log':>8}{'CRPS':>8}{'ECE':>8}  skill over the pair's rate   over the type's rate",
    ]
    for tested in found.forecasters:
        figures = f"{tested.brier:9.5f}{tested.log:8.4f}{tested.crps:8.4f}{tested.calibration_error:8.4f}"
        lines.append(f"{tested.name:<24}{figures}  {_skill(tested.over_pairs):<27}  {_skill(tested.over_types)}")
    last = found.forecasters[-1]
    lines.append(f"calibration of the {last.name}:")
    lines += [f"  said {b.mean_chance:6.1%}  came true {b.came_true:6.1%}  of {b.count:,}" for b in last.bins]
    if not last.over_pairs.is_there:
        lines.append(f"the {last.name} has no skill over each pair's own rate here: go by the base rate")
    return lines
