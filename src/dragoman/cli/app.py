"""The application: its commands are registered here, one module a group; errors become one line and an exit code."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, NoReturn

import typer

from dragoman.errors import DragomanError, UsageError
from dragoman.version import __version__

app = typer.Typer(
    name="dragoman",
    help="Reads news and analysis about international politics: who did what to whom, who says so, how surely.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_GROUPS: tuple[str, ...] = (
    "read", "evaluate", "schema", "relations", "claims", "lexicon", "workspace", "fix", "exchange", "bulk", "responses",
    "forecasts", "serve",
)  # fmt: skip
"""Modules of this package whose import registers commands on ``app``."""


def fail(message: str) -> NoReturn:
    """End the command: one line on standard error, exit code 1."""
    sys.stderr.write(f"dragoman: {message}\n")
    raise typer.Exit(1)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        typer.echo(f"dragoman {__version__}")
        raise typer.Exit


def register() -> None:
    """Import every group, so that ``app`` has all commands."""
    for group in _GROUPS:
        importlib.import_module(f"dragoman.cli.{group}")


def main() -> None:
    """Run the command line; a DragomanError is one line on stderr and exit code 1 (2 for wrong usage)."""
    register()
    try:
        app()
    except DragomanError as error:
        sys.stderr.write(f"dragoman: {error}\n")
        raise SystemExit(2 if isinstance(error, UsageError) else 1) from None
