"""Events for threat-intelligence platforms: a STIX 2.1 bundle (OASIS standard, 2021)."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa

from dragoman.formats.event_rows import named_sides, rows_by_event
from dragoman.knowledge.territories import Territories
from dragoman.records import Document

# Ids follow from what they name (RFC 4122, version 5), so two exports give the same objects. STIX keeps its own
# namespace for observables; this one is ours.
_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "stix.dragoman")
_UNDATED = "1970-01-01T00:00:00.000Z"


class _Bundle:
    """The objects gathered so far by id."""

    def __init__(self, territories: Territories) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self._territories = territories
        self.coder = self._add("identity", "dragoman", _UNDATED, name="dragoman", identity_class="system")

    def _add(self, kind: str, key: str, created: str, **properties: Any) -> str:
        identifier = f"{kind}--{uuid.uuid5(_NAMESPACE, f'{kind} {key}')}"
        if identifier not in self.objects:
            by = {} if key == "dragoman" else {"created_by_ref": self.coder}
            self.objects[identifier] = {
                "type": kind, "spec_version": "2.1", "id": identifier, **by, "created": created, "modified": created,
                **{name: value for name, value in properties.items() if value not in (None, [], "")},
            }  # fmt: skip
        return identifier

    def identity(self, key: str | None, name: str | None) -> str:
        """An actor: a state or organisation by its id, anybody else by name."""
        stem = (key or "").split("-")[0]
        kind = "organization" if key and (stem in ("IGO", "NGO") or key == stem) else "group" if key else "unknown"
        external = [{"source_name": "dragoman", "external_id": key}] if key else None
        label = name or key or ""
        return self._add(
            "identity", f"{key} {name}", _UNDATED, name=label, identity_class=kind, external_references=external
        )

    def location(self, row: dict[str, Any]) -> str | None:
        """Where an event was: a country, a position, or both; None where neither is known."""
        territory = self._territories.by_alpha3.get(row["country"] or "")
        # STIX takes ISO 3166-1 alpha-2 in either case
        country = territory.code if territory is not None and len(territory.code) == 2 else None
        located = row["lat"] is not None and row["lon"] is not None
        if country is None and not located:
            return None
        where = {"latitude": row["lat"], "longitude": row["lon"]} if located else {}
        key = f"{row['place']} {country} {where}"
        return self._add("location", key, _UNDATED, name=row["place"], country=country, **where)

    def event(self, rows: list[dict[str, Any]]) -> list[str]:
        """A relationship from each actor to each recipient, a note where there is no recipient; with all they name."""
        first = rows[0]
        created = _moment(first["published"])
        place = self.location(first)
        named = [place] if place else []
        words = (first["event_type"].lower(), first["mode"], *(first["contexts"] or ()))
        about = {
            "labels": [word for word in words if word],
            "external_references": [{"source_name": first["origin"], "external_id": first["event"]}],
        }
        recipients = [self.identity(*pair) for pair in named_sides(rows, "recipient")]
        actors = [self.identity(*pair) for pair in named_sides(rows, "actor")]
        named += [
            self._add(
                "relationship", f"{first['event']} {actor} {recipient}", created, source_ref=actor,
                target_ref=recipient, relationship_type=first["event_type"].lower(), description=first["quote"],
                **_times(first), **about,
            )
            for actor, recipient in itertools.product(actors, recipients)
        ]  # fmt: skip
        if not recipients and actors:
            content = first["quote"] or f"{first['event_type']} by {', '.join(self.objects[a]['name'] for a in actors)}"
            refs = [*actors, *named]
            named.append(self._add("note", first["event"], created, content=content, object_refs=refs, **about))
        return list(dict.fromkeys([*actors, *recipients, *named]))

    def source(self, document: Document, refs: list[str]) -> None:
        """A document: a report, or a grouping where it has no date, which a report must have."""
        created = _moment(document.published)
        reference: dict[str, Any] = {"source_name": document.publisher or "source", "external_id": document.id}
        if document.url:
            reference["url"] = document.url
        kind, own = (
            ("report", {"published": created}) if document.published else ("grouping", {"context": "unspecified"})
        )
        self._add(
            kind, document.id, created, name=document.title or document.id, object_refs=sorted(refs),
            external_references=[reference], **own,
        )  # fmt: skip


def write_stix(
    table: pa.Table,
    documents: Iterable[Document],
    sink: BinaryIO,
    territories: Territories,
    *,
    happened_only: bool = True,
) -> int:
    """Write events as a STIX 2.1 bundle: identities, locations, relationships, notes, and a report a document.

    The type of a relationship is the event type in small letters; it has the sentence as its description. STIX says of
    a relationship only that it is: what is denied or only possible is left out unless ``happened_only`` is False.

    Args:
        table: rows with the schema ``tables.DYADS``.
        documents: the sources of the events.
        sink: where to; UTF-8.
        territories: for two-letter codes of countries.
        happened_only: leave out what no source says is so.

    Returns:
        How many events were written.
    """
    bundle = _Bundle(territories)
    named: dict[str, dict[str, None]] = {}
    count = 0
    for rows in rows_by_event(table, happened_only=happened_only):
        refs = bundle.event(rows)
        count += bool(refs)
        if rows[0]["document"]:
            named.setdefault(rows[0]["document"], {}).update(dict.fromkeys(refs))
    for document in documents:
        if named.get(document.id):
            bundle.source(document, list(named[document.id]))
    listed = list(bundle.objects.values())
    whole = uuid.uuid5(_NAMESPACE, " ".join(sorted(bundle.objects)))
    sink.write(msgspec.json.encode({"type": "bundle", "id": f"bundle--{whole}", "objects": listed}) + b"\n")
    return count


def _moment(day: dt.date | str | None) -> str:
    if day is None:
        return _UNDATED
    parts = str(day)[:10].split("-")
    return f"{'-'.join([*parts, '01', '01'][:3])}T00:00:00.000Z"


def _times(row: dict[str, Any]) -> dict[str, str]:
    # stop_time must be later than start_time: the end of the last day
    found = {"start_time": _moment(row["start"])} if row["start"] else {}
    if row["end"]:
        found["stop_time"] = f"{row['end']}T23:59:59.000Z"
    return found
