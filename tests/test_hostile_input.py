"""Whatever a file is made to do, it ends in time as read or as a named error, and the next file is read as ever."""

from __future__ import annotations

import os
import random
import re
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import hostile_input as hostile
import intake_seeds as seeds
from dragoman.errors import UnreadableInput
from dragoman.intake import feed, html
from dragoman.intake.bounded import ParserPool
from dragoman.intake.encoding import decode, tidy
from dragoman.intake.extract import Hints
from dragoman.intake.stream import Found, Intake
from dragoman.workspace.sources import open_sources

LIMIT = 40.0  # seconds: the 10 of a parser and its end, on a machine that is busy with other things


@pytest.fixture(scope="module")
def intake() -> Iterator[Intake]:
    with ParserPool(1) as parser:
        yield Intake(parser)


def taken(intake: Intake, folder: Path, name: str, data: bytes) -> list[Found]:
    """What comes of a file; that it comes in time, and named."""
    path = folder / name
    path.write_bytes(data)
    started = time.monotonic()
    found = list(intake.found_in(path))
    assert time.monotonic() - started < LIMIT
    require_sound(found)
    return found


def require_sound(found: list[Found]) -> None:
    assert found, "what was refused must be named"
    for one in found:
        if one.document is None:
            assert one.error
            assert one.message
            assert "\n" not in one.message
        else:
            assert one.document.text.encode("utf-8")
            assert "\x00" not in one.document.text


@pytest.mark.parametrize(("name", "made", "expected"), hostile.CASES, ids=[case[0] for case in hostile.CASES])
def test_what_harms_is_read_or_named(
    intake: Intake, tmp_path: Path, name: str, made: Callable[[], bytes], expected: str
) -> None:
    found = taken(intake, tmp_path, name, made())
    failed = " ".join(one.message for one in found if one.document is None)
    if expected == hostile.READ:
        assert not failed
    elif failed or not expected.startswith("|"):
        assert re.search(expected.removeprefix("|"), failed), failed or "it was read"
    (after,) = taken(intake, tmp_path, "after.html", seeds.page())
    assert after.document is not None, after.message


def test_a_line_of_a_gigabyte(intake: Intake, tmp_path: Path) -> None:
    for name, words in (
        ("line.txt", "larger"),
        ("line.jsonl", "longer"),
        ("line.csv", "heading"),
        ("l.html", "larger"),
    ):
        path = tmp_path / name
        with path.open("wb") as sink:
            sink.truncate(1 << 30)
        started = time.monotonic()
        found = list(intake.found_in(path))
        assert time.monotonic() - started < LIMIT
        assert any(words in one.message for one in found), found


def test_dates_that_are_none_are_unknown(intake: Intake, tmp_path: Path) -> None:
    rows = taken(intake, tmp_path, "days.jsonl", hostile.dated("0000-01-01", "2024-02-30", "9999-12-31", "2024-02-29"))
    assert [one.document and one.document.published for one in rows] == [None, None, "9999-12-31", "2024-02-29"]
    for old, new in ((b"2024", b"0000"), (b"03 May", b"30 Feb")):
        (mail,) = taken(intake, tmp_path, "mail.eml", seeds.mail().replace(old, new))
        assert mail.document is not None
        assert mail.document.published is None


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_can_be_read(published: str) -> None:
    import dragoman

    text = "Norway condemned Sweden on Monday. Two weeks ago Kenya sent troops; next year it will withdraw them."
    assert dragoman.read(text, published=published, fast=True).events


def test_one_bad_member_costs_no_other(intake: Intake, tmp_path: Path) -> None:
    found = taken(intake, tmp_path, "short.zip", hostile.directory_changed(16, 7, 3))
    assert [bool(one.document) for one in found] == [True, True, False]
    assert found[2].locator == "2.txt"


def test_a_false_record_is_named_and_the_whole_before_it_kept(intake: Intake, tmp_path: Path) -> None:
    found = taken(intake, tmp_path, "cut.warc", seeds.warc()[:-300])
    assert [one.document is not None for one in found] == [True, False, False, False, False]
    assert "false length" in found[4].message


def test_a_crawl_in_a_damaged_member_says_so(intake: Intake, tmp_path: Path) -> None:
    sound = seeds.archive({"data.warc": seeds.warc()}, zipfile.ZIP_STORED)
    at = sound.index(b"Kenya")
    found = taken(intake, tmp_path, "crawl.wacz", sound[:at] + b"Xenya" + sound[at + 5 :])
    assert found[-1].locator == "data.warc"
    assert "the member is damaged" in found[-1].message


