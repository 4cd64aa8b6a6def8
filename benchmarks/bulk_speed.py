"""The engines of ``read-many`` beside the bare parser, and what a long stream and a large crawl cost in memory.

    python benchmarks/bulk_speed.py engines --polnear polnear_train.jsonl --articles 300
    python benchmarks/bulk_speed.py stream --documents 100000
    python benchmarks/bulk_speed.py crawl --megabytes 1000

``engines`` needs ``dragoman[scale]``. The texts are PolNeAR's (networkdynamics, LREC 2018), else the project's own; the
texts of the stream and the pages of the crawl are made here, with a fixed seed. Memory is the proportional share (PSS)
of this process and all its children, taken twice a second.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from reading_speed import documents

from dragoman.bulk.run import Report, read_many
from dragoman.bulk.shards import Refused
from dragoman.bulk.sources import found_in
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.knowledge import Knowledge
from dragoman.reading.parse import parse_many
from dragoman.reading.pool import ReaderPool, chunks
from dragoman.records import Document

_STATES = ("Russia", "China", "Japan", "France", "Iran", "Israel", "Poland", "Kenya", "Sudan", "Chile", "Peru", "India")
_ACTS = ("condemned", "sent troops to", "signed an agreement with", "imposed sanctions on", "held talks with", "met")
_HEDGES = ("officials said", "according to the ministry", "two diplomats claimed", "the spokesman denied this")


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


def parse_only(texts: list[Document], knowledge: Knowledge, fast: bool) -> int:
    """What the bare parser does in a pool."""
    del knowledge, fast
    return sum(len(parse.tokens) for parse in parse_many(d.text for d in texts))


def _pooled_parser(texts: list[Document], workers: int) -> float:
    with ReaderPool[int](parse_only, workers=workers, fast=True) as pool:
        list(pool.map(chunks(texts[: workers * 8])))
        begun = time.perf_counter()
        for _ in pool.map(chunks(texts)):
            pass
        return time.perf_counter() - begun


def compare_engines(texts: list[Document], workers: int, engines: list[str]) -> None:
    """Print words a second of the parser and of each engine, start included, and the share of the first engine."""
    words = sum(len(text.text.split()) for text in texts)
    parser = words / _pooled_parser(texts, workers)
    print(f"{len(texts)} texts, {words:,} words, {workers} workers, --fast")
    print(f"bare parser in a pool  {parser:8,.0f} words/s")
    first = None
    for engine in engines:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            done = read_many(texts, Path(folder) / "out", engine=engine, workers=workers, fast=True)
            speed = words / (time.perf_counter() - begun)
        first = first or speed
        shares = f"{speed / parser:.2f} of the parser, {speed / first:.2f} of {engines[0]}"
        print(f"read-many, {engine:<12}{speed:8,.0f} words/s   {shares} ({done.read} read)", flush=True)


def made_texts(count: int, sentences: int = 2, seed: int = 11) -> Iterator[Document | Refused]:
    """Short dispatches, no two alike."""
    chance = random.Random(seed)
    for number in range(count):
        yield make_document(Extract(_dispatch(chance, number, sentences)), f"20{10 + number % 15}-0{number % 9 + 1}-11")


def _dispatch(chance: random.Random, number: int, sentences: int) -> str:
    said = []
    for _ in range(sentences):
        first, second = chance.sample(_STATES, 2)
        day = f"{chance.randint(1, 28)} May {chance.randint(2010, 2024)}"
        said.append(f"{first} {chance.choice(_ACTS)} {second} on {day}, {chance.choice(_HEDGES)}.")
    return f"Dispatch {number} from the border. " + " ".join(said)


def stream(count: int, workers: int) -> None:
    """Print how much memory a long stream of short texts takes."""
    with tempfile.TemporaryDirectory() as folder, Memory() as memory:
        report = read_many(made_texts(count), Path(folder) / "out", workers=workers, fast=True, progress=_told(count))
    print(f"{report.read:,} documents of {count:,} in {report.seconds:,.0f} s: {memory.described()}")


def _told(every: int) -> Callable[[Report], None]:
    step = max(1, every // 10)
    last = [0]

    def tell(report: Report) -> None:
        if report.read // step > last[0]:
            last[0] = report.read // step
            print(f"  {report.read:,} read after {report.seconds:,.0f} s", flush=True)

    return tell


def write_crawl(path: Path, megabytes: int, seed: int = 5) -> dict[str, int]:
    """A WARC.GZ of ``megabytes`` when unpacked: made articles in much boilerplate, errors, images, other tongues.

    Returns:
        How many records of each kind it holds.
    """
    chance = random.Random(seed)
    kinds = {"article": 0, "not found": 0, "image": 0, "german": 0, "empty": 0}
    menu = "".join(f'<li class="item-{n}"><a href="/section/{n}">Section {n}</a></li>' for n in range(900))
    script = "<script>" + "var a=[" + ",".join(str(n) for n in range(6000)) + "];</script>"
    size, number = 0, 0
    with path.open("wb") as sink:
        while size < megabytes * 1_000_000:
            number += 1
            kind = chance.choices(list(kinds), (80, 6, 6, 5, 3))[0]
            kinds[kind] += 1
            record = _record(kind, number, f"<nav><ul>{menu}</ul></nav>{script}", chance)
            size += len(record)
            sink.write(gzip.compress(record, 1))
    return kinds


def _record(kind: str, number: int, boilerplate: str, chance: random.Random) -> bytes:
    status, content, body = "200 OK", "text/html; charset=utf-8", b""
    if kind == "article":
        paragraphs = "".join(f"<p>{_dispatch(chance, number, 3)}</p>" for _ in range(2))
        head = f"<html><head><title>Report {number}</title></head><body>{boilerplate}<article><h1>Report {number}</h1>"
        body = f"{head}{paragraphs}</article><footer>{boilerplate}</footer></body></html>".encode()
    elif kind == "german":
        words = "<p>Die Regierung hat am Montag mit den Nachbarn gesprochen, und der Minister war damit zufrieden.</p>"
        body = f"<html lang=de><body>{boilerplate}<article>{words * 4}</article></body></html>".encode()
    elif kind == "not found":
        status, body = "404 Not Found", b"<html><body>no such page</body></html>"
    elif kind == "image":
        content, body = "image/png", chance.randbytes(30_000)
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/{number}\r\n"
        f"WARC-Date: 2024-0{number % 9 + 1}-11T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


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


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["engines", "stream", "crawl"])
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--engines", nargs="+", default=["local", "daft", "ray"])
    given = parser.parse_args()
    if given.what == "engines":
        compare_engines(documents(given.polnear, given.articles), given.workers, given.engines)
    elif given.what == "stream":
        stream(given.documents, given.workers)
    else:
        crawl(given.megabytes, given.workers)


if __name__ == "__main__":
    main()
