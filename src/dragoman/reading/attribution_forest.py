"""Gradient-boosted trees as flat arrays, walked with numpy."""

from __future__ import annotations

import functools

import msgspec
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_BLOCK = 32  # rows walked through the trees at once, so that the walk stays in the processor's cache


class Forest(msgspec.Struct, frozen=True, array_like=True):
    """Trees as stored: nodes of all trees one after another, each tree's first node in ``roots``."""

    bias: float
    roots: bytes  # int32
    features: bytes  # int16; -1 at a leaf
    thresholds: bytes  # float64; a leaf's value
    lefts: bytes  # int32
    rights: bytes  # int32
    depth: int


@functools.lru_cache(maxsize=8)
def _arrays(forest: Forest) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers, NDArray[np.int64]]:
    """The trees as arrays to step through: a leaf is its own child, so that every walk has the same length."""
    features = np.frombuffer(forest.features, dtype=np.int16).astype(np.int64)
    thresholds = np.frombuffer(forest.thresholds, dtype=np.float64)
    numbers = np.arange(len(features))
    lefts, rights = (np.frombuffer(side, dtype=np.int32).astype(np.int64) for side in (forest.lefts, forest.rights))
    leaf = features < 0
    children = np.stack([np.where(leaf, numbers, lefts), np.where(leaf, numbers, rights)], axis=1).ravel()
    roots = np.frombuffer(forest.roots, dtype=np.int32).astype(np.int64)
    return roots, np.maximum(features, 0), thresholds, children


def answers(forest: Forest, inputs: Numbers) -> Numbers:
    """The trees' summed answer for each row of ``inputs`` (rows, features), with the bias: shape (rows,)."""
    roots, features, thresholds, children = _arrays(forest)
    width = inputs.shape[1]
    raw = np.empty(len(inputs))
    for start in range(0, len(inputs), _BLOCK):
        block = inputs[start : start + _BLOCK]
        flat = np.ascontiguousarray(block).ravel()
        offsets = (np.arange(len(block), dtype=np.int64) * width)[:, np.newaxis]
        nodes = np.repeat(roots[np.newaxis, :], len(block), axis=0)
        for _ in range(forest.depth):
            beyond = flat.take(offsets + features.take(nodes)) > thresholds.take(nodes)
            nodes = children.take(2 * nodes + beyond)
        raw[start : start + _BLOCK] = thresholds.take(nodes).sum(axis=1)
    return raw + forest.bias


def chances(forest: Forest, inputs: Numbers) -> Numbers:
    """The answers of trees that were trained to tell two classes apart, as probabilities (0 to 1)."""
    return np.asarray(1.0 / (1.0 + np.exp(-answers(forest, inputs))))
