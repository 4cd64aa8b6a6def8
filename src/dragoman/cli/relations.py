"""``dragoman relations``, ``blocs``, ``network`` and ``brief``: how the lines are drawn and redrawn."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.cli.app import app
from dragoman.cli.event_source import day, events_from, names_of, selected, state_names
from dragoman.cli.files import write_whole
from dragoman.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from dragoman.analysis.blocs import Blocs
    from dragoman.analysis.selection import Selection

# typer evaluates annotations; Optional[...] works on every supported Python
Workspace = Annotated[Optional[Path], typer.Option("--workspace", metavar="DIR", help="Where the events are.")]  # noqa: UP045 (as above)
Events = Annotated[
    Optional[Path],  # noqa: UP045 (as above)
    typer.Option("--events", metavar="FILE", help="A file of events or records instead (Parquet, CSV, JSON lines)."),
]
Since = Annotated[Optional[str], typer.Option(metavar="DATE", help="From this day, month or year on.")]  # noqa: UP045 (as above)
Until = Annotated[Optional[str], typer.Option(metavar="DATE", help="To this day, month or year.")]  # noqa: UP045 (as above)
Out = Annotated[
    Optional[Path],  # noqa: UP045 (as above)
    typer.Option("--out", "-o", metavar="FILE", help="Write to FILE instead of standard output."),
]


class By(StrEnum):
    """Length of a period."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"
    year = "year"


class CountBy(StrEnum):
    """What counts once."""

    record = "record"
    story = "story"
    publisher = "publisher"


class Happening(StrEnum):
    """Which events are looked at."""

    happened = "happened"
    possible = "possible"
    denied = "denied"
    threatened = "threatened"
    all = "all"


class Change(StrEnum):
    """Whose changes are looked for."""

    hostility = "hostility"
    cooperation = "cooperation"
    intensity = "intensity"
    events = "events"


Happened = Annotated[Happening, typer.Option("--factuality", help="Which events are looked at.")]


class SeriesFormat(StrEnum):
    """How a series is written."""

    text = "text"
    csv = "csv"


class NetworkFormat(StrEnum):
    """Formats of a network."""

    gexf = "gexf"
    graphml = "graphml"
    csv = "csv"


class BriefFormat(StrEnum):
    """How a brief is written."""

    text = "text"
    markdown = "markdown"
    html = "html"


Counting = Annotated[CountBy, typer.Option("--count", help="What counts once.")]


@app.command()
def relations(
    a: Annotated[str, typer.Argument(metavar="A", help="An actor's id or name, or a bloc: USA+JPN.")],
    b: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    by: Annotated[By, typer.Option(help="Length of a period.")] = By.month,
    since: Since = None,
    until: Until = None,
    directed: Annotated[bool, typer.Option("--directed", help="Only what A does to B.")] = False,
    count: Counting = CountBy.record,
    factuality: Happened = Happening.happened,
    speaker: Annotated[Optional[str], typer.Option(help="Only what this source says.")] = None,  # noqa: UP045 (as above)
    change: Annotated[Change, typer.Option(help="Whose changes are looked for.")] = Change.hostility,
    plot: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="FILE", help="Draw to FILE (.png, .svg or .pdf)."),
    ] = None,
    output_format: Annotated[
        SeriesFormat, typer.Option("--format", help="text to look at, or csv.")
    ] = SeriesFormat.text,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Show how two actors stand over time, when that changed, and which events made it."""
    from dragoman.analysis.change_points import change_points, change_table
    from dragoman.analysis.relation_series import relation_series
    from dragoman.cli.relation_chart import pair_title, series_lines
    from dragoman.formats.plots import check_suffix, plot_relation
    from dragoman.formats.spreadsheet import csv_bytes

    if plot is not None:
        check_suffix(plot)
    chosen = selected(since, until, factuality.value, speaker)
    table = events_from(workspace, events).table
    series = relation_series(
        table, a, b, by=by.value, directed=directed, counting=count.value, selection=chosen
    )  # fmt: skip
    points = change_points(series, change.value)
    sys.stderr.writelines(f"note: {note}\n" for note in series.notes)
    title = pair_title(series, names_of(table))
    if plot is not None:
        plot_relation(series.table, change_table(points), plot, f"{title}, by {by.value}")
    as_csv = output_format is SeriesFormat.csv
    chart = "\n".join(series_lines(series, points, title)) + "\n"
    write_text(csv_bytes(series.table).decode("utf-8") if as_csv else chart, out)


@app.command()
def blocs(
    at: Annotated[str, typer.Option("--at", metavar="DATE", help="The day that the look back starts from.")],
    compare: Annotated[
        Optional[str],  # noqa: UP045 (as above)
        typer.Option(metavar="DATE", help="An earlier or later day, to see who changed."),
    ] = None,
    window: Annotated[int, typer.Option(metavar="DAYS", min=1, help="How far to look back.")] = 365,
    fewest: Annotated[int, typer.Option(metavar="N", min=1, help="Fewest events of a tie.")] = 3,
    sectors: Annotated[bool, typer.Option("--sectors", help="Keep a country's sectors apart.")] = False,
    count: Counting = CountBy.record,
    plot: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="FILE", help="Draw to FILE (.png, .svg or .pdf)."),
    ] = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Show who stands with whom at a date, who stands between, and who changed since another date."""
    from dragoman.analysis.blocs import compare_blocs
    from dragoman.cli.relation_chart import bloc_lines, move_lines
    from dragoman.formats.plots import check_suffix, plot_network

    if plot is not None:
        check_suffix(plot)
    table = events_from(workspace, events).table
    found = _blocs_at(table, _back_from(at, "--at", window), fewest, sectors, count)
    names = names_of(table)
    lines = bloc_lines(found, at, names)
    if compare is not None:
        other = _blocs_at(table, _back_from(compare, "--compare", window), fewest, sectors, count)
        before, after = (other, found) if day(compare, "--compare") <= day(at, "--at") else (found, other)  # type: ignore[operator]  # both were given
        earlier, later = sorted((compare, at))
        lines += move_lines(compare_blocs(before, after), earlier, later, names)
    if plot is not None:
        plot_network(found.network.arrow(), found.arrow(), plot, f"Blocs in the {window} days to {at}")
    write_text("\n".join(lines) + "\n", None)


