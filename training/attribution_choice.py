"""Train the ranking of candidate attributions: ``python training/attribution_choice.py TRAIN.jsonl VECTORS OUT``.

TRAIN is PolNeAR 1.0 as JSON lines (``text``, ``attributions`` of ``source``, ``cue``, ``content`` as lists of
character offsets). VECTORS is a folder with ``model.safetensors`` and ``tokenizer.json`` of all-MiniLM-L6-v2
(Apache-2.0), of which only the input vectors of whole words are used. Rows whose number divides by five only measure,
unless ``--all`` is given. Seed 0; the same files give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import pickle
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import forest_onnx
import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression

from dragoman.knowledge import load
from dragoman.reading.attribution_candidates import Candidate, find_candidates
from dragoman.reading.attribution_characters import characters, source_characters
from dragoman.reading.attribution_choice import overlap
from dragoman.reading.attribution_features import FRAME_KEYS, TABLES, WORD_KEYS, described, word_keys_of, words_of
from dragoman.reading.attribution_ranking import WORD_SCALE, Rates, Stored, WordScores, best_of, log_odds
from dragoman.reading.attribution_text import Text
from dragoman.reading.parse import Parse, parse_many

FOLDS = 5
FEWEST = 3  # a key seen less often says nothing
SETTINGS = {
    "max_iter": 250, "learning_rate": 0.06, "max_leaf_nodes": 63, "min_samples_leaf": 100, "l2_regularization": 5.0,
    "max_features": 0.3, "random_state": 0, "early_stopping": False,
}  # fmt: skip
CUE_ROUNDS = 166
FIT_LEAST = 40  # candidates a leaf, where only those of true cues are learned from

CUE, CONTENT, SOURCE = range(3)
GROUPS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (CUE, ("",)),
    (CUE, ("ccomp", "quote", "inserted", "clauses", "to_end", "rest")),
    (CUE, ("xcomp", "raised")),
    (CUE, ("dobj", "oprd", "attr", "passive")),
    (CUE, ("prep", "advcl")),
    (CUE, ("noun",)),
    (SOURCE, ("",)),
    (CONTENT, ("",)),
)
"""Which word a column of word scores is about, and the beginnings of the frames that it learns from."""
RIDGE = 3.0
MOST_WEIGHT = 30.0  # candidates of one word that count
WORD_FOLDS = 10

Table = dict[str, tuple[float, int]]


class Article:
    """The candidates of one article with what the annotators make of them."""

    def __init__(self, number: int, row: dict, parse: Parse) -> None:
        text = Text(parse)
        candidates = list(find_candidates(text))
        self.number = number
        self.triggers = np.array([c.trigger for c in candidates])
        words = {c.trigger: word_keys_of(text, c.trigger) for c in candidates}
        _, self.keys, numbers = described(text, candidates, load().cues, words)
        self.numbers = np.array(numbers, dtype=np.float32).reshape(len(candidates), -1)
        self.words = words_of(text, candidates)
        self.frames = [c.frame for c in candidates]
        judged = [judgement(text, c, row["attributions"]) for c in candidates]
        self.targets, self.cued, self.fits = (np.array(column) for column in zip(*judged, strict=True)) if judged else (
            np.empty(0), np.empty(0, dtype=bool), np.empty(0),
        )  # fmt: skip


def judgement(text: Text, candidate: Candidate, gold: list[dict]) -> tuple[float, bool, float]:
    """What the annotators make of a candidate.

    Returns:
        1 when its content and source are theirs and so is the cue, half for one of the two, else 0; whether its
        cue is one of theirs; and how well its content and source fit (0 to 1) where it is.
    """
    content, source = characters(text, candidate), source_characters(text, candidate)
    start = text.tokens[candidate.trigger].start
    target = shared = sourced = 0.0
    cued = False
    for attribution in gold:
        cue = any(s <= start < e for s, e in attribution["cue"])
        cued = cued or cue
        same = overlap(attribution["content"], content)
        if cue:
            shared = max(shared, same)
        if same >= 0.5:
            right = overlap(attribution["source"], source) >= 0.5
            sourced = max(sourced, float(right))
            target = max(target, (cue + right) / 2)
    return target, cued, 0.5 * (shared >= 0.5) + 0.25 * shared + 0.25 * sourced


def counted(articles: Iterable[Article]) -> list[Table]:
    """Attributions and candidates by key, one table a kind of key."""
    tables: list[dict[str, list]] = [{} for _ in TABLES]
    for article in articles:
        for keys, hit in zip(article.keys, article.targets, strict=True):
            for table, key in zip(tables, keys, strict=True):
                entry = table.setdefault(key, [0.0, 0])
                entry[0] += hit
                entry[1] += 1
    return [{key: (float(h), n) for key, (h, n) in table.items()} for table in tables]


def without(tables: Sequence[Table], part: Sequence[Table]) -> list[Table]:
    """The tables as they would be without the articles counted in ``part``, and without rare keys."""
    left = []
    for table, other in zip(tables, part, strict=True):
        nothing = (0.0, 0)
        less = {k: (h - other.get(k, nothing)[0], n - other.get(k, nothing)[1]) for k, (h, n) in table.items()}
        left.append({key: entry for key, entry in less.items() if entry[1] >= FEWEST})
    return left


def vectors(folder: Path) -> tuple[list[str], NDArray[np.float32]]:
    """The whole words of the encoder's vocabulary and their input vectors, centred and of length 1."""
    vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    stored = (folder / "model.safetensors").read_bytes()
    size = int.from_bytes(stored[:8], "little")
    entry = next(v for k, v in json.loads(stored[8 : 8 + size]).items() if k.endswith("word_embeddings.weight"))
    first, last = entry["data_offsets"]
    matrix = np.frombuffer(stored[8 + size + first : 8 + size + last], dtype=np.float32).reshape(entry["shape"])
    words = sorted(word for word in vocabulary if word.isalpha())
    chosen = matrix[[vocabulary[word] for word in words]]
    chosen = chosen - chosen.mean(axis=0)
    return words, chosen / np.linalg.norm(chosen, axis=1, keepdims=True)


