"""The parser's matrix products, in a form where a row's result does not depend on the rows beside it.

The parser comes with BLIS, which keeps rows apart but falls back to a slow reference kernel on processors that it does
not know; NumPy's BLAS is faster, but the last bits of a row change with its place in the matrix, and the records of a
text must not depend on the texts that are read with it. onnxruntime is faster than both and keeps rows apart; a trial
at the start shows whether it does on this machine, and if not, BLIS is used.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dragoman.reading.onnx_session import session_of

if TYPE_CHECKING:
    from spacy.language import Language

Matrix = NDArray[np.float32]


class RowwiseProduct:
    """Products of any rows with fixed weights."""

    def __init__(self) -> None:
        self._session = session_of(_product_model())
        self._turned: dict[tuple[int, tuple[int, ...]], tuple[Matrix, Matrix]] = {}

    def __call__(self, rows: Matrix, weights: Matrix, out: Matrix | None = None) -> Matrix:
        """``rows`` times the transposed ``weights``, each row by itself."""
        count = rows.shape[0]
        if count == 1:  # a row alone would be multiplied in another way than a row among others
            rows = np.concatenate([rows, rows])
        found: Matrix = self._session.run(None, {"rows": rows, "weights": self._transposed(weights)})[0][:count]
        if out is None:
            return found
        out[:] = found
        return out

    def _transposed(self, weights: Matrix) -> Matrix:
        key = (weights.__array_interface__["data"][0], weights.shape)
        known = self._turned.get(key)
        if known is None:
            # The weights are kept, so that the address stays theirs.
            known = self._turned[key] = (np.ascontiguousarray(weights.T), weights)
        return known[0]


def _product_model() -> bytes:
    """An ONNX model of one product, of matrices of any size (the format is Protocol Buffers)."""
    matrix = _part(2, _part(1, _whole(1, 1) + _part(2, _part(1, b"") * 2)))  # floats, two dimensions
    node = _part(1, b"rows") + _part(1, b"weights") + _part(2, b"product") + _part(4, b"MatMul")
    given = [_part(11, _part(1, name) + matrix) for name in (b"rows", b"weights")]
    graph = _part(1, node) + _part(2, b"product") + b"".join(given) + _part(12, _part(1, b"product") + matrix)
    return _whole(1, 9) + _part(7, graph) + _part(8, _whole(2, 18))  # versions of the format and of its operators


def _part(field: int, content: bytes) -> bytes:
    return bytes([field << 3 | 2, len(content)]) + content  # of at most 127 bytes


def _whole(field: int, number: int) -> bytes:
    return bytes([field << 3, number])


@functools.cache
def rows_are_independent() -> bool:
    """Whether a row gives the same bits alone and at every place of a matrix on this machine."""
    random = np.random.default_rng(3)
    product = RowwiseProduct()
    for inner, outer in ((288, 288), (384, 288), (576, 288), (96, 1024), (96, 384), (64, 74)):
        weights = random.normal(size=(outer, inner)).astype(np.float32)
        rows = random.normal(size=(197, inner)).astype(np.float32)
        whole = product(rows, weights)
        cuts = [(0, 1), (1, 2), (1, 4), (6, 17), (100, 101), (3, 197)]
        if not all(np.array_equal(product(rows[n:m], weights), whole[n:m]) for n, m in cuts):
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
