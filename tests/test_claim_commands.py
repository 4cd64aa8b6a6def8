"""``dragoman contested`` and ``dragoman predictions`` over a workspace and over record files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import dragoman
from dragoman.cli.app import app, register
from dragoman.errors import UsageError
from dragoman.formats.jsonl import encode_line

TEXT = (
    "The Borduran army said on Monday that Syldavian jets had bombed the port of Klow. "
    "Syldavia denied that its jets had bombed the port of Klow. "
    '"We will answer any attack next month," President Bazarov said.'
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("claims")
    text = folder / "klow.txt"
    text.write_text(TEXT, encoding="utf-8")
    with dragoman.create(folder / "corpus") as workspace:
        assert workspace.add(text, published="2025-01-05", fast=True).read == 1
    return folder / "corpus"


def run(*arguments: object) -> str:
    """What a command prints; its error is raised."""
    register()
    done = CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_what_a_workspace_disputes(corpus: Path) -> None:
    [contest] = [json.loads(line) for line in run("contested", "--workspace", corpus, "--json").splitlines()]
    assert contest["differs"] == "polarity"
    assert [account["factuality"] for account in contest["accounts"]] == ["CT+", "CT-"]


def test_predictions_are_listed_for_people_and_for_programs(corpus: Path) -> None:
    [row] = [json.loads(line) for line in run("predictions", "list", "--workspace", corpus, "--json").splitlines()]
    assert (row["about"], row["proposed"]) == ("We will answer any attack next month", [])
    assert row["claim"] in run("predictions", "list", "--workspace", corpus)


def test_verdicts_stay_in_the_workspace_and_are_only_added_to(corpus: Path) -> None:
    with dragoman.open(corpus, read_only=True) as workspace:
        [told] = [claim for claim in workspace.claims().records() if claim.prediction]
    for verdict in ("yes", "no"):
        run("predictions", "resolve", told.id, verdict, "--on", "2025-02-03", "--workspace", corpus)
    rows = [json.loads(line) for line in (corpus / "verdicts.jsonl").read_text().splitlines()]
    assert [row["verdict"] for row in rows] == ["yes", "no"]
    [scored] = [line for line in run("predictions", "score", "--workspace", corpus).splitlines() if "Bazarov" in line]
    assert [cell.strip() for cell in scored.split("│")][-2] == "0.000", "the last verdict counts: it did not come true"


def test_a_workspace_and_record_files_exclude_each_other(corpus: Path, tmp_path: Path) -> None:
    records = tmp_path / "records.jsonl"
    with dragoman.open(corpus, read_only=True) as workspace:
        records.write_bytes(b"".join(encode_line(claim) for claim in workspace.claims().records()))
    assert "polarity" in run("contested", records)
    with pytest.raises(UsageError, match="exclude each other"):
        run("contested", records, "--workspace", corpus)
    with pytest.raises(UsageError, match="--verdicts"):
        run("predictions", "resolve", "any", "yes", records, "--on", "2025-02-03")