def word_scores(articles: Sequence[Article], folder: Path) -> tuple[list[str], NDArray[np.int8]]:
    """How much each word is like those that attributions have: a ridge regression on the words' vectors a column.

    A word that stands in the articles has the score that the other words give it, so that the trees learn how far
    to trust likeness alone. Scores are in steps of 1 / ``WORD_SCALE``.
    """
    words, matrix = vectors(folder)
    place = {word: i for i, word in enumerate(words)}
    columns = []
    for group, frames in GROUPS:
        seen: dict[str, list] = {}
        for article in articles:
            for three, frame, hit in zip(article.words, article.frames, article.targets, strict=True):
                if frame.startswith(frames) and three[group] in place:
                    entry = seen.setdefault(three[group], [0.0, 0])
                    entry[0] += hit
                    entry[1] += 1
        columns.append(_likeness(matrix, place, seen))
    return words, np.clip(np.rint(np.array(columns).T * WORD_SCALE), -127, 127).astype(np.int8)


def _likeness(matrix: NDArray[np.float32], place: dict[str, int], seen: dict[str, list]) -> NDArray[np.float64]:
    known = sorted(seen)
    rows = np.array([place[word] for word in known])
    x = matrix[rows].astype(np.float64)
    hits, counts = (np.array([seen[word][i] for word in known]) for i in range(2))
    y = hits / counts - hits.sum() / counts.sum()
    weights = np.minimum(counts, MOST_WEIGHT)
    folds = np.array([zlib.crc32(word.encode()) % WORD_FOLDS for word in known])

    def solved(kept: NDArray[np.bool_]) -> NDArray[np.float64]:
        weighted = x[kept] * weights[kept, None]
        return np.linalg.solve(x[kept].T @ weighted + RIDGE * np.eye(x.shape[1]), weighted.T @ y[kept])

    scores = matrix @ solved(np.ones(len(known), dtype=bool))
    for fold in range(WORD_FOLDS):
        scores[rows[folds == fold]] = x[folds == fold] @ solved(folds != fold)
    return scores


def inputs_of(article: Article, rates: Rates, words: WordScores) -> NDArray[np.float32]:
    """The trees' inputs for the candidates of an article, as ``attribution_choice.ranked`` makes them."""
    return np.hstack([rates.of(article.keys), article.numbers, words.of(article.words)]).astype(np.float32)


Numbered = tuple[tuple[dict[str, int], ...], NDArray[np.float64], NDArray[np.float64]]


