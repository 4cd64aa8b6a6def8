"""Whole date expressions: ranges, bounds, counts from another date, durations, repetitions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from dragoman.reading.date_calendar import CALENDAR_RULES, DATED_RULES, Stated, settle, weekday_near
from dragoman.reading.date_counting import counted, stretch, unit_at, vague_stretch
from dragoman.reading.date_matching import UNRESOLVED, Frame, Meaning, Rule
from dragoman.reading.date_relative import POINT_RULES, RELATIVE_UNIT_RULES, WHOLE_RULES, counted_ahead
from dragoman.reading.date_terminals import Count
from dragoman.reading.periods import Period, covering, day, part_of, whole, years
from dragoman.records import Basis

_ANCHORED = Meaning("anchored", None, "anchored")
_DURATION = Meaning("duration", None)
_REPETITION = Meaning("repetition", None)


def _point(frame: Frame, node: Stated | Meaning, _: Any = None) -> Meaning | None:
    meaning = settle(node, frame)
    if _ is not None and (meaning.period is None or meaning.period.granularity != "day"):
        return meaning if meaning.period is None else None
    return meaning


def _range(frame: Frame, first: Stated | Meaning, _: Any, second: Stated | Meaning) -> Meaning | None:
    """From one point to another; what one leaves out the other gives."""
    if isinstance(first, Stated) and isinstance(second, Stated):
        first, second = _completed(_dated(first, second, frame), second)
        if first.weekday is not None and second.weekday is not None and first.day is None and second.day is None:
            return _weekday_range(frame, first.weekday, second.weekday)
    start, end = settle(first, frame), settle(second, frame)
    if start.period is None or end.period is None:
        return UNRESOLVED
    if start.period.start is None or end.period.end is None:
        return None
    if start.period.start > end.period.end:
        return None
    basis: Basis = "explicit" if start.basis == end.basis == "explicit" else "relative"
    return Meaning("date", covering(start.period, end.period), basis)


def _weekday_range(frame: Frame, first: int, second: int) -> Meaning:
    """From one weekday to the next such other one: the coming ones in the future tense, else the last ones."""
    if frame.published is None:
        return UNRESOLVED
    length = dt.timedelta(days=(second - first) % 7)
    if frame.outlook > 0:
        start = weekday_near(frame.published, first, 1)
    else:
        start = weekday_near(frame.published, second, -1) - length
    return Meaning("date", Period(start, start + length, "range"), "relative")


def _dated(first: Stated, second: Stated, frame: Frame) -> Stated:
    """The first of two months without a year gets the one that is meant, for the second to follow."""
    if first.year is None and second.year is None and first.month and second.month:
        period = settle(first, frame).period
        if period is not None and period.start is not None:
            return replace(first, year=period.start.year, basis="relative")
    return first


def _completed(first: Stated, second: Stated) -> tuple[Stated, Stated]:
    if first.month is None and second.month is not None and first.day is not None:
        first = replace(first, month=second.month)
    if second.month is None and first.month is not None and second.day is not None:
        second = replace(second, month=first.month)
    if first.year is None and second.year is not None and first.fixed is None:
        year = second.year - (_later_in_year(first, second) and second.year > 1)
        first = replace(first, year=year, basis=second.basis)
    elif second.year is None and first.year is not None and second.fixed is None:
        second = replace(second, year=first.year + _later_in_year(first, second), basis=first.basis)
    return first, second


def _later_in_year(first: Stated, second: Stated) -> bool:
    ranks = [s.month or s.season or (s.quarter or 0) * 3 for s in (first, second)]
    return ranks[0] > ranks[1] > 0


def _number_range(frame: Frame, first: int, _: Any, second: Stated | Meaning) -> Meaning | None:
    """12-15 June: the first day takes the second's month."""
    return _range(frame, Stated(day=first), _, second) if isinstance(second, Stated) and second.day else None


def _day_range(frame: Frame, first: Stated | Meaning, _: Any, last: int, year: int | None = None) -> Meaning | None:
    """June 12-15, 2018."""
    if isinstance(first, Meaning) or first.day is None or first.month is None or (first.year and year):
        return None
    return _range(frame, first, _, Stated(year, first.month, last))


def _year_range(_frame: Frame, first: int, last: int) -> Meaning | None:
    """2014-15, 1950-53."""
    end = first // 100 * 100 + last
    return Meaning("date", years(first, end)) if end > first and not (1 <= last <= 12 and last > first % 100) else None


def _approximately(frame: Frame, node: Stated | Meaning) -> Meaning | None:
    if isinstance(node, Meaning):  # "talks about today"
        return None
    meaning = settle(node, frame)
    return replace(meaning, period=replace(meaning.period, approximate=True)) if meaning.period else meaning


