"""What a name may mean on a day: actors, memberships with dates, shared names, territories."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.cli.lexicon import check
from dragoman.errors import KnowledgeError
from dragoman.knowledge import load
from dragoman.knowledge.actor_lexicons import compile_folder
from dragoman.knowledge.actor_lookup import look_up
from dragoman.knowledge.actors import ActorIndex


@pytest.mark.parametrize(
    ("member", "organisation", "day", "expected"),
    [
        ("FIN", "IGO-NATO", "2023-04-03", False),
        ("FIN", "IGO-NATO", "2023-04-04", True),
        ("GBR", "IGO-EU", "2019-06-01", True),
        ("GBR", "IGO-EU", "2020-06-01", False),
        ("FRA", "IGO-WHO", "2020-01-01", None),
        ("PRK", "IGO-UN", "1991-09-16", False),
        ("PRK", "IGO-UNGA", "1991-09-17", True),  # a body of the United Nations
        ("RUS", "IGO-ECHR", "2021-01-01", True),
        ("RUS", "IGO-ECHR", "2023-01-01", False),
        ("POL", "IGO-UNTAC", "2000-01-01", False),  # the body was no more
    ],
)
def test_membership_is_dated(member: str, organisation: str, day: str, expected: bool | None) -> None:
    assert load().actors.is_member(member, organisation, day) is expected


@pytest.mark.parametrize(
    ("organisation", "day", "number"),
    [
        ("IGO-UN", "1945-12-31", 51),
        ("IGO-UN", "2012-01-01", 193),
        ("IGO-AU", "2018-01-01", 55),
        ("IGO-OSCE", "2013-01-01", 57),
        ("IGO-COE", "2010-01-01", 47),
        ("IGO-EU-COMMISSION", "2021-01-01", 27),
        ("IGO-OIC", "2002-01-01", 57),
        ("IGO-OECD", "2022-01-01", 38),
    ],
)
def test_lists_of_members_are_whole(organisation: str, day: str, number: int) -> None:
    assert len(load().actors.members(organisation, day)) == number


def test_members_and_memberships_agree() -> None:
    index = load().actors
    nato = {member.id for member in index.members("IGO-NATO", "2024-06-01")}
    assert len(nato) == 32
    for country in ("FIN", "SWE", "MKD", "USA"):
        assert country in nato
        assert "IGO-NATO" in {m.id for m in index.memberships(country, "2024-06-01")}


def test_a_shared_name_lists_its_readings_by_date() -> None:
    assert look_up(load(), "Congo", "2005-01-01").shared == ("COD", "COG")
    assert look_up(load(), "Congo", "2005-01-01").default is None
    assert look_up(load(), "Congo", "1990-01-01").default == "COG"
    assert look_up(load(), "Georgia", "2008-08-09").default == "GEO"


def test_territories_and_surnames_are_shown() -> None:
    crimea = look_up(load(), "Crimea", None)
    assert [t.claimed_by for t in crimea.territories] == [("RUS",)]
    zhivkov = look_up(load(), "Zhivkov", "1985-01-01")
    assert [(m.via, m.id) for m in zhivkov.meanings] == [("surname", "BGR-GOV")]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sergei Shoygu", "Sergei Shoigu"),
        ("Bashar el-Assad", "Bashar al-Assad"),
        ("Ahmad al-Shara", "Ahmed al-Sharaa"),
        ("Jinping Xi", "Xi Jinping"),
        ("Kim Daejung", "Kim Dae-jung"),
        ("Jim Baker", "James Baker"),
        ("John Smith", None),
        ("Ali Hassan", None),
    ],
)
def test_a_name_spelled_otherwise_leads_to_one_person(name: str, expected: str | None) -> None:
    found = look_up(load(), name, "2024-06-01").meanings
    assert [m.entry.name for m in found] == ([expected] if expected else [])
    assert {m.via for m in found} <= {"alias", "spelling"}


def test_a_spelling_of_two_people_leads_to_nobody(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(
        "origin: t\nspelling: {transliterated: [SYR], particles: [al], consonants: [[q, k]]}\nentries:\n"
        '  - {name: "Fahd Darwish", kind: person, country: SYR, id: SYR-GOV}\n'
        '  - {name: "Fahid Darwesh", kind: person, country: SYR, id: SYR-OPP}\n'
        '  - {name: "Sami Qabbani", kind: person, country: SYR, id: SYR-GOV}\n',
        encoding="utf-8",
    )
    index = ActorIndex(compile_folder([tmp_path], frozenset({"SYR"})))
    assert index.respelled("Fahad Darwash") is None
    qabbani = index.respelled("Samy al-Kabani")
    assert qabbani is not None
    assert qabbani.name == "Sami Qabbani"


def test_a_place_is_shown_too() -> None:
    [place] = look_up(load(), "Panmunjom", None).places
    assert set(place.countries) == {"KOR", "PRK"}


def test_members_must_be_states(tmp_path: Path) -> None:
    entry = '{id: IGO-X, name: "League X", kind: igo, members: [{id: ZZZ, start: "1990"}]}'
    (tmp_path / "own.yml").write_text(f"origin: t\nentries:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own\.yml:3: entry 'League X' is wrong: there is no country 'ZZZ'"):
        compile_folder([tmp_path], frozenset({"FRA"}))


def test_the_command_shows_all_of_it() -> None:
    program = "from dragoman.cli import main; main()"
    arguments = ["lexicon", "lookup", "Sweden", "--on", "2024-06-01"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=60, check=True
    )
    assert "IGO-NATO 2024-03" in done.stdout
    assert "COW 380" in done.stdout


@pytest.mark.parametrize(
    ("file", "content", "expected"),
    [
        (
            "places/own.yml",
            "origin: t\nentries:\n  - {name: X, feature: sea, in: [FRAN]}\n",
            r"own\.yml:3: the place 'X'",
        ),
        (
            "places/own.yml",
            "entries:\n  - {name: X, feature: sea, in: [FRA]}\n",
            r"own\.yml:2: the place 'X' has no origin",
        ),
        ("actors/own.yml", "references: {people: [he]}\n", r"own\.yml:1: a list of words is wrong"),
        ("actors/own.yml", "generic: 5\n", r"own\.yml:1: a list of words is wrong"),
    ],
)
def test_a_check_says_where_a_lexicon_is_wrong(tmp_path: Path, file: str, content: str, expected: str) -> None:
    path = tmp_path / file
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=expected):
        check(tmp_path)