def numbered(tables: Sequence[Table]) -> Numbered:
    """Tables as they are stored: each key with the place of its counts, attributions, candidates."""
    places: dict[tuple[float, int], int] = {(0.0, 0): 0}
    kept = tuple(
        {key: places.setdefault(entry, len(places)) for key, entry in sorted(table.items())} for table in tables
    )
    hits, seen = np.array(list(places)).T
    return kept, hits, seen


def first_look(articles: Sequence[Article], inputs: Sequence[NDArray[np.float32]]) -> tuple[float, ...]:
    """The weights that tell from the rates of a word and of its best frames whether it reports."""
    of_word, of_frame = ([2 * TABLES.index(name) for name in names] for names in (WORD_KEYS, FRAME_KEYS))
    rates, reports = [], []
    for article, rows in zip(articles, inputs, strict=True):
        _, first, word_of = np.unique(article.triggers, return_index=True, return_inverse=True)
        hits = best_of(article.targets[:, np.newaxis], word_of, len(first))[:, 0]
        rates.append(np.hstack([rows[first][:, of_word], best_of(rows[:, of_frame], word_of, len(first))]))
        reports.append(hits == 1.0)
    model = LogisticRegression(max_iter=1000).fit(
        log_odds(np.vstack(rates).astype(np.float64)), np.concatenate(reports)
    )
    return (*map(float, model.coef_[0]), float(model.intercept_[0]))


def fit(articles: list[Article], threshold: float, folder: Path) -> Stored:
    """The ranking trained on these articles; each article's own counts are left out of its own rates."""
    articles = [article for article in articles if len(article.targets)]
    whole = counted(articles)
    base = float(np.mean(np.concatenate([a.targets for a in articles])))
    names, steps = word_scores(articles, folder)
    groups = tuple(group for group, _ in GROUPS)
    words = WordScores(names, steps / WORD_SCALE, groups)
    inputs, order = [], []
    for fold in range(FOLDS):
        part = [a for a in articles if (a.number // 5) % FOLDS == fold]
        rates = Rates(*numbered(without(whole, counted(part))), base)
        inputs += [inputs_of(article, rates, words) for article in part]
        order += part
    x = np.vstack(inputs)
    y, cued, fits = (np.concatenate([getattr(a, name) for a in order]) for name in ("targets", "cued", "fits"))
    half = y == 0.5
    joint = HistGradientBoostingClassifier(**SETTINGS).fit(
        np.vstack([x, x[half]]),
        np.concatenate([y > 0, np.zeros(int(half.sum()), dtype=bool)]),
        sample_weight=np.concatenate([np.where(half, 0.5, 1.0), np.full(int(half.sum()), 0.5)]),
    )
    cue = HistGradientBoostingClassifier(**{**SETTINGS, "max_iter": CUE_ROUNDS}).fit(x, cued)
    well = HistGradientBoostingRegressor(**{**SETTINGS, "min_samples_leaf": FIT_LEAST}).fit(x[cued], fits[cued])
    tables, hits, seen = numbered([{k: (round(h * 2) / 2, n) for k, (h, n) in t.items() if n >= FEWEST} for t in whole])
    return Stored(
        base, threshold, tables, hits.astype(np.float32).tobytes(), seen.astype(np.int32).tobytes(),
        first_look(order, inputs), tuple(names), groups, steps.tobytes(),
        forest_onnx.stored(joint), forest_onnx.stored(cue, well),
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
    arguments.add_argument("vectors", type=Path, help="folder with model.safetensors and tokenizer.json")
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--all", action="store_true", help="train on every row")
    arguments.add_argument("--threshold", type=float, default=0.27)
    arguments.add_argument("--parses", type=Path, help="keep the parses in this file")
    given = arguments.parse_args()
    rows = [json.loads(line) for line in given.train.read_text(encoding="utf-8").splitlines()]
    kept = [
        (number, row, parse)
        for number, (row, parse) in enumerate(zip(rows, parses_of(rows, given.parses), strict=True))
        if given.all or number % 5
    ]
    ranking = fit([Article(*one) for one in kept], given.threshold, given.vectors)
    forest_onnx.write(given.out, msgspec.msgpack.encode(ranking))


if __name__ == "__main__":
    main()