def _either(frame: Frame, first: Stated | Meaning, second: Stated | Meaning) -> Meaning | None:
    meaning = _range(frame, first, None, second)
    return replace(meaning, period=replace(meaning.period, approximate=True)) if meaning and meaning.period else meaning


def _both(frame: Frame, first: Stated | Meaning, second: Stated | Meaning) -> Meaning | None:
    """Two that touch are one stretch; others are two expressions."""
    if not (isinstance(first, Stated) and isinstance(second, Stated)):
        return None
    left, right = (settle(node, frame).period for node in _completed(first, second))
    if not left or not right or not left.end or not right.start or right.start - left.end != dt.timedelta(days=1):
        return None
    return _range(frame, first, None, second)


def _since(frame: Frame, _: Any, node: Stated | Meaning) -> Meaning:
    meaning = settle(node, replace(frame, outlook=-1))
    if meaning.period is None:
        return meaning
    start = meaning.period.start
    end = frame.published if start and frame.published and start <= frame.published else None
    return replace(meaning, period=Period(start, end, "range", meaning.period.approximate))


def _until(frame: Frame, _: Any, node: Stated | Meaning) -> Meaning:
    meaning = settle(node, replace(frame, outlook=1) if frame.outlook >= 0 else frame)
    return _bounded(frame, meaning, meaning.period.end if meaning.period else None)


def _from_now(frame: Frame, _: Any, node: Stated | Meaning) -> Meaning:
    meaning = settle(node, replace(frame, outlook=1))
    if meaning.period is None or frame.published is None:
        return UNRESOLVED
    return Meaning("date", Period(frame.published, meaning.period.end, "range"), "relative")


def _before(frame: Frame, _: Any, node: Stated | Meaning) -> Meaning:
    meaning = settle(node, frame)
    start = meaning.period.start if meaning.period else None
    return _bounded(frame, meaning, start - dt.timedelta(days=1) if start else None)


def _bounded(frame: Frame, meaning: Meaning, end: dt.date | None) -> Meaning:
    if meaning.period is None:
        return meaning
    start = frame.published if frame.published and end and end >= frame.published else None
    return replace(meaning, period=Period(start, end, "range", meaning.period.approximate))


def _after(frame: Frame, _: Any, node: Stated | Meaning) -> Meaning:
    meaning = settle(node, frame)
    if meaning.period is None or meaning.period.end is None:
        return meaning
    first = meaning.period.end + dt.timedelta(days=1)
    end = frame.published if frame.published and frame.published >= first else None
    return replace(meaning, period=Period(first, end, "range", meaning.period.approximate))


def _in_count(frame: Frame, count: Count, unit: str) -> Meaning | None:
    """In two weeks: ahead. With the past tense it is how long something took ("the first in 20 years")."""
    long_open = frame.outlook == 0 and not frame.alone and unit in ("year", "decade")
    return _DURATION if frame.outlook < 0 or long_open else counted_ahead(frame, count, unit)


def _in_units(frame: Frame, unit: str) -> Meaning:
    return vague_stretch(frame, unit, 1)


def _from_date(sign: int) -> Any:
    """Two days after 24 February: counted from a day that is said."""

    def read(frame: Frame, count: Count, unit: str, node: Stated | Meaning) -> Meaning | None:
        meaning = settle(node, frame)
        if meaning.period is None:
            return UNRESOLVED
        if meaning.period.granularity != "day" or meaning.period.start is None:
            return None
        moved = counted(meaning.period.start, count, unit, sign)
        return replace(moved, basis=meaning.basis)

    return read


def _anchor_edge(frame: Frame, sign: int) -> dt.date | None:
    if frame.anchor is None:
        return None
    return frame.anchor.end if sign > 0 else frame.anchor.start


def _from_anchor(sign: int) -> Any:
    def read(frame: Frame, count: Count | None, unit: str, _: Any = None) -> Meaning:
        reference = _anchor_edge(frame, sign)
        if reference is None:
            return _ANCHORED
        moved = counted(reference, count or Count(1, 1), unit, sign)
        return Meaning("anchored", moved.period, "anchored")

    return read


def _next_to_anchor(sign: int) -> Any:
    def read(frame: Frame, _: Any, unit: str) -> Meaning:
        reference = _anchor_edge(frame, sign)
        if reference is None:
            return _ANCHORED
        return Meaning("anchored", unit_at(reference, unit, sign), "anchored")

    return read


