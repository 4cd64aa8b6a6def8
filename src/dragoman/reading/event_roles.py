"""Who does it and whom it concerns: roles read off the parse around a predicate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dragoman.knowledge.frames import FrameIndex
from dragoman.reading.clauses import SUBJECTS, clause_tokens, joined_to
from dragoman.reading.draft import Mention
from dragoman.reading.noun_mentions import NounMentions, unique
from dragoman.reading.noun_phrases import NOUNS, hyphened
from dragoman.reading.parse import Parse, Token
from dragoman.reading.voice import is_passive, is_state_found

_MISTAKEN = ("advmod", "npadvmod", "dep", "intj", "amod", "compound")  # what the parser makes of a subject it misreads
_OBJECTS = ("dobj", "dative", "attr", "oprd")
_CLAUSES = ("ccomp", "xcomp", "advcl", "acl", "pcomp")
_DEEPEST = 4  # steps up from a verb to the clause whose subject it shares


class Roles(NounMentions):
    """Role look-ups over one document."""

    def __init__(self, parse: Parse, mentions: Sequence[Mention], frames: FrameIndex) -> None:
        super().__init__(parse, mentions, frames)
        self._subject_control = frames.subject_control
        self._happening = frames.anaphora.within
        # By verb: every frame and role asks for these again.
        self._passive: dict[int, bool] = {}
        self._objects: dict[int, tuple[Token, ...]] = {}

    def is_passive(self, verb: Token) -> bool:
        """Whether a verb stands in the passive."""
        known = self._passive.get(verb.i)
        if known is None:
            known = self._passive[verb.i] = is_passive(self._parse, verb)
        return known

    def subjects(self, verb: Token, depth: int = 0) -> list[int]:
        """Who does what an active verb says, or undergoes what a passive one says."""
        parse = self._parse
        heads = parse.children(verb.i, *SUBJECTS)
        if not heads:  # the parser hangs a subject to the auxiliary now and then
            heads = [c for aux in parse.children(verb.i, "aux") for c in parse.children(aux.i, *SUBJECTS)]
        for k in range(len(heads) - 1, -1, -1):  # a dateline may stand before the real subject
            child = heads[k]
            found = self.of_noun(child.i)
            if found and k and self._follows_and(child.i):
                found = unique([*self.of_noun(heads[k - 1].i), *found])
            if found or child.lower not in ("it", "there"):
                return found
        taken = [self._at[c.i] for c in parse.children(verb.i, *_MISTAKEN) if c.i < verb.i and c.i in self._at]
        if taken and verb.tag != "VBN":
            return taken[-1:]
        if depth >= _DEEPEST or verb.head == verb.i:
            return self._before_participle(verb)
        above = joined_to(parse, verb)
        if verb.dep in ("conj", "dep"):
            return self._shared(self._speaking(above), depth)
        named = self._before_infinitive(verb, above) if verb.tag == "VB" else []
        return named or self._controlled(verb, above, depth)

    def _before_participle(self, verb: Token) -> list[int]:
        """The subject of a main verb, hung to a participle before it: "Weiss, reading a text, accused"."""
        clauses = (c for c in self._parse.children(verb.i, "advcl") if c.i < verb.i and c.tag in ("VBG", "VBN"))
        heads = [s for clause in clauses for s in self._parse.children(clause.i, *SUBJECTS) if s.i < clause.i]
        return [n for head in heads[:1] for n in self.of_noun(head.i)]

    def _speaking(self, above: Token) -> Token:
        """The verb whose subject a joined one shares: of no clause on a thing ("denied its ship left and accused")."""
        heads = self._parse.children(above.i, *SUBJECTS)
        things = bool(heads) and all(self._at.get(h.i) is None and h.pos == "NOUN" for h in heads)
        return self._parse.tokens[above.head] if above.dep == "ccomp" and things else above

    def _controlled(self, verb: Token, above: Token, depth: int) -> list[int]:
        """Whose act a clause without a subject is: by what stands above it."""
        parse = self._parse
        if verb.dep == "pcomp" and above.lower in self._words.object_control and above.head in self._at:
            return self.of_noun(above.head, inside=False)  # the parser hangs "of arming" to the accused
        if verb.dep == "pcomp" and above.lower == "for" and verb.tag == "VBG":
            # "thanked Chad for sending aid", "imposed sanctions on Chad for arming": Chad sends and arms
            governor = parse.tokens[above.head]
            blamed = self.in_role(governor, "obj") if governor.pos == "VERB" else self.of_noun(governor.i, inside=False)
            named = blamed or (self.in_role(governor, "on") if governor.pos == "VERB" else [])
            if named:
                return named
        if verb.dep == "xcomp" or (verb.dep == "pcomp" and above.lower in self._words.object_control):
            above = parse.tokens[above.head] if verb.dep == "pcomp" else above
            if above.lemma.lower() in self._subject_control:
                return self._shared(above, depth)
            controlled = [n for child in parse.children(above.i, "dobj") for n in self.of_noun(child.i, inside=False)]
            return controlled or self._shared(above, depth)
        if verb.dep in ("relcl", "acl") and above.pos in (*NOUNS, "PRON"):
            own = self.of_noun(above.i, inside=False)
            if own or verb.dep == "relcl":
                return own
            return self._agent_of_noun(above, depth)
        if verb.dep in ("advcl", "ccomp", "pcomp", "prep"):
            return self._shared(above, depth) if verb.dep != "ccomp" or verb.tag in ("VB", "VBG") else []
        return []

    def _before_infinitive(self, verb: Token, above: Token) -> list[int]:
        """Who is to act in "for X to act", where the parser hangs "for" to what stands before it."""
        to = next((c.i for c in self._parse.children(verb.i, "aux") if c.lower == "to"), None)
        if to is None:
            return []
        holders = [above.i, *(c.i for c in self._parse.children(above.i, "dobj", "attr"))]
        for holder in holders:
            for child in self._parse.children(holder, "prep"):
                if child.lower == "for" and child.i < to and to - max(self._parse.subtree(child.i)) in (1, 2):
                    return [n for inner in self._parse.children(child.i, "pobj") for n in self.of_noun(inner.i)]
        return []

    def _agent_of_noun(self, noun: Token, depth: int) -> list[int]:
        """Who acts in "Moscow's decision to halt", "the vote by (of) Chad to halt"; else the subject above the noun."""
        for child in self._parse.children(noun.i, "poss"):
            return self.of_noun(child.i)
        named = self.agents(noun) or [n for n in self.of_event_noun(noun, "of") if self._at.get(noun.i) is None]
        if named:
            return named
        above = self._parse.tokens[noun.head]
        if noun.dep == "pobj" and above.lower in self._happening:
            above = self._parse.tokens[above.head]  # "killed nine in air raids targeting"
            above = self._parse.tokens[above.head] if above.dep == "dobj" else above
        if above.pos not in ("VERB", "AUX") or above.i == noun.i:
            return []
        if self.is_passive(above):
            return self.agents(above)
        if self._only_names(above):
            return self._shared(self._parse.tokens[above.head], depth)
        found = self.subjects(above, depth + 1)
        if not found and above.dep in ("ccomp", "relcl") and depth < _DEEPEST:
            return self._shared(self._parse.tokens[above.head], depth + 1)
        return found

    def _only_names(self, verb: Token) -> bool:
        """Whether a verb only gives a name to what another acts with: "used what some call tactics, firing at"."""
        objects = self._parse.children(verb.i, "dobj", "nsubjpass")
        return verb.dep == "ccomp" and any(child.lower == "what" for child in objects)

    def _shared(self, above: Token, depth: int) -> list[int]:
        above = self._parse.tokens[above.head] if self._only_names(above) else above
        # "troops shot and killed": the parser may take the first of two verbs for a noun that has a subject
        if above.pos in ("VERB", "AUX") or self._parse.children(above.i, *SUBJECTS):
            if self.is_passive(above) and self._parse.children(above.i, "agent"):
                return self.agents(above)
            return self.subjects(above, depth + 1)
        if above.pos == "ADP" and above.head != above.i:
            return self._shared(self._parse.tokens[above.head], depth + 1) if depth < _DEEPEST else []
        if above.pos in NOUNS:
            return self._agent_of_noun(above, depth)
        if above.pos == "ADJ" and above.head != above.i:
            return self._shared(self._parse.tokens[above.head], depth + 1) if depth < _DEEPEST else []
        return []

    def objects(self, verb: Token) -> tuple[Token, ...]:
        """The heads of a verb's objects, joined ones too; of a passive, its subject."""
        known = self._objects.get(verb.i)
        if known is None:
            known = self._objects[verb.i] = self._objects_of(verb)
        return known

    def _objects_of(self, verb: Token) -> tuple[Token, ...]:
        passive = self.is_passive(verb)
        heads = self._parse.children(verb.i, *(("nsubjpass", "nsubj") if passive else _OBJECTS))
        if passive and not heads and (verb.dep == "conj" or is_state_found(self._parse, verb)):
            above = self._parse.tokens[verb.head]
            if above.dep not in ("acl", "relcl") or self.is_passive(above):
                return self.objects(above)
            heads = [self._parse.tokens[above.head]]  # "a tanker carrying oil and seized by Fiji"
        if any(head.dep == "dobj" for head in heads):
            heads = [head for head in heads if head.dep != "oprd"]  # "called him a liar": what, not whom
        if not heads:
            # "accept refugees fleeing the war": the parser makes the object the subject of what follows.
            # So it does with "declared a state of siege to begin at midnight".
            clauses = [c for c in self._parse.children(verb.i, "ccomp") if c.tag == "VBG" or self._is_infinitive(c)]
            heads = [s for clause in clauses for s in self._parse.children(clause.i, "nsubj")]
        if passive and not heads and verb.dep in ("acl", "relcl"):
            heads = [self._parse.tokens[verb.head]]
        heads = [self.antecedent(head) for head in heads]
        return tuple(self._parse.tokens[j] for head in heads for j in self.joined(head.i))

    def antecedent(self, noun: Token) -> Token:
        """What a relative pronoun stands for: the hostages in "the hostages that Hamas is holding"."""
        if noun.lower not in self._words.relative or noun.pos == "DET":
            return noun
        above = next((self._parse.tokens[a] for a in self._parse.ancestors(noun.i)
                      if self._parse.tokens[a].dep == "relcl"), noun)  # fmt: skip
        return self._parse.tokens[above.head]

    def _is_infinitive(self, verb: Token) -> bool:
        return verb.tag == "VB" and any(c.lower == "to" for c in self._parse.children(verb.i, "aux"))

    def in_role(self, verb: Token, role: str) -> list[int]:
        """Mentions in a role: "obj", "complement", or a preposition of the verb or of its object."""
        if role == "obj":
            heads = self.objects(verb)
            plain = [n for head in heads for n in self.of_noun(head.i, inside=False)]
            return plain or [n for head in heads for n in self.of_noun(head.i)]
        if role == "complement":
            return self._in_complement(verb)
        if role == "poss":
            return unique(n for head in self.objects(verb) for n in self.before(head.i))
        found = [n for inner in self.prepositional(verb, (role,)) for n in self.of_noun(inner.i)]
        if role == "in" and verb.dep == "relcl" and any(c.lower == "where" for c in self._parse.children(verb.i)):
            found += self.of_noun(verb.head)  # "Kursk, where Ukraine launched an offensive"
        return unique(found)

    def prepositional(self, verb: Token, prepositions: Sequence[str]) -> list[Token]:
        """What prepositions tie to a verb, its particle or its object."""
        holders = [verb.i, *(child.i for child in self._parse.children(verb.i, "prep", "prt", "advmod", "acomp"))]
        for head in self.objects(verb):
            holders.append(head.i)
            holders += [c.i for c in self._parse.children(head.i, "prep", "appos")]
        return [
            inner
            for holder in holders
            for child in self._parse.children(holder, "prep", "dative", "agent")
            if child.lower in prepositions
            and (holder != verb.i or child.i > verb.i or child.lower in self._words.fronted)
            for inner in self._parse.children(child.i, "pobj", "pcomp")
        ]

    def _in_complement(self, verb: Token) -> list[int]:
        below = self._parse.children(verb.i, *_CLAUSES, "prep")
        # "is willing to withdraw its troops from Iraq": the clause hangs on the adjective.
        below += [
            c for a in self._parse.children(verb.i, "acomp") for c in self._parse.children(a.i, *_CLAUSES, "prep")
        ]
        for child in below:
            inner = child
            if child.dep == "prep":
                clauses = self._parse.children(child.i, "pcomp")
                if not clauses:
                    continue
                inner = clauses[0]
            own = [n for c in self._parse.children(inner.i, *SUBJECTS) for n in self.of_noun(c.i)]
            mine = set(self.subjects(verb))
            own = [n for n in own if n not in mine and not self._same(n, mine)]
            if own:
                return own
            for role in self._words.clause:
                found = [n for n in self.in_role(inner, role) if not self._same(n, mine)]
                if found:
                    return found
        return []

    def _same(self, number: int, others: Iterable[int]) -> bool:
        entity = self._mentions[number].entity
        return any(self._mentions[o].entity == entity for o in others)

    def anywhere_after(self, verb: Token, skip: Iterable[int]) -> list[int]:
        """The first mention below a predicate and to its right that is nobody of ``skip``; what is said aside last."""
        skipped = list(skip)
        found = self.all_after(verb, skipped, aside=False)
        return (found or self.all_after(verb, skipped))[:1]

    def all_after(self, verb: Token, skip: Iterable[int], aside: bool = True) -> list[int]:
        """All mentions below a predicate and to its right that are nobody of ``skip``, in text order."""
        skipped = set(skip)
        found: list[int] = []
        for i in sorted(clause_tokens(self._parse, verb.i, aside, self._words.apart)):
            number = self._at.get(i)
            if i > verb.i and number is not None and number not in skipped and not self._same(number, skipped):
                found.append(number)
        return unique(found)

    def clause(self, verb: Token) -> list[int]:
        """The tokens of a predicate's clause, in text order, without what is said aside."""
        return sorted(clause_tokens(self._parse, verb.i, aside=False, apart=self._words.apart))

    def of_event_noun(self, noun: Token, role: str) -> list[int]:
        """Mentions in a role of a noun of events: "poss", "compound", or a preposition."""
        found: list[int] = []
        if role in ("poss", "compound"):
            for child in self._parse.children(noun.i, *(("poss",) if role == "poss" else ("compound", "amod", "nmod"))):
                # In "a Saudi-led strike" the name stands below the participle.
                # In "a Chad-Niger summit" the first name stands below the second.
                for word in (*hyphened(self._parse, child.i), child, *self._parse.children(child.i, "npadvmod")):
                    number = self._at.get(word.i)
                    if number is not None:
                        found += [number, *self._sides(number)]
            return unique(found)
        if role == "complement":
            clauses = self._parse.children(noun.i, "acl")
            inside = self._words.infinitive
            return [n for clause in clauses for inner in inside for n in self.in_role(clause, inner)][:1]
        for child in self._parse.children(noun.i, "prep", "agent"):
            for inner in self._parse.children(child.i, "pobj"):
                if child.lower == role:
                    found += self.of_noun(inner.i)
                # In "an attack by forces on the town" the parser hangs "on" to the forces.
                for deeper in self._parse.children(inner.i, "prep"):
                    if child.lower in ("by", "of") and deeper.lower == role:
                        found += [n for last in self._parse.children(deeper.i, "pobj") for n in self.of_noun(last.i)]
        return unique(found)
