"""Who can act: names to actors, with their roles by date, and nouns of roles to sectors."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import msgspec

from dragoman.knowledge.actor_spelling import SpellingRules, is_one_first_name, whose
from dragoman.knowledge.store import read_compiled

_STEMS = frozenset({"IGO", "NSA", "NGO"})  # what the ids of organisations and groups begin with
PIECE = re.compile(r"[^\W_]+", re.UNICODE)


class DatedRole(msgspec.Struct, frozen=True, array_like=True):
    """An office: the actor id while holding it, its title, and ISO dates (None is open or unknown)."""

    id: str
    title: str | None
    start: str | None
    end: str | None

    def holds(self, day: str) -> bool:
        """Whether the role is held on an ISO day; imprecise dates count as a whole."""
        return (self.start is None or self.start <= day) and (self.end is None or day[: len(self.end)] <= self.end)


class ActorEntry(msgspec.Struct, frozen=True, array_like=True):
    """One actor of the lexicons. ``origin`` is the file and rank that it came from (0 is curated by hand)."""

    key: str
    id: str | None
    name: str
    kind: str
    country: str | None
    wikidata: str | None
    roles: tuple[DatedRole, ...]
    origin: int

    def role_on(self, day: str | None) -> DatedRole | None:
        """The role held on ``day``; the last one to begin when several are. None without a day or a role."""
        if day is None:
            return None
        held = [role for role in self.roles if role.holds(day)]
        return max(held, key=lambda r: (not r.id.endswith("-ELI"), r.start or "", r.id)) if held else None

    def id_on(self, day: str | None) -> str | None:
        """The actor id on ``day``: the held role's, else the actor's own, else the country's elite."""
        role = self.role_on(day)
        if role is not None:
            return role.id
        if self.id is not None or not self.roles:
            return self.id
        stems = [role.id.split("-")[0] for role in self.roles]
        country = next((s for s in reversed(stems) if len(s) == 3 and s not in ("IGO", "NSA", "NGO")), None)
        return f"{country}-ELI" if country is not None else self.roles[-1].id


class Form(msgspec.Struct, frozen=True, array_like=True):
    """What a name leads to: an actor, how (``Via``), and whether the text must write it in capitals."""

    actor: int
    via: str
    capitals: bool


class ReferenceWords(msgspec.Struct, frozen=True, array_like=True):
    """Words that refer back to an actor, by what they refer to."""

    personal: frozenset[str] = frozenset()  # to a person
    thing: frozenset[str] = frozenset()  # to a state or a body
    many: frozenset[str] = frozenset()  # to several
    possessive: frozenset[str] = frozenset()
    plural: frozenset[str] = frozenset()  # plural without an s: "police"
    state: frozenset[str] = frozenset()  # nouns of states: "the country"
    government: frozenset[str] = frozenset()
    group: frozenset[str] = frozenset()
    bodies: frozenset[str] = frozenset()  # nouns of bodies that "it" may refer to
    addressing: frozenset[str] = frozenset()  # verbs whose object is spoken to, and so seldom of: "told lawmakers"
    minorities: frozenset[str] = frozenset()  # a people's part that lives in another state: "the Hungarian minority"
    populations: frozenset[str] = frozenset()  # a people's part where a place of another state follows
    areas: frozenset[str] = frozenset()  # nouns of places that take up one named before: "the province"
    foreign: frozenset[str] = frozenset()  # "Western": from elsewhere than where one is
    own: frozenset[str] = frozenset()  # "our": whose something is that is the speaker's
    pair: frozenset[str] = frozenset()  # "both", "neither"
    sides: frozenset[str] = frozenset()  # nouns of those who deal with or fight each other: "the parties"
    parties: frozenset[str] = frozenset()  # of those, words that mean bodies in elections too
    opposing: frozenset[str] = frozenset()  # adjectives of those: "the warring parties"
    governs: frozenset[str] = frozenset()  # other nouns of states: "the two neighbours"
    things: frozenset[str] = frozenset()  # nouns of documents, exercises and weapons, which are no actors by any name
    gatherings: frozenset[str] = frozenset()  # nouns of what is held somewhere: "the Geneva talks"
    offices: frozenset[str] = frozenset()  # nouns that nobody known to hold another office is meant by
    domestic: frozenset[str] = frozenset()  # sectors of those who are of the state that a text is about
    bands: frozenset[str] = frozenset()  # sectors of "the soldiers", "the fighters": one army or group named near
    rulers: frozenset[str] = frozenset()  # sectors of those who are so where "the" stands before them
    beside: frozenset[str] = frozenset()  # nouns of those who belong to another side than their possessor: "its allies"
    one_of_two: frozenset[str] = frozenset()  # "neither"
    whole: frozenset[str] = frozenset()  # before several named before: "the two countries"
    counts: dict[str, int] = {}  # how many those are
    definite: frozenset[str] = frozenset()  # before a role noun that may refer back
    directed: frozenset[str] = frozenset()  # prepositions of whom an act concerns, who is another than who acts
    settings: frozenset[str] = frozenset()  # prepositions of where something is done
    masculine: frozenset[str] = frozenset()  # pronouns of a man
    feminine: frozenset[str] = frozenset()  # pronouns of a woman
    belonging: tuple[str, ...] = ()  # prepositions of whose an office or role is
    origins: frozenset[str] = frozenset()  # prepositions of whose people are: "soldiers from both sides"
    posted: frozenset[str] = frozenset()  # between an office and its state: "ambassador to"
    object_acts: frozenset[str] = frozenset()  # before a clause in which the object of the verb above acts
    coordinators: frozenset[str] = frozenset()
    former: frozenset[str] = frozenset()  # before an office that is held no more
    other_times: frozenset[str] = frozenset()  # before an office that is held at another time
    departmental: frozenset[str] = frozenset()  # nouns of offices by what they are for: "energy minister"
    of_one_state: dict[str, str] = {}  # offices that one state alone calls so
    lesser: frozenset[str] = frozenset()  # make an office another one: "vice", "deputy"
    spoken_for: frozenset[str] = frozenset()  # sectors whose people say "we" of their state
    ruling: frozenset[str] = frozenset()  # sectors of nameless bodies that govern or fight
    political: frozenset[str] = frozenset()  # sectors whose nouns speak of politics
    regions: dict[str, frozenset[str]] = {}  # the states that lie where an adjective says, the narrowest region first

    def takes_up(self, noun: str) -> bool:
        """Whether a noun may take up several named before: "both sides", "the two countries"."""
        return noun in self.sides or noun in self.state or noun in self.governs


