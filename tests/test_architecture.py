"""The rules that keep the code liveable, checked so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
MODULE_LINES = 400
FUNCTION_LINES = 50
SAYS_NOTHING = re.compile(r"(utils?|helpers?|manager|misc|common)$")


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_sizes_and_names(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= MODULE_LINES, "split this module by subject"
    assert not SAYS_NOTHING.search(path.stem)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= FUNCTION_LINES, f"{node.name} has {length} lines"
            assert not node.name.startswith(("do_", "process_")), f"{node.name} says nothing"


def test_reading_knows_no_clock_network_or_database() -> None:
    forbidden = {"duckdb", "socket", "time", "urllib", "http", "random", "requests"}
    for path in sorted((ROOT / "src/dragoman/reading").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name.split(".")[0] for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module.split(".")[0]]
            assert not forbidden & set(names), f"{path.name} imports {names}"


def test_every_command_is_documented() -> None:
    import typer.main

    from dragoman.cli.app import app, register

    register()
    group = typer.main.get_command(app)
    documented = "".join(p.read_text(encoding="utf-8") for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
    commands = getattr(group, "commands", {})
    assert commands
    for name, command in commands.items():
        assert command.help, f"{name} has no help"
        for words in [f"dragoman {name}", *(f"dragoman {name} {sub}" for sub in getattr(command, "commands", {}))]:
            assert words in documented, f"'{words}' is not documented"


def test_the_project_speaks_of_itself_alone() -> None:
    machine_path = re.compile(r"(^|[\"' (=])/(home|root|Users|work|farm|opt|mnt)/[A-Za-z]", re.MULTILINE)
    kinds = {".py", ".yml", ".md", ".toml", ".ts", ".css", ".html", ".txt"}
    for folder in ("src", "tests", "docs", "lexicons", "training", "evaluation", "benchmarks"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in kinds and path.is_file():
                assert not machine_path.search(path.read_text(encoding="utf-8")), path
