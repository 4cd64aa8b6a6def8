"""Dates that refer to another one: the publication date, the narrative's last date, or a date in the same phrase."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from dragoman.reading.date_calendar import Stated, settle
from dragoman.reading.date_matching import UNRESOLVED, Count, Frame, Meaning, Rule
from dragoman.reading.periods import (
    Period,
    day,
    edge_units,
    finer,
    half_of,
    part_of,
    season,
    season_around,
    shift,
    whole,
)  # fmt: skip

_FEW = Count(2, 5, True)
_COMING = {"hour": ("day", 1), "day": ("day", 7), "week": ("week", 4), "month": ("month", 6), "year": ("year", 5)}
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


def _calendar_unit(offset: int) -> Any:
    def read(frame: Frame, _: bool, unit: str) -> Meaning:
        if frame.published is None:
            return UNRESOLVED
        if unit == "hour":
            return relative(day(frame.published))
        if unit == "weekend" and offset == -1 and frame.published.weekday() == 6:
            return relative(unit_at(frame.published, unit, -1))
        return relative(unit_at(frame.published, unit, offset))

    return read


def _this_unit(frame: Frame, unit: str) -> Meaning | None:
    if unit in ("day", "hour"):
        return None
    if frame.published is None:
        return UNRESOLVED
    offset = -1 if unit == "weekend" and frame.outlook <= 0 and frame.published.weekday() < 5 else 0
    return relative(unit_at(frame.published, unit, offset))


def _day_word(frame: Frame, offset: int, _: bool | None = None) -> Meaning:
    if frame.published is None:
        return UNRESOLVED
    return relative(day(frame.published + dt.timedelta(days=offset)))


def _ago(frame: Frame, count: Count, unit: str) -> Meaning:
    """Counted back in whole units: two years ago is a year, three weeks ago a week."""
    return counted(frame.published, count, unit, -1)


def counted_ahead(frame: Frame, count: Count, unit: str) -> Meaning:
    return counted(frame.published, count, unit, 1)


def counted(reference: dt.date | None, count: Count, unit: str, sign: int) -> Meaning:
    if reference is None:
        return UNRESOLVED
    unit, factor = ("week", 2) if unit == "fortnight" else (unit, 1)
    if unit in ("weekend", "season", "quarter"):
        return UNRESOLVED
    near, far = (_moved(reference, unit, sign * n * factor) for n in (count.low, count.high))
    precision = _precision(unit, count.low)
    first, last = sorted((whole(near, precision), whole(far, precision)), key=lambda p: p.start or reference)
    if first == last:
        return relative(replace(first, approximate=count.approximate or unit not in ("day", "hour")))
    return relative(Period(first.start, last.end, "range", True))


def _moved(date: dt.date, unit: str, count: float) -> dt.date:
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


def _rolling_back(frame: Frame, _: bool, count: Count | None, unit: str) -> Meaning:
    """The stretch up to now: in years for years and decades, months for months, days below; one unit one finer."""
    return stretch(frame, count or Count(1, 1), unit, -1)


def _rolling_ahead(frame: Frame, _: bool, count: Count | None, unit: str) -> Meaning:
    return stretch(frame, count or Count(1, 1), unit, 1)


def _vague_back(frame: Frame, _: bool, unit: str) -> Meaning:
    return vague_stretch(frame, unit, -1)


def _vague_ahead(frame: Frame, _: bool, unit: str) -> Meaning:
    return vague_stretch(frame, unit, 1)


def vague_stretch(frame: Frame, unit: str, sign: int) -> Meaning:
    if frame.published is None or unit not in _COMING:
        return UNRESOLVED
    step, size = _COMING[unit]
    far = shift(frame.published, step, sign * size)
    if unit == "week":
        far_period = whole(far, "month")
    else:
        far_period = whole(far, step)
    if sign > 0:
        return relative(Period(frame.published, far_period.end, "range", True))
    return relative(Period(far_period.start, frame.published, "range", True))


def stretch(frame: Frame, count: Count, unit: str, sign: int) -> Meaning:
    if frame.published is None:
        return UNRESOLVED
    if unit in ("weekend", "season", "quarter"):
        return UNRESOLVED
    if count.low != count.high and unit in ("day", "week") and sign > 0:
        return vague_stretch(frame, unit, 1)
    unit, factor = ("week", 2) if unit == "fortnight" else (unit, 1)
    far = _moved(frame.published, unit, sign * count.high * factor)
    precision = finer(unit) if count.high == 1 else {"decade": "year", "century": "year", "week": "day"}.get(unit, unit)
    edge = whole(far, precision)
    approximate = count.approximate or precision != "day"
    if sign > 0:
        return relative(Period(frame.published, edge.end, "range", approximate))
    now = whole(frame.published, precision)
    return relative(Period(edge.start, now.end, "range", approximate))


def _within(frame: Frame, count: Count, unit: str) -> Meaning:
    return stretch(frame, count, unit, 1)


def _weekday_of(offset: int) -> Any:
    def read(frame: Frame, _: bool, weekday: int) -> Meaning:
        if frame.published is None:
            return UNRESOLVED
        away = (weekday - frame.published.weekday()) % 7
        if offset < 0:
            return relative(day(frame.published - dt.timedelta(days=(7 - away))))
        monday = frame.published - dt.timedelta(days=frame.published.weekday())
        return relative(day(monday + dt.timedelta(days=weekday + 7 * offset)))

    return read


def _month_of(offset: int) -> Any:
    def read(frame: Frame, _: bool, month: int) -> Meaning:
        if frame.published is None:
            return UNRESOLVED
        year = frame.published.year
        if offset < 0 and month >= frame.published.month:
            year -= 1
        if offset > 0 and month <= frame.published.month:
            year += 1
        return relative(whole(dt.date(year, month, 1), "month"))

    return read


def _season_of(offset: int) -> Any:
    def read(frame: Frame, _: bool, first_month: int) -> Meaning:
        if frame.published is None:
            return UNRESOLVED
        candidates = [season(frame.published.year + away, first_month) for away in (-2, -1, 0, 1)]
        over = [c for c in candidates if c.end and c.end < frame.published]
        ahead = [c for c in candidates if c.start and c.start > frame.published]
        if offset < 0:
            return relative(over[-1])
        if offset > 0:
            return relative(ahead[0])
        running = [c for c in candidates if c not in over and c not in ahead]
        same_year = [c for c in candidates if c.start and c.start.year == frame.published.year]
        return relative((running or same_year)[0])

    return read


def _weekday_in(frame: Frame, weekday: int, week: Meaning) -> Meaning | None:
    if week.period is None:
        return UNRESOLVED
    if week.period.granularity != "week" or week.period.start is None:
        return None
    return relative(day(week.period.start + dt.timedelta(days=weekday)))


def _in_relative_year(frame: Frame, stated: Stated, year: Meaning) -> Stated | Meaning | None:
    if year.period is None:
        return UNRESOLVED if stated.year is None else None
    if year.period.granularity != "year" or year.period.start is None or stated.year or stated.fixed:
        return None
    if stated.month is None and stated.season is None and stated.quarter is None:
        return None
    return replace(stated, year=year.period.start.year, basis="relative")


def _day_in_month(frame: Frame, number: int, month: Meaning) -> Meaning | None:
    if month.period is None:
        return UNRESOLVED
    if month.period.granularity != "month" or month.period.start is None:
        return None
    return settle(Stated(month.period.start.year, month.period.start.month, number, basis="relative"), frame)


def _part(frame: Frame, part: str, node: Stated | Meaning) -> Stated | Meaning | None:
    if isinstance(node, Stated):
        return replace(node, part=part) if node.part is None else None
    return replace(node, period=part_of(node.period, part)) if node.period else node


def _half(number: int | None) -> Any:
    def read(frame: Frame, *captured: Any) -> Meaning | None:
        meaning = settle(captured[-1], frame)
        which = number if number is not None else captured[0]
        if which not in (1, 2):
            return None
        return replace(meaning, period=half_of(meaning.period, which)) if meaning.period else meaning

    return read


def _edge_stretch(sign: int) -> Any:
    """The first (or last) N units of a period."""

    def read(frame: Frame, count: Count | None, unit: str, node: Stated | Meaning) -> Meaning | None:
        meaning = settle(node, frame)
        if meaning.period is None or unit in ("weekend", "fortnight", "season", "quarter"):
            return UNRESOLVED
        size = int(count.high) if count else 1
        near, far = edge_units(meaning.period, unit, sign), edge_units(meaning.period, unit, sign * size)
        first, last = (near, far) if sign > 0 else (far, near)
        if size == 1:
            return replace(meaning, period=first)
        return replace(meaning, period=Period(first.start, last.end, "range", bool(count and count.approximate)))

    return read


def _ordinal_unit(frame: Frame, number: int, unit: str, node: Stated | Meaning) -> Meaning | None:
    meaning = settle(node, frame)
    if meaning.period is None or unit in ("weekend", "fortnight", "season", "quarter"):
        return UNRESOLVED
    return replace(meaning, period=edge_units(meaning.period, unit, number))


def _unit_around(frame: Frame, unit: str, node: Stated | Meaning) -> Meaning | None:
    meaning = settle(node, frame)
    if meaning.period is None or meaning.period.start is None:
        return meaning
    if unit in ("week", "weekend") and meaning.period.granularity == "day":
        return replace(meaning, period=unit_at(meaning.period.start, unit, 0))
    return None


def _earlier(frame: Frame, node: Stated | Meaning) -> Meaning:
    """Up to now, of a period that runs; the whole of one that is over."""
    meaning = settle(node, frame)
    period, now = meaning.period, frame.published
    if period is None or period.start is None or now is None or not _runs(period, now):
        return replace(meaning, period=replace(period, approximate=True)) if period else meaning
    return replace(meaning, period=Period(period.start, now, "range", True))


def _later(frame: Frame, node: Stated | Meaning) -> Meaning:
    meaning = settle(node, frame)
    period, now = meaning.period, frame.published
    if period is None or now is None or not _runs(period, now):
        return replace(meaning, period=replace(period, approximate=True)) if period else meaning
    return replace(meaning, period=Period(now, period.end, "range", True))


def _runs(period: Period, now: dt.date) -> bool:
    return period.start is not None and period.end is not None and period.start <= now <= period.end


def _night_of(frame: Frame, _: bool, node: Stated | Meaning) -> Meaning | None:
    meaning = settle(node, frame)
    return meaning if meaning.period is None or meaning.period.granularity == "day" else None


def _ago_today(frame: Frame, count: Count, unit: str) -> Meaning:
    if frame.published is None:
        return UNRESOLVED
    return relative(day(_moved(frame.published, unit, -count.low)))


RELATIVE_UNIT_RULES: list[Rule] = [
    Rule("PREVIOUS UNIT", _calendar_unit(-1)),
    Rule("CURRENT UNIT", _calendar_unit(0)),
    Rule("the CURRENT UNIT", _calendar_unit(0)),
    Rule("COMING UNIT", _calendar_unit(1)),
    Rule("the COMING ONEUNIT", lambda frame, c, unit: _calendar_unit(1)(frame, c, unit) if unit == "weekend" else None),
]
"""A calendar unit next to the publication date: last week, this year, next month."""

WHOLE_RULES: list[Rule] = [
    Rule("CALENDAR", lambda frame, node: node),
    Rule("RELATIVEUNIT", lambda frame, node: node),
    Rule("the ONEUNIT", _this_unit),
    Rule("CALENDAR ,? of|in? RELATIVEUNIT", _in_relative_year),
]
"""What a part can be taken of."""

POINT_RULES: list[Rule] = [
    Rule("CALENDAR", lambda frame, node: node),
    Rule("RELATIVEUNIT", lambda frame, node: node),
    Rule("CALENDAR ,? of|in? RELATIVEUNIT", _in_relative_year),
    Rule("DAYWORD DAYPART?", _day_word),
    Rule("the? very? PART of|in|into|through|- WHOLE", _part),
    Rule("the? very? PART on? WHOLE", _part),
    Rule("the? very? PART part|stages|days|weeks|months of WHOLE", _part),
    Rule("the? ORDINAL half of WHOLE", _half(None)),
    Rule("the? latter half of WHOLE", _half(2)),
    Rule("the? first COUNT? UNIT of|in WHOLE", _edge_stretch(1)),
    Rule("the? opening|initial COUNT? UNIT of|in WHOLE", _edge_stretch(1)),
    Rule("the? last|final|closing COUNT? UNIT of|in WHOLE", _edge_stretch(-1)),
    Rule("the? ORDINAL UNIT of|in WHOLE", _ordinal_unit),
    Rule("the UNIT of|beginning|starting|ending WHOLE", _unit_around),
    Rule("the? DAYPART of|before? WHOLE", _night_of),
    Rule("WEEKDAY ,? of? RELATIVEUNIT", _weekday_in),
    Rule("the DAYTH of RELATIVEUNIT", _day_in_month),
    Rule("PREVIOUS WEEKDAY", _weekday_of(-1)),
    Rule("CURRENT PREVIOUS WEEKDAY", lambda frame, c, p, w: _weekday_of(-1)(frame, p, w)),
    Rule("CURRENT COMING WEEKDAY", lambda frame, c, p, w: _weekday_of(0)(frame, p, w)),
    Rule("CURRENT WEEKDAY", _weekday_of(0)),
    Rule("COMING WEEKDAY", _weekday_of(1)),
    Rule("PREVIOUS MONTH", _month_of(-1)),
    Rule("CURRENT PREVIOUS MONTH", lambda frame, c, p, m: _month_of(-1)(frame, p, m)),
    Rule("CURRENT MONTH", _month_of(0)),
    Rule("COMING MONTH", _month_of(1)),
    Rule("the? PREVIOUS SEASON", _season_of(-1)),
    Rule("CURRENT PREVIOUS SEASON", lambda frame, c, p, s: _season_of(-1)(frame, p, s)),
    Rule("CURRENT SEASON", _season_of(0)),
    Rule("the? COMING SEASON", _season_of(1)),
    Rule("the? PREVIOUS weekend", lambda frame, p: _this_unit(replace(frame, outlook=-1), "weekend")),
    Rule("CURRENT PREVIOUS weekend", lambda frame, c, p: _this_unit(replace(frame, outlook=-1), "weekend")),
    Rule("the weekend", lambda frame: _this_unit(frame, "weekend")),
    Rule("COUNT UNIT ago", _ago),
    Rule("UNITS ago", lambda frame, unit: UNRESOLVED),
    Rule("a ONEUNIT and a half ago", lambda frame, unit: _ago(frame, Count(1.5, 1.5, True), unit)),
    Rule("COUNT UNIT ago today", _ago_today),
    Rule("COUNT UNIT from now|today", counted_ahead),
    Rule("the? ROLLING_BACK COUNT UNIT", _rolling_back),
    Rule("the ROLLING_BACK ONEUNIT", lambda frame, r, unit: _rolling_back(frame, r, None, unit)),
    Rule("past ONEUNIT", lambda frame, unit: _rolling_back(frame, True, None, unit)),
    Rule("CURRENT past ONEUNIT", lambda frame, c, unit: _rolling_back(frame, True, None, unit)),
    Rule("the? ROLLING_BACK UNITS", _vague_back),
    Rule("the? ROLLING_AHEAD COUNT UNIT", _rolling_ahead),
    Rule("the? ROLLING_AHEAD UNITS", _vague_ahead),
    Rule("the coming ONEUNIT", lambda frame, unit: _rolling_ahead(frame, True, None, unit)),
    Rule("earlier|previously on|in? WHOLE", _earlier),
    Rule("later on|in? WHOLE", _later),
]
"""Points and stretches in time, without prepositions."""
