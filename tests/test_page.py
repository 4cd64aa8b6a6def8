"""Each view of the page on the sample workspace: its structure, its table, its size, its reach and its manners."""

from __future__ import annotations

import csv
import gzip
import importlib.util
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from playwright.sync_api import expect

import dragoman
from dragoman.samples import korea
from page_browser import Server, Watched, browsing, needs_chromium, serving, watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = needs_chromium
HERE = Path(__file__).parent
VIEWS: list[dict[str, Any]] = yaml.safe_load((HERE / "cases/page_views.yml").read_text("utf-8"))
NAMES = [case["view"] for case in VIEWS]
MOST_BYTES = 150 * 1024


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("page") / "sample"
    with dragoman.create(folder) as workspace:
        assert workspace.add(korea(), fast=True).failed == 0
    with serving(folder, "--read-only") as one:
        yield one


@pytest.fixture(scope="module")
def wide(browser: Browser, server: Server) -> Watched:
    return watched(browser, server)


@pytest.fixture(scope="module")
def narrow(browser: Browser, server: Server) -> Watched:
    return watched(browser, server, width=390, height=844, dark=True)


@pytest.fixture(scope="module")
def axe() -> str:
    """The accessibility checker's script, from the front end's development parts or from an installed package."""
    place = HERE.parent / "frontend/node_modules/axe-core/axe.min.js"
    if not place.is_file():
        spec = importlib.util.find_spec("axe_playwright_python")
        if spec is None or spec.origin is None:
            pytest.skip("axe-core is not installed here (npm ci in frontend/)")
        place = Path(spec.origin).parent / "axe.min.js"
    return place.read_text("utf-8")


def faults(one: Watched, axe: str, *rules: str) -> list[str]:
    """What the checker finds, by all its rules or by some."""
    one.page.evaluate(axe)
    only = {"runOnly": list(rules)} if rules else {}
    found = one.page.evaluate("only => axe.run(document, {resultTypes: ['violations'], ...only})", only)
    return [f"{fault['id']}: {fault['nodes'][0]['html'][:160]}" for fault in found["violations"]]


@pytest.mark.parametrize("case", VIEWS, ids=NAMES)
def test_view_has_its_parts(wide: Watched, case: dict[str, Any]) -> None:
    page = wide.go(case["view"].replace(" ", "%20"))
    assert page.locator("main h1").first.evaluate("h => h.firstChild.textContent").strip() == case["heading"]
    for selector, least in case["parts"].items():
        page.wait_for_selector(selector, state="attached")
        assert page.locator(selector).count() >= least, selector
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert page.locator("[role=alert]").count() == 0
    assert wide.troubles == []


@pytest.mark.parametrize("case", [case for case in VIEWS if "table" in case], ids=lambda case: case["view"])
def test_view_has_a_table_behind_it(wide: Watched, case: dict[str, Any]) -> None:
    page = wide.go(case["view"])
    page.get_by_role("button", name="As table").click()
    page.wait_for_selector("main table tbody tr")
    assert "as=table" in page.url
    assert page.locator("main table tbody tr").count() >= case["table"]
    page.get_by_role("button", name="As table").click()
    page.wait_for_function("() => !location.hash.includes('as=table')")


@pytest.mark.parametrize("case", [case for case in VIEWS if case.get("csv")], ids=lambda case: case["view"])
def test_view_gives_its_data_as_csv(wide: Watched, case: dict[str, Any]) -> None:
    page = wide.go(case["view"])
    link = page.get_by_role("link", name="CSV").get_attribute("href")
    assert link is not None
    answer = page.request.get(wide.server.address + link)
    assert answer.ok, answer.text()
    rows = list(csv.reader(io.StringIO(answer.text())))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize("view", NAMES)
def test_view_works_narrow_and_dark_and_at_twice_the_size(narrow: Watched, view: str) -> None:
    page = narrow.go(view.replace(" ", "%20"))
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 640, "height": 430})  # what is left of 1280 x 860 at 200 %
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size({"width": 390, "height": 844})
    assert narrow.troubles == []


@pytest.mark.parametrize("view", NAMES)
def test_view_can_be_used_by_everyone(wide: Watched, axe: str, view: str) -> None:
    wide.go(view.replace(" ", "%20"))
    assert faults(wide, axe) == []


@pytest.mark.parametrize("view", NAMES)
def test_dark_narrow_view_can_be_read_by_everyone(narrow: Watched, axe: str, view: str) -> None:
    narrow.go(view.replace(" ", "%20"))
    assert faults(narrow, axe, "color-contrast", "target-size", "scrollable-region-focusable") == []


def open_document(one: Watched, title: str) -> None:
    page = one.go("reader")
    page.get_by_role("link", name=title).click()
    page.wait_for_selector(".records .record")


def test_reader_links_the_text_and_the_records(wide: Watched, axe: str) -> None:
    open_document(wide, "troops reported in Kursk")
    page = wide.page
    card = page.locator(".record.event").first
    card.locator(".foot").click()
    chosen = page.locator(".text .m-event.selected")
    assert chosen.inner_text() == "attacked"
    other = page.locator(".text .m-event:not(.selected)").first
    name = other.get_attribute("data-events")
    other.click()
    expect(page.locator(".record.selected")).to_have_attribute("id", f"card-{name}")
    assert f"record={name}" in page.url
    letters = {(text or "").strip() for text in page.locator("svg.margin text").all_text_contents()}
    assert letters <= {text.strip() for text in page.locator(".legend .letter").all_inner_texts()}
    assert len(letters) >= 3
    assert faults(wide, axe) == []


