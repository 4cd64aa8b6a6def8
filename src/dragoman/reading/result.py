"""What reading one document gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import msgspec
import pyarrow as pa

from dragoman import tables
from dragoman.reading.layout import headline_end
from dragoman.reading.marks import marked_html, marks_of
from dragoman.records import Actor, Claim, Dispute, Document, Event, Record

NOTEBOOK_STYLE = (
    ".dm-actor{border-bottom:2px solid #4477aa}.dm-trigger{background:#ffe08a;font-weight:600}"
    ".dm-content{background:#f3eef8}.dm-source{border-bottom:2px solid #aa3377}.dm-cue{font-style:italic}"
    ".dm-place{border-bottom:2px dotted #228833}"
)


class Reading(msgspec.Struct, frozen=True):
    """The records of one document. Iterating gives the document, then actors, claims, events and disputes."""

    document: Document
    actors: tuple[Actor, ...] = ()
    claims: tuple[Claim, ...] = ()
    events: tuple[Event, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Record]:
        yield self.document
        yield from self.actors
        yield from self.claims
        yield from self.events
        yield from self.disputes

    def arrow(self) -> pa.Table:
        """The events as an Arrow table, one row for each actor-recipient pair (schema ``tables.DYADS``)."""
        return tables.dyads(self.document, self.events, self.claims)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        """The same table to any program that takes Arrow streams (pandas, polars, DuckDB)."""
        return self.arrow().__arrow_c_stream__(requested_schema)

    def _repr_html_(self) -> str:
        """The text with its evidence marked, for notebooks."""
        text = self.document.text
        body = marked_html(text, marks_of(text, self.actors, self.claims, self.events))
        counts = f"{len(self.events)} events, {len(self.claims)} claims, {len(self.actors)} actors"
        title = (
            "" if headline_end(text, self.document.title) else f"<b>{escape(self.document.title or 'untitled')}</b> "
        )
        return f"<style>{NOTEBOOK_STYLE}</style><div>{title}<i>({counts})</i>{body}</div>"


def readings_of(records: Iterable[Record]) -> Iterator[Reading]:
    """The readings whose records follow one another, each behind its document, as iterating over readings gives them.

    Raises:
        ValueError: a record stands behind another document than its own, or before any.
    """
    document: Document | None = None
    gathered: dict[type, list[Any]] = {}
    for record in records:
        if isinstance(record, Document):
            if document is not None:
                yield _gathered(document, gathered)
            document, gathered = record, {}
        elif document is None or getattr(record, "document", document.id) != document.id:
            raise ValueError(f"record {record.id} does not stand behind its document")
        else:
            gathered.setdefault(type(record), []).append(record)
    if document is not None:
        yield _gathered(document, gathered)


def _gathered(document: Document, records: dict[type, list[Any]]) -> Reading:
    kinds = (Actor, Claim, Event, Dispute)
    return Reading(document, *(tuple(records.get(kind, ())) for kind in kinds))
