"""Whatever a user gets wrong on the command line ends in one line: what, where, what to do; never in a trace."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import dragoman
from dragoman.cli import main
from dragoman.workspace.database import FILE

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "wrong_use.yml").read_text(encoding="utf-8")
)
PROGRAM = "from dragoman.cli import main; main()"
TEXT = "Russia sanctioned Iran on 3 May 2024, and Iran’s “ministry” – in Tehran – condemned Russia.\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("wrong")
    (made / "text.txt").write_text(TEXT, encoding="utf-8")
    (made / "binary.dat").write_bytes(bytes(range(256)) * 20)
    (made / "zeros.txt").write_bytes(bytes(4000))
    (made / "empty.txt").write_bytes(b"")
    (made / "german.txt").write_text("Die Ministerin sagte am Montag, die Truppen seien noch nicht abgezogen. " * 9)
    (made / "torn.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type /Cat")
    (made / "torn.parquet").write_bytes(b"PAR1 and then nothing")
    (made / "lexicon" / "events").mkdir(parents=True)
    (made / "lexicon" / "events" / "x.yml").write_text("verbs: [unclosed\n")
    (made / "deep.jsonl").write_bytes(b"[" * 100_000)
    (made / "latin.jsonl").write_bytes(b'{"text":"caf\xe9","quad":1}\n')
    unlike = {"text": 7, "source": ["a"], "target": [1], "event_type": {}, "quad": [1], "countries": 3}
    (made / "unlike.jsonl").write_text(json.dumps(unlike))
    for name, content in (("latin", b"verbs:\n- lemma: caf\xe9\n"), ("deep", b"[" * 20_000)):
        (made / f"{name}-lexicon" / "events").mkdir(parents=True)
        (made / f"{name}-lexicon" / "events" / "x.yml").write_bytes(content)
    (made / "torn").mkdir()
    (made / "torn" / FILE).write_bytes(b"no database")
    with dragoman.create(made / "ws") as workspace:
        workspace.add(made / "text.txt", fast=True)
    return made


@pytest.mark.parametrize("case", CASES, ids=[f"{n} {' '.join(c['run'])[:60]}" for n, c in enumerate(CASES)])
def test_one_line_and_no_trace(
    case: dict[str, Any], folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(ws=folder / "ws", dir=folder) for word in case["run"]]
    monkeypatch.setattr(sys, "argv", ["dragoman", *words])
    monkeypatch.chdir(folder)
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert re.search(case["says"], said), said
    assert ended.value.code == case["exit"], said
    lines = [line for line in said.splitlines() if not line.startswith(("failed:", "0 read"))]
    assert len(lines) <= 1, said
    assert "Traceback" not in said


def started(*words: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options
    )


def test_a_reader_that_goes_away_is_no_fault(folder: Path) -> None:
    with started("events", "--workspace", str(folder / "ws"), "--format", "jsonl") as running:
        assert running.stdout
        running.stdout.close()
        assert running.stderr
        assert running.stderr.read() == b""


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        ({"PYTHONIOENCODING": "ascii"}, b"Russia"),
        ({"PYTHONIOENCODING": "latin-1"}, b"Russia"),
        ({"TERM": "dumb", "COLUMNS": "40"}, b"Russia"),
        ({"NO_COLOR": "1", "COLUMNS": "10"}, b"R"),
    ],
)
def test_poor_terminals(folder: Path, settings: dict[str, str], seen: bytes) -> None:
    ours, theirs = os.openpty()
    words = [sys.executable, "-c", PROGRAM, "read", "--fast", str(folder / "text.txt")]
    shown = {**os.environ, "TERM": "dumb", **settings}
    with subprocess.Popen(words, stdout=theirs, stderr=subprocess.PIPE, env=shown) as running:
        os.close(theirs)
        out = b""
        with contextlib.suppress(OSError):  # what a terminal gives when its last writer has gone
            while part := os.read(ours, 65536):
                out += part
        os.close(ours)
        assert running.stderr
        said = running.stderr.read()
    assert (running.returncode, said) == (0, b"")
    assert seen in out
    assert b"\x1b[3" not in out, "no colours"


def test_records_are_utf8_on_every_terminal(folder: Path) -> None:
    words = ("read", "--fast", "--format", "jsonl", str(folder / "text.txt"))
    with started(*words, env={**os.environ, "PYTHONIOENCODING": "ascii"}) as running:
        out, _ = running.communicate(timeout=100)
    assert "Iran’s “ministry”" in out.decode("utf-8")


@pytest.mark.skipif(not Path("/proc/self/syscall").exists(), reason="needs Linux's /proc")
def test_ctrl_c_ends_in_one_line() -> None:
    with started("read", "--fast", "-", stdin=subprocess.PIPE) as running:
        assert running.stdin
        running.stdin.write(b"Norway")
        running.stdin.flush()
        _wait_until_reading(running.pid)
        running.send_signal(signal.SIGINT)
        assert running.stderr
        said = running.stderr.read()
    assert said == b"dragoman: stopped\n"
    assert running.returncode == 130


def _wait_until_reading(process: int) -> None:
    """Until the process sleeps in a read of its standard input."""
    while Path(f"/proc/{process}/syscall").read_text().split()[:2] != ["0", "0x0"]:
        os.sched_yield()