def test_every_mark_stands_on_the_words_of_its_record(wide: Watched) -> None:
    open_document(wide, "troops reported in Kursk")
    page = wide.page
    document = page.url.split("/reader/")[1].split("?")[0]
    reading = page.request.get(f"{wide.server.address}/api/documents/{document}").json()
    assert reading["events"]
    for event in reading["events"]:
        pieces = page.locator(f".text [data-events~='{event['id']}']").all_inner_texts()
        assert "".join(pieces) == event["trigger"]["quote"]


def test_card_opens_from_any_name_and_gives_the_focus_back(wide: Watched, axe: str) -> None:
    page = wide.go("events?actor=PRK")
    name = page.locator("main button.actor", has_text="North Korea").first
    name.click()
    page.wait_for_selector("dialog[open] h3")
    expect(page.locator("dialog h2")).to_have_text("North Korea")
    assert page.locator("dialog table tbody tr").count() >= 2
    assert faults(wide, axe) == []
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")
    page.wait_for_function("() => document.activeElement.textContent === 'North Korea'")


def test_filters_stay_while_one_moves_between_views(wide: Watched) -> None:
    page = wide.go("events")
    total = page.locator(".pager span").inner_text()
    page.get_by_label("Type").select_option("ACCUSE")
    page.wait_for_function("was => document.querySelector('.pager span')?.textContent !== was", arg=total)
    assert all(text.startswith("ACCUSE") for text in page.locator("td .type").all_inner_texts())
    for view in ("Timeline", "Map", "Events"):
        page.get_by_role("navigation", name="Views").get_by_role("link", name=view, exact=True).click()
        page.wait_for_function("view => location.hash.startsWith(`#/${view}?`)", arg=view.lower())
        assert "type=ACCUSE" in page.url
        expect(page.get_by_label("Type")).to_have_value("ACCUSE")
    page.get_by_role("button", name="Clear").click()
    page.wait_for_function("() => !location.hash.includes('type=')")
    page.go_back()
    expect(page.get_by_label("Type")).to_have_value("ACCUSE")


def test_name_typed_in_full_is_resolved_to_its_actor(wide: Watched) -> None:
    page = wide.go("events")
    who = page.get_by_role("form", name="Filters").get_by_label("Who", exact=True)
    who.press_sequentially("south korea")
    page.wait_for_selector("datalist option[value=KOR]", state="attached")
    expect(who).to_be_focused()  # by its own name still, while names are offered for it
    who.press("Tab")
    page.wait_for_function("() => location.hash.includes('actor=KOR')")
    expect(who).to_have_value("KOR")
    page.get_by_role("button", name="Clear").click()


def test_slider_moves_the_blocs_and_keeps_their_places(wide: Watched) -> None:
    page = wide.go("blocs?fewest=1&window=1825")
    place = page.locator("svg .node", has_text="North Korea").get_attribute("transform")
    page.get_by_role("slider", name="Date").press("ArrowLeft")
    page.wait_for_function("() => location.hash.includes('until=')")
    wide.settled()
    after = page.locator("svg .node", has_text="North Korea").first.get_attribute("transform")
    assert place is not None
    assert after is not None
    assert distance(place, after) < 200


def distance(one: str, other: str) -> float:
    (a, b), (c, d) = ([float(part) for part in text[len("translate(") : -1].split()] for text in (one, other))
    return float(((a - c) ** 2 + (b - d) ** 2) ** 0.5)


def test_scenario_can_be_composed_and_answers(wide: Watched, axe: str) -> None:
    page = wide.go("whatif")
    page.get_by_label("Who", exact=True).fill("PRK")
    page.get_by_label("To whom").fill("KOR")
    page.get_by_label("Does what").select_option("THREATEN")
    page.get_by_role("button", name="Suppose it").click()
    expect(page.locator(".acts li")).to_contain_text("PRK THREATEN KOR")
    page.get_by_role("button", name="Show what may follow").click()
    page.wait_for_selector("main h2:text('Precedents'), main [role=alert]")
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(saved.value.path().read_text("utf-8").splitlines()))
    assert {"actor", "recipient", "expected", "change"} <= set(rows[0])
    assert faults(wide, axe) == []


def test_read_only_page_offers_no_change(wide: Watched) -> None:
    page = wide.go("inbox")
    assert page.locator(".add").count() == 0
    open_document(wide, "troops reported in Kursk")
    assert page.locator(".toolbar kbd").all_inner_texts() == ["j", "k"]
    page.locator(".records button.actor").first.click()
    page.wait_for_selector("dialog[open] h3")
    assert page.locator("dialog").get_by_role("button", name="Merge").count() == 0
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog", state="detached")


def test_bundle_is_small() -> None:
    static = Path(dragoman.__file__).parent / "web/static"
    sizes = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in static.iterdir()}
    assert {"index.html", "app.js", "app.css", "world.json"} <= set(sizes)
    assert sum(sizes.values()) <= MOST_BYTES
