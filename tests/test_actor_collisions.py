"""A name that two entries hold is refused with both lines, unless dates, countries or the open list part them."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman.errors import KnowledgeError
from dragoman.knowledge.actor_lexicons import compile_folder

STATES = (
    "  - {id: FRA, name: France, kind: state, country: FRA}\n  - {id: DEU, name: Germany, kind: state, country: DEU}\n"
)


def _compile(folder: Path, entries: str, more: str = "") -> None:
    (folder / "own.yml").write_text(f"origin: t\n{more}entries:\n{STATES}{entries}", encoding="utf-8")
    compile_folder([folder])


BLUE_HAND = '  - {id: NSA-BLUE, name: "Blue Hand", kind: armed_group, country: FRA}\n'


@pytest.mark.parametrize(
    "second",
    [
        '{id: NSA-MAIN, name: "Main Bleue", kind: armed_group, country: FRA, aliases: ["Blue Hand"]}',
        '{id: FRA-PTY, name: "blue-hand", kind: organisation, country: FRA}',
        '{id: FRA-GOV, forms: ["Blue Hand"]}',
    ],
)
def test_two_of_one_state_are_refused_with_both_lines(tmp_path: Path, second: str) -> None:
    with pytest.raises(KnowledgeError, match="'blue hand' is also Blue Hand") as caught:
        _compile(tmp_path, f"{BLUE_HAND}  - {second}\n")
    assert "own.yml:6: " in str(caught.value)
    assert "own.yml:5;" in str(caught.value)


def test_countries_tell_apart(tmp_path: Path) -> None:
    _compile(tmp_path, BLUE_HAND + '  - {id: NSA-HAND, name: "Blue Hand", kind: armed_group, country: DEU}\n')


def _ministers(second: str) -> str:
    first = (
        '{name: "Jean Roche", kind: person, aliases: [Roche], roles: [{id: FRA-GOV, start: "1990", end: "1995-03"}]}'
    )
    return f'  - {first}\n  - {{name: "Luc Roche", kind: person, aliases: [Roche], roles: [{second}]}}\n'


def test_dates_of_office_tell_apart(tmp_path: Path) -> None:
    _compile(tmp_path, _ministers('{id: FRA-GOV, start: "1995-03", end: "2000"}'))
    with pytest.raises(KnowledgeError, match="'roche' is also Jean Roche"):
        _compile(tmp_path, _ministers('{id: FRA-GOV, start: "1994"}'))


def test_names_listed_as_open_are_kept(tmp_path: Path) -> None:
    _compile(tmp_path, _ministers('{id: FRA-GOV, start: "1994"}'), more="open: [Roche]\n")


def test_a_wrong_entry_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text(f"\n\nentries:\n\n{BLUE_HAND}", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own\.yml:5: entry 'Blue Hand' is wrong: it"):
        compile_folder([tmp_path], frozenset({"FRA"}))
