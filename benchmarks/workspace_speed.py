"""How fast a workspace takes texts in, recognises what it has, and answers on millions of events.

    python benchmarks/workspace_speed.py --polnear polnear_train.jsonl --articles 2000
    python benchmarks/workspace_speed.py --events 10000000

The texts are PolNeAR's (networkdynamics, LREC 2018); more articles than the file holds are made by repeating them with
changes. The events are made here, with a fixed seed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

import dragoman
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.knowledge import Knowledge
from dragoman.reading.batch import read_batch
from dragoman.reading.pool import ReaderPool, chunks
from dragoman.records import EVENT_TYPES, QUAD_CLASSES, Document
from dragoman.tables import DYADS


def read_only(documents: list[Document], knowledge: Knowledge, fast: bool) -> int:
    """What a bare process pool does: read, and hand back a count."""
    return sum(len(reading.events) for reading in read_batch(documents, knowledge, fast).readings)


def articles(path: Path, count: int) -> list[Document]:
    """``count`` articles; from the second round on each begins with a line of its own."""
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    made = []
    for number in range(count):
        turn, text = number // len(texts), texts[number % len(texts)]
        changed = text if turn == 0 else f"Edition {turn} of the report, number {number}.\n\n{text}"
        extract = Extract(changed, url=f"https://example.org/{number}", publisher=f"Paper {number % 40}")
        made.append(make_document(extract, (dt.date(2016, 1, 1) + dt.timedelta(days=number % 300)).isoformat()))
    return made


def measure_adding(documents: list[Document], workers: int, fast: bool) -> None:
    """Print words a second of the bare pool and of ``add`` in one run."""
    words = sum(len(document.text.split()) for document in documents)
    with ReaderPool[int](read_only, workers=workers, fast=fast) as pool:
        list(pool.map(chunks(documents[: workers * 8])))  # the processes are started and warm
        begun = time.perf_counter()
        for _ in pool.map(chunks(documents)):
            pass
        bare = words / (time.perf_counter() - begun)
    with tempfile.TemporaryDirectory() as folder, dragoman.create(Path(folder) / "ws") as workspace:
        begun = time.perf_counter()
        report = workspace.add(documents, workers=workers, fast=fast)
        added = words / (time.perf_counter() - begun)
        begun = time.perf_counter()
        again = workspace.add(documents[:1000], workers=workers, fast=fast)
        known = min(1000, len(documents)) / (time.perf_counter() - begun)
        size = workspace.database.path.stat().st_size / 1e6
        print(f"articles {len(documents)}, words {words}, workers {workers}, fast {fast}")
        print(f"bare pool            {bare:10,.0f} words/s")
        print(f"add                  {added:10,.0f} words/s   {added / bare:.2f} of the bare pool (start included)")
        print(f"exact duplicates     {known:10,.0f} documents/s   ({again.known} known, {report.read} read before)")
        print(f"file                 {size:10,.1f} MB")
    own, children = (
        resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"peak memory          {own:10,.0f} MB here, {children:,.0f} MB in the largest reading process")


def made_events(count: int, batch: int = 500_000) -> Iterator[pa.Table]:
    """Imported events between 200 actors over ten years."""
    random = np.random.Generator(np.random.PCG64(7))
    actors = pa.array([f"{chr(65 + i // 26)}{chr(65 + i % 26)}X" for i in range(200)])
    types = pa.array(EVENT_TYPES)
    quads = np.array([QUAD_CLASSES[name] for name in EVENT_TYPES], dtype=np.int8)
    first = np.datetime64("2010-01-01")
    for begun in range(0, count, batch):
        size = min(batch, count - begun)
        side = [
            pa.DictionaryArray.from_arrays(random.zipf(1.4, size).clip(1, 200).astype(np.int16) - 1, actors)
            for _ in "ab"
        ]
        kind = random.integers(0, len(EVENT_TYPES), size)
        day = np.sort(first + random.integers(0, 3650, size).astype("timedelta64[D]"))
        days = pa.array(day.tolist(), pa.date32())
        columns = {
            "event": pa.array([f"made.{number}" for number in range(begun, begun + size)]),
            "start": days, "end": days, "actor": side[0].cast(pa.string()),
            "recipient": side[1].cast(pa.string()), "event_type": types.take(pa.array(kind)),
            "quad_class": pa.array(quads[kind]), "intensity": pa.array(random.normal(0, 4, size).clip(-10, 10)),
            "factuality": pa.array(["CT+"] * size), "origin": pa.array(["made"] * size),
        }  # fmt: skip
        empty = {name: pa.nulls(size, DYADS.field(name).type) for name in DYADS.names if name not in columns}
        yield pa.table({**columns, **empty}).select(DYADS.names).cast(DYADS)


def measure_questions(count: int) -> None:
    """Print how long questions over ``count`` imported events take."""
    with tempfile.TemporaryDirectory() as folder, dragoman.create(Path(folder) / "ws") as workspace:
        begun = time.perf_counter()
        rows = workspace.import_events(made_events(count), origin="made", source="made")
        print(f"import               {rows / (time.perf_counter() - begun):10,.0f} rows/s (making them included)")
        workspace.add(Path(dragoman.__file__).parent / "samples" / "dispatch.txt", fast=True)
        questions: dict[str, Callable[[], pa.Table]] = {
            "count by month": lambda: workspace.counts(by="month", event_type="ASSAULT"),
            "count by month, one state": lambda: workspace.counts(by="month", actor="AAX"),
            "series of a dyad": lambda: workspace.series("AAX", "ABX"),
        }
        for name, ask in questions.items():
            ask()
            times = []
            for _ in range(7):
                begun = time.perf_counter()
                answer = ask()
                times.append(time.perf_counter() - begun)
            print(f"{name:26} {sorted(times)[3] * 1000:8.0f} ms   ({answer.num_rows} rows)")
        print(f"file                 {workspace.database.path.stat().st_size / 1e6:10,.0f} MB")


def main() -> None:
    """Measure what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--events", type=int)
    chosen = parser.parse_args()
    if chosen.polnear is not None:
        if not chosen.polnear.is_file():
            raise SystemExit(f"{chosen.polnear}: not there; PolNeAR is public: github.com/networkdynamics/PolNeAR")
        measure_adding(articles(chosen.polnear, chosen.articles), chosen.workers, chosen.fast)
    if chosen.events is not None:
        measure_questions(chosen.events)


if __name__ == "__main__":
    main()
