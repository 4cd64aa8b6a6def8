"""``read-many``: one data set whatever engine wrote it, whole after every stop, part of a workspace when attached."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import msgspec
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from typer.testing import CliRunner

import dragoman
from dragoman.bulk import engines, shards
from dragoman.bulk.copies import NearCopies, Repeats
from dragoman.bulk.run import read_many
from dragoman.bulk.shards import Refused, cut
from dragoman.bulk.sources import found_in
from dragoman.cli.app import app, register
from dragoman.errors import OutputError, UsageError
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.batch import read_batch
from dragoman.reading.pool import ReaderPool
from dragoman.record_tables import record_schema
from dragoman.records import Document, Event

register()
STATES = ("Russia", "China", "Japan", "France", "Iran", "Israel")


def document(number: int) -> Document:
    first, second = STATES[number % 6], STATES[(number + 1 + number // 6 % 5) % 6]
    words = f"Dispatch {number}. {first} condemned {second} on {number % 28 + 1} May 2024, officials said."
    return make_document(Extract(words, url=f"https://example.org/{number}"), f"2024-0{number % 3 + 4}-11")


def found(count: int) -> list[Document | Refused]:
    return [*(document(number) for number in range(count)), Refused("bad.html", "record 7", "UnreadableInput", "empty")]


def content(folder: Path) -> dict[str, list[str]]:
    """Every row of every record type, sorted, as JSON."""
    rows: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*/*/*.parquet")):
        lines = [json.dumps(row, default=str, sort_keys=True) for row in parquet.read_table(path).to_pylist()]
        rows.setdefault(path.parent.parent.name, []).extend(lines)
    return {name: sorted(lines) for name, lines in rows.items()}


def test_the_data_set_is_what_the_documents_say(tmp_path: Path) -> None:
    report = read_many(found(12), tmp_path / "out", fast=True)
    assert (report.read, report.failed) == (12, 1)
    months = {path.name for path in (tmp_path / "out" / "events").iterdir()}
    assert months == {"month=2024-04", "month=2024-05", "month=2024-06"}
    files = sorted((tmp_path / "out" / "events").glob("*/*.parquet"))
    events = pa.concat_tables([parquet.ParquetFile(path).read() for path in files])
    with duckdb.connect() as other:  # any program that reads Parquet
        other.execute(f"SELECT count(*) FROM read_parquet('{tmp_path}/out/events/*/*.parquet')")
        assert other.fetchall()[0][0] == events.num_rows
    assert events.schema.names == record_schema(Event).names
    one = document(3)
    direct = dragoman.read(one.text, published=one.published, fast=True).events
    kept = [row for row in events.to_pylist() if row["document"] == one.id]
    assert [(row["event_type"], row["trigger"]["quote"]) for row in kept] == [
        (event.event_type, event.trigger.quote) for event in direct
    ]
    (failure,) = parquet.read_table(next((tmp_path / "out" / "failures").glob("*/*.parquet"))).to_pylist()
    assert failure["locator"] == "record 7"


OTHER_ENGINE = """
import sys
from pathlib import Path
import msgspec
from dragoman.bulk import shards
from dragoman.bulk.run import read_many
from dragoman.records import Document
if __name__ == "__main__":
    shards.SIZE = 5
    given = msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=list[Document])
    given.append(shards.Refused("bad.html", "record 7", "UnreadableInput", "empty"))
    read_many(given, Path(sys.argv[3]), engine=sys.argv[1], workers=2, fast=True)
