"""Compare the dates of office that were written by hand with Archigos (to 2015) and REIGN (to March 2021).

``python lexicons/build/check_offices.py ARCHIGOS.csv.gz REIGN.csv.gz LEXICONS``: prints a line for each term of the
sources that the hand-written offices of the same person leave uncovered for more than a month at its start or end.
Neither side is right by itself: the sources count who ruled in effect, whatever the title.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from leaders import HAND, archigos, countries, folded, reign

_TOLERANCE = 31  # days by which two dates of one handover may differ


def interval(day: str) -> tuple[date, date]:
    """The first and last day that an ISO date, a month or a year may mean."""
    parts = [int(part) for part in day.split("-")]
    if len(parts) == 3:
        return date(*parts), date(*parts)
    if len(parts) == 2:
        following = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date(parts[0], parts[1], 1), date.fromordinal(following.toordinal() - 1)
    return date(parts[0], 1, 1), date(parts[0], 12, 31)


def hand_written(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Entries of people with the file that they stand in."""
    for name in (*HAND, "leaders_archigos_reign.yml"):
        for entry in yaml.load((folder / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["entries"]:
            yield entry, name


def uncovered(roles: list[dict[str, Any]], country: str, start: str, end: str | None) -> str | None:
    """What part of a term no office of the hand covers, where it is more than a month at either end."""
    held = [
        (interval(str(role.get("start") or "0001"))[0], interval(str(role["end"]))[1] if role.get("end") else date.max)
        for role in roles
        if role["id"][:3] == country
    ]
    first, last = interval(start)[1], interval(end)[0] if end else None
    before = min((begins for begins, ends in held if ends >= first), default=None)
    if before is None or (before - first).days > _TOLERANCE:
        return f"from {start}"
    after = max((ends for begins, ends in held if last is None or begins <= last), default=None)
    if last is not None and (after is None or (last - after).days > _TOLERANCE):
        return f"to {end}"
    return None


def gaps(archigos_file: str, reign_file: str, lexicons: str) -> Iterator[str]:
    """Lines that say whose term is not covered."""
    folder = Path(lexicons)
    iso = countries(folder / "territories" / "territories.yml")
    people: dict[str, list[tuple[dict[str, Any], str, set[str]]]] = {}
    for entry, name in hand_written(folder / "actors"):
        words = {word for form in [entry["name"], *entry.get("aliases", ())] for word in folded(form)}
        for country in {role["id"][:3] for role in entry.get("roles", ())}:
            held = next((p for p in people.get(country, ()) if p[0]["name"] == entry["name"]), None)
            if held is not None:  # the terms that another file adds
                held[0]["roles"] = [*held[0]["roles"], *entry["roles"]]
            else:
                people.setdefault(country, []).append((entry, name, words))
    for source, rows in (("Archigos", archigos(Path(archigos_file), iso)), ("REIGN", reign(Path(reign_file), iso))):
        for country, leader, start, end in rows:
            words = {word for word in folded(leader) if len(word) > 2}
            bearers = [found for found in people.get(country, ()) if words and words <= found[2]]
            if len(bearers) != 1:  # unknown, or one of a family: nothing to compare with for sure
                continue
            entry, name, _ = bearers[0]
            gap = uncovered(entry.get("roles", []), country, start, end)
            if gap is not None:
                yield f"{name}: {entry['name']} ({country}): no office {gap}; {source}: {leader} {start}..{end or ''}"


if __name__ == "__main__":
    found = sorted(set(gaps(*sys.argv[1:])))
    sys.stdout.write("".join(f"{line}\n" for line in found) + f"{len(found)} terms are not covered\n")
