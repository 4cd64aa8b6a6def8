"""Made-up histories whose answers are known: a point process and an autoregression of made-up states."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

FIRST = dt.date(2015, 1, 1)
TYPES = {"cooperation": ("CONSULT", 1, 2.0), "conflict": ("ACCUSE", 3, -3.0)}
Floats = NDArray[np.float64]


def answering_days(days: int, size: float, half_life: float, seed: int = 1, rate: float = 0.6) -> Floats:
    """(days, 2) counts: the second series answers the first with ``size`` events for one; the first answers nobody."""
    random = np.random.default_rng(seed)
    keep = np.exp(-np.log(2) / half_life)
    state, counts = 0.0, np.zeros((days, 2))
    for day in range(days):
        counts[day] = random.poisson([rate, 0.1 + size * state])
        state = keep * state + (1 - keep) * counts[day, 0]
    return counts


def table_of(series: dict[tuple[str, str, str], Floats], typed: bool = True) -> pa.Table:
    """Events of daily counts: (actor, recipient, tone) -> (days,)."""
    rows = []
    for (actor, recipient, tone), counts in series.items():
        kind, quad, intensity = TYPES[tone]
        for day in np.flatnonzero(counts):
            start = FIRST + dt.timedelta(days=int(day))
            rows += [
                {"event": f"{actor}{recipient}{tone}{day}.{k}", "actor": actor, "recipient": recipient, "start": start,
                 "event_type": kind if typed else None, "quad_class": quad if typed else None, "intensity": intensity}
                for k in range(int(counts[day]))
            ]  # fmt: skip
    rows.sort(key=lambda row: str(row["start"]))
    schema = pa.schema([
        ("event", pa.string()), ("actor", pa.string()), ("recipient", pa.string()), ("start", pa.date32()),
        ("event_type", pa.string()), ("quad_class", pa.int8()), ("intensity", pa.float64()),
    ])  # fmt: skip
    return pa.Table.from_pylist(rows, schema=schema)


def feud(days: int = 500) -> pa.Table:
    """SYL answers what RUR does in conflict, 0.8 events for one, half of them within two days; BOR is apart."""
    counts = answering_days(days, 0.8, 2.0)
    random = np.random.default_rng(9)
    quiet = random.poisson(0.3, (days, 2)).astype(np.float64)
    return table_of({
        ("RUR", "SYL", "conflict"): counts[:, 0], ("SYL", "RUR", "conflict"): counts[:, 1],
        ("BOR", "RUR", "cooperation"): quiet[:, 0], ("RUR", "BOR", "cooperation"): quiet[:, 1],
    })  # fmt: skip


def known_series(periods: int = 600, seed: int = 3) -> tuple[Floats, Floats, Floats]:
    """Two series of a known autoregression in which the first moves the second only; values, matrix, covariance."""
    random = np.random.default_rng(seed)
    matrix = np.array([[0.5, 0.0], [0.6, 0.2]])
    covariance = np.array([[1.0, 0.3], [0.3, 2.0]])
    factor = np.linalg.cholesky(covariance)
    values = np.zeros((periods, 2))
    for t in range(1, periods):
        values[t] = matrix @ values[t - 1] + factor @ random.standard_normal(2)
    return values, matrix, covariance
