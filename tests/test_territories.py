"""States and territories: codes, numbers, dated names, claims; the file is what its script writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dragoman.errors import KnowledgeError
from dragoman.knowledge import load
from dragoman.knowledge.territories import Territories, read_territories

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def territories() -> Territories:
    return load().territories


def test_every_state_with_a_number_has_one_of_its_own(territories: Territories) -> None:
    present = [t for t in territories.by_code.values() if not t.former and t.part_of is None]
    for scheme in ("cow", "gw"):
        numbers = [getattr(t, scheme) for t in present if getattr(t, scheme)]
        assert len(numbers) >= 195
        assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("alpha3", "cow", "gw"),
    [("USA", 2, 2), ("DEU", 255, 260), ("SRB", 345, 340), ("YEM", 679, 678), ("PRK", 731, 731), ("TON", 955, 972)],
)
def test_numbers(territories: Territories, alpha3: str, cow: int, gw: int) -> None:
    state = territories.by_alpha3[alpha3]
    assert (state.cow, state.gw) == (cow, gw)
    assert territories.by_cow(cow) == state


def test_names_by_date_successors_and_claims(territories: Territories) -> None:
    zaire = [n for t in territories.named("Zaire") for n in t.names if n.name == "Zaire"]
    assert [(n.start, n.end) for n in zaire] == [("1971-10-27", "1997-05-16")]
    [soviet] = territories.named("Soviet Union")[-1:]
    assert soviet.former
    assert soviet.id == "RUS"
    assert {"ua", "kz", "lt"} <= set(soviet.successors)
    [crimea] = territories.named("Crimea")
    assert (crimea.id, crimea.part_of, crimea.claimed_by) == ("UKR", "ua", ("RUS",))


def test_every_holder_is_an_actor(territories: Territories) -> None:
    actors = load().actors
    assert [t.code for t in territories.by_code.values() if t.id and actors.state(t.id) is None] == []


def test_the_script_writes_the_file(tmp_path: Path) -> None:
    pytest.importorskip("rigour")
    pytest.importorskip("histwardb")
    (tmp_path / "build").mkdir()
    names = ROOT / "lexicons" / "build" / "state_names.yml"
    (tmp_path / "build" / "state_names.yml").write_bytes(names.read_bytes())
    subprocess.run([sys.executable, ROOT / "lexicons" / "build" / "states.py", tmp_path], check=True, timeout=60)
    written = (tmp_path / "territories" / "territories.yml").read_bytes()
    assert written == (ROOT / "lexicons" / "territories" / "territories.yml").read_bytes()


@pytest.mark.parametrize(
    "entry", ['{"code": "xx"}', '{"code": "xx", "name": "X", "id": "x1"}', '{"code": "xx", "name": 3}']
)
def test_wrong_entries_are_named(tmp_path: Path, entry: str) -> None:
    (tmp_path / "own.yml").write_text(f"origin: t\nentries:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own.yml: territory 1"):
        read_territories(tmp_path)
