"""Structural balance: whether friends of friends are friends and enemies of enemies too."""

from __future__ import annotations

import msgspec
import numpy as np
from scipy.sparse import coo_array, csr_array

from dragoman.analysis.frustration import Frustration, frustration_index
from dragoman.analysis.network import Network


class Balance(msgspec.Struct, frozen=True):
    """Closed triads, how many are balanced (an even number of negative ties), and the frustration index.

    ``frustration`` counts ties, not weights; ``proven`` says whether it is the minimum, else the
    minimum lies between its ``bound`` and its ``value``.
    """

    triads: int
    balanced: int
    frustration: Frustration

    @property
    def share(self) -> float | None:
        """The share of balanced triads (Cartwright and Harary 1956); None without a triad."""
        return self.balanced / self.triads if self.triads else None


def balance(network: Network, *, seconds: float = 10.0, seed: int = 0) -> Balance:
    """How balanced a network is. Ties of weight 0 are left out.

    Args:
        network: The signed network.
        seconds: Time for the proof of the frustration index.
        seed: Of its local search.
    """
    signed = network.weight != 0
    ends, signs = network.ends[signed], np.sign(network.weight[signed]).astype(np.int64)
    triads, surplus = _triads(len(network.actors), ends, signs)
    ties = [(int(a), int(b), int(sign)) for (a, b), sign in zip(ends, signs, strict=True)]
    found = frustration_index(len(network.actors), ties, seconds=seconds, seed=seed)
    return Balance(triads, (triads + surplus) // 2, found)


def _triads(size: int, ends: np.ndarray, signs: np.ndarray) -> tuple[int, int]:
    # All closed triads, and the balanced ones less the unbalanced.
    rows, columns = np.r_[ends[:, 0], ends[:, 1]], np.r_[ends[:, 1], ends[:, 0]]
    signed = csr_array(coo_array((np.tile(signs, 2), (rows, columns)), shape=(size, size)))
    plain = abs(signed)
    return int((plain @ plain).multiply(plain).sum()) // 6, int((signed @ signed).multiply(signed).sum()) // 6
