"""The page's lists: what the workspace holds, its documents, events, claims, actors, and search."""

from __future__ import annotations

from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from starlette.requests import Request
from starlette.responses import Response

from dragoman.errors import UsageError
from dragoman.records import Actor, Claim, Event
from dragoman.web.answers import answer, filters_of, listed, stretch, whole
from dragoman.web.served import Served
from dragoman.workspace.filters import Filter

_TOP = 12  # actors that the first view names
_MOST_FAILURES = 200
_LATEST = 20


def status(served: Served, request: Request) -> Response:
    """What the workspace holds, and what failed."""
    del request

    def work() -> dict[str, Any]:
        workspace = served.workspace
        state = workspace.status()
        dates = [day for publisher in state.publishers for day in (publisher.first, publisher.last) if day]
        return {
            "name": workspace.folder.resolve().name,
            "counts": {"documents": state.documents, "events": state.events + state.imported, "claims": state.claims,
                       "failed": len(state.failures), "imported": state.imported, "stories": state.stories},
            "sources": state.inputs,
            "failures": [vars(failure) for failure in state.failures[-_MOST_FAILURES:]][::-1],
            "since": min(dates, default=None), "until": max(dates, default=None),
            "publishers": [publisher.name for publisher in state.publishers if publisher.name],
            "top_actors": workspace.pages.actor_names("", _TOP),
        }  # fmt: skip

    found = served.kept(("status",), work)
    return answer({**found, "read_only": served.read_only, "fetch": served.fetch})


def documents(served: Served, request: Request) -> Response:
    """Documents without their texts."""
    total, rows = served.workspace.pages.documents(filters_of(request), *stretch(request))
    return listed(request, total, rows)


def document(served: Served, request: Request) -> Response:
    """One document with everything read from it, as corrected."""
    reading = served.workspace.reading(request.path_params["document"])
    told = msgspec.to_builtins(reading.document)
    text = told.pop("text")
    judged = served.workspace.pages.judged()
    return answer(
        {
            "document": told, "text": text, "notes": reading.notes,
            "events": [_reviewed(event, judged) for event in reading.events],
            "claims": [_reviewed(claim, judged) for claim in reading.claims],
            "disputes": reading.disputes,
            "mentions": [mention for actor in reading.actors for mention in _mentions(actor)],
            "actors": {actor.id or actor.name: _described(actor) for actor in reading.actors},
        }
    )  # fmt: skip


def _mentions(actor: Actor) -> list[dict[str, Any]]:
    return [{"actor": actor.id, "name": actor.name, "span": span} for span in actor.mentions]


def _described(actor: Actor) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(actor)
    del told["mentions"]
    return {**told, "id": actor.id or actor.name}


def _reviewed(record: Event | Claim, judged: dict[str, str]) -> dict[str, Any]:
    return {**msgspec.to_builtins(record), "review": judged.get(record.id)}


def events(served: Served, request: Request) -> Response:
    """Events, read and imported, the latest first."""
    limit, offset = stretch(request)
    return listed(request, *event_records(served, filters_of(request), limit, offset))


def event_records(served: Served, filters: Filter, limit: int, offset: int = 0) -> tuple[int, list[dict[str, Any]]]:
    """A page of events in the shape of the record, whether they were read or imported."""
    total, rows = served.workspace.pages.events(filters, limit, offset)
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["event"], []).append(row)
    judged = served.workspace.pages.judged()
    return total, [{**as_record(group), "review": judged.get(key)} for key, group in grouped.items()]


