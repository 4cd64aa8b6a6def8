"""PDF: the text of all pages, lines joined, with the title and author that the file states."""

from __future__ import annotations

import io
import re

from dragoman.errors import UnreadableInput
from dragoman.intake.extract import Extract, Hints

LARGEST = 64 << 20  # bytes
MOST_PAGES = 3_000
_HYPHEN = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_SENTENCE_END = re.compile(r"[.!?:][\"'”’)]*$")
_SHORT_LINE = 0.6  # of the usual length; a line that ends a sentence so early ends a paragraph


def extract(data: bytes, hints: Hints) -> list[Extract]:
    """Read a PDF.

    Returns:
        One extract. ``published`` stays unknown: the date inside a PDF is that of the file, not of the text.

    Raises:
        UnreadableInput: it is too large, encrypted, damaged, or holds pictures of text only.
    """
    if len(data) > LARGEST:
        raise UnreadableInput(f"the file is larger than {LARGEST >> 20} MB")
    import pypdf
    from pypdf.errors import PyPdfError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableInput("the file is encrypted")
        if len(reader.pages) > MOST_PAGES:
            raise UnreadableInput(f"the file has more than {MOST_PAGES} pages; split it")
        pages = [page.extract_text() or "" for page in reader.pages]
        stated = reader.metadata
        # str: the library's own kinds of text cannot be sent on
        title, author = (
            (str(said) if said else None for said in (stated.title, stated.author)) if stated else (None, None)
        )
    except PyPdfError as error:
        raise UnreadableInput(f"the file is damaged or no PDF ({' '.join(str(error).split())[:100]})") from error
    text = "\n\n".join(joined for joined in map(_joined, pages) if joined)
    if not text.strip():
        raise UnreadableInput("there is no text in it, only pictures of pages perhaps; run text recognition first")
    return [Extract(text, title=title, author=author, url=hints.url, media_type="application/pdf")]


def _joined(page: str) -> str:
    """The lines of a page as paragraphs."""
    lines = [line.strip() for line in _HYPHEN.sub("", page).split("\n")]
    usual = sorted(len(line) for line in lines if line)[-max(1, len(lines) // 4)] if any(lines) else 0
    paragraphs: list[str] = []
    open_ended = False
    for line in lines:
        if not line:
            open_ended = False
            continue
        if open_ended:
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        open_ended = not (_SENTENCE_END.search(line) and len(line) < _SHORT_LINE * usual)
    return "\n\n".join(paragraphs)
