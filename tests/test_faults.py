"""Faults: killed, out of space, cut off, clock set back. What was acknowledged stays; what is broken is said."""

from __future__ import annotations

import datetime as dt
import os
import random
import resource
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

import dragoman
from dragoman.errors import DragomanError, WorkspaceError
from dragoman.workspace.database import FILE

sys.path.insert(0, str(Path(__file__).resolve().parent / "torture"))

import killing


def test_a_killed_workspace_loses_nothing(tmp_path: Path) -> None:
    outcome = killing.torture(10, 3, tmp_path)
    assert outcome.wrong == []
    assert outcome.deeds.total() > 5, "nothing was acknowledged, so nothing was tested"


def _add_until_full(folder: Path, allowance: int, say: Any) -> None:
    """Add documents while no file may grow beyond ``allowance`` bytes (what a full disk does to a writer)."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (allowance, allowance))
    number = 0
    try:
        with dragoman.open(folder) as workspace:
            while number < 4000:
                made = [killing.document(number + k) for k in range(60)]
                number += len(made)
                workspace.add(made, fast=True)
                say({"documents": [d.id for d in made]})
        say({"error": "never full"})
    except DragomanError as error:
        say({"error": str(error)})


@pytest.mark.parametrize("room", [150_000, 700_000, 1_500_000])
def test_a_full_disk_costs_nothing_that_was_acknowledged(tmp_path: Path, room: int) -> None:
    dragoman.read("Russia sanctioned Iran.", fast=True)
    folder = tmp_path / "ws"
    dragoman.create(folder).close()
    allowance = (folder / FILE).stat().st_size + room
    child, reading = killing.in_child(lambda say: _add_until_full(folder, allowance, say))
    said = killing.said_by(reading)
    os.waitpid(child, 0)
    message = said[-1]["error"]
    assert "never full" not in message
    assert "\n" not in message
    with dragoman.open(folder) as workspace:
        assert workspace.check() == []
        there = {d["id"] for d in workspace.documents()}
        assert {identifier for line in said[:-1] for identifier in line["documents"]} <= there
        assert workspace.add([killing.document(9_999_999)], fast=True).read == 1


def _what_is_said(folder: Path, documents: int) -> str | None:
    """The error on opening a broken workspace; None when it is found out by ``check`` or lost nothing."""
    try:
        with dragoman.open(folder, read_only=True) as broken:
            assert broken.check() or len(broken.documents()) == documents
    except WorkspaceError as error:
        return str(error)
    return None


def test_a_file_cut_anywhere_is_refused_with_words_or_found_out(tmp_path: Path) -> None:
    with dragoman.create(tmp_path / "ws") as workspace:
        workspace.add([killing.document(n) for n in range(8)], fast=True)
        copy = workspace.backup()
        whole = len(workspace.documents())
    file = tmp_path / "ws" / FILE
    data = copy.read_bytes()
    chance = random.Random(5)
    for _ in range(15):
        cut = chance.randrange(1, len(data) - 1)
        file.write_bytes(data[:cut])
        (file.parent / f"{FILE}.wal").unlink(missing_ok=True)
        said = _what_is_said(tmp_path / "ws", whole)
        assert said is None or copy.name in said
        assert file.read_bytes() == data[:cut], "never overwritten"


def test_a_clock_that_was_set_back_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Back(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime(1999, 1, 1, tzinfo=tz)

    with dragoman.create(tmp_path / "ws") as workspace:
        workspace.add([killing.document(1)], fast=True)
        monkeypatch.setattr("dragoman.workspace.adding.dt.datetime", Back)
        workspace.add([killing.document(2)], fast=True)
        monkeypatch.undo()
        workspace.add([killing.document(3)], fast=True)
        assert len(workspace.documents()) == 3
        assert len(workspace.search("dispatch")) == 3
        assert workspace.check() == []


def test_a_folder_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(WorkspaceError) as caught:
        dragoman.create(tmp_path / "file" / "ws")
    assert "\n" not in str(caught.value)
    with dragoman.create(tmp_path / "ws") as workspace, pytest.raises(WorkspaceError):
        workspace.backup(tmp_path / "file" / "copy.duckdb")
    with dragoman.open(tmp_path / "ws", read_only=True) as reader, pytest.raises(WorkspaceError, match="reading only"):
        reader.undo(1)
