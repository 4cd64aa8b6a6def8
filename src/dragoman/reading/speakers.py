"""Who speaks: a claim's source resolved through the text's mentions of actors, or the running speaker."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.reading.attribution_sources import COUNTER
from dragoman.reading.draft import ClaimDraft, Draft, Mention
from dragoman.reading.predictions import AUTHOR
from dragoman.reading.quotations import Quotation
from dragoman.reading.turns import RULE as TURN
from dragoman.records import Actor, ActorRef, Span

_LONGEST_NAME = 120  # characters of an unresolved source kept as the speaker's name


def with_speakers(
    draft: Draft, claims: Sequence[ClaimDraft], quotations: Sequence[Quotation], knowledge: Knowledge
) -> list[ClaimDraft]:
    """The claims, in text order, with their speakers.

    A named source is the actor whose mention heads it. "I" inside a quotation is that quotation's speaker; a
    quotation without a source is its outer claim's speaker, or the last person who was quoted. A source that
    is no known actor keeps its words as the name, with the id None.
    """
    sources = _Sources(draft, quotations, knowledge)
    resolved: list[ClaimDraft] = []
    running: ActorRef | None = None
    for claim in claims:
        outer = resolved[claim.parent].speaker if claim.parent is not None and claim.parent < len(resolved) else None
        speaker = sources.speaker(claim, outer, running)
        resolved.append(replace(claim, speaker=speaker))
        if speaker is not None and sources.sets_running(claim, speaker):
            running = speaker
    return resolved


class _Sources:
    """The mentions and people of one text, to look sources up in."""

    __slots__ = ("_cues", "_draft", "_mentions", "_people", "_quotations", "_starts", "_titles")

    def __init__(self, draft: Draft, quotations: Sequence[Quotation], knowledge: Knowledge) -> None:
        self._draft = draft
        self._cues = knowledge.cues
        self._mentions = sorted(draft.mentions, key=lambda m: (m.first, -m.last))
        self._starts = [m.first for m in self._mentions]
        self._quotations = quotations
        self._titles = knowledge.actors.titles
        self._people = [a for a in draft.actors if a.kind == "person"]

    def speaker(self, claim: ClaimDraft, outer: ActorRef | None, running: ActorRef | None) -> ActorRef | None:
        """Who makes a claim that stands in one of ``outer``'s and comes after one of ``running``'s."""
        if claim.source is None:
            if claim.cue is not None or claim.why.rule == AUTHOR:
                return None
            return _again(outer or running, self._place(claim))
        first, last = self._antecedent(claim.source)
        words = self._draft.parse.span(first, last)
        if words.quote.lower() in self._cues.first_person and (outer or running):
            return _again(outer or running, words)
        if claim.why.rule == TURN:
            return self._labelled(claim, words)
        mention = self._heading(first, last)
        if running is not None and self._refers_back((first, last), mention):
            return ActorRef(running.id, running.name, words, running.wikidata, "coreference")
        if mention is not None and not self._borrowed((first, last), mention):
            actors = self._draft.actors
            known = actors[mention.entity] if mention.entity < len(actors) else None
            fuller = self._person(mention.ref.name) if mention.ref.id is None else None
            if fuller is not None:
                return _as_person(fuller, words)
            name = known.name if known is not None else mention.ref.name
            counter = COUNTER.match(name)
            name = name[counter.end() :] if counter else name
            identifier = known.id if known is not None and known.kind == "person" else mention.ref.id
            return ActorRef(identifier, name, words, mention.ref.wikidata, mention.ref.via)
        fuller = self._person(self._draft.parse.tokens[self._head(first, last)].text)
        if fuller is not None:
            return _as_person(fuller, words)
        return ActorRef(None, words.quote[:_LONGEST_NAME], words)

    def sets_running(self, claim: ClaimDraft, speaker: ActorRef) -> bool:
        """Whether a claim sets the running speaker: one voice, not a crowd, speaking in the text's own voice."""
        if claim.parent is not None or claim.source is None or claim.act not in ("say", "think"):
            return False
        if claim.why.rule == TURN or (claim.act == "think" and claim.kind == "indirect") or self._quoted(claim):
            return False
        tokens = self._draft.parse.tokens[claim.source[0] : claim.source[1]]
        plural = any(t.tag in ("NNS", "NNPS") and t.dep in ("nsubj", "pobj", "ROOT") for t in tokens)
        person = any(a.name == speaker.name for a in self._people)
        alone = tokens[-1].lower not in ("they", "it", "who", "which")
        return person or (alone and not plural and (claim.kind == "direct" or self._voice(claim.source)))

    def _antecedent(self, source: tuple[int, int]) -> tuple[int, int]:
        """The noun that a relative clause hangs on, for a source that is its pronoun ("officials who fear")."""
        parse = self._draft.parse
        pronoun = parse.tokens[source[0]]
        if source[1] - source[0] != 1 or pronoun.lower not in self._cues.relative:
            return source
        clause = next((parse.tokens[a] for a in parse.ancestors(pronoun.i) if parse.tokens[a].dep == "relcl"), None)
        if clause is None or clause.head >= pronoun.i:
            return source
        before = [c.i for c in parse.children(clause.head, "det", "amod", "compound", "poss", "nummod")]
        return min([clause.head, *before]), clause.head + 1

    def _quoted(self, claim: ClaimDraft) -> bool:
        """Whether a claim's cue stands in a quotation: what is told there has another speaker."""
        if claim.cue is None:
            return False
        start = self._draft.parse.tokens[claim.cue[0]].start
        return any(quotation.start <= start < quotation.end for quotation in self._quotations)

    def _voice(self, source: tuple[int, int]) -> bool:
        """Whether a source is one person by its noun: "a spokeswoman", "a senior official"."""
        token = self._draft.parse.tokens[self._head(*source)]
        return token.tag == "NN" and token.lemma in self._cues.lone_voices

    def _labelled(self, claim: ClaimDraft, words: Span) -> ActorRef:
        """The speaker of a transcript's turn: the person of that surname, or the one whom the lines above name."""
        mention = self._heading(*claim.source) if claim.source else None
        if mention is not None and mention.why == "label":
            return ActorRef(mention.ref.id, mention.ref.name, words, mention.ref.wikidata, "name")
        person = self._person(words.quote)
        if person is None and words.quote.lower() in self._cues.answering_labels and claim.source:
            above = {a.name: a for a in self._people if a.mentions and a.mentions[0].start < self._first_turn(words)}
            person = next(iter(above.values())) if len(above) == 1 else None
        return _as_person(person, words) if person else ActorRef(None, words.quote, words)

    def _first_turn(self, words: Span) -> int:
        """Where a text's lines above its transcript end: at the first label that asks, or at this one."""
        text = self._draft.document.text
        places = [text.find(f"\n{label}:") for label in (*self._cues.asking_labels, words.quote)]
        places += [text.find(f"\n{label.upper()}:") for label in self._cues.asking_labels]
        return min((p for p in places if p >= 0), default=words.start)

    def _person(self, name: str) -> Actor | None:
        """The one person of the text with first names for whom ``name`` is a surname, with a title or without."""
        *before, surname = name.lower().split()
        if not all(word in self._titles for word in before):
            return None
        found = {a.name: a for a in self._people if a.name.lower().split()[-1] == surname and self._is_full(a.name)}
        return next(iter(found.values())) if len(found) == 1 else None

    def _is_full(self, name: str) -> bool:
        *before, _ = name.lower().split()
        return any(word not in self._titles for word in before)

    def _borrowed(self, source: tuple[int, int], mention: Mention) -> bool:
        """Whether a mention's reference back does not fit the source: "its president", "he" for a crowd or a thing."""
        tokens = self._draft.parse.tokens[source[0] : source[1]]
        if mention.ref.via != "coreference":
            return False
        return len(tokens) > 1 and tokens[0].tag == "PRP$"

    def _refers_back(self, source: tuple[int, int], mention: Mention | None) -> bool:
        """Whether a source goes back to whoever was quoted last.

        "The expert" or the like: definite, singular, no name, and no actor. "He" and "she", when the text's
        mentions take them for nobody or for somebody who is no single person.
        """
        tokens = self._draft.parse.tokens[source[0] : source[1]]
        if len(tokens) == 1 and tokens[0].lower in self._cues.one_person:
            if mention is None or mention.entity >= len(self._draft.actors):
                return True
            actor = self._draft.actors[mention.entity]
            return actor.kind != "person" and mention.ref.via == "coreference"
        if len(tokens) != 2 or tokens[0].lower not in ("the", "this") or tokens[1].tag != "NN":
            return False
        unresolved = mention is None or (mention.ref.id is None and mention.ref.via == "role")
        return tokens[1].lemma in self._cues.voices and unresolved

    def _head(self, first: int, last: int) -> int:
        tokens = self._draft.parse.tokens
        return next((i for i in range(first, last) if not first <= tokens[i].head < last or tokens[i].head == i), first)

    def _heading(self, first: int, last: int) -> Mention | None:
        """The mention that holds the head of the source, the widest within the source first."""
        head = self._head(first, last)
        best: Mention | None = None
        for k in range(bisect.bisect_left(self._starts, first - 12), bisect.bisect_left(self._starts, last)):
            mention = self._mentions[k]
            if not mention.first <= head < mention.last:
                continue
            exact = mention.head == head
            if best is None or (exact, mention.last - mention.first) > (best.head == head, best.last - best.first):
                best = mention
        return best

    def _place(self, claim: ClaimDraft) -> Span:
        start, end = claim.parts[0]
        return Span(start, end, self._draft.document.text[start:end])


def _again(known: ActorRef | None, span: Span) -> ActorRef | None:
    """The same actor, named through a quotation at another place."""
    return None if known is None else ActorRef(known.id, known.name, span, known.wikidata, "quotation")


def _as_person(person: Actor, span: Span) -> ActorRef:
    return ActorRef(person.id, person.name, span, person.wikidata, "name")
