"""Events by PLOVER's types, from frames over the parse. A statement is no event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.frames import NOT, QUIET, Frame
from dragoman.reading.claim_contents import ClaimContents
from dragoman.reading.clauses import SUBJECTS
from dragoman.reading.draft import Draft, EventDraft
from dragoman.reading.event_anaphora import EarlierEvents
from dragoman.reading.event_frames import Surroundings, frames_of_noun, frames_of_verb
from dragoman.reading.event_intentions import acts_below, governed_act
from dragoman.reading.event_nouns import NounSides
from dragoman.reading.event_parties import Parties
from dragoman.reading.event_roles import Roles
from dragoman.reading.factuality import assess
from dragoman.reading.metadiscourse import Metadiscourse
from dragoman.reading.parse import Token
from dragoman.reading.quantities import quantities_near
from dragoman.reading.voice import is_finite_passive, is_verb_misread
from dragoman.records import QUAD_CLASSES, EventType, Factuality, Why

_DECISIVE = 7.0  # by how much more specific a frame is than one of another type that it leaves no room for


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
        self._told_will = frozenset(knowledge.commitment.past_futures)
        self._roles = Roles(draft.parse, draft.mentions, knowledge.frames)
        self._parties = Parties(draft, self._roles, knowledge.frames, knowledge.actors.references.foreign)
        self._earlier = EarlierEvents(draft.parse, knowledge.frames, self._roles)
        actors = draft.actors
        self._bodies = frozenset(m.head for m in draft.mentions if actors[m.entity].kind == "igo")
        self._nouns = NounSides(draft.parse, knowledge.frames, self._roles, self._parties)
        self._talk = Metadiscourse(knowledge.cues)
        self._contents = ClaimContents(draft.parse, draft.claims)

    def of_sentence(self, sentence: Sequence[int]) -> list[EventDraft]:
        """The events of a sentence, without doubles of the same type between the same actors."""
        found: list[EventDraft] = []
        used: set[int] = set()
        for i in sentence:
            token = self._parse.tokens[i]
            if token.pos in ("VERB", "AUX") or is_verb_misread(self._parse, token):
                event = self._of_verb(token, used)
            elif token.pos in ("NOUN", "PROPN") and i not in used:
                event = self._of_noun(token)
            else:
                continue
            if event is not None:
                found.append(event)
        kept = self._without_doubles(found, used)
        for event in kept:
            self._earlier.add(event)
        return kept

    def _of_verb(self, verb: Token, used: set[int]) -> EventDraft | None:
        if not self._may_act(verb):
            return None
        roles = self._roles
        objects = roles.objects(verb)
        passive = roles.is_passive(verb)
        actors = roles.agents(verb) if passive else roles.subjects(verb)
        actors = self._parties.without_mistaken(actors, objects)
        governed = self._governed(verb, actors, used)
        if governed is not None:
            return governed
        frames = self._frames_of(verb, actors)
        if not frames or frames[0].nothing:
            return None
        frame = frames[0]
        if not frame.objects and verb.lemma.lower() in self._frames.light and any(map(self._of_noun, objects)):
            return None  # "approved the expulsion of X": the noun says what is done
        frame = self._done_alone(verb, frame, actors)
        deed = self._earlier.deed_of(verb, passive) if frame.type == "ASSAULT" and not (passive and actors) else None
        if deed is not None and not (verb.dep == "acl" and actors):
            actors = self._earlier.doers(deed)
        actors, recipients = self._sides(verb, frame, actors)
        if not recipients and not self._helpers(verb).isdisjoint(self._frames.will | self._told_will):
            recipients = self._parties.addressed(verb, actors)
        if not self._is_told(verb, frame, actors, recipients, deed):
            return None
        used.update(self._said_by(verb, frame, objects))
        if deed is not None and self._earlier.again(deed) is not None:
            used.add(deed.i)
        event = replace(self._event(verb, frame, actors, recipients), types=_types(frames))
        return replace(event, targets=self._parties.targets(verb, frame, recipients)) if not frame.inverse else event

    def _may_act(self, verb: Token) -> bool:
        """Whether the lexicon knows a verb and it is done to somebody else than who does it."""
        lemma = verb.lemma.lower()
        if lemma not in self._frames.verbs and lemma not in self._frames.governing:
            return False
        if any(c.lower in self._frames.reflexives for c in self._parse.children(verb.i, "dobj")):
            return False  # who protects himself does it to nobody
        # a part of a name: "Rapid Support Forces"
        return self._roles.at(verb.i) is None or not verb.text[0].isupper()

    def _done_alone(self, verb: Token, frame: Frame, actors: Sequence[int]) -> Frame:
        """The other act that it is where nobody takes part in it beside who does it: "held exercises"."""
        if frame.alone is None or len(actors) != 1:
            return frame
        objects = self._roles.objects(verb)
        if any(c.lower in self._frames.roles.shared for head in objects for c in self._parse.children(head.i, "amod")):
            return frame
        others = (n for role in self._frames.roles.beside for n in self._roles.in_role(verb, role))
        if any(not self._parties.is_one_of(n, actors) for n in others):
            return frame
        return replace(frame, type=frame.alone, intensity=self._frames.traits.intensities[frame.alone])

    def _said_by(self, verb: Token, frame: Frame, objects: Sequence[Token]) -> Iterator[int]:
        """The heads of nouns and verbs whose act the frame of a verb tells already."""
        if frame.objects:
            yield from (head.i for head in objects)
        if frame.pobjects:
            for preposition in self._parse.children(verb.i, "prep"):
                yield from (noun.i for noun in self._parse.children(preposition.i, "pobj"))
        if frame.type in self._frames.traits.operators or frame.complements:
            yield from acts_below(self._parse, verb)

    def _sides(self, verb: Token, frame: Frame, actors: list[int]) -> tuple[list[int], list[int]]:
        """Who acts and whom it concerns, by the frame of a verb whose doers are named, if they are."""
        recipients = self._parties.recipients(verb, frame, actors, self._parties.means_of(verb, frame))
        if frame.type in self._frames.traits.judging and not self._roles.in_role(verb, "obj"):
            judged = self._earlier.judged(self._roles.objects(verb))
            recipients = [n for n in judged if not self._parties.is_one_of(n, actors)] or recipients
        if not actors and self._roles.is_passive(verb):
            actors, recipients = self._without_agent(verb, frame, recipients)
        if frame.inverse:
            actors, recipients = recipients, actors
        return self._parties.sides(verb, frame, actors, recipients)

    def _is_told(self, verb: Token, frame: Frame, actors: list[int], recipients: list[int], deed: Token | None) -> bool:
        """Whether enough is named: who does it, else who underwent it ("three journalists were arrested")."""
        if (frame.weak or frame.strict) and not recipients:
            return False
        if actors and not recipients and self._frames.is_transitive(verb.lemma.lower()):
            objects = self._roles.objects(verb) or self._roles.is_passive(verb) or frame.complements
            return bool(objects) and not self._is_aside(verb, frame, actors, recipients)
        if actors:
            return not self._is_aside(verb, frame, actors, recipients)
        finite = deed is not None or is_finite_passive(self._parse, verb)
        material = QUAD_CLASSES[frame.type] in (2, 4) and not frame.weak
        if deed is None and QUAD_CLASSES[frame.type] == 3:  # "Peru was accused of": of somebody known
            material = self._parties.are_known(recipients) and abs(frame.intensity) > QUIET and not frame.inverse
        undergone = set(recipients) & set(self._roles.in_role(verb, "obj"))
        if frame.inverse:  # "they could receive cash": from somebody who is not named
            return frame.type == "AID" and bool(frame.objects) and self._parties.are_known(actors or recipients)
        return bool(finite and material and undergone and not frame.own)

    def _is_aside(self, verb: Token, frame: Frame, actors: list[int], recipients: list[int]) -> bool:
        """Whether an act by words concerns nobody known and is the speaker's own, or talk about the talk.

        "I agree with you", "we support that"; "I'll let the ministry speak to that".
        """
        if QUAD_CLASSES[self._intended(verb, frame)[0]] not in (1, 3) or self._parties.are_known(recipients):
            return False
        told = [self._draft.mentions[n] for n in actors]
        own = all(self._parse.tokens[m.head].lower in self._knowledge.cues.first_person for m in told)
        if own and any(m.ref.via == "quotation" and m.ref.id for m in told):
            # "We condemn the attack," said the minister
            own = not any(frames_of_noun(self._parse, self._frames, head) for head in self._roles.objects(verb))
        return own or self._talk.holds(self._parse, verb)

    def _without_agent(self, verb: Token, frame: Frame, recipients: list[int]) -> tuple[list[int], list[int]]:
        """Who acts in a passive that names no agent: who is sent, both sides of talks, the state where it was done."""
        roles, actors = self._roles, []
        if frame.own:
            actors = [n for n in roles.in_role(verb, "obj") if self._draft.mentions[n].ref.id is not None]
            others = [n for n in recipients if n not in actors]
            recipients = others or self._parties.recipients(verb, frame, actors, set())
        if not actors and self._parties.is_mutual(frame):
            # "talks were held between X and Y"
            sides = roles.in_role(verb, "between") or roles.in_role(verb, "with")
            return (sides[:1], sides[1:]) if sides else (actors, recipients)
        if not actors:
            actors = self._parties.place_of(verb, frame)
            recipients = [n for n in recipients if not self._parties.is_one_of(n, actors)]
        return actors, recipients

    def _governed(self, verb: Token, actors: list[int], used: set[int]) -> EventDraft | None:
        """The act that a verb plans, promises or refuses, read by the frame of the act itself."""
        found = governed_act(self._parse, self._frames, verb) if actors else None
        if found is None:
            return None
        act, refused, word = found
        frame = next(iter(self._frames_of(act, actors)), None)
        if frame is None or frame.inverse or abs(frame.intensity) < QUIET:
            return None
        friendly = QUAD_CLASSES[frame.type] in (1, 2)
        friendly = friendly or word in self._frames.friendly
        if refused and not friendly:
            return None
        kind: EventType = "REJECT" if refused else "AGREE" if friendly else "THREATEN"
        sides = self._parties.sides(act, frame, actors, self._parties.concerned(verb, act, frame, actors))
        if not sides[1] and not refused:
            return None
        used.update((act.i, *acts_below(self._parse, act), *acts_below(self._parse, verb)))
        event = self._event(verb, frame, *sides)
        why = Why(f"frame:{frame.name}:{act.lemma.lower()}+{word}")
        targets = self._parties.targets(act, frame, sides[1])
        if refused:  # "is not ready to help" is a refusal, not one that did not happen
            positive = event.factuality.replace("-", "+")
            event = replace(event, factuality=positive)
        return replace(
            event, event_type=kind, mode=None, intensity=self._frames.traits.intensities[kind], why=why, targets=targets
        )

    def _frames_of(self, verb: Token, actors: list[int]) -> Sequence[Frame]:
        if verb.lemma.lower() not in self._frames.verbs:
            return ()
        roles = self._roles
        objects = roles.objects(verb)
        met = [n for head in objects for n in roles.of_noun(head.i, inside=False)]
        people = any(self._parties.is_person(n) for n in actors), any(self._parties.is_person(n) for n in met)
        nouns = [self._parties.noun_of(head) for head in objects]
        around = Surroundings(self._parse, verb, nouns, people, self._frames.measures, self._bodies)
        around.passive = roles.is_passive(verb)
        return frames_of_verb(self._frames, verb, around)

    def _of_noun(self, noun: Token) -> EventDraft | None:
        frames = frames_of_noun(self._parse, self._frames, noun)
        if not frames or self._roles.at(noun.i) is not None:
            return None
        frame = frames[0]
        actors, recipients = self._nouns.sides(noun, frame)
        if not actors and not recipients and noun.dep in SUBJECTS:
            earlier = self._earlier.again(noun)
            if earlier is not None and self._parse.tokens[earlier.head].sent < noun.sent:
                actors, recipients = list(earlier.actors), list(earlier.recipients)
                frame = next((f for f in frames if f.type == earlier.event_type), frame)
        if not (actors and recipients) and not self._nouns.stand_alone(noun, frame, actors, recipients):
            return None
        event = replace(self._event(noun, frame, actors, recipients), types=_types(frames))
        return event if recipients else replace(event, targets=self._parties.targets_of_noun(noun, frame))

    def _event(self, head: Token, frame: Frame, actors: list[int], recipients: list[int]) -> EventDraft:
        event_type, rule = self._intended(head, frame)
        refused = event_type == "REJECT" != frame.type
        stated = self._frames.will | self._told_will if refused else ()
        commitment = assess(self._parse, head.i, self._knowledge, self._contents.top(head), stated)
        first, last = self._trigger(head)
        return EventDraft(
            head=head.i,
            trigger=(first, last),
            actors=self._parties.named(actors),
            recipients=self._parties.named(recipients),
            event_type=event_type,
            mode=frame.mode if event_type == frame.type else None,
            contexts=frame.contexts,
            intensity=frame.intensity if event_type == frame.type else self._frames.traits.intensities[event_type],
            quantities=quantities_near(self._parse, head.i, self._frames.number_words),
            why=Why(rule),
            factuality=_as_affirmed(commitment.value) if refused or NOT in frame.adverbs else commitment.value,
        )

    def _intended(self, head: Token, frame: Frame) -> tuple[EventType, str]:
        """A stated will to act is AGREE or THREATEN, unless the source hedges it (PLOVER manual, 2021)."""
        rule = f"frame:{frame.name}:{head.lemma.lower()}"
        own: EventType = frame.type  # type: ignore[assignment]  # checked when the lexicon is compiled
        if head.pos != "VERB":
            return own, rule
        if any(c.lower in ("whether", "if") for c in self._parse.children(head.i, "mark")):
            return own, rule  # an open question is no stated will
        helpers = self._parse.children(head.i, "aux", "neg", "advmod")
        words = self._helpers(head)
        if (
            not words & self._frames.will
            and not self._is_ahead(head, words)
            and not (words & self._told_will and self._is_reported(head))
        ):
            return self._withheld(frame, rule, helpers)
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

    def _helpers(self, verb: Token) -> set[str]:
        return {child.lower for child in self._parse.children(verb.i, "aux", "neg", "advmod")}

    def _is_no_longer(self, helper: Token) -> bool:
        return helper.lower == "longer" and any(c.lower == "no" for c in self._parse.children(helper.i))

    def _is_ahead(self, head: Token, words: set[str]) -> bool:
        """Whether a headline's infinitive says what will be done: "Oslo to send envoy"."""
        above = self._parse.tokens[head.head]
        leads = above.i == head.i or (above.head == above.i and above.pos in ("NOUN", "PROPN"))
        return leads and "to" in words and self._parse.sentences[head.sent].headline

    def _is_reported(self, head: Token) -> bool:
        """Whether a clause is what somebody said in the past: its "would" was a "will"."""
        above = self._parse.tokens[head.head]
        return head.dep == "ccomp" and above.tag in ("VBD", "VBN") and above.lemma.lower() in self._frames.reporting

    def _withheld(self, frame: Frame, rule: str, helpers: Sequence[Token]) -> tuple[EventType, str]:
        """What somebody "did not allow" or "has not agreed to" is refused (REJECT)."""
        own: EventType = frame.type  # type: ignore[assignment]  # checked when the lexicon is compiled
        refused = own in self._frames.traits.withheld and any(h.dep == "neg" or self._is_no_longer(h) for h in helpers)
        modal = any(h.tag == "MD" for h in helpers)
        return ("REJECT", f"{rule}+will not") if refused and not modal else (own, rule)

    def _trigger(self, head: Token) -> tuple[int, int]:
        particle = next((c.i for c in self._parse.children(head.i, "prt") if c.i == head.i + 1), None)
        return head.i, (particle if particle is not None else head.i) + 1

    def _without_doubles(self, events: Sequence[EventDraft], used: set[int]) -> list[EventDraft]:
        kept: list[EventDraft] = []
        seen: set[tuple[object, ...]] = set()
        for event in events:
            if event.head in used or self._is_told_better(event, events):
                continue
            places = QUAD_CLASSES[event.event_type] == 4  # "shelled Kharkiv and bombed Sumy" are two deeds
            entities = [
                tuple(self._told(n, places and side is event.recipients) for n in side)
                for side in (event.actors, event.recipients)
            ]
            key = (event.event_type, *entities, tuple(target.span for target in event.targets))
            if key not in seen:
                seen.add(key)
                kept.append(event)
        return kept

    def _told(self, number: int, places: bool) -> int | str:
        """Who a mention names: its actor, or, where ``places`` count, the place that stands for a state."""
        mention = self._draft.mentions[number]
        return mention.ref.span.quote.lower() if places and mention.ref.via == "metonym" else mention.entity

    def _is_told_better(self, event: EventDraft, others: Sequence[EventDraft]) -> bool:
        """Whether a noun tells again, with one party, what another word tells with both: "Israeli strikes killed"."""
        if self._parse.tokens[event.head].pos == "VERB" or (event.actors and (event.recipients or event.targets)):
            return False
        mine = self._entities(event.actors or event.recipients)
        return any(
            other is not event
            and QUAD_CLASSES[other.event_type] == QUAD_CLASSES[event.event_type]
            and mine & self._entities((*other.actors, *other.recipients))
            for other in others
        )

    def _entities(self, numbers: Sequence[int]) -> set[int]:
        return {self._draft.mentions[n].entity for n in numbers}


def _as_affirmed(factuality: Factuality) -> Factuality:
    """How sure it is of an act whose words are a negation: as sure as that the other is not done.

    "will not help", "is not ready to help"; "did not rule out force".
    """
    return factuality.replace("-", "+")  # type: ignore[return-value]  # one of the closed set again


def _types(frames: Sequence[Frame]) -> frozenset[EventType]:
    # What asks for much less than the frame that decides leaves no doubt about it.
    near = (frame for frame in frames if frames[0].specificity - frame.specificity < _DECISIVE)
    return frozenset(frame.type for frame in near if not frame.nothing)  # type: ignore[misc]  # checked when the lexicon is compiled
