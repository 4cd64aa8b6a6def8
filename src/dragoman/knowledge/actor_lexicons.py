"""Compiling ``lexicons/actors/*.yml``: every name in every spelling, checked for collisions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.actor_collisions import require_separated
from dragoman.knowledge.actor_spelling import SpellingRules, compile_spellings, orders, rules_of
from dragoman.knowledge.actors import ActorData, ActorEntry, DatedRole, Form, ReferenceWords, fold_name, references_of
from dragoman.knowledge.store import read_with_lines
from dragoman.knowledge.territories import Territory, read_territories

_IMPORTED = "oeda_"  # files converted from other dictionaries rank below what was written by hand
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_ID = re.compile(r"[A-Z]{3}(-[A-Z0-9-]+)?")
_KINDS = frozenset({"state", "person", "organisation", "igo", "armed_group", "group"})
_NO_STATES = frozenset({"IGO", "NSA", "NGO", "INT"})  # stems of ids that are no country


class _Builder:
    """Collects entries and their forms; later files do not take a form that an earlier one holds."""

    def __init__(self, countries: frozenset[str]) -> None:
        self._countries = set(countries)
        self.actors: list[ActorEntry] = []
        self.forms: dict[str, list[Form]] = {}
        self._people_of: list[tuple[str, str | None, int, int]] = []  # name, surname given, actor, rank of the file
        self.role_nouns: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.collectives: list[str] = []
        self.references = ReferenceWords()
        self.joint: dict[str, list[str]] = {}
        self.combining: dict[str, str] = {}
        self.nothing: list[str] = []
        self.attached: list[str] = []
        self.capitalised: list[str] = []
        self.heads: list[str] = []
        self.members: dict[str, list[DatedRole]] = {}
        self.members_of: dict[str, DatedRole] = {}  # body to the organisation whose members are its own
        self.generic: list[str] = []
        self.spelling = SpellingRules()
        self.contextual: dict[str, tuple[int, list[str]]] = {}
        self.where: list[str] = []  # file and line of each actor
        self.open: set[str] = set()  # folded names that several actors hold on purpose
        self._place = ""
        self._state: dict[str, int] = {}
        self._people: dict[tuple[str, str | None], int] = {}

    def add_file(self, path: Path) -> None:
        content, lines = read_with_lines(path)
        rank = 1 if path.stem.startswith(_IMPORTED) or content.get("imported") else 0
        try:
            self._add_words(content)
        except (AttributeError, TypeError, ValueError) as error:
            raise KnowledgeError(f"{path}:1: a list of words is wrong: {error}") from error
        for number, entry in enumerate(content.get("entries") or []):
            self._place = f"{path}:{lines[number]}"
            if not isinstance(entry, dict):
                raise KnowledgeError(f"{self._place}: entry {number + 1} is no mapping")
            try:
                self._require_known(entry, bool(content.get("origin")))
                self._add(entry, rank)
            except (KeyError, TypeError, ValueError) as error:
                name = entry.get("name") or entry.get("id") or number
                raise KnowledgeError(f"{self._place}: entry '{name}' is wrong: {error}") from error

    def _add_words(self, content: dict[str, Any]) -> None:
        """The lists that a file holds beside its entries."""
        for sector, words in content.get("titles", {}).items():
            self.titles.update({word.lower(): sector for word in words})
        self.collectives += content.get("collectives", [])
        self.nothing += map(fold_name, content.get("nothing", []))
        self.attached += content.get("attached", [])
        self.capitalised += content.get("capitalised", [])
        self.heads += content.get("heads", [])
        self.open |= {fold_name(name) for name in content.get("open") or ()}
        self.generic += map(fold_name, content.get("generic", []))
        self.joint |= content.get("joint", {})
        self.combining |= content.get("combining", {})
        if "references" in content:
            self.references = references_of(content["references"])
        self.spelling = rules_of(content["spelling"]) if "spelling" in content else self.spelling

    def add_part(self, territory: Territory) -> None:
        """The names of a province or former state, unless another actor has them already."""
        number = self._state.get(territory.id or "")
        if number is None or territory.ambiguous:
            return
        for name in (territory.name, *territory.aliases, *(dated.name for dated in territory.names)):
            if fold_name(name) not in self.forms:
                self._put(name, "metonym" if territory.part_of else "alias", number, 1)

    def add_orders(self) -> None:
        """The other orders of names that begin with the family's, where they lead to one person and nobody has them."""
        found: dict[str, set[int]] = {}
        for name, held in self.forms.items():
            people = [form.actor for form in held if self.actors[form.actor].kind == "person"]
            if len(people) == 1 == len(held) and self.actors[people[0]].origin == 0:
                for pieces in orders(name.split(), self.actors[people[0]].country, self.spelling):
                    found.setdefault(" ".join(pieces), set()).add(people[0])
        for name, numbers in found.items():
            if len(numbers) == 1 and name not in self.forms:
                self.forms[name] = [Form(next(iter(numbers)), "alias", False)]

    def _require_known(self, entry: dict[str, Any], has_origin: bool) -> None:
        """An entry says where it comes from, and names no country that no state entry has."""
        if entry.get("kind") == "state" and entry.get("id"):
            self._countries.add(str(entry["id"]))
        if "nouns" in entry:
            return
        stems = {str(i).split("-")[0] for i in (entry.get("id"), *(r.get("id") for r in entry.get("roles") or ())) if i}
        stems |= {str(entry["country"])} if entry.get("country") else set()
        unknown = sorted(s for s in stems if re.fullmatch(r"[A-Z]{3}", s) and s not in self._countries | _NO_STATES)
        if unknown:
            raise ValueError(f"there is no country '{unknown[0]}'")
        if not has_origin and not entry.get("origin"):
            raise ValueError("it says no origin")

    def _add(self, entry: dict[str, Any], rank: int) -> None:
        if "nouns" in entry:
            for noun in entry["nouns"]:
                self.role_nouns.setdefault(noun.lower(), entry["sector"])
            return
        if "forms" in entry:
            self._add_forms(entry, rank)
            return
        actor = _actor(entry, rank)
        if entry.get("members") and actor.id is not None:
            self.members.setdefault(actor.id, []).extend(
                self._member({"end": entry.get("end"), **member, "id": one})
                for member in entry["members"]
                for one in member.get("ids") or [member["id"]]
            )
        if entry.get("members_of") and actor.id is not None:
            self.members_of[actor.id] = _role({**entry, "id": entry["members_of"], "title": None})
        number = self._same_person(actor)
        if number is None:
            number = len(self.actors)
            self.actors.append(actor)
            self.where.append(self._place)
        if actor.kind == "person":
            self._people.setdefault((fold_name(actor.name), actor.country), number)
        if actor.kind == "state":
            self._state.setdefault(actor.id or "", number)
        for form, via in _names(entry, actor):
            self._put(form, via, number, rank)
        if actor.kind == "person":
            self._people_of.append((entry["name"], entry.get("surname"), number, rank))

    def surnames(self) -> dict[str, list[int]]:
        """Who is known by one name alone: the last, or the first as families in Korea and people in Ethiopia are."""
        held: dict[str, list[int]] = {}
        by_first = {*self.spelling.surname_first, *self.spelling.known_by_first}
        for name, surname, number, rank in self._people_of:
            words = fold_name(surname or name).split()
            first = rank == 0 and not surname and self.actors[number].country in by_first
            for word in sorted({words[-1], words[0]} if first else {words[-1]}):
                if number not in held.setdefault(word, []):
                    held[word].append(number)
        return dict(sorted(held.items()))

    def _member(self, member: dict[str, Any]) -> DatedRole:
        found = _role(member)
        if re.fullmatch(r"[A-Z]{3}", found.id) and found.id not in self._countries:
            raise ValueError(f"there is no country '{found.id}'")
        return found

    def _same_person(self, actor: ActorEntry) -> int | None:
        """The person of this name and country whom another entry gave before; their roles are joined."""
        if actor.kind != "person":
            return None
        number = self._people.get((fold_name(actor.name), actor.country))
        if number is not None:
            known = self.actors[number]
            if actor.origin == known.origin:
                starts = {(role.id, (role.start or "")[:4]) for role in known.roles}
                new = [role for role in actor.roles if (role.id, (role.start or "")[:4]) not in starts]
                joined = sorted((*known.roles, *new), key=lambda r: (r.start or "", r.id))
                self.actors[number] = msgspec.structs.replace(
                    known, roles=tuple(joined), wikidata=known.wikidata or actor.wikidata
                )
        return number

    def _add_forms(self, entry: dict[str, Any], rank: int) -> None:
        """Names that stand for a state, or bodies of one id: each its own actor where the entry gives no name."""
        identifier = _checked_id(entry["id"])
        state = self._state.get(identifier)
        apart = state is None and rank == 0 and "name" not in entry
        number = state if state is not None else -1
        for form in entry["forms"]:
            if number < 0 or apart:
                number = self._add_body(identifier, entry.get("name") or form, rank)
            if "context" in entry:
                self.contextual[fold_name(form)] = (number, sorted(map(_checked_id, entry["context"])))
            else:
                self._put(form, entry.get("via", "metonym"), number, rank)

    def _add_body(self, identifier: str, name: str, rank: int) -> int:
        number = len(self.actors)
        country = None if identifier[:3] in _NO_STATES else identifier[:3]
        key = f"body.{identifier.lower()}.{fold_name(name).replace(' ', '-')}"
        self.where.append(self._place)
        self.actors.append(ActorEntry(key, identifier, name, "organisation", country, None, (), rank))
        return number

    def _put(self, name: str, via: str, number: int, rank: int) -> None:
        folded = fold_name(name)
        if len(folded) < 2:
            return
        held = self.forms.setdefault(folded, [])
        if held and rank > self.actors[held[0].actor].origin:
            return
        letters = re.sub(r"[^A-Za-z]", "", name)
        capitals = letters.isupper() and len(letters) <= 5
        for k, form in enumerate(held):
            if form.actor == number:
                # "NATO" beside "Nato": either spelling will do.
                held[k] = Form(number, form.via, form.capitals and capitals)
                return
        held.append(Form(number, via, capitals))


