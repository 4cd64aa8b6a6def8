"""Train the ranking of candidate attributions: ``python training/attribution_choice.py TRAIN.jsonl OUT.msgpack``.

TRAIN is PolNeAR 1.0 as JSON lines (``text``, ``attributions`` of ``source``, ``cue``, ``content`` as lists of
character offsets). Rows whose number divides by five only measure, unless ``--all`` is given. Seed 0; the
same file gives the same bytes.
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections import defaultdict
from pathlib import Path

import msgspec
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from dragoman.knowledge import load
from dragoman.reading.attribution_candidates import find_candidates
from dragoman.reading.attribution_characters import characters, source_characters
from dragoman.reading.attribution_choice import Ranking, overlap, rates
from dragoman.reading.attribution_features import KEYS, described
from dragoman.reading.attribution_text import Text
from dragoman.reading.parse import Parse, parse_many

FOLDS = 5
FEWEST = 3  # a key seen less often says nothing
SETTINGS = {
    "max_iter": 350, "learning_rate": 0.05, "max_leaf_nodes": 63, "min_samples_leaf": 100,
    "l2_regularization": 5.0, "max_features": 0.3, "random_state": 0,
}  # fmt: skip


class Article:
    """The candidates of one article with what the annotators make of them."""

    def __init__(self, number: int, row: dict, parse: Parse) -> None:
        text = Text(parse)
        candidates = list(find_candidates(text))
        self.number = number
        self.keys, numbers = described(text, candidates, load().cues)
        self.numbers = np.array(numbers, dtype=np.float32).reshape(len(candidates), -1)
        self.targets = np.array([target(text, c, row["attributions"]) for c in candidates])


def target(text: Text, candidate: object, gold: list[dict]) -> float:
    """1 when content and source are the annotators' and the cue is theirs; half for one of the two; else 0."""
    content, source = characters(text, candidate), source_characters(text, candidate)
    start = text.tokens[candidate.trigger].start
    best = 0.0
    for attribution in gold:
        if overlap(attribution["content"], content) < 0.5:
            continue
        cue = any(s <= start < e for s, e in attribution["cue"])
        best = max(best, (cue + (overlap(attribution["source"], source) >= 0.5)) / 2)
    return best


def tables_of(articles: list[Article]) -> list[dict[str, tuple[int, int]]]:
    """Attributions and candidates by key, one table a kind of key."""
    tables: list[dict] = [defaultdict(lambda: [0.0, 0]) for _ in KEYS]
    for article in articles:
        for keys, hit in zip(article.keys, article.targets, strict=True):
            for table, key in zip(tables, keys, strict=True):
                table[key][0] += hit
                table[key][1] += 1
    return [{key: (h, n) for key, (h, n) in table.items() if n >= FEWEST} for table in tables]


def without(tables: list[dict], part: list[dict]) -> list[dict]:
    """The tables as they would be without the articles counted in ``part``."""
    left = []
    for table, other in zip(tables, part, strict=True):
        counts = {key: (h - other.get(key, (0, 0))[0], n - other.get(key, (0, 0))[1]) for key, (h, n) in table.items()}
        left.append({key: (h, n) for key, (h, n) in counts.items() if n >= FEWEST})
    return left


def unpruned(articles: list[Article]) -> list[dict]:
    """Like ``tables_of``, with every key."""
    global FEWEST
    kept, FEWEST = FEWEST, 1
    try:
        return tables_of(articles)
    finally:
        FEWEST = kept


def fit(articles: list[Article], threshold: float) -> Ranking:
    """The ranking trained on these articles; each article's own counts are left out of its own rates."""
    whole = unpruned(articles)
    base = float(np.mean(np.concatenate([a.targets for a in articles])))
    inputs, wanted = [], []
    for fold in range(FOLDS):
        part = [a for a in articles if (a.number // 5) % FOLDS == fold]
        seen = without(whole, unpruned(part))
        for article in part:
            inputs.append(np.hstack([rates(seen, base, article.keys), article.numbers]))
            wanted.append(article.targets)
    x, y = np.vstack(inputs).astype(np.float32), np.concatenate(wanted)
    half = y == 0.5
    x2, y2 = np.vstack([x, x[half]]), np.concatenate([y > 0, np.zeros(int(half.sum()))])
    weights = np.concatenate([np.where(half, 0.5, 1.0), np.full(int(half.sum()), 0.5)])
    model = HistGradientBoostingClassifier(**SETTINGS).fit(x2, y2, sample_weight=weights)
    kept = [{k: (round(h * 2) / 2, n) for k, (h, n) in sorted(t.items()) if n >= FEWEST} for t in whole]
    return flattened(model, kept, base, threshold)


def flattened(model: HistGradientBoostingClassifier, tables: list[dict], base: float, threshold: float) -> Ranking:
    """The model's trees as flat arrays."""
    roots, features, thresholds, lefts, rights = [], [], [], [], []
    depth = 0
    for (tree,) in model._predictors:
        offset = len(features)
        roots.append(offset)
        for node in tree.nodes:
            leaf = bool(node["is_leaf"])
            features.append(-1 if leaf else int(node["feature_idx"]))
            thresholds.append(float(node["value"] if leaf else node["num_threshold"]))
            lefts.append(0 if leaf else offset + int(node["left"]))
            rights.append(0 if leaf else offset + int(node["right"]))
            depth = max(depth, int(node["depth"]))
    return Ranking(
        base, threshold, tuple(tables), float(np.ravel(model._baseline_prediction)[0]),
        np.array(roots, dtype=np.int32).tobytes(), np.array(features, dtype=np.int16).tobytes(),
        np.array(thresholds, dtype=np.float64).tobytes(), np.array(lefts, dtype=np.int32).tobytes(),
        np.array(rights, dtype=np.int32).tobytes(), depth,
    )  # fmt: skip


def parses_of(rows: list[dict], cache: Path | None) -> list[Parse]:
    """The articles' parses, kept under ``cache`` between runs."""
    if cache and cache.exists():
        return pickle.loads(cache.read_bytes())
    parses = list(parse_many(row["text"] for row in rows))
    if cache:
        cache.write_bytes(pickle.dumps(parses, protocol=5))
    return parses


def main() -> None:
    """Train and write the ranking."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("train", type=Path)
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--all", action="store_true", help="train on every row")
    arguments.add_argument("--threshold", type=float, default=0.31)
    arguments.add_argument("--parses", type=Path, help="keep the parses in this file")
    given = arguments.parse_args()
    rows = [json.loads(line) for line in given.train.read_text(encoding="utf-8").splitlines()]
    kept = [
        (number, row, parse)
        for number, (row, parse) in enumerate(zip(rows, parses_of(rows, given.parses), strict=True))
        if given.all or number % 5
    ]
    ranking = fit([Article(*one) for one in kept], given.threshold)
    given.out.write_bytes(msgspec.msgpack.encode(ranking))


if __name__ == "__main__":
    main()
