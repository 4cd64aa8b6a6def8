"""Known answers for relations and blocs, on public data.

``python benchmarks/relations_known_answers.py FOLDER``. The folder holds, under the names below, weekly Goldstein
sums of Israel and the Palestinians 1979-2003, a sample of ICEWS 2005-15 and the last months of ICEWS18 as
``s r o t code g``, Read's Highland tribes and signed networks of states (Correlates of War). Settings are the
documented defaults of ``change_points`` and ``frustration_index``.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import pandas as pd
import pyarrow as pa

from dragoman.analysis.blocs import find_blocs
from dragoman.analysis.change_points import change_points
from dragoman.analysis.frustration import frustration_index
from dragoman.analysis.network import network_of_ties
from dragoman.analysis.relation_series import relation_series

WEEKLY = "israel_palestine_weekly_goldstein_1979_2003.csv"
SAMPLE, TAIL = "icews0515_20pct_sample_named_cameo.tsv.gz", "icews18_tail_named_cameo.tsv.gz"
TRIBES, STATES, BEST = "tribes_signed_edges.csv", "cow_signed_edges.csv.gz", "cow_signed_frustration.csv"
SPANS = {
    ("Cambodia", "Thailand"): ("2011-01", "2011-05"), ("Sudan", "South Sudan"): ("2012-03", "2012-06"),
    ("China", "Vietnam"): ("2014-05", "2014-08"), ("Japan", "South Korea"): ("2012-08", "2012-11"),
}  # fmt: skip


def rolled_up(name: str) -> str:
    """The country of "Police (Kenya)"; other names as they are."""
    found = re.search(r"\(([^()]*)\)$", name)
    return found.group(1) if found else name


def named_events(path: Path) -> pa.Table:
    """A file of named facts as events between countries."""
    rows = pd.read_csv(path, sep="\t", usecols=["s", "o", "t", "g"])
    return pa.table(
        {
            "actor": rows["s"].map(rolled_up).tolist(),
            "recipient": rows["o"].map(rolled_up).tolist(),
            "start": pa.array(pd.to_datetime(rows["t"]).dt.date),
            "intensity": rows["g"].tolist(),
        }
    )


def weekly_events(path: Path) -> pa.Table:
    """Weekly sums as one event a week and direction, so that months add up to the same."""
    rows = pd.read_csv(path)
    days = pd.to_datetime(rows["week"]).dt.date.tolist()
    sides = [("ISR", "PSE", rows["i2p"]), ("PSE", "ISR", rows["p2i"])]
    return pa.table(
        {
            "actor": [a for a, _, values in sides for _ in values],
            "recipient": [b for _, b, values in sides for _ in values],
            "start": pa.array(days * 2),
            "intensity": [float(value) for _, _, values in sides for value in values],
        }
    )


def show_breaks(title: str, table: pa.Table, a: str, b: str, wanted: tuple[str, ...]) -> None:
    """Print a pair's breaks beside the known ones."""
    points = change_points(relation_series(table, a, b))
    told = " ".join(f"{p.at:%Y-%m}({p.grade}, {p.stability:.0%})" for p in points)
    both = set(wanted) <= {f"{p.at:%Y-%m}" for p in points}
    print(f"{title:<28} known {' '.join(wanted)}: {'all found' if both else 'NOT all found'}; breaks: {told}")


def signed_graph(edges: pd.DataFrame) -> tuple[list[str], list[tuple[int, int, int]]]:
    """Names and numbered ties of a table ``a,b,sign``."""
    names = sorted({*edges["a"], *edges["b"]})
    number = {name: index for index, name in enumerate(names)}
    rows = zip(edges["a"], edges["b"], edges["sign"], strict=True)
    return names, [(number[a], number[b], int(sign)) for a, b, sign in rows]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    if not (folder / SAMPLE).is_file():
        sys.exit(f"{folder} holds no {SAMPLE}; see this file's first lines for what is needed")
    show_breaks("Israel-Palestinians", weekly_events(folder / WEEKLY), "ISR", "PSE", ("2000-09", "2002-04"))
    sample = named_events(folder / SAMPLE)
    for (a, b), known in SPANS.items():
        show_breaks(f"{a}-{b}", sample, a, b, known)
    weeks = relation_series(named_events(folder / TAIL), "North Korea", "South Korea", by="week").table.to_pylist()
    peak = max(weeks, key=lambda row: row["intensity"])
    positive = all(row["intensity"] > 0 for row in weeks)
    print(f"North-South Korea 2018       every week positive: {positive}; peak in the week of {peak['period']}")
    tribes = pd.read_csv(folder / TRIBES)
    names, ties = signed_graph(tribes)
    found = frustration_index(len(names), ties)
    blocs = find_blocs(network_of_ties((names[a], names[b], float(sign)) for a, b, sign in ties))
    print(f"Highland tribes: frustration {found.value:.0f} (proven: {found.proven}),", end=" ")
    print(f"{blocs.count} blocs with {len(blocs.frustrated)} frustrated ties")
    best = pd.read_csv(folder / BEST).set_index("period")
    for period, edges in pd.read_csv(folder / STATES).groupby("period"):
        names, ties = signed_graph(edges)
        found = frustration_index(len(names), ties)
        known_best = min(best.loc[str(period), ["FI", "greedyFI"]])
        state = "proven" if found.proven else f"at least {found.bound:.0f}"
        print(f"states {period}: {found.value:.0f} ({state}, {found.seconds:.2f} s); best value known {known_best:.0f}")


if __name__ == "__main__":
    main()
