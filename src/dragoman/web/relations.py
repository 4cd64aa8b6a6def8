"""The page's relations: a pair's series with its breaks, what made a break, and many pairs at a glance."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from dragoman.analysis.change_points import ChangePoint, change_points
from dragoman.analysis.periods import Step, period_numbers, period_starts
from dragoman.analysis.relation_series import LONGEST, RelationSeries, relation_series
from dragoman.analysis.selection import Selection, keys_among
from dragoman.errors import AnalysisError, UsageError
from dragoman.web.answers import answer, date_of, filters_of, listed, step_of, wants_csv, whole
from dragoman.web.event_columns import NEVER, RESOLVED, EventColumns, Mask
from dragoman.web.lists import event_records
from dragoman.web.served import Served
from dragoman.workspace.filters import Filter, day

ONE_WAY = "one"
"""Value of ``way`` that asks for what the actor does to the recipient only."""

_MULTIPLES = 12
_LOOKED_AT, _SHOWN = 300, 60  # events around a break: gathered, and sent
_BEFORE, _AFTER = dt.timedelta(days=92), dt.timedelta(days=184)


def relation(served: Served, request: Request) -> Response:
    """A pair's series and its breaks; empty, with the reason, where the filters leave nothing."""
    try:
        series, points = _broken(served, request)
    except AnalysisError as error:
        if wants_csv(request):
            raise
        note = str(error)
        return answer({"series": [], "changes": [], "notes": [f"{note[:1].upper()}{note[1:]}."]})
    rows = [
        {"period": r["period"], "value": r["intensity"], "count": r["events"], "low": r["events_low"],
         "high": r["events_high"], "tone": r["tone"], "tone_low": r["tone_low"], "tone_high": r["tone_high"],
         "cooperation": r["cooperation"], "hostility": r["hostility"]}
        for r in series.table.to_pylist()
    ]  # fmt: skip
    if wants_csv(request):
        return listed(request, len(rows), rows)
    changes = [
        {"period": p.at, "grade": p.grade, "before": p.before, "after": p.after, "survival": p.stability,
         "causes": p.causes}
        for p in points
    ]  # fmt: skip
    names = served.columns().names
    return answer(
        {"series": rows, "changes": changes, "notes": series.notes, "measure": "hostility", "by": series.step,
         "names": [names.get(series.a, series.a), names.get(series.b, series.b)]}
    )  # fmt: skip


def change(served: Served, request: Request) -> Response:
    """The events around a break, those that made it first."""
    filters = filters_of(request)
    at = date_of(request.query_params.get("period"), "period")
    point = next((p for p in _broken(served, request)[1] if p.at == at), None)
    if point is None:
        raise UsageError(f"there is no break at {at}")
    wanted = {cause.event for cause in point.causes}
    since, until = (point.at - _BEFORE).isoformat(), (point.at + _AFTER).isoformat()
    rows: list[dict[str, Any]] = []
    ways = [(filters.actor, filters.recipient), (filters.recipient, filters.actor)]
    for one, other in ways[:1] if request.query_params.get("way") == ONE_WAY else ways:
        around = dataclasses.replace(filters, actor=one, recipient=other, since=since, until=until)
        rows += event_records(served, around, _LOOKED_AT)[1]
    rows.sort(key=lambda row: (row["id"] not in wanted, str((row["time"] or {}).get("start") or "9999")))
    return (
        listed(request, len(rows), rows) if wants_csv(request) else answer({"events": rows[:_SHOWN], "change": point})
    )


