"""Convert the Open Event Data Alliance's Phoenix dictionaries (MIT) to lexicons.

``python lexicons/build/phoenix.py FOLDER OUT``: FOLDER holds ``phoenix_*.txt.gz``; OUT is ``lexicons/actors``. Names,
dates and codes are carried over as facts; CAMEO role codes become the sectors of ``records.md``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ORIGIN = "Open Event Data Alliance, Phoenix dictionaries (MIT), to 2014"
SECTORS = frozenset(
    {
        "GOV",
        "MIL",
        "REB",
        "OPP",
        "PTY",
        "COP",
        "JUD",
        "SPY",
        "MED",
        "EDU",
        "BUS",
        "CRM",
        "CVL",
        "LAB",
        "LEG",
        "REF",
        "REL",
        "ELI",
        "AGR",
        "HLH",
        "ENV",
        "DEV",
        "HRI",
        "SET",
        "UAF",
    }
)
RENAMED = {
    "ROM": "ROU",
    "ZAR": "COD",
    "TMP": "TLS",
    "KSV": "XKX",
    "SRP": "SRB",
    "IMY": "IMN",
    "YUG": "SRB",
    "WSB": "PSE",
    "GZS": "PSE",
}
# Words of ordinary English that the source lists as names; capitalised at a sentence's start they would match.
_SHORTEST = 3
_TELLING = 7  # letters of a single word that names a group and nothing else
_SMALL = frozenset(
    {"of", "the", "and", "for", "in", "to", "on", "at", "from", "de", "la", "del", "des", "der", "et", "y"}
)
_ACRONYMS = frozenset({
    "us", "uk", "un", "eu", "uae", "ussr", "dprk", "rok", "drc", "prc", "roc", "pdr", "pla", "cia", "fbi", "kgb",
    "fsb", "nato", "ira", "mi5", "mi6", "tv", "idf", "irgc", "isi", "bsf", "potus",
})  # fmt: skip
_NUMERALS = frozenset({"ii", "iii", "iv", "vi", "vii", "viii"})
_JOINTS = frozenset({"i", "e", "y", "de", "du", "la", "le", "en", "sur", "au", "ul", "ud", "of", "in", "to", "the"})
# Given names of these states are written small behind a hyphen: "Ki-moon", "Ying-jeou".
_SMALL_BEHIND_HYPHEN = frozenset({"KOR", "PRK", "CHN", "TWN", "HKG", "MAC", "SGP", "VNM", "MYS"})
# A name whose first noun is one of these is an office, which people hold, and no body.
_OFFICES = re.compile(
    r"\b(?:secretary|minister|president|chancellor|ambassador|attorney general|commander|spokesman|chairman|leader)\b"
)
_GROUPS = frozenset({"The Islamic Front"})  # dated like a state, but none
# Names of places that are also those of people, of another state's towns or of words of other meaning.
_SHARED = frozenset({
    "Basia", "Halle", "Gera", "Jena", "Memel", "Asur", "Ashur", "Assur", "Livonia", "Ragusa", "Lubavitch", "Assyria",
    "Chaldea", "Chaldaea", "Mavericks", "Boogeymen", "Shahin", "Al-aqsa", "Organization",
})  # fmt: skip
_CODE = re.compile(r"\[([^\]]*)\]")


def clean(raw: str) -> str:
    """A name as people write it."""
    name = raw.split("#")[0].strip().strip("+_ \t")
    name = re.sub(r"\([^)]*\)?", " ", name).replace("_", " ")
    name = re.sub(r"\s+", " ", name).strip(" -.,!")
    return " ".join(w.capitalize() if w.isupper() and len(w) > 1 else w for w in name.split(" "))


def named(name: str, person_of: str | None = None) -> str:
    """A cleaned name with the capitals that people give it: "US Virgin Islands", "Mazar-i-Sharif", "Abdullah II".

    Args:
        name: the name, each of its words with a capital.
        person_of: the state of the person whose name it is; None for places and bodies.
    """
    words = name.split(" ")
    return " ".join(_cased(word, k == 0, k == len(words) - 1, person_of) for k, word in enumerate(words))


def _cased(word: str, first: bool, last: bool, person_of: str | None) -> str:
    small = word.lower()
    if word.endswith("'s") and len(word) > 3 and word[:-2].isupper():
        return word.capitalize()
    if person_of is None and small in _SMALL and not first:
        return small
    if person_of is None and (small in _ACRONYMS or re.fullmatch(r"(?:[a-z]\.)+[a-z]?", small)):
        return small.upper()
    if small in _NUMERALS and last and not first:
        return small.upper()
    if "-" not in word or person_of in _SMALL_BEHIND_HYPHEN:
        return word
    head, *rest = word.split("-")
    return "-".join([_cased(head, first, False, person_of), *(_part(part, person_of) for part in rest)])


def _part(part: str, person_of: str | None) -> str:
    if part in _JOINTS or "'" in part[:2]:
        return part
    return part.upper() if person_of is None and part in _ACRONYMS else part[:1].upper() + part[1:]


def is_office(name: str) -> bool:
    """Whether a name is an office's: "Secretary of State", but not "Executive Office of the President"."""
    return _OFFICES.search(re.split(r" of | to ", name.lower().replace("-", " "))[0]) is not None