def references_of(content: Mapping[str, Any]) -> ReferenceWords:
    """The words as a lexicon file has them under ``references``."""
    kinds = get_type_hints(ReferenceWords)
    return ReferenceWords(**{name: msgspec.convert(words, kinds.get(name, Any)) for name, words in content.items()})


class ActorData(msgspec.Struct, frozen=True, array_like=True):
    """The compiled lexicon."""

    actors: list[ActorEntry]
    forms: dict[str, list[Form]]  # folded pieces joined by blanks
    surnames: dict[str, list[int]]  # folded surname to people who hold or held an office
    role_nouns: dict[str, str]  # noun or noun phrase (lower case, singular) to sector
    titles: dict[str, str]  # words of an office before a name to sector
    collectives: list[str]  # "group", "number": the noun of their complement decides
    contextual: dict[str, tuple[int, list[str]]]  # folded form to actor, where a text names all of these ids
    longest: int
    nothing: list[str] = []  # folded names that act for nobody, though they hold an actor's name
    attached: list[str] = []  # words that, hyphenated to an adjective, make it say nothing of an actor
    capitalised: list[str] = []  # nouns of office that stay nouns when a text writes them with a capital
    members: dict[str, list[DatedRole]] = {}  # organisation to its members (their ids) with the dates of membership
    generic: list[str] = []  # folded names of bodies that bodies of other states bear too
    references: ReferenceWords = ReferenceWords()
    spelling: SpellingRules = SpellingRules()
    heads: list[str] = []  # words of office before the name of who leads a state
    members_of: dict[str, DatedRole] = {}  # body to the organisation whose members are its own, while the body exists
    spellings: dict[str, tuple[int, str]] = {}  # keys of people's names (see actor_spelling) to actor and name
    joint: dict[str, list[str]] = {}  # adjectives of several states ("inter-korean") to their codes
    combining: dict[str, str] = {}  # what stands before a hyphen and a people's adjective ("franco") to a state's code