def pairs(served: Served, request: Request) -> Response:
    """The pairs with most events, each with its series, for small multiples."""
    filters, by = filters_of(request), step_of(request)
    most = whole(request.query_params.get("limit", str(_MULTIPLES)), "limit", 1, 40)
    resolved = request.query_params.get("named", RESOLVED) == RESOLVED

    def work() -> list[dict[str, Any]]:
        columns = served.columns()
        kept = columns.where(filters) & _told(columns, filters)
        return _multiples(columns, kept & columns.resolved if resolved else kept, by, most)

    made = served.kept(("pairs", request.url.query), work)
    if not wants_csv(request):
        return answer(made)
    rows = [{"actor": pair["actor"], "recipient": pair["recipient"], **point}
            for pair in made for point in pair["series"]]  # fmt: skip
    return listed(request, len(rows), rows)


def _multiples(columns: EventColumns, kept: Mask, by: Step, most: int) -> list[dict[str, Any]]:
    """Both ways between two, sectors with their state: events and the sum of their intensity by period."""
    known, pair_of = columns.pairs
    rows = np.flatnonzero(kept & (pair_of >= 0))
    rows = rows[columns.end[rows] - columns.start[rows] < LONGEST[by]]  # else a year's event would heap up in January
    totals = columns.events(rows, pair_of[rows], len(known))
    top = sorted(np.flatnonzero(totals).tolist(), key=lambda pair: (-totals[pair], known[pair]))[:most]
    if not top:
        return []
    place = np.full(len(known), -1)
    place[top] = np.arange(len(top))
    rows = rows[place[pair_of[rows]] >= 0]
    numbers = period_numbers(columns.start[rows].astype("datetime64[D]"), by)
    begun = int(numbers.min())
    size = int(numbers.max()) - begun + 1
    groups = place[pair_of[rows]] * size + numbers - begun
    weights = columns.weights(rows, groups, len(top) * size)
    shape = (len(top), size)
    counts = np.bincount(groups, weights, len(top) * size).reshape(shape)
    values = np.bincount(groups, weights * columns.intensity[rows], len(top) * size).reshape(shape)
    dates = period_starts(np.arange(begun, begun + size), by).tolist()
    found = []
    for at, (a, b) in enumerate(known[pair] for pair in top):
        there = np.flatnonzero(counts[at])
        series = [
            {"period": dates[k], "value": float(values[at, k]), "count": float(counts[at, k])}
            for k in range(there[0], there[-1] + 1)
        ]
        found.append(
            {"actor": a, "recipient": b, "actor_name": columns.names.get(a, a),
             "recipient_name": columns.names.get(b, b), "events": int(totals[top[at]]), "series": series}
        )  # fmt: skip
    return found


def _told(columns: EventColumns, filters: Filter) -> Mask:
    """Rows with a date that happened; of any certainty that is asked for by name."""
    dated: Mask = columns.start != NEVER
    return dated if filters.factuality else dated & columns.happened


def _broken(served: Served, request: Request) -> tuple[RelationSeries, tuple[ChangePoint, ...]]:
    filters, by = filters_of(request), step_of(request)
    if not filters.actor or not filters.recipient:
        raise UsageError("a relation needs two: give actor and recipient")
    directed = request.query_params.get("way") == ONE_WAY
    return served.kept(("relation", repr(filters), by, directed), lambda: _relation(served, filters, by, directed))


def _relation(
    served: Served, filters: Filter, by: Step, directed: bool
) -> tuple[RelationSeries, tuple[ChangePoint, ...]]:
    columns = served.columns()
    a, b = filters.actor or "", filters.recipient or ""
    ours, theirs = (keys_among(columns.names, one) for one in (a, b))
    others = dataclasses.replace(filters, actor=None, recipient=None, since=None, until=None)
    # The page shows no share of the world's events, so that only the pair's own rows need be gone through.
    rows = columns.rows(columns.between(ours, theirs) & columns.where(others))
    if rows.num_rows == 0:
        raise AnalysisError(f"there is no event between '{a}' and '{b}' with these filters")
    chosen = Selection(
        day(filters.since), day(filters.until, last=True), reality="all" if filters.factuality else "happened"
    )
    series = relation_series(rows, a, b, by=by, directed=directed, selection=chosen)
    return series, change_points(series)
