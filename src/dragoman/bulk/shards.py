"""A source cut into shards: fixed runs of documents, the same on every run, each text once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from dragoman.bulk.copies import Copy, NearCopies, Repeats
from dragoman.records import Document

SIZE = 256
"""Documents of a shard."""


@dataclass(frozen=True)
class Refused:
    """Something of a source that gave no document."""

    source: str
    locator: str | None
    error: str
    message: str
    passed_over: bool = False


@dataclass
class Work:
    """A shard that is to be read.

    Attributes:
        number: its place in the source.
        documents: texts that stand in no shard before.
        refused: what gave no document.
        passed_over: how many records held no page: pictures, redirects and the like.
        copies: how many texts were passed over, being word for word the same as an earlier one.
        alike: which of its documents are near-copies of one another or of earlier ones.
    """

    number: int
    documents: list[Document] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    passed_over: int = 0
    copies: int = 0
    alike: list[Copy] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """What it holds, in a word."""
        ids = [document.id for document in self.documents] + [f"{r.source}|{r.locator}" for r in self.refused]
        return hashlib.sha256("\n".join(ids).encode("utf-8", "replace")).hexdigest()[:16]


def cut(found: Iterable[Document | Refused], size: int | None = None) -> Iterator[Work]:
    """Shards of what a source gives, in its order."""
    repeats = Repeats()
    near = NearCopies()
    work = Work(0)
    for one in found:
        if isinstance(one, Refused):
            if one.passed_over:
                work.passed_over += 1
                continue
            work.refused.append(one)
        else:
            if repeats.add(one):
                work.copies += 1
                continue
            work.documents.append(one)
            work.alike += near.add(one)
        if len(work.documents) + len(work.refused) >= (size or SIZE):
            yield work
            work = Work(work.number + 1)
    if work.documents or work.refused or work.passed_over:
        yield work
