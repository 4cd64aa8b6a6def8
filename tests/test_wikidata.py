"""A Wikidata extract becomes an overlay: classes, offices with dates, ids that are known, bounded memory, bad lines."""

from __future__ import annotations

import bz2
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman import read
from dragoman.errors import UnreadableInput
from dragoman.knowledge import wikidata
from dragoman.knowledge.wikidata import Conversion, convert

COUNTRIES = {"Q142": "FRA", "Q183": "DEU"}
KNOWN = {"Q7184": "IGO-NATO"}


def statement(value: object, rank: str = "normal", **qualifiers: str) -> dict[str, Any]:
    held = value if not isinstance(value, str) else {"id": value}
    made: dict[str, Any] = {"mainsnak": {"datavalue": {"value": held}}, "rank": rank}
    made["qualifiers"] = {
        name: [{"datavalue": {"value": {"time": f"+{day}T00:00:00Z", "precision": 11}}}]
        for name, day in qualifiers.items()
    }
    return made


def item(number: str, name: str, *aliases: str, **claims: list[dict[str, Any]]) -> str:
    return json.dumps({
        "type": "item",
        "id": number,
        "labels": {"en": {"language": "en", "value": name}},
        "aliases": {"en": [{"language": "en", "value": alias} for alias in aliases]},
        "claims": claims,
    })  # fmt: skip


MINISTER = item("Q9001", "Minister of Tides", P31=[statement("Q4164871")], P1001=[statement("Q142")])
WEISS = item(
    "Q9002", "Anna Tidewater", "Tidewater", "Anna M. Tidewater", P31=[statement("Q5")], P27=[statement("Q142")],
    P39=[statement("Q9001", P580="2019-05-01", P582="2022-02-01"), statement("Q9001", rank="deprecated")],
)  # fmt: skip
ITEMS = [
    WEISS,
    MINISTER,
    item("Q9003", "League of Tides", P31=[statement("Q484652")]),
    item("Q9004", "Tide Front", "TF", P31=[statement("Q17149090")], P17=[statement("Q183")]),
    item("Q9005", "Ministry of Tides", P31=[statement("Q192350")], P17=[statement("Q142")]),
    item("Q7184", "North Atlantic Treaty Organization", P31=[statement("Q484652")]),
    item("Q9006", "Tidal Rock", P31=[statement("Q8502")]),
    item("Q9007", "Sample Person", P31=[statement("Q5")]),
]


def entries(path: Path) -> dict[str, dict[str, Any]]:
    loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert loaded["origin"]
    return {entry["wikidata"]: entry for entry in loaded["entries"]}


@pytest.mark.parametrize("form", ["lines", "array", "gz", "bz2"])
def test_an_extract_becomes_entries(tmp_path: Path, form: str) -> None:
    text = "[\n" + ",\n".join(ITEMS) + "\n]\n" if form == "array" else "\n".join(ITEMS)
    source = tmp_path / f"extract.json{'.' + form if form in ('gz', 'bz2') else ''}"
    packed = {"gz": gzip.compress(text.encode()), "bz2": bz2.compress(text.encode())}
    source.write_bytes(packed.get(form, text.encode()))
    out = tmp_path / "own" / "actors" / "wikidata.yml"
    assert convert(source, out, COUNTRIES, KNOWN) == Conversion(8, 5, 0)
    found = entries(out)
    assert found["Q9002"]["roles"] == [
        {"id": "FRA-GOV", "title": "Minister of Tides", "start": "2019-05-01", "end": "2022-02-01"}
    ]
    assert found["Q9002"]["aliases"] == ["Anna M. Tidewater"]
    ids = {key: entry.get("id") for key, entry in found.items() if key != "Q9002"}
    assert ids == {"Q9003": "IGO-LEAGUE-OF-TIDES", "Q9004": "NSA-TIDE-FRONT", "Q9005": "FRA-GOV", "Q7184": "IGO-NATO"}
    mentions = {
        m.quote: actor.id
        for actor in read(
            "Anna Tidewater met the Tide Front.", published="2020-01-01", lexicon=tmp_path / "own", fast=True
        ).actors
        for m in actor.mentions
    }
    assert mentions == {"Anna Tidewater": "FRA-GOV", "the Tide Front": "NSA-TIDE-FRONT"}


def test_bad_lines_are_counted_and_the_rest_is_kept(tmp_path: Path) -> None:
    source = tmp_path / "extract.json"
    source.write_text("\n".join([WEISS, "{broken", "[" * 100_000, '{"id": 3}', MINISTER]), encoding="utf-8")
    assert convert(source, tmp_path / "out.yml", COUNTRIES, KNOWN) == Conversion(2, 1, 3)


@pytest.mark.parametrize("content", ["", "no item at all\n"])
def test_a_file_without_items_is_refused_and_leaves_nothing(tmp_path: Path, content: str) -> None:
    source = tmp_path / "extract.json"
    source.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableInput, match="no item of Wikidata"):
        convert(source, tmp_path / "out.yml", COUNTRIES, KNOWN)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["extract.json"]


def test_a_missing_or_damaged_file_is_named(tmp_path: Path) -> None:
    damaged = tmp_path / "extract.json.gz"
    damaged.write_bytes(gzip.compress(b"x" * 1000)[:20])
    for source in (tmp_path / "none.json", damaged):
        with pytest.raises(UnreadableInput, match="cannot be read"):
            convert(source, tmp_path / "out.yml", COUNTRIES, KNOWN)


def test_a_line_longer_than_any_item_is_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wikidata, "LONGEST_LINE", 2000)
    source = tmp_path / "extract.json"
    source.write_text(f"{MINISTER}\n{'x' * 9000}\n{WEISS}\n", encoding="utf-8")
    assert convert(source, tmp_path / "out.yml", COUNTRIES, KNOWN) == Conversion(2, 1, 1)


def test_memory_does_not_grow_with_the_extract(tmp_path: Path) -> None:
    program = (
        "import resource, sys; from pathlib import Path; from dragoman.knowledge.wikidata import convert;"
        "convert(Path(sys.argv[1]), Path(sys.argv[2]), {'Q142': 'FRA'}, {});"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    peaks = []
    for amount in (10, 40_000):
        source = tmp_path / f"{amount}.json"
        filler = "x" * 1500
        with source.open("w", encoding="utf-8") as file:
            for k in range(amount):
                file.write(
                    item(f"Q{k}", f"Sample Name {k}", filler, P31=[statement("Q5")], P27=[statement("Q142")]) + "\n"
                )
        done = subprocess.run(
            [sys.executable, "-c", program, str(source), str(tmp_path / "out.yml")],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        peaks.append(int(done.stdout))
    assert peaks[1] - peaks[0] < 20_000  # kB, for 70 MB more to read
