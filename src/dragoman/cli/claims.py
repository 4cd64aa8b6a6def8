"""``dragoman contested`` and ``dragoman predictions``: what sources dispute, what they predicted, how it turned out.

Both work on a workspace, or on records written by ``dragoman read --format jsonl``; verdicts go to a file that
only grows.
"""

from __future__ import annotations

import datetime as dt
import getpass
import sys
from pathlib import Path
from typing import Annotated, Optional

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from dragoman.analysis import calibration
from dragoman.analysis.calibration import Outcome
from dragoman.analysis.contested import contested as find_contested
from dragoman.analysis.predictions_ledger import Entry, Resolution, ledger, outcomes, resolution
from dragoman.cli.app import app
from dragoman.cli.corpus import Folder, opened
from dragoman.cli.event_source import nearest_workspace
from dragoman.errors import OutputError, UsageError
from dragoman.formats import jsonl
from dragoman.knowledge import load
from dragoman.records import Claim, Document, Event

predictions = typer.Typer(help="Predictions by speaker, their outcomes and scores.", no_args_is_help=True)
app.add_typer(predictions, name="predictions")

_ID_WIDTH = 16  # twelve letters of the document's id, a dot and the claim's number
_PROPOSED = 3  # events shown beside a prediction; --json has all
VERDICTS = "verdicts.jsonl"
"""The file of a workspace in which the outcomes of predictions are recorded."""

Records = Annotated[
    Optional[list[Path]],  # noqa: UP045 (typer evaluates annotations; this form works on every supported Python)
    typer.Argument(metavar="[RECORDS]", help="Files of 'dragoman read --format jsonl', in place of a workspace."),
]
Verdicts = Annotated[
    Optional[Path],  # noqa: UP045 (as above)
    typer.Option(
        "--verdicts",
        metavar="FILE",
        help=f"Where outcomes are recorded, only ever appended to (default: the workspace's {VERDICTS}).",
    ),
]


class Material(msgspec.Struct):
    """What record files hold, by kind."""

    documents: dict[str, Document] = {}
    claims: list[Claim] = []
    events: list[Event] = []


def material_of(records: list[Path] | None, workspace: Path | None) -> Material:
    """What record files hold, or else a workspace, as corrected.

    Raises:
        UsageError: when both are named, or neither is and there is no workspace here.
    """
    if records and workspace is not None:
        raise UsageError("record files and --workspace exclude each other; name one of them")
    if records:
        return read_records(records)
    with opened(workspace) as source:
        documents = {document.id: document for document in source.documents().records()}
        return Material(documents, source.claims().records(), source.events().records())


def verdicts_of(verdicts: Path | None, records: list[Path] | None, workspace: Path | None) -> Path | None:
    """The file of verdicts: the one that is named, else the workspace's; None for record files without one."""
    if verdicts is not None or records:
        return verdicts
    folder = workspace or nearest_workspace()
    return None if folder is None else folder / VERDICTS


def read_records(paths: list[Path]) -> Material:
    """The documents, claims and events of record files.

    Raises:
        UnreadableInput: when a file is missing or holds a line that is no record.
    """
    material = Material()
    for path in paths:
        for record in jsonl.read_records(path):
            if isinstance(record, Document):
                material.documents[record.id] = record
            elif isinstance(record, Claim):
                material.claims.append(record)
            elif isinstance(record, Event):
                material.events.append(record)
    return material


