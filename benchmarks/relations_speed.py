"""Seconds for the series and change points of all pairs, and for the blocs of a large network.

``python benchmarks/relations_speed.py [--events N] [--actors N] [--nodes N] [--ties N]``. The data are
made here, from a fixed seed: a stream of events over ten years, and a signed network with planted blocs.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np
import pyarrow as pa

from dragoman.analysis.blocs import find_blocs
from dragoman.analysis.network import network_of_ties
from dragoman.analysis.pair_scan import scan_pairs

DAYS = 3652


def stream(events: int, actors: int, seed: int = 0) -> pa.Table:
    """A table of events: actors drawn with heavy tails, intensities from -10 to 10."""
    random = np.random.default_rng(seed)
    popularity = 1 / np.arange(1, actors + 1) ** 0.7
    popularity /= popularity.sum()
    left = random.choice(actors, events, p=popularity)
    right = (left + 1 + random.choice(actors - 1, events)) % actors
    names = pa.array([f"A{index:03d}" for index in range(actors)])
    day = (np.datetime64("2010-01-01") + random.integers(0, DAYS, events)).astype("datetime64[D]")
    return pa.table(
        {
            "event": pa.array(np.arange(events)).cast(pa.string()),
            "actor": pa.DictionaryArray.from_arrays(pa.array(left.astype(np.int32)), names).cast(pa.string()),
            "recipient": pa.DictionaryArray.from_arrays(pa.array(right.astype(np.int32)), names).cast(pa.string()),
            "start": pa.array(day),
            "intensity": pa.array(np.round(random.normal(0.5, 4, events).clip(-10, 10), 1)),
        }
    )


def planted(nodes: int, ties: int, camps: int = 12, seed: int = 0) -> list[tuple[str, str, float]]:
    """A signed network: nine in ten ties within a camp are positive, nine in ten between camps negative."""
    random = np.random.default_rng(seed)
    camp = random.integers(0, camps, nodes)
    found: dict[tuple[int, int], float] = {}
    while len(found) < ties:
        a, b = (int(node) for node in random.integers(0, nodes, 2))
        if a != b and (camp[a] == camp[b] or random.random() < 0.15):
            sign = 1 if (camp[a] == camp[b]) == (random.random() < 0.9) else -1
            found[min(a, b), max(a, b)] = sign * float(random.integers(1, 10))
    return [(f"N{a}", f"N{b}", weight) for (a, b), weight in found.items()]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=5_000_000)
    parser.add_argument("--actors", type=int, default=200)
    parser.add_argument("--nodes", type=int, default=6_000)
    parser.add_argument("--ties", type=int, default=19_000)
    chosen = parser.parse_args()
    table = stream(chosen.events, chosen.actors)
    started = time.perf_counter()
    scan = scan_pairs(table, most_actors=chosen.actors)
    spent = time.perf_counter() - started
    print(
        f"{chosen.events} events, {chosen.actors} actors: {len(scan.pairs)} pairs x {len(scan.periods)} months,",
        end=" ",
    )
    print(f"{scan.changes.num_rows} changes in {spent:.1f} s")
    network = network_of_ties(planted(chosen.nodes, chosen.ties))
    started = time.perf_counter()
    blocs = find_blocs(network)
    print(f"{chosen.nodes} actors, {chosen.ties} ties: {blocs.count} blocs in {time.perf_counter() - started:.1f} s")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, one process")


if __name__ == "__main__":
    main()
