"""Whom an act concerns: the roles that its frame asks for, the states behind them, and what is no actor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.knowledge.frames import Frame, FrameIndex
from dragoman.reading.draft import Draft
from dragoman.reading.event_roles import Roles
from dragoman.reading.noun_phrases import NOUNS, is_plural, premodified
from dragoman.reading.parse import Token
from dragoman.records import ActorRef

_BEHIND = 2  # actors behind the recipients that a record names at most, those joined to them not counted


class Parties:
    """Look-ups of one document's actors in the roles of a frame. Mentions are given by their number."""

    def __init__(self, draft: Draft, roles: Roles, frames: FrameIndex, foreign: frozenset[str] = frozenset()) -> None:
        self._draft = draft
        self._foreign = foreign
        self._nouns = frames.nouns
        self._words = frames.roles
        self._traits = frames.traits
        self._addressing = frames.addressing
        self._measures = frames.measures
        self._parse = draft.parse
        self._roles = roles

    def is_mutual(self, frame: Frame) -> bool:
        """Whether several who act do it with each other: who meet, not who arrive somewhere together."""
        mutual = frame.type in self._traits.reciprocal and frame.mode not in self._traits.lone_modes
        return frame.reciprocal or mutual

    def recipients(self, verb: Token, frame: Frame, actors: list[int], means: set[int]) -> list[int]:
        """Whom it concerns; ``means`` are heads of objects that are what is used or sent, not whom it is done to."""
        found = self._recipients(verb, frame, actors, means)
        victims = self._victims(verb) if frame.type == "ACCUSE" and found else set()
        return [n for n in found if n not in victims and not self._is_speakers(n, actors)]

    def _is_speakers(self, number: int, actors: Sequence[int]) -> bool:
        """Whether a recipient is only "our" or "my", said for who acts: "we are defending our interests"."""
        mention = self._draft.mentions[number]
        if self._parse.tokens[mention.head].dep != "poss" or mention.ref.via != "quotation":
            return False
        state = (mention.ref.id or "").partition("-")[0]
        others = ((self._draft.mentions[n].ref.id or "").partition("-")[0] for n in actors)
        return self.is_one_of(number, actors) or (bool(state) and state in others)

    def _victims(self, verb: Token) -> set[int]:
        """Who underwent the deed that is condemned: not the one who did it ("condemned the attacks in Israel")."""
        deeds = [head for head in self._roles.objects(verb) if self._is_deed(head)]
        return {
            n
            for head in deeds
            for child in self._parse.children(head.i, "prep")
            if child.lower in self._words.undergoing
            for inner in self._parse.children(child.i, "pobj")
            for n in (*self._roles.of_noun(inner.i), *self._roles.inside(inner.i))
        }

    def _is_deed(self, noun: Token) -> bool:
        """Whether a noun is an act of violence or force that struck somebody, no affair of a state's own ("coup")."""
        frames = self._nouns.get(noun.lemma.lower(), ())
        return noun.pos == "NOUN" and any(frame.type in self._traits.deeds and not frame.weak for frame in frames)

    def _recipients(self, verb: Token, frame: Frame, actors: list[int], means: set[int]) -> list[int]:
        skip = list(actors)
        if frame.recipient[0] != "obj":
            skip += (n for n in map(self._roles.at, means) if n is not None and self._is_means(n))
        roles = frame.recipient if frame.strict else (*frame.recipient, *self._words.fallback)
        if self.is_mutual(frame) and (len(actors) > 1 or (frame.reciprocal and self._are_several(verb))):
            # "Iraq and Jordan held talks in Cairo": the place is nobody's other side.
            roles = tuple(role for role in roles if role in self._words.other_side)
        direct = [n for n in self._direct(verb, frame, means) if not self.is_one_of(n, skip)]
        if direct and self.is_mutual(frame):
            beside = [n for n in self._roles.in_role(verb, "with") if not self.is_one_of(n, skip)]
            return beside or direct
        own: list[int] = []
        for role in roles:
            found = self._in_role(verb, frame, role, skip, direct)
            if found and all(self._is_own(n, role, frame, actors) for n in found):
                own = own or found  # unless nobody else is named
            elif found:
                return found + self._state_behind(verb, frame, found, skip)
        if own and frame.type not in self._traits.with_own:
            return own
        if self._home(verb, frame):
            return []
        open_roles = not frame.strict and roles == (*frame.recipient, *self._words.fallback)
        return self._anywhere(verb, frame, [*skip, *own]) if open_roles else []

    def _are_several(self, verb: Token) -> bool:
        """Whether several meet whom one plural names, and nobody else: "the ministers met in Cairo"."""
        if self._roles.objects(verb):
            return False
        told = [(head, self._roles.at(head.i)) for head in self._parse.children(verb.i, "nsubj")]
        roles = (n is not None and self._draft.mentions[n].ref.via == "role" and is_plural(head) for head, n in told)
        return bool(told) and all(roles)

    def _home(self, verb: Token, frame: Frame) -> list[int]:
        """Places of the actor's own that an act on the ground is done to: "Syria shelled Aleppo"."""
        if frame.type not in self._traits.on_the_ground or "obj" not in frame.recipient:
            return []
        named = (n for head in self._roles.objects(verb) for n in self._roles.of_noun(head.i, inside=False))
        return [n for n in named if self._draft.mentions[n].ref.via == "metonym"]

    def _in_role(self, verb: Token, frame: Frame, role: str, skip: Sequence[int], direct: Sequence[int]) -> list[int]:
        """Whom a role names; ``direct`` are objects that are actors themselves."""
        found = [n for n in self._roles.in_role(verb, role) if not self.is_one_of(n, skip)]
        if not found and role == frame.recipient[-1]:
            found = self._deeper(verb, frame, skip)
        if found and role == "poss":
            further = (n for r in ("to", "for") for n in self._roles.in_role(verb, r))
            return found + [n for n in further if not self.is_one_of(n, [*skip, *found])]
        if found and role in self._words.bearers:
            return [*direct, *(n for n in found if n not in direct)]
        return list(direct) or found

    def _anywhere(self, verb: Token, frame: Frame, skip: Sequence[int]) -> list[int]:
        """Who is named first after a verb whose roles name nobody, unless it is done somewhere ("in the town")."""
        after = self._roles.anywhere_after(verb, skip)
        if self._roles.objects(verb) or self._parse.children(verb.i, "xcomp", "ccomp"):
            # "declined to come and sent his minister": he is whom the further verb has for its object
            pronoun = any(self._parse.tokens[self._draft.mentions[n].head].pos == "PRON" for n in after)
            apart = self._of_further_verbs(verb, objects=not pronoun)
            after = [n for n in after if self._draft.mentions[n].head not in apart]
        within = {i for thing in self._where(verb, frame) for i in self._parse.subtree(thing.i)}
        if within and not within & {self._draft.mentions[n].head for n in after}:
            return []
        return after + self._state_behind(verb, frame, after, skip) if after else []

    def _deeper(self, verb: Token, frame: Frame, skip: Sequence[int]) -> list[int]:
        """Whom a preposition of the frame names deeper in the clause, where the parser hangs it to what is near."""
        wanted = [role for role in frame.recipient if role in self._words.sent]
        for role in wanted:
            for i in self._roles.clause(verb):
                token = self._parse.tokens[i]
                if i > verb.i and token.dep == "prep" and token.lower == role:
                    inner = (n for c in self._parse.children(i, "pobj") for n in self._roles.of_noun(c.i))
                    found = [n for n in inner if not self.is_one_of(n, skip)]
                    if found:
                        return found
        return []

    def _where(self, verb: Token, frame: Frame) -> list[Token]:
        """What an act on the ground is done to or in that is nobody: "sent police to the area"."""
        if frame.type not in self._traits.on_the_ground:
            return []
        places = self._roles.prepositional(verb, [role for role in frame.recipient if role in self._words.where])
        return [place for place in places if self._is_somewhere(place) and place.lemma.lower() not in frame.pobjects]

    def _is_own(self, number: int, role: str, frame: Frame, actors: Sequence[int]) -> bool:
        """Whether a mention belongs to who acts: "withdrew its troops", "repeated Kenya's support for" (by Kenya)."""
        mentions = self._draft.mentions
        if role == "obj":
            if frame.type not in self._traits.with_own:
                return False
            owners = {
                n for n in map(self._roles.at, range(mentions[number].first, mentions[number].last)) if n != number
            }
            return any(n is not None and self.is_one_of(n, actors) for n in owners)
        if role != "poss" or (not self.is_state(number) and mentions[number].ref.via != "role"):
            return False
        country = self._country(number)
        return country is not None and any(self._country(n) == country for n in actors)

    def _country(self, number: int) -> str | None:
        return self._draft.actors[self._draft.mentions[number].entity].country

    def _direct(self, verb: Token, frame: Frame, means: set[int]) -> list[int]:
        """Objects that are actors themselves, unless they are what the frame's act is done with."""
        if frame.recipient[0] == "obj" or frame.strict:
            return []
        heads = [h for h in self._roles.objects(verb) if h.i not in means or h.lemma.lower() not in frame.objects]
        found = [n for h in heads for n in self._roles.of_noun(h.i, inside=False)]
        return [n for n in found if not self._is_means(n)]

    def _state_behind(self, verb: Token, frame: Frame, found: Sequence[int], skip: Sequence[int]) -> list[int]:
        """Whose recipients are, or where they stand ("a base in western Afghanistan"): states, for nameless ones."""
        mentions = self._draft.mentions
        if any(mentions[n].ref.id is not None for n in found):
            heads = dict.fromkeys(self._roles.phrase_head(mentions[f].head) for f in found)
            heads.update(dict.fromkeys(h.i for h in self._roles.objects(verb)))
            inside = [n for head in heads for n in self._roles.inside(head)]
            # "Iraq summoned Turkey's ambassador in Baghdad": where it happens at home is nobody's other side.
            home = {self._country(n) for n in skip} - {None}
            others = [n for n in inside if not self.is_one_of(n, [*found, *skip]) and mentions[n].ref.id is not None]
            others = [n for n in others if self._country(n) not in home]
            joined = self._roles.of_noun(mentions[others[0]].head, inside=False) if others else []
            return [n for k, n in enumerate(others) if k < _BEHIND or n in joined]
        nouns = [mentions[n].head for n in found]
        if any(c.lower in self._foreign for noun in nouns for c in self._parse.children(noun, "amod", "compound")):
            return []  # "two Western hostages in Peru" are not Peru's
        near, far = (self._known_after(verb, [*skip, *found], aside) for aside in (False, True))
        if frame.type in self._traits.operators:  # what is asked for may concern anybody
            phrases = {i for f in found for i in self._parse.subtree(mentions[f].head)}
            near, far = ([n for n in some if mentions[n].head in phrases] for some in (near, far))
        states = [n for n in (*near, *far) if self.is_state(n)]
        known = near or states
        if not known:
            return []
        first = states[0] if states else known[0]
        # "diplomats from Poland, Germany and Sweden"
        joined = self._roles.of_noun(mentions[first].head, inside=False)
        return [n for n in dict.fromkeys([first, *joined]) if n == first or n in known]

    def _known_after(self, verb: Token, skip: Sequence[int], aside: bool) -> list[int]:
        """Known actors named behind a verb, but for whom a further verb has for its object ("fled and freed X")."""
        apart = self._of_further_verbs(verb)
        mentions = self._draft.mentions
        after = self._roles.all_after(verb, skip, aside)
        return [n for n in after if mentions[n].ref.id is not None and mentions[n].head not in apart]

    def _of_further_verbs(self, verb: Token, objects: bool = True) -> set[int]:
        """The tokens of verbs that a verb is joined to, with ``objects`` of those that have objects of their own."""
        further = [c for c in self._parse.children(verb.i, "conj") if c.pos == "VERB"]
        further = [c for c in further if self._roles.objects(c)] if objects else further
        return {i for c in further for i in self._parse.subtree(c.i)}

    def sides(self, verb: Token, frame: Frame, actors: list[int], recipients: list[int]) -> tuple[list[int], list[int]]:
        """Reciprocal acts between joined actors name both sides: "X and Y met", unless they meet a third one."""
        if len(actors) < 2 or not (self.is_mutual(frame) or self._is_each_other(verb)):
            return actors, recipients
        direct = [n for head in self._roles.objects(verb) for n in self._roles.of_noun(head.i, inside=False)]
        other = [n for role in ("with", "between") for n in self._roles.in_role(verb, role)]
        # "X and Y signed a deal between the two countries": these are X and Y again.
        other = [n for n in other if self._draft.mentions[n].ref.id is not None]
        direct = [n for n in direct if self._draft.mentions[n].ref.id is not None or not self._is_means(n)]
        if set(recipients) & {*direct, *other}:
            return actors, recipients
        return actors[:1], actors[1:]

    def _is_each_other(self, verb: Token) -> bool:
        """Whether several do it to each other: "the two states accused each other"."""
        heads = [head.i for head in self._roles.objects(verb)]
        starts = (i for head in heads for i in (head - 1, head) if i + 1 < len(self._parse.tokens))
        pairs = (f"{self._parse.tokens[i].lower} {self._parse.tokens[i + 1].lower}" for i in starts)
        return any(pair in self._words.each_other for pair in pairs)

    def targets(self, verb: Token, frame: Frame, recipients: Sequence[int]) -> tuple[ActorRef, ...]:
        """What an act is done to that is no actor and nobody's: "attacked an army camp", "condemned the vote"."""
        home = [] if recipients else self._home(verb, frame)
        if home:  # the place itself, since its state is who did it
            spans = (self._draft.mentions[n].ref.span for n in home)
            return tuple(ActorRef(id=None, name=span.quote, span=span, wikidata=None, via=None) for span in spans)
        if not recipients and not frame.strict:
            found = self._things(self._where(verb, frame))
            if found:
                return found
        if frame.recipient[0] != "obj" and ("obj" not in frame.recipient or frame.type not in self._traits.aimed):
            return ()
        if frame.objects and (recipients or frame.type not in self._traits.aimed):
            return ()
        objects = self._roles.objects(verb)
        found = self._things(objects)
        if found or recipients or not any(self._roles.before(head.i) for head in objects):
            return found
        # "blew up the inter-Korean office": what partly belongs to who did it, where it is nobody else's
        return self._things((head for head in objects if self._roles.at(head.i) is None), owned=True)

    def targets_of_noun(self, noun: Token, frame: Frame) -> tuple[ActorRef, ...]:
        """What the act of a noun of events is done to that is no actor: "attacks on shipping"."""
        heads = [
            inner
            for child in self._parse.children(noun.i, "prep")
            if child.lower in frame.recipient
            for inner in self._parse.children(child.i, "pobj")
        ]
        return self._things(heads)

    def _things(self, heads: Iterable[Token], owned: bool = False) -> tuple[ActorRef, ...]:
        """Those of these nouns that name nobody: no actor, no time, nothing that belongs to one unless ``owned``."""
        things = (head for head in heads if self._is_thing(head, owned))
        spans = (self._parse.span(*premodified(self._parse, head.i)) for head in things)
        return tuple(ActorRef(id=None, name=span.quote, span=span, wikidata=None, via=None) for span in spans)

    def _is_thing(self, noun: Token, owned: bool = False) -> bool:
        named = noun.pos not in NOUNS or noun.ent in ("DATE", "TIME") or self._roles.at(noun.i) is not None
        return not named and (owned or not self._roles.before(noun.i))

    def _is_somewhere(self, noun: Token) -> bool:
        """Whether a noun behind a preposition is a thing or place and no manner: not "in response", "in a bid to"."""
        children = self._parse.children(noun.i)
        determined = noun.tag in ("NNS", "NNP", "NNPS") or any(c.dep in ("det", "compound", "nummod") for c in children)
        return determined and self._is_thing(noun) and not any(c.dep == "acl" and c.tag == "VB" for c in children)

    def place_of(self, verb: Token, frame: Frame) -> list[int]:
        """The state where something was done, which stands for who did it: "was arrested in Rwanda"."""
        subject = self._roles.in_role(verb, "obj")
        happened = {inner.i for inner in self._roles.prepositional(verb, ("in", "during")) if self._is_deed(inner)}
        within = {k for i in happened for k in self._parse.subtree(i)}  # who clashed is not where somebody was killed
        places = [*self._roles.in_role(verb, "in"), *self._roles.inside(verb.i)]
        places = [n for n in places if self._draft.mentions[n].head not in within]
        if frame.mode in self._traits.outward_modes:
            places = [*self._roles.in_role(verb, "from"), *places]
        if frame.mode in self._traits.inward_modes:
            places = [*self._roles.in_role(verb, "to"), *places]
        return [n for n in places if n not in subject and self.is_state(n)][:1]

    def concerned(self, verb: Token, act: Token, frame: Frame, actors: list[int]) -> list[int]:
        """Whom a planned act concerns: who stands by the plan ("agreed with Cuba to ..."), else by the act."""
        for role in self._words.planned_with:
            found = [n for n in self._roles.in_role(verb, role) if not self.is_one_of(n, actors)]
            if found and not all(self._is_own(n, role, frame, actors) for n in found):
                return found
        found = self.recipients(act, frame, actors, self.means_of(act, frame))
        own = [n for n in self._roles.in_role(act, "obj") if self._is_own(n, "obj", frame, actors)]
        if found:
            return found
        apart = self._of_further_verbs(verb)
        anybody = self._roles.anywhere_after(verb, [*actors, *own])
        return [n for n in anybody if self._draft.mentions[n].head not in apart]

    def addressed(self, verb: Token, actors: Sequence[int]) -> list[int]:
        """Whom one tells what one will do, if it is another country's: "told Chad that it would retaliate"."""
        above = self._parse.tokens[verb.head]
        if verb.dep != "ccomp" or above.lemma.lower() not in self._addressing:
            return []
        told = [n for role in ("obj", "dative") for n in self._roles.in_role(above, role)]
        home = {self._country(n) for n in actors}
        return [n for n in told if self._country(n) not in home | {None}]

    def means_of(self, verb: Token, frame: Frame) -> set[int]:
        """The heads of objects that a frame asks for: what is used or sent."""
        if not frame.objects:
            return set()
        heads = self._roles.objects(verb)
        counted = (c for head in heads if head.lemma.lower() in self._measures for c in self._complements(head))
        return {head.i for head in (*heads, *counted)}

    def _complements(self, noun: Token) -> list[Token]:
        """What is counted by a measure: the troops of "thousands of troops"."""
        of = (child for child in self._parse.children(noun.i, "prep") if child.lower == "of")
        return [inner for child in of for inner in self._parse.children(child.i, "pobj")]

    def _is_means(self, number: int) -> bool:
        # "deployed Rwandan soldiers": soldiers without a state of their own, or tanks, are sent, not met.
        return self._draft.mentions[number].ref.via == "role"

    def is_one_of(self, number: int, others: Sequence[int]) -> bool:
        """Whether a mention names the same actor as one of others."""
        entity = self._draft.mentions[number].entity
        return any(self._draft.mentions[o].entity == entity for o in others)

    def noun_of(self, token: Token) -> Token:
        """The noun that a pronoun stands for, so that "they were deployed" is about soldiers; else the token itself."""
        number = self._roles.at(token.i)
        if token.pos != "PRON" or number is None:
            return token
        mentions = self._draft.mentions
        heads = (self._parse.tokens[m.head] for m in mentions[:number] if m.entity == mentions[number].entity)
        return next((head for head in heads if head.pos in NOUNS), token)

    def are_known(self, numbers: Sequence[int]) -> bool:
        """Whether one of these mentions leads to somebody with an id."""
        return any(self._draft.mentions[n].ref.id is not None for n in numbers)

    def without_mistaken(self, actors: list[int], objects: Sequence[Token]) -> list[int]:
        """Who acts, without a pronoun that was taken for whom it is done to by name: "they will destroy Chad"."""
        mentions = self._draft.mentions
        undergoing = {mentions[n].entity for head in objects for n in self._roles.of_noun(head.i, inside=False)
                      if mentions[n].ref.via != "coreference"}  # fmt: skip
        return [n for n in actors if mentions[n].ref.via != "coreference" or mentions[n].entity not in undergoing]

    def is_person(self, number: int) -> bool:
        """Whether a mention names a person, a group or somebody unknown."""
        actor = self._draft.actors[self._draft.mentions[number].entity]
        return actor.kind in ("person", "group") or actor.id is None

    def is_state(self, number: int) -> bool:
        """Whether a mention names a state."""
        return self._draft.actors[self._draft.mentions[number].entity].kind == "state"

    def named(self, numbers: Sequence[int]) -> tuple[int, ...]:
        """Each mention, or, for a pronoun, where the same sentence names whom it stands for."""
        mentions = self._draft.mentions
        named: dict[int, None] = {}
        for number in numbers:
            mention = mentions[number]
            if mention.ref.via == "coreference":
                sentence = self._parse.tokens[mention.head].sent
                same = (k for k, m in enumerate(mentions) if m.entity == mention.entity and m.ref.via != "coreference"
                        and self._parse.tokens[m.head].sent == sentence)  # fmt: skip
                number = next(same, number)
            named[number] = None
        return tuple(named)
