"""``dragoman import`` and ``dragoman export``: events and texts from and for other programs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, Optional

import typer

from dragoman.cli.app import app
from dragoman.cli.corpus import Folder, opened
from dragoman.cli.files import whole_file
from dragoman.errors import UnreadableInput, UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from dragoman.workspace.workspace import Workspace

Text = Optional[str]  # noqa: UP045 (typer evaluates annotations; this form works on every supported Python)
_MANY = 20  # repairs named on the terminal; the workspace keeps them all


class Incoming(StrEnum):
    """Formats that are taken in."""

    polecat = "polecat"
    icews = "icews"
    gdelt = "gdelt"
    acled = "acled"
    jsonl = "jsonl"


class Outgoing(StrEnum):
    """Formats that are written."""

    gexf = "gexf"
    graphml = "graphml"
    geojson = "geojson"
    polecat = "polecat"
    parquet = "parquet"
    csv = "csv"
    jsonl = "jsonl"
    webannotation = "webannotation"
    csl = "csl"
    bibtex = "bibtex"
    stix = "stix"
    ftm = "ftm"
    html = "html"


@app.command("import")
def import_file(
    form: Annotated[Incoming, typer.Argument(metavar="FORMAT", help="polecat, icews, gdelt, acled or jsonl.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file; also .gz and .zip, jsonl only plain.")],
    folder: Folder = None,
) -> None:
    """Take in coded events (POLECAT, ICEWS, GDELT, ACLED), or records that 'export jsonl' wrote."""
    if not file.is_file():
        raise UnreadableInput(f"{file}: there is no such file; look at its name")
    with opened(folder, read_only=False) as workspace:
        if form is Incoming.jsonl:
            sys.stderr.write(f"{_restored(workspace, file)} documents taken in\n")
            return
        from dragoman import knowledge
        from dragoman.formats.acled import read_acled
        from dragoman.formats.gdelt import read_gdelt
        from dragoman.formats.icews import read_icews
        from dragoman.formats.polecat import read_polecat

        readers = {"polecat": read_polecat, "icews": read_icews, "gdelt": read_gdelt, "acled": read_acled}
        found = readers[form.value](file, knowledge.load())
        source = str(file.resolve())
        rows = workspace.import_events(found.batches, origin=found.origin, source=source, repairs=found.repairs)
    repairs = list(found.repairs)
    for line in repairs[:_MANY]:
        sys.stderr.write(f"repaired: {line}\n")
    if len(repairs) > _MANY:
        sys.stderr.write(f"and {len(repairs) - _MANY} more causes\n")
    sys.stderr.write(f"{rows:,} events taken in, {found.repairs.count:,} cells and rows repaired or left out\n")


def _restored(workspace: Workspace, file: Path) -> int:
    import msgspec

    from dragoman.formats.jsonl import decode_lines
    from dragoman.reading.result import readings_of

    try:
        with file.open("rb") as lines:
            return workspace.restore(readings_of(decode_lines(lines)))
    except (msgspec.DecodeError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UnreadableInput(f"{file}: not records as 'dragoman export jsonl' writes them ({reason})") from error


@app.command("export")
def export(
    form: Annotated[
        Outgoing,
        typer.Argument(
            metavar="FORMAT",
            help="gexf, graphml, geojson, polecat, parquet, csv, jsonl, webannotation, csl, bibtex, stix, ftm or html.",
        ),
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write; '-' for standard output.")],
    folder: Folder = None,
    actor: Annotated[Text, typer.Option(metavar="ID", help="Only what this actor did.")] = None,
    recipient: Annotated[Text, typer.Option(metavar="ID", help="Only what was done to this actor.")] = None,
    either: Annotated[Text, typer.Option(metavar="ID", help="Actor or recipient.")] = None,
    since: Annotated[Text, typer.Option(metavar="DATE", help="From this day, month or year on.")] = None,
    until: Annotated[Text, typer.Option(metavar="DATE", help="To this day, month or year.")] = None,
    publisher: Annotated[Text, typer.Option(metavar="NAME", help="Only what this publisher brought.")] = None,
    document: Annotated[Text, typer.Option(metavar="ID", help="Only this document.")] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Also what is denied, only possible or left open.")
    ] = False,
) -> None:
    """Write events, texts or sources for another program; where it knows no certainty, only what is said to be so."""
    conditions = {
        "actor": actor, "recipient": recipient, "either": either, "since": since, "until": until,
        "publisher": publisher, "document": document,
    }  # fmt: skip
    asked: dict[str, Any] = {name: value for name, value in conditions.items() if value is not None}
    with opened(folder) as workspace:
        if form in _OF_TEXTS:
            wrong = set(asked) - (set() if form is Outgoing.html else {"publisher", "document"})
            if wrong:
                what = "everything" if form is Outgoing.html else "whole texts"
                raise UsageError(f"export {form.value} writes {what}: --{min(wrong)} does not apply to it")
            writer = _of_texts(workspace, form, asked)
        else:
            writer = _of_events(workspace, form, workspace.dyads(**asked), happened_only=not everything)
        count = _written(out, writer)
    sys.stderr.write(f"{out}: {count:,} {_COUNTED.get(form, 'events')}\n")


_OF_TEXTS = (Outgoing.jsonl, Outgoing.webannotation, Outgoing.csl, Outgoing.bibtex, Outgoing.html)
_COUNTED = {
    Outgoing.gexf: "ties", Outgoing.graphml: "ties", Outgoing.jsonl: "records", Outgoing.webannotation: "annotations",
    Outgoing.csl: "sources", Outgoing.bibtex: "sources", Outgoing.stix: "objects", Outgoing.ftm: "entities",
    Outgoing.html: "answers", Outgoing.csv: "rows", Outgoing.parquet: "rows",
}  # fmt: skip

Writer = Callable[[BinaryIO], int]


def _of_texts(workspace: Workspace, form: Outgoing, asked: dict[str, Any]) -> Writer:
    from dragoman.formats.citations import write_bibtex, write_csl
    from dragoman.formats.jsonl import encode_line
    from dragoman.formats.web_annotation import write_web_annotations

    if form is Outgoing.html:
        from dragoman.web.snapshot import write_page

        return lambda sink: write_page(workspace, sink)
    documents = workspace.documents(**asked).records()
    if form is Outgoing.csl:
        return lambda sink: write_csl(documents, sink)
    if form is Outgoing.bibtex:
        return lambda sink: write_bibtex(documents, sink)
    readings = (workspace.reading(document.id) for document in documents)
    if form is Outgoing.webannotation:
        return lambda sink: write_web_annotations(readings, sink)

    def write_records(sink: BinaryIO) -> int:
        count = 0
        for reading in readings:
            for record in reading:
                sink.write(encode_line(record))
                count += 1
        return count

    return write_records


def _of_events(workspace: Workspace, form: Outgoing, table: pa.Table, *, happened_only: bool) -> Writer:
    from dragoman import knowledge
    from dragoman.formats.dynamic_network import write_gexf, write_graphml
    from dragoman.formats.ftm import write_ftm
    from dragoman.formats.geojson import write_geojson
    from dragoman.formats.polecat import write_polecat
    from dragoman.formats.stix import write_stix

    if form is Outgoing.csv or form is Outgoing.parquet:
        return lambda sink: _flat(form, table, sink)
    if form in (Outgoing.gexf, Outgoing.graphml, Outgoing.geojson):
        plain = {Outgoing.gexf: write_gexf, Outgoing.graphml: write_graphml, Outgoing.geojson: write_geojson}[form]
        return lambda sink: plain(table, sink, happened_only=happened_only)
    territories = knowledge.load().territories
    if form is Outgoing.polecat:
        return lambda sink: write_polecat(table, sink, territories, happened_only=happened_only)
    documents = workspace.documents().records()
    whole = write_stix if form is Outgoing.stix else write_ftm
    return lambda sink: whole(table, documents, sink, territories, happened_only=happened_only)


def _flat(form: Outgoing, table: pa.Table, sink: BinaryIO) -> int:
    import pyarrow.parquet as pq

    from dragoman.formats.spreadsheet import csv_bytes

    if form is Outgoing.parquet:
        pq.write_table(table, sink)
    else:
        sink.write(csv_bytes(table))
    return int(table.num_rows)


def _written(out: Path, write: Writer) -> int:
    if str(out) == "-":
        return write(sys.stdout.buffer)
    with whole_file(out) as sink:
        return write(sink)
