"""Texts that name nobody who could act are passed over unread; what can hold a record is not."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as parquet
import pytest
import yaml

import dragoman
from dragoman import knowledge
from dragoman.bulk.run import read_many
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.batch import PASSED_OVER
from dragoman.reading.pipeline import read_document
from dragoman.reading.skim import skim_of
from dragoman.samples import dispatch

ROOT = Path(__file__).parent
CASES = yaml.safe_load((ROOT / "cases" / "skim.yml").read_text(encoding="utf-8"))
ARTICLES = sorted((ROOT.parent / "evaluation" / "articles").glob("*.txt"))


@pytest.mark.parametrize(
    ("text", "worth"),
    [*((text, True) for text in CASES["read"]), *((text, False) for text in CASES["pass_over"])],
)
def test_what_is_worth_reading(text: str, worth: bool) -> None:
    assert skim_of(knowledge.load().actors).is_worth_reading(text) is worth


@pytest.mark.parametrize("path", [dispatch(), *ARTICLES], ids=lambda path: path.stem)
def test_the_projects_articles_are_worth_reading(path: Path) -> None:
    assert skim_of(knowledge.load().actors).is_worth_reading(path.read_text(encoding="utf-8"))


def test_nothing_is_not_worth_reading() -> None:
    skim = skim_of(knowledge.load().actors)
    assert not skim.is_worth_reading("")
    assert not skim.is_worth_reading("... 12 %")


def test_names_of_the_users_own_count(tmp_path: Path) -> None:
    (tmp_path / "actors").mkdir()
    (tmp_path / "actors" / "mine.yml").write_text(
        "entries:\n  - {name: Order of the Lamp, kind: organisation, id: NGO-LAMP, origin: made up}\n"
    )
    text = "The Order of the Lamp has broken with the Brothers of the Well over the use of the old spring."
    assert not skim_of(knowledge.load().actors).is_worth_reading(text)
    assert skim_of(knowledge.load(tmp_path).actors).is_worth_reading(text)


def test_what_is_passed_over_is_kept_and_counted(tmp_path: Path) -> None:
    texts = [CASES["pass_over"][0], *CASES["read"][:2], CASES["pass_over"][2]]
    documents = [make_document(Extract(text), "2024-05-02") for text in texts]
    report = read_many(documents, tmp_path / "skimmed", fast=True)
    words = sum(len(texts[number].split()) for number in (0, 3))
    assert (report.read, report.unread, report.unread_words) == (4, 2, words)
    line = json.loads((tmp_path / "skimmed" / "manifest.jsonl").read_text().splitlines()[1])
    assert (line["documents"], line["unread"], line["unread_words"]) == (4, 2, words)

    def rows(folder: str, name: str) -> list[dict[str, object]]:
        files = sorted((tmp_path / folder / name).glob("*/*.parquet"))
        return [row for file in files for row in parquet.ParquetFile(file).read().to_pylist()]

    assert [row["id"] for row in rows("skimmed", "documents")] == [document.id for document in documents]
    assert {row["document"] for row in rows("skimmed", "unread")} == {documents[0].id, documents[3].id}
    whole = read_many(documents, tmp_path / "whole", fast=True, skim=False)
    assert (whole.unread, rows("whole", "unread")) == (0, [])
    assert rows("skimmed", "events") == rows("whole", "events")
    assert rows("skimmed", "documents") == rows("whole", "documents")


def test_a_workspace_keeps_what_is_passed_over_and_reads_it_when_asked(tmp_path: Path) -> None:
    texts = [CASES["pass_over"][0], CASES["read"][0]]
    documents = [make_document(Extract(text), "2024-05-02") for text in texts]
    with dragoman.create(tmp_path / "skimmed") as workspace:
        report = workspace.add(documents, fast=True, skim=True)
        assert (report.read, report.unread) == (2, 1)
        skimmed = workspace.reading(documents[0].id)
        assert (list(skimmed), skimmed.notes) == ([documents[0]], (PASSED_OVER,))
        assert workspace.reading(documents[1].id) == read_document(documents[1], knowledge.load(), True)
        assert workspace.search(texts[0].split()[2])[0].document == documents[0].id, "it is searched as any other"
        workspace.reread([documents[0].id], fast=True)
        assert workspace.reading(documents[0].id) == read_document(documents[0], knowledge.load(), True)
        assert workspace.check() == []
