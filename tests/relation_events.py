"""Events of made-up states, for the tests of relations, blocs and briefs."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import yaml

from dragoman.tables import DYADS

DEFAULTS: dict[str, Any] = {
    "granularity": "day",
    "factuality": "CT+",
    "event_type": "CONSULT",
    "quad_class": 1,
    "intensity": 1.0,
}


def events(*rows: dict[str, Any]) -> pa.Table:
    full = []
    for number, row in enumerate(rows):
        start = dt.date.fromisoformat(row["start"]) if row.get("start") else None
        end = dt.date.fromisoformat(row["end"]) if row.get("end") else start
        names = {"actor_name": row.get("actor"), "recipient_name": row.get("recipient"), "event": f"e{number}"}
        full.append({**DEFAULTS, **names, **row, "start": start, "end": end})
    return pa.Table.from_pylist(full, schema=DYADS)


def pair(start: str, intensity: float = 1.0, **more: Any) -> dict[str, Any]:
    return {"actor": "RUR", "recipient": "SYL", "start": start, "intensity": intensity, **more}


def crisis() -> pa.Table:
    random = np.random.default_rng(5)
    rows = []
    for month in range(60):
        start = dt.date(2015 + month // 12, month % 12 + 1, 1)
        for _ in range(4 + (20 if 30 <= month < 35 else 0)):
            day = start + dt.timedelta(days=int(random.integers(0, 27)))
            cold = month in range(30, 35) or random.random() < 0.2
            rows.append(pair(day.isoformat(), -8.0 if cold else 3.0, quote=f"They clashed on {day}." if cold else None))
    return events(*rows)


def situation() -> pa.Table:
    rows = yaml.safe_load((Path(__file__).parent / "cases/situation.yml").read_text(encoding="utf-8"))
    return pa.concat_tables([crisis(), events(*rows)])
