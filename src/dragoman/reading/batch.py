"""What every engine calls: documents in, readings out, nothing else touched."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dragoman.errors import DragomanError
from dragoman.knowledge import Knowledge
from dragoman.reading.parse import Parse, parse_many
from dragoman.reading.parse import parse as parse_one
from dragoman.reading.pipeline import read_parsed
from dragoman.reading.result import Reading
from dragoman.reading.skim import skim_of
from dragoman.records import Document

PASSED_OVER = "passed over: too few of its words name anybody who could act"
"""The note of a text that was not read."""

_LONGEST = 300  # characters of a message


@dataclass(frozen=True)
class Batch:
    """What reading some documents gave.

    Attributes:
        readings: of those that could be read, in their order.
        failed: id of each other document to why, in one line.
        unread: documents that were passed over; their readings hold no record.
    """

    readings: list[Reading]
    failed: dict[str, str] = field(default_factory=dict)
    unread: list[Document] = field(default_factory=list)


def read_batch(documents: list[Document], knowledge: Knowledge, fast: bool = False) -> Batch:
    """Read documents. Pure: the same documents and lexicons give the same bytes, whatever else is in the batch.

    Args:
        documents: what intake made.
        knowledge: the lexicons.
        fast: leave out every trained model but the parser.
    """
    readings: list[Reading] = []
    failed: dict[str, str] = {}
    for document, parse in zip(documents, _parses(documents, knowledge), strict=True):
        try:
            readings.append(read_parsed(document, parse(), knowledge, fast))
        except DragomanError as error:
            failed[document.id] = str(error)[:_LONGEST]
        except Exception as error:  # a fault of a stage costs its document, never the batch
            message = " ".join(f"a stage failed on it ({type(error).__name__}: {error})".split())
            failed[document.id] = message[:_LONGEST]
    return Batch(readings, failed)


def skim_batch(documents: list[Document], knowledge: Knowledge, fast: bool = False) -> Batch:
    """Read the documents that name somebody who could act; the others are kept, with a note and no record."""
    skim = skim_of(knowledge.actors)
    unread = [document for document in documents if not skim.is_worth_reading(document.text)]
    readings = {document.id: Reading(document, notes=(PASSED_OVER,)) for document in unread}
    batch = read_batch([document for document in documents if document.id not in readings], knowledge, fast)
    readings.update((reading.document.id, reading) for reading in batch.readings)
    return Batch([readings[d.id] for d in documents if d.id in readings], batch.failed, unread)


def _parses(documents: list[Document], knowledge: Knowledge) -> Iterator[Callable[[], Parse]]:
    """What gives the parse of each document, or raises what stopped it."""
    try:
        parses = list(parse_many((document.text for document in documents), knowledge))
    except Exception:  # one of them cannot be parsed: each by itself, so that it alone is lost
        yield from (functools.partial(parse_one, document.text, knowledge) for document in documents)
    else:
        yield from (functools.partial(_itself, parse) for parse in parses)


def _itself(parse: Parse) -> Parse:
    return parse
