"""Files of events that are wrong in several ways at once: what can be taken in is, the rest is refused in one line."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path

import pytest

import dragoman
import import_seeds as seeds
from dragoman.cli.exchange import Incoming, import_file
from dragoman.errors import UnreadableInput

sys.path.insert(0, str(Path(__file__).resolve().parent / "torture"))

import imports


def taken_in(form: str, file: Path) -> list[str]:
    """The events that came of a file; nothing else is in the workspace."""
    folder = file.parent / "ws"
    dragoman.create(folder).close()
    import_file(Incoming(form), file, folder)
    with dragoman.open(folder, read_only=True) as workspace:
        assert workspace.check() == []
        return sorted({event or "" for event in workspace.dyads()["event"].to_pylist()})


def test_files_that_are_damaged_in_some_ways_are_taken_in_or_refused(tmp_path: Path) -> None:
    outcome = imports.torture(len(imports.DAMAGES) + 4, tmp_path)
    assert outcome.wrong == []
    assert min(outcome.taken, outcome.refused) > 50


@pytest.mark.parametrize("form", ["gdelt", "icews", "polecat", "acled"])
def test_a_row_that_is_too_short_and_no_utf8_costs_that_row_alone(
    tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sound").mkdir()
    (tmp_path / "sound" / "events.csv").write_bytes(seeds.IMPORTS[form])
    wrong = tmp_path / "events.csv"
    wrong.write_bytes(seeds.IMPORTS[form] + b"x\xff\ty,\xe9z\n")
    assert taken_in(form, wrong) == taken_in(form, tmp_path / "sound" / "events.csv")
    assert "row left out, it has 2 columns of" in capsys.readouterr().err


def test_bytes_that_are_no_text_are_replaced_and_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "events.tab"
    head, first, second, *others = seeds.IMPORTS["icews"].split(b"\n")
    first = first.replace(b"The Herald", b"The H\xe9rald \xef\xbf\xbd")
    second = second.replace(b"Citizen (Belarus)", b"Citizen\x1f (Belarus)")
    file.write_bytes(b"\n".join([head, first, second, *others]))
    assert taken_in("icews", file) == ["icews.7", "icews.8"]
    with dragoman.open(tmp_path / "ws", read_only=True) as workspace:
        rows = workspace.dyads().sort_by("event").to_pylist()
    assert rows[0]["publisher"] == "The H\ufffdrald \ufffd"
    assert rows[1]["actor_name"] == "Citizen\ufffd (Belarus)"
    said = capsys.readouterr().err
    assert "row 1, publisher: bytes that are no text (in UTF-8), replaced" in said
    assert "row 2, source_name: bytes that are no text" in said


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("wide.tab", seeds.IMPORTS["icews"].decode().encode("utf-16"), "UTF-16"),
        ("zeros.tab", b"\x00" * 90, "binary"),
        ("cut.tab.gz", gzip.compress(seeds.IMPORTS["icews"])[:-30], "cannot be read"),
    ],
)
def test_what_is_no_table_is_said_with_its_reason(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableInput, match=said):
        taken_in("icews", tmp_path / name)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"3 May 2024", b"4 May 2024", "not the one that gave it its id"),
        (b'"quote":"Iran"', b'"quote":"Iraq"', "does not hold the words"),
        (b'.e1"', b'.e2"', "times"),
        (b'.c1"', b'.c9"', "not there"),
    ],
)
def test_records_that_do_not_fit_together_are_refused_whole(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    lines = seeds.IMPORTS["jsonl"].split(b"\n")
    where = next(k for k, line in enumerate(lines) if old in line)
    lines[where] = lines[where].replace(old, new)
    (tmp_path / "records.jsonl").write_bytes(b"\n".join(lines))
    with pytest.raises(UnreadableInput, match=said):
        taken_in("jsonl", tmp_path / "records.jsonl")
    with dragoman.open(tmp_path / "ws", read_only=True) as workspace:
        assert len(workspace.documents()) == 0
