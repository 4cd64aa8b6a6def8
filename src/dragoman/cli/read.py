"""``dragoman read``: one text or several, shown or written as records."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console

from dragoman.cli.app import app, fail
from dragoman.cli.files import write_whole
from dragoman.errors import DragomanError, UsageError
from dragoman.samples import dispatch


class ReadFormat(StrEnum):
    """How a reading is shown."""

    text = "text"
    jsonl = "jsonl"
    html = "html"


@app.command()
def read(
    sources: Annotated[list[str], typer.Argument(metavar="FILE|URL|-", help="What to read; '-' is standard input.")],
    output_format: Annotated[ReadFormat, typer.Option("--format", help="text to look at, records, or a page.")] = (
        ReadFormat.text
    ),
    published: Annotated[
        Optional[str],  # noqa: UP045 (typer evaluates annotations; this form works on every supported Python)
        typer.Option(metavar="DATE", help="Publication date, to which relative dates refer."),
    ] = None,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Your own names and verbs, over the shipped ones."),
    ] = None,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out every trained model but the parser.")] = False,
    out: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option("--out", "-o", metavar="FILE", help="Write to FILE instead of standard output."),
    ] = None,
) -> None:
    """Read a text: who did what to whom, when and where, who says so, and how surely."""
    from dragoman.intake.document import iso_date

    if published is not None:
        iso_date(published)
    if output_format is ReadFormat.html and len(sources) > 1:
        raise UsageError("--format html makes one page of one text; name one source")
    written: list[str] = []
    failed: list[str] = []
    console = Console(file=sys.stdout, soft_wrap=False)
    for source in sources:
        try:
            written += _read_one(source, output_format, published, lexicon, fast, None if out else console)
        except UsageError:
            raise
        except DragomanError as error:
            failed.append(str(error))
            if len(sources) > 1:
                sys.stderr.write(f"dragoman: {error}\n")
    if out is not None and written:
        write_whole(out, "".join(written))
    if failed:
        fail(failed[0] if len(sources) == 1 else f"{len(failed)} of {len(sources)} sources could not be read")


def _read_one(
    source: str,
    output_format: ReadFormat,
    published: str | None,
    lexicon: Path | None,
    fast: bool,
    console: Console | None,
) -> list[str]:
    from dragoman import api, knowledge
    from dragoman.formats.html import render_html
    from dragoman.formats.jsonl import encode_line
    from dragoman.formats.terminal import plain_lines, print_reading
    from dragoman.intake import take_in

    knowledge.load(lexicon)  # first, so that a wrong lexicon is named before a text is parsed
    data = sys.stdin.buffer.read() if source == "-" else _named(source)
    documents = take_in(data, published=published)
    written = []
    for reading in api.read_batch(documents, lexicon=lexicon, fast=fast):
        if output_format is not ReadFormat.text:
            sys.stderr.writelines(f"note: {note}\n" for note in reading.notes)
        if output_format is ReadFormat.jsonl:
            text = "".join(encode_line(record).decode("utf-8") for record in reading)
        elif output_format is ReadFormat.html:
            text = render_html(reading)
        elif console is not None:
            print_reading(reading, console)
            continue
        else:
            text = "\n".join(plain_lines(reading)) + "\n"
        if console is not None:
            sys.stdout.write(text)
        else:
            written.append(text)
    return written


def _named(source: str) -> str:
    # "sample" is the bundled dispatch, unless a file has that name.
    return str(dispatch()) if source == "sample" and not Path(source).exists() else source
