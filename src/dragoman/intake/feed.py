"""RSS and Atom: one text an item. OPML: the addresses of feeds."""

from __future__ import annotations

import io
import re
import time
from typing import Any

from dragoman.errors import UnreadableInput
from dragoman.intake.extract import Extract, Hints

LARGEST = 20 << 20  # bytes
MOST_ITEMS = 5_000
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
_ITEM = re.compile(rb"<(?:item|entry)[\s/>]", re.IGNORECASE)
_OUTLINE = re.compile(r"""\bxmlUrl\s*=\s*["']([^"'<>]{1,2000})["']""", re.IGNORECASE)


def extract(data: bytes, hints: Hints) -> list[Extract]:
    """Read a feed.

    Returns:
        One extract an item: its content, else its summary; an item without either has an empty text.

    Raises:
        UnreadableInput: it is too large, declares entities, is no feed, or none of its items has a text.
    """
    if len(data) > LARGEST:
        raise UnreadableInput(f"the feed is larger than {LARGEST >> 20} MB")
    if _ENTITY.search(data.replace(b"\x00", b"")):  # as UTF-16 and UTF-32 too
        raise UnreadableInput("the feed declares entities; it may be made to fill the memory")
    begun = sum(1 for _ in _ITEM.finditer(data.replace(b"\x00", b"")))
    if begun > MOST_ITEMS:
        raise UnreadableInput(f"the feed has more than {MOST_ITEMS} items; split it")
    import feedparser

    found = feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not found.version:
        raise UnreadableInput("this is no feed, RSS or Atom")
    publisher = found.feed.get("title")
    made = [_item(item, number, publisher, hints.url) for number, item in enumerate(found.entries, 1)]
    if not any(one.text for one in made):
        raise UnreadableInput("none of the feed's items has a text")
    if len(made) < begun:
        lost = f"the feed begins {begun} items, of which the parser kept {len(made)}; it is cut or damaged"
        made.append(Extract("", name=f"from item {len(made) + 1} on", error=lost))
    return made


def addresses(data: bytes) -> list[str]:
    """The addresses that an OPML file lists, each once, in its order."""
    from html import unescape

    text = data[:LARGEST].decode("utf-8", errors="replace")
    return list(dict.fromkeys(unescape(found) for found in _OUTLINE.findall(text)))


def _item(item: Any, number: int, publisher: str | None, fallback: str | None) -> Extract:
    contents = [part.get("value") or "" for part in item.get("content") or ()] + [item.get("summary") or ""]
    text = _plain(max(contents, key=len))
    moment = item.get("published_parsed") or item.get("updated_parsed")
    return Extract(
        text,
        title=_plain(item.get("title") or "") or None,
        publisher=(item.get("source") or {}).get("title") or publisher,
        author=item.get("author"),
        url=item.get("link") or fallback,
        published=time.strftime("%Y-%m-%d", moment) if moment else None,
        media_type="application/rss+xml",
        name=f"item {number}",
    )


def _plain(source: str) -> str:
    """The text of a fragment of HTML, a paragraph a block."""
    if "<" not in source and "&" not in source:
        return source.strip()
    from lxml import etree
    from lxml import html as lxml_html

    try:
        tree = lxml_html.fromstring(f"<div>{source}</div>")
    except (etree.ParserError, ValueError):
        return ""
    for unseen in tree.xpath("//script | //style"):
        unseen.drop_tree()
    for block in tree.xpath("//p | //br | //li | //div"):
        block.tail = f"\n\n{block.tail or ''}"
    lines = (" ".join(line.split()) for line in tree.text_content().split("\n"))
    return "\n\n".join(line for line in lines if line)
