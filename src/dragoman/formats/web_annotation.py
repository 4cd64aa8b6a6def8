"""Records as annotations of their text: W3C Web Annotation Data Model (2017) as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import msgspec

from dragoman.reading.result import Reading
from dragoman.records import Actor, Claim, Dispute, Document, Event, Span

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
_AROUND = 32  # characters before and after a quote
_WIKIDATA = "http://www.wikidata.org/entity/"


def write_web_annotations(readings: Iterable[Reading], sink: BinaryIO) -> int:
    """Write an AnnotationCollection of one page with an annotation for each mention, claim, event and dispute.

    An annotation's target is the stored text of the document (``urn:dragoman:document:ID``; the address it came from
    is the target's ``scope``), found by a TextPositionSelector, which counts code points, and a TextQuoteSelector. Its
    body is the record as JSON, and a tag.

    Returns:
        How many annotations were written.
    """
    sink.write(
        b'{"@context":"' + CONTEXT.encode() + b'","id":"urn:dragoman:annotations","type":"AnnotationCollection",'
        b'"first":{"id":"urn:dragoman:annotations:1","type":"AnnotationPage","startIndex":0,"items":['
    )
    count = 0
    for reading in readings:
        for annotation in annotations_of(reading):
            sink.write((b",\n" if count else b"\n") + msgspec.json.encode(annotation))
            count += 1
    sink.write(b'\n]},"total":' + str(count).encode() + b"}\n")
    return count


def annotations_of(reading: Reading) -> Iterator[dict[str, Any]]:
    """The annotations of one document: mentions of actors, then claims, events and disputes."""
    document = reading.document
    for number, actor in enumerate(reading.actors, 1):
        yield _of_actor(document, number, actor)
    records: list[Claim | Event] = [*reading.claims, *reading.events]
    for record in records:
        yield _of_record(document, record)
    evidence = {record.id: _evidence(record) for record in records}
    for dispute in reading.disputes:
        spans = [span for version in dispute.versions for span in evidence.get(version, ())]
        yield _annotation(document, dispute.id, "classifying", [_tag(dispute.differs), _whole(dispute)], spans)


def _of_actor(document: Document, number: int, actor: Actor) -> dict[str, Any]:
    bodies = [_tag(actor.id or actor.name)]
    if actor.wikidata:
        bodies.append({"type": "SpecificResource", "source": _WIKIDATA + actor.wikidata, "purpose": "identifying"})
    return _annotation(document, f"{document.id[:12]}.a{number}", "identifying", bodies, actor.mentions)


def _of_record(document: Document, record: Claim | Event) -> dict[str, Any]:
    tag = record.event_type if isinstance(record, Event) else record.act
    return _annotation(document, record.id, "classifying", [_tag(tag), _whole(record)], _evidence(record))


def _evidence(record: Claim | Event) -> tuple[Span, ...]:
    return (record.trigger,) if isinstance(record, Event) else record.parts or (record.content,)


def _tag(value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value}


def _whole(record: Claim | Event | Dispute) -> dict[str, Any]:
    value = msgspec.json.encode(record).decode()
    return {"type": "TextualBody", "purpose": "describing", "format": "application/json", "value": value}


def _annotation(
    document: Document, identifier: str, motivation: str, bodies: list[dict[str, Any]], spans: Iterable[Span]
) -> dict[str, Any]:
    targets = [_target(document, span) for span in spans]
    return {
        "id": f"urn:dragoman:{identifier}",
        "type": "Annotation",
        "motivation": motivation,
        "generator": {"id": "urn:dragoman", "type": "Software", "name": f"dragoman {document.coder.version}"},
        "body": bodies,
        "target": targets[0] if len(targets) == 1 else targets,
    }


def _target(document: Document, span: Span) -> dict[str, Any]:
    text = document.text
    quote = {
        "type": "TextQuoteSelector",
        "exact": span.quote,
        "prefix": text[max(0, span.start - _AROUND) : span.start],
        "suffix": text[span.end : span.end + _AROUND],
    }
    position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
    target = {"source": f"urn:dragoman:document:{document.id}", "selector": [position, quote]}
    return target | ({"scope": document.url} if document.url else {})
