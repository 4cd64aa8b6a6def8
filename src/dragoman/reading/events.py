"""Events by PLOVER's types, from frames over the parse. A statement is no event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.frames import Frame
from dragoman.reading.draft import Draft, EventDraft
from dragoman.reading.event_frames import Surroundings, frame_of_noun, frame_of_verb
from dragoman.reading.event_intentions import governed_act
from dragoman.reading.event_roles import Roles
from dragoman.reading.factuality import assess
from dragoman.reading.noun_phrases import premodified
from dragoman.reading.parse import Token
from dragoman.reading.quantities import quantities_near
from dragoman.records import QUAD_CLASSES, ActorRef, EventType, Why

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
_OPERATORS = frozenset({"AGREE", "THREATEN", "REJECT", "REQUEST"})  # the act in their complement is not yet done
_INTENDED = {"AGREE": 4.0, "THREATEN": -6.0, "REJECT": -4.0}
_QUIET = 1.5  # absolute intensity of appeals and comments, which no will turns into another type
_OTHER_SIDE = frozenset({"obj", "with", "between", "to", "against"})
_WITHHELD = frozenset({"AGREE", "RETREAT", "CONCEDE"})  # not to do them is to refuse them
_OUTWARD = frozenset({"expel", "deport", "release"})  # modes whose actor is whom one is sent away from
_BEHIND = 2  # actors behind the recipients that a record names at most
_BEARERS = frozenset({"to", "from", "against", "for", "with", "by"})
_FALLBACK = ("to", "with", "against", "on", "in", "at", "from", "for", "into", "of", "over", "near")


def find_events(draft: Draft, knowledge: Knowledge) -> Draft:
    """Fill ``events``: one for each predicate that names who does what to whom."""
    finder = _Finder(draft, knowledge)
    events = [event for sentence in draft.parse.sentences for event in finder.of_sentence(list(sentence))]
    return replace(draft, events=tuple(events))


class _Finder:
    def __init__(self, draft: Draft, knowledge: Knowledge) -> None:
        self._draft = draft
        self._knowledge = knowledge
        self._parse = draft.parse
        self._frames = knowledge.frames
        self._roles = Roles(draft.parse, draft.mentions, knowledge.frames.subject_control)
        self._contents = [(c.parts, c.head) for c in draft.claims if c.head is not None]

    def of_sentence(self, sentence: Sequence[int]) -> list[EventDraft]:
        """The events of a sentence, without doubles of the same type between the same actors."""
        found: list[EventDraft] = []
        used: set[int] = set()
        for i in sentence:
            token = self._parse.tokens[i]
            if token.pos in ("VERB", "AUX"):
                event = self._of_verb(token, used)
            elif token.pos in ("NOUN", "PROPN") and i not in used:
                event = self._of_noun(token)
            else:
                continue
            if event is not None:
                found.append(event)
        return self._without_doubles(found, used)

    def _of_verb(self, verb: Token, used: set[int]) -> EventDraft | None:
        lemma = verb.lemma.lower()
        if lemma not in self._frames.verbs and lemma not in self._frames.governing:
            return None
        roles = self._roles
        objects = roles.objects(verb)
        passive = roles.is_passive(verb)
        actors = roles.agents(verb) if passive else roles.subjects(verb)
        governed = self._governed(verb, actors, used)
        if governed is not None:
            return governed
        frame = self._frame(verb, actors)
        if frame is None:
            return None
        recipients = self._recipients(verb, frame, actors, self._means_of(verb, frame))
        if passive and not actors and frame.own:
            actors = [n for n in roles.in_role(verb, "obj") if self._draft.mentions[n].ref.id is not None]
            recipients = [n for n in recipients if n not in actors] or self._recipients(verb, frame, actors, set())
        if passive and not actors and (frame.reciprocal or frame.type in RECIPROCAL):
            # "talks were held between X and Y"
            sides = roles.in_role(verb, "between")
            actors, recipients = (sides[:1], sides[1:]) if len(sides) > 1 else (actors, recipients)
        if passive and not actors:
            actors = self._where(verb, frame)
            recipients = [n for n in recipients if not self._is_one_of(n, actors)]
        if frame.inverse:
            actors, recipients = recipients, actors
        actors, recipients = self._sides(frame, actors, recipients)
        if not actors or ((frame.weak or frame.strict) and not recipients):
            return None
        if frame.objects:
            used.update(head.i for head in objects)
        if frame.pobjects:
            preps = self._parse.children(verb.i, "prep")
            used.update(noun.i for prep in preps for noun in self._parse.children(prep.i, "pobj"))
        if frame.type in _OPERATORS:
            used.update(self._acts_below(verb))
        event = self._event(verb, frame, actors, recipients)
        return replace(event, targets=self._targets(verb, frame)) if not frame.inverse else event

    def _targets(self, verb: Token, frame: Frame) -> tuple[ActorRef, ...]:
        """What an act is done to that is no actor and nobody's: "attacked an army camp", "condemned the vote"."""
        if frame.objects or frame.recipient[0] != "obj":
            return ()
        found = []
        for head in self._roles.objects(verb):
            if head.pos != "NOUN" or head.ent in ("DATE", "TIME") or self._roles.at(head.i) is not None:
                continue
            if self._roles.before(head.i):
                continue
            span = self._parse.span(*premodified(self._parse, head.i))
            found.append(ActorRef(id=None, name=span.quote, span=span, wikidata=None, via=None))
        return tuple(found)

    def _where(self, verb: Token, frame: Frame) -> list[int]:
        """The state where something was done, which stands for who did it: "was arrested in Rwanda"."""
        subject = self._roles.in_role(verb, "obj")
        places = [*self._roles.in_role(verb, "in"), *self._roles.inside(verb.i)]
        if frame.mode in _OUTWARD:
            places = [*self._roles.in_role(verb, "from"), *places]
        return [n for n in places if n not in subject and self._is_state(n)][:1]

    def _governed(self, verb: Token, actors: list[int], used: set[int]) -> EventDraft | None:
        """The act that a verb plans, promises or refuses, read by the frame of the act itself."""
        found = governed_act(self._parse, self._frames, verb) if actors else None
        if found is None:
            return None
        act, refused, word = found
        frame = self._frame(act, actors)
        if frame is None or frame.inverse or abs(frame.intensity) < _QUIET:
            return None
        friendly = QUAD_CLASSES[frame.type] in (1, 2)  # type: ignore[index]  # checked when the lexicon is compiled
        friendly = friendly or word in self._frames.friendly
        if refused and not friendly:
            return None
        kind: EventType = "REJECT" if refused else "AGREE" if friendly else "THREATEN"
        sides = self._sides(frame, actors, self._concerned(verb, act, frame, actors))
        if not sides[1] and not refused:
            return None
        used.update((act.i, *self._acts_below(act), *self._acts_below(verb)))
        event = self._event(verb, frame, *sides)
        why = Why(f"frame:{frame.name}:{act.lemma.lower()}+{word}")
        return replace(event, event_type=kind, mode=None, intensity=_INTENDED[kind], why=why)

    def _concerned(self, verb: Token, act: Token, frame: Frame, actors: list[int]) -> list[int]:
        """Whom a planned act concerns: who stands by the plan ("agreed with Cuba to ..."), else by the act."""
        for role in ("with", "to", "obj"):
            found = [n for n in self._roles.in_role(verb, role) if not self._is_one_of(n, actors)]
            if found:
                return found
        found = self._recipients(act, frame, actors, self._means_of(act, frame))
        return found or self._roles.anywhere_after(verb, actors)

    def _frame(self, verb: Token, actors: list[int]) -> Frame | None:
        roles = self._roles
        objects = roles.objects(verb)
        met = [n for head in objects for n in roles.of_noun(head.i, inside=False)]
        people = any(self._is_person(n) for n in actors), any(self._is_person(n) for n in met)
        around = Surroundings(self._parse, verb, objects, people, self._frames.measures)
        around.passive = roles.is_passive(verb)
        return frame_of_verb(self._frames, verb, around)

    def _means_of(self, verb: Token, frame: Frame) -> set[int]:
        return {head.i for head in self._roles.objects(verb)} if frame.objects else set()

    def _acts_below(self, verb: Token) -> list[int]:
        below = self._parse.children(verb.i, "xcomp", "ccomp")
        below += [
            c
            for a in self._parse.children(verb.i, "acomp", "prep")
            for c in self._parse.children(a.i, "xcomp", "pcomp")
        ]
        heads = [c.i for c in below]
        heads += [c.i for b in below for c in self._parse.children(b.i, "dobj", "conj")]
        return heads

    def _recipients(self, verb: Token, frame: Frame, actors: list[int], means: set[int]) -> list[int]:
        """Whom it concerns; ``means`` are heads of objects that are what is used or sent, not whom it is done to."""
        skip = list(actors)
        if frame.recipient[0] != "obj":
            skip += (n for n in map(self._roles.at, means) if n is not None and self._is_means(n))
        roles = frame.recipient if frame.strict else (*frame.recipient, *_FALLBACK)
        if len(actors) > 1 and (frame.reciprocal or frame.type in RECIPROCAL):
            # "Iraq and Jordan held talks in Cairo": the place is nobody's other side.
            roles = tuple(role for role in roles if role in _OTHER_SIDE)
        direct = [n for n in self._direct(verb, frame, means) if not self._is_one_of(n, skip)]
        if direct and (frame.reciprocal or frame.type in RECIPROCAL):
            beside = [n for n in self._roles.in_role(verb, "with") if not self._is_one_of(n, skip)]
            return beside or direct
        for role in roles:
            found = [n for n in self._roles.in_role(verb, role) if not self._is_one_of(n, skip)]
            if found and role in _BEARERS:
                found = [*direct, *(n for n in found if n not in direct)]
            elif direct:
                found = direct
            if found:
                return found + self._state_behind(verb, found, skip)
        return [] if frame.strict or roles != (*frame.recipient, *_FALLBACK) else self._roles.anywhere_after(verb, skip)

    def _direct(self, verb: Token, frame: Frame, means: set[int]) -> list[int]:
        """Objects that are actors themselves, unless they are what the frame's act is done with."""
        if frame.recipient[0] == "obj" or frame.strict:
            return []
        heads = [h for h in self._roles.objects(verb) if h.i not in means or h.lemma.lower() not in frame.objects]
        found = [n for h in heads for n in self._roles.of_noun(h.i, inside=False)]
        return [n for n in found if not self._is_means(n)]

    def _state_behind(self, verb: Token, found: Sequence[int], skip: Sequence[int]) -> list[int]:
        """Whom recipients belong to or where they stand ("a base in western Afghanistan"): states, for nameless ones."""
        mentions = self._draft.mentions
        if any(mentions[n].ref.id is not None for n in found):
            heads = dict.fromkeys([*(mentions[f].head for f in found), *(h.i for h in self._roles.objects(verb))])
            inside = [n for head in heads for n in self._roles.inside(head)]
            others = [n for n in inside if not self._is_one_of(n, [*found, *skip]) and mentions[n].ref.id is not None]
            return others[:_BEHIND]
        return [n for n in self._roles.all_after(verb, [*skip, *found]) if self._is_state(n)][:1]

    def _is_means(self, number: int) -> bool:
        # "deployed Rwandan soldiers": soldiers without a state of their own, or tanks, are sent, not met.
        return self._draft.mentions[number].ref.via == "role"

    def _is_one_of(self, number: int, others: Sequence[int]) -> bool:
        entity = self._draft.mentions[number].entity
        return any(self._draft.mentions[o].entity == entity for o in others)

    def _sides(self, frame: Frame, actors: list[int], recipients: list[int]) -> tuple[list[int], list[int]]:
        """Reciprocal acts between joined actors name both sides: "X and Y met"."""
        mutual = frame.reciprocal or frame.type in RECIPROCAL
        named = any(self._draft.mentions[n].ref.id is not None for n in recipients)
        if mutual and len(actors) > 1 and not named:
            return actors[:1], [*actors[1:], *recipients]
        return actors, recipients

    def _is_person(self, number: int) -> bool:
        actor = self._draft.actors[self._draft.mentions[number].entity]
        return actor.kind in ("person", "group") or actor.id is None

    def _is_state(self, number: int) -> bool:
        return self._draft.actors[self._draft.mentions[number].entity].kind == "state"

    def _of_noun(self, noun: Token) -> EventDraft | None:
        frame = frame_of_noun(self._parse, self._frames, noun)
        if frame is None or self._roles.at(noun.i) is not None:
            return None
        actors = self._first_role(noun, frame.actor, [])
        recipients = self._first_role(noun, frame.recipient, actors)
        mutual = frame.reciprocal or frame.type in RECIPROCAL
        if mutual and not recipients and len(actors) > 1:
            actors, recipients = actors[:1], actors[1:]
        verb = self._governing_verb(noun)
        if verb is not None and not (actors and recipients):
            actors, recipients = self._under_verb(verb, noun, frame, actors, recipients)
        elif verb is not None and "of" in frame.actor:
            actors = self._doers(verb, recipients) or actors
        if not actors or not recipients:
            return None
        return self._event(noun, frame, actors, recipients)

    def _under_verb(
        self, verb: Token, noun: Token, frame: Frame, actors: list[int], recipients: list[int]
    ) -> tuple[list[int], list[int]]:
        """Who acts and whom it concerns where a light verb carries the noun: "announced the release of"."""
        doers = self._doers(verb, recipients)
        if actors and not recipients and doers and not self._roles.of_event_noun(noun, "poss"):
            # "ordered the release of X": X is whom it concerns.
            actors, recipients = doers, [n for n in actors if not self._is_one_of(n, doers)]
        actors = actors or doers
        for role in frame.recipient if not recipients else ():
            found = [n for n in self._roles.in_role(verb, role) if not self._is_one_of(n, actors)]
            if found and role not in ("complement", "of"):
                return actors, found
        return actors, recipients

    def _first_role(self, noun: Token, roles: Sequence[str], skip: Sequence[int]) -> list[int]:
        for role in roles:
            found = [n for n in self._roles.of_event_noun(noun, role) if not self._is_one_of(n, skip)]
            if found:
                return found
        return []

    def _governing_verb(self, noun: Token) -> Token | None:
        """The light verb that carries a noun of events: "announced the release of", "on a visit to"."""
        while noun.dep == "conj" and noun.head != noun.i:
            noun = self._parse.tokens[noun.head]
        above = self._parse.tokens[noun.head]
        if noun.dep == "pobj" and above.head != above.i:
            above = self._parse.tokens[above.head]
        elif noun.dep not in ("dobj", "attr"):
            return None
        lemma = above.lemma.lower()
        # A verb that has no reading of its own carries the noun's.
        light = lemma in self._frames.light or (above.pos == "VERB" and lemma not in self._frames.verbs)
        return above if light and not self._roles.is_passive(above) else None

    def _doers(self, verb: Token, recipients: Sequence[int]) -> list[int]:
        return [n for n in self._roles.subjects(verb) if not self._is_one_of(n, recipients)]

    def _event(self, head: Token, frame: Frame, actors: list[int], recipients: list[int]) -> EventDraft:
        commitment = assess(self._parse, head.i, self._knowledge, self._top(head))
        event_type, rule = self._intended(head, frame)
        first, last = self._trigger(head)
        return EventDraft(
            head=head.i,
            trigger=(first, last),
            actors=self._named(actors),
            recipients=self._named(recipients),
            event_type=event_type,
            mode=frame.mode if event_type == frame.type else None,
            contexts=frame.contexts,
            intensity=frame.intensity if event_type == frame.type else _INTENDED[event_type],
            quantities=quantities_near(self._parse, head.i),
            why=Why(rule),
            factuality="CT+" if rule.endswith("+will not") else commitment.value,
        )

    def _named(self, numbers: Sequence[int]) -> tuple[int, ...]:
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

    def _intended(self, head: Token, frame: Frame) -> tuple[EventType, str]:
        """A stated will to act is AGREE or THREATEN, unless the source hedges it (PLOVER manual, 2021)."""
        rule = f"frame:{frame.name}:{head.lemma.lower()}"
        own: EventType = frame.type  # type: ignore[assignment]  # checked when the lexicon is compiled
        if head.pos != "VERB":
            return own, rule
        helpers = self._parse.children(head.i, "aux", "neg", "advmod")
        words = {h.lower for h in helpers}
        if not words & self._frames.will and not ("would" in words and self._is_reported(head)):
            return self._withheld(head, frame, rule, helpers)
        if any(h.dep == "neg" for h in helpers):
            # "will not release", "would not accept": a refusal, not a release that did not happen.
            return ("REJECT", f"{rule}+will not") if QUAD_CLASSES[own] in (1, 2) else (own, rule)
        if any(h.dep == "advmod" and h.lower != "also" for h in helpers):
            return own, rule
        if QUAD_CLASSES[own] in (1, 2) and own != "AGREE":
            return "AGREE", f"{rule}+will"
        if QUAD_CLASSES[own] == 4:
            return "THREATEN", f"{rule}+will"
        return own, rule

    def _is_reported(self, head: Token) -> bool:
        """Whether a clause is what somebody said in the past: its "would" was a "will"."""
        above = self._parse.tokens[head.head]
        return head.dep == "ccomp" and above.tag in ("VBD", "VBN") and above.lemma.lower() in self._frames.reporting

    def _withheld(self, head: Token, frame: Frame, rule: str, helpers: Sequence[Token]) -> tuple[EventType, str]:
        """What somebody "did not allow" or "has not agreed to" is refused (REJECT)."""
        own: EventType = frame.type  # type: ignore[assignment]  # checked when the lexicon is compiled
        refused = own in _WITHHELD and any(h.dep == "neg" for h in helpers)
        modal = any(h.tag == "MD" for h in helpers)
        return ("REJECT", f"{rule}+will not") if refused and not modal else (own, rule)

    def _top(self, head: Token) -> int | None:
        """The head of the innermost claim content that the predicate stands in."""
        inside = [
            (sum(end - start for start, end in parts), content_head)
            for parts, content_head in self._contents
            if any(start <= head.start < end for start, end in parts)
        ]
        return min(inside)[1] if inside else None

    def _trigger(self, head: Token) -> tuple[int, int]:
        particle = next((c.i for c in self._parse.children(head.i, "prt") if c.i == head.i + 1), None)
        return head.i, (particle if particle is not None else head.i) + 1

    def _without_doubles(self, events: Sequence[EventDraft], used: set[int]) -> list[EventDraft]:
        kept: list[EventDraft] = []
        seen: set[tuple[object, ...]] = set()
        for event in events:
            if event.head in used:
                continue
            entities = [
                tuple(self._draft.mentions[n].entity for n in side) for side in (event.actors, event.recipients)
            ]
            key = (event.event_type, *entities)
            if key not in seen:
                seen.add(key)
                kept.append(event)
        return kept
