"""Counts of units from a date: two weeks ago, the past decade, the coming days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from dragoman.reading.date_matching import UNRESOLVED, Frame, Meaning
from dragoman.reading.date_terminals import Count
from dragoman.reading.periods import Period, finer, season_around, shift, whole

UNCOUNTED = frozenset(("weekend", "fortnight", "season"))
_COMING = {
    "hour": ("day", 1),
    "day": ("day", 7),
    "week": ("week", 4),
    "month": ("month", 6),
    "year": ("year", 5),
    "decade": ("year", 20),
}
"""What a bare plural ("the coming days") reaches: a week, into the month four weeks off, half a year, five years."""


def relative(period: Period | None) -> Meaning:
    """A meaning that rests on the publication date."""
    return Meaning("date", period, "relative")


def unit_at(date: dt.date, unit: str, offset: int) -> Period:
    """The calendar unit ``offset`` units from the one that ``date`` lies in."""
    if unit == "weekend":
        monday = whole(date, "week").start or date
        saturday = monday + dt.timedelta(days=5 + 7 * offset)
        return Period(saturday, saturday + dt.timedelta(days=1), "range")
    if unit == "fortnight":
        unit, offset = "week", offset * 2
    if unit == "season":
        around = season_around(date).start or date
        return season_around(shift(around, "month", 3 * offset))
    return whole(shift(date.replace(day=1) if unit not in ("day", "week", "hour") else date, unit, offset), unit)


def counted(reference: dt.date | None, count: Count, unit: str, sign: int) -> Meaning:
    """The unit that lies so many units before (``sign`` -1) or after (1) a date.

    Counted in whole units: two years ago is a year, three weeks ago a week; decades and centuries give a year.
    """
    if reference is None:
        return UNRESOLVED
    unit, factor = ("week", 2) if unit == "fortnight" else (unit, 1)
    if unit in ("weekend", "season"):
        return UNRESOLVED
    near, far = (moved(reference, unit, sign * n * factor) for n in (count.low, count.high))
    precision = _precision(unit, count.low)
    first, last = sorted((whole(near, precision), whole(far, precision)), key=lambda p: p.start or reference)
    if first == last:
        return relative(replace(first, approximate=count.approximate or unit not in ("day", "hour")))
    return relative(Period(first.start, last.end, "range", True))


def moved(date: dt.date, unit: str, count: float) -> dt.date:
    """A date moved by a count that may be broken: half a century, a year and a half."""
    while count != int(count) and unit not in ("day", "hour"):
        smaller, size = {"century": ("decade", 10), "decade": ("year", 10), "year": ("month", 12)}.get(
            unit, ("day", 30 if unit == "month" else 7)
        )
        unit, count = smaller, count * size
        if unit == "day":
            count = round(count)
    return shift(date, unit, count)


def _precision(unit: str, count: float) -> str:
    if count != int(count) and unit == "year":
        return "month"
    return {"decade": "year", "century": "year"}.get(unit, unit)


def vague_stretch(frame: Frame, unit: str, sign: int) -> Meaning:
    """The stretch of uncounted units up to the publication date (``sign`` -1) or from it (1)."""
    if frame.published is None or unit not in _COMING:
        return UNRESOLVED
    step, size = _COMING[unit]
    far = shift(frame.published, step, sign * size)
    far_period = whole(far, "month" if unit == "week" else step)
    if sign > 0:
        return relative(Period(frame.published, far_period.end, "range", True))
    return relative(Period(far_period.start, frame.published, "range", True))


def stretch(frame: Frame, count: Count, unit: str, sign: int) -> Meaning:
    """The stretch of so many units up to the publication date (``sign`` -1) or from it (1).

    In years for years and decades, in months for months, in days below; a single unit is given one finer.
    """
    if frame.published is None:
        return UNRESOLVED
    if unit in ("weekend", "season"):
        return UNRESOLVED
    if count.low != count.high and unit in ("day", "week") and sign > 0:
        return vague_stretch(frame, unit, 1)
    unit, factor = ("week", 2) if unit == "fortnight" else (unit, 1)
    far = moved(frame.published, unit, sign * count.high * factor)
    precision = finer(unit) if count.high == 1 else {"decade": "year", "century": "year", "week": "day"}.get(unit, unit)
    edge = whole(far, precision)
    approximate = count.approximate or precision != "day"
    if sign > 0:
        return relative(Period(frame.published, edge.end, "range", approximate))
    now = whole(frame.published, precision)
    return relative(Period(edge.start, now.end, "range", approximate))
