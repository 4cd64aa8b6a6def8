"""What the documentation shows can be run: its Python as it stands, and every command line's words and options."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

import dragoman
from dragoman.cli.app import app, register
from response_events import answering_days, table_of

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
register()
GROUP: Any = typer.main.get_command(app)


def blocks(page: Path) -> list[str]:
    """The Python of a page: fenced, or indented and beginning with an import."""
    text = page.read_text(encoding="utf-8")
    fenced = re.findall(r"^```python\n(.*?)^```", text, flags=re.M | re.S)
    indented = re.findall(r"(?:^    (?:from|import) .*\n)(?:^(?:    .*)?\n)*", text, flags=re.M)
    return fenced + [re.sub(r"^    ", "", block, flags=re.M) for block in indented]


def command_lines(page: Path) -> list[str]:
    """Lines that begin with ``dragoman``, and what stands in backticks and does."""
    text = page.read_text(encoding="utf-8")
    lines = re.findall(r"^    (?:\.venv/bin/)?(dragoman [a-z].*)$", text, flags=re.M)
    quoted = re.findall(r"`(dragoman [a-z][^`\n]*)`", text)
    return [part for line in lines + quoted for part in re.split(r"\s+·\s+", line)]


LINES = [(page.name, line) for page in PAGES for line in command_lines(page)]
PYTHON = [(page, number) for page in PAGES for number in range(len(blocks(page)))]


@pytest.mark.parametrize(("page", "line"), LINES)
def test_command_lines_name_commands_and_options_that_exist(page: str, line: str) -> None:
    words = shlex.split(re.split(r"\s{2,}#|\s#\s", line)[0].replace("…", "").replace("...", ""))[1:]
    command: Any = GROUP
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    assert command is not GROUP, f"{page}: no such command in '{line}'"
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    for word in words:
        if re.match(r"--?[a-z]", word):
            assert word.split("=")[0] in known, f"{page}: '{line}' has no option {word}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place with what the pages' examples read: a text, a folder of texts, the sample workspace."""
    here = tmp_path_factory.mktemp("documentation")
    text = "North Korea fired two missiles on Monday. South Korea condemned the launch, said Hana Seo, an analyst.\n"
    (here / "article.txt").write_text(text, encoding="utf-8")
    (here / "texts").mkdir()
    (here / "texts/one.txt").write_text(text, encoding="utf-8")
    made = CliRunner().invoke(app, ["init", str(here / "korea"), "--sample"])
    assert made.exit_code == 0, made.output
    return here


@pytest.mark.parametrize(("page", "number"), PYTHON, ids=lambda value: getattr(value, "name", str(value)))
def test_python_runs(page: Path, number: int, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    counts = answering_days(400, 0.8, 2.0)
    table = table_of({("PRK", "KOR", "conflict"): counts[:, 0], ("KOR", "PRK", "conflict"): counts[:, 1]})
    known: dict[str, Any] = {"table": table, "date": dt.date}
    source = blocks(page)[number]
    if re.search(r"\bworkspace\.", source) and "as workspace" not in source:
        with dragoman.open("korea") as opened:
            exec(compile(source, str(page), "exec"), known | {"workspace": opened})
    else:
        exec(compile(source, str(page), "exec"), known)
