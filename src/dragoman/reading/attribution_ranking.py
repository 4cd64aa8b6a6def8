"""The trained ranking of candidate attributions as it is stored, and as it is asked.

It is three sets of gradient-boosted trees over what ``attribution_features`` says of a candidate, over how often its
keys were attributions in the training articles, and over what its words' likeness to reporting words says (its card:
``models/attribution_choice.md``).
"""

from __future__ import annotations

import functools
import zlib
from collections.abc import Mapping, Sequence
from itertools import repeat

import msgspec
import numpy as np
from numpy.typing import NDArray

from dragoman.reading.attribution_features import FRAME_KEYS, TABLES, WORD_KEYS
from dragoman.reading.attribution_forest import Forests, Numbers, chances
from dragoman.reading.model import trained_part

PRIOR = 8.0
"""Candidates' worth of the base rate that every key's rate starts from."""
MOST_COUNTED = 50.0
MODEL = "attribution_choice"
WORD_SCALE = 100.0
"""Steps a unit in which the words' scores are stored."""
UNKNOWN_WORD = -0.2
_OF_JOINT = 0.3  # weight of the first trees against the product of the other two
_STRICTNESS = 1.3  # power of the content's expected fit


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """The trained ranking as stored (compressed MessagePack)."""

    base: float  # share of candidates that are attributions
    threshold: float
    tables: tuple[dict[str, int], ...]  # by key, the place of its counts in the next two
    hits: bytes  # float32, attributions; those of a key never seen come first
    seen: bytes  # int32, candidates
    first_look: tuple[float, ...]  # weights of the log-odds of WORD_KEYS' and FRAME_KEYS' rates, and what is added
    words: tuple[str, ...]
    word_groups: tuple[int, ...]  # which of a candidate's words (cue, content's head, source's head) a column is about
    word_scores: bytes  # int8 (words, columns), in steps of 1 / WORD_SCALE
    joint: bytes  # ONNX: is it an attribution with this content and source?
    cue_and_fit: bytes  # ONNX: is its cue one, and how well do content and source fit if it is?


class Rates:
    """How often candidates with a key were attributions in the training articles."""

    def __init__(self, tables: Sequence[Mapping[str, int]], hits: Numbers, seen: Numbers, base: float) -> None:
        self._tables = tables
        self._columns = np.stack([(hits + PRIOR * base) / (seen + PRIOR), np.minimum(seen, MOST_COUNTED)], axis=1)

    def of(self, keys: Sequence[tuple[str, ...]]) -> Numbers:
        """Rate and count of each key, as an array of shape (candidates, 2 x tables)."""
        columns = zip(self._tables, zip(*keys, strict=True), strict=True)
        places = np.array([list(map(table.get, named, repeat(0))) for table, named in columns])
        return np.asarray(self._columns[places.T].reshape(len(keys), -1))


class FirstLook:
    """Whether a word may report at all: a logistic regression on the rates of its keys and of its best frames."""

    def __init__(self, words: Rates, frames: Rates, weights: Sequence[float]) -> None:
        self._words, self._frames = words, frames
        self._weights = np.array(weights[:-1])
        self._added = weights[-1]

    def chances(
        self, words: Sequence[tuple[str, ...]], frames: Sequence[tuple[str, ...]], word_of: Sequence[int]
    ) -> Numbers:
        """How likely each word is a cue.

        Args:
            words: each word's ``WORD_KEYS``.
            frames: the ``FRAME_KEYS`` of each candidate.
            word_of: for each candidate, the place of its word.
        """
        best = best_of(self._frames.of(frames)[:, ::2], np.array(word_of), len(words))
        rates = np.hstack([self._words.of(words)[:, ::2], best])
        return chances(log_odds(rates) @ self._weights + self._added)


def best_of(rates: Numbers, word_of: NDArray[np.int64], count: int) -> Numbers:
    """The highest rate of each word's candidates, as an array of shape (words, columns)."""
    best = np.zeros((count, rates.shape[1]))
    np.maximum.at(best, word_of, rates)
    return best


def log_odds(rates: Numbers) -> Numbers:
    """What logistic regression adds up."""
    return np.asarray(np.log(rates / (1.0 - rates)))


class WordScores:
    """What a candidate's words are like."""

    def __init__(self, words: Sequence[str], scores: Numbers, groups: Sequence[int]) -> None:
        self._places = {word: place for place, word in enumerate(words)}
        self._scores = np.vstack([scores, np.full(scores.shape[1], UNKNOWN_WORD)])
        self._groups = list(groups)

    def of(self, words: Sequence[tuple[str, str, str]]) -> Numbers:
        """The scores of each candidate's words, as an array of shape (candidates, columns)."""
        places = np.array([list(map(self._places.get, named, repeat(-1))) for named in zip(*words, strict=True)])
        return np.asarray(self._scores[places[self._groups], np.arange(len(self._groups))[:, None]].T)


class Ranking:
    """A stored ranking, ready to be asked."""

    def __init__(self, stored: Stored) -> None:
        self.threshold = stored.threshold
        hits = np.frombuffer(stored.hits, dtype=np.float32).astype(np.float64)
        seen = np.frombuffer(stored.seen, dtype=np.int32).astype(np.float64)
        self.rates = Rates(stored.tables, hits, seen, stored.base)
        of_word, of_frame = (
            Rates([stored.tables[TABLES.index(name)] for name in names], hits, seen, stored.base)
            for names in (WORD_KEYS, FRAME_KEYS)
        )
        self.first_look = FirstLook(of_word, of_frame, stored.first_look)
        scores = np.frombuffer(stored.word_scores, dtype=np.int8).reshape(len(stored.words), -1) / WORD_SCALE
        self.words = WordScores(stored.words, scores, stored.word_groups)
        self._joint, self._cue_and_fit = Forests(stored.joint), Forests(stored.cue_and_fit)

    def joint(self, inputs: Numbers) -> Numbers:
        """How likely each candidate is an attribution with its content and source."""
        return chances(self._joint.answers(inputs)[0])

    def cue_and_fit(self, inputs: Numbers) -> tuple[Numbers, Numbers]:
        """How likely each candidate's cue is one, and how well its content and source fit if so."""
        cue, fit = self._cue_and_fit.answers(inputs)
        return chances(cue), fit


@functools.cache
def ranking() -> Ranking:
    """The shipped ranking."""
    stored = zlib.decompress(trained_part(MODEL, f"{MODEL}.msgpack.z"))
    return Ranking(msgspec.msgpack.decode(stored, type=Stored))


def combined(joint: Numbers, cue: Numbers, fit: Numbers) -> Numbers:
    """One score from the three answers: the first, and how sure the cue is times how well the content fits."""
    return _OF_JOINT * joint + (1.0 - _OF_JOINT) * cue * np.clip(fit, 0.0, 1.0) ** _STRICTNESS
