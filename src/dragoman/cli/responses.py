"""``dragoman responses`` and ``dragoman whatif``: who answers whom, and what may follow an act."""

from __future__ import annotations

import json
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from dragoman.cli.app import app
from dragoman.cli.event_source import day, events_from, selected
from dragoman.cli.relations import By, Events, Happened, Happening, Out, Since, Until, Workspace, write_text
from dragoman.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from dragoman.analysis.responses import Responses
    from dragoman.analysis.scenarios import Scenario
    from dragoman.analysis.series_scenario import SeriesScenario

# typer evaluates annotations; Optional[...] works on every supported Python
Text = Optional[str]  # noqa: UP045 (as above)
Plot = Annotated[
    Optional[Path],  # noqa: UP045 (as above)
    typer.Option(metavar="FILE", help="Draw to FILE (.png, .svg or .pdf)."),
]
Seed = Annotated[int, typer.Option(min=0, help="Of everything random; the same seed gives the same answer.")]
Acts = Annotated[
    Optional[list[str]],  # noqa: UP045 (as above)
    typer.Argument(metavar="[ACT ..]", help='What is done: "PRK MOBILIZE RUS", three times in a week: "... x3 +7d".'),
]
Without = Annotated[
    Optional[list[str]],  # noqa: UP045 (as above)
    typer.Option(metavar="ACT", help="What is taken out of the history, the latest of its kind; may be repeated."),
]
_LENGTH = re.compile(r"^(\d{1,5})([dw]?)$")


class Measured(StrEnum):
    """What a series sums up."""

    net = "net"
    tone = "tone"


class Chosen(StrEnum):
    """How the number of lags is chosen."""

    aic = "aic"
    bic = "bic"
    hqic = "hqic"


class Pushed(StrEnum):
    """How a series is pushed."""

    generalised = "generalised"
    orthogonalised = "orthogonalised"


class Model(StrEnum):
    """What is run ahead."""

    events = "events"
    series = "series"


class Written(StrEnum):
    """How an answer is written."""

    text = "text"
    json = "json"


AnswerFormat = Annotated[Written, typer.Option("--format", help="text to look at, or json.")]


