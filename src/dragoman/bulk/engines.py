"""Who does the reading: this machine's process pool, Daft on one machine, or Daft on a Ray cluster.

All three call ``reading.batch`` on the same chunks of the same shards; what comes back is put into the
order of the source, so that the data set does not depend on the engine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import msgspec
import pyarrow as pa
import pyarrow.parquet as parquet

from dragoman.bulk.dataset import reading_tables
from dragoman.bulk.shards import Work
from dragoman.errors import UsageError
from dragoman.knowledge import Knowledge
from dragoman.reading.batch import Batch, read_batch, skim_batch
from dragoman.reading.pool import ReaderPool, chunks, ready_to_read
from dragoman.records import Document

_WINDOW = 64  # shards that are staged for Daft at a time


class Answer(msgspec.Struct, frozen=True):
    """What one chunk gave: Arrow streams by record type, and what failed."""

    tables: dict[str, bytes]
    failed: dict[str, str]


@dataclass(frozen=True)
class Manner:
    """How texts are read.

    Attributes:
        lexicon: the user's overlay; on a cluster every machine must have it at this path.
        fast: leave out the trained models.
        skim: pass over texts that name nobody who could act.
    """

    lexicon: Path | None = None
    fast: bool = False
    skim: bool = True


class Engine(Protocol):
    """Reads shards; answers come chunk by chunk, those of one shard together and in order."""

    def read(self, shards: Iterable[Work]) -> Iterator[tuple[Work, list[Answer]]]:
        """Each shard with the answers of its chunks."""
        ...


def read_chunk(documents: list[Document], knowledge: Knowledge, fast: bool) -> Answer:
    """Read every document of a chunk."""
    return _answer(read_batch(documents, knowledge, fast))


def skim_chunk(documents: list[Document], knowledge: Knowledge, fast: bool) -> Answer:
    """Read the documents of a chunk that name somebody who could act; the others are kept unread."""
    return _answer(skim_batch(documents, knowledge, fast))


def _answer(batch: Batch) -> Answer:
    found = reading_tables(batch.readings, batch.unread)
    return Answer({name: _packed(table) for name, table in found.items()}, batch.failed)


class LocalEngine:
    """A pool of processes on this machine."""

    def __init__(self, workers: int, manner: Manner) -> None:
        task = skim_chunk if manner.skim else read_chunk
        self._pool = ReaderPool[Answer](task, workers=workers, lexicon=manner.lexicon, fast=manner.fast)

    def read(self, shards: Iterable[Work]) -> Iterator[tuple[Work, list[Answer]]]:
        """Each shard with the answers of its chunks."""
        waiting: list[tuple[Work, int, list[Answer]]] = []  # shard, chunks still to come, answers

        def groups() -> Iterator[list[Document]]:
            for work in shards:
                made = list(chunks(work.documents))
                waiting.append((work, sum(map(len, made)), []))
                yield from made

        with self._pool as pool:
            for group, answer in pool.map(groups()):
                yield from _finished(waiting)
                work, left, answers = waiting[0]
                dead = Answer({}, {document.id: "the reading process died on it" for document in group})
                answers.append(answer or dead)
                waiting[0] = (work, left - len(group), answers)
                yield from _finished(waiting)
            yield from _finished(waiting)


def _finished(waiting: list[tuple[Work, int, list[Answer]]]) -> Iterator[tuple[Work, list[Answer]]]:
    while waiting and waiting[0][1] == 0:
        work, _, answers = waiting.pop(0)
        yield work, answers


class DaftEngine:
    """Daft, on its native runner or on Ray.

    Args:
        workers: reading processes in all.
        manner: how texts are read.
        staging: a folder for the chunks that wait; on a cluster one that every machine sees.
        ray: run on Ray (``RAY_ADDRESS`` names a running cluster; else one is started here).
    """

    def __init__(self, workers: int, manner: Manner, staging: Path, *, ray: bool = False) -> None:
        self._workers = workers
        self._manner = manner
        self._staging = staging
        self._daft = start_daft(workers, ray=ray)

    def read(self, shards: Iterable[Work]) -> Iterator[tuple[Work, list[Answer]]]:
        """Each shard with the answers of its chunks."""
        window: list[Work] = []
        for work in shards:
            window.append(work)
            if len(window) == _WINDOW:
                yield from self._read_window(window)
                window = []
        if window:
            yield from self._read_window(window)

    def _read_window(self, window: list[Work]) -> Iterator[tuple[Work, list[Answer]]]:
        expected = self._stage(window)
        answers: dict[int, dict[int, Answer]] = {work.number: {} for work in window}
        frame = self._daft.read_parquet(str(self._staging / "*.parquet"))
        reader = _reader(self._daft, self._workers, self._manner)
        frame = frame.select(frame["shard"], frame["chunk"], reader(frame["payload"]).alias("answer"))
        pending = iter(window)
        work = next(pending, None)
        for row in frame.iter_rows():
            answers[row["shard"]][row["chunk"]] = msgspec.msgpack.decode(row["answer"], type=Answer)
            while work is not None and len(answers[work.number]) == expected[work.number]:
                done = answers.pop(work.number)
                yield work, [done[number] for number in sorted(done)]
                work = next(pending, None)
        while work is not None:  # shards without a document
            yield work, [answer for _, answer in sorted(answers[work.number].items())]
            work = next(pending, None)
        shutil.rmtree(self._staging, ignore_errors=True)

    def _stage(self, window: list[Work]) -> dict[int, int]:
        """Write the chunks where every process can read them; gives the number of chunks of each shard."""
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(parents=True)
        expected: dict[int, int] = {}
        for work in window:
            payloads = [msgspec.msgpack.encode(group) for group in chunks(work.documents)]
            expected[work.number] = len(payloads)
            columns = {
                "shard": pa.array([work.number] * len(payloads), pa.int64()),
                "chunk": pa.array(range(len(payloads)), pa.int64()),
                "payload": pa.array(payloads, pa.binary()),
            }
            parquet.write_table(pa.table(columns), self._staging / f"{work.number:06d}.parquet", row_group_size=4)
        return expected


def start_daft(workers: int, *, ray: bool) -> Any:
    """Daft with the runner asked for, its telemetry and Ray's off.

    Raises:
        UsageError: it is not installed.
    """
    # Set before the first import: neither engine may send anything anywhere.
    os.environ["DAFT_ANALYTICS_ENABLED"] = "0"
    os.environ["DO_NOT_TRACK"] = "true"
    os.environ["SCARF_NO_ANALYTICS"] = "true"
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("DAFT_PROGRESS_BAR", "0")
    try:
        import daft
    except ImportError:
        raise UsageError("this engine needs Daft; install it with: pip install 'dragoman[scale]'") from None
    if not ray:
        if daft.get_or_infer_runner_type() != "native":
            daft.set_runner_native()
        return daft
    try:
        import ray as cluster
    except ImportError:
        raise UsageError("this engine needs Ray; install it with: pip install 'dragoman[scale]'") from None
    if not cluster.is_initialized():
        address = os.environ.get("RAY_ADDRESS")
        options: dict[str, Any] = {"address": address} if address else {"num_cpus": workers}
        try:
            cluster.init(include_dashboard=False, log_to_driver=False, configure_logging=False, **options)
        except (ConnectionError, RuntimeError, ValueError) as error:
            where = address or "this machine"
            reason = str(error).splitlines()[0][:160]
            raise UsageError(f"no Ray cluster answers at {where} ({reason}); see docs/scale.md") from error
    daft.set_runner_ray(noop_if_initialized=True)
    return daft


def _reader(daft: Any, workers: int, manner: Manner) -> Any:
    """The reading as a Daft function: one process a worker, each loaded once."""
    task = skim_chunk if manner.skim else read_chunk

    @daft.cls(use_process=True, max_concurrency=workers)
    class Reader:
        def __init__(self) -> None:
            self.knowledge = ready_to_read(manner.lexicon)

        @daft.method.batch(return_dtype=daft.DataType.binary(), batch_size=1)  # type: ignore[untyped-decorator]  # Daft ships no types
        def read(self, payloads: Any) -> list[bytes]:
            groups = (msgspec.msgpack.decode(payload, type=list[Document]) for payload in payloads.to_pylist())
            return [msgspec.msgpack.encode(task(group, self.knowledge, manner.fast)) for group in groups]

    return Reader().read


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue())