"""


@pytest.mark.parametrize("engine", ["pool", "daft", "ray"])
def test_the_output_does_not_depend_on_the_engine(tmp_path: Path, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SIZE", 5)
    given = list(found(17))
    read_many(given, tmp_path / "one", fast=True)
    if engine == "pool":
        read_many(given, tmp_path / "two", workers=2, fast=True)
    else:
        if any(importlib.util.find_spec(part) is None for part in {"daft", engine}):
            pytest.skip("Daft and Ray are not installed (extra [scale])")
        # A process of its own: Daft keeps the runner that it was first given.
        listed = tmp_path / "given.json"
        listed.write_bytes(msgspec.json.encode([one for one in given if isinstance(one, Document)]))
        subprocess.run([sys.executable, "-c", OTHER_ENGINE, engine, listed, tmp_path / "two"], check=True, timeout=300)
    assert content(tmp_path / "one") == content(tmp_path / "two")
    files = [
        sorted(str(p.relative_to(tmp_path / n)) for p in (tmp_path / n).rglob("*.parquet")) for n in ("one", "two")
    ]
    assert files[0] == files[1]


def test_a_stopped_run_goes_on_and_reads_nothing_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "_WINDOW", 1)
    many = found(600)
    whole = read_many(many, tmp_path / "whole", fast=True)
    assert whole.read == 600

    def stops() -> object:
        for number, one in enumerate(many):
            if number == 400:
                raise KeyboardInterrupt
            yield one

    with pytest.raises(KeyboardInterrupt):
        read_many(stops(), tmp_path / "out", fast=True)  # type: ignore[arg-type]
    manifest = tmp_path / "out" / "manifest.jsonl"
    manifest.write_bytes(manifest.read_bytes() + b'{"shard": 1, "dig')  # a line that was cut off
    again = read_many(many, tmp_path / "out", fast=True)
    assert (again.read, again.resumed) == (600 - 256, 256)
    assert content(tmp_path / "out") == content(tmp_path / "whole")


def test_copies_are_passed_over_and_shards_are_the_same_on_every_run() -> None:
    twice = [document(n) for n in range(10)] * 2
    works = list(cut(twice, size=4))
    assert [len(work.documents) for work in works] == [4, 4, 2]
    assert sum(work.copies for work in works) == 10
    assert [work.digest for work in works] == [work.digest for work in cut(twice, size=4)]


def test_a_poisoned_document_is_recorded_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dragoman.reading import batch, pipeline

    real = pipeline.read_parsed

    def poisoned(one: Document, *rest: object) -> object:
        if one.id == document(4).id:
            raise ValueError("poison")
        return real(one, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(batch, "read_parsed", poisoned)
    report = read_many([document(n) for n in range(8)], tmp_path / "out", fast=True)
    assert (report.read, report.failed) == (7, 1)
    (failure,) = parquet.read_table(next((tmp_path / "out" / "failures").glob("*/*.parquet"))).to_pylist()
    assert failure["locator"] == document(4).id
    assert "poison" in failure["message"]


def test_other_settings_and_foreign_folders_are_refused(tmp_path: Path) -> None:
    read_many(found(2), tmp_path / "out", fast=True)
    with pytest.raises(UsageError, match="other settings"):
        read_many(found(2), tmp_path / "out", fast=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        read_many(found(2), tmp_path / "mine", fast=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError):
        read_many(found(2), tmp_path / "file", fast=True)
    with pytest.raises(UsageError, match="no engine"):
        read_many(found(2), tmp_path / "other", engine="spark")


def test_parquet_and_folders_are_sources(tmp_path: Path) -> None:
    rows = {
        "text": [document(1).text, "", document(2).text],
        "date": ["2024-05-01T10:00", None, None],
        "url": ["u", "v", None],
    }
    parquet.write_table(pa.table(rows), tmp_path / "texts.parquet")
    gave = list(found_in([str(tmp_path / "texts.parquet")], published="2020-01-01"))
    assert [type(one) for one in gave] == [Document, Refused, Document]
    assert isinstance(gave[0], Document)
    assert (gave[0].published, gave[0].url) == ("2024-05-01", "u")
    assert isinstance(gave[2], Document)
    assert gave[2].published == "2020-01-01"
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text(document(3).text)
    assert len(list(found_in([str(tmp_path / "texts"), str(tmp_path / "te*" / "a.txt")]))) == 2
    parquet.write_table(pa.table({"x": [1]}), tmp_path / "other.parquet")
    with pytest.raises(UsageError, match="column of texts"):
        list(found_in([str(tmp_path / "other.parquet")]))


def test_a_workspace_answers_from_an_attached_data_set(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["read-many", "nothing*here", "--out", str(tmp_path / "x")])
    assert done.exit_code
    read_many(found(12), tmp_path / "out", fast=True)
    with dragoman.create(tmp_path / "ws") as workspace:
        assert workspace.attach(tmp_path / "out") == 12
        assert len(workspace.documents()) == 12
        assert workspace.dyads(actor="RUS").num_rows
        assert workspace.reading(document(1).id[:10]).document.id == document(1).id
        assert sum(workspace.counts(by="year").column("events").to_pylist()) == len(workspace.events())
        with pytest.raises(UsageError, match="already"):
            workspace.attach(tmp_path / "out")
        workspace.detach(tmp_path / "out")
        assert workspace.dyads().num_rows == 0
        with pytest.raises(UsageError, match="data set"):
            workspace.attach(tmp_path)


SOCKETS = """
import socket, sys
real = socket.socket.connect
def watch(self, address):
    if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
        print("CONNECT", address, flush=True)
    return real(self, address)
