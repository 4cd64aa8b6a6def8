"""Days grouped into weeks, months, quarters and years (weeks begin on Monday, ISO 8601)."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Step: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
STEPS: tuple[Step, ...] = ("day", "week", "month", "quarter", "year")

Days = NDArray[np.datetime64]
Numbers = NDArray[np.int64]


def period_numbers(days: Days, step: Step) -> Numbers:
    """The number of the period that each day lies in, counted from that of 1970-01-01; int64."""
    if step == "day":
        return days.astype("datetime64[D]").astype(np.int64)
    if step == "week":  # 1970-01-01 was a Thursday
        return (days.astype("datetime64[D]").astype(np.int64) + 3) // 7
    months = days.astype("datetime64[M]").astype(np.int64)
    return months // {"month": 1, "quarter": 3, "year": 12}[step]


def period_starts(numbers: Numbers, step: Step) -> Days:
    """The first day of each period; datetime64[D]."""
    if step == "day":
        return numbers.astype("datetime64[D]")
    if step == "week":
        return (numbers * 7 - 3).astype("datetime64[D]")
    months = numbers * {"month": 1, "quarter": 3, "year": 12}[step]
    return months.astype("datetime64[M]").astype("datetime64[D]")


def period_label(start: dt.date, step: Step) -> str:
    """A period in words: "2018-09", "2018-W38", "2018-Q3", "2018" or the day itself."""
    if step == "day":
        return start.isoformat()
    if step == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    if step == "month":
        return f"{start:%Y-%m}"
    return f"{start.year}-Q{(start.month + 2) // 3}" if step == "quarter" else str(start.year)
