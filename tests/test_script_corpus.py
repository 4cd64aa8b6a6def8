"""Two hundred strings that would run as scripts or formulas, in every field, through page and exports: none does."""

from __future__ import annotations

import csv
import io
import itertools
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pytest
import yaml

import dragoman
from dragoman import knowledge
from dragoman.analysis.blocs import find_blocs
from dragoman.analysis.change_points import change_table
from dragoman.analysis.network import build_network
from dragoman.analysis.relation_series import relation_series
from dragoman.formats import citations, dynamic_network, ftm, geojson, plots, polecat, spreadsheet, stix, web_annotation
from dragoman.formats.html import render_html
from dragoman.formats.network_graph import network_text
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.pipeline import read_document
from dragoman.reading.result import Reading
from dragoman.web.snapshot import write_page
from page_browser import browsing, needs_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser

BASES: list[str] = yaml.safe_load((Path(__file__).parent / "cases" / "page_payloads.yml").read_text("utf-8"))
DISGUISES = (
    "{}", '"><i>{}', "'><b>{}", "]]>{}", "--><!-- -->{}", "={}", "@SUM(1)|{}", "-{}",
)  # fmt: skip
CORPUS = list(dict.fromkeys(disguise.replace("{}", base) for base, disguise in itertools.product(BASES, DISGUISES)))
FREE = {"name", "title", "publisher", "author", "url", "mode", "unit", "phrase", "about", "of", "rule", "model",
        "feature", "label", "version", "notes"}  # fmt: skip
"""Fields whose words may come from a stranger: a text, a feed, an imported file."""


def hostile(number: int, payload: str) -> Reading:
    """A reading with the payload in its text and in every field of its records that takes words."""
    text = (
        f"France warned Germany on {number % 28 + 1} May 2021 in Berlin. “{payload}”, said Rufus {payload} Firefly.\n\n"
        f"Germany denied that it had attacked {payload} with 200 soldiers. The minister of {payload} condemned France."
    )
    extract = Extract(text, title=payload, publisher=payload, author=payload, url=payload)
    made = read_document(make_document(extract, "2021-05-30"), knowledge.load(), fast=True)

    def poisoned(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: poisoned(part, name) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [poisoned(part, key) for part in value]
        return payload if key in FREE and (value is None or isinstance(value, str)) else value

    return msgspec.convert(poisoned(msgspec.to_builtins(made)), Reading)


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    assert len(CORPUS) == 200
    return [hostile(number, payload) for number, payload in enumerate(CORPUS)]


@pytest.fixture(scope="module")
def workspace(readings: list[Reading], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dragoman.Workspace]:
    with dragoman.create(tmp_path_factory.mktemp("corpus") / "ws") as made:
        assert made.restore(readings) == len(readings)
        yield made


@pytest.fixture(scope="module")
def dyads(workspace: dragoman.Workspace) -> pa.Table:
    table = workspace.dyads()
    assert {*CORPUS} <= {*table["publisher"].to_pylist()}
    return table


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


def require_inert(browser: Browser, file: Path, views: tuple[str, ...] = ("",)) -> None:
    """Open a file as a user would; no script of the corpus runs, and nobody is asked for anything."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.split("#")[0]))
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    for view in views:
        page.goto(file.as_uri() + view)
        page.wait_for_load_state("load")
        assert page.evaluate("() => window.caught") is None, view
    assert {address for address in asked if not address.startswith("data:image")} == {file.as_uri()}
    page.close()


@needs_chromium
def test_a_reading_as_a_page(browser: Browser, readings: list[Reading], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("\n".join(map(render_html, readings)), encoding="utf-8")
    require_inert(browser, tmp_path / "page.html")


@needs_chromium
def test_the_workspace_as_a_page(browser: Browser, workspace: dragoman.Workspace, tmp_path: Path) -> None:
    with (tmp_path / "all.html").open("wb") as sink:
        write_page(workspace, sink)
    views = ("inbox", "reader", "events", "timeline", "map", "relations", "blocs", "disputed", "predictions")
    require_inert(browser, tmp_path / "all.html", tuple(f"#/{view}" for view in views))


@needs_chromium
def test_drawings(browser: Browser, dyads: pa.Table, tmp_path: Path) -> None:
    series = relation_series(dyads, "FRA", "DEU")
    title = " ".join(CORPUS)
    plots.plot_relation(series.table, change_table(()), tmp_path / "relation.svg", title)
    network = build_network(dyads, fewest_events=1)
    plots.plot_network(network.arrow(), find_blocs(network).arrow(), tmp_path / "network.svg", title)
    for name in ("relation.svg", "network.svg"):
        assert not _scripts(ElementTree.fromstring((tmp_path / name).read_bytes()))
        require_inert(browser, tmp_path / name)


def _scripts(root: ElementTree.Element) -> list[str]:
    found = [node.tag for node in root.iter() if node.tag.rpartition("}")[2].lower() in ("script", "iframe", "img")]
    return found + [name for node in root.iter() for name in node.attrib if name.lower().startswith("on")]


@pytest.mark.parametrize("write", [dynamic_network.write_gexf, dynamic_network.write_graphml])
def test_networks_over_time(write: Any, dyads: pa.Table) -> None:
    sink = io.BytesIO()
    assert write(dyads, sink, happened_only=False) > 0
    assert not _scripts(ElementTree.fromstring(sink.getvalue()))


@pytest.mark.parametrize("form", ["gexf", "graphml", "csv"])
def test_networks(form: str, dyads: pa.Table) -> None:
    network = build_network(dyads, fewest_events=1)
    text = network_text(network.arrow(), find_blocs(network).arrow(), form)
    if form == "csv":
        require_no_formula(text, ",")
    else:
        assert not _scripts(ElementTree.fromstring(text))


def test_json_holds_the_words_as_words(workspace: dragoman.Workspace, dyads: pa.Table, readings: list[Reading]) -> None:
    territories, documents = knowledge.load().territories, [reading.document for reading in readings]
    sinks = [io.BytesIO() for _ in range(5)]
    geojson.write_geojson(dyads, sinks[0])
    stix.write_stix(dyads, documents, sinks[1], territories, happened_only=False)
    citations.write_csl(documents, sinks[2])
    web_annotation.write_web_annotations(workspace.readings(), sinks[3])
    ftm.write_ftm(dyads, documents, sinks[4], territories, happened_only=False)
    for sink in sinks[:4]:
        json.loads(sink.getvalue())
    assert all(json.loads(line) for line in sinks[4].getvalue().splitlines())
    assert {item["title"] for item in json.loads(sinks[2].getvalue())} == {*CORPUS}


def test_tables_hold_no_formula(dyads: pa.Table) -> None:
    require_no_formula(spreadsheet.csv_bytes(dyads).decode("utf-8"), ",")
    sink = io.BytesIO()
    polecat.write_polecat(dyads, sink, knowledge.load().territories, happened_only=False)
    require_no_formula(sink.getvalue().decode("utf-8"), "\t")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_whatever_a_spreadsheet_takes_for_a_formula_is_guarded(start: str) -> None:
    text = f'{start}HYPERLINK("http://example.org")'
    assert spreadsheet.cell(text) == f"'{text}"
    assert spreadsheet.without_guard(str(spreadsheet.cell(text))) == text


def require_no_formula(text: str, delimiter: str) -> None:
    rows = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    assert len(rows) > 1
    for cell in itertools.chain.from_iterable(rows):
        if cell[:1] in {*"=+-@\t\r\n＝＋－＠"}:
            float(cell)  # a negative number is none
