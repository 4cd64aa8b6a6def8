"""Blocs: who stands with whom, who stands between, and who changed sides.

Blocs are found by the Leiden algorithm (Traag, Waltman and van Eck 2019) on two layers, positive ties
with weight 1 and negative ties with weight -1 (Traag and Bruggeman 2009), with a fixed number of
iterations and fixed seeds.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import igraph
import leidenalg
import msgspec
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from dragoman.analysis.network import Network
from dragoman.errors import UsageError

Method: TypeAlias = Literal["modularity", "clusterability"]
METHODS: tuple[Method, ...] = ("modularity", "clusterability")
_ITERATIONS = 10
_ITERATIONS_LARGE = 2  # ten reach 0.6 % more quality in three times the time
_RUNS = 20  # from different seeds; one run where the network is large
_LARGE = 1_000  # actors
_BETWEEN = 0.3  # of an actor's positive ties that lead to another bloc


class Blocs(msgspec.Struct, frozen=True):
    """A division into blocs. ``member[i]`` is the bloc of actor i, 0 the largest.

    ``certainty[i]`` is the share of runs in which actor i was with those it is with now (mean over
    them; nan for who stands alone or where only one run was made). ``frustrated`` numbers the ties that
    speak against the division: negative within a bloc, positive between two.
    """

    network: Network
    member: NDArray[np.int64]
    certainty: NDArray[np.float64]
    frustrated: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many blocs there are."""
        return int(self.member.max()) + 1

    def members(self, bloc: int) -> tuple[str, ...]:
        """The actors of a bloc, in the order of their ids."""
        return tuple(actor for actor, own in zip(self.network.actors, self.member.tolist(), strict=True) if own == bloc)

    def bloc_of(self, actor: str) -> int:
        """The bloc of an actor."""
        return int(self.member[self.network.index(actor)])

    def arrow(self) -> pa.Table:
        """One row an actor: ``actor``, ``name``, ``bloc``, ``certainty``, ``within``, ``other_bloc``, ``other``.

        ``within`` is the share of its positive weight that stays in its bloc, ``other`` the share that
        leads to the bloc it is nearest to next.
        """
        pulls = _pulls(self)
        within = pulls[np.arange(len(self.member)), self.member].copy()
        away = pulls.copy()
        away[np.arange(len(self.member)), self.member] = -1.0
        nearest = away.argmax(axis=1)
        other = np.maximum(away.max(axis=1), 0.0)
        return pa.table(
            {
                "actor": pa.array(self.network.actors, pa.string()),
                "name": pa.array(self.network.names, pa.string()),
                "bloc": pa.array(self.member, pa.int32()),
                "certainty": pa.array(self.certainty, mask=np.isnan(self.certainty)),
                "within": within,
                "other_bloc": pa.array(nearest, pa.int32(), mask=other <= 0),
                "other": other,
            }
        )


class Move(msgspec.Struct, frozen=True):
    """An actor that changed bloc, and the ties that changed most towards the blocs left and joined.

    ``ties`` are ``(other actor, weight before, weight after)``, strongest change first.
    """

    actor: str
    left: tuple[str, ...]
    joined: tuple[str, ...]
    ties: tuple[tuple[str, float, float], ...]


def find_blocs(network: Network, *, method: Method = "modularity", resolution: float = 1.0, seed: int = 0) -> Blocs:
    """The blocs of a signed network.

    Args:
        network: The network.
        method: "modularity" asks for more than chance would give; "clusterability" only for few
            frustrated ties (for data that name friends and foes outright).
        resolution: Of modularity; higher gives more and smaller blocs.
        seed: The same seed, the same blocs.

    Raises:
        UsageError: There is no such method.
    """
    if method not in METHODS:
        raise UsageError(f"there is no method '{method}'; the methods are {', '.join(METHODS)}")
    layers = [_layer(network, 1), _layer(network, -1)]
    kind = leidenalg.RBConfigurationVertexPartition if method == "modularity" else leidenalg.CPMVertexPartition
    gamma = resolution if method == "modularity" else 0.0
    runs, iterations = (1, _ITERATIONS_LARGE) if len(network.actors) > _LARGE else (_RUNS, _ITERATIONS)
    found = [_run(layers, kind, gamma, iterations, seed + run) for run in range(runs)]
    best = max(range(runs), key=lambda run: (round(found[run][1], 9), -run))
    member = _by_size(np.asarray(found[best][0], dtype=np.int64))
    return Blocs(network, member, _certainty(member, [run[0] for run in found]), _against(network, member))


def _run(layers: list[Any], kind: Any, gamma: float, iterations: int, seed: int) -> tuple[list[int], float]:
    # Iterations after one that gained nothing find nothing either: to stop there takes a third of the time.
    layered = [kind(layer, weights="weight", resolution_parameter=gamma) for layer in layers]
    optimiser = leidenalg.Optimiser()
    optimiser.set_rng_seed(seed)
    gained = 0.0
    for _ in range(iterations):
        gain = optimiser.optimise_partition_multiplex(layered, [1, -1], n_iterations=1)
        gained += gain
        if gain <= 0:
            break
    return list(layered[0].membership), gained


