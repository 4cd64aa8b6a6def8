"""Which candidate attributions stand: by a small trained ranking, or by the lexicon alone.

The ranking is gradient-boosted trees over the numbers of ``attribution_features`` and over how often a
candidate's keys were attributions in the training articles (its card: ``models/attribution_choice.md``).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from importlib import resources

import msgspec
import numpy as np
from numpy.typing import NDArray

from dragoman.errors import KnowledgeError
from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_features import cues_of, described, takes
from dragoman.reading.attribution_text import Text

Range = tuple[int, int]
Numbers = NDArray[np.float64]

PRIOR = 8.0
"""Candidates' worth of the base rate that every key's rate starts from."""
MOST_COUNTED = 50.0
MODEL = "attribution_choice"
_CLEARLY_SAME = 0.5  # share of common characters from which two contents are one

_FRAME_ORDER = {
    "quote_run": 0.95, "quote_both": 0.94, "quote_before": 0.93, "quote_below": 0.92, "clauses": 0.91,
    "according": 0.9, "ccomp": 0.88, "quote_after": 0.87, "inserted": 0.86, "according_sentence": 0.8, "noun_be": 0.8,
    "colon": 0.75, "rest": 0.74, "xcomp": 0.72, "noun_acl": 0.7, "adjective_ccomp": 0.7, "dobj": 0.68,
}  # fmt: skip

_LEFT_TO_RANKING = frozenset(("inserted", "advcl", "inserted/cut", "advcl/cut", "to_end", "to_end/cut"))
"""Frames that are right too seldom for the lexicon alone to tell."""


class Ranking(msgspec.Struct, frozen=True, array_like=True):
    """The trained ranking as stored: tables of (attributions, candidates) by key, and the trees as flat arrays."""

    base: float
    threshold: float
    tables: tuple[dict[str, tuple[float, int]], ...]
    bias: float
    roots: bytes  # int32
    features: bytes  # int16; -1 at a leaf
    thresholds: bytes  # float64; a leaf's value
    lefts: bytes  # int32
    rights: bytes  # int32
    depth: int


@functools.cache
def ranking() -> Ranking:
    """The shipped ranking.

    Raises:
        KnowledgeError: when its file is missing or damaged.
    """
    try:
        stored = (resources.files("dragoman.reading") / "models" / f"{MODEL}.msgpack").read_bytes()
        return msgspec.msgpack.decode(stored, type=Ranking)
    except (OSError, msgspec.MsgspecError) as error:
        raise KnowledgeError(f"trained ranking '{MODEL}' cannot be read ({error}); reinstall dragoman") from error


_BLOCK = 32  # candidates walked through the trees at once, so that the walk stays in the processor's cache


def rates(tables: Sequence[dict[str, tuple[float, int]]], base: float, keys: Sequence[tuple[str, ...]]) -> Numbers:
    """Rate and count of each key, as an array of shape (candidates, 2 x tables)."""
    rows = np.empty((len(keys), 2 * len(tables)))
    for row, named in zip(rows, keys, strict=True):
        for column, (table, key) in enumerate(zip(tables, named, strict=True)):
            hits, count = table.get(key, (0, 0))
            row[2 * column] = (hits + PRIOR * base) / (count + PRIOR)
            row[2 * column + 1] = min(count, MOST_COUNTED)
    return rows


def probabilities(stored: Ranking, inputs: Numbers) -> Numbers:
    """The trees' answer for each row of ``inputs``: how likely the candidate is an attribution (0 to 1)."""
    raw = np.empty(len(inputs))
    for start in range(0, len(inputs), _BLOCK):
        raw[start : start + _BLOCK] = _sums(stored, inputs[start : start + _BLOCK])
    return np.asarray(1.0 / (1.0 + np.exp(-raw - stored.bias)))