def as_record(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows of one event as one record; ``sentence`` is its words, empty where it was imported without any."""
    first = rows[0]
    dated = first["start"] is not None
    interval = {"start": first["start"], "end": first["end"], "granularity": first["granularity"], "quote": None}
    place = {"name": first["place"], "lat": first["lat"], "lon": first["lon"], "country": first["country"]}
    return {
        "record": "event", "id": first["event"], "document": first["document"], "title": first.get("title"),
        "publisher": first["publisher"], "published": first["published"], "sentence": first["quote"] or "",
        "actors": _side(rows, "actor"), "recipients": _side(rows, "recipient"), "event_type": first["event_type"],
        "mode": first["mode"], "contexts": first["contexts"] or [], "time": interval if dated else None,
        "place": place if first["place"] else None, "factuality": first["factuality"], "speaker": first["speaker"],
        "quad_class": first["quad_class"], "intensity": first["intensity"], "story": first["story"],
        "origin": first["origin"], "quantities": [], "claims": [],
    }  # fmt: skip


def _side(rows: list[dict[str, Any]], side: str) -> list[dict[str, Any]]:
    found = dict.fromkeys((row[side], row[f"{side}_name"]) for row in rows)
    return [{"id": key, "name": name or key} for key, name in found if key or name]


def claims(served: Served, request: Request) -> Response:
    """Claims with the document that they stand in."""
    limit, offset = stretch(request)
    filters = filters_of(request)
    asked = {
        name: getattr(filters, name) for name in ("speaker", "since", "until", "factuality", "publisher", "document")
    }
    found = served.workspace.claims(**asked)
    rows = claim_rows(served, found.arrow().slice(offset, limit).to_pylist())
    return listed(request, len(found), rows)


def claim_rows(served: Served, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of claims with title, publisher and date."""
    about = served.workspace.pages.titles(row["document"] for row in rows)
    judged = served.workspace.pages.judged()
    return [
        {**row, "record": "claim", "review": judged.get(row["id"]),
         **{name: about.get(row["document"], {}).get(name) for name in ("title", "publisher", "published")}}
        for row in rows
    ]  # fmt: skip


def actors(served: Served, request: Request) -> Response:
    """Completion of names."""
    beginning = request.query_params.get("q", "")[:80]
    limit = whole(request.query_params.get("limit", "12"), "limit", 1, 50)
    return answer(
        served.kept(("actors", beginning, limit), lambda: served.workspace.pages.actor_names(beginning, limit))
    )


def actor(served: Served, request: Request) -> Response:
    """Who somebody is, with whom they deal, and their latest events."""
    key = request.path_params["actor"]
    return answer(served.kept(("actor", key), lambda: _card(served, key)))


def _card(served: Served, key: str) -> dict[str, Any]:
    total, latest = event_records(served, Filter(either=key), _LATEST)
    known: list[Actor] = served.workspace.actors(actor=key, limit=200).records()
    if not total and not known:
        raise UsageError(f"no event or text of this workspace names '{key}'")
    newest = known[-1] if known else None
    roles = {(role.title, role.of): role for one in known for role in one.roles}
    names = [side["name"] for event in latest for side in (*event["actors"], *event["recipients"]) if side["id"] == key]
    return {
        "id": key,
        "name": newest.name if newest else names[0] if names else key,
        "kind": newest.kind if newest else None,
        "country": newest.country if newest else None,
        "wikidata": newest.wikidata if newest else None,
        "events": total,
        "roles": [{"role": r.title, "of": r.of, "since": r.start, "until": r.end} for r in roles.values()],
        "relations": _relations(served, key),
        "latest": latest,
    }


def _relations(served: Served, key: str) -> list[dict[str, Any]]:
    """Those with whom somebody has most events, and the mean intensity of these."""
    rows = served.workspace.dyads(Filter(either=key))
    sides = [_others(rows, side) for side in ("actor", "recipient")]
    counted = pa.concat_tables(sides).group_by("id").aggregate([("name", "min"), ("id", "count"), ("tone", "mean")])
    own = pc.or_(pc.equal(counted["id"], key), pc.starts_with(counted["id"], f"{key}-"))
    order = [("id_count", "descending"), ("id", "ascending")]
    found = counted.filter(pc.invert(own)).sort_by(order).slice(0, _TOP).to_pylist()
    return [
        {"id": row["id"], "name": row["name_min"], "events": row["id_count"], "tone": round(row["tone_mean"], 2)}
        for row in found
    ]


def _others(rows: pa.Table, side: str) -> pa.Table:
    columns = {
        "id": pc.coalesce(rows[side], rows[f"{side}_name"]),
        "name": pc.coalesce(rows[f"{side}_name"], rows[side]),
        "tone": pc.fill_null(rows["intensity"], 0.0),
    }
    table = pa.table(columns)
    return table.filter(pc.is_valid(table["id"]))


def search(served: Served, request: Request) -> Response:
    """Texts that match, best first."""
    query = request.query_params.get("q", "").strip()[:400]
    if not query:
        raise UsageError("say what is searched for")
    limit = whole(request.query_params.get("limit", "50"), "limit", 1, 200)
    hits = served.workspace.search(query, limit=limit)
    rows = [
        {"document": hit.document, "title": hit.title, "publisher": hit.publisher, "published": hit.published,
         "score": hit.score, "start": hit.start, "snippet": hit.quote, "spans": [list(span) for span in hit.matches]}
        for hit in hits
    ]  # fmt: skip
    return listed(request, len(rows), rows)


def corrections(served: Served, request: Request) -> Response:
    """What was decided, and whether it holds."""
    limit, offset = stretch(request)
    rows = [
        {"id": c.id, "made": c.made, "user": c.user, "reason": c.reason, "kind": c.kind, "subject": c.subject,
         "field": c.field, "value": c.value, "active": c.active}
        for c in served.workspace.corrections()
    ]  # fmt: skip
    return listed(request, len(rows), rows[::-1][offset : offset + limit])
