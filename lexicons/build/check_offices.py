"""Compare the dates of office that were written by hand with Archigos (to 2015) and REIGN (to March 2021).

``python lexicons/build/check_offices.py ARCHIGOS.csv.gz REIGN.csv.gz LEXICONS``: prints a line for each term of the
sources that the hand-written offices of the same person leave uncovered for more than a month at its start or end, and
one for each office of a head of state or government that meets a term but begins or ends more than a month apart from
it. Neither side is right by itself: the sources count who ruled in effect, whatever the title, so that a president
beside a strong prime minister has other dates there. At the end it says how many terms were compared.
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
from leaders import HAND, archigos, countries, folded, reign

_HEAD = re.compile(
    r"^(?!.*\b(vice|deputy|party|opposition|front|movement|former|European)\b)"
    ".*(president|prime minister|premier|king|queen|emir|amir|sultan|chancellor|taoiseach|chairman|head of|ruler"
    "|general secretary|junta|dictator|^leader$)",
    re.IGNORECASE,
)
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


def apart(roles: list[dict[str, Any]], country: str, start: str, end: str | None) -> str | None:
    """How the office of a head that meets a term most closely differs from it; None where none meets it, or it fits.

    A term may run over several offices (chairman, then president): an end that another office's start takes up is none.
    """
    held = [
        (interval(str(role["start"])), interval(str(role["end"])) if role.get("end") else None, role)
        for role in roles
        if role["id"][:3] == country and role.get("start") and _HEAD.search(role.get("title") or "")
    ]
    first, last = interval(start), interval(end) if end else None
    meeting = [h for h in held if (last is None or h[0][0] <= last[1]) and (h[1] is None or h[1][1] >= first[0])]
    if not meeting:
        return None
    begins, ends = min(h[0] for h in meeting), max((h[1] or (date.max, date.max)) for h in meeting)
    found = []
    if (first[0] - begins[1]).days > _TOLERANCE or (begins[0] - first[1]).days > _TOLERANCE:
        found.append(f"begins {min(str(h[2]['start']) for h in meeting)}")
    if last is not None and ((last[0] - ends[1]).days > _TOLERANCE or (ends[0] - last[1]).days > _TOLERANCE):
        found.append(f"ends {max(str(h[2].get('end') or 'open') for h in meeting)}")
    return " and ".join(found) or None


def differences(archigos_file: str, reign_file: str, lexicons: str, compared: Counter[str]) -> Iterator[str]:
    """Lines that say whose term is not covered or has other dates; counts the terms that were compared."""
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
            compared[source] += 1
            gap = uncovered(entry.get("roles", []), country, start, end)
            if gap is not None:
                yield f"{name}: {entry['name']} ({country}): no office {gap}; {source}: {leader} {start}..{end or ''}"
                continue
            other = apart(entry.get("roles", []), country, start, end)
            if other is not None:
                yield f"{name}: {entry['name']} ({country}): {other}; {source}: {leader} {start}..{end or ''}"


if __name__ == "__main__":
    compared: Counter[str] = Counter()
    found = sorted(set(differences(*sys.argv[1:], compared=compared)))
    sys.stdout.write("".join(f"{line}\n" for line in found))
    terms = ", ".join(f"{number} of {source}" for source, number in sorted(compared.items()))
    sys.stdout.write(f"{terms} compared; {len(found)} differ\n")