@app.command()
def contested(
    records: Records = None,
    workspace: Folder = None,
    about: Annotated[
        Optional[str],  # noqa: UP045 (as above)
        typer.Option(metavar="WORDS", help="Only matters that speak of one of these words."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Where speakers contradict each other, their versions side by side."""
    material = material_of(records, workspace)
    found = find_contested(material.claims, material.documents, load().cues.function_words, about)
    if as_json:
        for contest in found:
            typer.echo(msgspec.json.encode(contest).decode())
        return
    console = Console(file=sys.stdout)
    for contest in found:
        table = Table(title=f"differs in {contest.differs}", title_justify="left")
        for column in ("date", "speaker", "says", "surely", "publishers"):
            table.add_column(column)
        for account in contest.accounts:
            surely: str = account.factuality
            if account.probability is not None:
                surely += f" ({account.probability.low:.0%}-{account.probability.high:.0%})"
            who = account.speaker or "(the text itself)"
            table.add_row(account.published or "", who, account.quote, surely, str(account.publishers))
        console.print(table)
    if not found:
        sys.stderr.write("dragoman: nothing is disputed in these records\n")


@predictions.command("list")
def list_predictions(
    records: Records = None,
    workspace: Folder = None,
    verdicts: Verdicts = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """The predictions, by speaker, with coded events that may settle them: proposed, never decided."""
    entries = _ledger(records, workspace, verdicts)
    if as_json:
        for entry in entries:
            typer.echo(msgspec.json.encode(entry).decode())
        return
    table = Table()
    for column in ("id", "speaker", "prediction", "chance", "by", "verdict", "see event"):
        # an id is copied into "resolve": it stands whole, however narrow the terminal
        table.add_column(column, no_wrap=column == "id", min_width=_ID_WIDTH if column == "id" else None)
    for entry in entries:
        chance = f"{entry.chance:.2f}" if entry.chance is not None else ""
        horizon = (entry.horizon.end or "") if entry.horizon else "open"
        verdict = entry.verdict or ("overdue" if entry.overdue else "")
        who, proposed = entry.speaker or "(the author)", " ".join(entry.proposed[:_PROPOSED])
        table.add_row(entry.claim, who, entry.about, chance, horizon, verdict, proposed)
    Console(file=sys.stdout).print(table)


@predictions.command()
def resolve(
    prediction: Annotated[str, typer.Argument(metavar="ID", help="The prediction's id, as listed.")],
    verdict: Annotated[str, typer.Argument(metavar="yes|no|unclear", help="How it turned out.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="The day that settled it.")],
    records: Records = None,
    workspace: Folder = None,
    verdicts: Verdicts = None,
    because: Annotated[
        Optional[str],  # noqa: UP045 (as above)
        typer.Option(metavar="EVENT|URL", help="What shows it."),
    ] = None,
) -> None:
    """Record how a prediction turned out. Nothing recorded before is changed."""
    written = verdicts_of(verdicts, records, workspace)
    if records and written is None:
        raise UsageError("record files hold no verdicts; give --verdicts FILE")
    claim = next((c for c in material_of(records, workspace).claims if c.id == prediction), None)
    if claim is None or written is None:
        raise UsageError(f"no prediction '{prediction}' in these records; 'dragoman predictions list' shows the ids")
    row = resolution(claim, verdict, on, because, getpass.getuser(), dt.datetime.now(dt.UTC))
    try:
        with written.open("ab") as file:
            file.write(msgspec.json.encode(row) + b"\n")
    except OSError as error:
        raise OutputError(f"{written}: the verdict could not be recorded ({error.strerror})") from error


@predictions.command("score")
def score_predictions(
    records: Records = None,
    workspace: Folder = None,
    verdicts: Verdicts = None,
    rank: Annotated[bool, typer.Option("--rank", help="Rank speakers by skill against the base rate.")] = False,
    with_models: Annotated[
        bool, typer.Option("--with-models", help="Score the workspace's recorded forecasts by the same rules.")
    ] = False,
) -> None:
    """Brier and log score against the base rate, by speaker and by phrase, with counts."""
    found = outcomes(_ledger(records, workspace, verdicts))
    if with_models:
        found += _of_models(records, workspace)
    scores = [calibration.score(found), *calibration.by_speaker(found), *calibration.by_phrase(found)]
    if rank:
        scores = calibration.ranking(found)
    table = Table()
    for column in ("who or phrase", "settled", "Brier", "base", "log", "base", "said", "came true"):
        table.add_column(column)
    for s in scores:
        figures = (s.brier, s.base_brier, s.log, s.base_log, s.mean_chance, s.came_true)
        table.add_row(s.name, str(s.count), *(f"{figure:.3f}" for figure in figures))
    Console(file=sys.stdout).print(table)


def _of_models(records: list[Path] | None, workspace: Path | None) -> list[Outcome]:
    from dragoman.analysis.forecast_ledger import model_outcomes
    from dragoman.cli.forecasts import LEDGER, read_ledger

    folder = workspace or nearest_workspace()
    if records or folder is None:
        raise UsageError("forecasts of models are recorded in a workspace; give --workspace DIR and no record files")
    with opened(folder) as source:
        settled, open_still = model_outcomes(read_ledger(folder / LEDGER), source.dyads())
    if open_still:
        sys.stderr.write(f"dragoman: {open_still} forecasts of models are open still\n")
    return settled


def _ledger(records: list[Path] | None, workspace: Path | None, verdicts: Path | None) -> list[Entry]:
    material = material_of(records, workspace)
    written = verdicts_of(verdicts, records, workspace)
    rows: list[Resolution] = []
    if written is not None and written.exists():
        rows = jsonl.read_lines(
            written, msgspec.json.Decoder(Resolution), "verdicts as 'dragoman predictions resolve' writes them"
        )
    return ledger(material.claims, material.documents, rows, dt.datetime.now(dt.UTC).date(), material.events)
