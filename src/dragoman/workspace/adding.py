"""Adding sources: taken in, recognised when known, read by a pool, written in groups, resumable at any moment."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dragoman.intake.stream import Found
from dragoman.reading.pool import ReaderPool, chunks
from dragoman.records import Document
from dragoman.workspace import store
from dragoman.workspace.database import Database
from dragoman.workspace.rows import Rows, read_rows, skim_rows
from dragoman.workspace.sources import Source, count_sources, open_sources
from dragoman.workspace.store import Failure, Group, Input, Sighting

_GROUP_DOCUMENTS = 24
_GROUP_SIGHTINGS = 500
_GROUP_SECONDS = 1.0


@dataclass
class Progress:
    """How far an ``add`` is.

    Attributes:
        read: documents read and written.
        unread: those of them that were passed over as naming nobody who could act.
        known: documents that were there already.
        failed: sources, records or documents that failed.
        unchanged: files that had been read before and have not changed since.
        sources: sources gone through.
        expected: sources that the user named, files of folders counted.
        seconds: since the beginning.
    """

    read: int = 0
    unread: int = 0
    known: int = 0
    failed: int = 0
    unchanged: int = 0
    sources: int = 0
    expected: int = 0
    seconds: float = 0.0


@dataclass
class AddReport(Progress):
    """What an ``add`` did; ``failures`` names what failed and why."""

    failures: list[Failure] = field(default_factory=list)


class Adding:
    """One run of ``add``: sources become documents, documents readings, readings rows.

    Args:
        database: the workspace's file.
        workers: reading processes; 1 reads in this process.
        fast: leave out the trained models.
        skim: pass over texts that name nobody who could act; they are kept without records.
        lexicon: the user's overlay.
        published: publication date for documents that have none.
        fetch: whether addresses may be fetched.
        progress: called after every transaction.
    """

    def __init__(
        self,
        database: Database,
        *,
        workers: int = 1,
        fast: bool = False,
        skim: bool = False,
        lexicon: Path | None = None,
        published: str | None = None,
        fetch: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> None:
        self._database = database
        self._workers = workers
        self._fast = fast
        self._task = skim_rows if skim else read_rows
        self._lexicon = lexicon
        self._published = published
        self._fetch = fetch
        self._progress = progress
        self._report = AddReport()
        self._begun = time.monotonic()
        self._written = self._begun
        self._group = Group()
        self._open: dict[str, _Open] = {}
        self._whence: dict[str, str] = {}  # document being read to its source

    def run(self, sources: Iterable[str | Path | Document]) -> AddReport:
        """Go through the sources; what is written stays, whenever it ends.

        Raises:
            WorkspaceError: the workspace cannot be written.
        """
        self._known, self._finished = self._load_state()
        sources = list(sources)
        self._report.expected = count_sources(sources)
        with ReaderPool[Rows](self._task, workers=self._workers, lexicon=self._lexicon, fast=self._fast) as pool:
            for group, rows in pool.map(chunks(self._new_documents(sources))):
                self._take(group, rows)
                if len(self._group.documents) >= _GROUP_DOCUMENTS or self._due():
                    self._write()
            self._write()
        self._report.seconds = time.monotonic() - self._begun
        return self._report

    def _load_state(self) -> tuple[set[bytes], dict[str, tuple[int | None, int | None]]]:
        with self._database.session() as connection:
            known = {_key(row[0]) for row in connection.execute("SELECT id FROM documents").fetchall()}
            inputs = connection.execute("SELECT source, size, modified FROM inputs WHERE state = 'read'").fetchall()
        return known, {source: (size, modified) for source, size, modified in inputs}

    def _new_documents(self, sources: Iterable[str | Path | Document]) -> Iterator[Document]:
        """The documents that are not in the workspace yet; everything else is noted on the way."""
        for source in open_sources(sources, published=self._published, fetch=self._fetch):
            if source.size is not None and self._finished.get(source.name) == (source.size, source.modified):
                self._report.unchanged += 1
                self._report.sources += 1
                continue
            self._open[source.name] = entry = _Open(source)
            self._group.retried.append(source.name)
            for found in source.documents():
                yield from self._sort(entry, found)
            entry.exhausted = True
            self._close_if_done(entry)

    def _sort(self, entry: _Open, found: Found) -> Iterator[Document]:
        name = entry.source.name
        if found.passed_over:
            return
        if found.document is None:
            entry.failed += 1
            self._fail(Failure(name, found.locator, found.error, found.message))
            return
        document = found.document
        entry.documents += 1
        self._group.sightings.append(
            Sighting(document.id, name, found.locator, document.url, document.publisher, document.published)
        )
        if _key(document.id) in self._known:
            self._report.known += 1
            if len(self._group.sightings) >= _GROUP_SIGHTINGS:
                self._write()
            return
        self._known.add(_key(document.id))
        self._whence[document.id] = name
        entry.reading += 1
        yield document

    def _take(self, documents: list[Document], rows: Rows | None) -> None:
        if rows is None:
            rows = Rows(failed={document.id: "the reading process died on it" for document in documents})
        for document in documents:
            entry = self._open[self._whence.pop(document.id)]
            entry.reading -= 1
            if document.id in rows.failed:
                entry.failed += 1
                self._known.discard(_key(document.id))
                self._fail(Failure(entry.source.name, document.title, "ReadingError", rows.failed[document.id]))
            else:
                self._group.documents.append(document)
            self._close_if_done(entry)
        self._group.rows.append(rows)

    def _close_if_done(self, entry: _Open) -> None:
        if not entry.exhausted or entry.reading:
            return
        source = entry.source
        state = "failed" if entry.failed and not entry.documents else "read"
        self._group.inputs.append(
            Input(source.name, None, source.size, source.modified, state, entry.documents, entry.failed)
        )
        del self._open[source.name]
        self._report.sources += 1

    def _fail(self, failure: Failure) -> None:
        self._group.failures.append(failure)
        self._report.failures.append(failure)
        self._report.failed += 1

    def _due(self) -> bool:
        return time.monotonic() - self._written > _GROUP_SECONDS

    def _write(self) -> None:
        """Write what is whole. A sighting waits for its document."""
        group, waiting, there = self._group, Group(), self._whence
        waiting.sightings = [s for s in group.sightings if s.document in there]
        group.sightings = [s for s in group.sightings if s.document not in there and _key(s.document) in self._known]
        self._group = waiting
        if not group.empty:
            now = dt.datetime.now(dt.UTC)
            with self._database.transaction() as connection:
                store.write(connection, group, self._fast, now)
            self._report.read += len(group.documents)
            self._report.unread += sum(rows.unread for rows in group.rows)
        self._written = time.monotonic()
        self._report.seconds = self._written - self._begun
        self._database.give_way()
        if self._progress is not None:
            self._progress(self._report)


@dataclass
class _Open:
    """A source that is being gone through."""

    source: Source
    documents: int = 0
    failed: int = 0
    reading: int = 0
    exhausted: bool = False


def _key(identifier: str) -> bytes:
    return bytes.fromhex(identifier[:32])
