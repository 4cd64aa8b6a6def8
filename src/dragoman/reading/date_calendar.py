"""Dates as the calendar states them, whole or in part; what is not said comes from the reference date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from dragoman.reading.date_matching import UNRESOLVED, Frame, Meaning, Rule
from dragoman.reading.periods import Period, day, half_of, months, part_of, season, whole, years
from dragoman.records import Basis

_SOON = 92  # days; a date without a year that lies less far ahead is taken as coming, not as last year's


@dataclass(frozen=True, slots=True)
class Stated:
    """A calendar date of which only some parts are said. ``basis`` is that of its year."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    quarter: int | None = None
    season: int | None = None  # first month
    fixed: Period | None = None  # a decade, century or named period
    part: str | None = None
    basis: Basis = "explicit"

    @property
    def daily(self) -> bool:
        """Whether it is a single day."""
        if self.fixed is not None:
            return self.fixed.granularity == "day"
        return self.day is not None or self.weekday is not None


def settle(node: Stated | Meaning, frame: Frame) -> Meaning:
    """What a stated date means against a reference date; a meaning stays as it is."""
    if isinstance(node, Meaning):
        return node
    try:
        meaning = _settled(node, frame)
    except ValueError:  # no such day, or outside the years that the calendar holds
        return UNRESOLVED
    if node.part and meaning.period:
        return replace(meaning, period=part_of(meaning.period, node.part))
    return meaning


def _settled(stated: Stated, frame: Frame) -> Meaning:
    if stated.fixed is not None:
        return Meaning("date", stated.fixed, stated.basis)
    if stated.year is not None:
        return Meaning("date", _in_year(stated, stated.year), stated.basis)
    reference, basis = _reference(frame)
    if reference is None:
        return UNRESOLVED
    if stated.month or stated.season or stated.quarter:
        candidates = [_possible(_in_year, stated, reference.year + offset) for offset in (-1, 0, 1)]
        if stated.quarter:
            return Meaning("date", candidates[1], basis)
        return Meaning("date", choose([c for c in candidates if c], reference, frame.outlook), basis)
    if stated.day is not None:
        firsts = [_month_away(reference, offset) for offset in (-1, 0, 1)]
        days = [_possible(lambda _, first: day(first.replace(day=stated.day)), stated, first) for first in firsts]
        return Meaning("date", choose([d for d in days if d], reference, frame.outlook, nearest=True), basis)
    if stated.weekday is not None:
        return Meaning("date", day(weekday_near(reference, stated.weekday, frame.outlook)), basis)
    return UNRESOLVED


def _possible(make: Callable[[Stated, Any], Period], stated: Stated, where: Any) -> Period | None:
    try:
        return make(stated, where)
    except ValueError:  # 29 February, or the 31st of a shorter month
        return None


