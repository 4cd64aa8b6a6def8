"""The task ``time``: date expressions that stand alone, against the interval that they mean.

Gold is a JSON list of ``{"text", "published", "interval"}``. ``interval`` is an ISO date or two with a
slash, each of day, month or year precision (``2019`` is the whole of 2019), or says what the expression is
instead: ``duration``, ``anchored?``, ``repetition``, ``unresolved``.
"""

from __future__ import annotations

import calendar
import datetime as dt
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import UnreadableInput
from dragoman.knowledge import load
from dragoman.reading.dates import resolve_expression
from dragoman.reading.draft import DateExpression

_KINDS: dict[str, str] = {
    "duration": "duration",
    "anchored": "anchored",
    "anchored?": "anchored",
    "repetition": "repetition",
    "set": "repetition",
    "unresolved": "date",
}


class DatedExpression(msgspec.Struct, frozen=True):
    """One row of gold."""

    text: str
    interval: str | None
    published: str | None = None


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the reading of date expressions.

    Returns:
        ``correct``, ``wrong``, ``unresolved`` and their sum ``expressions``. Correct is the same interval to
        the day, or for an expression without one that it gets none and is known for what it is.

    Raises:
        UnreadableInput: when the file is missing or not in the format.
    """
    del fast
    knowledge = load(lexicon)
    counts = {"correct": 0, "wrong": 0, "unresolved": 0}
    rows = read_gold(path)
    for row in rows:
        published = dt.date.fromisoformat(row.published) if row.published else None
        counts[judge(row.interval, resolve_expression(row.text, published, knowledge=knowledge))] += 1
    return {**counts, "expressions": len(rows)}


def read_gold(path: Path) -> list[DatedExpression]:
    """The rows of a gold file.

    Raises:
        UnreadableInput: when the file is missing, not in the format, or a date in it is none.
    """
    try:
        rows = msgspec.json.decode(path.read_bytes(), type=list[DatedExpression])
        for row in rows:
            if row.published:
                dt.date.fromisoformat(row.published)
            expand(row.interval)
    except (OSError, msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise UnreadableInput(
            f"{path}: no gold for the task 'time' ({error}); it is a JSON list of text, published, interval"
        ) from error
    return rows


def judge(gold: str | None, answer: DateExpression) -> str:
    """``correct``, ``wrong`` or ``unresolved``."""
    wanted = expand(gold)
    if answer.interval is None:
        if wanted is not None:
            return "unresolved"
        return "correct" if answer.kind == _KINDS[gold or "unresolved"] else "unresolved"
    if wanted is None:
        return "correct" if answer.kind == _KINDS[gold or "unresolved"] == "anchored" else "wrong"
    return "correct" if (answer.interval.start, answer.interval.end) == wanted else "wrong"


def expand(interval: str | None) -> tuple[str | None, str | None] | None:
    """First and last day of an interval as written in gold; None when it is none; an end left empty or ``..`` is open.

    Raises:
        ValueError: when a date is none.
    """
    if interval is None or interval in _KINDS:
        return None
    start, _, end = interval.partition("/")
    return _edge(start, False), _edge(end if "/" in interval else start, True)


def _edge(date: str, last: bool) -> str | None:
    if date in ("", ".."):
        return None
    parts: list[Any] = [int(part) for part in date.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (12 if last else 1)
    day = parts[2] if len(parts) > 2 else (calendar.monthrange(year, month)[1] if last else 1)
    return dt.date(year, month, day).isoformat()
