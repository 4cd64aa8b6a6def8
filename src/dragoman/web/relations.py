"""The page's relations: a pair's series with its breaks, what made a break, and many pairs at a glance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from dragoman.analysis.change_points import ChangePoint, change_points
from dragoman.analysis.periods import Step
from dragoman.analysis.relation_series import RelationSeries, relation_series
from dragoman.analysis.selection import Selection, pair_rows
from dragoman.errors import AnalysisError, UsageError
from dragoman.web.answers import answer, date_of, filters_of, listed, step_of, wants_csv, whole
from dragoman.web.lists import event_records
from dragoman.web.served import Served
from dragoman.workspace.filters import Filter, day

_MULTIPLES = 12
_LOOKED_AT, _SHOWN = 300, 60  # events around a break: gathered, and sent
_BEFORE, _AFTER = dt.timedelta(days=92), dt.timedelta(days=184)


def relation(served: Served, request: Request) -> Response:
    """A pair's series and its breaks."""
    filters, by = filters_of(request), step_of(request)
    series, points = _broken(served, filters, by)
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
    return answer({"series": rows, "changes": changes, "notes": series.notes, "measure": "hostility", "by": by})


def change(served: Served, request: Request) -> Response:
    """The events around a break, those that made it first."""
    filters, by = filters_of(request), step_of(request)
    at = date_of(request.query_params.get("period"), "period")
    point = next((p for p in _broken(served, filters, by)[1] if p.at == at), None)
    if point is None:
        raise UsageError(f"there is no break at {at}")
    wanted = {cause.event for cause in point.causes}
    since, until = (point.at - _BEFORE).isoformat(), (point.at + _AFTER).isoformat()
    rows: list[dict[str, Any]] = []
    for one, other in ((filters.actor, filters.recipient), (filters.recipient, filters.actor)):
        around = Filter(actor=one, recipient=other, since=since, until=until)
        rows += event_records(served, around, _LOOKED_AT)[1]
    rows.sort(key=lambda row: (row["id"] not in wanted, str((row["time"] or {}).get("start") or "9999")))
    return (
        listed(request, len(rows), rows) if wants_csv(request) else answer({"events": rows[:_SHOWN], "change": point})
    )


def pairs(served: Served, request: Request) -> Response:
    """The pairs with most events, each with its series, for small multiples."""
    filters, by = filters_of(request), step_of(request)
    most = whole(request.query_params.get("limit", str(_MULTIPLES)), "limit", 1, 40)
    chosen = _selection(filters)

    def work() -> list[dict[str, Any]]:
        found = []
        for pair in served.workspace.pages.busiest_pairs(filters, most):
            try:
                series = _series(served, pair["actor"], pair["recipient"], by, chosen)
            except (AnalysisError, UsageError):
                continue  # a pair without dates, or of an actor with its own sector
            table = series.table.select(["period", "intensity", "events"]).rename_columns(["period", "value", "count"])
            found.append({**pair, "series": table.to_pylist()})
        return found

    made = served.kept(("pairs", request.url.query), work)
    if not wants_csv(request):
        return answer(made)
    rows = [{"actor": pair["actor"], "recipient": pair["recipient"], **point}
            for pair in made for point in pair["series"]]  # fmt: skip
    return listed(request, len(rows), rows)


def _broken(served: Served, filters: Filter, by: Step) -> tuple[RelationSeries, tuple[ChangePoint, ...]]:
    a, b = filters.actor, filters.recipient
    if not a or not b:
        raise UsageError("a relation needs two: give actor and recipient")
    chosen = _selection(filters)

    def work() -> tuple[RelationSeries, tuple[ChangePoint, ...]]:
        series = _series(served, a, b, by, chosen)
        return series, change_points(series)

    return served.kept(("relation", a, b, by, chosen.since, chosen.until), work)


def _series(served: Served, a: str, b: str, by: Step, chosen: Selection) -> RelationSeries:
    # The page shows no share of the world's events, so that only the pair's own rows need be gone through.
    rows = pair_rows(served.keyed(), a, b, names=served.names())
    return relation_series(rows, a, b, by=by, selection=chosen)


def _selection(filters: Filter) -> Selection:
    return Selection(day(filters.since), day(filters.until, last=True))