def _actor(entry: dict[str, Any], rank: int) -> ActorEntry:
    name = entry["name"]
    roles = tuple(_role(role) for role in entry.get("roles") or ())
    kind = entry.get("kind") or ("person" if roles else "armed_group")
    if kind not in _KINDS:
        raise ValueError(f"there is no kind '{kind}'")
    identifier = entry.get("id")
    if identifier is None and kind == "armed_group":
        identifier = "NSA-" + re.sub(r"[^A-Z0-9]+", "-", fold_name(name).upper()).strip("-")
    if identifier is not None:
        _checked_id(identifier)
    country = entry.get("country") or (roles[-1].id[:3] if roles and roles[-1].id[:3] not in ("IGO", "NSA") else None)
    key = entry.get("key") or f"{kind}.{fold_name(name).replace(' ', '-')}"
    return ActorEntry(key, identifier, name, kind, country, entry.get("wikidata"), roles, rank)


def _role(role: dict[str, Any]) -> DatedRole:
    start, end = (str(role[k]) if role.get(k) else None for k in ("start", "end"))
    for date in (start, end):
        if date is not None and not _DATE.fullmatch(date):
            raise ValueError(f"'{date}' is no date (YYYY, YYYY-MM or YYYY-MM-DD)")
    if start is not None and end is not None and end < start[: len(end)]:
        raise ValueError(f"a role that begins {start} cannot end {end}")
    return DatedRole(_checked_id(role["id"]), role.get("title"), start, end)


