"""Adam (Kingma and Ba 2015) on numpy arrays, for the small models that are learned at run time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_FIRST_MOMENT, _SECOND_MOMENT, _TINY = 0.9, 0.999, 1e-8

Singles = NDArray[np.float32]


class Adam:
    """Moves parameters in place against their gradients; keeps the two moments of each."""

    def __init__(self, parameters: Sequence[Singles]) -> None:
        self._parameters = parameters
        self._first = [np.zeros_like(p) for p in parameters]
        self._second = [np.zeros_like(p) for p in parameters]
        self._step = 0

    def move(self, gradients: Sequence[Singles], rate: float) -> None:
        """One step of a size of about ``rate``."""
        self._step += 1
        moments = zip(self._parameters, self._first, self._second, gradients, strict=True)
        for value, first, second, gradient in moments:
            first += (1 - _FIRST_MOMENT) * (gradient - first)
            second += (1 - _SECOND_MOMENT) * (gradient**2 - second)
            ahead = first / (1 - _FIRST_MOMENT**self._step)
            value -= rate * ahead / (np.sqrt(second / (1 - _SECOND_MOMENT**self._step)) + _TINY)
