"""The page's analyses of all events: time lines, blocs, the map, disputes and predictions."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from starlette.requests import Request
from starlette.responses import Response

from dragoman.analysis import calibration
from dragoman.analysis.blocs import Blocs, compare_blocs, find_blocs
from dragoman.analysis.contested import contested
from dragoman.analysis.network import build_network
from dragoman.analysis.predictions_ledger import Resolution, ledger, outcomes
from dragoman.analysis.selection import Selection
from dragoman.errors import AnalysisError
from dragoman.knowledge import load
from dragoman.records import Claim, Event
from dragoman.web.answers import answer, date_of, filters_of, listed, step_of, stretch, wants_csv, whole
from dragoman.web.changes import VERDICTS
from dragoman.web.lists import claim_rows, event_records
from dragoman.web.served import Served
from dragoman.workspace.filters import Filter

_SHOWN_EVENTS, _SHOWN_CLAIMS = 300, 200
_MOST_LANES = 14
_MOST_TIES, _MOST_FLOWS, _MOST_PLACES = 400, 150, 400
_SLIDER = 60  # positions of the slider of dates


def timeline(served: Served, request: Request) -> Response:
    """Counts by lane and period, and the records of the window."""
    filters, by = filters_of(request), step_of(request)
    if wants_csv(request):
        return listed(request, *event_records(served, filters, *stretch(request)))
    lanes = served.kept(("lanes", request.url.query), lambda: _lanes(_lane_rows(served, filters), by))
    total, shown = event_records(served, filters, _SHOWN_EVENTS)
    asked = {name: getattr(filters, name) for name in ("since", "until", "publisher", "document")}
    found = served.workspace.claims(**asked).arrow()
    claims = claim_rows(served, found.slice(max(0, found.num_rows - _SHOWN_CLAIMS)).to_pylist())
    return answer(
        {"lanes": lanes, "events": shown, "total": total,
         "claims": [c for c in claims if c["prediction"] is None],
         "predictions": [c for c in claims if c["prediction"] is not None]}
    )  # fmt: skip


def _lane_rows(served: Served, filters: Filter) -> pa.Table:
    columns = ["event", "start", "end", "published", "quad_class", "actor", "actor_name"]
    return served.workspace.dyads(filters).select(columns)


def _lanes(rows: pa.Table, by: str) -> list[dict[str, Any]]:
    """A lane for each of the actors with most events, in that order: events by period and quad class."""
    flat = pa.table(
        {
            "lane": pc.coalesce(rows["actor"], rows["actor_name"]),
            "name": pc.coalesce(rows["actor_name"], rows["actor"]),
            "date": pc.floor_temporal(pc.coalesce(rows["start"], rows["published"]), unit=by),
            "quad": rows["quad_class"],
            "event": rows["event"],
        }
    )
    flat = flat.filter(pc.and_(pc.is_valid(flat["date"]), pc.is_valid(flat["lane"])))
    totals = flat.group_by("lane").aggregate([("event", "count_distinct"), ("name", "min")])
    order = [("event_count_distinct", "descending"), ("lane", "ascending")]
    top = totals.sort_by(order).slice(0, _MOST_LANES).to_pylist()
    lanes: dict[str, list[dict[str, Any]]] = {row["lane"]: [] for row in top}
    flat = flat.filter(pc.is_in(flat["lane"], pa.array(lanes, pa.string())))
    counted = flat.group_by(["lane", "quad", "date"]).aggregate([("event", "count_distinct")])
    for row in counted.sort_by([("date", "ascending"), ("quad", "ascending")]).to_pylist():
        lanes[row["lane"]].append({"date": row["date"], "count": row["event_count_distinct"], "quad": row["quad"]})
    return [{"id": row["lane"], "name": row["name_min"], "points": lanes[row["lane"]]} for row in top]


def blocs(served: Served, request: Request) -> Response:
    """Who stands with whom in a window, and who changed since another day."""
    query = request.query_params
    window = whole(query.get("window", "365"), "window", 7, 36_500)
    fewest = whole(query.get("fewest", "2"), "fewest", 1, 10_000)
    until, compare = date_of(query.get("until"), "until"), date_of(query.get("compare"), "compare")

    def work() -> dict[str, Any]:
        periods = served.kept(("slider",), lambda: _slider(served.dyads()))
        last = until or (dt.date.fromisoformat(periods[-1]) if periods else None)
        nothing = {"actors": [], "ties": [], "moved": [], "periods": periods, "until": last, "window": window}
        if last is None:
            return {**nothing, "blocs": 0, "note": "No event has a date."}
        try:
            found = _blocs_at(served, last, window, fewest)
        except AnalysisError as error:  # the slider stays usable where one date has no network
            note = str(error)
            return {**nothing, "blocs": 0, "note": f"{note[:1].upper()}{note[1:]}."}
        moves = []
        if compare is not None:
            with contextlib.suppress(AnalysisError):  # nothing to compare with: nobody moved
                other = _blocs_at(served, compare, window, fewest)
                first, second = (other, found) if compare <= last else (found, other)
                moves = [msgspec.to_builtins(move) for move in compare_blocs(first, second)]
        ties = found.network.arrow().to_pylist()
        ties.sort(key=lambda tie: -abs(tie["weight"]))
        actors = [{**row, "id": row["actor"]} for row in found.arrow().to_pylist()]
        return {"actors": actors, "ties": ties[:_MOST_TIES], "moved": moves, "periods": periods, "until": last,
                "window": window, "blocs": found.count}  # fmt: skip

    made = served.kept(("blocs", request.url.query), work)
    return listed(request, len(made["actors"]), made["actors"]) if wants_csv(request) else answer(made)


def _blocs_at(served: Served, last: dt.date, window: int, fewest: int) -> Blocs:
    first = dt.date.fromordinal(max(1, last.toordinal() - window + 1))
    chosen = Selection(first, last)

    def work() -> Blocs:
        return find_blocs(build_network(served.keyed(), selection=chosen, fewest_events=fewest))

    return served.kept(("blocs at", last, window, fewest), work)


def _slider(table: pa.Table) -> list[str]:
    """Days from which one may look back: where the events are, not where the calendar is empty."""
    days = pc.coalesce(table["end"], table["start"]).drop_null()
    if not len(days):
        return []
    count = max(2, min(_SLIDER, len(pc.unique(days))))
    steps = pc.quantile(days.cast(pa.int32()), q=[k / (count - 1) for k in range(count)], interpolation="higher")
    return [day.isoformat() for day in sorted(set(steps.cast(pa.int32()).cast(pa.date32()).to_pylist()))]


def places(served: Served, request: Request) -> Response:
    """Where things happened, and from whom to whom."""
    filters = filters_of(request)
    made = served.kept(("map", request.url.query), lambda: _places(served.workspace.dyads(filters)))
    return listed(request, len(made["places"]), made["places"]) if wants_csv(request) else answer(made)


def _places(rows: pa.Table) -> dict[str, Any]:
    located = rows.filter(pc.and_(pc.is_valid(rows["lat"]), pc.is_valid(rows["place"])))
    spots = located.group_by(["place", "country"]).aggregate(
        [("lat", "mean"), ("lon", "mean"), ("event", "count_distinct"), ("intensity", "mean")]
    )
    found = [
        {"id": f"{r['place']}|{r['country'] or ''}", "name": r["place"], "country": r["country"], "lat": r["lat_mean"],
         "lon": r["lon_mean"], "events": r["event_count_distinct"], "tone": r["intensity_mean"]}
        for r in spots.to_pylist()
    ]  # fmt: skip
    found.sort(key=lambda spot: (-spot["events"], spot["id"]))
    return {"places": found[:_MOST_PLACES], "flows": _flows(rows)}


def _flows(rows: pa.Table) -> list[dict[str, Any]]:
    """Acts from one state to another, drawn from capital to capital."""
    homes = {key: [site.lon, site.lat] for key, site in load().gazetteer.capitals().items()}
    counted = rows.group_by(["actor", "recipient"]).aggregate([("event", "count_distinct"), ("intensity", "mean")])
    flows: dict[tuple[str, str], tuple[int, float]] = {}
    for row in counted.to_pylist():
        ends = ((row["actor"] or "")[:3], (row["recipient"] or "")[:3])
        if ends[0] != ends[1] and ends[0] in homes and ends[1] in homes:
            count, total = flows.get(ends, (0, 0.0))
            more = int(row["event_count_distinct"])
            flows[ends] = (count + more, total + (row["intensity_mean"] or 0.0) * more)
    ordered = sorted(flows.items(), key=lambda flow: (-flow[1][0], flow[0]))
    return [
        {"from": a, "to": b, "from_point": homes[a], "to_point": homes[b], "events": count, "tone": total / count}
        for (a, b), (count, total) in ordered[:_MOST_FLOWS]
    ]


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
                        "title": documents[account.document].title} for account in contest.accounts]}
            for contest in found
        ]  # fmt: skip

    rows = served.kept(("disputed", about), work)
    limit, offset = stretch(request)
    return listed(request, len(rows), rows[offset : offset + limit])


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


def _like_foretold(served: Served, claims: Iterable[Claim]) -> list[Event]:
    """Events of the types that predictions are about; the others settle none."""
    foretold = {event for claim in claims if claim.prediction for event in claim.prediction.events}
    if not foretold:
        return []
    rows = served.dyads()
    named = pc.is_in(rows["event"], pa.array(sorted(foretold), pa.string()))
    types = pc.unique(rows["event_type"].filter(named)).to_pylist()
    found: list[Event] = served.workspace.events(event_type=types).records() if types else []
    return found


def _predictions(served: Served) -> dict[str, Any]:
    workspace = served.workspace
    documents = {d.id: d for d in workspace.documents().records()}
    claims = {c.id: c for c in workspace.claims().records() if c.prediction is not None}
    path = workspace.folder / VERDICTS
    lines = path.read_bytes().splitlines() if path.exists() else []
    settled = [msgspec.json.decode(line, type=Resolution) for line in lines]
    today = dt.datetime.now(dt.UTC).date()
    entries = ledger(claims.values(), documents, settled, today, _like_foretold(served, claims.values()))
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
            {**_builtins(entry), "id": entry.claim, "document": claim.document, "sentence": claim.sentence.quote,
             "outcome": {"yes": "true", "no": "false"}.get(entry.verdict or ""), "score": score,
             "title": document.title if document else None, "publisher": document.publisher if document else None}
        )  # fmt: skip
    bins = [{"low": b.low, "high": b.high, "n": b.count, "mean": b.mean_chance, "share": b.came_true}
            for b in calibration.calibration(known)] if known else []  # fmt: skip
    return {"rows": rows, "calibration": bins, "score": calibration.score(known) if known else None}
