"""The engines of ``read-many`` beside the bare parser, and what a long stream and a large crawl cost in memory.

    python benchmarks/bulk_speed.py engines --polnear polnear_train.jsonl --articles 300 --rounds 3
    python benchmarks/bulk_speed.py mixed --polnear polnear_train.jsonl --articles 300
    python benchmarks/bulk_speed.py stream --documents 100000
    python benchmarks/bulk_speed.py crawl --megabytes 1000
    python benchmarks/bulk_speed.py pages --megabytes 50

``engines`` compares with the bare parser: the released pipeline in the same pool, all paragraphs of a chunk together in
batches of its own best size. It needs ``dragoman[scale]``, or ``--engines local``. ``mixed`` reads as many words of
other pages (recipes, sport, weather, business, gardening) beside the articles, with and without skimming. The texts
are PolNeAR's (networkdynamics, LREC 2018), else the project's own; other pages, the texts of the stream and the pages
of the crawl are made here, with a fixed seed. Memory is the proportional share (PSS) of this process and all its
children, taken twice a second.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from made_texts import made_pages, made_texts, write_crawl
from reading_speed import documents

from dragoman.bulk.run import Report, read_many
from dragoman.bulk.sources import found_in
from dragoman.knowledge import Knowledge
from dragoman.reading.model import load_parser
from dragoman.reading.normalise import normalise, paragraphs
from dragoman.reading.pool import ReaderPool, chunks
from dragoman.records import Document

if TYPE_CHECKING:
    from spacy.language import Language


class Memory:
    """The largest proportional share of this process and its children, in MB; ``samples`` holds (seconds, MB)."""

    def __init__(self) -> None:
        self.samples: list[tuple[float, float]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def described(self) -> str:
        """Peak, and the mean of the second and of the last fifth of the run."""
        values = [value for _, value in self.samples]
        fifth = max(1, len(values) // 5)
        early, late = values[fifth : 2 * fifth], values[-fifth - 1 : -1]
        means = [sum(part) / max(1, len(part)) for part in (early, late)]
        return f"peak {max(values):,.0f} MB; second fifth {means[0]:,.0f} MB, last fifth {means[1]:,.0f} MB"

    def _watch(self) -> None:
        begun = time.monotonic()
        while not self._stop.wait(0.5):
            self.samples.append((time.monotonic() - begun, sum(map(_share, _family())) / 1024))


def _family() -> list[int]:
    own = Path("/proc/self").resolve().name
    found, waiting = [], [int(own)]
    while waiting:
        number = waiting.pop()
        found.append(number)
        try:
            for task in Path(f"/proc/{number}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except OSError:
            continue  # it ended meanwhile
    return found


def _share(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


_BATCH = 128  # paragraphs; the released pipeline's best of 4 to 256 on these texts


@functools.cache
def _released() -> Language:
    return load_parser()


def parse_only(texts: list[Document], knowledge: Knowledge, fast: bool) -> int:
    """What the bare parser does in a pool: the released pipeline over the same paragraphs."""
    del knowledge, fast
    pieces = [normalise(d.text, start, end).text for d in texts for start, end in paragraphs(d.text)]
    return sum(len(doc) for doc in _released().pipe(pieces, batch_size=_BATCH))


def _pooled_parser(texts: list[Document], workers: int) -> tuple[float, float]:
    """Seconds by the clock, and of the processors, start left out."""
    with ReaderPool[int](parse_only, workers=workers, fast=True) as pool:
        list(pool.map(chunks(texts[: workers * 8])))
        spent, begun = _cpu_seconds(), time.perf_counter()
        for _ in pool.map(chunks(texts)):
            pass
        return time.perf_counter() - begun, _cpu_seconds() - spent


def _cpu_seconds() -> float:
    """CPU time of this process, of its children now, and of those that have ended."""
    ticks = 0
    for number in _family():
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def compare_engines(texts: list[Document], workers: int, engines: list[str], rounds: int) -> None:
    """Print words a second of the parser and of each engine, start included, and the share of the first engine."""
    words = sum(len(text.text.split()) for text in texts)
    speeds: dict[str, list[float]] = {name: [] for name in ("parser", *engines)}
    costs: dict[str, list[float]] = {name: [] for name in ("parser", *engines)}
    print(f"{len(texts)} texts, {words:,} words, {workers} workers, --fast")
    for _ in range(rounds):
        for kept, seconds in zip((speeds, costs), _pooled_parser(texts, workers), strict=True):
            kept["parser"].append(words / seconds)
        print(f"bare parser in a pool  {speeds['parser'][-1]:8,.0f} words/s,"
              f" {costs['parser'][-1]:6,.0f} a CPU second", flush=True)  # fmt: skip
        for engine in engines:
            with tempfile.TemporaryDirectory() as folder:
                spent, begun = _cpu_seconds(), time.perf_counter()
                done = read_many(texts, Path(folder) / "out", engine=engine, workers=workers, fast=True)
                speeds[engine].append(words / (time.perf_counter() - begun))
                costs[engine].append(words / (_cpu_seconds() - spent))
            passed = f"{done.read} read, of them {done.unread} with {done.unread_words:,} words passed over"
            print(f"read-many, {engine:<12}{speeds[engine][-1]:8,.0f} words/s, {costs[engine][-1]:6,.0f} a CPU second"
                  f" ({passed})", flush=True)  # fmt: skip
    parser, first = statistics.median(speeds["parser"]), engines[0]
    for engine in engines:
        middle = statistics.median(speeds[engine])
        pairs = [one / other for one, other in zip(speeds[engine], speeds[first], strict=True)]
        cost = statistics.median(costs[engine])
        shares = [cost / statistics.median(costs[other]) for other in ("parser", first)]
        print(f"{engine:<8}{middle:8,.0f} words/s   {middle / parser:.2f} of the parser, "
              f"{statistics.median(pairs):.2f} of {first}; by CPU time {shares[0]:.2f}, {shares[1]:.2f}")  # fmt: skip


def stream(count: int, workers: int) -> None:
    """Print how much memory a long stream of short texts takes."""
    with tempfile.TemporaryDirectory() as folder, Memory() as memory:
        report = read_many(made_texts(count), Path(folder) / "out", workers=workers, fast=True, progress=_told(count))
    print(f"{report.read:,} documents of {count:,} in {report.seconds:,.0f} s: {memory.described()}")


def mixed(articles: list[Document], workers: int) -> None:
    """Print words a second of a crawl of which half the words are no politics, with and without skimming."""
    size = sum(len(text.text.split()) for text in articles)
    pages: list[Document] = []
    for page in made_pages(size):
        if size <= 0:
            break
        pages.append(page)
        size -= len(page.text.split())
    texts = [*articles, *pages]
    random.Random(3).shuffle(texts)
    words = sum(len(text.text.split()) for text in texts)
    parser = words / _pooled_parser(texts, workers)[0]
    print(f"{len(articles)} articles and {len(pages)} other pages, {words:,} words, {workers} workers, --fast")
    print(f"bare parser in a pool  {parser:8,.0f} words/s")
    for skim in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            done = read_many(texts, Path(folder) / "out", workers=workers, fast=True, skim=skim)
            speed = words / (time.perf_counter() - begun)
        passed = f"{done.unread} texts, {done.unread_words:,} words passed over"
        name = "with skimming" if skim else "without skimming"
        print(f"read-many, {name:<17}{speed:8,.0f} words/s   {speed / parser:.2f} of the parser ({passed})", flush=True)


def _told(every: int) -> Callable[[Report], None]:
    step = max(1, every // 10)
    last = [0]

    def tell(report: Report) -> None:
        if report.read // step > last[0]:
            last[0] = report.read // step
            print(f"  {report.read:,} read after {report.seconds:,.0f} s", flush=True)

    return tell


def crawl(megabytes: int, workers: int) -> None:
    """Print whether every record of a large crawl is accounted for, how fast, and how much memory it took."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.warc.gz"
        kinds = write_crawl(path, megabytes)
        print(f"{megabytes} MB unpacked, {path.stat().st_size / 1e6:.0f} MB packed: {json.dumps(kinds)}", flush=True)
        with Memory() as memory:
            report = read_many(found_in([str(path)], parsers=workers), Path(folder) / "out", workers=workers, fast=True,
                               progress=_told(sum(kinds.values())))  # fmt: skip
    kept = f"{report.read:,} read, {report.failed:,} refused, {report.copies:,} copies, {report.passed_over:,} no pages"
    accounted = report.read + report.failed + report.copies + report.passed_over
    print(f"{kept}: {accounted:,} of {sum(kinds.values()):,} records")
    print(f"{megabytes / report.seconds:.1f} MB/s; {memory.described()}")


def pages(megabytes: int) -> None:
    """Print the CPU time that taking the pages of a crawl apart takes, no text read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.warc.gz"
        kinds = write_crawl(path, megabytes)
        spent = _cpu_seconds()
        found = sum(isinstance(one, Document) for one in found_in([str(path)]))
        spent = _cpu_seconds() - spent
    print(f"{sum(kinds.values())} records, {found} texts: {1000 * spent / found:.0f} ms of a core a text of"
          f" {1000 * megabytes / sum(kinds.values()):.0f} KB, {megabytes / spent:.1f} MB a CPU second")  # fmt: skip


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["engines", "mixed", "stream", "crawl", "pages"])
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1, help="of the engines, one after another")
    parser.add_argument("--engines", nargs="+", default=["local", "daft", "ray"])
    given = parser.parse_args()
    if given.what == "engines":
        compare_engines(documents(given.polnear, given.articles), given.workers, given.engines, given.rounds)
    elif given.what == "mixed":
        mixed(documents(given.polnear, given.articles), given.workers)
    elif given.what == "stream":
        stream(given.documents, given.workers)
    elif given.what == "pages":
        pages(given.megabytes)
    else:
        crawl(given.megabytes, given.workers)


if __name__ == "__main__":
    main()
