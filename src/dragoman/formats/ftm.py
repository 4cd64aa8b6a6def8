"""Events for investigative graphs: FollowTheMoney entities as JSON lines (OpenAleph, nomenklatura)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa

from dragoman.formats.event_rows import named_sides, rows_by_event
from dragoman.knowledge.territories import Territories
from dragoman.records import Document

_LANGUAGES = {"en": "eng"}  # FollowTheMoney takes ISO 639-3; no other language is read
_SCHEMATA = {"IGO": "PublicBody", "NGO": "Organization", "NSA": "Organization"}


def write_ftm(
    table: pa.Table,
    documents: Iterable[Document],
    sink: BinaryIO,
    territories: Territories,
    *,
    happened_only: bool = True,
) -> int:
    """Write events, their sources and their actors as FollowTheMoney entities.

    An event is an ``Event`` that names its actors as ``organizer``, its recipients as ``involved`` and its source, an
    ``Article``, as ``proof``. A state is a ``PublicBody``; who is known by name only is a ``LegalEntity``. Ids follow
    from what they name, so two exports merge.

    Args:
        table: rows with the schema ``tables.DYADS``.
        documents: the sources of the events.
        sink: where to; UTF-8.
        territories: for two-letter codes of countries.
        happened_only: leave out what no source says is so; FollowTheMoney has no place for how sure a source is.

    Returns:
        How many entities were written.
    """
    entities: dict[str, dict[str, Any]] = {}
    for document in documents:
        _add(entities, _identifier("article", document.id), "Article", _article(document))
    for rows in rows_by_event(table, happened_only=happened_only):
        ends = {}
        for side in ("actor", "recipient"):
            ends[side] = [_actor(entities, key, name, territories) for key, name in named_sides(rows, side)]
        first = rows[0]
        source = _identifier("article", first["document"]) if first["document"] else None
        event = _event(first, territories) | {
            "organizer": ends["actor"],
            "involved": ends["recipient"],
            "proof": [source] if source in entities else [],
        }
        _add(entities, _identifier("event", first["event"]), "Event", event)
    for entity in entities.values():
        sink.write(msgspec.json.encode(entity) + b"\n")
    return len(entities)


def _add(entities: dict[str, dict[str, Any]], identifier: str, schema: str, properties: dict[str, list[Any]]) -> None:
    given = {name: [str(value) for value in values if value] for name, values in properties.items()}
    kept = {name: values for name, values in given.items() if values}
    entities.setdefault(identifier, {"id": identifier, "schema": schema, "properties": kept})


def _identifier(kind: str, key: str) -> str:
    return f"dragoman-{hashlib.sha1(f'{kind} {key}'.encode('utf-8', 'replace'), usedforsecurity=False).hexdigest()}"


def _article(document: Document) -> dict[str, list[Any]]:
    return {
        "title": [document.title or document.id], "author": [document.author], "publisher": [document.publisher],
        "sourceUrl": [document.url], "publishedAt": [document.published],
        "language": [_LANGUAGES.get(document.language or "")],
        "contentHash": [], "bodyText": [document.text],
    }  # fmt: skip


def _actor(entities: dict[str, dict[str, Any]], key: str | None, name: str | None, territories: Territories) -> str:
    identifier = _identifier("actor", f"{key} {name}")
    stem = (key or "").split("-")[0]
    state = territories.by_alpha3.get(stem)
    schema = _SCHEMATA.get(stem) or ("PublicBody" if state and key == stem else "LegalEntity")
    properties = {"name": [name or key], "country": [_country(stem, territories)], "keywords": [key]}
    _add(entities, identifier, schema, properties)
    return identifier


def _event(row: dict[str, Any], territories: Territories) -> dict[str, list[Any]]:
    words = [row["event_type"], row["mode"], *(row["contexts"] or ())]
    return {
        "name": [f"{row['event_type']}: {row['actor_name'] or '?'} - {row['recipient_name'] or '?'}"],
        "startDate": [row["start"]], "endDate": [row["end"]], "description": [row["quote"]],
        "location": [row["place"]], "country": [_country(row["country"] or "", territories)],
        "publisher": [row["publisher"]], "keywords": words,
    }  # fmt: skip


def _country(alpha3: str, territories: Territories) -> str | None:
    territory = territories.by_alpha3.get(alpha3)
    return territory.code if territory is not None and len(territory.code) == 2 else None
