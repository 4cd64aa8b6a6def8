"""Calendar arithmetic on periods: whole units, shifts, parts. Weeks run from Monday to Sunday (ISO 8601)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace

from dragoman.records import Basis, Granularity, Interval

UNITS: tuple[str, ...] = ("hour", "day", "week", "month", "quarter", "season", "year", "decade", "century")
"""Units of time, the shortest first. A fortnight is two weeks, a weekend a part of a week."""

_MONTHS_PER: dict[str, int] = {"month": 1, "quarter": 3, "season": 3, "year": 12, "decade": 120, "century": 1200}
_DAYS_PER: dict[str, int] = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of days, both ends included; an end that is None is open."""

    start: dt.date | None
    end: dt.date | None
    granularity: Granularity = "range"
    approximate: bool = False


def day(date: dt.date) -> Period:
    """One day."""
    return Period(date, date, "day")


def whole(date: dt.date, unit: str) -> Period:
    """The calendar unit that ``date`` lies in. A century runs from its year 01 to the next 00.

    Raises:
        ValueError: when the unit lies outside the years 1 to 9999.
    """
    if unit in ("hour", "day"):
        return day(date)
    if unit == "week":
        monday = date - dt.timedelta(days=date.weekday())
        return Period(monday, monday + dt.timedelta(days=6), "week")
    if unit == "month":
        return months(date.year, date.month, date.month, "month")
    if unit == "quarter":
        first = (date.month - 1) // 3 * 3 + 1
        return months(date.year, first, first + 2, "quarter")
    if unit == "season":
        return season_around(date)
    if unit == "decade":
        return years(date.year // 10 * 10, date.year // 10 * 10 + 9, "decade")
    if unit == "century":
        first = (date.year - 1) // 100 * 100 + 1
        return years(first, first + 99, "century")
    return years(date.year, date.year, "year")


def months(year: int, first: int, last: int, granularity: Granularity = "range") -> Period:
    """Months ``first`` to ``last`` of a year; ``last`` over 12 runs into the next year."""
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return Period(dt.date(year, first, 1), last_day(end_year, end_month), granularity)


def years(first: int, last: int, granularity: Granularity = "range") -> Period:
    """Whole years ``first`` to ``last``."""
    return Period(dt.date(first, 1, 1), dt.date(last, 12, 31), granularity)


def season(year: int, first_month: int) -> Period:
    """The season of three months that starts in a month of ``year`` (winter: December, into the next year)."""
    return months(year, first_month, first_month + 2, "season")


def season_around(date: dt.date) -> Period:
    """The meteorological season of the northern hemisphere that a date lies in."""
    first = date.month // 3 * 3 or 12
    return season(date.year - (date.month < 3), first)


def last_day(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def shift(date: dt.date, unit: str, count: float) -> dt.date:
    """``date`` moved by ``count`` units; a day that the month lacks becomes its last.

    Raises:
        ValueError: when the result lies outside the years 1 to 9999.
    """
    if unit == "hour":
        return date + dt.timedelta(days=int(count / 24))
    if unit in _DAYS_PER:
        return date + dt.timedelta(days=round(count * _DAYS_PER[unit]))
    index = date.year * 12 + date.month - 1 + round(count * _MONTHS_PER[unit])
    year, month = divmod(index, 12)
    return dt.date(year, month + 1, min(date.day, calendar.monthrange(year, month + 1)[1]))


def finer(unit: str) -> str:
    """The unit in which a stretch of one ``unit`` back or ahead is given: a past decade in years, a year in months."""
    return {"century": "year", "decade": "year", "year": "month"}.get(unit, "day")


def part_of(period: Period, part: str) -> Period:
    """The early, mid or late part of a period.

    Months: days 1-10, 10-20, 20 to the end. Years: the first quarter, May to August, the last quarter.
    Decades: the first half, the middle three years, the second half. Others: thirds. Days stay whole.
    """
    start, end = period.start, period.end
    if start is None or end is None or period.granularity == "day":
        return period
    if period.granularity == "month":
        bounds = {"early": (1, 10), "mid": (10, 20), "late": (20, end.day)}[part]
        return Period(start.replace(day=bounds[0]), end.replace(day=bounds[1]), "range", True)
    if period.granularity == "year":
        bounds = {"early": (1, 3), "mid": (5, 8), "late": (10, 12)}[part]
        return replace(months(start.year, *bounds), approximate=True)
    if period.granularity == "decade":
        bounds = {"early": (0, 4), "mid": (4, 6), "late": (5, 9)}[part]
        return replace(years(start.year + bounds[0], start.year + bounds[1]), approximate=True)
    if period.granularity == "century":
        bounds = {"early": (0, 32), "mid": (33, 65), "late": (66, 99)}[part]
        return replace(years(start.year + bounds[0], start.year + bounds[1]), approximate=True)
    third = (end - start).days // 3
    first = {"early": start, "mid": start + dt.timedelta(days=third), "late": end - dt.timedelta(days=third)}[part]
    last = {"early": start + dt.timedelta(days=third), "mid": end - dt.timedelta(days=third), "late": end}[part]
    return Period(first, last, "range", True)


def half_of(period: Period, number: int) -> Period:
    """The first (1) or second (2) half of a period."""
    start, end = period.start, period.end
    if start is None or end is None:
        return period
    if (start.day, start.month, end.day, end.month) == (1, 1, 31, 12):
        span = end.year - start.year + 1
        if span == 1:
            return months(start.year, 1, 6) if number == 1 else months(start.year, 7, 12)
        middle = start.year + span // 2
        return years(start.year, middle - 1) if number == 1 else years(middle, end.year)
    if period.granularity == "month":
        return Period(start, start.replace(day=15)) if number == 1 else Period(start.replace(day=16), end)
    middle_day = start + (end - start) / 2
    return Period(start, middle_day) if number == 1 else Period(middle_day + dt.timedelta(days=1), end)


def edge_units(period: Period, unit: str, number: int) -> Period:
    """The ``number``-th unit of a period counted from its start (from its end, when negative: -1 is the last).

    Weeks are counted from the period's first or last day, seven days each.
    """
    start, end = period.start, period.end
    if start is None or end is None:
        return Period(None, None)
    if unit in _DAYS_PER or unit == "hour":
        size = _DAYS_PER.get(unit, 1)
        if number > 0:
            first = start + dt.timedelta(days=size * (number - 1))
        else:
            first = end + dt.timedelta(days=1 + size * number)
        return Period(first, first + dt.timedelta(days=size - 1), "week" if unit == "week" else "day")
    if number > 0:
        return whole(shift(start, unit, number - 1), unit)
    return whole(shift(end.replace(day=1), unit, number + 1), unit)


def covering(first: Period, second: Period, granularity: Granularity = "range") -> Period:
    """From the start of one period to the end of another."""
    return Period(first.start, second.end, granularity, first.approximate or second.approximate)


def to_interval(period: Period, basis: Basis, quote: str | None) -> Interval:
    """The record of a period: full ISO dates, both included."""
    return Interval(
        start=period.start.isoformat() if period.start else None,
        end=period.end.isoformat() if period.end else None,
        granularity=period.granularity,
        approximate=period.approximate,
        basis=basis,
        quote=quote,
    )


def of_interval(interval: Interval) -> Period:
    """The period of a record.

    Raises:
        ValueError: when a date is none.
    """
    return Period(
        dt.date.fromisoformat(interval.start) if interval.start else None,
        dt.date.fromisoformat(interval.end) if interval.end else None,
        interval.granularity,
        interval.approximate,
    )
