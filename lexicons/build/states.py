"""Write ``lexicons/territories/territories.yml`` from rigour (MIT) and histwardb's crosswalk (MIT; data CC0).

``python lexicons/build/states.py lexicons``: every territory that rigour knows, with its ISO 3166 codes and Wikidata
item, the numbers of the Correlates of War and of Gleditsch and Ward (1999), what succeeded it, and who claims it.
Names that were borne for a time stand in ``lexicons/build/state_names.yml``. The same packages give the same file.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import yaml
from rigour.territories import Territory, get_territories

_IN_BRACKETS = re.compile(r"\s*\([^)]*\)")


def numbers() -> dict[str, tuple[int | None, int | None]]:
    """Wikidata item to COW and Gleditsch-Ward number."""
    found = {}
    with (resources.files("histwardb") / "data" / "crosswalk.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            codes = [int(row[key]) if row[key] else None for key in ("cow_code", "gw_code")]
            if any(codes):
                found[row["country_qid"]] = (codes[0], codes[1])
    return found


def holder(territory: Territory, holders: dict[str, str]) -> str | None:
    """The actor id (ISO 3166 alpha-3) that acts for a territory: its own, else that of the state that it is part of."""
    for key in (territory.alpha3, territory.code):
        if key in holders:
            return holders[key]
    if territory.is_historical and territory.parent is not None and territory.successors:
        return holder(territory.successors[0], holders)  # a Soviet republic: the state that it became
    if territory.alpha3:
        return territory.alpha3.upper()
    return holder(territory.parent, holders) if territory.parent is not None else None


def entry(
    territory: Territory, hand: dict[str, Any], codes: dict[str, tuple[int | None, int | None]]
) -> dict[str, Any]:
    """One territory as a mapping in the order of ``docs/lexicons.md``, without what is not known of it."""
    identifier = holder(territory, hand["holders"])
    own = territory.alpha3.upper() if territory.alpha3 else None
    cow, gw = next((codes[q] for q in [territory.qid, *sorted(territory.other_qids)] if q in codes), (None, None))
    fixed = hand["numbers"].get(own, {}) if not territory.is_historical else {}
    names = {
        _IN_BRACKETS.sub("", name).strip().removeprefix("the ")
        for name in (territory.name, territory.full_name, territory.in_sentence)
    }
    name = _IN_BRACKETS.sub("", territory.name).strip()
    values = {
        "code": territory.code,
        "name": name,
        "id": identifier,
        "alpha3": own,
        "wikidata": territory.qid,
        "cow": fixed.get("cow", cow),
        "gw": fixed.get("gw", gw),
        "part_of": territory.parent.code if territory.parent is not None else None,
        "former": True if territory.is_historical else None,
        "ambiguous": True if territory.code in hand["ambiguous"] else None,
        "successors": hand["successors"].get(territory.code, [t.code for t in territory.successors]) or None,
        "claimed_by": [t.alpha3.upper() for t in territory.claims if t.alpha3] or None,
        "aliases": sorted(names - {name}) or None,
        "names": hand["names"].get(own) if not territory.is_historical else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def main(lexicons: Path) -> None:
    """Write the file."""
    hand = yaml.safe_load((lexicons / "build" / "state_names.yml").read_text(encoding="utf-8"))
    codes = numbers()
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in ("rigour", "histwardb"))
    lines = [
        "# Every territory that rigour knows, written by lexicons/build/states.py; do not edit by hand.",
        f'origin: "{versions} (MIT); dated names: lexicons/build/state_names.yml"',
        "entries:",
    ]
    territories = sorted(get_territories(), key=lambda t: t.code)
    lines += ["  - " + json.dumps(entry(t, hand, codes), ensure_ascii=False) for t in territories]
    out = lexicons / "territories" / "territories.yml"
    out.parent.mkdir(exist_ok=True)
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