class ActorIndex:
    """Look-ups over the compiled actors."""

    def __init__(self, data: ActorData) -> None:
        self.actors = data.actors
        self.role_nouns = data.role_nouns
        self.role_words = frozenset(word for noun in data.role_nouns for word in (noun.split()[0], noun.split()[-1]))
        self.nothing = frozenset(data.nothing)
        self.titles = data.titles
        self.collectives = frozenset(data.collectives)
        self.contextual = {
            form: (data.actors[number], frozenset(ids)) for form, (number, ids) in data.contextual.items()
        }
        self.references = data.references
        self.surnames = data.surnames
        self.attached = frozenset(data.attached)
        self.capitalised = frozenset(data.capitalised)
        self.generic = frozenset(data.generic)
        self.heads = frozenset(data.heads)
        self._forms: dict[str, list[Form]] = {**{name: [] for name in data.nothing}, **data.forms}
        self._members = data.members
        self._members_of = data.members_of
        self.particles = frozenset(data.spelling.particles)
        self.spelling = data.spelling
        self._spellings = data.spellings
        self.joint = data.joint
        self.combining = data.combining
        self._by_id = {
            a.id: a
            for a in reversed(data.actors)
            if a.id and (a.kind == "state" or (a.id[3:4] == "-" and a.id[:3] in _STEMS))
        }
        self._longest: dict[str, int] = {}  # first piece to the number of pieces of the longest form
        for form in self._forms:
            first, length = form.partition(" ")[0], form.count(" ") + 1
            if length > self._longest.get(first, 0):
                self._longest[first] = length

    def find(self, pieces: Sequence[str], position: int) -> tuple[int, list[Form]] | None:
        """The longest name that starts at ``position``.

        Args:
            pieces: folded pieces of a sentence.
            position: index into ``pieces``.

        Returns:
            How many pieces it takes and where it leads, which is nowhere for a name that acts for nobody; None when
            no name starts here.
        """
        longest = self._longest.get(pieces[position])
        if longest is None:
            return None
        for length in range(min(longest, len(pieces) - position), 0, -1):
            forms = self._forms.get(" ".join(pieces[position : position + length]))
            if forms is not None:
                return length, forms
        return None

    def state(self, code: str) -> ActorEntry | None:
        """The state or territory of an ISO 3166 alpha-3 code."""
        entry = self._by_id.get(code)
        return entry if entry is not None and entry.kind == "state" else None

    def of_id(self, identifier: str) -> ActorEntry | None:
        """The state, organisation or group of an id such as PRK, IGO-NATO, NSA-HAMAS."""
        return self._by_id.get(identifier)

    def members(self, organisation: str, day: str | None = None) -> tuple[DatedRole, ...]:
        """Who is in an organisation on an ISO day, or ever was without one; empty where no list of members is known.

        A body of an organisation has the members of that organisation while it exists.
        """
        parent = self._members_of.get(organisation)
        if parent is None:
            return tuple(m for m in self._members.get(organisation, ()) if day is None or m.holds(day))
        if day is not None and not parent.holds(day):
            return ()
        # A member who left before the body began, or came after it ended, was never in it.
        return tuple(
            m
            for m in self.members(parent.id, day)
            if (parent.start is None or m.end is None or m.end[: len(parent.start)] >= parent.start[: len(m.end)])
            and (parent.end is None or m.start is None or m.start[: len(parent.end)] <= parent.end[: len(m.start)])
        )

    def memberships(self, member: str, day: str | None = None) -> tuple[DatedRole, ...]:
        """The organisations that a state is in on an ISO day, or ever was: each with the organisation's id.

        Bodies whose members are those of an organisation are not listed beside it.
        """
        found = [
            DatedRole(organisation, m.title, m.start, m.end)
            for organisation, members in self._members.items()
            for m in members
            if m.id == member and (day is None or m.holds(day))
        ]
        return tuple(found)

    def is_member(self, member: str, organisation: str, day: str) -> bool | None:
        """Whether a state is in an organisation on an ISO day; None where no list of members is known."""
        if organisation not in self._members and organisation not in self._members_of:
            return None
        return any(m.id == member for m in self.members(organisation, day))

    def lookup(self, name: str) -> list[Form]:
        """Everything that a name may lead to."""
        return list(self._forms.get(fold_name(name), ()))

    def is_spelling_of(self, first: str, other: str) -> bool:
        """Whether two first names may be one in two spellings: "Muammar" and "Moamer", "Bill" and "William"."""
        return is_one_first_name(fold_name(first), fold_name(other), self.spelling)

    def respelled(self, name: str) -> ActorEntry | None:
        """The one person whose name this is in another spelling or order ("Serguei Lavrov", "Jae-myung Lee")."""
        number = whose(fold_name(name), self._spellings, self.spelling)
        return self.actors[number] if number is not None else None


@functools.lru_cache(maxsize=65536)
def fold(word: str) -> tuple[str, ...]:
    """A word's pieces in lower case without accents; dots are dropped ("U.S." is "us")."""
    bare = word.replace(".", "").lower()
    if not bare.isascii():
        decomposed = unicodedata.normalize("NFKD", bare)
        bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return tuple(PIECE.findall(bare))


def fold_name(name: str) -> str:
    """A whole name folded."""
    return " ".join(piece for word in name.split() for piece in fold(word))


def load_actors(overlay: Path | None) -> ActorIndex:
    """The shipped actors under the user's own.

    Raises:
        KnowledgeError: when the overlay holds an entry that is wrong.
    """
    data = read_compiled("actors", ActorData)
    if overlay is not None:
        from dragoman.knowledge.actor_lexicons import with_overlay

        data = with_overlay(data, overlay)
    return ActorIndex(data)
