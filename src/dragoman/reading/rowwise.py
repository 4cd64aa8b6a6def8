"""The parser's matrix products, in a form where a row's result does not depend on the rows beside it.

The parser comes with BLIS, which keeps rows apart but falls back to a slow reference kernel on processors that it does
not know. NumPy's BLAS is fast everywhere, but the last bits of a row may change with its place in the matrix, and the
records of a text must not depend on the texts that are read with it. So rows are multiplied in blocks of one size, with
columns of zeros around the weights (kernels treat the outermost columns differently), and a trial at the start shows
whether rows are then independent on this machine; if not, BLIS is used.
"""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

if TYPE_CHECKING:
    from spacy.language import Language

Matrix = NDArray[np.float32]

_BLOCK = 192  # rows; a multiple of every kernel's tile that was met
_STRIPE = 288  # columns that are multiplied at a time; kernels cut wider matrices in places of their own
_MARGIN = 8
_TILE = 16


class RowwiseProduct:
    """Products of any rows with fixed weights."""

    def __init__(self) -> None:
        self._stripes: dict[tuple[int, tuple[int, ...]], tuple[list[Matrix], Matrix]] = {}

    def __call__(self, rows: Matrix, weights: Matrix, out: Matrix | None = None) -> Matrix:
        """``rows`` times the transposed ``weights``, each row by itself."""
        stripes = self._striped(weights)
        count = rows.shape[0]
        if out is None:
            out = np.empty((count, weights.shape[0]), np.float32)
        for begin in range(0, count, _BLOCK):
            block = rows[begin : begin + _BLOCK]
            size = block.shape[0]
            if size < _BLOCK:
                whole = np.zeros((_BLOCK, rows.shape[1]), np.float32)
                whole[:size] = block
                block = whole
            for first, stripe in zip(range(0, weights.shape[0], _STRIPE), stripes, strict=True):
                part = out[begin : begin + size, first : first + _STRIPE]
                part[:] = (block @ stripe)[:size, _MARGIN : _MARGIN + part.shape[1]]
        return out

    def _striped(self, weights: Matrix) -> list[Matrix]:
        key = (weights.__array_interface__["data"][0], weights.shape)
        known = self._stripes.get(key)
        if known is None:
            stripes = [_with_margins(weights[n : n + _STRIPE]) for n in range(0, weights.shape[0], _STRIPE)]
            known = self._stripes[key] = (stripes, weights)  # the weights are kept, so that the address stays theirs
        return known[0]


def _with_margins(weights: Matrix) -> Matrix:
    wide = weights.shape[0] + 2 * _MARGIN
    padded = np.zeros((wide + -wide % _TILE, weights.shape[1]), np.float32)
    padded[_MARGIN : _MARGIN + weights.shape[0]] = weights
    return padded.T


def one_thread() -> AbstractContextManager[Any]:
    """While this is open, NumPy multiplies on one thread: shared out, a row's bits change, and batches gain nothing."""
    limit: AbstractContextManager[Any] = _libraries().limit(limits=1, user_api="blas")
    return limit


@functools.cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()


@functools.cache
def rows_are_independent() -> bool:
    """Whether one row gives the same bits at every place of a block on this machine."""
    random = np.random.default_rng(3)
    product = RowwiseProduct()
    for inner, outer in ((288, 288), (384, 288), (576, 288), (96, 1024), (96, 384), (64, 74)):
        weights = random.normal(size=(outer, inner)).astype(np.float32)
        rows = random.normal(size=(_BLOCK + 5, inner)).astype(np.float32)
        with one_thread():
            here = product(rows, weights)
            moved = [(n, product(np.roll(rows, n, axis=0), weights)) for n in (1, 6, 100)]
        if not all(np.array_equal(there[n:], here[:-n]) for n, there in moved):
            return False
    return True


def use_rowwise_products(nlp: Language) -> bool:
    """Let the trained parts of a pipeline multiply so, where this machine allows it; say whether they do."""
    from thinc.api import NumpyOps

    if not rows_are_independent():
        return False
    product = RowwiseProduct()

    class RowwiseOps(NumpyOps):  # type: ignore[misc]  # thinc's Cython class has no types
        def gemm(
            self, x: Matrix, y: Matrix, out: Matrix | None = None, trans1: bool = False, trans2: bool = False
        ) -> Any:
            if trans1 or not trans2:
                return super().gemm(x, y, out=out, trans1=trans1, trans2=trans2)
            return product(x, y, out)

    ops = RowwiseOps()
    for name in ("tok2vec", "tagger", "parser", "ner"):
        for node in _model_of(nlp, name).walk():
            node.ops = ops
    return True


def _model_of(nlp: Language, part: str) -> Any:
    component: Any = nlp.get_pipe(part)
    return component.model
