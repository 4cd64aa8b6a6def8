"""A document becomes a reading: the stages, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.reading.actors import find_actors
from dragoman.reading.assemble import assemble
from dragoman.reading.claims import find_claims
from dragoman.reading.dates import find_dates
from dragoman.reading.draft import Draft
from dragoman.reading.event_types import decide_types
from dragoman.reading.events import find_events
from dragoman.reading.first_persons import find_first_persons
from dragoman.reading.grounding import ground_events
from dragoman.reading.parse import Parse, parse_many
from dragoman.reading.places import find_places
from dragoman.reading.result import Reading
from dragoman.records import Document

STAGES: tuple[Callable[[Draft, Knowledge], Draft], ...] = (
    find_dates,
    find_places,
    find_actors,
    find_claims,
    find_first_persons,
    find_events,
    decide_types,
    ground_events,
)
"""The stages after the parse, each filling its own field of the draft."""


def read_document(document: Document, knowledge: Knowledge, fast: bool = False) -> Reading:
    """Read one document.

    Args:
        document: what intake made.
        knowledge: the lexicons.
        fast: leave out every trained model but the parser.
    """
    return next(read_documents([document], knowledge, fast))


def read_documents(documents: Iterable[Document], knowledge: Knowledge, fast: bool = False) -> Iterator[Reading]:
    """Read documents in order, one reading each."""
    kept = list(documents)
    for document, parse in zip(kept, parse_many((d.text for d in kept), knowledge), strict=True):
        yield read_parsed(document, parse, knowledge, fast)


def read_parsed(document: Document, parse: Parse, knowledge: Knowledge, fast: bool = False) -> Reading:
    """Read a document that is parsed already."""
    return assemble(run_stages(Draft(document, parse), knowledge, fast), knowledge)


def run_stages(draft: Draft, knowledge: Knowledge, fast: bool = False) -> Draft:
    """Run every stage after the parse."""
    draft = replace(draft, fast=fast)
    for stage in STAGES:
        draft = stage(draft, knowledge)
    return draft