def _around_anchor(frame: Frame, _: Any, unit: str) -> Meaning:
    reference = frame.anchor.start if frame.anchor else None
    return Meaning("anchored", unit_at(reference, unit, 0), "anchored") if reference else _ANCHORED


def _month_at_anchor(frame: Frame, _: Any, month: int) -> Meaning:
    reference = frame.anchor.start if frame.anchor else None
    if reference is None:
        return _ANCHORED
    return Meaning("anchored", whole(reference.replace(month=month, day=1), "month"), "anchored")


def _named_period(_frame: Frame, ends: tuple[str, str]) -> Meaning:
    start, end = (dt.date.fromisoformat(value) for value in ends)
    return Meaning("date", Period(start, end, "range"))


def _bounded_named(edge: str) -> Any:
    def read(frame: Frame, _: Any, ends: tuple[str, str]) -> Meaning:
        start, end = (dt.date.fromisoformat(value) for value in ends)
        if edge == "before":
            return Meaning("date", Period(None, start - dt.timedelta(days=1), "range"))
        first = end + dt.timedelta(days=edge == "after")
        last = frame.published if frame.published and frame.published >= first else None
        return Meaning("date", Period(first, last, "range"))

    return read


def _named_edge(_frame: Frame, part: str, ends: tuple[str, str]) -> Meaning | None:
    if part == "mid":
        return None
    return Meaning("date", day(dt.date.fromisoformat(ends[0 if part == "early" else 1])))


def _year_end(frame: Frame) -> Meaning:
    if frame.published is None:
        return UNRESOLVED
    return Meaning("date", part_of(whole(frame.published, "year"), "late"), "relative")


def _constant(meaning: Meaning) -> Any:
    return lambda _frame, *_captured: meaning


