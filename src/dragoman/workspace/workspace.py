"""The workspace: one folder, one file, everything that was read, decided and derived."""

from __future__ import annotations

import datetime as dt
import getpass
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa

from dragoman.errors import UnreadableInput, UsageError
from dragoman.reading.result import Reading
from dragoman.records import Actor, Claim, Dispute, Document, Event
from dragoman.workspace import (
    attachments,
    corrections,
    counting,
    integrity,
    queries,
    search,
    status,
    store,
    stories,
)
from dragoman.workspace.adding import Adding, AddReport, Progress
from dragoman.workspace.corrections import Correction
from dragoman.workspace.counting import Period, Unit
from dragoman.workspace.database import Database
from dragoman.workspace.filters import Filter
from dragoman.workspace.merges import Merges, require_actor
from dragoman.workspace.pages import Pages
from dragoman.workspace.rereading import reread
from dragoman.workspace.result import Result

R = TypeVar("R", Actor, Event, Claim, Dispute)


class Workspace:
    """A corpus in one file. Use it as a context manager, or call ``close``.

    Args:
        folder: where ``workspace.duckdb`` lies.
        read_only: open without the right to change anything.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self.database = Database(folder, read_only=read_only)
        self.pages = Pages(self.database)

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.database.end()

    # what goes in

    def add(
        self,
        sources: str | Path | Document | Iterable[str | Path | Document],
        *,
        workers: int = 1,
        fast: bool = False,
        skim: bool = False,
        lexicon: str | Path | None = None,
        published: str | None = None,
        fetch: bool = False,
        progress: Callable[[Progress], None] | None = None,
    ) -> AddReport:
        """Read sources into the workspace; what is there already is recognised and not read again.

        Args:
            sources: files, folders, addresses, or documents.
            workers: reading processes; 1 reads in this process.
            fast: leave out the trained models.
            skim: pass over texts that name nobody who could act; they are kept without records.
            lexicon: a folder of your own names and verbs.
            published: publication date (ISO) for what has none.
            fetch: allow addresses to be fetched.
            progress: called after every transaction.

        Returns:
            What was read, known, and failed with why.

        Raises:
            WorkspaceError: the workspace cannot be written. What was written before stays.
        """
        given = [sources] if isinstance(sources, str | Path | Document) else sources
        overlay = Path(lexicon) if lexicon is not None else None
        adding = Adding(
            self.database, workers=workers, fast=fast, skim=skim, lexicon=overlay, published=published, fetch=fetch,
            progress=progress,
        )  # fmt: skip
        report = adding.run(given)
        if report.read:
            with self.database.transaction() as connection:
                corrections.derive(connection)
                stories.group(connection)
        return report

    def reread(self, documents: Iterable[str] | None = None, *, fast: bool = False, lexicon: Path | None = None) -> int:
        """Read stored texts again (all, when none is named), keeping every correction.

        Returns:
            How many were read.
        """
        return reread(self.database, documents, fast=fast, lexicon=lexicon)

    def import_events(
        self, batches: Iterable[pa.Table], *, origin: str, source: str = "", repairs: Iterable[str] = ()
    ) -> int:
        """Take in coded events that have no text, as one transaction.

        Args:
            batches: tables with the schema ``tables.DYADS``.
            origin: the format they come from; it stands in each row.
            source: the file's name.
            repairs: what was repaired on the way in, a line each; read after the last batch.

        Returns:
            How many rows were taken in.

        Raises:
            UsageError: this file was imported before.
            UnreadableInput: it holds no event; nothing was changed.
        """
        now = dt.datetime.now(dt.UTC)
        with self.database.transaction() as connection:
            before = connection.execute("SELECT id FROM imports WHERE source = ? AND source <> ''", [source]).fetchall()
            if before:
                raise UsageError(f"{source}: was imported before; nothing was changed")
            number = int(connection.execute("SELECT count(*) + 1 FROM imports").fetchall()[0][0])
            rows = 0
            for batch in batches:
                store.insert(connection, "dyads", batch)
                rows += batch.num_rows
            if rows == 0:
                why = next(iter(repairs), "it has no rows")
                raise UnreadableInput(f"{source or origin}: no event of it could be taken in ({why}); is it {origin}?")
            entry = {"id": f"import{number}", "format": origin, "source": source, "rows": rows,
                     "repairs": list(repairs), "imported": now}  # fmt: skip
            store.insert_dicts(connection, "imports", [entry])
        return rows

    def attach(self, folder: str | Path) -> int:
        """Let the records of a data set (``dragoman read-many``) count as the workspace's own, without copying them.

        Returns:
            How many documents it holds.

        Raises:
            UsageError: there is no such data set there, or it is attached already.
        """
        with self.database.transaction() as connection:
            return attachments.attach(connection, Path(folder))

    def detach(self, folder: str | Path) -> None:
        """Take a data set out of the views again; its files stay as they are.

        Raises:
            UsageError: it is not attached.
        """
        with self.database.transaction() as connection:
            attachments.detach(connection, Path(folder))

    def restore(self, readings: Iterable[Reading]) -> int:
        """Take in finished readings (an export of another workspace); documents that are there stay as they are."""
        return store.restore(self.database, readings)

    # what comes out

    def dyads(self, filters: Filter | None = None, **conditions: Any) -> pa.Table:
        """Actor-recipient pairs of events, read and imported, as corrected (schema ``tables.DYADS``).

        Args:
            filters: conditions, or give them as keywords (see ``Filter``).
            conditions: the same as keywords.
        """
        with self.database.session() as connection:
            return queries.dyads(connection, filters or Filter(**conditions))

    def counts(self, *, by: Period = "month", unit: Unit = "record", **conditions: Any) -> pa.Table:
        """Events by period: ``period``, ``events``, mean ``intensity``.

        Args:
            by: day, week, month, quarter or year.
            unit: what counts once: record, story (happening) or publisher.
            conditions: see ``Filter``.
        """
        with self.database.session() as connection:
            return counting.counts(connection, Filter(**conditions), by, unit)

    def series(self, actor: str, recipient: str, *, by: Period = "month", unit: Unit = "record") -> pa.Table:
        """What one actor did to another by period and quad class: ``events`` and summed ``intensity``."""
        with self.database.session() as connection:
            return counting.series(connection, Filter(actor=actor, recipient=recipient), by, unit)

    def events(self, *, limit: int | None = None, offset: int = 0, **conditions: Any) -> Result[Event]:
        """Events that were read from texts, as corrected, newest document last (conditions: see ``Filter``)."""
        with self.database.session() as connection:
            return queries.events(connection, Filter(**conditions), limit, offset)

    def claims(self, *, limit: int | None = None, offset: int = 0, **conditions: Any) -> Result[Claim]:
        """Claims, as corrected (conditions: speaker, since, until, factuality, publisher, document)."""
        with self.database.session() as connection:
            return queries.claims(connection, Filter(**conditions), limit, offset)

    def actors(self, *, limit: int | None = None, offset: int = 0, **conditions: Any) -> Result[Actor]:
        """Actors, one row a document that names them (conditions: actor, document, publisher, since, until)."""
        with self.database.session() as connection:
            return queries.actors(connection, Filter(**conditions), limit, offset)

    def documents(self, *, limit: int | None = None, offset: int = 0, **conditions: Any) -> Result[Document]:
        """Documents, the newest version of each (conditions: publisher, since, until, document)."""
        with self.database.session() as connection:
            return queries.documents(connection, Filter(**conditions), limit, offset)

    def disputes(self, document: str | None = None) -> Result[Dispute]:
        """Disputes inside of documents."""
        with self.database.session() as connection:
            return queries.disputes(connection, document)

    def reading(self, document: str) -> Reading:
        """Everything read from one document, as corrected.

        Args:
            document: its id or a beginning of it that no other has.

        Raises:
            UsageError: there is no such document, or several.
        """
        with self.database.session() as connection:
            return queries.reading(connection, document)

    def readings(self) -> Iterable[Reading]:
        """The readings of all current documents, one after another."""
        with self.database.session() as connection:
            ids = queries.document_ids(connection)
        for identifier in ids:
            yield self.reading(identifier)

    def record(self, identifier: str) -> Event | Claim:
        """One event or claim, as corrected.

        Raises:
            UsageError: there is none, or it was rejected.
        """
        with self.database.session() as connection:
            return queries.record(connection, identifier)

    def search(self, query: str, *, limit: int = 20) -> list[search.Hit]:
        """Texts that match, best first: words, "phrases", title:word, publisher:word, AND, OR, NOT.

        Raises:
            UsageError: the query cannot be understood.
        """
        with self.database.session() as connection:
            return search.search(connection, self.folder, query, limit)

    def stories(self, filters: Filter | None = None, **conditions: Any) -> list[stories.Story]:
        """Groups of documents that tell the same, and of events that are the same happening, largest first."""
        with self.database.session() as connection:
            return stories.listed(connection, filters or Filter(**conditions))

    def status(self) -> status.Status:
        """What the workspace holds, and what failed and why."""
        with self.database.session() as connection:
            return status.status(connection)

    # what people decide

    def merge(self, subject: str, into: str, *, user: str | None = None, reason: str | None = None) -> int:
        """Decide that two names are one actor (ids, or names where there is no id).

        Returns:
            The correction's number, for ``undo``.

        Raises:
            UsageError: one of them is unknown here, or they are the same already.
        """
        with self.database.transaction() as connection:
            require_actor(connection, subject)
            require_actor(connection, into)
            if subject == into or subject in Merges(connection).subjects_of(into):
                raise UsageError(f"'{subject}' and '{into}' are one actor already")
            if into in Merges(connection).subjects_of(subject):
                raise UsageError(f"'{into}' is already merged into '{subject}'; split it first")
            return corrections.append(connection, "merge", subject, user=_user(user), reason=reason, value=into)

    def split(self, actor: str, *, user: str | None = None, reason: str | None = None) -> int:
        """Take back every merge of an actor and into it.

        Raises:
            UsageError: nothing was merged.
        """
        with self.database.transaction() as connection:
            merges = [c for c in corrections.load(connection) if c.active and c.kind == "merge"]
            numbers = [c.id for c in merges if actor in (c.subject, c.value)]
            if not numbers:
                raise UsageError(f"'{actor}' is not merged with anything")
            evidence = {"withdraws": numbers}
            return corrections.append(connection, "split", actor, user=_user(user), reason=reason, evidence=evidence)

    def accept(self, record: str, *, user: str | None = None, reason: str | None = None) -> int:
        """Mark an event or a claim as checked and right."""
        return self._judge("accept", record, user, reason)

    def reject(self, record: str, *, user: str | None = None, reason: str | None = None) -> int:
        """Mark an event or a claim as wrong; views leave it out."""
        return self._judge("reject", record, user, reason)

    def set(self, record: str, field: str, value: str, *, user: str | None = None, reason: str | None = None) -> int:
        """Change one field of an event or a claim in every view.

        Raises:
            UsageError: there is no such record or field, or the value is not allowed there.
        """
        from dragoman.workspace.changes import changed

        with self.database.transaction() as connection:
            evidence = corrections.evidence_of(connection, record)
            changed(queries.stored_record(connection, record), field, value)
            return corrections.append(
                connection, "set", record, user=_user(user), reason=reason, field=field, value=value, evidence=evidence
            )

    def undo(self, correction: int, *, user: str | None = None, reason: str | None = None) -> int:
        """Withdraw a correction (also an undo).

        Raises:
            UsageError: there is none of that number, or it is withdrawn already.
        """
        with self.database.transaction() as connection:
            known = {c.id: c for c in corrections.load(connection)}
            if correction not in known:
                raise UsageError(f"there is no correction {correction}; 'dragoman fix log' lists them")
            if not known[correction].active:
                raise UsageError(f"correction {correction} is withdrawn already")
            return corrections.append(connection, "undo", str(correction), user=_user(user), reason=reason)

    def corrections(self) -> list[Correction]:
        """Every correction in the order of making, each with whether it holds now."""
        with self.database.session() as connection:
            return corrections.load(connection)

    def _judge(self, kind: str, record: str, user: str | None, reason: str | None) -> int:
        with self.database.transaction() as connection:
            evidence = corrections.evidence_of(connection, record)
            return corrections.append(connection, kind, record, user=_user(user), reason=reason, evidence=evidence)

    # what keeps it whole

    def check(self) -> list[str]:
        """Look at every span, id and reference; an empty list means that all is well."""
        with self.database.session() as connection:
            return integrity.problems(connection)

    def backup(self, path: str | Path | None = None) -> Path:
        """Make a consistent copy while the workspace is in use.

        Returns:
            The copy; by default ``backups/<time>.duckdb`` in the workspace.

        Raises:
            WorkspaceError: it cannot be written.
        """
        target = Path(path) if path else self.folder / "backups" / f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}.duckdb"
        self.database.copy_to(target)
        return target


def _user(user: str | None) -> str:
    if user:
        return user
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
