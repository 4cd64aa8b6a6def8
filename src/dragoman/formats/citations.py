"""The sources as references: CSL-JSON (Zotero, pandoc) and BibTeX."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, BinaryIO
from urllib.parse import quote

import msgspec

from dragoman.records import Document

_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def write_csl(documents: Iterable[Document], sink: BinaryIO) -> int:
    """Write sources as CSL-JSON 1.0, an item each; what is not known is left out, as the schema wants.

    Returns:
        How many were written.
    """
    count = 0
    sink.write(b"[")
    for count, document in enumerate(documents, 1):
        sink.write((b",\n" if count > 1 else b"\n") + msgspec.json.encode(csl_item(document)))
    sink.write(b"\n]\n")
    return count


def csl_item(document: Document) -> dict[str, Any]:
    """One source as a CSL item: an article of a publisher, a web page, or a document."""
    kind = "article-newspaper" if document.publisher else "webpage" if document.url else "document"
    item: dict[str, Any] = {"id": citation_key(document), "type": kind}
    given = {
        "title": document.title,
        "container-title": document.publisher,
        "URL": document.url,
        "language": document.language,
    }
    item |= {name: value for name, value in given.items() if value}
    if document.author:
        item["author"] = [{"literal": document.author}]
    if document.published:
        item["issued"] = {"date-parts": [_date_parts(document.published)]}
    return item


def write_bibtex(documents: Iterable[Document], sink: BinaryIO) -> int:
    """Write sources as BibTeX entries (``@misc``) in UTF-8.

    Returns:
        How many were written.
    """
    entries = [bibtex_entry(document) for document in documents]
    sink.write("".join(entries).encode("utf-8", "replace"))
    return len(entries)


def bibtex_entry(document: Document) -> str:
    """One source as a BibTeX entry; what TeX would read as a command is escaped, so braces always balance."""
    fields: dict[str, str] = {}
    if document.title:
        fields["title"] = f"{{{_tex(document.title)}}}"  # twice braced: keeps its capitals
    if document.author:
        fields["author"] = f"{{{_tex(document.author)}}}"  # one name, whatever words stand in it
    if document.publisher:
        fields["howpublished"] = _tex(document.publisher)
    if document.published:
        parts = _date_parts(document.published)
        fields["year"] = str(parts[0])
        fields |= {"month": _MONTHS[parts[1] - 1]} if len(parts) > 1 else {}
        fields["date"] = "-".join(f"{part:02}" for part in parts)
    if document.url:
        fields["url"] = quote(document.url, safe=":/?#[]@!$&'()*+,;=-._~")
    if document.language:
        fields["langid"] = _tex(document.language)
    lines = [f"  {name} = {{{value}}}," if name != "month" else f"  month = {value}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{citation_key(document)},", *lines, "}", "", ""])


def citation_key(document: Document) -> str:
    """A key of ASCII letters and digits: publisher, year and the beginning of the document's id."""
    plain = unicodedata.normalize("NFKD", document.publisher or "source").encode("ascii", "ignore").decode().lower()
    return f"{re.sub(r'[^a-z0-9]', '', plain)[:20] or 'source'}{(document.published or '')[:4]}{document.id[:8]}"


def _date_parts(published: str) -> list[int]:
    return [int(part) for part in published[:10].split("-")]


def _tex(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return "".join(_SPECIAL.get(c, c) for c in " ".join(printable.split()))