def _checked_id(identifier: str) -> str:
    if not isinstance(identifier, str) or not _ID.fullmatch(identifier):
        raise ValueError(f"'{identifier}' is no actor id such as PRK, PRK-MIL, IGO-NATO")
    return identifier


def _names(entry: dict[str, Any], actor: ActorEntry) -> Iterator[tuple[str, str]]:
    yield actor.name, "name"
    for alias in entry.get("aliases") or ():
        yield alias, "alias"
    for adjective in [*(entry.get("adjectives") or ()), *(entry.get("people") or ())]:
        yield adjective, "demonym"
    for metonym in entry.get("metonyms") or ():
        yield metonym, "metonym"


def compile_folder(
    folders: Iterable[Path], countries: frozenset[str] = frozenset(), parts: Iterable[Territory] = ()
) -> ActorData:
    """Compile the files of folders, states first, hand-written before converted ones.

    Args:
        folders: each holds YAML files of actors.
        countries: codes that are known beside the states of these folders.
        parts: territories whose names stand for the state that they are part of, where nothing else has the name.

    Raises:
        KnowledgeError: naming the file and entry that is wrong.
    """
    builder = _Builder(countries)
    for folder in folders:
        files = sorted(folder.glob("*.yml"), key=lambda p: (p.stem.startswith(_IMPORTED), p.stem != "states", p.name))
        for path in files:
            builder.add_file(path)
    require_separated(builder.actors, builder.forms, builder.where, builder.open)
    for territory in parts:
        builder.add_part(territory)
    builder.add_orders()
    longest = max((form.count(" ") + 1 for form in (*builder.forms, *builder.nothing)), default=1)
    return ActorData(
        builder.actors,
        dict(sorted(builder.forms.items())),
        builder.surnames(),
        dict(sorted(builder.role_nouns.items())),
        dict(sorted(builder.titles.items())),
        sorted(set(builder.collectives)),
        dict(sorted(builder.contextual.items())),
        longest,
        sorted(set(builder.nothing)),
        sorted(set(builder.attached)),
        sorted(set(builder.capitalised)),
        dict(sorted(builder.members.items())),
        sorted(set(builder.generic)),
        builder.references,
        builder.spelling,
        sorted(set(builder.heads)),
        dict(sorted(builder.members_of.items())),
        _spellings(builder.actors, builder.forms, builder.spelling),
        dict(sorted(builder.joint.items())),
        dict(sorted(builder.combining.items())),
    )


