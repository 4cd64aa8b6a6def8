"""Dates that refer to another one: the publication date, the narrative's last date, or a date in the same phrase."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from dragoman.reading.date_calendar import Stated, settle, weekday_near
from dragoman.reading.date_counting import UNCOUNTED, counted, moved, relative, stretch, unit_at, vague_stretch
from dragoman.reading.date_matching import UNRESOLVED, Frame, Meaning, Rule
from dragoman.reading.date_terminals import Count
from dragoman.reading.periods import (
    Period,
    day,
    edge_units,
    half_of,
    part_of,
    season,
    whole,
    years,
)  # fmt: skip


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
    return counted(frame.published, count, unit, -1)


def counted_ahead(frame: Frame, count: Count, unit: str) -> Meaning:
    """So many units after the publication date."""
    return counted(frame.published, count, unit, 1)


def _rolling_back(frame: Frame, _: bool, count: Count | None, unit: str) -> Meaning:
    return stretch(frame, count or Count(1, 1), unit, -1)


def _rolling_ahead(frame: Frame, _: bool, count: Count | None, unit: str) -> Meaning:
    return stretch(frame, count or Count(1, 1), unit, 1)


def _vague_back(frame: Frame, _: bool, unit: str) -> Meaning:
    return vague_stretch(frame, unit, -1)


def _vague_ahead(frame: Frame, _: bool, unit: str) -> Meaning:
    return vague_stretch(frame, unit, 1)


def _weekday_of(offset: int) -> Any:
    def read(frame: Frame, _: bool, weekday: int) -> Meaning:
        if frame.published is None:
            return UNRESOLVED
        away = (weekday - frame.published.weekday()) % 7
        if offset < 0:
            return relative(day(frame.published - dt.timedelta(days=(7 - away))))
        monday = frame.published - dt.timedelta(days=frame.published.weekday())
        found = monday + dt.timedelta(days=weekday + 7 * offset)
        if offset == 0 and found < frame.published and frame.outlook >= 0:  # "this Friday", said on a Saturday
            found += dt.timedelta(weeks=1)
        return relative(day(found))

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


def _weekday_in(_frame: Frame, weekday: int, week: Meaning) -> Meaning | None:
    if week.period is None:
        return UNRESOLVED
    if week.period.granularity != "week" or week.period.start is None:
        return None
    return relative(day(week.period.start + dt.timedelta(days=weekday)))


def _weekday_in_month(frame: Frame, number: int, weekday: int, node: Stated | Meaning) -> Meaning | None:
    """The second Tuesday in November; number -1 is the last."""
    meaning = settle(node, frame)
    period = meaning.period
    if period is None or period.start is None or period.end is None:
        return UNRESOLVED
    if period.granularity != "month" or number > 5:
        return None
    if number > 0:
        found = weekday_near(period.start, weekday, 1) + dt.timedelta(weeks=number - 1)
    else:
        found = weekday_near(period.end, weekday, -1)
    return replace(meaning, period=day(found)) if found <= period.end else None


def _weekday_before_last(frame: Frame, weekday: int) -> Meaning:
    last = _weekday_of(-1)(frame, True, weekday)
    if last.period is None:
        return UNRESOLVED
    return relative(day(last.period.start - dt.timedelta(weeks=1)))


def _weeks_from_weekday(frame: Frame, count: Count, weekday: int) -> Meaning:
    """A week from Friday: counted from the coming one."""
    if frame.published is None or count.low != count.high:
        return UNRESOLVED
    return relative(day(weekday_near(frame.published, weekday, 1) + dt.timedelta(weeks=int(count.low))))


def _seasons_ago(frame: Frame, count: Count, first_month: int) -> Meaning:
    """Two summers ago: the one before last summer."""
    if frame.published is None or count.low != count.high or count.low < 1:
        return UNRESOLVED
    last = _season_of(-1)(frame, True, first_month)
    return relative(season(last.period.start.year - int(count.low) + 1, first_month))


def _in_relative_year(_frame: Frame, stated: Stated, year: Meaning) -> Stated | Meaning | None:
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


def _part(_frame: Frame, part: str, node: Stated | Meaning) -> Stated | Meaning | None:
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

    def read(frame: Frame, count: Count, unit: str, node: Stated | Meaning) -> Meaning | None:
        meaning = settle(node, frame)
        if meaning.period is None or unit in UNCOUNTED:
            return UNRESOLVED
        near, far = (edge_units(meaning.period, unit, sign * size) for size in (1, int(count.high)))
        first, last = (near, far) if sign > 0 else (far, near)
        return replace(meaning, period=Period(first.start, last.end, "range", count.approximate))

    return read


def _edge_unit(sign: int) -> Any:
    return lambda frame, unit, node: _ordinal_unit(frame, sign, unit, node)


def _turn_of_century(_frame: Frame) -> Meaning:
    return Meaning("date", replace(years(1999, 2001), approximate=True))


def _overnight(frame: Frame) -> Meaning:
    if frame.published is None:
        return UNRESOLVED
    return relative(Period(frame.published - dt.timedelta(days=1), frame.published, "range"))


def _ordinal_unit(frame: Frame, number: int, unit: str, node: Stated | Meaning) -> Meaning | None:
    meaning = settle(node, frame)
    if meaning.period is None or unit in UNCOUNTED:
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
    return relative(day(moved(frame.published, unit, -count.low)))


RELATIVE_UNIT_RULES: list[Rule] = [
    Rule("PREVIOUS UNIT", _calendar_unit(-1)),
    Rule("CURRENT UNIT", _calendar_unit(0)),
    Rule("the CURRENT UNIT", _calendar_unit(0)),
    Rule("COMING UNIT", _calendar_unit(1)),
    Rule("the|this? coming|upcoming weekend", lambda frame: _calendar_unit(0)(frame, True, "weekend")),
]
"""A calendar unit next to the publication date: last week, this year, next month."""

WHOLE_RULES: list[Rule] = [
    Rule("CALENDAR", lambda _frame, node: node),
    Rule("RELATIVEUNIT", lambda _frame, node: node),
    Rule("the ONEUNIT", _this_unit),
    Rule("CALENDAR ,? of|in? RELATIVEUNIT", _in_relative_year),
]
"""What a part can be taken of."""

POINT_RULES: list[Rule] = [
    Rule("CALENDAR", lambda _frame, node: node),
    Rule("RELATIVEUNIT", lambda _frame, node: node),
    Rule("CALENDAR ,? of|in? RELATIVEUNIT", _in_relative_year),
    Rule("DAYWORD DAYPART?", _day_word),
    Rule("the? very? PART of|- WHOLE", _part),
    Rule("the? very? INPART on? WHOLE", _part),
    Rule("INPART in|into|through WHOLE", _part),
    Rule("PART DAYWORD", lambda frame, _part, offset: _day_word(frame, offset)),
    Rule("earlier|later DAYWORD", _day_word),
    Rule("the? ORDINAL WEEKDAY of|in WHOLE", _weekday_in_month),
    Rule("the? last|final WEEKDAY of|in WHOLE", lambda frame, w, node: _weekday_in_month(frame, -1, w, node)),
    Rule("the ONEUNIT before last", lambda frame, unit: _calendar_unit(-2)(frame, True, unit)),
    Rule("the ONEUNIT after next", lambda frame, unit: _calendar_unit(2)(frame, True, unit)),
    Rule("the WEEKDAY before last", _weekday_before_last),
    Rule("all ONEUNIT", _this_unit),
    Rule("this time PREVIOUS year", lambda frame, _p: _ago(frame, Count(12, 12, True), "month")),
    Rule("COUNT SEASON ago", _seasons_ago),
    Rule("COUNT week|weeks from|on WEEKDAY", _weeks_from_weekday),
    Rule("the? very? PART part|stages|days|weeks|months of WHOLE", _part),
    Rule("the? ORDINAL half of WHOLE", _half(None)),
    Rule("the? latter half of WHOLE", _half(2)),
    Rule("the? first|opening|initial COUNT UNIT of|in WHOLE", _edge_stretch(1)),
    Rule("the? first|opening|initial ONEUNIT of|in WHOLE", _edge_unit(1)),
    Rule("the? last|final|closing COUNT UNIT of|in WHOLE", _edge_stretch(-1)),
    Rule("the? last|final|closing ONEUNIT of|in WHOLE", _edge_unit(-1)),
    Rule("the? turn of the century|millennium", _turn_of_century),
    Rule("overnight", _overnight),
    Rule("the? early|small hours of|on WHOLE", lambda frame, node: _night_of(frame, True, node)),
    Rule("the? DAYPART on WHOLE", _night_of),
    Rule("the? ORDINAL UNIT of|in WHOLE", _ordinal_unit),
    Rule("the UNIT of|beginning|starting|ending WHOLE", _unit_around),
    Rule("the? DAYPART of? WHOLE", _night_of),
    Rule("WEEKDAY ,? of? RELATIVEUNIT", _weekday_in),
    Rule("the DAYTH of RELATIVEUNIT", _day_in_month),
    Rule("PREVIOUS WEEKDAY", _weekday_of(-1)),
    Rule("CURRENT PREVIOUS WEEKDAY", lambda frame, _c, p, w: _weekday_of(-1)(frame, p, w)),
    Rule("CURRENT COMING WEEKDAY", lambda frame, _c, p, w: _weekday_of(0)(frame, p, w)),
    Rule("CURRENT WEEKDAY", _weekday_of(0)),
    Rule("COMING WEEKDAY", _weekday_of(1)),
    Rule("PREVIOUS MONTH", _month_of(-1)),
    Rule("CURRENT PREVIOUS MONTH", lambda frame, _c, p, m: _month_of(-1)(frame, p, m)),
    Rule("CURRENT MONTH", _month_of(0)),
    Rule("COMING MONTH", _month_of(1)),
    Rule("the? PREVIOUS SEASON", _season_of(-1)),
    Rule("CURRENT PREVIOUS SEASON", lambda frame, _c, p, s: _season_of(-1)(frame, p, s)),
    Rule("CURRENT SEASON", _season_of(0)),
    Rule("the? COMING SEASON", _season_of(1)),
    Rule("the? PREVIOUS weekend", lambda frame, _p: _this_unit(replace(frame, outlook=-1), "weekend")),
    Rule("CURRENT PREVIOUS weekend", lambda frame, _c, _p: _this_unit(replace(frame, outlook=-1), "weekend")),
    Rule("the weekend", lambda frame: _this_unit(frame, "weekend")),
    Rule("COUNT UNIT ago", _ago),
    Rule("UNITS ago", lambda _frame, _unit: UNRESOLVED),
    Rule("a ONEUNIT and a half ago", lambda frame, unit: _ago(frame, Count(1.5, 1.5, True), unit)),
    Rule("COUNT UNIT ago today", _ago_today),
    Rule("COUNT UNIT from now|today", counted_ahead),
    Rule("the|these? ROLLING_BACK COUNT UNIT", _rolling_back),
    Rule("the ROLLING_BACK ONEUNIT", lambda frame, r, unit: _rolling_back(frame, r, None, unit)),
    Rule("past ONEUNIT", lambda frame, unit: _rolling_back(frame, True, None, unit)),
    Rule("CURRENT past ONEUNIT", lambda frame, _c, unit: _rolling_back(frame, True, None, unit)),
    Rule("the|these? ROLLING_BACK UNITS", _vague_back),
    Rule("the|these? ROLLING_AHEAD COUNT UNIT", _rolling_ahead),
    Rule("the|these? ROLLING_AHEAD UNITS", _vague_ahead),
    Rule("the coming ONEUNIT", lambda frame, unit: _rolling_ahead(frame, True, None, unit)),
    Rule("earlier|previously on|in? WHOLE", _earlier),
    Rule("later on|in? WHOLE", _later),
]
"""Points and stretches in time, without prepositions."""
