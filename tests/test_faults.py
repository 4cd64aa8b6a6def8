"""Faults: killed, out of space, cut off, clock set back. What was acknowledged stays; what is broken is said."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import pytest

import dragoman
from dragoman.errors import DragomanError, WorkspaceError
from dragoman.workspace.database import FILE
from dragoman.workspace.search import INDEX

sys.path.insert(0, str(Path(__file__).resolve().parent / "torture"))

import killing

FULL_DISK = Path(killing.__file__).with_name("full_disk.py")


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


def test_a_search_index_that_was_cut_or_changed_anywhere_still_finds_everything(tmp_path: Path) -> None:
    chance = random.Random(4)
    with dragoman.create(tmp_path / "ws") as workspace:
        for first in (0, 8):  # two segments
            workspace.add([killing.document(first + n) for n in range(8)], fast=True)
            assert len(workspace.search("dispatch")) == first + 8
        sound = tmp_path / "sound"
        shutil.copytree(tmp_path / "ws" / INDEX, sound)
        for _ in range(25):
            shutil.rmtree(tmp_path / "ws" / INDEX)
            shutil.copytree(sound, tmp_path / "ws" / INDEX)
            part = chance.choice(sorted(part for part in (tmp_path / "ws" / INDEX).rglob("*") if part.is_file()))
            data = part.read_bytes() or b" "
            at = chance.randrange(len(data))
            part.write_bytes(chance.choice((data[:at], data[:at] + bytes([data[at] ^ 8]) + data[at + 1 :])))
            assert len(workspace.search("dispatch")) == 16


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


def _use(folder: Path, seed: int, say: killing.Say) -> None:
    elsewhere = folder.with_name(f"of-{seed}")
    elsewhere.mkdir()
    worker = killing.Worker(folder, seed, say, elsewhere)
    for deed in (worker.add, worker.fix, worker.take_in, worker.copy, worker.search):
        deed()
        worker.workspace.database.give_way()


def test_processes_at_once_lose_and_double_nothing(tmp_path: Path) -> None:
    dragoman.read("Russia sanctioned Iran.", fast=True)
    dragoman.create(tmp_path / "ws").close()
    running = [killing.in_child(partial(_use, tmp_path / "ws", 50 + seed)) for seed in range(3)]
    acknowledged = killing.Acknowledged()
    for child, reading in running:
        for said in killing.said_by(reading):
            acknowledged.note(said)
        assert os.waitpid(child, 0)[1] == 0
    assert (len(acknowledged.corrections), len(acknowledged.imports)) == (3, 3)
    answers: list[dict[str, Any]] = []
    killing.inspect(tmp_path / "ws", acknowledged, 0, answers.append)
    assert answers[0]["wrong"] == []


def _namespace() -> list[str]:
    """The command that gives a process its own mounts and network, or nothing where that is not allowed."""
    command = ["unshare", "--map-root-user", "--mount", "--net"]
    allowed = shutil.which("unshare") and subprocess.run([*command, "true"], capture_output=True).returncode == 0
    return command if allowed else []


in_a_namespace = pytest.mark.skipif(not _namespace(), reason="this machine gives no namespaces to its users")


@in_a_namespace
def test_a_disk_that_is_full_in_the_middle(tmp_path: Path) -> None:
    program = [sys.executable, str(FULL_DISK), "--room", "40000"]
    done = subprocess.run([*_namespace(), *program], capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 full disks, 0 problems" in done.stdout


@pytest.mark.skipif(not shutil.which("cc"), reason="there is no C compiler here to make calls fail with")
def test_a_disk_that_fails_costs_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    program = [sys.executable, str(FULL_DISK.with_name("io_errors.py")), "--count", "3"]
    done = subprocess.run(program, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"[1-9]\d disks that failed: .* 0 problems", done.stdout)


READ_ONLY = """
import subprocess, sys, dragoman
from dragoman.errors import DragomanError
place = sys.argv[1]
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", place], check=True)
with dragoman.create(place + "/ws") as made:
    made.restore([dragoman.read("Russia sanctioned Iran on 3 May 2024.", fast=True)])
subprocess.run(["mount", "-o", "remount,ro", place], check=True)
with dragoman.open(place + "/ws", read_only=True) as kept:
    print(len(kept.events()), len(kept.search("sanctioned")), kept.check())
for deed in (lambda: dragoman.open(place + "/ws"), lambda: dragoman.create(place + "/other"), lambda: kept.backup()):
    try:
        deed()
    except DragomanError as error:
        print(error)
"""


@in_a_namespace
def test_a_workspace_where_nothing_can_be_written_can_be_read(tmp_path: Path) -> None:
    program = [sys.executable, "-c", READ_ONLY, str(tmp_path)]
    done = subprocess.run([*_namespace(), *program], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == "1 1 []"
    assert len(lines) == 4
    for line, words in zip(
        lines[1:], ("cannot be written here", "cannot be made here", "cannot be written"), strict=True
    ):
        assert words in line


def test_a_copy_made_while_others_write_is_whole_and_can_be_put_back(tmp_path: Path) -> None:
    dragoman.read("Russia sanctioned Iran.", fast=True)
    dragoman.create(tmp_path / "ws").close()
    child, reading = killing.in_child(partial(killing.work, tmp_path / "ws", 77))
    os.set_blocking(reading, True)
    said = b""
    while said.count(b'"add"') < 1:  # it has written, and goes on
        said += os.read(reading, 1 << 16)
    with dragoman.open(tmp_path / "ws") as other:
        copy = other.backup(tmp_path / "copy.duckdb")
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reading)
    (tmp_path / "again").mkdir()
    copy.rename(tmp_path / "again" / FILE)
    with dragoman.open(tmp_path / "again") as restored:
        assert restored.check() == []
        assert len(restored.documents()) >= 1
        assert restored.add([killing.document(5)], fast=True).read == 1


def test_a_workspace_stays_locked_while_and_after_it_is_copied(tmp_path: Path) -> None:
    with dragoman.create(tmp_path / "ws") as workspace, workspace.database.session():
        workspace.backup()
        attempt = f"import duckdb; duckdb.connect({str(tmp_path / 'ws' / FILE)!r})"
        done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True)
    assert "Could not set lock" in done.stderr


def _add_and_die(folder: Path, say: killing.Say) -> None:
    killing.Worker(folder, 1, say).add()
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_copy_holds_what_a_killed_process_wrote_last(tmp_path: Path) -> None:
    dragoman.read("Russia sanctioned Iran.", fast=True)
    dragoman.create(tmp_path / "ws").close()
    child, reading = killing.in_child(partial(_add_and_die, tmp_path / "ws"))
    (said,) = killing.said_by(reading)
    os.waitpid(child, 0)
    with dragoman.open(tmp_path / "ws", read_only=True) as workspace:
        copy = workspace.backup()
    (tmp_path / "again").mkdir()
    copy.rename(tmp_path / "again" / FILE)
    with dragoman.open(tmp_path / "again") as restored:
        assert {d["id"] for d in restored.documents()} == {*said["documents"]}
