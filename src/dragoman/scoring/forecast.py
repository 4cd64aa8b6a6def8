"""Task ``forecast``: a temporal knowledge graph; which object completes each fact of the days to come?

The layout is that of the ICEWS14 benchmark of RE-GCN (Li et al. 2021): ``train.txt``, ``valid.txt`` and ``test.txt``
with the columns subject, relation, object, time (whole numbers, tab-separated; more columns are ignored), each part
later than the one before.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_ranking import Ranks, crude_ranks, learned_order, learned_ranks
from dragoman.analysis.forecast_recurrence import simple_ranks
from dragoman.errors import UnreadableInput

PARTS = ("train", "valid", "test")
PROTOCOL = (
    "single step: each test time is forecast from all facts strictly before it, and nothing else; both directions; "
    "all entities ranked; time-aware filter; ties at their mean rank; facts repeated within a time count once; "
    "the order is learned on the times just before the test part"
)


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float | str]:  # noqa: ARG001 (every task has the same arguments)
    """Rank the true objects of the test part; with ``fast`` by the first score, without a learned order.

    Returns:
        ``mrr``, ``hits1``, ``hits3``, ``hits10`` (0 to 1), ``queries``, ``seconds`` from nothing to the ranks, the
        ``mrr`` of each simple order, and the ``protocol`` in words.

    Raises:
        UnreadableInput: when a part is missing, not in its format, or not later than the part before.
    """
    began = time.perf_counter()
    facts, days = read_graph(path)
    both = facts.both_directions()
    ranks = crude_ranks(both, days) if fast else learned_ranks(learned_order(both, days.start), both, days)
    seconds = time.perf_counter() - began
    figures: dict[str, float | str] = {**summary(ranks), "queries": len(ranks), "seconds": round(seconds, 1)}
    for name, simple in simple_ranks(both, days).items():
        figures[f"mrr_{name}"] = summary(simple)["mrr"]
    return {**figures, "protocol": PROTOCOL}


def summary(ranks: Ranks) -> dict[str, float]:
    """Mean reciprocal rank and the shares of ranks up to 1, 3 and 10."""
    hits = {f"hits{most}": float(np.mean(ranks <= most)) for most in (1, 3, 10)}
    return {"mrr": float(np.mean(1 / ranks)), **hits}


def read_graph(path: Path) -> tuple[Facts, range]:
    """All facts of a benchmark, with its times numbered from 0, and the times of its test part.

    Raises:
        UnreadableInput: see ``evaluate``.
    """
    parts = [_rows(path / f"{name}.txt") for name in PARTS]
    for earlier, later, name in zip(parts, parts[1:], PARTS[1:], strict=False):
        if later[:, 3].min() <= earlier[:, 3].max():
            raise UnreadableInput(
                f"{path / name}.txt: its times must come after those of the part before it; "
                "the split of ICEWS14 whose parts share their days is another task, use the one split by time"
            )
    rows = np.concatenate(parts)
    first, step = rows[:, 3].min(), np.gcd.reduce(rows[:, 3] - rows[:, 3].min())
    rows[:, 3] = (rows[:, 3] - first) // max(step, 1)
    test = rows[-len(parts[-1]) :, 3]
    entities, relations = int(rows[:, [0, 2]].max()) + 1, int(rows[:, 1].max()) + 1
    return Facts(rows, entities, relations), range(int(test.min()), int(test.max()) + 1)


def _rows(path: Path) -> Numbers:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{path}: cannot be read; give the folder with train.txt, valid.txt and test.txt"
        ) from error
    try:
        rows = np.array([line.split()[:4] for line in text.splitlines() if line.strip()], dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise UnreadableInput(
            f"{path}: each line must be subject, relation, object and time, four whole numbers"
        ) from error
    if not len(rows) or rows.shape[1] != 4 or rows.min() < 0:
        raise UnreadableInput(f"{path}: each line must be subject, relation, object and time, none of them negative")
    return rows
