"""Every format gives its texts with what it says of them; each part is accounted for, a bad one costs no other."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest

import dragoman
import intake_seeds as seeds
from dragoman.intake.bounded import ParserPool
from dragoman.intake.stream import Found, Intake


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    with ParserPool(1) as parser:
        yield Intake(parser)


def taken(intake: Intake, folder: Path, name: str, data: bytes) -> list[Found]:
    path = folder / name
    path.write_bytes(data)
    return list(intake.found_in(path))


def documents(found: list[Found]) -> list[tuple[str | None, str | None, str | None]]:
    return [(f.document.title, f.document.publisher, f.document.published) for f in found if f.document]


PAGE = ("A day at the border", "The Herald", "2024-05-03")
PAGES = [("First", "The Herald", "2024-05-03"), ("Second", "The Herald", "2024-05-03")]
MAIL = ("A day at the border", "herald.example", "2024-05-03")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("page.html", seeds.page(), [PAGE]),
        ("page.htm", seeds.page(), [PAGE]),
        ("no-name", seeds.page(), [PAGE]),
        ("file.pdf", seeds.pdf(), [("A day at the border", None, None)]),
        ("mail.eml", seeds.mail(), [MAIL]),
        ("both.eml", seeds.mail("", f"<p>{seeds.TEXT}</p>"), [MAIL]),
        ("feed.rss", seeds.rss(2), [(f"Item {n}", "The Herald", "2024-05-03") for n in range(2)]),
        ("feed.xml", seeds.rss(1), [("Item 0", "The Herald", "2024-05-03")]),
        ("feed.atom", seeds.atom(1), [("Entry 0", "The Herald", "2024-05-03")]),
        ("rows.jsonl", seeds.rows(), [(None, None, "2024-05-03")] * 4),
        ("rows.jsonl.gz", gzip.compress(seeds.rows()), [(None, None, "2024-05-03")] * 4),
        ("rows.csv", seeds.table(), [(None, "Herald", "2024-05-03")] * 4),
        ("semicolons.csv", seeds.table(";"), [(None, "Herald", "2024-05-03")] * 4),
        ("marked.csv", b"\xef\xbb\xbf" + seeds.table(), [(None, "Herald", "2024-05-03")] * 4),
        ("rows.tsv", seeds.table("\t"), [(None, "Herald", "2024-05-03")] * 4),
        ("crawl.warc", seeds.warc(), PAGES),
        ("crawl.warc.gz", gzip.compress(seeds.warc()), PAGES),
        ("one.zip", seeds.archive({"page.html": seeds.page(), "mail.eml": seeds.mail()}), [PAGE, MAIL]),
        ("crawl.wacz", seeds.archive({"archive/data.warc": seeds.record(seeds.page())}), [PAGE]),
    ],
)  # fmt: skip
def test_formats(
    intake: Intake, tmp_path: Path, name: str, data: bytes, expected: list[tuple[str | None, str | None, str | None]]
) -> None:
    found = taken(intake, tmp_path, name, data)
    assert documents(found) == expected, found
    for one in found:
        if one.document:
            assert any(words[:40] in one.document.text for words in seeds.WORDS)


def test_a_mail_leaves_out_what_it_quotes(intake: Intake, tmp_path: Path) -> None:
    (found,) = taken(intake, tmp_path, "mail.eml", seeds.mail(seeds.TEXT + "\n\n> An older mail said so on Tuesday.\n"))
    assert found.document is not None
    assert "older mail" not in found.document.text


def test_a_mail_in_an_unknown_charset_is_read(intake: Intake, tmp_path: Path) -> None:
    data = seeds.mail().replace(b'charset="utf-8"', b'charset="x-nobody-knows"')
    (found,) = taken(intake, tmp_path, "mail.eml", data)
    assert found.document is not None


def test_every_record_of_a_crawl_is_accounted_for(intake: Intake, tmp_path: Path) -> None:
    found = taken(intake, tmp_path, "crawl.warc", seeds.warc())
    assert [(f.locator, bool(f.document), f.passed_over) for f in found] == [
        ("record 1", True, False), ("record 2", False, True), ("record 3", False, True), ("record 4", False, False),
        ("record 5", True, False),
    ]  # fmt: skip
    assert "https://herald.example/4" in found[3].message


def test_a_bad_row_stops_nothing_and_is_named(intake: Intake, tmp_path: Path) -> None:
    lines = seeds.rows().splitlines()
    data = b"\n".join([lines[0], b"{broken", b'{"id": 3}', b'{"event_text": 7}', b"[1, 2]", b"\xff\xfe", lines[1]])
    found = taken(intake, tmp_path, "rows.jsonl", data)
    assert [bool(f.document) for f in found] == [True, False, False, False, False, False, True]
    assert all(f.document or str(f.locator).startswith("row ") for f in found)
    assert len({f.locator for f in found}) == 7


def test_members_are_named_by_their_way_in(intake: Intake, tmp_path: Path) -> None:
    found = taken(intake, tmp_path, "many.zip", seeds.mixed_archive())
    assert [f.locator for f in found] == [
        "a/page.html", "b.eml", "c.jsonl > row 1", "c.jsonl > row 2", "c.jsonl > row 3", "c.jsonl > row 4",
        "inner.zip > deep.txt",
    ]  # fmt: skip
    assert all(f.document for f in found)


def test_archives_are_opened_three_deep(intake: Intake, tmp_path: Path) -> None:
    data = seeds.archive({"deep.txt": seeds.TEXT.encode()})
    for depth in range(4):
        found = taken(intake, tmp_path, f"depth{depth}.zip", data)
        assert [bool(f.document) for f in found] == [depth < 3]
        data = seeds.archive({f"inner{depth}.zip": data})
    assert "3 deep" in found[0].message


def test_a_list_of_feeds_is_fetched_only_when_asked(intake: Intake, tmp_path: Path) -> None:
    (found,) = taken(intake, tmp_path, "feeds.opml", seeds.opml())
    assert found.error == "FetchRefused"
    assert "--fetch" in found.message
    assert found.locator == "https://herald.example/rss"


def test_a_date_given_by_hand_is_for_what_has_none(tmp_path: Path) -> None:
    with ParserPool(1) as parser:
        given = Intake(parser, published="2020-02-02")
        (dated,) = taken(given, tmp_path, "page.html", seeds.page())
        (bare,) = taken(given, tmp_path, "bare.txt", seeds.TEXT.encode())
    assert dated.document is not None
    assert bare.document is not None
    assert (dated.document.published, bare.document.published) == ("2024-05-03", "2020-02-02")


def test_a_workspace_takes_a_folder_of_everything(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    for listed in seeds.SEEDS.values():
        for name, data in listed:
            (folder / name).write_bytes(data)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    with dragoman.create(tmp_path / "ws") as workspace:
        report = workspace.add(str(folder), fast=True)
        assert report.read >= 15
        named = {failure.source.rsplit("/", 1)[-1] for failure in report.failures}
        assert "broken.pdf" in named
        assert workspace.check() == []
        again = workspace.add(str(folder), fast=True)
        assert again.read == 0
        status = workspace.status()
        assert status.documents + status.older_versions == report.read, "a text at an address seen before replaces it"
