"""Plain text: an optional head of ``Key: value`` lines or YAML front matter, then the text."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import re
from collections.abc import Iterator

from dragoman.intake.encoding import decode
from dragoman.intake.extract import Extract, Hints
from dragoman.intake.front_matter import split_front_matter
from dragoman.knowledge.dates import load_dates
from dragoman.knowledge.layout import layout

_HEAD_LINE = re.compile(r"([A-Za-z]+):[ \t]+(\S.*)")
_BYLINE_REACH = 8  # lines
_BYLINE_LENGTH = 100  # code points; a longer line is prose
_BY = re.compile(r"By ((?:[A-Z][\w.'\u2019-]*)(?: [A-Z][\w.'\u2019-]*){1,3})\b")
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
        dates = [day for pattern in _day_patterns() for day in _days(pattern, line)]
        published = published or (dates[0] if len(dates) == 1 else None)
    return author, published


@functools.cache
def _months() -> dict[str, int]:
    return load_dates().months


@functools.cache
def _day_patterns() -> tuple[re.Pattern[str], ...]:
    """Days as bylines write them."""
    month = rf"(?P<month>{'|'.join(sorted(_months(), key=len, reverse=True))})\.?"
    written = (
        rf"\b(?P<day>\d{{1,2}}) {month} (?P<year>\d{{4}})\b",
        rf"\b{month} (?P<day>\d{{1,2}}), (?P<year>\d{{4}})\b",
        r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})\b",
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in written)


def _days(pattern: re.Pattern[str], line: str) -> Iterator[str]:
    for match in pattern.finditer(line):
        word = match["month"].lower()
        month = int(word) if word.isdigit() else _months()[word]
        with contextlib.suppress(ValueError):
            yield dt.date(int(match["year"]), month, int(match["day"])).isoformat()


def _head(text: str) -> tuple[dict[str, str], str]:
    lines = text.lstrip("\ufeff\n ").split("\n")
    fields: dict[str, str] = {}
    for number, line in enumerate(lines):
        match = _HEAD_LINE.fullmatch(line.strip())
        field = layout().field_of(match[1]) if match else None
        if match and field is not None:
            fields.setdefault(field, match[2].strip())
            continue
        # A head is at least two such lines and ends with a blank one; anything else is prose.
        if len(fields) >= 2 and not line.strip():
            return fields, "\n".join(lines[number + 1 :])
        break
    return {}, text
