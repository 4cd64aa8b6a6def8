"""Names, demonyms, metonyms, offices, roles and references become actors with ids, or stay named and unresolved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman import read
from dragoman.errors import KnowledgeError
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.knowledge import load
from dragoman.reading.actors import find_actors
from dragoman.reading.draft import Draft
from dragoman.reading.parse import parse
from dragoman.reading.places import find_places

CASES: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "cases" / "actors.yml").read_text(encoding="utf-8"))


def actors_of(text: str, published: str | None = "2024-06-01") -> Draft:
    document = make_document(Extract(text=text, published=published))
    return find_actors(find_places(Draft(document, parse(text)), load()), load())


def mentions(text: str) -> dict[str, str | None]:
    return {m.ref.span.quote: m.ref.id for m in actors_of(text).mentions}


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda c: c["text"])
def test_mentions(case: dict[str, Any]) -> None:
    found = mentions(case["text"])
    if "absent" in case:
        assert case["absent"] not in found.values()
        return
    assert case["mention"] in found
    assert found[case["mention"]] == case["id"]


@pytest.mark.parametrize("case", CASES["countries"], ids=lambda c: c["text"])
def test_unknown_bodies_are_of_the_state_that_their_name_holds(case: dict[str, Any]) -> None:
    draft = actors_of(case["text"])
    [mention] = [m for m in draft.mentions if m.ref.span.quote == case["mention"]]
    assert draft.actors[mention.entity].country == case["country"]


@pytest.mark.parametrize("case", CASES["shared_surnames"], ids=lambda c: f"{c['text']} {c.get('published')}")
def test_a_shared_surname_goes_by_the_texts_date_or_stays_open(case: dict[str, Any]) -> None:
    [mention] = [
        m for m in actors_of(case["text"], case.get("published")).mentions if m.ref.span.quote == case["mention"]
    ]
    assert (mention.ref.id, mention.why) == (case["id"], case["why"])


@pytest.mark.parametrize("case", CASES["reference"], ids=lambda c: c["text"])
def test_references_join_one_actor(case: dict[str, Any]) -> None:
    actors = {
        a.name: [m.quote for m in a.mentions] for a in read(case["text"], published="2024-06-01", fast=True).actors
    }
    assert actors[case["name"]] == case["mentions"]


@pytest.mark.parametrize("case", CASES["several"], ids=lambda c: c["text"])
def test_a_phrase_for_several_names_all_of_them(case: dict[str, Any]) -> None:
    draft = actors_of(case["text"], case.get("published", "2024-06-01"))
    assert [m.ref.id for m in draft.mentions if m.ref.span.quote == case["words"]] == case["ids"]


def test_an_act_of_both_sides_names_both() -> None:
    reading = read("Chad and Niger met. Both sides accused Kenya of fraud.", published="2024-06-01", fast=True)
    [accusation] = [event for event in reading.events if event.event_type == "ACCUSE"]
    assert [ref.id for ref in accusation.actors] == ["TCD", "NER"]
    assert {ref.span.quote for ref in accusation.actors} == {"Both sides"}


@pytest.mark.parametrize("case", CASES["dated"], ids=lambda c: f"{c['text']} {c['published']}")
def test_roles_are_those_of_the_texts_date(case: dict[str, Any]) -> None:
    [actor] = [a for a in read(case["text"], published=case["published"], fast=True).actors if a.kind == "person"]
    assert [role.title for role in actor.roles] == case["titles"]


def test_a_users_lexicon_wins(tmp_path: Path) -> None:
    folder = tmp_path / "actors"
    folder.mkdir()
    (folder / "own.yml").write_text(
        'entries:\n  - {id: NSA-BLUE, name: "Blue Hand", kind: armed_group, aliases: ["Hezbollah"], origin: test}\n',
        encoding="utf-8",
    )
    text = "Hezbollah fired rockets at the Blue Hand."
    ids = [a.id for a in read(text, lexicon=tmp_path, fast=True).actors]
    assert ids == ["NSA-BLUE"] or ids == ["NSA-BLUE", "NSA-BLUE"]
    assert "NSA-HEZBOLLAH" in [a.id for a in read(text, fast=True).actors]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ('{id: "not an id", name: "X Y", kind: igo, origin: t}', "no actor id"),
        ('{id: IGO-X, name: "X Y", kind: planet, origin: t}', "no kind"),
        ('{id: IGO-X, name: "X Y", kind: igo}', "no origin"),
        ('{id: ZZZ-GOV, name: "X Y", kind: organisation, origin: t}', "no country"),
        ('{name: "X Y", kind: person, origin: t, roles: [{id: FRA-GOV, start: "2024", end: "2020"}]}', "cannot end"),
        ('{name: "X Y", kind: person, origin: t, roles: [{id: FRA-GOV, start: "2024-13-01"}]}', "no date"),
    ],
)
def test_wrong_entries_are_named(tmp_path: Path, entry: str, words: str) -> None:
    (tmp_path / "own.yml").write_text(f"entries:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=words) as caught:
        read("France left.", lexicon=tmp_path, fast=True)
    assert "own.yml" in str(caught.value)


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    program = "from dragoman.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "lexicon", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_lexicon_commands(tmp_path: Path) -> None:
    done = run("lookup", "Volodymyr Zelensky", "--on", "2023-01-01")
    assert done.returncode == 0
    assert "UKR-GOV" in done.stdout
    assert "on this date" in done.stdout
    assert run("lookup", "Nobody Whatsoever").returncode == 1
    own = tmp_path / "own"
    added = run(
        "add", str(own), "--name", "Blue Hand", "--id", "NSA-BLUE", "--kind", "armed_group", "--origin", "press"
    )
    assert added.returncode == 0, added.stderr
    assert run("check", str(own)).returncode == 0
    refused = run("add", str(own), "--name", "Red Hand", "--id", "wrong id", "--origin", "press")
    assert refused.returncode == 2
    assert run("lookup", "Blue Hand", "--lexicon", str(own)).stdout.startswith("NSA-BLUE")
