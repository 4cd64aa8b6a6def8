"""A pool of processes that read chunks of documents; a document that kills its reader costs only itself."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Generic, TypeVar

from dragoman.errors import DragomanError
from dragoman.knowledge import Knowledge, load
from dragoman.reading.annotate import annotator
from dragoman.records import Document

T = TypeVar("T")
Task = Callable[[list[Document], Knowledge, bool], T]

CHUNK_DOCUMENTS = 8
CHUNK_CHARACTERS = 40_000
_WAITING = 3  # chunks in flight a process: one read, one ready, one on its way back
_LIFE = (
    400  # chunks a process after which the processes are replaced: the parser's vocabulary grows with every new word
)


def chunks(documents: Iterable[Document]) -> Iterator[list[Document]]:
    """Documents in groups that are worth sending to another process, in order."""
    group: list[Document] = []
    size = 0
    for document in documents:
        if group and (len(group) >= CHUNK_DOCUMENTS or size + len(document.text) > CHUNK_CHARACTERS):
            yield group
            group, size = [], 0
        group.append(document)
        size += len(document.text)
    if group:
        yield group


class ReaderPool(Generic[T]):
    """Runs ``task(documents, knowledge, fast)`` over chunks.

    Args:
        task: a function of a module (it is sent by name); it must not raise for a bad document.
        workers: number of processes; 1 reads in this process and starts none.
        lexicon: the user's overlay.
        fast: leave out the trained models.
    """

    def __init__(self, task: Task[T], *, workers: int = 1, lexicon: Path | None = None, fast: bool = False) -> None:
        self._task = task
        self._workers = workers
        self._lexicon = lexicon
        self._fast = fast
        self._pool: ProcessPoolExecutor | None = None
        self._submitted = 0  # chunks given to the processes of now

    def __enter__(self) -> ReaderPool[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Stop the processes; what they still had is dropped."""
        if self._pool is not None:
            processes = list((self._pool._processes or {}).values())
            self._pool.shutdown(wait=False, cancel_futures=True)
            for process in processes:
                process.terminate()
            self._pool = None

    def map(self, groups: Iterable[list[Document]]) -> Iterator[tuple[list[Document], T | None]]:
        """Each group with its result, in order; None for a group of one document on which its process died."""
        if self._workers <= 1:
            knowledge = load(self._lexicon)
            for group in groups:
                yield group, self._task(group, knowledge, self._fast)
            return
        flying: deque[tuple[list[Document], Future[T]]] = deque()
        for group in groups:
            if self._submitted >= _LIFE * self._workers:
                while flying:
                    yield from self._next(flying)
                self.end()
            flying.append((group, self._submit(group)))
            if len(flying) >= self._workers * _WAITING:
                yield from self._next(flying)
        while flying:
            yield from self._next(flying)

    def _next(self, flying: deque[tuple[list[Document], Future[T]]]) -> Iterator[tuple[list[Document], T | None]]:
        group, future = flying.popleft()
        try:
            result = future.result()
        except BrokenProcessPool:
            self.end()
            suspects = [group, *(waiting for waiting, _ in flying)]
            flying.clear()
            for suspect in suspects:
                yield from self._one_by_one(suspect)
        else:
            yield group, result

    def _one_by_one(self, group: list[Document]) -> Iterator[tuple[list[Document], T | None]]:
        for document in group:
            try:
                yield [document], self._submit([document]).result()
            except BrokenProcessPool:
                self.end()
                yield [document], None

    def _submit(self, group: list[Document]) -> Future[T]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_prepare,
                initargs=(self._lexicon, self._fast),
                # not max_tasks_per_child: with it Python 3.11 can wait for ever for a process that it did not replace
            )
            self._submitted = 0
        self._submitted += 1
        return self._pool.submit(_run, self._task, group)


def ready_to_read(lexicon: Path | None) -> Knowledge:
    """Load everything that a process needs for reading texts one after another, once.

    Args:
        lexicon: the user's overlay.
    """
    known = load(lexicon)
    with contextlib.suppress(DragomanError):  # a parser that cannot be loaded is told of with each document
        annotator()
    # What is loaded stays, and a parse makes many objects at once: the collector need not look so often or so far.
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    return known


_knowledge: Knowledge | None = None
_fast = False


def _prepare(lexicon: Path | None, fast: bool) -> None:
    # One knowledge a process, loaded once. Ctrl-C belongs to the parent, which ends its children.
    global _knowledge, _fast
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _knowledge, _fast = ready_to_read(lexicon), fast


def _end_with_parent() -> None:
    # A parent that is killed ends nobody, and the processes hold each other's pipes open: they would wait for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(task: Task[T], group: list[Document]) -> T:
    return task(group, _knowledge or load(None), _fast)
