"""Convert two data sets of leaders to one lexicon: Archigos (to 2015) and REIGN (to March 2021).

``python lexicons/build/leaders.py ARCHIGOS.csv.gz REIGN.csv.gz LEXICONS OUT.yml``: LEXICONS is ``lexicons``, whose
territories give the Correlates of War and Gleditsch-Ward numbers. Only who led when is carried over. A leader whom a
hand-written file of LEXICONS already holds is left out: the hand wins. Both sources name many leaders by surname
alone; a full name is taken from a dated entry of the same state, and where none fits, the leader is left out, because
a bare surname would match half the world.
"""

from __future__ import annotations

import csv
import gzip
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ORIGIN = "Archigos 4.1 (Goemans, Gleditsch and Chiozza 2009), to 2015; REIGN (Bell 2016), to March 2021"
SINCE = "1975"
LAST_MONTH = "2021-03"  # REIGN's last month: who is in office then may be so still
HAND = ("leaders.yml", "ministers.yml", "officials.yml")
FULL_NAMES = "oeda_people.yml"
# Rulers of an occupied state who were no office holders of it, and names that the sources garble.
PARTICLES = frozenset({"al", "el", "de", "di", "da", "van", "von", "ould", "ter", "dos", "do", "la"})
NOT_CARRIED = frozenset({
    ("KWT", "hussein"), ("IRQ", "franks"), ("MRT", "m'bare"), ("TUN", "bourguiba"), ("BRB", "john"),
    ("NPL", "adhilari"), ("GNB", "perreira"), ("ECU", "cordaro"), ("ECU", "aquilers"), ("ARG", "jean"),
    ("SWZ", "ii"), ("LSO", "iii"),
})  # fmt: skip


@dataclass(slots=True)
class Term:
    """One leader of one state with the months or days of each term."""

    country: str
    name: str
    spans: list[tuple[str, str | None]] = field(default_factory=list)


def folded(name: str) -> list[str]:
    """The words of a name in lower case without accents."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return re.findall(r"[a-z']+", bare.lower())


def countries(territories: Path) -> dict[str, str]:
    """Gleditsch-Ward and Correlates of War numbers to the actor that acts for the state, present states first."""
    entries = yaml.load(territories.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["entries"]
    found: dict[str, str] = {}
    for entry in sorted(entries, key=lambda e: (bool(e.get("former")), e["code"])):
        for scheme in ("gw", "cow"):
            if entry.get(scheme) and entry.get("id"):
                found.setdefault(str(entry[scheme]), entry["id"])
    return found


def archigos(path: Path, iso: dict[str, str]) -> Iterator[tuple[str, str, str, str | None]]:
    """State, name, first and last day of each term."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            country = iso.get(str(int(float(row["gwcode"]))))
            if country and row["enddate"] >= SINCE and row["startdate"] < "2015":
                # The data end in 2015: a term that ends there is open as far as the source knows.
                end = None if row["enddate"] >= "2015-12-31" else row["enddate"]
                yield country, row["leader"], row["startdate"], end


def reign(path: Path, iso: dict[str, str]) -> Iterator[tuple[str, str, str, str | None]]:
    """State, name, first day and last month of the terms that end after 2014."""
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
        for row in csv.DictReader(file):
            country = iso.get(row["ccode"].split(".")[0])
            if not country or not row["syear"] or not row["eyear"]:
                continue
            start = f"{int(row['syear']):04}-{int(row['smonth']):02}-{int(row['sdate']):02}"
            end = f"{int(row['eyear']):04}-{int(row['emonth']):02}"
            if end >= "2015":
                yield country, re.sub(r"\(.*?\)", "", row["leader"]).strip(), start, None if end >= LAST_MONTH else end