def without_article(names: list[str]) -> list[str]:
    """Names without "The", unless that leaves a plain word ("The Hague"), each once."""
    return list(dict.fromkeys(n[4:] if n.startswith("The ") and n.count(" ") > 1 else n for n in names))


def _initials(names: list[str]) -> set[str]:
    return {"".join(w[0] for w in re.split(r"[ -]", n) if w and w.lower() not in _SMALL).upper() for n in names}


def _lines(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as source:
        return source.readlines()


def blocks(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    """Names and codes of each actor block of a dictionary."""
    names: list[str] = []
    codes: list[str] = []
    for line in _lines(path):
        text = line.split("#")[0].rstrip()
        if not text.strip() or text.startswith("!"):
            continue
        if text[0] not in "+\t [":
            if names and codes:
                yield names, codes
            names, codes = [], []
        codes += _CODE.findall(text)
        head = text.split("[")[0]
        if head.strip(" +_\t"):
            names.append(clean(head))
    if names and codes:
        yield names, codes


def actor_id(code: str) -> tuple[str | None, str | None]:
    """The country (or None) and sector of a CAMEO code."""
    country = RENAMED.get(code[:3], code[:3])
    rest = code[3:]
    sector = next((rest[i : i + 3] for i in range(0, len(rest), 3) if rest[i : i + 3] in SECTORS), None)
    return country, sector


def iso(date: str) -> str | None:
    """A Phoenix date (YYMMDD or YYYYMMDD) as ISO; None when it is no date."""
    digits = re.sub(r"\D", "", date)
    if len(digits) == 6:
        digits = ("20" if int(digits[:2]) < 20 else "19") + digits
    if len(digits) != 8 or not "01" <= digits[4:6] <= "12" or not "01" <= digits[6:] <= "31":
        return digits[:4] if len(digits) == 8 else None
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"


def roles(codes: list[str]) -> list[dict[str, str | None]]:
    """Dated roles of an actor's codes."""
    found: list[dict[str, str | None]] = []
    for code in codes:
        parts = code.split()
        if not parts or not re.fullmatch(r"[A-Z]{3,15}", parts[0]):
            continue
        country, sector = actor_id(parts[0])
        when = parts[1] if len(parts) > 1 else ""
        start = end = None
        if "-" in when:
            start, end = (iso(p) for p in when.split("-", 1))
        elif when.startswith(">"):
            start = iso(when[1:])
        elif when.startswith("<"):
            end = iso(when[1:])
        if start and end and end < start[: len(end)]:
            continue  # the source's dates contradict each other
        found.append({"id": f"{country}-{sector}" if sector else country, "start": start, "end": end})
    return found


def _names_of_group(names: list[str]) -> list[str]:
    """Names of an armed group that name nothing else: several words, their initials, or one long word."""
    whole = [n for n in dict.fromkeys(names) if re.fullmatch(r"[\w .'’-]+", n)]
    initials = _initials(whole)
    kept = []
    for name in _telling(whole):
        if " " in name or (len(name) >= _TELLING and not name[0].isdigit()):
            kept.append(named(name))
        elif len(name) > 2 and name.upper() in initials:
            kept.append(name.upper())
    kept.sort(key=lambda name: " " not in name)
    return kept


def _bodies(names: list[str]) -> list[str]:
    """Names of places and bodies as people write them; initials of another of them in capitals."""
    initials = _initials(names)
    return without_article([n.upper() if " " not in n and n.upper() in initials else named(n) for n in names])


def _telling(names: list[str]) -> list[str]:
    """Names that lead to one state."""
    return [name for name in names if name not in _SHARED]


def write(path: Path, comment: str, entries: list[str]) -> None:
    """Write one lexicon file."""
    lines = [f"# {comment}", f"origin: {json.dumps(ORIGIN)}", "entries:", *sorted(set(entries))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def countries(folder: Path, out: Path, isos: set[str]) -> None:
    """People with dated roles, and places and institutions that stand for a state."""
    people: list[str] = []
    forms: list[str] = []
    for names, codes in blocks(folder / "phoenix_countries_actors.txt.gz"):
        kept = [n for n in dict.fromkeys(names) if len(n) > _SHORTEST and not re.search(r"[^\w .'’&-]", n)]
        found = [r for r in roles(codes) if r["id"] and str(r["id"])[:3] in isos]
        if not kept or not found:
            continue
        dated = [r for r in found if r["start"] or r["end"]]
        if dated and all(len(str(r["id"])) == 3 for r in dated) and kept[0] not in _GROUPS:
            # A state or region that came to be, or changed hands, within the period: it stands for its last state.
            state = max(dated, key=lambda r: r["end"] or "9999")["id"]
            forms.append("  - " + json.dumps({"id": state, "forms": _bodies(_telling(kept))}, ensure_ascii=False))
        elif dated:
            if " " in kept[0] and max(str(r["end"] or "9999")[:4] for r in dated) >= "1980":
                people.append(
                    "  - "
                    + json.dumps(
                        {
                            "name": named(kept[0], str(dated[-1]["id"])[:3]),
                            "aliases": [named(n, str(dated[-1]["id"])[:3]) for n in kept[1:] if " " in n],
                            "roles": dated,
                        },
                        ensure_ascii=False,
                    )
                )
        elif bodies := _bodies([name for name in kept if not is_office(name)]):
            forms.append("  - " + json.dumps({"id": found[0]["id"], "forms": bodies}, ensure_ascii=False))
    write(out / "oeda_people.yml", "People with dated roles.", people)
    write(out / "oeda_places_and_institutions.yml", "Cities, regions and institutions that stand for a state.", forms)


def main(folder: Path, out: Path) -> None:
    """Convert all."""
    isos = set(re.findall(r"id: ([A-Z]{3}),", (out / "states.yml").read_text(encoding="utf-8")))
    countries(folder, out, isos)
    groups: list[str] = []
    for names, codes in blocks(folder / "phoenix_milnonstate_actors.txt.gz"):
        country, _ = actor_id(codes[0].split()[0])
        kept = _names_of_group(names)
        if kept and (country in isos or " " in kept[0]):  # one word of no country is most often a person's alias
            entry = {"name": kept[0], "country": country if country in isos else None, "aliases": kept[1:]}
            groups.append("  - " + json.dumps(entry, ensure_ascii=False))
    write(out / "oeda_armed_groups.yml", "Armed groups, most of them of 1970 to 2010.", groups)
    agents: dict[str, list[str]] = {}
    for line in _lines(folder / "phoenix_agents.txt.gz"):
        match = re.match(r"([A-Z][A-Z_ !'-]*)\s*\[~?([A-Z]{3})", line.split("#")[0])
        if match and match[2] in SECTORS:
            noun = match[1].strip().lower().replace("!person!", " person").replace("!minist!", " minister")
            agents.setdefault(match[2], []).append(" ".join(noun.replace("_", " ").split()))
    lines = [f"  - {{sector: {s}, nouns: {json.dumps(sorted(set(n)))}}}" for s, n in sorted(agents.items())]
    write(out / "oeda_role_nouns.yml", "Nouns of people and bodies, with their sector.", lines)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
