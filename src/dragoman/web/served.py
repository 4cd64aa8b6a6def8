"""The workspace behind the page: what changed, what is being read, and what was worked out already."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from typing import Any, TypeVar

import msgspec

from dragoman.errors import DragomanError, UsageError
from dragoman.web.event_columns import EventColumns
from dragoman.workspace.adding import Progress
from dragoman.workspace.workspace import Workspace

T = TypeVar("T")
_LOOK = 1.0  # seconds between two looks whether another program changed the workspace
_ALIVE = 15.0  # seconds after which a quiet stream sends a sign of life
_COLUMNS = ("columns",)
_KEPT = 64  # answers that are kept


class Served:
    """A workspace that many requests share.

    Attributes:
        workspace: it.
        read_only: whether the page may change it.
        fetch: whether addresses that a user gives may be fetched.
        local: whether only this machine's users are served; others may not name this machine's files.
    """

    def __init__(
        self, workspace: Workspace, *, read_only: bool = False, fetch: bool = False, local: bool = True
    ) -> None:
        self.workspace = workspace
        self.read_only = read_only
        self.fetch = fetch
        self.local = local
        self._answers: dict[tuple[Any, ...], Future[Any]] = {}
        self._lock = threading.Lock()
        self._state = self._file_state()
        self._looked = time.monotonic()
        self._generation = 0
        self._jobs = itertools.count(1)
        self._reading = threading.Lock()
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[dict[str, Any]]]] = set()

    @property
    def generation(self) -> int:
        """Grows whenever the workspace changes, by this page or by another program."""
        if time.monotonic() - self._looked > _LOOK:
            self._looked = time.monotonic()
            state = self._file_state()
            if state != self._state:
                self.changed()
        return self._generation

    def changed(self) -> None:
        """Forget what was worked out and tell every page."""
        self._state = self._file_state()
        self._generation += 1
        with self._lock:
            self._answers.clear()
        self._tell({"changed": self._generation})

    def kept(self, key: tuple[Any, ...], work: Callable[[], T]) -> T:
        """The answer to a question, worked out once for each state of the workspace."""
        whole = (self.generation, *key)
        with self._lock:
            known = self._answers.pop(whole, None)
            future: Future[T] = Future() if known is None else known
            self._answers[whole] = future  # at the end: what was asked for least lately goes first
            if len(self._answers) > _KEPT:
                self._answers.pop(next(iter(self._answers)))
        if known is not None:
            return future.result()  # of another request that asks the same, when that is still at work
        try:
            future.set_result(work())
        except BaseException as error:
            with self._lock:
                self._answers.pop(whole, None)
            future.set_exception(error)
        return future.result()

    def columns(self) -> EventColumns:
        """All events as corrected, in memory."""
        return self.kept(_COLUMNS, lambda: EventColumns(self.workspace.dyads()))

    def columns_at_hand(self) -> EventColumns | None:
        """The same where nobody needs to wait for them; None while they are not made yet."""
        whole = (self.generation, *_COLUMNS)
        with self._lock:
            made = self._answers.get(whole)
        return made.result() if made is not None and made.done() and made.exception() is None else None

    def add(self, sources: list[Any], *, fetch: bool) -> int:
        """Read sources in the background, one batch after another; gives the number of the job."""
        job = next(self._jobs)
        threading.Thread(target=self._add, args=(job, sources, fetch), name=f"add-{job}", daemon=True).start()
        return job

    def _add(self, job: int, sources: list[Any], fetch: bool) -> None:
        def told(state: Progress, *, finished: bool = False, error: str | None = None) -> None:
            gone = state.read + state.known + state.failed + state.unchanged
            news = {"job": job, "done": gone, "total": max(gone, state.expected), "failed": state.failed}
            self._tell({**news, "finished": finished, "error": error})

        with self._reading:
            told(Progress(expected=len(sources)))
            try:
                report = self.workspace.add(sources, fetch=fetch, progress=told)
                error = report.failures[0].message if report.failures else None
                self.changed()
                told(report, finished=True, error=error)
            except DragomanError as problem:
                told(Progress(expected=len(sources), failed=len(sources)), finished=True, error=str(problem))

    async def news(self) -> AsyncIterator[bytes]:
        """Server-sent events: changes, and how far reading is."""
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue(maxsize=200)
        listener = (asyncio.get_running_loop(), queue)
        self._listeners.add(listener)
        try:
            yield b": listening\n\n"
            quiet = 0.0
            while True:
                try:
                    item = await asyncio.wait_for(queue.get(), timeout=_LOOK)
                except TimeoutError:
                    quiet += _LOOK
                    _ = self.generation  # looks whether another program changed the workspace
                    if quiet >= _ALIVE:
                        quiet = 0.0
                        yield b": still here\n\n"
                    continue
                quiet = 0.0
                yield b"data: " + msgspec.json.encode(item) + b"\n\n"
        finally:
            self._listeners.discard(listener)

    def require_writable(self) -> None:
        """Raise UsageError where the page may change nothing."""
        if self.read_only:
            raise UsageError(
                "the workspace is served read-only; start 'dragoman serve' without --read-only to change it"
            )

    def _tell(self, item: dict[str, Any]) -> None:
        for loop, queue in list(self._listeners):
            if not loop.is_closed():
                loop.call_soon_threadsafe(_put, queue, item)

    def _file_state(self) -> tuple[int, int]:
        try:
            state = self.workspace.database.path.stat()
        except OSError:
            return (0, 0)
        return (state.st_size, state.st_mtime_ns)


def _put(queue: asyncio.Queue[dict[str, Any]], item: dict[str, Any]) -> None:
    if queue.full():  # a page that does not listen loses the oldest news, never the latest
        queue.get_nowait()
    queue.put_nowait(item)
