"""Plain text: an optional head of ``Key: value`` lines or YAML front matter, then the text."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator

from dragoman.intake.encoding import decode
from dragoman.intake.extract import Extract, Hints
from dragoman.intake.front_matter import split_front_matter

_FIELDS = {
    "title": "title", "headline": "title",
    "author": "author", "by": "author", "byline": "author",
    "publisher": "publisher", "source": "publisher",
    "date": "published", "published": "published",
    "url": "url", "link": "url",
}  # fmt: skip
_HEAD_LINE = re.compile(r"([A-Za-z]+):[ \t]+(\S.*)")
_BYLINE_REACH = 8  # lines
_BYLINE_LENGTH = 100  # code points; a longer line is prose
_BY = re.compile(r"By ((?:[A-Z][\w.'\u2019-]*)(?: [A-Z][\w.'\u2019-]*){1,3})\b")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?P<month>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?P<day>\d{{1,2}}) {_MONTH} (?P<year>\d{{4}})\b",
        rf"\b{_MONTH} (?P<day>\d{{1,2}}), (?P<year>\d{{4}})\b",
        r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b",
    )
)
"""Days as bylines write them."""
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
    fields, body = split_front_matter(text.lstrip("\ufeff\n "))
    if not fields:
        fields, body = _head(text)
    lines = [line.strip() for line in body.strip().split("\n", 2)]
    title = fields.get("title")
    if title is None and len(lines) > 1 and _is_headline(lines[0]):
        title = lines[0]
    author, published = _byline(body, title)
    return Extract(
        text=body,
        title=title,
        publisher=fields.get("publisher"),
        author=fields.get("author") or author,
        url=fields.get("url") or url,
        published=fields.get("published") or published,
    )


def _is_headline(line: str) -> bool:
    return len(line) <= _HEADLINE_LENGTH and not line.endswith(_ENDS) and any(c.isalnum() for c in line)


def _byline(body: str, title: str | None) -> tuple[str | None, str | None]:
    """Author and ISO day of the short lines between a title and the text ("By Ana Sanz, 27 September 2022")."""
    author, published = None, None
    lines = [line.strip() for line in body.split("\n", _BYLINE_REACH) if line.strip()]
    if title is None or not lines or lines[0] != title:
        return None, None
    for line in lines[1:]:
        if len(line) > _BYLINE_LENGTH or line.endswith(_ENDS):
            break
        by = _BY.match(line)
        author = author or (by[1] if by else None)
        dates = [day for pattern in _DAYS for day in _days(pattern, line)]
        published = published or (dates[0] if len(dates) == 1 else None)
    return author, published


def _days(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    for match in pattern.finditer(line):
        word = match["month"].lower()
        month = int(word) if word.isdigit() else _MONTHS.index(word[:3]) + 1
        with contextlib.suppress(ValueError):
            yield dt.date(int(match["year"]), month, int(match["day"])).isoformat()


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
