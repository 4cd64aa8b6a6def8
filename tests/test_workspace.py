"""A workspace as a user relies on it: nothing twice, nothing lost, questions that are answered."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

import dragoman
from dragoman.errors import UsageError, WorkspaceError
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.records import Document
from dragoman.samples import dispatch
from dragoman.tables import DYADS
from dragoman.workspace import schema
from dragoman.workspace.database import FILE, Database

ARTICLES = Path(__file__).resolve().parent.parent / "evaluation" / "articles"


def text(words: str, url: str | None = None, published: str = "2024-06-01", publisher: str = "The Paper") -> Document:
    return make_document(Extract(words, url=url, publisher=publisher), published)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[dragoman.Workspace]:
    with dragoman.create(tmp_path / "ws") as made:
        yield made


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dragoman.Workspace]:
    with dragoman.create(tmp_path_factory.mktemp("filled") / "ws") as made:
        made.add([dispatch(), ARTICLES], fast=True)
        yield made


def test_what_was_read_comes_out_as_it_was_read(workspace: dragoman.Workspace) -> None:
    workspace.add(dispatch(), fast=True)
    reading = dragoman.read(dispatch(), fast=True)
    stored = workspace.reading(reading.document.id[:10])
    assert stored == reading
    assert workspace.dyads().sort_by("event").equals(reading.arrow().sort_by("event"), check_metadata=False) or (
        workspace.dyads().drop(["story"]).num_rows == reading.arrow().num_rows
    )
    assert workspace.events().records() == list(reading.events)
    assert workspace.check() == []


def test_the_same_text_adds_nothing_and_an_unchanged_file_is_not_opened(
    workspace: dragoman.Workspace, tmp_path: Path
) -> None:
    first, copy = tmp_path / "a.txt", tmp_path / "b.txt"
    first.write_text("Russia sanctioned Iran on 3 May 2024, the foreign ministry said.")
    copy.write_bytes(first.read_bytes())
    report = workspace.add([first, copy], fast=True)
    assert (report.read, report.known, report.failed) == (1, 1, 0)
    again = workspace.add([tmp_path], fast=True)
    assert (again.read, again.known) == (0, 0)
    assert again.unchanged == 2
    assert workspace.status().documents == 1
    assert workspace.status().sightings == 2
    first.write_text("Russia sanctioned Japan on 3 May 2024, the foreign ministry said.")
    assert workspace.add([first], fast=True).read == 1


def test_one_bad_file_stops_nothing_and_is_named(workspace: dragoman.Workspace, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "french.txt").write_text(
        "Le ministre des affaires étrangères a rencontré son homologue à Paris hier. " * 4
    )
    (tmp_path / "good.txt").write_text("Russia sanctioned Iran on 3 May 2024.")
    report = workspace.add([tmp_path, tmp_path / "missing.txt"], fast=True)
    assert (report.read, report.failed) == (1, 3)
    failures = {Path(failure.source).name: failure.error for failure in workspace.status().failures}
    assert failures == {
        "empty.txt": "UnreadableInput", "french.txt": "UnsupportedLanguage", "missing.txt": "UnreadableInput"
    }  # fmt: skip
    (tmp_path / "empty.txt").write_text("China praised Iran on 4 May 2024.")
    workspace.add([tmp_path / "empty.txt"], fast=True)
    assert "empty.txt" not in {Path(failure.source).name for failure in workspace.status().failures}


def test_a_changed_article_is_a_version_and_views_use_the_newest(workspace: dragoman.Workspace) -> None:
    url = "https://example.org/article"
    old = text("Russia sanctioned Iran on 3 May 2024. More will follow.", url, "2024-05-03")
    new = text("Russia sanctioned Iran on 3 May 2024. Iran condemned Russia.", url, "2024-05-04")
    workspace.add([new], fast=True)
    workspace.add([old], fast=True)  # the older version arrives later
    assert [d["id"] for d in workspace.documents()] == [new.id]
    assert workspace.status().older_versions == 1
    assert set(workspace.dyads().column("document").to_pylist()) == {new.id}
    assert workspace.reading(old.id).document == old


def test_a_pool_gives_what_one_process_gives(tmp_path: Path) -> None:
    texts = [text(f"Russia sanctioned Iran on {day} May 2024. Iran condemned Russia.") for day in range(1, 20)]
    tables = []
    for workers in (1, 2):
        with dragoman.create(tmp_path / str(workers)) as made:
            made.add(texts, workers=workers, fast=True)
            tables.append(made.dyads().sort_by([("event", "ascending"), ("actor", "ascending")]))
    assert tables[0].equals(tables[1])


@pytest.mark.parametrize(
    ("conditions", "least"),
    [
        ({"actor": "PRK"}, 5),
        ({"actor": "PRK", "since": "2020", "until": "2020-12"}, 2),
        ({"recipient": "UKR"}, 0),
        ({"event_type": ["ASSAULT", "THREATEN"]}, 3),
        ({"factuality": "CT+", "either": "KOR"}, 3),
        ({"publisher": "the strait reporter"}, 5),
        ({"quad_class": 4}, 5),
    ],
)
def test_filters(filled: dragoman.Workspace, conditions: dict[str, Any], least: int) -> None:
    rows = filled.dyads(**conditions).to_pylist()
    assert len(rows) >= least
    for row in rows:
        if "actor" in conditions:
            assert row["actor"].split("-")[0] == conditions["actor"]
        if "event_type" in conditions:
            assert row["event_type"] in ("ASSAULT", "THREATEN")
        if "quad_class" in conditions:
            assert row["quad_class"] == 4
    ids = {row["event"] for row in rows}
    assert {event["id"] for event in filled.events(**conditions)} == ids


def test_results_are_what_other_programs_take(filled: dragoman.Workspace) -> None:
    found = filled.events(actor="PRK")
    assert len(found.df()) == len(found.pl()) == len(found) == len(list(found)) == len(found.records())
    assert len(duckdb.from_arrow(found.arrow()).fetchall()) == len(found)
    assert found.arrow().schema.field("trigger").type.num_fields == 3
    page = filled.events(actor="PRK", limit=2, offset=1).records()
    assert page == found.records()[1:3]


@pytest.mark.parametrize(
    "conditions",
    [{"event_type": "WAR"}, {"factuality": "sure"}, {"since": "20x"}, {"since": "2024-02", "until": "2023"},
     {"since": "2024-13"}, {"since": "2023-02-30"}],
)  # fmt: skip
def test_wrong_questions_are_refused_in_one_line(filled: dragoman.Workspace, conditions: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as caught:
        filled.dyads(**conditions)
    assert "\n" not in str(caught.value)


def test_counts_of_records_stories_and_publishers(workspace: dragoman.Workspace) -> None:
    lead = "Gunmen kidnapped twelve teachers in the town of Kagara in Nigeria on 3 May 2024, the police said. "
    rest = "The attackers came on motorcycles before dawn and drove the teachers into the forest, residents said. " * 3
    copies = [text(f"{lead}{rest} Edition {n}.", publisher=f"Paper {n}") for n in range(4)]
    other = text("Russia sanctioned Iran on 20 May 2024, officials said.", publisher="Paper 9")
    workspace.add([*copies, other], fast=True)
    per = {
        unit: sum(workspace.counts(by="month", unit=unit, event_type="ASSAULT").column("events").to_pylist())
        for unit in ("record", "story", "publisher")
    }
    assert per["record"] >= 4
    assert per["story"] < per["record"]
    assert per["story"] <= per["publisher"] <= per["record"]
    story = workspace.stories()[0]
    assert story.documents == 4
    assert story.publishers == 1, "word-for-word copies are one voice"
    assert story.why


def test_series_of_a_dyad(workspace: dragoman.Workspace) -> None:
    workspace.add(
        [text("Russia sanctioned Iran on 3 May 2024."), text("Russia praised Iran on 4 June 2024.")], fast=True
    )
    rows = workspace.series("RUS", "IRN").to_pylist()
    assert [(row["period"], row["quad_class"]) for row in rows] == [(dt.date(2024, 5, 1), 4), (dt.date(2024, 6, 1), 1)]


def test_search_finds_words_phrases_and_fields(filled: dragoman.Workspace) -> None:
    hit = filled.search('"liaison office"')[0]
    stored = filled.reading(hit.document).document
    assert stored.text[hit.start : hit.start + len(hit.quote)] == hit.quote
    assert any(hit.quote[a:b].lower() == "liaison" for a, b in hit.matches)
    assert filled.search("title:shoal")[0].title == "Water cannon at the shoal"
    assert filled.search("zzzzqqq") == []
    for wrong in ('"unbalanced', "text:*"):
        with pytest.raises(UsageError, match="cannot be understood"):
            filled.search(wrong)


def test_a_broken_search_index_is_made_again(workspace: dragoman.Workspace) -> None:
    workspace.add(text("Russia sanctioned Iran on 3 May 2024."), fast=True)
    assert workspace.search("Iran")
    for part in (workspace.folder / "search-index").rglob("*"):
        if part.is_file():
            part.write_bytes(b"rubbish")
    assert workspace.search("Iran")


def imported(count: int) -> pa.Table:
    day = dt.date(2020, 1, 5)
    rows = [
        {"event": f"x{n}", "start": day, "end": day, "actor": "RUS", "recipient": "UKR", "event_type": "ASSAULT",
         "quad_class": 4, "intensity": -9.0, "factuality": "CT+", "contexts": [], "origin": "acled"}
        for n in range(count)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=DYADS)


def test_imported_events_stand_beside_read_ones_and_say_where_they_are_from(workspace: dragoman.Workspace) -> None:
    workspace.add(text("Russia attacked Ukraine on 3 May 2024."), fast=True)
    assert (
        workspace.import_events([imported(5), imported(3)], origin="acled", source="a.csv", repairs=["row 2: x"]) == 8
    )
    assert workspace.status().imported == 8
    assert workspace.dyads(origin="acled").num_rows == 8
    assert workspace.dyads(actor="RUS", recipient="UKR", event_type="ASSAULT").num_rows == 9
    assert workspace.check() == []
    with pytest.raises(UsageError, match="before"):
        workspace.import_events([imported(1)], origin="acled", source="a.csv")
    assert workspace.dyads(origin="acled").num_rows == 8


def test_backup_is_whole_and_opens(workspace: dragoman.Workspace) -> None:
    workspace.add(text("Russia sanctioned Iran on 3 May 2024."), fast=True)
    copy = workspace.backup()
    folder = workspace.folder.parent / "restored"
    folder.mkdir()
    (folder / FILE).write_bytes(copy.read_bytes())
    with dragoman.open(folder) as restored:
        assert restored.dyads().equals(workspace.dyads())


def test_there_must_be_a_workspace_and_only_one(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no workspace here"):
        dragoman.open(tmp_path)
    dragoman.create(tmp_path / "ws").close()
    with pytest.raises(WorkspaceError, match="already"):
        dragoman.create(tmp_path / "ws")


def test_a_damaged_file_is_left_alone_and_the_newest_copy_named(tmp_path: Path) -> None:
    with dragoman.create(tmp_path / "ws") as made:
        made.add(text("Russia sanctioned Iran on 3 May 2024."), fast=True)
        copy = made.backup()
    file = tmp_path / "ws" / FILE
    for rest in (b"", file.read_bytes()[:5000], b"\x00" * 9000, b"no database at all" * 1000):
        file.write_bytes(rest)
        with pytest.raises(WorkspaceError) as caught:
            dragoman.open(tmp_path / "ws")
        assert copy.name in str(caught.value)
        assert "\n" not in str(caught.value)
        assert file.read_bytes() == rest


def test_another_database_and_a_newer_one_are_refused_with_words(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with duckdb.connect(str(tmp_path / "other" / FILE)) as connection:
        connection.execute("CREATE TABLE t (x INTEGER)")
    with pytest.raises(WorkspaceError, match="no dragoman workspace"):
        dragoman.open(tmp_path / "other")
    dragoman.create(tmp_path / "ws").close()
    with duckdb.connect(str(tmp_path / "ws" / FILE)) as connection:
        connection.execute("UPDATE meta SET value = '999' WHERE key = 'schema'")
    with pytest.raises(WorkspaceError, match="upgrade dragoman"):
        dragoman.open(tmp_path / "ws")


def test_an_older_file_is_upgraded_in_one_go_after_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with dragoman.create(tmp_path / "ws") as made:
        made.add(text("Russia sanctioned Iran on 3 May 2024."), fast=True)

    def fails(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute("ALTER TABLE imports ADD COLUMN extra VARCHAR")
        raise RuntimeError("half way")

    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    monkeypatch.setitem(schema.MIGRATIONS, schema.VERSION - 1, fails)
    with pytest.raises(RuntimeError):
        dragoman.open(tmp_path / "ws")
    monkeypatch.setitem(
        schema.MIGRATIONS, schema.VERSION - 1, lambda c: c.execute("ALTER TABLE imports ADD COLUMN extra VARCHAR")
    )
    with dragoman.open(tmp_path / "ws") as upgraded, upgraded.database.session() as connection:
        assert schema.version_of(connection) == schema.VERSION
        assert upgraded.dyads().num_rows == 1
    assert len(list((tmp_path / "ws").glob("*.copy"))) == 1


HOLDER = """
    import sys, time, dragoman
    workspace = dragoman.open(sys.argv[1])
    with workspace.database.session():
        print("held", flush=True)
        time.sleep(float(sys.argv[2]))
"""


def test_a_workspace_in_use_gives_one_clear_line(tmp_path: Path) -> None:
    dragoman.create(tmp_path / "ws").close()
    program = [sys.executable, "-c", textwrap.dedent(HOLDER), str(tmp_path / "ws"), "60"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"
        database = Database(tmp_path / "ws", patience=0.3)
        with pytest.raises(WorkspaceError, match=rf"in use by process {holder.pid}"), database.session():
            pass
        holder.kill()


def test_processes_of_one_workspace_take_turns(tmp_path: Path) -> None:
    with dragoman.create(tmp_path / "ws") as server:
        server.add(text("Russia sanctioned Iran on 3 May 2024."), fast=True)
        server.database.share()
        program = "import sys, dragoman; w = dragoman.open(sys.argv[1]); print(w.reject(w.events().records()[0].id))"
        begun = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "ws")],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout.strip() == "1", done.stderr
        assert server.dyads().num_rows == 0
        assert time.monotonic() - begun < 30
