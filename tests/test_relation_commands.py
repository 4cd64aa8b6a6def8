"""``dragoman relations``, ``blocs``, ``network`` and ``brief`` as a user meets them."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import igraph
import pyarrow.csv as csv
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner, Result

import dragoman
from dragoman.cli.app import app, register
from dragoman.errors import DragomanError
from dragoman.formats.event_files import read_event_file
from dragoman.formats.jsonl import encode_line
from relation_events import situation

register()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("events") / "events.parquet"
    parquet.write_table(situation(), path)
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_relations_shows_series_and_changes(file: Path) -> None:
    done = run("relations", "RUR", "SYL", "--events", str(file))
    assert done.exit_code == 0
    assert "2017-07: from" in done.stdout
    assert "They clashed on 2017-07" in done.stdout
    rows = csv.read_csv(
        io.BytesIO(run("relations", "RUR", "SYL", "--format", "csv", "--events", str(file)).stdout_bytes)
    )
    assert rows["events"].to_pylist()[0] == 4


@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_plots_are_written_and_the_same_again(file: Path, tmp_path: Path, suffix: str) -> None:
    one, two = tmp_path / f"one.{suffix}", tmp_path / f"two.{suffix}"
    for path in (one, two):
        assert run("relations", "RUR", "SYL", "--events", str(file), "--plot", str(path)).exit_code == 0
    assert one.stat().st_size > 5_000
    assert one.read_bytes() == two.read_bytes()


def test_blocs_and_who_changed(file: Path, tmp_path: Path) -> None:
    done = run("blocs", "--at", "2018-12-31", "--compare", "2016-12", "--fewest", "1", "--events", str(file),
               "--plot", str(tmp_path / "blocs.png"))  # fmt: skip
    assert done.exit_code == 0
    assert "2018-12-31: 3 actors, 2 ties" in done.stdout
    assert "From 2016-12 to 2018-12-31" in done.stdout
    assert (tmp_path / "blocs.png").stat().st_size > 5_000


def test_networks_are_read_by_other_programs(file: Path, tmp_path: Path) -> None:
    for form in ("gexf", "graphml", "csv"):
        out = tmp_path / f"net.{form}"
        assert (
            run("network", "--format", form, "--fewest", "1", "--events", str(file), "--out", str(out)).exit_code == 0
        )
    graph = igraph.Graph.Read_GraphML(str(tmp_path / "net.graphml"))
    assert sorted(graph.vs["name"]) == ["BOR", "RUR", "SYL"]
    assert graph.ecount() == 2
    root = ET.parse(tmp_path / "net.gexf").getroot()
    space = "{http://gexf.net/1.3}"
    edges = root.findall(f".//{space}edge")
    assert {e.get("source") for e in edges} | {e.get("target") for e in edges} == {"BOR", "RUR", "SYL"}
    assert all(float(e.get("weight") or -1) >= 0 and e.get("start") for e in edges)
    assert csv.read_csv(tmp_path / "net.csv").num_rows == 2


def test_brief_from_records(tmp_path: Path) -> None:
    reading = dragoman.read("France attacked Mali on 3 May 2024. France bombed Mali on 4 May 2024.", fast=True)
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"".join(encode_line(record) for record in reading))
    done = run("brief", "FRA", "--format", "markdown", "--events", str(path))
    assert done.exit_code == 0
    assert "With Mali: 2 events from 2024-05-03 to 2024-05-04" in done.stdout.replace("\\", "")


def test_rows_of_every_kind_of_file_are_the_same(tmp_path: Path) -> None:
    table = situation().select(["event", "actor", "recipient", "start", "intensity", "event_type", "quad_class"])
    csv.write_csv(table, tmp_path / "e.csv")
    parquet.write_table(table, tmp_path / "e.parquet")
    lines = [json.dumps({**row, "start": row["start"].isoformat()}) for row in table.to_pylist()]
    (tmp_path / "e.jsonl").write_text("\n".join(lines), encoding="utf-8")
    for name in ("e.csv", "e.parquet", "e.jsonl"):
        found = read_event_file(tmp_path / name).table
        assert found.select(table.column_names).to_pylist() == table.to_pylist()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("relations", "RUR", "RUR"), 2, "the same"),
        (("relations", "RURS", "SYL"), 2, "nearest: RUR"),
        (("relations", "RUR", "SYL", "--since", "2019", "--until", "2018"), 2, "turn them round"),
        (("relations", "RUR", "SYL", "--since", "2019-13"), 2, "is no date"),
        (("relations", "RUR", "SYL", "--since", "2040"), 1, "no event between"),
        (("relations", "RUR", "SYL", "--plot", "x.gif"), 2, ".png, .svg or .pdf"),
        (("blocs", "--at", "2040"), 1, "no two actors share"),
        (("brief", "Narnia"), 2, "no event names 'Narnia'"),
        (("network", "--out", "no-such-folder/x.gexf"), 1, "cannot be written"),
    ],
)
def test_bad_questions_are_one_line(file: Path, arguments: tuple[str, ...], code: int, words: str) -> None:
    done = run(*arguments, "--events", str(file))
    assert isinstance(done.exception, DragomanError)
    assert words in str(done.exception)
    assert "\n" not in str(done.exception)
    assert done.stdout == ""
    assert not Path("x.gif").exists()
    assert code == (2 if type(done.exception).__name__ == "UsageError" else 1)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.parquet", None, "no such file"), ("e.parquet", b"PAR1", "not a readable table"),
        ("e.csv", b"start,intensity\nyesterday,1\n", "not a readable table"), ("e.jsonl", b"{", "not a readable table"),
        ("e.jsonl", b"", "there are no events"), ("e.doc", b"x", "change the name's ending"),
        ("e.csv", b"who,whom\na,b\n", "lacks actor"),
    ],
)  # fmt: skip
def test_bad_files_are_named(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = run("relations", "RUR", "SYL", "--events", str(tmp_path / name))
    assert isinstance(done.exception, DragomanError)
    assert words in str(done.exception)


def test_exit_code_and_one_line_in_a_process(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from dragoman.cli import main; main()", "relations", "A", "B"],
        capture_output=True, timeout=60, check=False, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 2
    assert b"--workspace DIR or --events FILE" in done.stderr
    assert done.stderr.count(b"\n") == 1
