"""The page's lists: what the workspace holds, its documents, events, claims, actors, and search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec
import numpy as np
from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response

from dragoman.errors import UsageError
from dragoman.reading.layout import blocks, headline_end
from dragoman.reading.marks import settings_of
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
    where = settings_of(text, reading.actors, reading.claims, reading.events)
    return answer(
        {
            "document": told, "text": text, "notes": reading.notes,
            "paragraphs": blocks(text), "headed": headline_end(text, reading.document.title) is not None,
            "events": [_reviewed(event, judged) for event in reading.events],
            "claims": [_reviewed(claim, judged) for claim in reading.claims],
            "disputes": reading.disputes,
            "mentions": [mention for actor in reading.actors for mention in _mentions(actor, where)],
            "actors": {actor.id or actor.name: _described(actor) for actor in reading.actors},
        }
    )  # fmt: skip


def _mentions(actor: Actor, where: Collection[int]) -> list[dict[str, Any]]:
    told = {"actor": actor.id, "name": actor.name}
    return [{**told, "span": span, "place": span.start in where} for span in actor.mentions]


def _described(actor: Actor) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(actor)
    del told["mentions"]
    return {**told, "id": actor.id or actor.name}


def _reviewed(record: Event | Claim, judged: dict[str, str]) -> dict[str, Any]:
    return {**msgspec.to_builtins(record), "review": judged.get(record.id)}


def events(served: Served, request: Request) -> Response:
    """Events, read and imported, the latest first.

    What is asked first is answered from the file, and then all events are taken into memory for what comes next.
    """
    limit, offset = stretch(request)
    filters = filters_of(request)
    if served.columns_at_hand() is not None:
        return listed(request, *event_records(served, filters, limit, offset))
    total, rows = served.workspace.pages.events(filters, limit, offset)
    made = listed(request, total, _records(served, rows))
    made.background = BackgroundTask(served.columns)
    return made


def event_records(served: Served, filters: Filter, limit: int, offset: int = 0) -> tuple[int, list[dict[str, Any]]]:
    """A page of events in the shape of the record, whether they were read or imported."""
    columns = served.columns()
    total, rows = columns.page(columns.where(filters), limit, offset)
    return total, _records(served, rows)


def _records(served: Served, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows of ``tables.DYADS`` as records with their title and what was decided of them."""
    about = served.workspace.pages.titles(row["document"] for row in rows if row["document"])
    judged = served.workspace.pages.judged()
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault(row["event"], []).append(row)
    return [
        {**as_record(group), "title": about.get(group[0]["document"], {}).get("title"), "review": judged.get(key)}
        for key, group in grouped.items()
    ]


def as_record(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The rows of one event as one record; ``sentence`` is its words, empty where it was imported without any."""
    first = rows[0]
    dated = first["start"] is not None or first["end"] is not None
    interval = {"start": first["start"], "end": first["end"], "granularity": first["granularity"], "quote": None}
    place = {"name": first["place"], "lat": first["lat"], "lon": first["lon"], "country": first["country"]}
    return {
        "record": "event", "id": first["event"], "document": first["document"],
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
    columns = served.columns()
    rows = np.flatnonzero(columns.where(Filter(either=key)))
    both = np.concatenate([side[rows] for side in columns.sides])
    tones = np.tile(columns.intensity[rows], 2)[both >= 0]
    others = both[both >= 0]
    counts = np.bincount(others, minlength=len(columns.keys))
    sums = np.bincount(others, tones, minlength=len(columns.keys))
    found = [
        {"id": other, "name": columns.names[other], "events": int(counts[at]), "tone": round(sums[at] / counts[at], 2)}
        for at, other in enumerate(columns.keys)
        if counts[at] and other != key and not other.startswith(f"{key}-")
    ]  # fmt: skip
    return sorted(found, key=lambda row: (-row["events"], row["id"]))[:_TOP]


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