@app.command()
def responses(
    actors: Annotated[list[str], typer.Argument(metavar="A B [C ..]", help="Two to six ids, names or blocs: USA+JPN.")],
    by: Annotated[By, typer.Option(help="Length of a period of the series; event times go by day.")] = By.week,
    measure: Annotated[Measured, typer.Option(help="net: one series a direction; tone: two.")] = Measured.net,
    lags: Annotated[
        Optional[int],  # noqa: UP045 (as above)
        typer.Option(min=1, help="Periods that look back; chosen when left out."),
    ] = None,
    criterion: Annotated[Chosen, typer.Option(help="What chooses the lags.")] = Chosen.aic,
    seasonal: Annotated[bool, typer.Option("--seasonal", help="Add a yearly wave to the series.")] = False,
    attention: Annotated[bool, typer.Option("--attention", help="Add the attention of the period before.")] = False,
    difference: Annotated[bool, typer.Option("--difference", help="Model changes of the series.")] = False,
    push: Annotated[Pushed, typer.Option(help="How a series is pushed.")] = Pushed.generalised,
    order: Annotated[Text, typer.Option(help='Who acts first in a period, for orthogonalised: "A > B, B > A".')] = None,
    periods: Annotated[int, typer.Option(min=1, max=520, help="How far responses are followed.")] = 12,
    resamples: Annotated[int, typer.Option(min=0, max=10_000, help="Of the bands; 0: no impulse responses.")] = 300,
    seed: Seed = 0,
    since: Since = None,
    until: Until = None,
    factuality: Happened = Happening.happened,
    plot: Plot = None,
    output_format: AnswerFormat = Written.text,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Show who answers whom: with what, how strongly, after how long, and how sure that is."""
    from dragoman.analysis import responses as analysis
    from dragoman.cli.response_lines import response_lines
    from dragoman.formats.plots import check_suffix
    from dragoman.formats.response_plots import plot_impulses

    if plot is not None:
        check_suffix(plot)
    chosen = selected(since, until, factuality.value)
    options = analysis.SeriesOptions(
        by.value, measure.value, seasonal, attention, difference, lags, criterion.value, periods, push.value,
        _listed(order), resamples, seed,
    )  # fmt: skip
    found = analysis.responses(events_from(workspace, events).table, actors, options=options, selection=chosen)
    if plot is not None:
        if found.impulses is None:
            raise UsageError("there are no impulse responses to draw; leave out --plot, or see the notes without it")
        plot_impulses(found.impulses.arrow(), plot, f"Responses, by {by.value} (90 % bands)", by.value)
    _answer(response_lines(found), _responses_json(found), output_format, out)


@app.command()
def whatif(
    acts: Acts = None,
    without: Without = None,
    at: Annotated[Text, typer.Option("--at", metavar="DATE", help="The last day that counts as known.")] = None,
    horizon: Annotated[str, typer.Option(metavar="LENGTH", help="How far to look: 90d, 12w.")] = "90d",
    draws: Annotated[int, typer.Option(min=1, help="Simulated runs.")] = 1000,
    actors: Annotated[Text, typer.Option(help='Everybody in the model, up to six: "USA,KOR,JPN".')] = None,
    model: Annotated[Model, typer.Option(help="events: answers are added; series: sums go both ways.")] = Model.events,
    precedents: Annotated[int, typer.Option(min=0, max=100, help="How many past situations are listed.")] = 5,
    seed: Seed = 0,
    factuality: Happened = Happening.happened,
    plot: Plot = None,
    output_format: AnswerFormat = Written.text,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Show what may follow if something is done, or had not been: changes, precedents, and what cannot be known."""
    from dragoman.analysis.acts import parse_act
    from dragoman.analysis.scenarios import SMALLEST_CHANGE
    from dragoman.analysis.scenarios import whatif as run_ahead
    from dragoman.analysis.selection import Selection
    from dragoman.analysis.series_scenario import whatif_series
    from dragoman.cli.response_lines import scenario_lines, series_scenario_lines
    from dragoman.formats.plots import check_suffix
    from dragoman.formats.response_plots import plot_scenario

    if plot is not None:
        check_suffix(plot)
        if model is Model.series:
            raise UsageError("--plot draws the model of events; leave it out with --model series")
    parsed = [*map(parse_act, acts or ()), *(parse_act(text, removed=True) for text in without or ())]
    options: dict[str, Any] = {
        "at": day(at, "--at", last=True), "horizon": days_of(horizon), "draws": draws, "actors": _listed(actors),
        "selection": Selection(reality=factuality.value), "seed": seed,
    }  # fmt: skip
    table = events_from(workspace, events).table
    if model is Model.series:
        shifted = whatif_series(table, parsed, **options)
        _answer(series_scenario_lines(shifted), _scenario_json(shifted), output_format, out)
        return
    found = run_ahead(table, parsed, precedents=precedents, **options)
    if plot is not None:
        plot_scenario(found.paths, plot, "; ".join(map(str, found.acts)), SMALLEST_CHANGE)
    extra = {"paths": found.paths, "precedents": found.precedents}
    _answer(scenario_lines(found), _scenario_json(found, **extra), output_format, out)


def days_of(text: str) -> int:
    """The days of a length: "90d", "12w" or a bare number of days.

    Raises:
        UsageError: it is none.
    """
    match = _LENGTH.match(text.strip())
    if match is None:
        raise UsageError(f"--horizon: '{text}' is no length; write 90d or 12w")
    return int(match.group(1)) * (7 if match.group(2) == "w" else 1)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _answer(lines: list[str], record: dict[str, Any], output_format: Written, out: Path | None) -> None:
    if output_format is Written.json:
        write_text(json.dumps(record, ensure_ascii=False, default=str, indent=1) + "\n", out)
        return
    notes = [line for line in lines if line.startswith("note: ")]
    sys.stderr.writelines(f"{note}\n" for note in notes)
    write_text("\n".join(line for line in lines if not line.startswith("note: ")).rstrip() + "\n", out)


def _rows(table: pa.Table | None) -> list[dict[str, Any]]:
    return [] if table is None else table.to_pylist()


def _responses_json(found: Responses) -> dict[str, Any]:
    events, series = found.events, found.series
    return {
        "actors": found.actors,
        "answers": _rows(events.arrow() if events else None),
        "channels": _rows(events.channels() if events else None),
        "gain": events.gain() if events else None,
        "radius": events.radius if events else None,
        "lags": series.lags if series else None,
        "granger": _rows(series.granger if series else None),
        "stationarity": _rows(series.stationarity if series else None),
        "impulses": _rows(found.impulses.arrow() if found.impulses else None),
        "order": found.impulses.order if found.impulses else None,
        "notes": found.notes,
    }


def _scenario_json(found: Scenario | SeriesScenario, **tables: pa.Table) -> dict[str, Any]:
    return {
        "acts": [str(act) for act in found.acts], "actors": found.actors, "at": found.at, "horizon": found.horizon,
        "seed": found.seed, "changes": _rows(found.changes), **{name: _rows(table) for name, table in tables.items()},
        "unknown": found.unknown, "notes": found.notes,
    }  # fmt: skip
