"""Bytes become documents, or one named error; hostile input ends in time and costs nobody else anything."""

from __future__ import annotations

import hashlib
import time
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import IntakeError, UnreadableInput, UnsupportedLanguage, UsageError
from dragoman.intake import take_in
from dragoman.intake.bounded import BoundedParser
from dragoman.intake.text import from_text

PROSE = (
    "The foreign ministers of both states met on Friday and agreed to reopen the crossing within a month. "
    "A spokeswoman said that the talks would go on until every prisoner had come home."
)
PAGE = """<!doctype html><html><head><meta charset="{charset}"><title>Crossing to reopen</title>
<meta property="og:site_name" content="The Courier"><meta name="author" content="Jane Roe">
<meta property="article:published_time" content="2024-05-03T10:00:00Z"></head>
<body><nav>Home · World · Sport</nav><article><h1>Crossing to reopen</h1><p>{prose}</p><p>{more}</p></article>
<script>alert("x")</script></body></html>"""


@pytest.fixture(scope="module")
def parser() -> Iterator[BoundedParser]:
    with BoundedParser() as bounded:
        yield bounded


def page(charset: str = "utf-8", more: str = "“Nothing is agreed,” he added – “yet”.") -> bytes:
    return PAGE.format(charset=charset, prose=PROSE, more=more).encode(charset)


def test_page_gives_its_text_and_what_it_says_of_itself(parser: BoundedParser) -> None:
    [document] = take_in(page(), name="page.html", parser=parser)
    assert (document.title, document.publisher, document.author) == ("Crossing to reopen", "The Courier", "Jane Roe")
    assert document.published == "2024-05-03"
    assert PROSE in document.text
    assert "Sport" not in document.text
    assert "alert" not in document.text


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16", "iso-8859-15"])
def test_declared_and_marked_charsets(charset: str, parser: BoundedParser) -> None:
    more = "The café in Zürich was closed, the envoys said later that day."
    [document] = take_in(page(charset, more), name="page.html", parser=parser)
    assert "café in Zürich" in document.text


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_undeclared_encodings_of_plain_text(charset: str) -> None:
    text = PROSE + " The café was closed — “for good”, said the mayor."
    [document] = take_in(text.encode(charset), name="note.txt")
    assert document.text == text


def test_document_is_identified_by_its_normal_form() -> None:
    composed, decomposed = (unicodedata.normalize(form, PROSE + " Café.") for form in ("NFC", "NFD"))
    first, second = (take_in(t.encode(), name="a.txt")[0] for t in (composed, decomposed))
    assert first.id == second.id == hashlib.sha256(composed.encode()).hexdigest()


def test_head_of_a_plain_text() -> None:
    text = f"Title: Crossing to reopen\nBy: Jane Roe\nSource: The Courier\nDate: 2024-05-03\n\n{PROSE}\n"
    [document] = take_in(text.encode(), name="a.txt")
    assert (document.title, document.author, document.publisher) == ("Crossing to reopen", "Jane Roe", "The Courier")
    assert (document.published, document.text) == ("2024-05-03", PROSE)


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("By Jane Roe, The Courier, 3 May 2024", "Jane Roe", "2024-05-03"),
        ("By Jane Roe | May 3, 2024", "Jane Roe", "2024-05-03"),
        ("Published 2024-05-03", None, "2024-05-03"),
        ("The Courier, 31 February 2024", None, None),
        ("From 3 May 2024 to 5 May 2024", None, None),
        ("The two met on 3 May 2024 in the capital.", None, None),
    ],
)
def test_byline_under_a_title(line: str, author: str | None, day: str | None) -> None:
    [document] = take_in(f"Crossing to reopen\n\n{line}\n\n{PROSE}".encode(), name="a.txt")
    assert (document.title, document.author, document.published) == ("Crossing to reopen", author, day)