def _month_away(reference: dt.date, offset: int) -> dt.date:
    index = reference.year * 12 + reference.month - 1 + offset
    return dt.date(index // 12, index % 12 + 1, 1)


def _reference(frame: Frame) -> tuple[dt.date | None, Basis]:
    if frame.published is not None:
        return frame.published, "relative"
    if frame.anchor is not None and frame.anchor.start is not None:
        return frame.anchor.start, "anchored"
    return None, "relative"


def _in_year(stated: Stated, year: int) -> Period:
    if stated.month is not None:
        if stated.day is not None:
            return day(dt.date(year, stated.month, stated.day))
        return months(year, stated.month, stated.month, "month")
    if stated.season is not None:
        return season(year, stated.season)
    if stated.quarter is not None:
        return whole(dt.date(year, stated.quarter * 3, 1), "quarter")
    return years(year, year, "year")


def choose(candidates: Iterable[Period], reference: dt.date, outlook: int, nearest: bool = False) -> Period | None:
    """Of the same date in several years or months (in order), the one that is meant.

    The last that has begun when the tense is past, the first that is not over when it is future. With an
    open tense the one that runs, else the last, unless the next lies within the same year and three months
    (or is nearer, where ``nearest`` is set).
    """
    begun: Period | None = None
    coming: Period | None = None
    for period in candidates:
        if period.start is None or period.end is None:
            continue
        if period.start <= reference:
            begun = period
        elif coming is None:
            coming = period
    running = begun is not None and begun.end is not None and begun.end >= reference
    if outlook > 0:
        return begun if running else coming
    if outlook < 0 or running or coming is None or coming.start is None:
        return begun or coming
    ahead = (coming.start - reference).days
    if nearest and begun is not None and begun.end is not None:
        return coming if ahead < (reference - begun.end).days else begun
    soon = coming.start.year == reference.year and ahead <= _SOON
    return coming if soon else begun or coming


def weekday_near(reference: dt.date, weekday: int, outlook: int) -> dt.date:
    """The next such weekday (future tense) or the last one, the reference date itself included."""
    if outlook > 0:
        return reference + dt.timedelta(days=(weekday - reference.weekday()) % 7)
    return reference - dt.timedelta(days=(reference.weekday() - weekday) % 7)


def _numeric(_frame: Frame, parts: tuple[str, str, str]) -> Stated | Meaning | None:
    first, middle, last = (int(part) for part in parts)
    if len(parts[0]) == 4:
        return Stated(first, middle, last)
    if len(parts[2]) != 4:
        return None
    if first > 12 >= middle:
        return Stated(last, middle, first)
    if middle > 12 >= first:
        return Stated(last, first, middle)
    if first == middle:
        return Stated(last, first, middle)
    return UNRESOLVED  # day and month cannot be told apart


def _century(_frame: Frame, number: int) -> Stated | None:
    return Stated(fixed=whole(dt.date(number * 100 - 1, 1, 1), "century")) if 1 <= number <= 22 else None


def _decade(_frame: Frame, first: int) -> Stated:
    if first % 100 == 0 and first < 2000:
        return Stated(fixed=years(first, first + 99, "century"))
    return Stated(fixed=years(first, first + 9, "decade"))


def _iso_month(_frame: Frame, year: int, month: int) -> Stated | Meaning | None:
    """2024-03 is a month; 2008-09 could be two years, so it stays open."""
    if not 1 <= month <= 12:
        return None
    return UNRESOLVED if month > year % 100 else Stated(year, month)


def _with_weekday(_frame: Frame, _weekday: int, stated: Stated) -> Stated | None:
    return stated if stated.day is not None else None


def _holiday(_frame: Frame, date: tuple[int, int], year: int | None = None) -> Stated:
    return Stated(year, *date)


def _once(_frame: Frame, ends: tuple[str, str]) -> Stated:
    start, end = (dt.date.fromisoformat(value) for value in ends)
    return Stated(fixed=Period(start, end, "day" if start == end else "range"))


def _ordinal_quarter(_frame: Frame, number: int, year: int | None = None) -> Stated | None:
    return Stated(year, quarter=number) if 1 <= number <= 4 else None


CALENDAR_RULES: list[Rule] = [
    Rule("NUMERIC", _numeric),
    Rule("YEAR - SHORTYEAR", _iso_month),
    Rule("the? DAYNUM of? MONTH", lambda _frame, d, m: Stated(month=m, day=d)),
    Rule("the? DAYNUM of? MONTH ,? of? YEAR", lambda _frame, d, m, y: Stated(y, m, d)),
    Rule("DAYNUM - MONTH - YEAR", lambda _frame, d, m, y: Stated(y, m, d)),
    Rule("MONTH the? DAYNUM", lambda _frame, m, d: Stated(month=m, day=d)),
    Rule("MONTH the? DAYNUM ,? of? YEAR", lambda _frame, m, d, y: Stated(y, m, d)),
    Rule("MONTH", lambda _frame, m: Stated(month=m)),
    Rule("the month of MONTH", lambda _frame, m: Stated(month=m)),
    Rule("MONTH ,? of? YEAR", lambda _frame, m, y: Stated(y, m)),
    Rule("the month of MONTH ,? YEAR", lambda _frame, m, y: Stated(y, m)),
    Rule("YEAR", lambda _frame, y: Stated(y)),
    Rule("the? year YEAR", lambda _frame, y: Stated(y)),
    Rule("the? final quarter", lambda _frame: Stated(quarter=4)),
    Rule("QUARTER", lambda _frame, q: Stated(quarter=q)),
    Rule("QUARTER ,? of|in|-? YEAR", lambda _frame, q, y: Stated(y, quarter=q)),
    Rule("YEAR -? QUARTER", lambda _frame, y, q: Stated(y, quarter=q)),
    Rule("HALFYEAR ,? of|in|-? YEAR", lambda _frame, h, y: Stated(fixed=half_of(years(y, y, "year"), h))),
    Rule("the? ORDINAL quarter", _ordinal_quarter),
    Rule("the? ORDINAL quarter of|in? YEAR", _ordinal_quarter),
    Rule("the? last|final quarter of|in YEAR", lambda _frame, y: Stated(y, quarter=4)),
    Rule("SEASON", lambda _frame, s: Stated(season=s)),
    Rule("the SEASON", lambda _frame, s: Stated(season=s)),
    Rule("the? SEASON ,? of|in? YEAR", lambda _frame, s, y: Stated(y, season=s)),
    Rule("the? SEASON of? YEAR -|/|– SHORTYEAR", lambda _frame, s, y, _: Stated(y, season=s) if s == 12 else None),
    Rule("the? SEASON of? YEAR -|/|– YEAR", lambda _frame, s, y, _z: Stated(y, season=s) if s == 12 else None),
    Rule("the? DECADE", _decade),
    Rule("the? ORDINAL -? century", _century),
    Rule("WEEKDAY ,? the? DATED", _with_weekday),
    Rule("the DAYTH", lambda _frame, d: Stated(day=d)),
    Rule("WEEKDAY ,? the DAYTH", lambda _frame, _w, d: Stated(day=d)),
    Rule("WEEKDAY", lambda _frame, w: Stated(weekday=w)),
    Rule("YEARLY", _holiday),
    Rule("YEARLY ,? of|in? YEAR", _holiday),
    Rule("the? ONCE", _once),
]
"""Dates of the calendar, without anything that refers to another date."""

DATED_RULES: list[Rule] = CALENDAR_RULES[2:7]
"""A day with its month, as it stands after a weekday."""
