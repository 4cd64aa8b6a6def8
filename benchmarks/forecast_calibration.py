"""How well 30-day chances of events are calibrated, and their skill: ``benchmarks/forecast_calibration.py FILE``.

FILE is ICEWS14 by name with CAMEO codes (tab-separated columns s, r, o, t, code, g; the benchmark of Garcia-Duran et
al. 2018), which leaves out the largest countries. Protocol: origins 30 days apart in the second half of the year (2
July to 29 November), nothing after an origin is known at it; at each, every ordered pair with at least three earlier
events is asked about, for each of PLOVER's 16 types; the outcome is whether one such event falls within the 30 days.
"""

from __future__ import annotations

import datetime as dt
import sys
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv

from dragoman import knowledge
from dragoman.analysis.backtest import backtest
from dragoman.analysis.event_history import event_history
from dragoman.analysis.forecast_ensemble import MEMBERS, Ensemble
from dragoman.formats.cameo_codes import cameo_meaning
from dragoman.tables import DYADS

HORIZON, FEWEST, ORIGINS = 30, 3, 6


def table_of(path: Path) -> pa.Table:
    """The facts as rows of ``tables.DYADS``; statements (CAMEO 01) are no events."""
    parse, convert = csv.ParseOptions(delimiter="\t", quote_char=False), csv.ConvertOptions()
    convert.column_types = {"code": pa.string()}
    read = csv.read_csv(path, parse_options=parse, convert_options=convert)
    meaning = cameo_meaning(knowledge.load())
    rows = []
    for number, row in enumerate(read.to_pylist()):
        event = meaning(row["code"])
        if event is not None and event.type is not None:
            day = row["t"] if isinstance(row["t"], dt.date) else dt.date.fromisoformat(row["t"])
            rows.append({"event": f"icews.{number}", "start": day, "end": day, "actor_name": row["s"],
                         "recipient_name": row["o"], "event_type": event.type, "intensity": 0.0})  # fmt: skip
    return pa.Table.from_pylist(rows, schema=DYADS)


def main(path: Path) -> None:
    """Test every forecaster and print."""
    history = event_history(table_of(path))
    half = dt.date(2014, 7, 2).toordinal()
    origins = [half + HORIZON * number for number in range(ORIGINS)]
    begun = time.perf_counter()
    found = backtest(history, (*MEMBERS, Ensemble()), horizon=HORIZON, origins=origins, fewest=FEWEST)
    print(f"{len(history):,} events, {found.pairs:,} pairs, {found.chances:,} chances, {found.came_true:.4f} came true")
    print(f"{'':24}   Brier    log   CRPS    ECE  skill over the pair's rate   over the type's rate")
    for tested in found.forecasters:
        pairs, types = (
            f"{s.value:6.3f} ({s.low:6.3f} to {s.high:6.3f})" for s in (tested.over_pairs, tested.over_types)
        )
        print(f"{tested.name:24} {tested.brier:.5f} {tested.log:.4f} {tested.crps:.4f} {tested.calibration_error:.4f}"
              f"  {pairs}   {types}")  # fmt: skip
    for one in found.forecasters[-1].bins:
        print(f"  said {one.mean_chance:.3f}, came true {one.came_true:.3f} ({one.count:,})")
    sure = [b for b in found.forecasters[-1].bins if b.low >= 0.1]
    error = sum(b.count * abs(b.mean_chance - b.came_true) for b in sure) / max(1, sum(b.count for b in sure))
    print(
        f"ECE among chances of 0.1 and more: {error:.4f}; {time.perf_counter() - begun:.1f} s; seed 0; {np.__version__}"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