socket.socket.connect = watch
from dragoman.bulk.engines import start_daft
start_daft(1, ray=False).from_pydict({"x": [1, 2]}).collect()
import os
print("SETTINGS", *(os.environ[n] for n in ("DAFT_ANALYTICS_ENABLED", "RAY_USAGE_STATS_ENABLED", "DO_NOT_TRACK")))
"""


@pytest.mark.skipif(importlib.util.find_spec("daft") is None, reason="Daft is not installed (extra [scale])")
def test_no_engine_sends_anything_anywhere() -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("DAFT", "RAY", "DO_NOT"))}
    done = subprocess.run(
        [sys.executable, "-c", SOCKETS], capture_output=True, text=True, env=environment, timeout=120, check=True
    )
    assert "CONNECT" not in done.stdout
    assert "SETTINGS 0 0 true" in done.stdout


STORY = (
    "The foreign ministers of Norway and Finland met in Oslo on Monday to discuss the closing of the border crossing "
    "at Storskog, which both governments have called temporary. Norway's minister said that traffic would resume once "
    "the customs house had been repaired, while her Finnish colleague asked for a date. Officials on both sides expect "
    "the talks to go on for two days, and fishermen in the north have announced a protest on Tuesday."
)


def test_near_copies_are_grouped_where_they_stand_in_the_stream() -> None:
    bodies = [
        STORY,
        document(1).text,
        STORY.replace("two days", "three days"),
        f"By our staff. {STORY}",
        document(2).text,
    ]
    (work,) = cut([make_document(Extract(body), "2024-05-02") for body in bodies])
    ids = [one.id for one in work.documents]
    story = f"d.{ids[0][:12]}"
    assert [(copy.document, copy.story) for copy in work.alike] == [(ids[i], story) for i in (0, 2, 3)]
    assert work.alike[1].why.startswith(("wording", "beginning"))


def test_no_more_texts_are_remembered_than_asked_for() -> None:
    near = NearCopies(remembered=3)
    texts = [make_document(Extract(f"{STORY} {number}"), "2024-05-02") for number in (1, 2)]
    others = [document(number) for number in range(9)]
    assert near.add(texts[0]) == []
    for other in others:
        near.add(other)
    assert near.add(texts[1]) == [], "the first was forgotten"
    assert near.add(texts[0]), "the second was not"


def test_a_text_joins_the_story_of_the_text_that_it_is_most_like() -> None:
    near = NearCopies()
    words = STORY.split()
    bodies = [" ".join(words[:50]), STORY, STORY.replace("Monday", "Friday")]
    *_, found = [near.add(make_document(Extract(body), "2024-05-02")) for body in bodies]
    assert found[-1].why.startswith("wording 0.8")


def test_what_is_remembered_of_a_long_stream_takes_no_more_memory_than_of_a_short_one() -> None:
    repeats, near = Repeats(), NearCopies(remembered=200)
    sizes = []
    for begun in (0, 400, 4400):
        for number in range(begun, begun + 400):
            one = document(number)
            assert not repeats.add(one)
            assert repeats.add(one)
            near.add(one)
        sizes.append(len(pickle.dumps((repeats, near))))
    assert max(sizes) - min(sizes) < 100


def test_reading_processes_are_replaced_without_a_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dragoman.reading.pool._LIFE", 2)  # chunks
    documents = [make_document(Extract(f"Kenya condemned Chad on {day} May 2024.")) for day in range(1, 11)]
    with ReaderPool(read_batch, workers=2, fast=True) as pool:
        found = list(pool.map([document] for document in documents))
    assert [group for group, _ in found] == [[document] for document in documents]
    assert all(batch is not None and batch.readings[0].events for _, batch in found)


ENDLESS = """
import itertools, sys
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.batch import read_batch
from dragoman.reading.pool import ReaderPool
if __name__ == "__main__":
    texts = ([make_document(Extract(f"Kenya condemned Chad for the {n}th time."))] for n in itertools.count())
    with ReaderPool(read_batch, workers=2, fast=True) as pool:
        for _ in pool.map(texts):
            print(*(process.pid for process in pool._pool._processes.values()), flush=True)
"""


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are looked up in /proc")
def test_reading_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    (tmp_path / "endless.py").write_text(ENDLESS)
    with subprocess.Popen([sys.executable, tmp_path / "endless.py"], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        readers = [Path("/proc", number) for number in parent.stdout.readline().decode().split()]
        parent.kill()
    assert len(readers) == 2
    deadline = time.monotonic() + 30
    while any(map(Path.exists, readers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(Path.exists, readers))
