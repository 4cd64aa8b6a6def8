"""Events spoken of again: "The attack killed twelve" takes who attacked from the sentences before it.

A noun of events takes up an earlier one where it is definite and names nobody of its own ("the talks", "Friday's
clashes"). The nearest event of the same word is meant, else the nearest of the same type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.knowledge.frames import Frame, FrameIndex
from dragoman.reading.draft import EventDraft
from dragoman.reading.event_frames import frames_of_noun
from dragoman.reading.event_roles import Roles
from dragoman.reading.parse import Parse, Token
from dragoman.records import QUAD_CLASSES

_REACH = 3  # sentences that a noun of events looks back
_NAMING = frozenset({"by", "of", "between", "with", "on", "against", "from"})  # say whose, or which, an event is
_MATERIAL = (2, 4)  # quad classes of what is done and not only said
_DOING = ("by", "poss", "compound", "from")


class EarlierEvents:
    """The events told so far, and who acted in those that a noun takes up."""

    def __init__(self, parse: Parse, frames: FrameIndex, roles: Roles) -> None:
        self._parse = parse
        self._frames = frames
        self._words = frames.anaphora
        self._roles = roles
        self._told: list[EventDraft] = []

    def add(self, event: EventDraft) -> None:
        """Remember an event; they come in text order."""
        self._told.append(event)

    def again(self, noun: Token) -> EventDraft | None:
        """The earlier event that a noun takes up."""
        if not self._is_definite(noun) or self._names_its_own(noun):
            return None
        if noun.lemma.lower() in self._words.any_act:
            return self._act_before(noun)
        frames = frames_of_noun(self._parse, self._frames, noun)
        near = [e for e in reversed(self._told) if self._is_near(e, noun)]
        alike = [e for e in near if any(_is_of(e, frame) for frame in frames)]
        return next((e for e in alike if self._is_called(e, noun)), next(iter(alike), None))

    def _act_before(self, noun: Token) -> EventDraft | None:
        """What the sentence before tells as done, for a noun that any act may be called by: "the move"."""
        tokens = self._parse.tokens
        for event in self._told:
            head = tokens[event.head]
            told = head.dep == "ROOT" or (head.dep == "ccomp" and tokens[head.head].dep == "ROOT")
            told = told and QUAD_CLASSES[event.event_type] in _MATERIAL and head.sent == noun.sent - 1
            if told and self._is_near(event, noun):
                return event
        return None

    def _is_called(self, event: EventDraft, noun: Token) -> bool:
        """Whether an event was called by this word: "imposed sanctions" and "the sanctions"."""
        head = self._parse.tokens[event.head]
        words = (head, *self._parse.children(head.i, "dobj", "nsubjpass"))
        return any(word.lemma.lower() == noun.lemma.lower() for word in words)

    def deed_of(self, verb: Token, passive: bool) -> Token | None:
        """The deed or weapon that acts for whoever did it: "the raid killed", "were killed in the raid"."""
        return next((noun for noun in self._standing_for(verb, passive) if self._is_deed(noun)), None)

    def doers(self, deed: Token) -> list[int]:
        """Who did a deed or used a weapon: whom its noun names, else who acted in the event that it takes up."""
        for role in _DOING:
            found = [n for n in self._roles.of_event_noun(deed, role) if not self._roles.is_place(n)]
            if found:
                return found
        if deed.lemma.lower() in self._words.mutual:  # "were killed in clashes with Turkish forces"
            above = self._parse.tokens[self._parse.tokens[deed.head].head]
            other = self._roles.of_event_noun(deed, "with") or self._roles.in_role(above, "with")
            if other:
                return other
        agents = [n for clause in self._parse.children(deed.i, "acl") for n in self._roles.agents(clause)]
        if agents:
            return agents
        earlier = self.again(deed) if deed.lemma.lower() not in self._words.mutual else None
        return list(earlier.actors) if earlier is not None else []

    def judged(self, objects: Sequence[Token]) -> list[int]:
        """Who did what is condemned or praised without a word of who did it: "condemned the attack"."""
        events = (self.again(noun) for noun in objects if self._roles.at(noun.i) is None)
        return next((list(event.actors) for event in events if event is not None), [])

    def _standing_for(self, verb: Token, passive: bool) -> Iterator[Token]:
        if not passive:
            heads = self._parse.children(verb.i, "nsubj")
            yield from (self._roles.antecedent(head) for head in heads)
            if verb.dep in ("acl", "relcl") and not heads and verb.tag == "VBG":
                yield self._parse.tokens[verb.head]  # "a bomb targeting soldiers"
            return
        for preposition in self._parse.children(verb.i, "prep", "agent"):
            if preposition.lower in self._words.within:
                yield from self._parse.children(preposition.i, "pobj")

    def _is_deed(self, noun: Token) -> bool:
        if noun.pos not in ("NOUN", "PROPN") or self._roles.at(noun.i) is not None:
            return False
        frames = frames_of_noun(self._parse, self._frames, noun)
        return noun.lemma.lower() in self._words.instruments or any(frame.type == "ASSAULT" for frame in frames)

    def _is_definite(self, noun: Token) -> bool:
        return any(
            (child.dep == "det" and child.lower in self._words.definite)
            or (child.dep == "poss" and child.ent in ("DATE", "TIME"))
            for child in self._parse.children(noun.i, "det", "poss")
        )

    def _names_its_own(self, noun: Token) -> bool:
        """Whether a noun says whose event it is, or which: "the attack on the town", "the war of words"."""
        beside = any(self._roles.of_event_noun(noun, role) for role in ("poss", "compound"))
        return beside or any(child.lower in _NAMING for child in self._parse.children(noun.i, "prep"))

    def _is_near(self, event: EventDraft, noun: Token) -> bool:
        head = self._parse.tokens[event.head]
        told = event.actors and (event.recipients or event.targets) and not event.factuality.endswith("-")
        return bool(told) and event.head < noun.i and noun.sent - head.sent <= _REACH


def _is_of(event: EventDraft, frame: Frame) -> bool:
    """Whether an event is of a noun's type, and of its mode where both say one: an arrest is no embargo."""
    modes = {event.mode, frame.mode} - {None}
    return event.event_type == frame.type and (len(modes) < 2 or frame.type == "ASSAULT")
