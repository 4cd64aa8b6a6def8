"""Who acts and whom it concerns where a noun says what was done: "Chad's attack on", "announced the release of"."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.knowledge.frames import Frame, FrameIndex
from dragoman.reading.event_parties import Parties
from dragoman.reading.event_roles import Roles
from dragoman.reading.parse import Parse, Token
from dragoman.records import QUAD_CLASSES


class NounSides:
    """Look-ups of the two sides of nouns of events. Mentions are given by their number."""

    def __init__(self, parse: Parse, frames: FrameIndex, roles: Roles, parties: Parties) -> None:
        self._parse = parse
        self._frames = frames
        self._roles = roles
        self._parties = parties

    def sides(self, noun: Token, frame: Frame) -> tuple[list[int], list[int]]:
        """Who acts and whom it concerns, as far as the noun, or the verb that carries it, names them."""
        actors = self._first_role(noun, frame.actor, [])
        recipients = self._first_role(noun, frame.recipient, actors)
        between = self._roles.of_event_noun(noun, "between") if not actors else []
        if len(between) > 1:
            actors, recipients = between[:1], between[1:]  # "clashes between Chad and Niger"
        if not (actors and recipients) and noun.dep in ("nsubj", "nsubjpass"):
            actors, recipients = self._beside_verb(noun, frame, actors, recipients)
        if self._parties.is_mutual(frame) and not recipients and len(actors) > 1:
            actors, recipients = actors[:1], actors[1:]
        verb = self._governing_verb(noun, self._parties.is_mutual(frame))
        if verb is not None and not (actors and recipients):
            return self._under_verb(verb, noun, frame, actors, recipients)
        if verb is not None and "of" in frame.actor:
            actors = self._doers(verb, recipients) or actors
        return actors, recipients

    def stand_alone(self, noun: Token, frame: Frame, actors: Sequence[int], recipients: Sequence[int]) -> bool:
        """Whether one party tells an act: "the Houthis' attacks", "Chad's refusal to", "the arrest of the envoy"."""
        deed = QUAD_CLASSES[frame.type] == 4 and not (frame.own or self._parties.is_mutual(frame))
        words = frame.type in self._frames.traits.operators and bool(actors)
        words = words and any(c.tag == "VB" for c in self._parse.children(noun.i, "acl"))
        return (deed or words) and not frame.weak and self._parties.are_known(actors or recipients)

    def _beside_verb(
        self, noun: Token, frame: Frame, actors: list[int], recipients: list[int]
    ) -> tuple[list[int], list[int]]:
        """Who is named behind the verb that an event is the subject of: "clashes broke out between X and Y"."""
        verb = self._parse.tokens[noun.head]
        if verb.pos != "VERB" or (verb.lemma.lower() in self._frames.verbs and self._roles.objects(verb)):
            return actors, recipients
        sides = self._roles.in_role(verb, "between")
        if len(sides) > 1:
            return sides[:1], sides[1:]
        if not actors and "by" in frame.actor:
            actors = [n for n in self._roles.in_role(verb, "by") if n not in recipients]
        return actors, recipients

    def _under_verb(
        self, verb: Token, noun: Token, frame: Frame, actors: list[int], recipients: list[int]
    ) -> tuple[list[int], list[int]]:
        """Who acts and whom it concerns where a light verb carries the noun: "announced the release of"."""
        doers = self._doers(verb, recipients)
        if actors and not recipients and doers and not self._roles.of_event_noun(noun, "poss"):
            # "ordered the release of X": X is whom it concerns.
            actors, recipients = doers, [n for n in actors if not self._parties.is_one_of(n, doers)]
        actors = actors or doers
        for role in frame.recipient if not recipients else ():
            found = [n for n in self._roles.in_role(verb, role) if not self._parties.is_one_of(n, actors)]
            if found and role not in ("complement", "of"):
                return actors, found
        return actors, recipients

    def _first_role(self, noun: Token, roles: Sequence[str], skip: Sequence[int]) -> list[int]:
        for role in roles:
            found = [n for n in self._roles.of_event_noun(noun, role) if not self._parties.is_one_of(n, skip)]
            if found:
                return found
        return []

    def _governing_verb(self, noun: Token, mutual: bool) -> Token | None:
        """The light verb that carries a noun of events: "announced the release of", "said at a meeting with"."""
        words = self._frames.roles
        occasion = False  # whoever does something at a meeting is there
        while noun.dep == "conj" and noun.head != noun.i:
            noun = self._parse.tokens[noun.head]
        above = self._parse.tokens[noun.head]
        if noun.dep == "pobj" and mutual and above.lower in words.occasions:
            above, occasion = self._parse.tokens[above.head], True
        elif noun.dep == "pobj" and above.head != above.i and above.lower in words.carrying:
            above = self._parse.tokens[above.head]
        elif noun.dep not in ("dobj", "attr"):
            return None
        lemma = above.lemma.lower()
        # A verb that has no reading of its own carries the noun's.
        light = (
            (occasion and above.pos == "VERB")
            or lemma in self._frames.light
            or (above.pos == "VERB" and lemma not in self._frames.verbs)
        )
        return above if light and not self._roles.is_passive(above) else None

    def _doers(self, verb: Token, recipients: Sequence[int]) -> list[int]:
        return [n for n in self._roles.subjects(verb) if not self._parties.is_one_of(n, recipients)]