def test_items_without_a_text_are_accounted_for(intake: Intake, tmp_path: Path) -> None:
    bare = b"<item><title>Only a headline</title></item></channel>"
    found = taken(intake, tmp_path, "feed.rss", seeds.rss(2).replace(b"</channel>", bare))
    assert [(bool(one.document), one.passed_over, one.locator) for one in found] == [
        (True, False, "item 1"), (True, False, "item 2"), (False, True, "item 3"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("marked.jsonl", b"\xef\xbb\xbf" + seeds.rows(), 4),
        ("wide.tsv", seeds.table("\t").decode().encode("utf-16"), 4),
        ("two.eml", hostile.two_parts(), 2),
        ("stub.eml", hostile.stub(), 2),
        ("end.html", b"<html><body><p>%b</p></body></html><p>%b</p>" % (hostile.TEXT, hostile.SECOND.encode()), 2),
        ("flat.html", b"<html><body><div>%b<br>%b</div>" % (hostile.TEXT, hostile.SECOND.encode()), 2),
        ("zero.html", seeds.page().replace(b"Norway", b"Nor\x00way"), 1),
    ],
)
def test_nothing_is_lost_on_the_way(intake: Intake, tmp_path: Path, name: str, data: bytes, kept: int) -> None:
    found = taken(intake, tmp_path, name, data)
    whole = " ".join(one.document.text for one in found if one.document)
    assert all(one.document for one in found)
    assert seeds.WORDS[0] in whole
    if len(found) == 1 and kept == 2:
        assert hostile.SECOND in whole
    elif len(found) > 1:
        assert len(found) == kept


def test_cells_beyond_the_heading_are_named(intake: Intake, tmp_path: Path) -> None:
    found = taken(intake, tmp_path, "rows.csv", b"id,text\n1,Norway met Sweden, and left.\n2,Kenya met Norway.,,\n")
    assert [one.document is None for one in found] == [True, False]
    assert "more cells" in found[0].message


def test_items_that_the_parser_lost_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import feedparser

    whole = feedparser.parse

    def losing(*given: Any, **options: Any) -> Any:
        found = whole(*given, **options)
        del found.entries[2:]
        return found

    monkeypatch.setattr(feedparser, "parse", losing)
    made = feed.extract(seeds.rss(5), Hints())
    assert [one.error is None for one in made] == [True, True, False]
    assert made[2].name == "from item 3 on"
    assert "begins 5 items" in str(made[2].error)


def test_a_folder_of_traps_ends(tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    (folder / "gone.txt").symlink_to(tmp_path / "nothing")
    os.mkfifo(folder / "pipe.txt")
    (folder / "sound.txt").write_text(seeds.TEXT)
    found = [source.name for source in open_sources([folder], published=None, fetch=False)]
    assert [Path(name).name for name in found] == ["sound.txt"]


def test_text_that_a_parser_lost_is_noticed() -> None:
    from lxml import html as lxml_html

    whole = seeds.page().decode()
    visible = html.visible_words(whole)
    html.require_kept(visible, lxml_html.fromstring(whole))
    with pytest.raises(UnreadableInput, match="characters"):
        html.require_kept(visible, lxml_html.fromstring("<html><body><p>A day at the border</p></body></html>"))


def test_one_damaged_character_does_not_spoil_the_others() -> None:
    whole = "Die Ärztin über Zürich – “naïve” façade, crème brûlée, señor, Łódź"
    assert decode(whole.encode() + b" \xe2\x80 end").startswith(whole)
    assert decode("The café was closed — “for good”.".encode("cp1252")) == "The café was closed — “for good”."


def test_stacks_of_marks_take_no_quadratic_time() -> None:
    text = "e" + "\u0301\u0323" * 200_000
    started = time.process_time()
    once = tidy(text)
    assert time.process_time() - started < 3, "quadratic, it takes minutes"
    assert tidy(once) == once
    assert tidy("e\u0301 Vie\u0323\u0302t") == "\u00e9 Vi\u1ec7t"


@pytest.mark.parametrize("kind", sorted(seeds.SEEDS))
def test_damaged_files_are_read_or_named(intake: Intake, tmp_path: Path, kind: str) -> None:
    chance = random.Random(f"damage {kind}")
    rounds = 60 if kind != "warc" else 6  # each crawl starts a process
    read = 0
    for number in range(rounds):
        name, data = chance.choice(seeds.SEEDS[kind])
        path = tmp_path / f"{number}-{name}"
        path.write_bytes(seeds.damaged(data, chance))
        found = list(intake.found_in(path))
        if found or kind != "rows":  # a table without rows holds nothing
            require_sound(found)
        read += any(one.document is not None for one in found)
    assert read > 0, "if none is read, the damage tests nothing"
