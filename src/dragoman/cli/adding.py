"""The progress of ``add``: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dragoman.workspace.adding import Progress

_EVERY = 10.0  # seconds between two plain lines


@contextlib.contextmanager
def shown_progress() -> Iterator[Callable[[Progress], None]]:
    """What to call after each transaction, so that the user sees how far it is."""
    if not sys.stderr.isatty():
        yield _plain()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s  {task.fields[failed]} failed"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("reading", total=None, rate=0.0, failed=0)

        def advance(done: Progress) -> None:
            rate = done.read / done.seconds if done.seconds else 0.0
            total = done.expected or None
            bar.update(task, completed=done.sources, total=total, rate=rate, failed=done.failed)

        yield advance


def _plain() -> Callable[[Progress], None]:
    last = time.monotonic()

    def say(done: Progress) -> None:
        nonlocal last
        if time.monotonic() - last < _EVERY:
            return
        last = time.monotonic()
        rate = done.read / done.seconds if done.seconds else 0.0
        left = f", about {(done.expected - done.sources) / rate:.0f} s left" if done.expected and rate else ""
        sys.stderr.write(f"{done.read} read, {done.known} known, {done.failed} failed, {rate:.1f} documents/s{left}\n")

    return say
