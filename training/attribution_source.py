"""Train the choice of a claim's source: ``python training/attribution_source.py TRAIN.jsonl OUT``.

TRAIN is as for ``attribution_choice.py``. Rows whose number divides by five only measure, unless ``--all`` is given:
for their attributions the share of right sources is printed, as first read and as chosen. Seed 0.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import forest_onnx
import numpy as np
from attribution_choice import parses_of
from sklearn.ensemble import HistGradientBoostingClassifier

from dragoman.knowledge import load
from dragoman.reading.attribution_candidates import Candidate, find_candidates
from dragoman.reading.attribution_characters import characters
from dragoman.reading.attribution_choice import overlap
from dragoman.reading.attribution_source_choice import Option, described_option, options_of
from dragoman.reading.attribution_text import Text
from dragoman.reading.parse import Parse

SETTINGS = {
    "max_iter": 150, "learning_rate": 0.08, "max_leaf_nodes": 15, "min_samples_leaf": 20, "l2_regularization": 3.0,
    "max_features": 0.5, "random_state": 0, "early_stopping": False,
}  # fmt: skip


def attributed(text: Text, gold: list[dict]) -> Iterator[tuple[Candidate, dict]]:
    """For each cue of the annotators the candidate whose content is most theirs, where half of it is."""
    best: dict[int, tuple[float, Candidate, dict]] = {}
    for candidate in find_candidates(text):
        start = text.tokens[candidate.trigger].start
        for attribution in gold:
            if any(s <= start < e for s, e in attribution["cue"]):
                share = overlap(attribution["content"], characters(text, candidate))
                if share >= 0.5 and share > best.get(candidate.trigger, (0.0,))[0]:
                    best[candidate.trigger] = share, candidate, attribution
    for _, candidate, attribution in best.values():
        yield candidate, attribution


def is_right(text: Text, option: Option, attribution: dict) -> bool:
    """Whether a reading of the source shares half of its characters with the annotators'."""
    span = text.parse.span(*option.span) if option.span else None
    return overlap(attribution["source"], ((span.start, span.end),) if span else ()) >= 0.5


Examples = list[tuple[list[tuple[float, ...]], list[bool]]]


def examples(row: dict, parse: Parse) -> Examples:
    """The options of each attribution of an article, described, and which of them are right."""
    text, cues = Text(parse), load().cues
    found = []
    for candidate, attribution in attributed(text, row["attributions"]):
        options = options_of(text, candidate)
        described = [described_option(text, candidate, one, cues, len(options)) for one in options]
        found.append((described, [is_right(text, one, attribution) for one in options]))
    return found


def main() -> None:
    """Train, measure and write the trees."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("train", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--all", action="store_true", help="train on every row")
    arguments.add_argument("--parses", type=Path, help="keep the parses in this file")
    given = arguments.parse_args()
    rows = [json.loads(line) for line in given.train.read_text(encoding="utf-8").splitlines()]
    made = [examples(row, parse) for row, parse in zip(rows, parses_of(rows, given.parses), strict=True)]
    learned = [one for number, found in enumerate(made) if given.all or number % 5 for one in found]
    x = np.array([row for described, _ in learned for row in described], dtype=np.float32)
    y = np.array([right for _, rights in learned for right in rights])
    trees = HistGradientBoostingClassifier(**SETTINGS).fit(x, y)
    forest_onnx.write(given.out, forest_onnx.stored(trees))
    measured = [one for number, found in enumerate(made) if number % 5 == 0 for one in found]
    rows_of = np.array([row for described, _ in measured for row in described], dtype=np.float32)
    ends = np.cumsum([len(described) for described, _ in measured])
    scores = np.split(trees.predict_proba(rows_of)[:, 1], ends[:-1])
    chosen = np.mean([rights[int(np.argmax(s))] for s, (_, rights) in zip(scores, measured, strict=True)])
    print(f"{len(measured)} attributions: {np.mean([r[0] for _, r in measured]):.3f} first, {chosen:.3f} chosen")


if __name__ == "__main__":
    main()