def known(folder: Path) -> dict[str, list[set[str]]]:
    """The words of every hand-written name, by the states that the person served."""
    held: dict[str, list[set[str]]] = {}
    for name in HAND:
        content = yaml.load((folder / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        for entry in content["entries"]:
            words = {word for form in [entry["name"], *entry.get("aliases", ())] for word in folded(form)}
            for country in {entry.get("country"), *(role["id"][:3] for role in entry.get("roles", ()))}:
                if country:
                    held.setdefault(country, []).append(words)
    return held


def full_names(folder: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Dated entries with a full name, by state and last word."""
    content = yaml.load((folder / FULL_NAMES).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in content["entries"]:
        words = folded(entry["name"])
        for country in {role["id"][:3] for role in entry["roles"] if role["id"].endswith("-GOV")}:
            if len(words) > 1:
                found.setdefault((country, words[-1]), []).append(entry)
    return found


def named(term: Term, full: dict[tuple[str, str], list[dict[str, Any]]]) -> str | None:
    """The leader's full name, or None when only a surname is known."""
    if re.search(r" (and|&) ", term.name):  # two who rule together, of whom only surnames are given
        return None
    words = [word for word in folded(term.name) if len(word) > 1]
    if len(words) > 1 and words[0] not in (
        "al",
        "el",
        "de",
        "di",
        "da",
        "van",
        "von",
        "ould",
        "ter",
        "dos",
        "do",
        "la",
    ):
        return re.sub(r"^(\w+), (\w+)$", r"\2 \1", term.name)
    start = term.spans[0][0]
    fitting = {
        entry["name"]
        for entry in full.get((term.country, words[-1]), ()) if words
        for role in entry["roles"]
        if role["id"] == f"{term.country}-GOV" and abs(int((role["start"] or "0")[:4]) - int(start[:4])) <= 1
    }  # fmt: skip
    return fitting.pop() if len(fitting) == 1 else None


def collect(rows: Iterator[tuple[str, str, str, str | None]], into: dict[tuple[str, str], Term]) -> None:
    """Add terms; the same surname in the same state whose terms meet is the same person."""
    for country, name, start, end in rows:
        words = folded(name)
        if not words:
            continue
        term = into.setdefault((country, words[-1]), Term(country, name))
        if len(name) > len(term.name):
            term.name = name
        for k, (held, _) in enumerate(term.spans):
            if held[:7] == start[:7]:
                term.spans[k] = (held, end)
                break
        else:
            term.spans.append((start, end))


def identified(build: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Whom a surname of the sources means, by state and name (``leader_names.yml``)."""
    leaders = yaml.load((build / "leader_names.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["leaders"]
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for country, given in leaders.items():
        for entry in given:
            found.setdefault((country, entry["leader"]), []).append(entry)
    return found


def offices(folder: Path) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The offices of the hand-written leaders, by state and name."""
    entries = yaml.load((folder / HAND[0]).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["entries"]
    return {(entry.get("country"), entry["name"]): entry.get("roles", []) for entry in entries}


def lacking(start: str, end: str | None, roles: list[dict[str, Any]]) -> tuple[str, str | None] | None:
    """The part of a term before the first hand-written office in it; None when an office covers its start."""
    if any(str(r.get("start") or "")[:4] <= start[:4] <= str(r.get("end") or "9999")[:4] for r in roles):
        return None
    begun = sorted(str(r["start"]) for r in roles if r.get("start") and start < str(r["start"]) <= (end or "9999"))
    return start, begun[0] if begun else end


def line(name: str, country: str, spans: list[tuple[str, str | None]]) -> str:
    """The lexicon's line for one leader."""
    roles = ", ".join(
        f'{{title: "leader", id: {country}-GOV, start: "{start}"' + (f', end: "{end}"}}' if end else "}")
        for start, end in sorted(spans)
    )
    key = f"person.{'-'.join(folded(name))}-{country.lower()}".replace("'", "")
    return (
        f"  - {{key: {key}, name: {json.dumps(name, ensure_ascii=False)}, kind: person, country: {country}, "
        f"roles: [{roles}]}}"
    )


def main(archigos_file: str, reign_file: str, lexicons: str, out: str) -> None:
    """Write the lexicon."""
    folder = Path(lexicons) / "actors"
    iso = countries(Path(lexicons) / "territories" / "territories.yml")
    meant, known_offices = identified(Path(lexicons) / "build"), offices(folder)
    terms: dict[tuple[str, str], Term] = {}
    mapped: dict[tuple[str, str], list[tuple[str, str | None]]] = {}
    rows = [*archigos(Path(archigos_file), iso), *reign(Path(reign_file), iso)]
    rest = []
    for country, leader, start, end in rows:
        names = [e["name"] for e in meant.get((country, leader), ()) if int(start[:4]) <= e.get("until", 9999)]
        if not names:
            rest.append((country, leader, start, end))
            continue
        span = lacking(start, end, known_offices.get((country, names[0]), []))
        if span is not None:
            mapped.setdefault((country, names[0]), []).append(span)
    collect(iter(rest), terms)
    held, full = known(folder), full_names(folder)
    lines = [line(name, country, spans) for (country, name), spans in mapped.items()]
    for (country, surname), term in terms.items():
        name = named(term, full)
        if name is None or (country, surname) in NOT_CARRIED or (country, name) in mapped:
            continue
        words = {word for word in folded(f"{term.name} {name}") if len(word) > 3} | {surname}
        if not any(words & person for person in held.get(country, ())):
            lines.append(line(name, country, term.spans))
    head = [
        "# Leaders of states since 1975, and terms, that leaders.yml lacks. Made by lexicons/build/leaders.py.",
        f"origin: {json.dumps(ORIGIN)}",
        "entries:",
    ]
    Path(out).write_text("\n".join([*head, *sorted(set(lines))]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