def _sums(stored: Ranking, inputs: Numbers) -> Numbers:
    roots, features, thresholds, children = _trees()
    width = inputs.shape[1]
    flat = np.ascontiguousarray(inputs).ravel()
    offsets = (np.arange(len(inputs), dtype=np.int64) * width)[:, np.newaxis]
    nodes = np.repeat(roots[np.newaxis, :], len(inputs), axis=0)
    for _ in range(stored.depth):
        beyond = flat.take(offsets + features.take(nodes)) > thresholds.take(nodes)
        nodes = children.take(2 * nodes + beyond)
    return np.asarray(thresholds.take(nodes).sum(axis=1))


@functools.cache
def _trees() -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers, NDArray[np.int64]]:
    """The trees as arrays to step through: a leaf is its own child, so that every walk has the same length."""
    stored = ranking()
    features = np.frombuffer(stored.features, dtype=np.int16).astype(np.int64)
    thresholds = np.frombuffer(stored.thresholds, dtype=np.float64)
    numbers = np.arange(len(features))
    lefts, rights = (np.frombuffer(side, dtype=np.int32).astype(np.int64) for side in (stored.lefts, stored.rights))
    leaf = features < 0
    children = np.stack([np.where(leaf, numbers, lefts), np.where(leaf, numbers, rights)], axis=1).ravel()
    roots = np.frombuffer(stored.roots, dtype=np.int32).astype(np.int64)
    return roots, np.maximum(features, 0), thresholds, children


def ranked(text: Text, candidates: Sequence[Candidate], cues: CueLexicon) -> tuple[Numbers, float]:
    """The trained score of each candidate and the score from which one stands."""
    stored = ranking()
    if not candidates:
        return np.empty(0), stored.threshold
    keys, numbers = described(text, candidates, cues)
    inputs = np.hstack([rates(stored.tables, stored.base, keys), np.array(numbers, dtype=np.float64)])
    return probabilities(stored, inputs.astype(np.float32).astype(np.float64)), stored.threshold


def listed(text: Text, candidates: Sequence[Candidate], cues: CueLexicon) -> tuple[Numbers, float]:
    """Scores by the lexicon alone: the frame's rank where the cue takes that frame and has a source, else 0."""
    scores = np.zeros(len(candidates))
    for number, candidate in enumerate(candidates):
        known = cues_of(text.tokens[candidate.trigger], cues)
        frame = candidate.frame
        if frame in _LEFT_TO_RANKING or (frame == "raised" and not any(cue.name == "verb:seem" for cue in known)):
            continue
        if known and any(takes(cue, frame) for cue in known):
            quoting = frame.startswith("quote")
            sourced = candidate.source is not None or quoting or frame == "adverb"
            scores[number] = _FRAME_ORDER.get(frame, 0.6) if sourced else 0.3
    return scores, 0.5


def choose(
    scores: Mapping[int, float], triggers: Mapping[int, int], contents: Mapping[int, tuple[Range, ...]]
) -> list[int]:
    """The candidates that stand, best first: one a trigger, and no two with much the same content.

    Args:
        scores: score by candidate number, of those that reach the threshold.
        triggers: their cues' tokens.
        contents: their contents' characters.
    """
    kept: list[int] = []
    used: set[int] = set()
    for number in sorted(scores, key=lambda n: (-scores[n], n)):
        if triggers[number] in used:
            continue
        if any(overlap(contents[number], contents[other]) > _CLEARLY_SAME for other in kept):
            continue
        kept.append(number)
        used.add(triggers[number])
    return kept


def overlap(one: Sequence[Range], other: Sequence[Range]) -> float:
    """Shared characters over all characters (Jaccard) of two contents; 1 when both are empty."""
    if one and other and (one[0][0] >= other[-1][1] or other[0][0] >= one[-1][1]):
        return 0.0
    sizes = sum(e - s for s, e in one) + sum(e - s for s, e in other)
    common = sum(max(0, min(e, y) - max(s, x)) for s, e in one for x, y in other)
    return common / (sizes - common) if sizes - common else 1.0
