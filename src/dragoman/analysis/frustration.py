"""The frustration index of a signed graph: the least weight of ties to remove so that two camps remain.

A tie is frustrated when it is positive between the camps or negative within one. The index is the
minimum over all divisions into two camps (Harary's line index of balance). It is found by a local
search from above and a covering of negative cycles from below (a tie set leaves a balanced graph
exactly when it meets every cycle with an odd number of negative ties); where the two do not meet,
a mixed integer program in the form of Aref, Mason and Wilson (Networks 75, 2020) closes the gap
or says how wide it is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

import igraph
import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from dragoman.errors import AnalysisError

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_EPSILON = 1e-7
_ROUNDS = 60  # of cuts; each round takes a fraction of a second on graphs of states
_RESTARTS = 60


class Frustration(msgspec.Struct, frozen=True):
    """What is known of a frustration index.

    ``value`` is reached by ``camps`` (0 or 1 for each node); no division reaches less than ``bound``.
    """

    value: float
    bound: float
    camps: tuple[int, ...]
    frustrated: tuple[int, ...]
    seconds: float

    @property
    def proven(self) -> bool:
        """Whether ``value`` is the minimum."""
        return self.bound >= self.value - _EPSILON

    @property
    def gap(self) -> float:
        """How far the minimum can lie below ``value``, as a share of it (0 when proven)."""
        return 0.0 if self.proven else (self.value - self.bound) / self.value


class _Part(msgspec.Struct, frozen=True):
    # One block (biconnected component): frustration adds up over blocks.
    nodes: int
    ends: Ints  # (ties, 2), numbered within the block
    signs: Ints
    weights: Floats

    @property
    def whole(self) -> bool:
        return bool(np.all(self.weights == np.round(self.weights)))


def frustration_index(
    nodes: int,
    ties: Sequence[tuple[int, int, int]],
    weights: Sequence[float] | None = None,
    *,
    seconds: float = 10.0,
    seed: int = 0,
) -> Frustration:
    """The frustration index with its proof, or the best value found and a proven lower bound.

    Args:
        nodes: How many nodes; ties name them 0 to ``nodes - 1``.
        ties: ``(a, b, sign)`` with sign 1 or -1, at most one a pair of nodes.
        weights: Positive weight of each tie; 1 when left out.
        seconds: Time for the proof; the local search always ends. With a proof the result does
            not depend on it.
        seed: Of the local search's restarts.

    Raises:
        AnalysisError: A tie names an unknown node, joins a node to itself, repeats a pair or has no sign.
    """
    started = time.perf_counter()
    ends, signs, heavy = _checked(nodes, ties, weights)
    blocks = igraph.Graph(n=nodes, edges=ends.tolist()).biconnected_components()
    bound = 0.0
    solved: list[tuple[list[int], Ints]] = []
    for number, block in enumerate(sorted((sorted(block) for block in blocks), key=lambda block: (len(block), block))):
        part = _part(block, ends, signs, heavy)
        local, low = np.zeros(part.nodes, dtype=np.int64), 0.0
        if np.any(part.signs < 0):
            local, low = _solve(part, seconds - (time.perf_counter() - started), seed + number)
        bound += low
        solved.append((block, local))
    camps = _joined(nodes, solved)
    frustrated = _frustrated(camps, ends, signs)
    value = float(heavy[frustrated].sum())
    spent = time.perf_counter() - started
    return Frustration(value, min(bound, value), tuple(camps.tolist()), tuple(frustrated.tolist()), spent)


def _checked(
    nodes: int, ties: Sequence[tuple[int, int, int]], weights: Sequence[float] | None
) -> tuple[Ints, Ints, Floats]:
    rows = np.asarray(ties, dtype=np.int64).reshape(-1, 3)
    heavy = np.ones(len(rows)) if weights is None else np.asarray(weights, dtype=np.float64)
    if len(heavy) != len(rows) or np.any(heavy <= 0):
        raise AnalysisError("frustration: every tie needs one positive weight")
    ends, signs = rows[:, :2], rows[:, 2]
    if np.any(ends < 0) or np.any(ends >= nodes) or np.any(ends[:, 0] == ends[:, 1]):
        raise AnalysisError("frustration: a tie must join two different nodes of the graph")
    if np.any(np.abs(signs) != 1):
        raise AnalysisError("frustration: the sign of a tie is 1 or -1")
    if len(np.unique(np.sort(ends, axis=1), axis=0)) < len(ends):
        raise AnalysisError("frustration: two ties join the same pair; add them up first")
    return ends, signs, heavy


def _part(block: list[int], ends: Ints, signs: Ints, heavy: Floats) -> _Part:
    # Two blocks share at most one node, so a tie with both ends in a block is the block's.
    inside = np.isin(ends, block).all(axis=1)
    return _Part(len(block), np.searchsorted(block, ends[inside]), signs[inside], heavy[inside])


def _joined(nodes: int, solved: list[tuple[list[int], Ints]]) -> Ints:
    # Blocks hang together in a tree by shared nodes: turn each so that it agrees with its neighbour.
    at: dict[int, list[int]] = {}
    for index, (block, _) in enumerate(solved):
        for node in block:
            at.setdefault(node, []).append(index)
    camps = np.zeros(nodes, dtype=np.int64)
    known: set[int] = set()
    done: set[int] = set()
    for root in range(len(solved)):
        stack = [root]
        while stack:
            index = stack.pop()
            if index in done:
                continue
            done.add(index)
            block, local = solved[index]
            shared = [i for i, node in enumerate(block) if node in known]
            turn = int(camps[block[shared[0]]] != local[shared[0]]) if shared else 0
            camps[block] = local ^ turn
            known.update(block)
            stack.extend(other for node in block for other in at[node] if other not in done)
    return camps


def _frustrated(camps: Ints, ends: Ints, signs: Ints) -> Ints:
    return np.flatnonzero((camps[ends[:, 0]] == camps[ends[:, 1]]) != (signs > 0))


def _cost(part: _Part, camps: Ints) -> float:
    return float(part.weights[_frustrated(camps, part.ends, part.signs)].sum())


def _solve(part: _Part, seconds: float, seed: int) -> tuple[Ints, float]:
    """Camps of one block and a lower bound of its frustration."""
    deadline = time.perf_counter() + seconds
    camps = _local_search(part, seed)
    cuts, bound = _cycle_bound(part, _cost(part, camps), deadline)
    left = deadline - time.perf_counter()
    if bound < _cost(part, camps) - _EPSILON and left > 0:
        better, low = _branch_and_bound(part, cuts, left)
        bound = max(bound, low)
        if better is not None and _cost(part, better) < _cost(part, camps) - _EPSILON:
            camps = better
    return camps, min(_rounded(part, bound), _cost(part, camps))


def _rounded(part: _Part, bound: float) -> float:
    return float(math.ceil(bound - 1e-6)) if part.whole else bound


def _local_search(part: _Part, seed: int) -> Ints:
    # Kernighan-Lin passes: every node is moved once, best first, and the best moment is kept.
    # It leaves hollows that single moves do not.
    matrix = np.zeros((part.nodes, part.nodes))
    a, b = part.ends[:, 0], part.ends[:, 1]
    matrix[a, b] = matrix[b, a] = part.signs * part.weights
    random = np.random.default_rng(seed)
    best, lowest = np.zeros(part.nodes, dtype=np.int64), math.inf
    for _ in range(max(4, min(_RESTARTS, 40_000 // part.nodes))):
        sides = random.choice(np.array([-1.0, 1.0]), part.nodes)
        while _passed(matrix, sides):
            pass
        camps = (sides != sides[0]).astype(np.int64)
        if (cost := _cost(part, camps)) < lowest:
            best, lowest = camps, cost
    return best


def _passed(matrix: Floats, sides: Floats) -> bool:
    # One pass over ``sides`` in place; whether it gained.
    trial = sides.copy()
    pull = matrix @ trial
    gains, order = [], []
    free = np.ones(len(trial), dtype=bool)
    for _ in range(len(trial)):
        gain = np.where(free, -trial * pull, -np.inf)
        node = int(np.argmax(gain))
        gains.append(gain[node])
        order.append(node)
        free[node] = False
        pull -= 2 * trial[node] * matrix[node]
        trial[node] = -trial[node]
    total = np.cumsum(gains)
    last = int(np.argmax(total))
    if total[last] <= _EPSILON:
        return False
    sides[order[: last + 1]] *= -1
    return True


def _cycle_bound(part: _Part, target: float, deadline: float) -> tuple[csr_array, float]:
    # The covering of negative cycles, relaxed: cuts are added while the relaxation breaks them.
    ties = len(part.ends)
    cover = np.zeros(ties)
    rows: dict[tuple[int, ...], None] = {}
    bound = 0.0
    for _ in range(_ROUNDS):
        found = _broken_cycles(part, cover)
        fresh = [cycle for cycle in found if cycle not in rows]
        if not fresh:
            break
        rows.update(dict.fromkeys(fresh))
        left = deadline - time.perf_counter()
        if left <= 0:
            break
        answer = linprog(
            part.weights, A_ub=-_matrix(rows, ties), b_ub=-np.ones(len(rows)), bounds=(0, 1),
            method="highs", options={"time_limit": left},
        )  # fmt: skip
        if answer.status != 0:
            break
        cover, bound = answer.x, float(answer.fun)
        if _rounded(part, bound) >= target - _EPSILON:
            break
    return _matrix(rows, ties), bound


def _matrix(rows: dict[tuple[int, ...], None], ties: int) -> csr_array:
    columns = [tie for cycle in rows for tie in cycle]
    at = [index for index, cycle in enumerate(rows) for _ in cycle]
    return csr_array(coo_array((np.ones(len(columns)), (at, columns)), shape=(len(rows), ties)))


def _broken_cycles(part: _Part, cover: Floats) -> list[tuple[int, ...]]:
    # A closed walk with an odd number of negative ties leads from a node to its own image in the
    # doubled graph; where it is shorter than 1 the covering is broken (Barahona and Mahjoub 1986).
    size, ties = part.nodes, len(part.ends)
    a, b = part.ends[:, 0], part.ends[:, 1]
    swap = np.where(part.signs < 0, size, 0)
    tails, heads = np.concatenate([a, a + size]), np.concatenate([b + swap, b + size - swap])
    lengths = np.tile(np.maximum(cover, 0.0) + 1e-9, 2)
    graph = csr_array(
        coo_array((np.tile(lengths, 2), (np.r_[tails, heads], np.r_[heads, tails])), shape=(2 * size,) * 2)
    )
    tie_of = {(int(u), int(v)): i % ties for i, (u, v) in enumerate(zip(tails, heads, strict=True))}
    reached, before = dijkstra(graph, indices=np.arange(size), return_predecessors=True, limit=1.0)
    found = []
    for node in range(size):
        if reached[node, node + size] >= 1 - 1e-6:
            continue
        walk, here = [], node + size
        while here != node:
            previous = int(before[node, here])
            walk.append(tie_of.get((previous, here), tie_of.get((here, previous), -1)))
            here = previous
        odd = tuple(sorted(tie for tie in set(walk) if walk.count(tie) % 2))
        found.append(odd)
    return found


def _branch_and_bound(part: _Part, cuts: csr_array, seconds: float) -> tuple[Ints | None, float]:
    # Variables: a camp for each node (whole), a mark for each tie (which then is whole by itself).
    size, ties = part.nodes, len(part.ends)
    rows = np.arange(ties)
    a, b = part.ends[:, 0], part.ends[:, 1]
    sign = part.signs.astype(np.float64)
    marks = coo_array((np.ones(ties), (rows, rows + size)), shape=(ties, size + ties))
    spread = coo_array((np.r_[-np.ones(ties), sign], (np.r_[rows, rows], np.r_[a, b])), shape=(ties, size + ties))
    low = np.where(part.signs > 0, 0.0, -1.0)
    constraints = [
        LinearConstraint(csr_array(marks + spread), lb=low),
        LinearConstraint(csr_array(marks - spread), lb=np.where(part.signs > 0, 0.0, 1.0)),
        LinearConstraint(_shifted(cuts, size), lb=1.0),
    ]
    upper = np.ones(size + ties)
    upper[int(np.argmax(np.bincount(part.ends.ravel(), minlength=size)))] = 0.0  # camps have no names
    answer = milp(
        np.r_[np.zeros(size), part.weights], constraints=constraints, bounds=Bounds(0.0, upper),
        integrality=np.r_[np.ones(size), np.zeros(ties)], options={"time_limit": seconds},
    )  # fmt: skip
    low_bound = float(answer.mip_dual_bound) if answer.mip_dual_bound is not None else 0.0
    if answer.x is None:
        return None, low_bound
    return np.round(answer.x[:size]).astype(np.int64), low_bound


def _shifted(cuts: csr_array, by: int) -> csr_array:
    parts = cuts.tocoo()
    return csr_array(
        coo_array((parts.data, (parts.coords[0], parts.coords[1] + by)), shape=(cuts.shape[0], cuts.shape[1] + by))
    )