EXPRESSION_RULES: list[Rule] = [
    Rule("POINT DAYPART?", _point),
    Rule("about|around|circa|c|approximately|roughly POINT", _approximately),
    Rule("from? POINT TO POINT", _range),
    Rule("between POINT BETWEEN POINT", _range),
    Rule("from? DAYNUM TO POINT", _number_range),
    Rule("between? DAYNUM BETWEEN POINT", _number_range),
    Rule("from? CALENDAR TO DAYNUM", _day_range),
    Rule("from? CALENDAR TO DAYNUM ,? YEAR", _day_range),
    Rule("between? CALENDAR BETWEEN DAYNUM", _day_range),
    Rule("between? CALENDAR BETWEEN DAYNUM ,? YEAR", _day_range),
    Rule("from POINT on|onward|onwards|forward", lambda frame, node: _since(frame, None, node)),
    Rule("from|the? YEAR -|–|/ SHORTYEAR", _year_range),
    Rule("POINT or POINT", _either),
    Rule("POINT and POINT", _both),
    Rule("SINCE POINT", _since),
    Rule("UNTIL POINT", _until),
    Rule("BY POINT", _until),
    Rule("CLOCK ,? on? POINT", lambda frame, clock, node: _point(frame, node, clock)),
    Rule("POINT ,? at CLOCK", _point),
    Rule("post - YEAR", lambda frame, y: _after(frame, None, Stated(y))),
    Rule("pre - YEAR", lambda frame, y: _before(frame, None, Stated(y))),
    Rule("the? year - end", _year_end),
    Rule("from|between now TO POINT", _from_now),
    Rule("between now BETWEEN POINT", _from_now),
    Rule("BEFORE the? very? end of WHOLE", _until),
    Rule("within COUNT? UNIT of THING", _constant(_ANCHORED)),
    Rule("the UNITS leading|running THING", _constant(_ANCHORED)),
    Rule("the UNITS that followed", _constant(_ANCHORED)),
    Rule("BEFORE POINT", _before),
    Rule("AFTER POINT", _after),
    Rule("in COUNT UNIT", _in_count),
    Rule("time in COUNT UNIT", _constant(_DURATION)),
    Rule("in COUNT UNIT 's? ' time", _in_count),
    Rule("in COUNT UNIT time", _in_count),
    Rule("within the? next? COUNT UNIT", lambda frame, count, unit: stretch(frame, count, unit, 1)),
    Rule("within the ONEUNIT", lambda frame, unit: stretch(frame, Count(1, 1), unit, 1)),
    Rule("within UNITS", _in_units),
    Rule("COUNT UNIT after|following|from POINT", _from_date(1)),
    Rule("COUNT UNIT before|prior to? POINT", _from_date(-1)),
    Rule("the eve|day|night|morning|week of THING", _constant(_ANCHORED)),
    Rule("on the? eve of THING", _constant(_ANCHORED)),
    Rule("the ONEUNIT before|after|following THING", _constant(_ANCHORED)),
    Rule("the night|morning|evening before|after|following THING", _constant(_ANCHORED)),
    Rule("COUNT? UNIT after|before|following|into THING", _constant(_ANCHORED)),
    Rule("shortly|soon|immediately|just|right|long after|before|following THING", _constant(_ANCHORED)),
    Rule("COUNT? UNIT LATER", _from_anchor(1)),
    Rule("COUNT? UNIT after", _from_anchor(1)),
    Rule("COUNT UNIT on", _from_anchor(1)),
    Rule("COUNT UNIT EARLIER", _from_anchor(-1)),
    Rule("COUNT UNIT before|beforehand", _from_anchor(-1)),
    Rule("the UNIT after", lambda frame, unit: _from_anchor(1)(frame, None, unit)),
    Rule("the UNIT before", lambda frame, unit: _from_anchor(-1)(frame, None, unit)),
    Rule(
        "over|in|during|within|for|throughout the COMING ONEUNIT",
        lambda frame, _c, unit: stretch(frame, Count(1, 1), unit, 1),
    ),
    Rule("the ANCHORED_BACK COUNT UNIT", _constant(_ANCHORED)),
    Rule("the following|subsequent|ensuing COUNT UNIT", _constant(_ANCHORED)),
    Rule("the ANCHORED_AHEAD ONEUNIT", _next_to_anchor(1)),
    Rule("the ANCHORED_BACK ONEUNIT", _next_to_anchor(-1)),
    Rule("the? ANCHORED_SAME ONEUNIT", _around_anchor),
    Rule("later|earlier|early|late|on|in? the? ANCHORED_SAME ONEUNIT", _around_anchor),
    Rule("later|earlier|early|late? that MONTH", lambda frame, m: _month_at_anchor(frame, None, m)),
    Rule("during|in|throughout? PERIODS", _named_period),
    Rule("SINCE PERIODS", _bounded_named("since")),
    Rule(
        "SINCE the PART of PERIODS",
        lambda frame, s, part, ends: _since(frame, s, _named_edge(frame, part, ends) or UNRESOLVED),
    ),
    Rule("AFTER PERIODS", _bounded_named("after")),
    Rule(
        "AFTER the PART of PERIODS",
        lambda frame, s, part, ends: _after(frame, s, _named_edge(frame, part, ends) or UNRESOLVED),
    ),
    Rule("BEFORE PERIODS", _bounded_named("before")),
    Rule("the PART of PERIODS", _named_edge),
    Rule("for? the? COUNT UNIT", _constant(_DURATION)),
    Rule("for? a|an|the? COUNT - UNIT long?", _constant(_DURATION)),
    Rule("REPETITION_ADVERBS", _constant(_REPETITION)),
    Rule("for UNITS", _constant(_DURATION)),
    Rule("UNITS", _constant(_DURATION)),
    Rule("REPETITION other UNIT", _constant(_REPETITION)),
    Rule("REPETITION COUNT? UNIT", _constant(_REPETITION)),
    Rule("REPETITION other? WEEKDAY DAYPART?", _constant(_REPETITION)),
    Rule("REPETITION MONTH", _constant(_REPETITION)),
    Rule("REPETITION SEASON", _constant(_REPETITION)),
    Rule("once|twice|thrice a|per|every UNIT", _constant(_REPETITION)),
    Rule("COUNT times a|per|every UNIT", _constant(_REPETITION)),
    Rule("UNIT after|by UNIT", _constant(_REPETITION)),
]
"""Whole expressions."""

EVENT_RULES: list[Rule] = [
    Rule("SINCE THING", _constant(_ANCHORED)),
    Rule("UNTIL THING", _constant(_ANCHORED)),
    Rule("BY THING", _constant(_ANCHORED)),
    Rule("BEFORE THING", _constant(_ANCHORED)),
    Rule("AFTER THING", _constant(_ANCHORED)),
    Rule("during THING", _constant(_ANCHORED)),
    Rule("in? the wake|aftermath of THING", _constant(_ANCHORED)),
    Rule("in? the? run - up to THING", _constant(_ANCHORED)),
]
"""Expressions that stand alone and refer to an event; tried when nothing else fits."""

RULES: dict[str, list[Rule]] = {
    "CALENDAR": CALENDAR_RULES,
    "DATED": DATED_RULES,
    "RELATIVEUNIT": RELATIVE_UNIT_RULES,
    "WHOLE": WHOLE_RULES,
    "POINT": POINT_RULES,
    "EXPRESSION": EXPRESSION_RULES,
    "EVENT": EVENT_RULES,
}
"""The grammar: each name that patterns use, with its rules."""