@app.command()
def network(
    output_format: Annotated[
        NetworkFormat, typer.Option("--format", help="Format of the network.")
    ] = NetworkFormat.gexf,
    since: Since = None,
    until: Until = None,
    fewest: Annotated[int, typer.Option(metavar="N", min=1, help="Fewest events of a tie.")] = 3,
    sectors: Annotated[bool, typer.Option("--sectors", help="Keep a country's sectors apart.")] = False,
    count: Counting = CountBy.record,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Write the signed, dated network of actors for Gephi, igraph or a spreadsheet."""
    from dragoman.formats.network_graph import network_text

    chosen = selected(since, until)
    found = _blocs_at(events_from(workspace, events).table, chosen, fewest, sectors, count)
    write_text(network_text(found.network.arrow(), found.arrow(), output_format.value), out)


@app.command()
def brief(
    actor: Annotated[str, typer.Argument(metavar="ACTOR", help="An actor's id or name, or a bloc: USA+JPN.")],
    other: Annotated[
        Optional[str],  # noqa: UP045 (as above)
        typer.Argument(metavar="[OTHER]", help="The other one, for a brief of the pair."),
    ] = None,
    since: Since = None,
    until: Until = None,
    output_format: Annotated[BriefFormat, typer.Option("--format", help="text, markdown or html.")] = BriefFormat.text,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Your own topics, before the shipped ones."),
    ] = None,
    out: Out = None,
    workspace: Workspace = None,
    events: Events = None,
) -> None:
    """Write one page about an actor or a pair; every sentence names the records that support it."""
    from dragoman import knowledge
    from dragoman.analysis import brief_page
    from dragoman.analysis.brief import situation_brief

    chosen = selected(since, until)
    chosen.check()
    source = events_from(workspace, events, with_claims=True)
    known = knowledge.load(lexicon)
    found = situation_brief(
        source.table, actor, other, topics=known.topics, selection=chosen, claims=source.claims,
        disputes=source.disputes, states=state_names(known),
    )  # fmt: skip
    write = {"text": brief_page.brief_text, "markdown": brief_page.brief_markdown, "html": brief_page.brief_html}
    write_text(write[output_format.value](found), out)


def _back_from(text: str, option: str, window: int) -> Selection:
    import datetime as dt

    from dragoman.analysis.selection import Selection

    last = day(text, option, last=True)
    if last is None:
        raise UsageError(f"{option} needs a date")
    return Selection(last - dt.timedelta(days=window - 1), last)


def _blocs_at(table: pa.Table, chosen: Selection, fewest: int, sectors: bool, count: CountBy) -> Blocs:
    from dragoman.analysis.blocs import find_blocs
    from dragoman.analysis.network import build_network

    return find_blocs(
        build_network(table, selection=chosen, counting=count.value, sectors=sectors, fewest_events=fewest)
    )


def write_text(text: str, out: Path | None) -> None:
    """Write to standard output, or to a file that is whole or not there.

    Raises:
        OutputError: The file cannot be written.
    """
    if out is None:
        sys.stdout.write(text)
    else:
        write_whole(out, text)
