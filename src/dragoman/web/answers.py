"""Requests to questions, and answers to JSON or CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import fields
from typing import Any, get_args

import msgspec
import numpy as np
import pyarrow as pa
from starlette.requests import Request
from starlette.responses import Response

from dragoman.analysis.periods import Step
from dragoman.errors import UsageError
from dragoman.formats.spreadsheet import csv_bytes
from dragoman.workspace.filters import Filter

LARGEST_PAGE = 500
"""Rows of one answer."""

_MOST_CSV = 100_000  # rows of a list that is saved as CSV
_TYPE = "application/json; charset=utf-8"


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    raise NotImplementedError(f"{type(value).__name__} cannot be sent")


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)


def answer(content: Any, status: int = 200) -> Response:
    """Records, tables' rows and plain values as JSON."""
    return Response(_ENCODER.encode(content), status, media_type=_TYPE)


def refusal(message: str, status: int) -> Response:
    """An error in one line."""
    return answer({"error": " ".join(message.split())}, status)


def filters_of(request: Request) -> Filter:
    """The conditions that an address names; an empty one asks nothing.

    Raises:
        UsageError: a value is none of those that there are.
    """
    known = {field.name for field in fields(Filter)}
    given: dict[str, Any] = {name: value for name, value in request.query_params.items() if name in known and value}
    for name in ("event_type", "factuality"):
        values = [part for text in request.query_params.getlist(name) for part in text.split(",") if part]
        if values:
            given[name] = values
    if "quad_class" in given:
        given["quad_class"] = whole(given["quad_class"], "quad_class", 1, 4)
    return Filter(**given)


def stretch(request: Request) -> tuple[int, int]:
    """``limit`` and ``offset`` of an address; a CSV holds as much as may be.

    Raises:
        UsageError: one is no number.
    """
    if wants_csv(request):
        return _MOST_CSV, 0
    limit = whole(request.query_params.get("limit", "100"), "limit", 1, LARGEST_PAGE)
    return limit, whole(request.query_params.get("offset", "0"), "offset", 0, 1_000_000_000)


def whole(text: str, name: str, low: int, high: int) -> int:
    """A whole number between two, both included.

    Raises:
        UsageError: it is none.
    """
    try:
        value = int(text)
    except ValueError:
        raise UsageError(f"{name}: '{text}' is no whole number") from None
    if not low <= value <= high:
        raise UsageError(f"{name}: {value} is not between {low} and {high}")
    return value


def date_of(text: str | None, name: str) -> dt.date | None:
    """A day, None for nothing.

    Raises:
        UsageError: it is no date.
    """
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{name}: '{text}' is no date; write 2018-09-18") from None


def step_of(request: Request) -> Step:
    """The length of a period that an address asks for; a month when it asks for none.

    Raises:
        UsageError: there is no such period.
    """
    by = request.query_params.get("by", "month")
    for step in get_args(Step):
        if by == step:
            found: Step = step
            return found
    raise UsageError(f"by: '{by}' is no period; there are {', '.join(get_args(Step))}")


def wants_csv(request: Request) -> bool:
    """Whether a list is asked for as a spreadsheet."""
    return request.query_params.get("format") == "csv" or "text/csv" in request.headers.get("accept", "")


def listed(request: Request, total: int, rows: Sequence[Any]) -> Response:
    """Rows of a list as JSON, or as CSV with the nested parts as JSON in their cells."""
    if not wants_csv(request):
        return answer({"total": total, "rows": rows})
    name = request.url.path.strip("/").replace("/", "-").removeprefix("api-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(as_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)


def as_csv(rows: Sequence[Any]) -> bytes:
    """Rows as CSV; what is nested stands as JSON in its cell."""
    plain: list[dict[str, Any]] = [msgspec.to_builtins(row, enc_hook=_plain) for row in rows]
    names = list(dict.fromkeys(name for row in plain for name in row))
    columns = {name: pa.array([_cell(row.get(name)) for row in plain], pa.string()) for name in names}
    return csv_bytes(pa.table(columns)) if columns else b""


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, dict | list):
        return msgspec.json.encode(value).decode("utf-8")
    return str(value)
