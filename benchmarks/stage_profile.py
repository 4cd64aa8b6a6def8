"""Where the time of a reading goes: CPU seconds a stage and a part of the parser, then the costliest functions.

    python benchmarks/stage_profile.py --polnear polnear_train.jsonl --articles 50 --fast --functions 20

Without ``--polnear`` (PolNeAR 1.0, networkdynamics, LREC 2018) the project's own articles are read again and again.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reading_speed import documents

from dragoman import knowledge
from dragoman.knowledge import Knowledge
from dragoman.reading.annotate import annotator
from dragoman.reading.assemble import assemble
from dragoman.reading.draft import Draft
from dragoman.reading.parse import parse_many
from dragoman.reading.pipeline import STAGES
from dragoman.records import Document


class Clock:
    """CPU seconds by name."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def timed(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, its time kept under ``name``."""

        def timing(*given: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return call(*given, **named)
            finally:
                self.seconds[name] += time.process_time() - begun

        return timing


def read(texts: list[Document], known: Knowledge, fast: bool, clock: Clock) -> None:
    """Read everything, stage by stage."""
    parses = clock.timed("parse", lambda: list(parse_many(text.text for text in texts)))()
    for text, parse in zip(texts, parses, strict=True):
        draft = Draft(text, parse, fast=fast)
        for stage in STAGES:
            draft = clock.timed(stage.__name__, stage)(draft, known)
        clock.timed("assemble", assemble)(draft, known)


def watch_parser(clock: Clock) -> None:
    """Time the parts of the parser too."""
    parser: Any = annotator()
    parser._names.find = clock.timed("parse: names", parser._names.find)
    parser._forms.of = clock.timed("parse: word forms", parser._forms.of)
    parser._nlp.make_doc = clock.timed("parse: words", parser._nlp.make_doc)
    for part in ("tok2vec", "tagger", "parser"):
        component = parser._nlp.get_pipe(part)
        parser._network[("tok2vec", "tagger", "parser").index(part)] = _Watched(component, part, clock)


class _Watched:
    def __init__(self, part: Any, name: str, clock: Clock) -> None:
        self.predict = clock.timed(f"parse: {name}", part.predict)
        self.set_annotations = part.set_annotations


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polnear", type=Path)
    parser.add_argument("--articles", type=int, default=50)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--functions", type=int, default=0)
    given = parser.parse_args()
    texts = documents(given.polnear, given.articles)
    known = knowledge.load()
    read(texts[:10], known, given.fast, Clock())  # models and lexicons are loaded
    clock = Clock()
    watch_parser(clock)
    read(texts, known, given.fast, clock)
    words = sum(len(text.text.split()) for text in texts)
    whole = sum(seconds for name, seconds in clock.seconds.items() if not name.startswith("parse: "))
    print(f"{len(texts)} texts, {words:,} words, {words / whole:,.0f} words a CPU second")
    for name, seconds in clock.seconds.items():
        print(f"{name:22}{seconds:8.2f} s {100 * seconds / whole:6.1f} %")
    if given.functions:
        profile = cProfile.Profile()
        profile.runcall(read, texts, known, given.fast, Clock())
        pstats.Stats(profile).sort_stats("tottime").print_stats(given.functions)


if __name__ == "__main__":
    main()
