"""``dragoman read-many`` and ``attach``: a crawl into a Parquet data set, and the data set into a workspace."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from dragoman.cli.app import app, fail
from dragoman.cli.corpus import Folder, opened

if TYPE_CHECKING:
    from dragoman.bulk.run import Report

# typer evaluates annotations; Optional[...] works on every supported Python
_EVERY = 5.0  # seconds between two lines of progress


class EngineName(StrEnum):
    """Who does the reading."""

    local = "local"
    daft = "daft"
    ray = "ray"


@app.command("read-many")
def read_many(
    sources: Annotated[
        list[str], typer.Argument(metavar="SOURCES", help="Files, folders, globs, Parquet, addresses in object stores.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="The data set; a stopped run goes on in it.")],
    engine: Annotated[EngineName, typer.Option(help="Who does the reading.")] = EngineName.local,
    workers: Annotated[int, typer.Option(metavar="N", min=0, help="Reading processes; 0: one a core.")] = 0,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out every trained model but the parser.")] = False,
    skim: Annotated[
        bool, typer.Option("--skim/--no-skim", help="Pass over texts that name nobody who could act (counted, kept).")
    ] = True,
    published: Annotated[
        Optional[str],  # noqa: UP045 (as above)
        typer.Option(metavar="DATE", help="Publication date of what has none."),
    ] = None,
    lexicon: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Your own names and verbs, over the shipped ones."),
    ] = None,
    staging: Annotated[
        Optional[Path],  # noqa: UP045 (as above)
        typer.Option(metavar="DIR", help="Where texts wait for Daft; on a cluster a folder that every machine sees."),
    ] = None,
) -> None:
    """Read a crawl or a table of texts into a Parquet data set, one folder a record type."""
    from dragoman import knowledge
    from dragoman.bulk.run import read_many as run
    from dragoman.bulk.sources import found_in
    from dragoman.intake.document import iso_date

    if published is not None:
        iso_date(published)
    knowledge.load(lexicon)
    many = workers or os.cpu_count() or 1
    try:
        report = run(
            found_in(sources, published, parsers=many), out, engine=engine.value, workers=many,
            lexicon=lexicon, fast=fast, skim=skim, staging=staging, progress=_progress(),
        )  # fmt: skip
    except KeyboardInterrupt:
        fail(f"stopped; what is in {out} is whole, and the same command goes on from there")
    sys.stderr.write(
        f"{report.read} read ({report.unread} of them, {report.unread_words} words, passed over as naming nobody),"
        f" {report.resumed} were there, {report.copies} copies, {report.failed} failed,"
        f" {report.passed_over} no pages, in {report.seconds:.1f} s\n"
    )


@app.command()
def attach(
    data_set: Annotated[Path, typer.Argument(metavar="DIR", help="A data set that 'dragoman read-many' wrote.")],
    folder: Folder = None,
    off: Annotated[bool, typer.Option("--off", help="Take it out of the views again.")] = False,
) -> None:
    """Let a data set's records count as the workspace's own, without copying them."""
    with opened(folder, read_only=False) as workspace:
        if off:
            workspace.detach(data_set)
            return
        sys.stderr.write(f"{workspace.attach(data_set)} documents attached\n")


def _progress() -> Callable[[Report], None]:
    last = 0.0

    def say(done: Report) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            rate = done.read / done.seconds if done.seconds else 0.0
            sys.stderr.write(f"{done.read} read, {done.failed} failed, {rate:.1f} documents/s\n")

    return say
