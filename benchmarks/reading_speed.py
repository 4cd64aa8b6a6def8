"""Words per second of parsing alone and of the whole reading, in one run on the same texts.

``python benchmarks/reading_speed.py [--polnear FILE] [--articles N] [--fast]``. Without ``--polnear`` (PolNeAR
1.0, networkdynamics, LREC 2018) the project's own articles are read again and again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, wait
from pathlib import Path

from dragoman import knowledge
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.model import load_parser
from dragoman.reading.normalise import normalise, paragraphs
from dragoman.reading.parse import parse_many
from dragoman.reading.pipeline import read_documents
from dragoman.records import Document
from dragoman.samples import dispatch

HERE = Path(__file__).resolve().parent


def documents(path: Path | None, count: int) -> list[Document]:
    """``count`` documents of a PolNeAR file, or the project's own articles repeated."""
    if path is not None:
        with path.open(encoding="utf-8") as lines:
            rows = [json.loads(line) for line, _ in zip(lines, range(count), strict=False)]
        return [make_document(Extract(text=row["text"], published=row["published"])) for row in rows]
    files = [dispatch(), *sorted((HERE.parent / "evaluation" / "articles").glob("*.txt"))]
    texts = [file.read_text(encoding="utf-8") for file in files]
    return [make_document(Extract(text=texts[i % len(texts)], published="2024-11-21")) for i in range(count)]


def cold_start() -> float:
    """Seconds from nothing to the records of the bundled article, in a new process."""
    program = "from dragoman.cli import main; main()"
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, "read", "sample", "--format", "jsonl"], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def _released_seconds(texts: list[Document]) -> float:
    """Seconds that the released pipeline takes over the same paragraphs, all in batches of its own."""
    nlp = load_parser()
    pieces = [normalise(d.text, start, end).text for d in texts for start, end in paragraphs(d.text)]
    list(nlp.pipe(pieces[:20]))
    started = time.perf_counter()
    for _ in nlp.pipe(pieces, batch_size=128):
        pass
    return time.perf_counter() - started


def _read_share(share: list[Document], fast: bool) -> int:
    return sum(1 for _ in read_documents(share, knowledge.load(), fast))


def on_all_cores(texts: list[Document], fast: bool) -> float:
    """Seconds to read all texts with one process a core, each loaded before the clock starts."""
    cores = os.cpu_count() or 1
    with ProcessPoolExecutor(cores) as pool:
        warm = [pool.submit(_read_share, texts[:1], fast) for _ in range(2 * cores)]
        wait(warm)
        started = time.perf_counter()
        wait([pool.submit(_read_share, texts[i : i + 8], fast) for i in range(0, len(texts), 8)])
        return time.perf_counter() - started


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--articles", type=int, default=60)
    parser.add_argument("--fast", action="store_true")
    arguments = parser.parse_args()
    texts = documents(arguments.polnear, arguments.articles)
    words = sum(len(d.text.split()) for d in texts)
    known = knowledge.load()
    list(read_documents(texts[:2], known, arguments.fast))  # warm: models and lexicons are loaded
    released = _released_seconds(texts)
    started = time.perf_counter()
    for _ in parse_many(d.text for d in texts):
        pass
    parsing = time.perf_counter() - started
    started = time.perf_counter()
    events = claims = 0
    for reading in read_documents(texts, known, arguments.fast):
        events += len(reading.events)
        claims += len(reading.claims)
    whole = time.perf_counter() - started
    together = on_all_cores(texts, arguments.fast)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(texts)} texts, {words} words, {events} events, {claims} claims, {os.cpu_count()} cores")
    print(f"released parser  {words / released:8.0f} words/s (one process, its best batches)")
    print(f"parsing alone    {words / parsing:8.0f} words/s (one process, the same parse as dragoman runs it)")
    print(f"whole reading    {words / whole:8.0f} words/s{' (--fast)' if arguments.fast else ''}")
    print(f"on all cores     {words / together:8.0f} words/s (one process a core)")
    print(f"whole reading    {100 * (whole / released - 1):+8.1f} % beside the time of the released parser alone")
    print(f"stages add       {100 * (whole / parsing - 1):8.1f} % to dragoman's own parsing")
    print(f"cold start       {cold_start():8.2f} s from a new process to the records of one article")
    print(f"peak memory      {peak:8.0f} MB")


if __name__ == "__main__":
    main()
