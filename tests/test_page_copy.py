"""The page as one file: the same views without a server, and no request to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import dragoman
from dragoman.cli.app import app, register
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.samples import korea
from page_browser import browsing, needs_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium
register()

VIEWS = [
    ("inbox", "Most named"),
    ("reader", "First clash with North Korean troops"),
    ("events", "of "),
    ("events?actor=PRK&type=MOBILIZE", "MOBILIZE"),
    ("timeline", "material conflict"),
    ("timeline?by=year", "Claims"),
    ("relations", "The pairs with most events"),
    ("blocs", "one year"),
    ("map", "Pyongyang"),
    ("predictions", "What is foretold"),
    ("whatif", "Suppose"),
    ("search?q=liaison+office", "liaison office"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("copy")
    attack = "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    hostile = make_document(
        Extract(f"Norway condemned Sweden, {attack} said.", title=attack, publisher=attack), "2024-05-02"
    )
    with dragoman.create(folder / "ws") as workspace:
        assert workspace.add(korea(), fast=True).failed == 0
        assert workspace.add([hostile], fast=True).read == 1
    result = CliRunner().invoke(app, ["export", "html", str(folder / "page.html"), "--workspace", str(folder / "ws")])
    assert result.exit_code == 0, result.output
    return folder / "page.html"


def test_every_view_is_there_and_nobody_is_asked(browser: Browser, copy: Path) -> None:
    page = browser.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for view, words in VIEWS:
        page.goto(f"{copy.as_uri()}#/{view}")
        page.wait_for_function("words => document.querySelector('main').innerText.includes(words)", arg=words)
        assert page.title() != "run"
    assert said == []
    assert {address.split("#")[0] for address in asked} == {copy.as_uri()}
    page.close()


def test_a_document_opens_and_what_the_copy_lacks_is_said(browser: Browser, copy: Path) -> None:
    page = browser.new_page()
    page.goto(f"{copy.as_uri()}#/reader")
    page.get_by_role("link", name="Missile flies over Japan").click()
    page.wait_for_selector("mark, .marked")
    assert "Fumio Kishida" in page.inner_text("main")
    page.goto(f"{copy.as_uri()}#/relations?actor=FRA&recipient=PER")
    page.wait_for_function("() => document.querySelector('main').innerText.includes('does not hold that')")
    page.close()
