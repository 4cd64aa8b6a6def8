"""The page's analyses of all events: time lines, blocs, the map, disputes and predictions."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from starlette.requests import Request
from starlette.responses import Response

from dragoman.analysis import calibration
from dragoman.analysis.blocs import Blocs, compare_blocs, find_blocs
from dragoman.analysis.contested import contested
from dragoman.analysis.network import build_network
from dragoman.analysis.periods import Step, period_numbers, period_starts
from dragoman.analysis.predictions_ledger import Coded, CodedEvents, Resolution, ledger, outcomes
from dragoman.errors import AnalysisError
from dragoman.knowledge import load
from dragoman.record_tables import records_from
from dragoman.records import Claim
from dragoman.web.answers import answer, date_of, filters_of, listed, step_of, stretch, wants_csv, whole
from dragoman.web.changes import VERDICTS
from dragoman.web.event_columns import NEVER, RESOLVED, EventColumns, Mask
from dragoman.web.lists import claim_rows, event_records
from dragoman.web.served import Served
from dragoman.workspace.filters import Filter

_SHOWN_EVENTS, _SHOWN_CLAIMS = 300, 200  # claims: and as many predictions
_MOST_LANES = 14
_MOST_TIES, _MOST_FLOWS, _MOST_PLACES = 400, 150, 400
_OF_TIES = ("event", "start", "end", "actor", "actor_name", "recipient", "recipient_name", "intensity", "factuality")
_OF_PREDICTIONS = ("event", "actor", "recipient", "event_type", "start", "factuality")
_SLIDER = 60  # positions of the slider of dates


def timeline(served: Served, request: Request) -> Response:
    """Counts by lane and period, and the records of the window."""
    filters, by = filters_of(request), step_of(request)
    if wants_csv(request):
        return listed(request, *event_records(served, filters, *stretch(request)))
    lanes = served.kept(("lanes", request.url.query), lambda: _lanes(served.columns(), filters, by))
    total, shown = event_records(served, filters, _SHOWN_EVENTS)
    spoken: dict[str, Any] = {}
    for name in ("claims", "predictions"):
        count, rows = served.workspace.pages.claims_over_time(filters, _SHOWN_CLAIMS, foretelling=name == "predictions")
        spoken |= {name: claim_rows(served, rows), f"{name}_total": count}
    return answer({"lanes": lanes, "events": shown, "total": total, **spoken})


def _lanes(columns: EventColumns, filters: Filter, by: Step) -> list[dict[str, Any]]:
    """A lane for each of the actors with most events, in that order: events by period and quad class."""
    lane = columns.sides[0]
    rows = np.flatnonzero(columns.where(filters) & (lane >= 0) & (columns.first != NEVER))
    totals = columns.events(rows, lane[rows], len(columns.keys))
    top = sorted(np.flatnonzero(totals).tolist(), key=lambda key: (-totals[key], columns.keys[key]))[:_MOST_LANES]
    if not top:
        return []
    place = np.full(len(columns.keys), -1)
    place[top] = np.arange(len(top))
    rows = rows[place[lane[rows]] >= 0]
    numbers = period_numbers(columns.first[rows].astype("datetime64[D]"), by)
    begun = int(numbers.min())
    size, quads = int(numbers.max()) - begun + 1, 5  # four classes, and none
    quad = np.nan_to_num(columns.numbers("quad_class")[rows]).astype(np.int64)
    groups = (place[lane[rows]] * size + numbers - begun) * quads + quad
    counts = columns.events(rows, groups, len(top) * size * quads)
    lanes: list[dict[str, Any]] = [
        {"id": key, "name": columns.names[key], "points": []} for key in (columns.keys[at] for at in top)
    ]
    dates = period_starts(np.arange(begun, begun + size), by).tolist()
    for group in np.flatnonzero(counts).tolist():
        at, number = divmod(group, size * quads)
        date, kind = dates[number // quads], number % quads
        lanes[at]["points"].append({"date": date, "count": int(counts[group]), "quad": kind or None})
    return lanes


def blocs(served: Served, request: Request) -> Response:
    """Who stands with whom in a window, and who changed since another day."""
    query = request.query_params
    window = whole(query.get("window", "365"), "window", 7, 36_500)
    fewest = whole(query.get("fewest", "2"), "fewest", 1, 10_000)
    named = request.query_params.get("named", RESOLVED)
    until, compare = date_of(query.get("until"), "until"), date_of(query.get("compare"), "compare")

    def work() -> dict[str, Any]:
        periods = served.kept(("slider",), lambda: _slider(served.columns()))
        last = until or (dt.date.fromisoformat(periods[-1]) if periods else None)
        nothing = {"actors": [], "ties": [], "moved": [], "periods": periods, "until": last, "window": window}
        if last is None:
            return {**nothing, "blocs": 0, "note": "No event has a date."}
        try:
            found = _blocs_at(served, last, window, fewest, named)
        except AnalysisError as error:  # the slider stays usable where one date has no network
            note = str(error)
            return {**nothing, "blocs": 0, "note": f"{note[:1].upper()}{note[1:]}."}
        moves = []
        if compare is not None:
            with contextlib.suppress(AnalysisError):  # nothing to compare with: nobody moved
                other = _blocs_at(served, compare, window, fewest, named)
                first, second = (other, found) if compare <= last else (found, other)
                moves = [msgspec.to_builtins(move) for move in compare_blocs(first, second)]
        ties = found.network.arrow().to_pylist()
        ties.sort(key=lambda tie: -abs(tie["weight"]))
        actors = [{**row, "id": row["actor"]} for row in found.arrow().to_pylist()]
        return {"actors": actors, "ties": ties[:_MOST_TIES], "moved": moves, "periods": periods, "until": last,
                "window": window, "blocs": found.count}  # fmt: skip

    made = served.kept(("blocs", request.url.query), work)
    return listed(request, len(made["actors"]), made["actors"]) if wants_csv(request) else answer(made)


def _blocs_at(served: Served, last: dt.date, window: int, fewest: int, named: str) -> Blocs:
    def work() -> Blocs:
        columns, day = served.columns(), (last - dt.date(1970, 1, 1)).days
        inside = (columns.end > day - window) & (columns.start <= day) & (columns.start != NEVER) & columns.happened
        if named == RESOLVED:
            inside &= columns.resolved
        if not inside.any():
            raise AnalysisError("nothing is known to have happened then; widen the stretch of time or move its end")
        return find_blocs(build_network(columns.rows(inside, *_OF_TIES), fewest_events=fewest))

    return served.kept(("blocs at", last, window, fewest, named), work)


def _slider(columns: EventColumns) -> list[str]:
    """Days from which one may look back: where the events are, not where the calendar is empty."""
    days = np.sort(columns.end[(columns.end != NEVER) & columns.happened])
    if not len(days):
        return []
    count = max(2, min(_SLIDER, len(np.unique(days))))
    steps = np.quantile(days, np.linspace(0, 1, count), method="higher").astype("datetime64[D]")
    return [day.isoformat() for day in sorted(set(steps.tolist()))]


def places(served: Served, request: Request) -> Response:
    """Where things happened, and from whom to whom."""
    filters = filters_of(request)
    made = served.kept(("map", request.url.query), lambda: _places(served.columns(), filters))
    return listed(request, len(made["places"]), made["places"]) if wants_csv(request) else answer(made)


def _places(columns: EventColumns, filters: Filter) -> dict[str, Any]:
    kept = columns.where(filters)
    spots, spot = columns.spots
    rows = np.flatnonzero(kept & (spot >= 0))
    events = columns.events(rows, spot[rows], len(spots))
    size = np.maximum(np.bincount(spot[rows], minlength=len(spots)), 1)
    lat, lon, tone = (
        np.bincount(spot[rows], values[rows], minlength=len(spots)) / size
        for values in (columns.numbers("lat"), columns.numbers("lon"), columns.intensity)
    )
    found = [
        {"id": f"{name}|{country or ''}", "name": name, "country": country, "lat": lat[at], "lon": lon[at],
         "events": int(events[at]), "tone": tone[at]}
        for at, (name, country) in enumerate(spots) if events[at]
    ]  # fmt: skip
    found.sort(key=lambda one: (-one["events"], one["id"]))
    return {"places": found[:_MOST_PLACES], "flows": _flows(columns, kept)}


def _flows(columns: EventColumns, kept: Mask) -> list[dict[str, Any]]:
    """Acts from one state to another, drawn from capital to capital."""
    homes = {key: [site.lon, site.lat] for key, site in load().gazetteer.capitals().items()}
    keys, actor, recipient = columns.states
    drawn = np.array([*(key in homes for key in keys), False], dtype=bool)
    rows = np.flatnonzero(kept & drawn[actor] & drawn[recipient] & (actor != recipient))
    found, flow = np.unique(actor[rows] * len(keys) + recipient[rows], return_inverse=True)
    events = columns.events(rows, flow, len(found))
    tone = np.bincount(flow, columns.intensity[rows], minlength=len(found)) / np.maximum(np.bincount(flow), 1)
    flows = [
        {
            "from": a,
            "to": b,
            "from_name": columns.names.get(a, a),
            "to_name": columns.names.get(b, b),
            "from_point": homes[a],
            "to_point": homes[b],
            "events": int(events[at]),
            "tone": tone[at],
        }
        for at, (a, b) in enumerate((keys[ends // len(keys)], keys[ends % len(keys)]) for ends in found.tolist())
    ]
    flows.sort(key=lambda one: (-one["events"], one["from"], one["to"]))
    return flows[:_MOST_FLOWS]


def disputed(served: Served, request: Request) -> Response:
    """Claims in conflict, side by side."""
    about = request.query_params.get("q") or None

    def work() -> list[dict[str, Any]]:
        documents = {d.id: d for d in served.workspace.documents().records()}
        claims = served.workspace.claims().records()
        by_id = {claim.id: claim for claim in claims}
        found = contested(claims, documents, load().cues.function_words, about)
        return [
            {"topic": contest.about, "differs": contest.differs,
             "sides": [{**_builtins(account), "sentence": by_id[account.claim].sentence.quote,
                        "speaker_id": _speaker(by_id[account.claim]),
                        "title": documents[account.document].title} for account in contest.accounts]}
            for contest in found
        ]  # fmt: skip

    rows = served.kept(("disputed", about), work)
    limit, offset = stretch(request)
    return listed(request, len(rows), rows[offset : offset + limit])


def _speaker(claim: Claim) -> str | None:
    return claim.speaker.id if claim.speaker else None


def _builtins(value: Any) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(value)
    return made


def predictions(served: Served, request: Request) -> Response:
    """The ledger of predictions with outcomes and scores, and how chances were calibrated."""
    limit, offset = stretch(request)
    made = served.kept(("predictions",), lambda: _predictions(served))
    rows = made["rows"][offset : offset + limit]
    if wants_csv(request):
        return listed(request, len(made["rows"]), rows)
    return answer({**made, "total": len(made["rows"]), "rows": rows})


def _like_foretold(columns: EventColumns, claims: Iterable[Claim]) -> CodedEvents:
    """Events that were read, of the types that predictions are about; the others settle none."""
    foretold = {event for claim in claims if claim.prediction for event in claim.prediction.events}
    named = columns.among("event", foretold)
    types, kind = columns.coded("event_type")
    wanted = np.zeros(len(types) + 1, dtype=bool)
    wanted[kind[named]] = True
    rows = columns.rows(wanted[kind] & columns.where(Filter(origin="read")), *_OF_PREDICTIONS)
    columns_of = [rows[name].cast(pa.string()).to_pylist() for name in _OF_PREDICTIONS]
    coded: dict[str, Coded] = {}
    for key, actor, recipient, *others in zip(*columns_of, strict=True):
        known = coded.get(key)
        actors, recipients = (known.actors, known.recipients) if known else (frozenset(), frozenset())
        coded[key] = Coded(key, actors | {actor} - {None}, recipients | {recipient} - {None}, *others)
    return CodedEvents(coded.values())


def _predictions(served: Served) -> dict[str, Any]:
    workspace = served.workspace
    documents = {d.id: d for d in workspace.documents().records()}
    told = workspace.claims().arrow()
    foretelling = records_from(told.filter(pc.is_valid(told["prediction"])), Claim)
    claims = {claim.id: claim for claim in foretelling}
    path = workspace.folder / VERDICTS
    lines = path.read_bytes().splitlines() if path.exists() else []
    settled = [msgspec.json.decode(line, type=Resolution) for line in lines]
    today = dt.datetime.now(dt.UTC).date()
    entries = ledger(claims.values(), documents, settled, today, _like_foretold(served.columns(), claims.values()))
    known = outcomes(entries)
    rows = []
    for entry in entries:
        claim = claims[entry.claim]
        document = documents.get(claim.document)
        score = (
            (entry.chance - (entry.verdict == "yes")) ** 2
            if entry.verdict in ("yes", "no") and entry.chance is not None
            else None
        )
        rows.append(
            {**_builtins(entry), "id": entry.claim, "speaker_id": _speaker(claim), "document": claim.document,
             "sentence": claim.sentence.quote,
             "outcome": {"yes": "true", "no": "false"}.get(entry.verdict or ""), "score": score,
             "title": document.title if document else None, "publisher": document.publisher if document else None}
        )  # fmt: skip
    bins = [{"low": b.low, "high": b.high, "n": b.count, "mean": b.mean_chance, "share": b.came_true}
            for b in calibration.calibration(known)] if known else []  # fmt: skip
    return {"rows": rows, "calibration": bins, "score": calibration.score(known) if known else None}