def _spellings(
    actors: Sequence[ActorEntry], forms: Mapping[str, Sequence[Form]], rules: SpellingRules
) -> dict[str, tuple[int, str]]:
    """The other spellings of the people whom the hand-written files name."""
    people = (
        (name, actors[form.actor].country, form.actor)
        for name, held in forms.items()
        for form in held
        if actors[form.actor].kind == "person" and actors[form.actor].origin == 0
    )
    return compile_spellings(people, rules)


def compile_actors(lexicons: Path) -> bytes:
    """``lexicons/actors`` as MessagePack, with the names of the parts of states that ``lexicons/territories`` lists."""
    territories = lexicons / "territories"
    parts = read_territories(territories) if territories.is_dir() else ()
    return msgspec.msgpack.encode(compile_folder([lexicons / "actors"], parts=parts), order="deterministic")


def countries_of(data: ActorData) -> frozenset[str]:
    """The codes of the states in compiled data."""
    return frozenset(actor.id for actor in data.actors if actor.kind == "state" and actor.id)


def with_overlay(data: ActorData, overlay: Path) -> ActorData:
    """The shipped data under the user's own, whose names win.

    Raises:
        KnowledgeError: when an entry of the overlay is wrong.
    """
    folder = overlay / "actors" if (overlay / "actors").is_dir() else overlay
    own = compile_folder([folder], countries_of(data))
    shift = len(data.actors)
    forms = dict(data.forms)
    for name, found in own.forms.items():
        if all(own.actors[f.actor].origin for f in found) and any(
            not data.actors[f.actor].origin for f in forms.get(name, ())
        ):
            continue  # what was converted from elsewhere does not take a name that was written by hand
        forms[name] = [Form(f.actor + shift, f.via, f.capitals) for f in found]
    spellings = _spellings(own.actors, own.forms, data.spelling)
    surnames = dict(data.surnames)
    for name, people in own.surnames.items():
        surnames[name] = [p + shift for p in people] + surnames.get(name, [])
    return ActorData(
        [*data.actors, *own.actors],
        forms,
        surnames,
        {**data.role_nouns, **own.role_nouns},
        {**data.titles, **own.titles},
        [*data.collectives, *own.collectives],
        {**data.contextual, **{name: (n + shift, ids) for name, (n, ids) in own.contextual.items()}},
        max(data.longest, own.longest),
        [name for name in (*data.nothing, *own.nothing) if name not in own.forms],
        [*data.attached, *own.attached],
        [*data.capitalised, *own.capitalised],
        {**data.members, **own.members},
        sorted({*data.generic, *own.generic} - set(own.forms)),
        data.references,
        data.spelling,
        [*data.heads, *own.heads],
        {**data.members_of, **own.members_of},
        {**data.spellings, **{key: (number + shift, name) for key, (number, name) in spellings.items()}},
        {**data.joint, **own.joint},
        {**data.combining, **own.combining},
    )
