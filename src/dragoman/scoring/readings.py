"""The finished drafts of gold texts: what scoring looks into beyond the records."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from dragoman import knowledge
from dragoman.intake.document import CODER
from dragoman.reading.draft import Draft
from dragoman.reading.parse import parse_many
from dragoman.reading.pipeline import run_stages
from dragoman.records import Document


def drafts(
    texts: Sequence[str], fast: bool, lexicon: Path | None, published: Sequence[str | None] = ()
) -> Iterator[Draft]:
    """One finished draft a text, the text as it stands in the gold so that its offsets hold."""
    known = knowledge.load(lexicon)
    for number, (text, parse) in enumerate(zip(texts, parse_many(texts), strict=True)):
        day = published[number] if published else None
        identifier = hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()
        document = Document(identifier, None, None, None, None, day, "en", text, "text/plain", CODER)
        yield run_stages(Draft(document, parse), known, fast)
