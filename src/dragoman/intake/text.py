"""Plain text: an optional head of ``Key: value`` lines, then the text."""

from __future__ import annotations

import re

from dragoman.intake.encoding import decode
from dragoman.intake.extract import Extract, Hints

_FIELDS = {
    "title": "title", "headline": "title",
    "author": "author", "by": "author", "byline": "author",
    "publisher": "publisher", "source": "publisher",
    "date": "published", "published": "published",
    "url": "url", "link": "url",
}  # fmt: skip
_HEAD_LINE = re.compile(r"([A-Za-z]+):[ \t]+(\S.*)")
_HEADLINE_LENGTH = 160  # code points; a longer first line is prose
_ENDS = (".", "!", "?", ":", '"', "\u201d", ";", ",")


def extract(data: bytes, hints: Hints) -> list[Extract]:
    """Read plain text.

    Returns:
        One extract. Its title is the head's, else the first line when it stands alone like a headline.

    Raises:
        UnreadableInput: when the bytes are no text.
    """
    return [from_text(decode(data, hints.charset), url=hints.url)]


def from_text(text: str, url: str | None = None) -> Extract:
    """An extract of a text already decoded."""
    fields, body = _head(text)
    lines = [line.strip() for line in body.strip().split("\n", 2)]
    title = fields.get("title")
    if title is None and len(lines) > 1 and 0 < len(lines[0]) <= _HEADLINE_LENGTH and not lines[0].endswith(_ENDS):
        title = lines[0]
    return Extract(
        text=body,
        title=title,
        publisher=fields.get("publisher"),
        author=fields.get("author"),
        url=fields.get("url") or url,
        published=fields.get("published"),
    )


def _head(text: str) -> tuple[dict[str, str], str]:
    lines = text.lstrip("\ufeff\n ").split("\n")
    fields: dict[str, str] = {}
    for number, line in enumerate(lines):
        match = _HEAD_LINE.fullmatch(line.strip())
        if match and match[1].lower() in _FIELDS:
            fields.setdefault(_FIELDS[match[1].lower()], match[2].strip())
            continue
        # A head is at least two such lines and ends with a blank one; anything else is prose.
        if len(fields) >= 2 and not line.strip():
            return fields, "\n".join(lines[number + 1 :])
        break
    return {}, text
