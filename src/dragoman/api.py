"""What ``import dragoman`` offers, in the order of a first use: read, then the records."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from dragoman import knowledge
from dragoman.errors import UsageError
from dragoman.intake import take_in
from dragoman.intake.document import iso_date, make_document
from dragoman.intake.sources import is_address
from dragoman.intake.text import from_text
from dragoman.reading.pipeline import read_document, read_documents
from dragoman.reading.result import Reading
from dragoman.records import Document

_LONGEST_PATH = 1024  # code points; a longer string is a text
_LONGEST_NAME = 255  # bytes of one part of a path, on the file systems in use


def read(
    source: str | os.PathLike[str] | bytes,
    *,
    published: str | None = None,
    lexicon: str | os.PathLike[str] | None = None,
    fast: bool = False,
) -> Reading:
    """Read one text.

    Args:
        source: a path, an http(s) address, or the text itself. A string is taken as a path when such a
            file exists or when it looks like one (no line break, no blank, at most 1,024 characters).
        published: the publication date (ISO), to which relative dates refer, where the text does not say.
        lexicon: a folder of your own lexicons, which win over the shipped ones.
        fast: leave out every trained model but the parser.

    Returns:
        The records of the text (of the first text, where the source holds several).

    Raises:
        IntakeError: when the source cannot be taken in; the message says why.
        UsageError: when ``published`` is no date.
        KnowledgeError: when ``lexicon`` holds an entry that is wrong.
    """
    known = knowledge.load(Path(lexicon) if lexicon is not None else None)
    return read_document(documents_of(source, published)[0], known, fast)


def read_batch(documents: Iterable[Document], *, lexicon: Path | None = None, fast: bool = False) -> Iterator[Reading]:
    """Read documents that were taken in before, one reading each, in order."""
    return read_documents(documents, knowledge.load(lexicon), fast)


def documents_of(source: str | os.PathLike[str] | bytes, published: str | None = None) -> list[Document]:
    """The documents of a path, an address, a text or bytes (see ``read``).

    Raises:
        IntakeError: when the source cannot be taken in.
        UsageError: when ``published`` is no date.
    """
    if published is not None:
        iso_date(published)
    if isinstance(source, str) and not source.strip():
        raise UsageError("there is nothing to read: the text is empty")
    if isinstance(source, str) and not is_address(source) and _is_text(source):
        return [make_document(from_text(source), published)]
    return take_in(source if isinstance(source, str | bytes) else Path(source), published=published)


def _is_text(source: str) -> bool:
    if len(source) > _LONGEST_PATH or "\n" in source or "\x00" in source:
        return True
    if any(len(part.encode("utf-8", errors="replace")) > _LONGEST_NAME for part in source.split("/")):
        return True
    return " " in source.strip() and not Path(source).exists()
