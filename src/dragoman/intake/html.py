"""HTML pages: the article's text without menus, with its title, publisher, author and date."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlsplit

from dragoman.errors import UnreadableInput
from dragoman.intake.encoding import decode
from dragoman.intake.extract import Extract, Hints

LARGEST = 20 << 20  # bytes of one page
_DEEPEST = 2_000  # open elements; parsers drop text silently beyond
_MOST_ATTRIBUTES = 2_000  # on one tag; parsers take quadratic time beyond
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})([^<>]*)>")
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dt",
        "dd",
        "option",
        "thead",
        "tbody",
    }
)
_UNSEEN = re.compile(
    r"<(script|style|noscript|template|svg|nav|header|footer|aside|form)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
# A value in quotes may hold ">", as class names do; else a tag is what stands between two signs.
_MARKUP = re.compile(r"""<[^<>"']*+(?:"[^"<]*+"[^<>"']*+|'[^'<]*+'[^<>"']*+)*+>|<[^<>]*>""")
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PARSED_SHARE = 0.7  # of a page's visible characters must be in the parsed tree; a tag stripper errs by fewer
_JUDGED = 20  # words; a share says nothing below
_KEPT_SHARE = 0.02  # of a page's visible words; an extraction with fewer has lost the text


def extract(data: bytes, hints: Hints) -> list[Extract]:
    """Read an HTML page.

    Returns:
        One extract with the main text.

    Raises:
        UnreadableInput: when the page is too large, too deep, built to stall parsers, or its text was lost.
    """
    if len(data) > LARGEST:
        raise UnreadableInput(f"the page is larger than {LARGEST >> 20} MB")
    declared = _CHARSET.search(data[:4096])
    source = decode(data, hints.charset or (declared[1].decode("ascii") if declared else None))
    _require_sane(source)
    import trafilatura

    tree = parsed(source)
    visible = visible_words(source)
    require_kept(visible, tree)
    found = trafilatura.bare_extraction(
        tree, url=hints.url, include_comments=False, include_tables=False, favor_precision=False, with_metadata=True
    )
    meta: dict[str, Any] = found if isinstance(found, dict) else found.as_dict() if found is not None else {}
    text = meta.get("text") or ""
    if len(text.split()) < max(5, _KEPT_SHARE * len(visible)):
        text = _paragraphs(parsed(source))  # the first tree was taken apart
    if not text.strip():
        raise UnreadableInput("no article text was found in the page")
    if len(visible) > 200 and len(text.split()) < _KEPT_SHARE * len(visible):
        raise UnreadableInput("most of the page's text was lost in parsing; it may be damaged")
    return [
        Extract(
            text=_separate(text),
            title=meta.get("title"),
            publisher=meta.get("sitename") or _host(meta.get("hostname") or hints.url),
            author=meta.get("author"),
            url=hints.url or meta.get("url"),
            published=meta.get("date"),
            media_type="text/html",
        )
    ]


def parsed(source: str) -> Any:
    """The tree of a page.

    Raises:
        UnreadableInput: there is nothing in it.
    """
    from lxml import etree
    from lxml import html as lxml_html

    # huge_tree: without it what lies deeper than 255 elements is dropped without a word
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        # What follows the end of a page that was put together of parts is shown by browsers and dropped by the parser.
        tree = lxml_html.fromstring(_END.sub(" ", source).encode("utf-8"), parser=parser)
    except etree.ParserError as error:
        raise UnreadableInput("there is no text in it") from error
    if tree is None:
        raise UnreadableInput("there is no text in it")
    return tree


def visible_words(source: str) -> list[str]:
    """The words of a page by plain tag stripping: what a parser must not lose."""
    bare = _COMMENT.sub(" ", _UNSEEN.sub(" ", source))
    return unescape(_MARKUP.sub(" ", bare)).split()


def require_kept(visible: list[str], tree: Any) -> None:
    """Refuse a page of which the parser dropped text.

    Args:
        visible: the words of the page by plain tag stripping.
        tree: what the parser made of it.

    Raises:
        UnreadableInput: much less is in the tree than the page shows.
    """
    # By characters: taking out tags parts words that markup stands in the middle of.
    shown, kept = (sum(map(len, words)) for words in (visible, tree.text_content().split()))
    if len(visible) > _JUDGED and kept < _PARSED_SHARE * shown:
        raise UnreadableInput(
            f"the parser kept {kept:,} of the page's {shown:,} characters; it is damaged or made to hide its text"
        )


def _require_sane(source: str) -> None:
    depth = 0
    for match in _TAG.finditer(source):
        closing, name, rest = match[1], match[2].lower(), match[3]
        if rest.count("=") > _MOST_ATTRIBUTES or len(rest) > 100_000:
            raise UnreadableInput("a tag carries thousands of attributes; the page is made to stall readers")
        if name in _VOID or rest.endswith("/"):
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        if depth > _DEEPEST:
            raise UnreadableInput("the page is nested too deeply to be read without loss")


def _paragraphs(tree: Any) -> str:
    blocks = tree.xpath("//p | //h1 | //h2 | //h3 | //li | //blockquote")
    return "\n".join(" ".join(block.text_content().split()) for block in blocks)


def _separate(text: str) -> str:
    return "\n\n".join(line.strip() for line in text.split("\n") if line.strip())


def _host(address: str | None) -> str | None:
    if not address:
        return None
    return (urlsplit(address).hostname or address).removeprefix("www.")
