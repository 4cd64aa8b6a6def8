"""``dragoman evaluate``: the reader's figures on a researcher's own gold."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from dragoman.cli.app import app
from dragoman.errors import UsageError
from dragoman.scoring import TASKS


@app.command()
def evaluate(
    task: Annotated[str, typer.Argument(metavar="TASK", help=f"One of: {', '.join(TASKS)}.")],
    path: Annotated[Path, typer.Argument(metavar="FILE", help="The gold, in the task's format (docs/evaluation.md).")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line.")] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out every trained model but the parser.")] = False,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (typer evaluates annotations; this form works on every supported Python)
        typer.Option(metavar="DIR", help="Your own names and verbs, over the shipped ones."),
    ] = None,
) -> None:
    """Score the reader on a task: how often it is right on gold that you bring."""
    if task not in TASKS:
        raise UsageError(f"there is no task '{task}'; the tasks are {', '.join(TASKS)}")
    module = importlib.import_module(TASKS[task])
    figures: dict[str, float] = module.evaluate(path, fast=fast, lexicon=lexicon)
    if as_json:
        typer.echo(json.dumps(figures))
        return
    width = max(map(len, figures))
    for name, value in figures.items():
        typer.echo(f"{name:<{width}}  {value:.3f}" if isinstance(value, float) else f"{name:<{width}}  {value}")
