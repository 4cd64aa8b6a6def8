"""The application: its commands are registered here, one module a group; errors become one line and an exit code."""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import Annotated, NoReturn, cast

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

_INTERRUPTED = 130  # what typer makes of Ctrl-C
_WRONG_USE = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[2])
"""The base of what typer says of wrong commands, arguments and options; it has no public name."""


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
    """Run the command line; whatever goes wrong is one line on stderr: exit code 1, 2 for wrong usage."""
    register()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a sign shows another one; files and programs get UTF-8 whatever the locale.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    try:
        code = app(prog_name="dragoman", standalone_mode=False)
        sys.stdout.flush()
        if code == _INTERRUPTED:
            sys.stderr.write("dragoman: stopped\n")
    except BrokenPipeError:  # what reads our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    except (DragomanError, OSError, MemoryError, _WRONG_USE) as error:
        if said := _in_one_line(error):
            sys.stderr.write(f"dragoman: {said}\n")
        code = 2 if isinstance(error, UsageError | _WRONG_USE) else 1
    raise SystemExit(code if isinstance(code, int) else 0)


def _in_one_line(error: Exception) -> str:
    if isinstance(error, _WRONG_USE):
        said = " ".join(error.format_message().replace("Value error, ", "").split()).rstrip(".")
        context = getattr(error, "ctx", None)
        command = context.command_path if context is not None else "dragoman"
        return f"{said}; see '{command} --help'" if said else ""  # without any argument the help was shown
    if isinstance(error, OSError):
        return f"{error.filename or 'the disk or the network'}: {error.strerror or error}; nothing more was done"
    if isinstance(error, MemoryError):
        return "the memory is full; give it more, or work on less at once"
    return str(error)
