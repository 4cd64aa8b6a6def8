"""Gradient-boosted trees, kept as ONNX."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dragoman.reading.onnx_session import session_of

Numbers = NDArray[np.float64]


class Forests:
    """One or more sets of trees that are asked about the same inputs."""

    def __init__(self, stored: bytes) -> None:
        self._session = session_of(stored)

    def answers(self, inputs: Numbers) -> list[Numbers]:
        """For each set of trees its summed answer for each row of ``inputs`` (rows, features): shape (rows,)."""
        return [found[:, 0].astype(np.float64) for found in self._session.run(None, {"inputs": inputs})]


def chances(answers: Numbers) -> Numbers:
    """The answers of trees that were trained to tell two classes apart, as probabilities (0 to 1)."""
    return np.asarray(1.0 / (1.0 + np.exp(-answers)))
