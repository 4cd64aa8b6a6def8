"""Events from other data sets come in with their meaning and their repairs; what goes out other programs can read."""

from __future__ import annotations

import csv
import gzip
import io
import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import dragoman
import import_seeds as seeds
from dragoman.cli.app import app, register
from dragoman.formats import polecat
from dragoman.formats.jsonl import decode_lines

register()
runner = CliRunner()

ARTICLE = """Three capitals and a border

VARSO, 12 March 2024 - Poland sent two battalions to the Lithuanian border on Monday, the Polish defence ministry said.
Russia condemned the deployment, and the Russian foreign minister warned Poland of consequences.
Germany and Poland signed an agreement on air defence in Berlin on 4 March 2024.
Belarus denied that its soldiers had attacked a Polish border post.
=HYPERLINK("http://example.invalid") was written on a banner that protesters carried in Warsaw.
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    (folder / "gdelt.csv").write_bytes(seeds.IMPORTS["gdelt"])
    (folder / "icews.tab").write_bytes(seeds.IMPORTS["icews"])
    (folder / "icews.tab.gz").write_bytes(gzip.compress(seeds.IMPORTS["icews"]))
    (folder / "acled.csv").write_bytes(seeds.IMPORTS["acled"])
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exchange")
    (folder / "border.txt").write_text(ARTICLE, encoding="utf-8")
    with dragoman.create(folder / "ws") as made:
        assert made.add([str(folder / "border.txt")], fast=True, published="2024-03-12").read == 1
    return folder / "ws"


def imported(tmp_path: Path, form: str, file: Path) -> tuple[list[dict[str, Any]], str]:
    dragoman.create(tmp_path / "ws").close()
    result = runner.invoke(app, ["import", form, str(file), "--workspace", str(tmp_path / "ws")])
    assert result.exit_code == 0, result.output
    with dragoman.open(tmp_path / "ws", read_only=True) as found:
        assert found.check() == []
        return found.dyads().sort_by("event").to_pylist(), result.output


def picked(rows: list[dict[str, Any]], *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(str(r[c]) if c in ("start", "end", "published") else r[c] for c in columns) for r in rows]


def test_gdelt_comes_in_with_its_repairs(tmp_path: Path, files: Path) -> None:
    rows, said = imported(tmp_path, "gdelt", files / "gdelt.csv")
    assert picked(rows, "event", "actor", "recipient", "event_type", "start", "publisher", "place") == [
        ("gdelt.1", "POL-MIL", "LTU", "REQUEST", "2024-03-04", "herald.example", None),
        ("gdelt.2", "RUS-GOV", "POL", "ASSAULT", "2024-03-04", "herald.example", "Gdansk"),
        ("gdelt.3", "DEU", "POL", "SUPPORT", "None", None, None),
    ]
    assert rows[1]["lat"] == 54.35
    assert rows[1]["intensity"] == -10
    assert "row 4: row left out, it has 4 columns of 61" in said
    assert "GoldsteinScale: no number" in said
    assert "SQLDATE: no date" in said
    assert "3 events taken in" in said


@pytest.mark.parametrize("name", ["icews.tab", "icews.tab.gz"])
def test_icews_comes_in(tmp_path: Path, files: Path, name: str) -> None:
    rows, said = imported(tmp_path, "icews", files / name)
    assert picked(rows, "event", "actor", "recipient", "event_type", "start", "publisher", "place") == [
        ("icews.7", "POL-MIL", "DEU", "SUPPORT", "2024-03-04", "The Herald", "Berlin"),
        ("icews.8", "BLR-CVL", "BLR", "PROTEST", "None", None, None),
    ]
    assert "cameo_code" in said
    assert "event_date: no date" in said


def test_acled_comes_in(tmp_path: Path, files: Path) -> None:
    rows, said = imported(tmp_path, "acled", files / "acled.csv")
    assert picked(rows, "event", "actor", "recipient", "event_type", "start", "end", "granularity") == [
        ("acled.SDN1", "SDN-MIL", "NSA-RSF", "ASSAULT", "2024-03-04", "2024-03-04", "day"),
        ("acled.SDN2", "SDN-CVL", None, "PROTEST", "2024-03-01", "2024-03-31", "month"),
    ]
    assert rows[1]["lat"] is None
    assert "latitude: outside of -90 to 90" in said


def test_no_file_is_imported_twice_and_no_wrong_one_at_all(tmp_path: Path, files: Path) -> None:
    imported(tmp_path, "icews", files / "icews.tab")
    where = ["--workspace", str(tmp_path / "ws")]
    for form, file, said in (
        ("icews", files / "icews.tab", "imported before"),
        ("icews", files / "acled.csv", "no ICEWS file, the column"),
        ("polecat", files / "acled.csv", "no POLECAT file, the column"),
        ("gdelt", files / "acled.csv", "no event of it could be taken in"),
        ("acled", files / "missing.csv", "there is no such file"),
        ("jsonl", files / "acled.csv", "not records as"),
    ):
        result = runner.invoke(app, ["import", form, str(file), *where])
        assert result.exit_code != 0, (form, file)
        assert said in str(result.exception)
    with dragoman.open(tmp_path / "ws", read_only=True) as found:
        assert found.status().imported == 2


def exported(workspace: Path, tmp_path: Path, form: str, *options: str) -> bytes:
    out = tmp_path / f"out.{form}"
    result = runner.invoke(app, ["export", form, str(out), "--workspace", str(workspace), *options])
    assert result.exit_code == 0, result.output
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".part")] == []
    return out.read_bytes()


def records(workspace: Path) -> Iterator[Any]:
    with dragoman.open(workspace, read_only=True) as found:
        for reading in found.readings():
            yield from reading


def test_records_go_out_and_come_back_whole(workspace: Path, tmp_path: Path) -> None:
    data = exported(workspace, tmp_path, "jsonl")
    assert list(decode_lines(data.splitlines())) == list(records(workspace))
    dragoman.create(tmp_path / "other").close()
    result = runner.invoke(
        app, ["import", "jsonl", str(tmp_path / "out.jsonl"), "--workspace", str(tmp_path / "other")]
    )
    assert result.exit_code == 0, result.output
    assert exported(tmp_path / "other", tmp_path, "jsonl") == data
    with dragoman.open(tmp_path / "other", read_only=True) as found:
        assert found.check() == []


def test_polecat_goes_out_and_comes_back(workspace: Path, tmp_path: Path) -> None:
    data = exported(workspace, tmp_path, "polecat")
    lines = data.decode().splitlines()
    assert lines[0].split("\t") == polecat.COLUMNS
    assert all(line.count("\t") == 39 for line in lines)
    rows, _ = imported(tmp_path, "polecat", tmp_path / "out.polecat")
    with dragoman.open(workspace, read_only=True) as found:
        sure = [r for r in found.dyads().to_pylist() if r["factuality"] in ("CT+", "PR+")]
    said = {(r["actor"], r["recipient"], r["event_type"]) for r in sure if r["actor"] and r["recipient"]}
    assert said
    assert said <= {(r["actor"], r["recipient"], r["event_type"]) for r in rows}
    assert "Belarus" not in {r["actor_name"] for r in rows if r["event_type"] == "ASSAULT"}, "what is denied stays out"


def test_a_map_can_be_drawn(workspace: Path, tmp_path: Path) -> None:
    found = json.loads(exported(workspace, tmp_path, "geojson"))
    assert found["type"] == "FeatureCollection"
    assert found["features"]
    for feature in found["features"]:
        assert feature["type"] == "Feature"
        assert feature["properties"]["event_type"]
        if feature["geometry"] is not None:
            lon, lat = feature["geometry"]["coordinates"]
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
    berlin = [f for f in found["features"] if f["properties"]["place"] == "Berlin"]
    assert berlin
    assert round(berlin[0]["geometry"]["coordinates"][0]) == 13


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_networks_are_xml_whose_ties_have_ends(workspace: Path, tmp_path: Path, form: str) -> None:
    root = ElementTree.fromstring(exported(workspace, tmp_path, form))
    nodes = {e.get("id") for e in root.iter() if e.tag.endswith("}node")}
    ties = [(e.get("source"), e.get("target")) for e in root.iter() if e.tag.endswith("}edge")]
    assert ties
    assert all(a in nodes and b in nodes for a, b in ties)
    assert len(nodes) == len([e for e in root.iter() if e.tag.endswith("}node")])


def test_annotations_point_at_their_words(workspace: Path, tmp_path: Path) -> None:
    found = json.loads(exported(workspace, tmp_path, "webannotation"))
    with dragoman.open(workspace, read_only=True) as opened:
        text = next(iter(opened.documents().records())).text
    quoted = 0
    for item in found["first"]["items"]:
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        for target in targets:
            selectors = {s["type"]: s for s in target["selector"]}
            position, quote = selectors["TextPositionSelector"], selectors["TextQuoteSelector"]
            assert text[position["start"] : position["end"]] == quote["exact"]
            quoted += 1
    assert quoted > 10


def test_sources_are_references(workspace: Path, tmp_path: Path) -> None:
    (item,) = json.loads(exported(workspace, tmp_path, "csl"))
    assert item["issued"] == {"date-parts": [[2024, 3, 12]]}
    assert "Three capitals" in item["title"]
    entry = exported(workspace, tmp_path, "bibtex").decode()
    assert entry.startswith("@misc{")
    assert entry.count("{") == entry.count("}")


def test_stix_refers_only_to_what_it_holds(workspace: Path, tmp_path: Path) -> None:
    bundle = json.loads(exported(workspace, tmp_path, "stix"))
    held = {o["id"] for o in bundle["objects"]}
    assert len(held) == len(bundle["objects"])
    named = {"report", "identity", "relationship"}
    assert named <= {o["type"] for o in bundle["objects"]}
    for thing in bundle["objects"]:
        assert thing["spec_version"] == "2.1"
        assert thing["id"].startswith(thing["type"] + "--")
        ends = [thing[k] for k in ("source_ref", "target_ref", "created_by_ref") if k in thing]
        assert set(ends) | set(thing.get("object_refs", ())) <= held


def test_ftm_entities_refer_only_to_what_they_hold(workspace: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in exported(workspace, tmp_path, "ftm").splitlines()]
    held = {entity["id"] for entity in lines}
    events = [entity for entity in lines if entity["schema"] == "Event"]
    assert events
    assert {"Article", "PublicBody"} <= {entity["schema"] for entity in lines}
    assert {tuple(e["properties"]["language"]) for e in lines if e["schema"] == "Article"} == {("eng",)}  # ISO 639-3
    for event in events:
        for side in ("organizer", "involved", "proof"):
            assert set(event["properties"].get(side, ())) <= held


def test_tables_hold_every_row_and_no_formula(workspace: Path, tmp_path: Path) -> None:
    cells = list(csv.reader(io.StringIO(exported(workspace, tmp_path, "csv").decode())))
    exported(workspace, tmp_path, "parquet")
    assert len(cells) == pq.read_table(tmp_path / "out.parquet").num_rows + 1
    text_cells = [cell for line in cells[1:] for cell in line]
    assert not [c for c in text_cells if c[:1] in ("=", "+", "@") or (c[:1] == "-" and not c[1:2].isdigit())]


def test_what_is_exported_can_be_narrowed(workspace: Path, tmp_path: Path) -> None:
    found = json.loads(exported(workspace, tmp_path, "geojson", "--actor", "RUS"))
    assert found["features"]
    assert all(any(i and i.startswith("RUS") for i in f["properties"]["actor_ids"]) for f in found["features"])
    result = runner.invoke(app, ["export", "csl", str(tmp_path / "x"), "--workspace", str(workspace), "--actor", "RUS"])
    assert "does not apply" in str(result.exception)
    assert not (tmp_path / "x").exists()
    gone = tmp_path / "no" / "x.csv"
    result = runner.invoke(app, ["export", "csv", str(gone), "--workspace", str(workspace)])
    assert "cannot be written" in str(result.exception)


def test_a_record_behind_another_document_is_refused(workspace: Path) -> None:
    from dragoman.reading.result import readings_of

    lines = list(records(workspace))
    stray = msgspec.structs.replace(lines[-1], document="0" * 64)
    with pytest.raises(ValueError, match="behind its document"):
        list(readings_of([*lines, stray]))
