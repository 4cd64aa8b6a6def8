"""``dragoman fix``: merge, split, accept, reject, set, undo, log. Nothing that was read is edited."""

from __future__ import annotations

import sys
from typing import Annotated, Optional

import typer
from rich.console import Console

from dragoman.cli.app import app
from dragoman.cli.corpus import Folder, opened, print_table
from dragoman.errors import UsageError

fix = typer.Typer(
    help="Correct what was read: dated decisions by a named user, each of which can be undone.", no_args_is_help=True
)
app.add_typer(fix, name="fix")

# typer evaluates annotations; Optional[...] works on every supported Python
User = Annotated[Optional[str], typer.Option(metavar="NAME", help="Who decides (default: who is logged in).")]  # noqa: UP045 (as above)
Reason = Annotated[Optional[str], typer.Option(metavar="WORDS", help="Why.")]  # noqa: UP045 (as above)
Record = Annotated[str, typer.Argument(metavar="ID", help="An event's or a claim's id.")]


def _said(number: int) -> None:
    sys.stderr.write(f"correction {number}; take it back with: dragoman fix undo {number}\n")


@fix.command()
def merge(
    actor: Annotated[str, typer.Argument(metavar="A", help="An actor's id, or its name where it has none.")],
    into: Annotated[str, typer.Argument(metavar="B", help="The actor that it is.")],
    folder: Folder = None,
    user: User = None,
    reason: Reason = None,
) -> None:
    """A and B are one actor: A appears as B in every view."""
    with opened(folder, read_only=False) as workspace:
        _said(workspace.merge(actor, into, user=user, reason=reason))


@fix.command()
def split(
    actor: Annotated[str, typer.Argument(metavar="A", help="An actor that was merged.")],
    folder: Folder = None,
    user: User = None,
    reason: Reason = None,
) -> None:
    """Take every merge of A apart again."""
    with opened(folder, read_only=False) as workspace:
        _said(workspace.split(actor, user=user, reason=reason))


@fix.command()
def accept(record: Record, folder: Folder = None, user: User = None, reason: Reason = None) -> None:
    """Mark a record as checked and right."""
    with opened(folder, read_only=False) as workspace:
        _said(workspace.accept(record, user=user, reason=reason))


@fix.command()
def reject(record: Record, folder: Folder = None, user: User = None, reason: Reason = None) -> None:
    """Mark a record as wrong; views leave it out."""
    with opened(folder, read_only=False) as workspace:
        _said(workspace.reject(record, user=user, reason=reason))


@fix.command("set")
def set_field(
    record: Record,
    change: Annotated[str, typer.Argument(metavar="FIELD=VALUE", help="For example event_type=AID or actor=PRK-MIL.")],
    folder: Folder = None,
    user: User = None,
    reason: Reason = None,
) -> None:
    """Change one field of a record in every view."""
    field, sign, value = change.partition("=")
    if not sign:
        raise UsageError(f"'{change}' is no FIELD=VALUE")
    with opened(folder, read_only=False) as workspace:
        _said(workspace.set(record, field.strip(), value, user=user, reason=reason))


@fix.command()
def undo(
    number: Annotated[int, typer.Argument(metavar="ID", help="The correction's number.")],
    folder: Folder = None,
    user: User = None,
    reason: Reason = None,
) -> None:
    """Withdraw a correction."""
    with opened(folder, read_only=False) as workspace:
        _said(workspace.undo(number, user=user, reason=reason))


@fix.command()
def log(folder: Folder = None) -> None:
    """Every correction: when, by whom, what, why, and whether it holds."""
    with opened(folder) as workspace:
        made = workspace.corrections()
    rows = [
        {
            "id": str(c.id),
            "made": f"{c.made:%Y-%m-%d %H:%M}",
            "user": c.user,
            "what": " ".join(filter(None, (c.kind, c.subject, f"{c.field}={c.value}" if c.field else c.value))),
            "quote": c.evidence.get("quote"),
            "reason": c.reason,
            "holds": "yes" if c.active else "withdrawn",
        }
        for c in made
    ]
    headings = {
        "id": "no",
        "made": "when (UTC)",
        "user": "who",
        "what": "what",
        "quote": "words",
        "reason": "why",
        "holds": "holds",
    }
    print_table(rows, headings, Console(file=sys.stdout))
