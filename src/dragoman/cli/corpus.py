"""The workspace that a command works on, and how its answers are written."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dragoman.cli.event_source import nearest_workspace
from dragoman.cli.files import write_whole
from dragoman.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

    from dragoman.workspace.workspace import Workspace

# typer evaluates annotations; Optional[...] works on every supported Python
Folder = Annotated[
    Optional[Path],  # noqa: UP045 (as above)
    typer.Option("--workspace", metavar="DIR", help="The workspace (default: the nearest folder upwards that is one)."),
]
Out = Annotated[
    Optional[Path],  # noqa: UP045 (as above)
    typer.Option("--out", "-o", metavar="FILE", help="Write to FILE instead of standard output."),
]
Limit = Annotated[Optional[int], typer.Option(metavar="N", min=1, help="At most N rows.")]  # noqa: UP045 (as above)


_WIDE = ("quote", "content", "message")
_ROOMY = 150  # characters of a line from which words fit beside their row


class Shape(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def opened(folder: Path | None, *, read_only: bool = True) -> Workspace:
    """Open the workspace that the user means.

    Raises:
        UsageError: there is none here and none was named.
        WorkspaceError: it cannot be opened.
    """
    import dragoman

    found = folder or nearest_workspace()
    if found is None:
        raise UsageError(
            "there is no workspace here; make one with 'dragoman init DIR' or name one with --workspace DIR"
        )
    return dragoman.open(found, read_only=read_only)


def note_unknown(workspace: Workspace, *names: str | None) -> None:
    """Where nothing was found: say which of the names asked for the workspace does not know, with the nearest it does.

    Args:
        workspace: where it was looked for.
        names: ids and names of actors and speakers; None where none was asked for.
    """
    from dragoman.workspace.merges import require_actor

    for name in filter(None, names):
        if workspace.dyads(either=name).num_rows or len(workspace.actors(actor=name)):
            continue
        try:
            with workspace.database.session() as connection:
                require_actor(connection, name)
        except UsageError as error:
            sys.stderr.write(f"note: {error}\n")


def write_rows(rows: pa.Table, shape: Shape, out: Path | None, columns: dict[str, str]) -> None:
    """Write flat rows in the shape asked for.

    Args:
        rows: what to write; all columns in files, the chosen ones in a terminal table.
        shape: how.
        out: where to; standard output when None.
        columns: column name to heading, for the terminal.
    """
    if shape is Shape.table:
        shown = rows.select(list(columns)).to_pylist()
        if out is None:
            print_table(shown, columns, Console(file=sys.stdout))
            return
        page = io.StringIO()
        print_table(shown, columns, Console(file=page, width=160))
        data = page.getvalue().encode("utf-8")
    else:
        data = _encoded(rows, shape)
    if out is not None:
        write_whole(out, data)
    elif shape is Shape.parquet and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal; give --out FILE")
    else:
        sys.stdout.buffer.write(data)


def print_table(rows: Iterable[dict[str, Any]], columns: dict[str, str], console: Console) -> None:
    """Print rows under headings; nothing is cut. Where a line is too short for it, the words stand below their row."""
    listed = [{name: _cell(row.get(name)) for name in columns} for row in rows]
    if not listed:
        console.print("nothing found")
        return
    below = next((name for name in columns if name in _WIDE), None) if console.width < _ROOMY else None
    table = Table(box=None, pad_edge=False, header_style="bold")
    beside = [name for name in columns if name != below]
    for name in beside:
        table.add_column(columns[name], overflow="fold", ratio=3 if name in _WIDE else None)
    for row in listed:
        table.add_row(*(row[name] for name in beside))
    if below is None:
        console.print(table)
        return
    with console.capture() as capture:
        console.print(table)
    lines = capture.get().splitlines()
    if len(lines) != len(listed) + 1:  # a row wrapped: the words go into the row after all
        for row in listed:
            console.print("  ".join(row[name] for name in beside if row[name]))
            console.print(Padding(row[below], (0, 0, 0, 4)), style="dim")
        return
    console.print(Text.from_ansi(lines[0]))
    for line, row in zip(lines[1:], listed, strict=True):
        console.print(Text.from_ansi(line))
        if row[below]:
            console.print(Padding(row[below], (0, 0, 0, 4)), style="dim")


def _cell(value: Any) -> str:
    from rich.markup import escape

    return "" if value is None else escape(" ".join(str(value).split()))


def _encoded(rows: pa.Table, shape: Shape) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from dragoman.formats.spreadsheet import csv_bytes

    if shape is Shape.csv:
        return csv_bytes(rows)
    if shape is Shape.parquet:
        sink = pa.BufferOutputStream()
        pq.write_table(rows, sink)
        return bytes(sink.getvalue())
    import msgspec

    encoder = msgspec.json.Encoder()
    return b"".join(encoder.encode(row) + b"\n" for row in rows.to_pylist())
