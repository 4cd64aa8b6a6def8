"""Ranks of the true objects of a temporal knowledge graph's test part, with the protocol and the simple orders.

``python benchmarks/forecast_ranking.py DIR [--valid]``. DIR has ``train.txt``, ``valid.txt`` and ``test.txt`` (ICEWS14
in the split by time of RE-GCN, github.com/Lee-zix/RE-GCN). ``--valid`` takes the valid part for the test part, so that
settings can be compared without looking at the test part.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from pathlib import Path

import numpy as np

from dragoman.analysis.forecast_facts import Facts
from dragoman.analysis.forecast_ranking import Ranks, crude_ranks, learned_order, learned_ranks
from dragoman.analysis.forecast_recurrence import simple_ranks
from dragoman.errors import UnreadableInput
from dragoman.scoring.forecast import PROTOCOL, read_graph, summary


def show(name: str, ranks: Ranks, seconds: float) -> None:
    """Print one order's figures as a line."""
    figures = summary(ranks)
    print(f"{name:<20}" + "".join(f"{value:>9.4f}" for value in figures.values()) + f"{seconds:>9.1f}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--valid", action="store_true", help="forecast the valid part instead")
    chosen = parser.parse_args()
    try:
        facts, days = read_graph(chosen.folder)
    except UnreadableInput as error:
        sys.exit(str(error))
    if chosen.valid:
        valid = int(np.loadtxt(chosen.folder / "valid.txt", dtype=np.int64, usecols=3).size)
        earlier = facts.before(days.start)
        days = range(int(earlier.day[-valid]), days.start)
        facts = Facts(earlier.rows, facts.entities, facts.relations)
    both = facts.both_directions()
    print(PROTOCOL)
    print(f"{'order':<20}{'mrr':>9}{'hits1':>9}{'hits3':>9}{'hits10':>9}{'seconds':>9}")
    began = time.perf_counter()
    ranks = learned_ranks(learned_order(both, days.start), both, days)
    show("learned", ranks, time.perf_counter() - began)
    began = time.perf_counter()
    show("first score", crude_ranks(both, days), time.perf_counter() - began)
    began = time.perf_counter()
    for name, simple in simple_ranks(both, days).items():
        show(name, simple, time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{len(ranks)} questions; {peak:.1f} GB at the peak")


if __name__ == "__main__":
    main()
