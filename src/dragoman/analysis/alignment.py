"""How far two actors stand on the same side, as one number that can be taken apart."""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa

from dragoman.analysis.network import Network
from dragoman.errors import UsageError


class Alignment(msgspec.Struct, frozen=True):
    """``value`` is -1 (opposed in everything) to 1 (of one mind); ``parts`` add up to it.

    A part is ``(third actor, share of the value)``, the largest first; the two actors themselves stand
    for their direct tie. ``direct`` is the weight of that tie, None where they have none.
    """

    a: str
    b: str
    value: float
    direct: float | None
    parts: tuple[tuple[str, float], ...]


def alignment(network: Network, a: str, b: str) -> Alignment:
    """How aligned two actors of a network are.

    The cosine of their ties to everybody. Each is tied to itself as strongly as to its strongest
    partner or opponent, so that the direct tie counts as well as friends and enemies in common.

    Raises:
        UsageError: An actor has no tie, or both are the same.
    """
    one, two = network.index(a), network.index(b)
    if one == two:
        raise UsageError(f"'{a}' and '{b}' are the same; name two different actors")
    profiles = _profiles(network)
    norms = np.linalg.norm(profiles[[one, two]], axis=1)
    products = profiles[one] * profiles[two] / (norms.prod() or 1.0)
    order = sorted(np.flatnonzero(products).tolist(), key=lambda index: (-abs(products[index]), index))
    parts = tuple((network.actors[index], float(products[index])) for index in order)
    tie = np.flatnonzero((np.sort(network.ends, axis=1) == sorted((one, two))).all(axis=1))
    direct = float(network.weight[tie[0]]) if len(tie) else None
    return Alignment(network.actors[one], network.actors[two], float(products.sum()), direct, parts)


def alignments(network: Network, actor: str) -> pa.Table:
    """The alignment of one actor with every other: ``actor``, ``name``, ``alignment``, most aligned first."""
    own = network.index(actor)
    profiles = _profiles(network)
    norms = np.linalg.norm(profiles, axis=1)
    values = profiles @ profiles[own] / np.where(norms > 0, norms * norms[own], 1.0)
    order = sorted((i for i in range(len(values)) if i != own), key=lambda i: (-values[i], network.actors[i]))
    return pa.table(
        {
            "actor": [network.actors[i] for i in order],
            "name": [network.names[i] for i in order],
            "alignment": [float(values[i]) for i in order],
        }
    )


def _profiles(network: Network) -> np.ndarray:
    square = network.matrix()
    np.fill_diagonal(square, np.abs(square).max(axis=1))
    return square
