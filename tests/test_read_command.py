"""``dragoman read`` as a user meets it: what it prints, what it writes, how it fails."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TEXT = "On 3 May 2024 the Ruritanian president said that France had sent 200 soldiers to Mali. Paris denied it."


def dragoman(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", "from dragoman.cli import main; main()", *arguments],
        input=stdin, capture_output=True, timeout=120, check=False,
    )  # fmt: skip


def test_records_on_standard_output_have_exact_spans() -> None:
    done = dragoman("read", "sample", "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    records = [json.loads(line) for line in done.stdout.splitlines()]
    [document] = [r for r in records if r["record"] == "document"]
    assert {"actor", "claim", "event"} <= {r["record"] for r in records}

    def check(value: object) -> None:
        if isinstance(value, dict):
            if {"start", "end", "quote"} <= set(value) and isinstance(value["start"], int):
                assert document["text"][value["start"] : value["end"]] == value["quote"]
            for inner in value.values():
                check(inner)
        elif isinstance(value, list):
            for inner in value:
                check(inner)

    for record in records:
        check(record)
    ids = [r["id"] for r in records if r["record"] in ("event", "claim")]
    assert len(set(ids)) == len(ids)


def test_plain_when_not_a_terminal() -> None:
    done = dragoman("read", "-", stdin=TEXT.encode())
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"EVENTS" in done.stdout


def test_escape_sequences_never_reach_the_output() -> None:
    done = dragoman("read", "-", stdin=(TEXT + " Then \x1b[31mred\x1b[0m \u202eevil.").encode())
    assert b"\x1b" not in done.stdout
    assert "\u202e".encode() not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("read", "no-such-file.txt"), 1, b"no-such-file.txt: there is no such file"),
        (("read", "sample", "--published", "2024-13-01"), 2, b"'2024-13-01' is no date"),
        (("read", "http://127.0.0.1/x"), 1, b"not on the public internet"),
        (("evaluate", "nothing", "x"), 2, b"there is no task 'nothing'"),
        (("read", "sample", "--format", "html", "--out", "no-such-folder/x.html"), 1, b"cannot be written"),
        (("read", "sample", "--lexicon", "no-such-folder"), 1, b"no-such-folder"),
    ],
)
def test_errors_are_one_line(arguments: tuple[str, ...], code: int, words: bytes) -> None:
    done = dragoman(*arguments)
    assert done.returncode == code
    assert done.stdout == b""
    assert words in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_a_batch_goes_on_and_says_what_failed(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text(TEXT, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    done = dragoman("read", str(tmp_path / "empty.txt"), str(good), str(tmp_path / "none.txt"), "--format", "jsonl")
    assert done.returncode == 1
    assert sum(json.loads(line)["record"] == "document" for line in done.stdout.splitlines()) == 1
    assert b"empty.txt: the file is empty" in done.stderr
    assert b"none.txt: there is no such file" in done.stderr
    assert b"2 of 3 sources could not be read" in done.stderr


def test_without_a_date_relative_dates_stay_unresolved_and_it_says_so() -> None:
    done = dragoman("read", "-", "--format", "jsonl", stdin=b"Yesterday French troops attacked the rebels in Mali.")
    events = [r for r in map(json.loads, done.stdout.splitlines()) if r["record"] == "event"]
    assert events
    assert all(e["time"] is None or e["time"]["start"] is None for e in events)
    assert b"--published" in done.stderr