@pytest.mark.parametrize(
    "block",
    [
        "title: Crossing to reopen\nauthors:\n  - Jane Roe\ndate: 2024-05-03\nsource_url: https://example.org/a",
        "title: \"Crossing to\\\n  \\ reopen\"\nauthor: Jane Roe\ndate: '2024-05-03'\nurl: https://example.org/a",
        "title: Crossing to reopen\nby: Jane Roe\npublished_time: 2024-05-03 09:37:38-04:00\nlink: https://example.org/a",
        "subtitle: Talks: day two\ntitle: Crossing to reopen\nby: Jane Roe\ndate: 2024-05-03\nlink: https://example.org/a",
    ],
)
def test_front_matter_describes_a_text_and_is_none_of_it(block: str) -> None:
    extract = from_text(f"---\n{block}\n---\n{PROSE}\n")
    assert (extract.title, extract.author, extract.url) == ("Crossing to reopen", "Jane Roe", "https://example.org/a")
    assert extract.published is not None
    assert extract.published[:10] == "2024-05-03"
    assert extract.text.strip() == PROSE.strip()


@pytest.mark.parametrize(
    "opening", ["---\n- one\n---\n", "---\nTalks.\n---\n", "---\n" + "[" * 5000 + "\n---\n", "---\n"]
)
def test_lines_of_dashes_that_describe_nothing_stay_text_and_are_no_title(opening: str) -> None:
    extract = from_text(opening + PROSE)
    assert extract.text.strip() == (opening + PROSE).strip()
    assert extract.title is None


def test_prose_that_starts_with_a_colon_is_no_head() -> None:
    [document] = take_in(f"Source: unclear. {PROSE}".encode(), name="a.txt")
    assert document.text.startswith("Source: unclear.")


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", UnreadableInput, "no text"),
        (b"\x00\x01\x02\x03" * 50, UnreadableInput, "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, UnreadableInput, "binary"),
        (b"... --- ...", UnreadableInput, "no text"),
        (b"Der Minister sagte am Montag, dass die Verhandlungen gescheitert seien und dass keine geplant sind.",
         UnsupportedLanguage, "'de'"),
        ("Министр заявил в понедельник, что переговоры провалились и что новых встреч не планируется.".encode(),
         UnsupportedLanguage, "'ru'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(data: bytes, error: type[IntakeError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        take_in(data, name="thing.txt")
    assert str(caught.value).startswith("thing.txt: ")
    assert "\n" not in str(caught.value)


def test_missing_folder_and_empty_files(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b" \n")
    for name, words in (("none.txt", "no such file"), ("empty.txt", "empty"), (".", "folder")):
        with pytest.raises(UnreadableInput, match=words):
            take_in(tmp_path / name)


def test_a_date_that_is_none() -> None:
    with pytest.raises(UsageError, match="2024-02-30"):
        take_in(PROSE.encode(), name="a.txt", published="2024-02-30")


@pytest.mark.parametrize(
    "data",
    [
        b"<html><body>" + b"<div>" * 100_000 + PROSE.encode(),
        b"<html><p " + b" ".join(b"a%d=1" % i for i in range(200_000)) + b">" + PROSE.encode(),
        b"<html>" + b"<p>" * 3,
    ],
    ids=["100,000 nested divs", "200,000 attributes", "no text"],
)
def test_hostile_pages_end_in_a_named_error(data: bytes, parser: BoundedParser) -> None:
    started = time.monotonic()
    with pytest.raises(UnreadableInput):
        take_in(data, name="page.html", parser=parser)
    assert time.monotonic() - started < 30


def test_the_parser_serves_on_after_a_bad_page(parser: BoundedParser) -> None:
    with pytest.raises(UnreadableInput):
        take_in(b"<html>" + b"<div>" * 100_000, name="bad.html", parser=parser)
    assert take_in(page(), name="good.html", parser=parser)[0].title == "Crossing to reopen"


def test_a_stalled_parser_is_ended() -> None:
    with BoundedParser(seconds=0.0) as bounded, pytest.raises(UnreadableInput, match="too long"):
        bounded.parse("html", page())


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        [document] = take_in(data, name="any.txt")
    except IntakeError:
        return
    assert document.text.encode("utf-8")
    assert unicodedata.is_normalized("NFC", document.text)
