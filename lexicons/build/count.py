"""How much the lexicons hold of each kind, and which offices of which states they leave uncovered.

``python lexicons/build/count.py [LEXICONS]`` prints a table, then for heads of state or government since 1990 and for
foreign and defence ministers since 2010 the states with an uncovered stretch of more than a year.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_HEAD = (
    "president|prime minister|premier|king|queen|emir|amir|sultan|chancellor|taoiseach|pope|leader|chairman|head of"
    "|ruler|general secretary|captain regent|prince|grand duke|junta|chief executive|minister of state|chief adviser"
)
_OFFICES = (
    ("head", re.compile(_HEAD, re.IGNORECASE), date(1990, 1, 1)),
    ("foreign minister", re.compile("foreign|secretary of state|external affairs", re.IGNORECASE), date(2010, 1, 1)),
    ("defence minister", re.compile("defen[cs]e", re.IGNORECASE), date(2010, 1, 1)),
)
_YEAR = 366


def entries(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every entry with the stem of its file."""
    for path in sorted(folder.glob("*.yml")):
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for entry in content.get("entries") or ():
            yield path.stem, entry


def day(text: str | None, last: bool) -> date:
    """The first or last day that an ISO date, a month or a year may mean; the ends of time without one."""
    if text is None:
        return date.max if last else date.min
    parts = [int(part) for part in str(text).split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 2 and last:
        return date.fromordinal(date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1).toordinal() - 1)
    if len(parts) == 2:
        return date(*parts, 1)
    return date(parts[0], 12, 31) if last else date(parts[0], 1, 1)


def gaps(terms: list[tuple[date, date]], since: date, until: date) -> list[str]:
    """Stretches of more than a year that no term covers."""
    found, reached = [], since
    for start, end in sorted(terms):
        if (start - reached).days > _YEAR:
            found.append(f"{reached} to {start}")
        reached = max(reached, end)
    if (until - reached).days > _YEAR:
        found.append(f"{reached} to {until}")
    return found


def report(lexicons: Path, until: date) -> Iterator[str]:
    """The lines of the table and of the gaps."""
    actors = list(entries(lexicons / "actors"))
    kinds = Counter((stem, entry.get("kind", "forms" if "forms" in entry else "nouns")) for stem, entry in actors)
    for (stem, kind), number in sorted(kinds.items()):
        yield f"{stem:34} {kind:14} {number:6}"
    bodies = Counter(e["country"] for stem, e in actors if stem == "agencies" and e.get("country"))
    yield f"{'agencies, states with 3 or more':34} {'':14} {sum(n > 2 for n in bodies.values()):6}"
    organisations = {e["id"] for _, e in actors if e.get("members") or e.get("members_of")}
    yield f"{'organisations with members':34} {'':14} {len(organisations):6}"
    for folder in ("places", "territories"):
        for stem, number in sorted(Counter(stem for stem, _ in entries(lexicons / folder)).items()):
            yield f"{folder + '/' + stem:34} {'':14} {number:6}"
    terms: dict[tuple[str, str], list[tuple[date, date]]] = {}
    for _, entry in actors:
        for role in entry.get("roles") or ():
            title = role.get("title") or ""
            for office, pattern, _ in _OFFICES:
                if pattern.search(title):
                    held = day(role.get("start"), False), day(role.get("end"), True)
                    terms.setdefault((office, role["id"][:3]), []).append(held)
    states = [e["id"] for stem, e in actors if stem == "states" and ("head", e["id"]) in terms]
    for office, _, since in _OFFICES:
        known = [code for code in states if len(terms.get((office, code), ())) > 2]
        uncovered = {code: gaps(terms[office, code], since, until) for code in known}
        whole = [code for code in known if not uncovered[code]]
        yield f"{office}: {len(known)} states with three or more, {len(whole)} without a gap since {since.year}"
        yield from (f"  {code}: {', '.join(missing)}" for code, missing in sorted(uncovered.items()) if missing)


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    sys.stdout.write("".join(f"{line}\n" for line in report(root, date(2026, 1, 1))))
