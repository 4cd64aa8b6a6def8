"""Known answers and held-out figures for responses and scenarios, on public data.

``python benchmarks/responses_known_answers.py FOLDER``. The folder holds, under the names below, weekly Goldstein
sums of Israel and the Palestinians 1979-2003, ICEWS14 and the last months of ICEWS18 as ``s r o t code g S O`` (S and
O the countries). The pairs were named before anything was fitted to them. Settings are the defaults; the last
quarter of the days of each file is held out.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from dragoman.analysis.autoregression import fit_autoregression, panel_of
from dragoman.analysis.channels import channel_counts
from dragoman.analysis.excitation import fit_excitation
from dragoman.analysis.scenarios import whatif

WEEKLY = "israel_palestine_weekly_goldstein_1979_2003.csv"
YEAR, TAIL = "icews14_named_cameo.tsv.gz", "icews18_tail_named_cameo.tsv.gz"
PAIRS = {
    YEAR: [
        ("Russia", "United States"), ("China", "United States"), ("North Korea", "South Korea"), ("China", "Japan"),
        ("Boko Haram", "Nigeria"), ("Russia", "Ukraine"),
    ],
    TAIL: [
        ("North Korea", "South Korea"), ("North Korea", "United States"), ("Russia", "United States"),
        ("China", "United States"),
    ],
}  # fmt: skip
GROUPS = {
    YEAR: [["Russia", "United States", "Ukraine", "China", "Japan", "South Korea"],
           ["Iran", "Iraq", "Egypt", "Israel", "United States", "Syria"]],
    TAIL: [["North Korea", "South Korea", "United States", "China", "Russia", "Japan"],
           ["Syria", "Russia", "Turkey", "Iran", "United States", "Israel"]],
}  # fmt: skip
AHEAD = 30  # days of the check of the untouched run


def events_of(path: Path) -> pa.Table:
    """A file of named facts as events between countries."""
    rows = pd.read_csv(path, sep="\t", usecols=["S", "O", "t", "g"])
    days = pa.array(pd.to_datetime(rows["t"]).dt.date)
    return pa.table({"actor": rows["S"].tolist(), "recipient": rows["O"].tolist(), "start": days,
                     "intensity": rows["g"].tolist()})  # fmt: skip


def show_granger(path: Path) -> None:
    """The Granger tests of the weekly series, whole and for the years of the Oslo process."""
    rows = pd.read_csv(path, parse_dates=["week"])
    years = rows[(rows["week"] >= "1993-09-01") & (rows["week"] <= "2000-08-31")]
    for title, part, lags in (("1979-2003", rows, 6), ("1993-09 to 2000-08", years, 2)):
        panel = panel_of(["ISR > PSE", "PSE > ISR"], part[["i2p", "p2i"]].to_numpy(), "week")
        for row in fit_autoregression(panel, lags=lags).granger.to_pylist():
            test = f"F({row['df']}, {row['df_error']}) = {row['f']:.2f}, p {row['p']:.2g}"
            print(f"{title:<18} VAR({lags}), {len(part)} weeks: {row['cause']} for {row['effect']}: {test}")


def show_pairs(tables: dict[str, pa.Table]) -> None:
    """Held-out log-likelihood an event of the point process over a constant rate with the same weekday factors."""
    better = 0
    for name, pairs in PAIRS.items():
        for pair in pairs:
            model = fit_excitation(channel_counts(tables[name], pair))
            judged = [(t.gain, t.held_out) for t in model.targets if t.gain is not None]
            held = sum(events for _, events in judged)
            raw = sum(gain * events for gain, events in judged) / held
            better += raw > 0
            fallen = sum(target.fit is None for target in model.targets)
            print(f"{name[:7]} {' - '.join(pair):<30} {held:4.0f} events held out: {raw:+.3f} nats an event as fitted, "
                  f"{model.gain():+.3f} with fall-backs ({fallen} of 4 channels)")  # fmt: skip
    print(f"better than Poisson as fitted: {better} of {sum(map(len, PAIRS.values()))}")


def show_groups(tables: dict[str, pa.Table]) -> None:
    """Six actors at a time: what third parties bring, and how long fitting takes."""
    for name, groups in GROUPS.items():
        for group in groups:
            counts = channel_counts(tables[name], group)
            told = []
            for third in (False, True):
                begun = time.perf_counter()
                model = fit_excitation(counts, third_parties=third)
                judged = [(t.gain, t.held_out) for t in model.targets if t.gain is not None]
                raw = sum(g * e for g, e in judged) / sum(e for _, e in judged)
                told.append(f"{raw:+.3f} ({time.perf_counter() - begun:.1f} s)")
            print(f"{name[:7]} {', '.join(group)}: own dyad {told[0]}, with third parties {told[1]} nats an event")


def show_scenarios(tables: dict[str, pa.Table]) -> None:
    """How long a scenario takes, and how often 90 % bands of the untouched run hold what came, channel by channel."""
    held = total = 0
    name = YEAR
    for at in (dt.date(2014, month, 1) for month in (6, 7, 8, 9, 10, 11, 12)):
        for group in GROUPS[name]:
            begun = time.perf_counter()
            found = whatif(tables[name], [f"{group[0]} THREATEN {group[1]}"], at=at, actors=group[2:], horizon=AHEAD)
            took = time.perf_counter() - begun
            came = channel_counts(tables[name], found.actors)
            start = (at - came.first).days + 1
            seen = came.counts[start : start + AHEAD].sum(axis=0)
            rows = found.changes.to_pylist()
            busy = np.array([row["events"] >= 20 for row in rows])
            inside = np.array(
                [row["expected_low"] <= s <= row["expected_high"] for row, s in zip(rows, seen, strict=True)]
            )
            held, total = held + int(inside[busy].sum()), total + int(busy.sum())
            print(
                f"{name[:7]} {at} {group[0]}: {inside[busy].mean():.0%} of {busy.sum()} channels inside, {took:.1f} s"
            )
    print(f"untouched run, {AHEAD} days: {held} of {total} channels of 20 events or more inside their 90 % band")
    begun = time.perf_counter()
    group = GROUPS[YEAR][0]
    whatif(tables[YEAR], [f"{group[0]} MOBILIZE {group[2]}"], actors=group, horizon=90, draws=1000)
    print(f"1,000 draws, 6 actors, 90 days, fit included: {time.perf_counter() - begun:.1f} s")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    missing = [name for name in (WEEKLY, YEAR, TAIL) if not (folder / name).is_file()]
    if missing:
        sys.exit(f"{folder} holds no {', '.join(missing)}; see this file's first lines for what is needed")
    show_granger(folder / WEEKLY)
    tables = {name: events_of(folder / name) for name in (YEAR, TAIL)}
    show_pairs(tables)
    show_groups(tables)
    show_scenarios(tables)


if __name__ == "__main__":
    main()
