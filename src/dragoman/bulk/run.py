"""One run of ``read-many``: source, shards, engine, data set."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from dragoman.bulk.dataset import COPIES, FAILURES, TABLES, DataSet, Shard
from dragoman.bulk.engines import Answer, DaftEngine, Engine, LocalEngine, Manner
from dragoman.bulk.shards import Refused, Work, cut
from dragoman.errors import UsageError
from dragoman.records import Document
from dragoman.version import __version__

ENGINES = ("local", "daft", "ray")


@dataclass
class Report:
    """What a run did.

    Attributes:
        read: documents taken in this run.
        unread: those of them that were passed over as naming nobody who could act.
        unread_words: the words of these.
        failed: what gave no reading.
        passed_over: records that hold no page: pictures, redirects and the like.
        copies: texts passed over as word for word the same.
        resumed: documents of shards that were there already.
        seconds: since the beginning.
    """

    read: int = 0
    unread: int = 0
    unread_words: int = 0
    failed: int = 0
    passed_over: int = 0
    copies: int = 0
    resumed: int = 0
    seconds: float = 0.0


def read_many(
    found: Iterable[Document | Refused],
    out: Path,
    *,
    engine: str = "local",
    workers: int = 1,
    lexicon: Path | None = None,
    fast: bool = False,
    skim: bool = True,
    staging: Path | None = None,
    progress: Callable[[Report], None] | None = None,
) -> Report:
    """Read what a source gives into a data set, going on where an earlier run stopped.

    Args:
        found: documents, and what gave none.
        out: the data set's folder.
        engine: one of ``ENGINES``.
        workers: reading processes.
        lexicon: the user's overlay.
        fast: leave out the trained models.
        skim: pass over texts that name nobody who could act; they are kept without records.
        staging: where chunks wait for Daft; on a cluster a folder that every machine sees.
        progress: called after every shard.

    Raises:
        UsageError: the engine is unknown or not installed, or the folder was begun with other settings.
        OutputError: the folder cannot be written.
    """
    if engine not in ENGINES:
        raise UsageError(f"there is no engine '{engine}'; there are {', '.join(ENGINES)}")
    dataset = DataSet(out, {"version": __version__, "fast": fast, "skim": skim, "lexicon": _digest(lexicon)})
    report = Report()
    begun = time.monotonic()

    with tempfile.TemporaryDirectory(dir=out, prefix=".staging-") as own:
        reader = _engine(engine, workers, Manner(lexicon, fast, skim), staging or Path(own) / "chunks")
        for work, answers in reader.read(_missing(found, dataset, report)):
            shard, tables = _whole(work, answers)
            dataset.write(shard, tables)
            report.read += shard.documents
            report.unread += shard.unread
            report.unread_words += shard.unread_words
            report.failed += shard.failed
            report.seconds = time.monotonic() - begun
            if progress is not None:
                progress(report)
    report.seconds = time.monotonic() - begun
    return report


def _missing(found: Iterable[Document | Refused], dataset: DataSet, report: Report) -> Iterator[Work]:
    """The shards that are not in the data set yet."""
    for work in cut(found):
        report.copies += work.copies
        report.passed_over += work.passed_over
        if dataset.finished.get(work.number) == work.digest:
            report.resumed += len(work.documents)
        else:
            yield work


def _engine(name: str, workers: int, manner: Manner, staging: Path) -> Engine:
    if name == "local":
        return LocalEngine(workers, manner)
    return DaftEngine(workers, manner, staging, ray=name == "ray")


def _whole(work: Work, answers: list[Answer]) -> tuple[Shard, dict[str, pa.Table]]:
    """The tables of a shard, with what failed in it."""
    tables = {
        name: pa.concat_tables([pa.ipc.open_stream(a.tables[name]).read_all() for a in answers if name in a.tables])
        for name in TABLES
        if any(name in answer.tables for answer in answers)
    }
    tables.setdefault("documents", TABLES["documents"].empty_table())
    tables["copies"] = pa.Table.from_pylist([vars(copy) for copy in work.alike], schema=COPIES)
    failed: list[dict[str, Any]] = [_row(refused) for refused in work.refused]
    titles = {document.id: document for document in work.documents}
    for answer in answers:
        for identifier, message in sorted(answer.failed.items()):
            source = titles[identifier].url or titles[identifier].title or "document"
            failed.append({"source": source, "locator": identifier, "error": "ReadingError", "message": message})
    tables["failures"] = pa.Table.from_pylist(failed, schema=FAILURES)
    words = tables["unread"].column("words").to_pylist() if "unread" in tables else []
    return Shard(work.number, work.digest, tables["documents"].num_rows, len(failed), len(words), sum(words)), tables


def _row(refused: Refused) -> dict[str, Any]:
    return {name: getattr(refused, name) for name in FAILURES.names}


def _digest(lexicon: Path | None) -> str | None:
    """What an overlay holds, in a word; None without one."""
    if lexicon is None:
        return None
    state = hashlib.sha256()
    for path in sorted(lexicon.rglob("*.yml")):
        state.update(str(path.relative_to(lexicon)).encode("utf-8") + b"\0" + path.read_bytes())
    return state.hexdigest()[:16]
