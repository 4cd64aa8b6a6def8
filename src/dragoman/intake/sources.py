"""From what the user names (a file, an address, bytes) to documents."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from dragoman.errors import IntakeError, UnreadableInput
from dragoman.intake import text
from dragoman.intake.bounded import BoundedParser, Parser
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract, Hints
from dragoman.intake.fetch import fetch, is_public
from dragoman.intake.politeness import Politeness
from dragoman.records import Document

LARGEST_FILE = 512 << 20  # bytes
LARGEST_PLAIN = 64 << 20  # bytes of plain text
_ADDRESS = ("http://", "https://")

SUFFIXES: dict[str, str] = {
    ".txt": "text", ".md": "text", ".text": "text", "": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".pdf": "pdf", ".eml": "mail", ".rss": "feed", ".atom": "feed", ".xml": "feed",
}  # fmt: skip
"""File name ending to the parser's name in ``child.PARSERS`` ("text" needs no child)."""


def is_address(source: str) -> bool:
    """Whether the user named an http or https address."""
    return source.lower().startswith(_ADDRESS)


def take_in(
    source: str | Path | bytes,
    *,
    published: str | None = None,
    name: str | None = None,
    parser: Parser | None = None,
    permit: Callable[[str], bool] = is_public,
) -> list[Document]:
    """Take in one source.

    Args:
        source: a path, an http(s) address, or the bytes themselves.
        published: the publication date (ISO) where the user gives it.
        name: how errors call the source; for bytes also the name that tells the format.
        parser: a child process to use; one is started and ended for this call when None.
        permit: decides which IP addresses may be connected to.

    Returns:
        At least one document, in the source's order.

    Raises:
        IntakeError: naming the source and the cause.
        UsageError: when ``published`` is no date.
    """
    label = name or ("standard input" if isinstance(source, bytes) else str(source))
    try:
        extracts = extract_all(source, name=name, parser=parser, permit=permit)
        texts = [extract for extract in extracts if extract.text.strip()] or extracts[:1]
        return [make_document(extract, published) for extract in texts]
    except IntakeError as error:
        message = str(error)
        raise type(error)(message if message.startswith(label) else f"{label}: {message}") from error


def extract_all(
    source: str | Path | bytes,
    *,
    name: str | None = None,
    parser: Parser | None = None,
    permit: Callable[[str], bool] = is_public,
    politeness: Politeness | None = None,
) -> list[Extract]:
    """The texts of one source, not yet checked for language (arguments as in ``take_in``)."""
    if isinstance(source, bytes):
        return parse_bytes(source, kind_of(name or "", source), Hints(name=name), parser)
    if isinstance(source, str) and is_address(source):
        polite = politeness or Politeness(permit)
        page = fetch(source, permit=permit, before=polite.before)
        kind = "html" if "html" in page.media_type else kind_of("", page.body)
        return parse_bytes(page.body, kind, Hints(url=page.url, charset=page.charset), parser)
    path = Path(source)
    data = read_file(path)
    return parse_bytes(data, kind_of(path.name, data), Hints(name=path.name), parser)


def read_file(path: Path) -> bytes:
    """The bytes of a file.

    Raises:
        UnreadableInput: when it is missing, a folder, empty, unreadable or too large.
    """
    try:
        if path.is_dir():
            os.listdir(path)  # raises what may keep it from being opened
            raise UnreadableInput("this is a folder, not a file")
        size = os.stat(path).st_size
        if size > LARGEST_FILE:
            raise UnreadableInput(f"the file is larger than {LARGEST_FILE >> 20} MB")
        data = path.read_bytes()
    except FileNotFoundError as error:
        scheme = str(path).partition(":/")[0]
        other = f"; addresses of {scheme}: are not fetched, only of http: and https:" if scheme.isalpha() else ""
        raise UnreadableInput(f"there is no such file{other}") from error
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"the file cannot be read ({getattr(error, 'strerror', None) or error})") from error
    if not data.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise UnreadableInput("the file is empty")
    return data


def kind_of(name: str, data: bytes) -> str:
    """The parser for a file, by its name's ending, else by its first bytes."""
    suffix = Path(name).suffix.lower()
    if SUFFIXES.get(suffix, "text") != "text":
        return SUFFIXES[suffix]
    start = data[:1024].lstrip().lower()
    if start.startswith(b"%pdf-"):
        return "pdf"
    if start.startswith((b"<rss", b"<feed")) or (
        start.startswith(b"<?xml") and re.search(rb"<(rss|feed|rdf:rdf)\b", start)
    ):
        return "feed"
    return "html" if start.startswith((b"<!doctype html", b"<html")) else "text"


def parse_bytes(data: bytes, kind: str, hints: Hints, parser: Parser | None = None) -> list[Extract]:
    """Parse bytes of a known kind; anything but plain text in a child process."""
    if kind == "text":
        if len(data) > LARGEST_PLAIN:
            raise UnreadableInput(f"the text is larger than {LARGEST_PLAIN >> 20} MB; split it")
        return text.extract(data, hints)
    if parser is not None:
        return list(parser.parse(kind, data, hints))
    with BoundedParser() as own:
        return list(own.parse(kind, data, hints))
