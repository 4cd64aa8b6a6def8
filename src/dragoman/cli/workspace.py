"""The commands of a workspace: init, add, status, events, claims, stories, show, search, check, backup, reread."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from rich.console import Console

from dragoman.cli.adding import shown_progress
from dragoman.cli.app import app, fail
from dragoman.cli.corpus import Folder, Limit, Out, Shape, note_unknown, opened, print_table, write_rows
from dragoman.cli.files import write_whole

if TYPE_CHECKING:
    import pyarrow as pa

# typer evaluates annotations; Optional[...] works on every supported Python
Text = Optional[str]  # noqa: UP045 (as above)
Since = Annotated[Text, typer.Option(metavar="DATE", help="From this day, month or year on.")]
Until = Annotated[Text, typer.Option(metavar="DATE", help="To this day, month or year.")]
Publisher = Annotated[Text, typer.Option(metavar="NAME", help="Only what this publisher brought.")]
Doc = Annotated[
    Text, typer.Option("--document", metavar="ID", help="Only this document (the beginning of its id does).")
]
Format = Annotated[Shape, typer.Option("--format", help="How the rows are written.")]

EVENT_COLUMNS = {
    "event": "event", "day": "when", "actor_name": "actor", "event_type": "type", "recipient_name": "recipient",
    "factuality": "sure", "speaker": "says", "quote": "words",
}  # fmt: skip


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the workspace shall be.")],
    sample: Annotated[bool, typer.Option("--sample", help="Read the bundled sample dispatches into it.")] = False,
) -> None:
    """Make a workspace: a folder with one file that holds everything read."""
    import dragoman
    from dragoman.samples import korea

    with dragoman.create(folder) as workspace:
        if sample:
            read = workspace.add(korea()).read
            sys.stderr.write(
                f"made {folder} with {read} sample dispatches; next: dragoman serve --workspace {folder}\n"
            )
            return
    sys.stderr.write(f"made {folder}; next: dragoman add --workspace {folder} FILES\n")


@app.command()
def add(
    sources: Annotated[list[str], typer.Argument(metavar="SOURCES", help="Files, folders and addresses.")],
    folder: Folder = None,
    workers: Annotated[int, typer.Option(metavar="N", min=0, help="Reading processes; 0: as many as fit.")] = 0,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out every trained model but the parser.")] = False,
    skim: Annotated[
        bool, typer.Option("--skim/--no-skim", help="Pass over texts that name nobody who could act (counted, kept).")
    ] = False,
    published: Annotated[Text, typer.Option(metavar="DATE", help="Publication date of what has none.")] = None,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Your own names and verbs, over the shipped ones."),
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Also fetch the addresses that feeds and lists name.")] = False,
) -> None:
    """Read sources into the workspace; what is there is not read twice. Ctrl-C is safe, and add goes on from there."""
    from dragoman import knowledge
    from dragoman.intake.document import iso_date

    if published is not None:
        iso_date(published)
    knowledge.load(lexicon)
    with opened(folder, read_only=False) as workspace, shown_progress() as progress:
        try:
            report = workspace.add(
                list(sources),
                workers=workers or _fitting(sources),
                fast=fast,
                skim=skim,
                lexicon=lexicon,
                published=published,
                fetch=fetch,
                progress=progress,
            )
        except KeyboardInterrupt:
            fail("stopped; what was read is kept, and the same command goes on from here")
    for failure in report.failures[:20]:
        place = f" ({failure.locator})" if failure.locator else ""
        sys.stderr.write(f"failed: {failure.message}{place}\n")
    if len(report.failures) > 20:
        sys.stderr.write(f"and {len(report.failures) - 20} more; 'dragoman status' lists them\n")
    passed_over = f" ({report.unread} of them passed over as naming nobody)" if skim else ""
    sys.stderr.write(
        f"{report.read} read{passed_over}, {report.known} known already, {report.unchanged} files unchanged,"
        f" {report.failed} failed, in {report.seconds:.1f} s\n"
    )
    if report.failed and not (report.read or report.known or report.unchanged):
        raise typer.Exit(1)


def _fitting(sources: list[str]) -> int:
    # A process takes seconds to start: worth it from a folder or a handful of files on.
    many = len(sources) > 8 or any(Path(source).is_dir() or _holds_many(source) for source in sources)
    return min(8, os.cpu_count() or 1) if many else 1


def _holds_many(source: str) -> bool:
    return source.endswith((".gz", ".warc", ".wacz", ".zip", ".jsonl", ".csv", ".tsv", ".opml"))


@app.command()
def status(folder: Folder = None) -> None:
    """What the workspace holds, and what failed and why."""
    with opened(folder) as workspace:
        found = workspace.status()
    console = Console(file=sys.stdout)
    lines: dict[str, Any] = {
        "documents": found.documents,
        "older versions": found.older_versions,
        "events": found.events,
        "imported events": found.imported,
        "claims": found.claims,
        "stories": found.stories,
        "corrections": found.corrections,
        "sources": found.inputs,
        "last added": f"{found.last:%Y-%m-%d %H:%M} UTC" if found.last else "never",
    }
    width = max(map(len, lines))
    for name, value in lines.items():
        console.print(f"{name:<{width}}  {value:>12,}" if isinstance(value, int) else f"{name:<{width}}  {value}")
    if found.publishers:
        console.print()
        rows = [{**vars(p), "name": p.name or "(no publisher)"} for p in found.publishers]
        headings = {"name": "publisher", "documents": "documents", "first": "first", "last": "last"}
        print_table(rows, headings, console)
    if found.failures:
        console.print(f"\n[bold]failed: {len(found.failures)}[/bold]")
        print_table(
            [vars(f) for f in found.failures], {"error": "error", "locator": "where", "message": "why"}, console
        )


@app.command()
def events(
    folder: Folder = None,
    actor: Annotated[Text, typer.Option(metavar="ID", help="Who did it: id (PRK, PRK-MIL, IGO-NATO) or name.")] = None,
    recipient: Annotated[Text, typer.Option(metavar="ID", help="To whom.")] = None,
    either: Annotated[Text, typer.Option(metavar="ID", help="Actor or recipient.")] = None,
    since: Since = None,
    until: Until = None,
    event_type: Annotated[
        Optional[list[str]],  # noqa: UP045 (as above)
        typer.Option("--type", metavar="TYPE", help="One of the 16 types; may be given again."),
    ] = None,
    factuality: Annotated[
        Optional[list[str]],  # noqa: UP045 (as above)
        typer.Option(metavar="VALUE", help="How sure the source is (CT+, PR+, ...); may be given again."),
    ] = None,
    mode: Annotated[Text, typer.Option(metavar="MODE", help="Mode of the type.")] = None,
    context: Annotated[Text, typer.Option(metavar="CONTEXT", help="One of the contexts.")] = None,
    place: Annotated[Text, typer.Option(metavar="NAME", help="Where: a place's name or a country's code.")] = None,
    speaker: Annotated[Text, typer.Option(metavar="NAME", help="Who says so.")] = None,
    publisher: Publisher = None,
    document: Doc = None,
    story: Annotated[Text, typer.Option(metavar="ID", help="Only this story.")] = None,
    limit: Limit = None,
    output_format: Format = Shape.table,
    out: Out = None,
) -> None:
    """Who did what to whom: the events of the workspace, one row an actor and recipient."""
    from dragoman.workspace.filters import Filter

    conditions: dict[str, Any] = {
        "actor": actor, "recipient": recipient, "either": either, "since": since, "until": until,
        "event_type": event_type or None, "factuality": factuality or None, "mode": mode, "context": context,
        "place": place, "speaker": speaker, "publisher": publisher, "document": document, "story": story,
    }  # fmt: skip
    with opened(folder) as workspace:
        rows = workspace.dyads(Filter(**conditions))
        if not rows.num_rows:
            note_unknown(workspace, actor, recipient, either, speaker)
    rows = rows.sort_by([("start", "ascending"), ("published", "ascending"), ("event", "ascending")])
    if limit is not None:
        rows = rows.slice(0, limit)
    if output_format is Shape.table:
        rows = _with_day(rows)
    write_rows(rows, output_format, out, EVENT_COLUMNS)


def _with_day(rows: pa.Table) -> pa.Table:
    """The rows with one column that says when, for people."""
    import pyarrow as pa

    days = []
    for row in rows.select(["start", "end", "granularity", "published"]).to_pylist():
        start, end = row["start"], row["end"]
        if start is None:
            days.append(f"by {row['published']}" if row["published"] else "")
        else:
            days.append(str(start) if end in (None, start) else f"{start}/{end}")
    names = [name or key or "" for name, key in _pairs(rows, "actor")]
    others = [name or key or "" for name, key in _pairs(rows, "recipient")]
    rows = rows.append_column("day", pa.array(days, pa.string()))
    rows = rows.set_column(rows.schema.get_field_index("actor_name"), "actor_name", pa.array(names, pa.string()))
    return rows.set_column(
        rows.schema.get_field_index("recipient_name"), "recipient_name", pa.array(others, pa.string())
    )


def _pairs(rows: pa.Table, side: str) -> list[tuple[str | None, str | None]]:
    return list(zip(rows.column(f"{side}_name").to_pylist(), rows.column(side).to_pylist(), strict=True))


@app.command()
def claims(
    folder: Folder = None,
    speaker: Annotated[Text, typer.Option(metavar="NAME", help="Who says so: id or name.")] = None,
    since: Since = None,
    until: Until = None,
    factuality: Annotated[
        Optional[list[str]],  # noqa: UP045 (as above)
        typer.Option(metavar="VALUE", help="How sure the speaker is; may be given again."),
    ] = None,
    publisher: Publisher = None,
    document: Doc = None,
    limit: Limit = None,
    output_format: Format = Shape.table,
    out: Out = None,
) -> None:
    """Who says what, and how surely."""
    import pyarrow as pa

    with opened(folder) as workspace:
        found = workspace.claims(
            speaker=speaker, since=since, until=until, factuality=factuality or None, publisher=publisher,
            document=document, limit=limit,
        )  # fmt: skip
        if not len(found):
            note_unknown(workspace, speaker)
    if output_format in (Shape.jsonl, Shape.parquet):
        write_rows(found.arrow(), output_format, out, {})
        return
    rows = [
        {
            "id": c.id,
            "speaker": (c.speaker.name if c.speaker else c.source.quote if c.source else None),
            "act": c.act,
            "factuality": c.factuality,
            "prediction": "yes" if c.prediction else None,
            "content": " … ".join(part.quote for part in c.parts),
            "document": c.document[:12],
        }
        for c in found.records()
    ]
    names = ["id", "speaker", "act", "factuality", "prediction", "content", "document"]
    table = pa.Table.from_pylist(rows, schema=pa.schema([(name, pa.string()) for name in names]))
    headings = {"id": "claim", "speaker": "who", "act": "act", "factuality": "sure", "content": "what"}
    write_rows(table, output_format, out, headings)


@app.command()
def stories(
    folder: Folder = None,
    actor: Annotated[Text, typer.Option(metavar="ID", help="Who did it.")] = None,
    recipient: Annotated[Text, typer.Option(metavar="ID", help="To whom.")] = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
) -> None:
    """Happenings that several reports tell, with how many independent publishers stand behind each."""
    with opened(folder) as workspace:
        found = workspace.stories(actor=actor, recipient=recipient, since=since, until=until)
    rows = [
        {
            "id": s.id, "day": s.first, "publishers": s.publishers, "documents": s.documents, "type": s.event_type,
            "actors": ", ".join(s.actors), "recipients": ", ".join(s.recipients), "quote": s.quote,
        }
        for s in found[:limit]
    ]  # fmt: skip
    headings = {"id": "story", "day": "from", "publishers": "publishers", "documents": "documents", "type": "type",
                "actors": "actors", "recipients": "recipients", "quote": "words"}  # fmt: skip
    print_table(rows, headings, Console(file=sys.stdout))


@app.command()
def show(
    document: Annotated[str, typer.Argument(metavar="DOC", help="A document's id, or the beginning of it.")],
    folder: Folder = None,
    html: Annotated[bool, typer.Option("--html", help="One page instead of text.")] = False,
    out: Out = None,
) -> None:
    """One document with its evidence marked and its records, as corrected."""
    from dragoman.formats.html import render_html
    from dragoman.formats.terminal import plain_lines, print_reading

    with opened(folder) as workspace:
        reading = workspace.reading(document)
    if not html and out is None:
        print_reading(reading, Console(file=sys.stdout))
        return
    text = render_html(reading) if html else "\n".join(plain_lines(reading)) + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write_whole(out, text)


@app.command()
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help='Words, "phrases", title:word, publisher:word.')],
    folder: Folder = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, help="At most N documents.")] = 10,
) -> None:
    """Documents that match, best first, with the passage that does."""
    from rich.text import Text as Styled

    with opened(folder) as workspace:
        hits = workspace.search(query, limit=limit)
    console = Console(file=sys.stdout)
    for hit in hits:
        console.print(
            f"{hit.document[:12]}  {hit.published or '':10}  {hit.publisher or ''}  {hit.title or ''}", markup=False
        )
        quote = Styled(hit.quote.replace("\n", " "))
        for start, end in hit.matches:
            quote.stylize("bold", start, end)
        console.print(quote, style="dim" if not hit.matches else "")
        console.print()
    if not hits:
        console.print("nothing found")


@app.command()
def check(folder: Folder = None) -> None:
    """Look at every span, id and reference of the workspace."""
    with opened(folder) as workspace:
        problems = workspace.check()
    for problem in problems:
        sys.stdout.write(problem + "\n")
    if problems:
        fail(f"{len(problems)} problems; restore a copy with 'dragoman backup' files, or add the sources again")
    sys.stdout.write("every span, id and reference is in order\n")


@app.command()
def backup(
    folder: Folder = None,
    out: Out = None,
) -> None:
    """Make a consistent copy of the workspace's file while it is in use; restore it by copying it back."""
    with opened(folder) as workspace:
        sys.stdout.write(f"{workspace.backup(out)}\n")


@app.command()
def reread(
    documents: Annotated[Optional[list[str]], typer.Argument(metavar="[DOC]...", help="Default: all.")] = None,  # noqa: UP045 (as above)
    folder: Folder = None,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out every trained model but the parser.")] = False,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Your own names and verbs, over the shipped ones."),
    ] = None,
) -> None:
    """Read stored texts again, with newer lexicons; every correction is kept."""
    with opened(folder, read_only=False) as workspace:
        count = workspace.reread(documents, fast=fast, lexicon=lexicon)
    sys.stderr.write(f"{count} read again\n")