def _layer(network: Network, sign: int) -> Any:
    chosen = network.weight * sign > 0
    graph = igraph.Graph(n=len(network.actors), edges=network.ends[chosen].tolist())
    graph.es["weight"] = np.abs(network.weight[chosen]).tolist()
    return graph


def _by_size(member: NDArray[np.int64]) -> NDArray[np.int64]:
    labels, first, sizes = np.unique(member, return_index=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    new = np.empty(len(labels), dtype=np.int64)
    new[order] = np.arange(len(labels))
    return new[np.searchsorted(labels, member)]


def _certainty(member: NDArray[np.int64], runs: list[list[int]]) -> NDArray[np.float64]:
    if len(runs) < 2:
        return np.full(len(member), np.nan)
    together = member[:, None] == member[None, :]
    np.fill_diagonal(together, val=False)
    agreed = np.zeros(together.shape)
    for run in runs:
        labels = np.asarray(run)
        agreed += labels[:, None] == labels[None, :]
    others = together.sum(axis=1)
    shares = (agreed * together).sum(axis=1) / np.maximum(others, 1) / len(runs)
    return np.where(others > 0, shares, np.nan)


def _against(network: Network, member: NDArray[np.int64]) -> NDArray[np.int64]:
    same = member[network.ends[:, 0]] == member[network.ends[:, 1]]
    return np.flatnonzero(((network.weight < 0) & same) | ((network.weight > 0) & ~same))


def _pulls(blocs: Blocs) -> NDArray[np.float64]:
    # The share of each actor's positive weight that leads to each bloc.
    network = blocs.network
    weight = np.maximum(network.weight, 0)
    pulls = np.zeros((len(network.actors), blocs.count))
    for near, far in ((0, 1), (1, 0)):
        np.add.at(pulls, (network.ends[:, near], blocs.member[network.ends[:, far]]), weight)
    total = pulls.sum(axis=1, keepdims=True)
    return pulls / np.where(total > 0, total, 1)


def between(blocs: Blocs, share: float = _BETWEEN) -> pa.Table:
    """Who stands between: rows of ``Blocs.arrow`` with at least ``share`` of their positive weight in another bloc."""
    table = blocs.arrow()
    return table.filter(pa.array(table["other"].to_numpy() >= share)).sort_by(
        [("other", "descending"), ("actor", "ascending")]
    )


def driving_ties(blocs: Blocs, bloc: int, most: int = 5) -> pa.Table:
    """The strongest positive ties within a bloc, which hold it together (rows of ``Network.arrow``)."""
    network = blocs.network
    inside = (blocs.member[network.ends] == bloc).all(axis=1) & (network.weight > 0)
    chosen = sorted(np.flatnonzero(inside).tolist(), key=lambda tie: (-network.weight[tie], tie))[:most]
    return network.arrow().take(pa.array(chosen, pa.int64()))


def compare_blocs(before: Blocs, after: Blocs, most_ties: int = 5) -> tuple[Move, ...]:
    """Who changed bloc between two dates.

    Blocs of the two are matched so that most actors stay (an assignment problem); an actor present
    in both whose bloc is not the match of its former one has moved.
    """
    where = {actor: index for index, actor in enumerate(after.network.actors)}
    shared = [(i, where[actor]) for i, actor in enumerate(before.network.actors) if actor in where]
    overlap = np.zeros((before.count, after.count))
    for i, j in shared:
        overlap[before.member[i], after.member[j]] += 1
    rows, columns = linear_sum_assignment(-overlap)
    match = {int(old): int(new) for old, new in zip(rows, columns, strict=True) if overlap[old, new] > 0}
    moves = []
    for i, j in shared:
        old, new = int(before.member[i]), int(after.member[j])
        if match.get(old) != new:
            actor = before.network.actors[i]
            moves.append(
                Move(actor, before.members(old), after.members(new), _changed(before, after, actor, most_ties))
            )
    return tuple(moves)


def _changed(before: Blocs, after: Blocs, actor: str, most: int) -> tuple[tuple[str, float, float], ...]:
    old, new = (_ties_of(blocs.network, actor) for blocs in (before, after))
    changes = [(other, old.get(other, 0.0), new.get(other, 0.0)) for other in sorted(old.keys() | new.keys())]
    return tuple(sorted(changes, key=lambda change: (-abs(change[2] - change[1]), change[0]))[:most])


def _ties_of(network: Network, actor: str) -> dict[str, float]:
    own = network.actors.index(actor)
    found = {}
    for (a, b), weight in zip(network.ends.tolist(), network.weight.tolist(), strict=True):
        if own in (a, b):
            found[network.actors[b if a == own else a]] = weight
    return found
