"""A user's own Wikidata extract as an overlay lexicon: read line by line, so that memory stays bounded.

Reads the JSON that Wikidata publishes (one item a line, in an array or not; ``.gz`` and ``.bz2`` too; data CC0). Two
passes: the first learns the offices (P39) that people hold, the second writes an entry for each item whose class
``lexicons/wikidata/classes.yml`` knows. Only labels, aliases and a few statements are decoded of each item.
"""

from __future__ import annotations

import bz2
import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from dragoman.errors import KnowledgeError, UnreadableInput
from dragoman.knowledge.actors import fold_name
from dragoman.knowledge.store import read_compiled, read_lexicon

LONGEST_LINE = 64 * 1024 * 1024  # bytes; the largest items of Wikidata are a tenth of that
_ORIGIN = "Wikidata (CC0), the user's own extract"
_POSITION = re.compile(rb'"P39"')
_TIME = re.compile(r"[+]?(\d{4})-(\d{2})-(\d{2})T")


class ClassRule(msgspec.Struct, frozen=True):
    """What an instance of a class becomes: its kind, and its sector or the stem of its key."""

    kind: str
    sector: str | None = None
    prefix: str | None = None


class PositionRule(msgspec.Struct, frozen=True):
    """The sector of an office whose label holds one of these words."""

    sector: str
    words: tuple[str, ...]


class WikidataClasses(msgspec.Struct, frozen=True):
    """The compiled ``lexicons/wikidata``."""

    classes: dict[str, ClassRule]
    positions: tuple[PositionRule, ...]


def compile_wikidata(lexicons: Path) -> bytes:
    """``lexicons/wikidata`` as MessagePack.

    Raises:
        KnowledgeError: when the file is wrong.
    """
    path = lexicons / "wikidata" / "classes.yml"
    loaded = read_lexicon(path)
    try:
        rules = msgspec.convert({k: loaded[k] for k in ("classes", "positions")}, WikidataClasses)
    except (KeyError, msgspec.ValidationError) as error:
        raise KnowledgeError(f"{path}: not the classes of Wikidata ({error}); see docs/lexicons.md") from error
    return msgspec.msgpack.Encoder(order="deterministic").encode(rules)


class _Text(msgspec.Struct):
    value: str


class _Value(msgspec.Struct):
    value: Any = None


class _Snak(msgspec.Struct):
    datavalue: _Value | None = None

    def item(self) -> str | None:
        """The item that the statement names."""
        value = self.datavalue.value if self.datavalue is not None else None
        return value.get("id") if isinstance(value, dict) else None

    def text(self) -> str | None:
        value = self.datavalue.value if self.datavalue is not None else None
        return value if isinstance(value, str) else None

    def day(self) -> str | None:
        """A date as precise as it is given (9 is a year, 10 a month, 11 a day); None when it is older or vaguer."""
        value = self.datavalue.value if self.datavalue is not None else None
        if not isinstance(value, dict):
            return None
        found = _TIME.match(str(value.get("time", "")))
        precision = value.get("precision", 0)
        if found is None or not isinstance(precision, int) or precision < 9:
            return None
        return "-".join(found.groups()[: precision - 8])


class _Statement(msgspec.Struct):
    mainsnak: _Snak
    qualifiers: dict[str, list[_Snak]] = {}
    rank: str = "normal"

    def qualifier(self, name: str) -> str | None:
        return next((day for snak in self.qualifiers.get(name, ()) if (day := snak.day())), None)


class _Item(msgspec.Struct):
    id: str
    labels: dict[str, _Text] = {}
    aliases: dict[str, list[_Text]] = {}
    claims: dict[str, list[_Statement]] = {}

    def name(self) -> str | None:
        label = self.labels.get("en") or self.labels.get("mul")
        return label.value if label is not None else None

    def items(self, name: str) -> list[str]:
        """The items of a statement's values, the preferred ones first, without the deprecated."""
        kept = [s for s in self.claims.get(name, ()) if s.rank != "deprecated"]
        kept.sort(key=lambda s: s.rank != "preferred")
        return [item for s in kept if (item := s.mainsnak.item())]


class _Office(msgspec.Struct, frozen=True):
    """An office: its label, its sector, and the country that it is of."""

    title: str
    sector: str
    country: str | None


class Conversion(msgspec.Struct, frozen=True):
    """What came of an extract: items read, entries written, lines that were no item."""

    items: int
    entries: int
    unreadable: int


def convert(source: Path, out: Path, countries: Mapping[str, str], known: Mapping[str, str]) -> Conversion:
    """Write the actors of an extract as an overlay lexicon.

    Args:
        source: the extract: JSON, one item a line.
        out: the YAML file to write.
        countries: Wikidata items of countries to ISO 3166 alpha-3.
        known: Wikidata items of actors that the lexicons have to their ids, which are kept.

    Returns:
        How much was read and written.

    Raises:
        UnreadableInput: when the extract cannot be opened, or holds no item at all.
    """
    rules = read_compiled("wikidata", WikidataClasses)
    offices = _offices(source, countries, rules)
    items = entries = bad = 0
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_suffix(".partial")
    try:
        with partial.open("w", encoding="utf-8") as file:
            file.write(
                f"# Written by 'dragoman lexicon build'; build it anew rather than edit it.\norigin: {_ORIGIN!r}\n"
            )
            file.write("imported: true\nentries:\n")
            for item in _items(source):
                items += 1
                bad += item is None
                entry = _entry(item, offices, countries, known, rules) if item is not None else None
                if entry is not None:
                    entries += 1
                    file.write("  - " + json.dumps(entry, ensure_ascii=False) + "\n")
        if items == bad:
            raise UnreadableInput(f"{source}: holds no item of Wikidata; give its JSON, one item a line")
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return Conversion(items - bad, entries, bad)


def _lines(source: Path) -> Iterator[bytes]:
    openers: dict[str, Callable[[Path, str], Any]] = {".gz": gzip.open, ".bz2": bz2.open}
    try:
        with openers.get(source.suffix, open)(source, "rb") as file:
            yield from _bounded_lines(file)
    except (OSError, EOFError) as error:
        raise UnreadableInput(f"{source}: cannot be read ({error}); give a JSON file, .gz or .bz2") from error


def _bounded_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines without their end; what is longer than any item comes as an empty line."""
    while line := file.readline(LONGEST_LINE):
        if not line.endswith(b"\n") and len(line) == LONGEST_LINE:
            while (rest := file.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            line = b"too long"
        bare = line.strip().rstrip(b",")
        if bare not in (b"", b"[", b"]"):
            yield bare


def _items(source: Path) -> Iterator[_Item | None]:
    """Each item; None for a line that is none."""
    decoder = msgspec.json.Decoder(_Item)
    for line in _lines(source):
        try:
            yield decoder.decode(line)
        except (msgspec.MsgspecError, RecursionError):
            yield None


def _offices(source: Path, countries: Mapping[str, str], rules: WikidataClasses) -> dict[str, _Office]:
    """The offices that people of the extract hold, by item, where the extract has the office's own item too."""
    decoder = msgspec.json.Decoder(_Item)
    wanted: set[str] = set()
    for line in _lines(source):
        if _POSITION.search(line):
            try:
                wanted.update(decoder.decode(line).items("P39"))
            except (msgspec.MsgspecError, RecursionError):
                continue
    found: dict[str, _Office] = {}
    for item in _items(source) if wanted else ():
        title = item.name() if item is not None and item.id in wanted else None
        if item is None or title is None:
            continue
        words = title.lower()
        sector = next((rule.sector for rule in rules.positions if any(w in words for w in rule.words)), None)
        if sector is not None:
            found[item.id] = _Office(title, sector, _country(item, ("P1001", "P17"), countries))
    return found


def _country(item: _Item, statements: tuple[str, ...], countries: Mapping[str, str]) -> str | None:
    named = (q for name in statements for q in item.items(name))
    return next((countries[q] for q in named if q in countries), None)


def _entry(
    item: _Item,
    offices: Mapping[str, _Office],
    countries: Mapping[str, str],
    known: Mapping[str, str],
    rules: WikidataClasses,
) -> dict[str, Any] | None:
    """The lexicon entry of an item; None when its class, name or country is not known."""
    rule = next((rules.classes[q] for q in item.items("P31") if q in rules.classes), None)
    name = item.name()
    if rule is None or name is None or not fold_name(name) or rule.kind == "state":
        return None
    country = _country(item, ("P27",) if rule.kind == "person" else ("P17", "P495"), countries)
    aliases = sorted({alias.value for alias in item.aliases.get("en", ()) if _is_name(alias.value)} - {name})
    entry: dict[str, Any] = {"key": f"wikidata.{item.id.lower()}", "name": name, "kind": rule.kind, "wikidata": item.id}
    if rule.kind == "person":
        entry |= _person(item, offices, country)
    else:
        identifier = known.get(item.id) or _identifier(rule, name, country)
        if identifier is None:
            return None
        entry["id"] = identifier
    if country is not None:
        entry["country"] = country
    if aliases:
        entry["aliases"] = aliases
    return entry if "id" in entry or "roles" in entry else None


def _is_name(alias: str) -> bool:
    """Whether an alias is a name of its own: a full one, or one in capitals; a lone surname would take all its kin."""
    return len(alias) > 2 and (" " in alias or alias.isupper()) and bool(fold_name(alias))


def _identifier(rule: ClassRule, name: str, country: str | None) -> str | None:
    if rule.prefix is not None:
        return f"{rule.prefix}-" + re.sub(r"[^A-Z0-9]+", "-", fold_name(name).upper()).strip("-")
    return f"{country}-{rule.sector}" if country is not None and rule.sector is not None else None


def _person(item: _Item, offices: Mapping[str, _Office], country: str | None) -> dict[str, Any]:
    """The dated offices of a person; without any, the country."""
    roles = []
    for statement in item.claims.get("P39", ()):
        office = offices.get(statement.mainsnak.item() or "")
        home = office.country or country if office is not None else None
        if statement.rank == "deprecated" or office is None or home is None:
            continue
        start, end = statement.qualifier("P580"), statement.qualifier("P582")
        if start is not None and end is not None and end < start[: len(end)]:
            continue
        roles.append({"id": f"{home}-{office.sector}", "title": office.title, "start": start, "end": end})
    if roles:
        return {"roles": sorted(roles, key=lambda role: (role["start"] or "", role["id"] or "", role["title"] or ""))}
    return {"id": country} if country is not None else {}
