"""Which frame of the lexicon a verb or noun fills where it stands."""

from __future__ import annotations

from collections.abc import Container, Sequence

from dragoman.knowledge.frames import BODY, NONE, NOT, PLACE, Frame, FrameIndex
from dragoman.reading.parse import Parse, Token

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_OBJECTS = ("dobj", "nsubjpass", "attr", "oprd", "dative")


class Surroundings:
    """The words around a verb that frames ask about, in lower-case lemmas."""

    def __init__(
        self,
        parse: Parse,
        verb: Token,
        objects: Sequence[Token],
        people: tuple[bool, bool],
        measures: frozenset[str],
        bodies: Container[int] = (),
    ) -> None:
        # Whom one "called a liar" was named and not telephoned.
        named = next(iter(parse.children(verb.i, "oprd")), None) is not None
        self.person_subject, self.person_object = people[0], people[1] and not named
        self._measures = measures
        self._bodies = bodies
        self.passive = False
        self.said = False  # a finite clause depends on the verb
        self.infinitive = False  # an infinitive depends on the verb
        self.objects = {form for head in objects for form in noun_forms(parse, head, measures)}
        self.objects |= {PLACE for head in objects if head.ent in _PLACES} if objects else {NONE}
        self.objects |= {BODY for head in objects if head.i in bodies}
        self.preps: set[str] = set()
        self.inner_preps = {c.lower for head in objects for c in parse.children(head.i, "prep")}
        self.pobjects: set[str] = set()
        self.particles: set[str] = set()
        self.complements: set[str] = set()
        self.adjectives: set[str] = set()
        self.subjects: set[str] = set()
        self.adverbs: set[str] = {NOT} if parse.children(verb.i, "neg") else set()
        self.modals: set[str] = set()  # of a clause that is said or wanted
        self.adjectives |= {t.lower for head in objects for t in predicative(parse, verb, head)}
        if verb.tag == "VBN" and (verb.dep == "acl" or parse.children(verb.i, "nsubjpass", "auxpass")):
            for what in parse.children(verb.i, "dobj"):  # "was designated a terrorist group"
                self.adjectives |= noun_forms(parse, what, measures)
        for head in objects:  # "gave the envoy two days to leave"
            self.complements |= {c.lemma.lower() for c in parse.children(head.i, "relcl", "acl") if c.tag == "VB"}
        for child in parse.children(verb.i):
            self._take(parse, child)
        if verb.dep in ("relcl", "acl"):
            self.subjects |= noun_forms(parse, parse.tokens[verb.head], measures)

    def _take(self, parse: Parse, child: Token) -> None:
        dep = child.dep
        if dep in ("prep", "agent", "dative"):
            if any(inner.ent in ("DATE", "TIME") for inner in parse.children(child.i, "pobj")):
                return  # "called him on Friday" calls on nobody
            self.preps.add(child.lower)
            self.particles.add(child.lower)
            for inner in parse.children(child.i, "pobj", "pcomp", "prep"):
                self.pobjects |= noun_forms(parse, inner, self._measures)
                self.pobjects |= {BODY} if inner.i in self._bodies else set()
                for deeper in parse.children(inner.i, "pobj", "conj"):
                    self.pobjects |= noun_forms(parse, deeper, self._measures)
        elif dep in ("prt", "advmod"):
            self.particles.add(child.lower)
            self.adverbs.add(child.lower)
        elif dep in ("xcomp", "ccomp", "advcl"):
            self.complements.add(child.lemma.lower())
            self.complements |= {c.lemma.lower() for c in parse.children(child.i, "conj")}
            self.infinitive |= child.tag == "VB" and any(c.lower == "to" for c in parse.children(child.i, "aux"))
            if any(c.lower == "for" for c in parse.children(child.i, "mark")):
                self.preps.add("for")  # "called for Russia to withdraw"
            if dep == "ccomp":
                self.said |= child.tag != "VB"
                self.modals |= {c.lower for c in parse.children(child.i, "aux")}
                self.modals |= {f"{child.lemma.lower()} to"} if parse.children(child.i, "xcomp") else set()
            if child.pos == "ADJ":
                self._adjective(parse, child)
        elif dep in ("acomp", "oprd", "attr"):
            self._adjective(parse, child)
        elif dep in ("nsubj", "nsubjpass"):
            self.subjects |= noun_forms(parse, child, self._measures)

    def _adjective(self, parse: Parse, child: Token) -> None:
        self.adjectives |= {child.lower, child.lemma.lower()}
        if child.dep == "oprd":  # "called him a reckless man"
            self.adjectives |= {c.lower for c in parse.children(child.i, "amod")}
        self.complements |= {c.lemma.lower() for c in parse.children(child.i, "xcomp", "ccomp")}


def predicative(parse: Parse, verb: Token, noun: Token) -> list[Token]:
    """An adjective that the parser takes into its object's phrase: "set free two pilots", "made public the report"."""
    after = parse.tokens[verb.i + 1 : verb.i + 3]
    opens = len(after) == 2 and (after[1].dep in ("det", "nummod", "poss") or after[1].pos == "PROPN")
    return [after[0]] if opens and after[0].dep == "amod" and after[0].head == noun.i else []


def noun_forms(parse: Parse, noun: Token, measures: frozenset[str]) -> set[str]:
    """A noun's lemma, alone and with its modifiers ("military exercise"); after a measure also the noun of its "of"."""
    lemma = noun.lemma.lower()
    whole = hyphened(parse, noun)
    forms = {lemma, noun.lower, whole, whole.replace("-", "")}  # "cease-fire" is a ceasefire
    for child in parse.children(noun.i, "compound", "amod", "nmod"):
        forms.add(f"{child.lower} {lemma}")
        if lemma in measures:
            forms.add(child.lemma.lower())  # "a curfew order", "an aid package"
    for child in parse.children(noun.i, "prep"):
        if child.lower in ("of", "for", "on") or (child.lower == "in" and lemma in measures):
            for inner in parse.children(child.i, "pobj"):
                forms.add(f"{lemma} {child.lower} {inner.lemma.lower()}")
                if lemma in measures and child.lower in ("of", "in"):
                    forms |= noun_forms(parse, inner, measures)
    for child in parse.children(noun.i, "conj"):
        forms.add(child.lemma.lower())
    return forms


def hyphened(parse: Parse, token: Token) -> str:
    """The whole of a word that the tokeniser parts at its hyphen ("cease-fire"), else the lemma."""
    i, tokens = token.i, parse.tokens
    if (
        i >= 2
        and tokens[i - 1].text == "-"
        and tokens[i - 2].end == tokens[i - 1].start
        and tokens[i - 1].end == token.start
    ):
        return f"{tokens[i - 2].lower}-{token.lemma.lower()}"
    return token.lemma.lower()


def frames_of_verb(index: FrameIndex, verb: Token, around: Surroundings) -> list[Frame]:
    """The frames whose conditions all hold, the most specific first, which decides."""
    return [frame for frame in index.verbs.get(verb.lemma.lower(), ()) if _fits(frame, around)]


def _fits(frame: Frame, around: Surroundings) -> bool:
    if (frame.persons and not around.person_subject) or (frame.persons_object and not around.person_object):
        return False
    if frame.passive is not None and frame.passive != around.passive:
        return False
    if frame.infinitive and not around.infinitive:
        return False
    if frame.modal_clause and around.said and not around.modals:
        return False
    # "launched legal action against": what follows the object may hang on it.
    preps = around.preps | around.inner_preps if frame.objects and frame.preps else around.preps
    return not (
        (frame.objects and frame.objects.isdisjoint(around.objects))
        or (frame.preps and frame.preps.isdisjoint(preps))
        or (frame.pobjects and frame.pobjects.isdisjoint(around.pobjects))
        or (frame.complements and frame.complements.isdisjoint(around.complements))
        or (frame.particles and frame.particles.isdisjoint(around.particles))
        or (frame.adjectives and frame.adjectives.isdisjoint(around.adjectives))
        or (frame.subjects and frame.subjects.isdisjoint(around.subjects))
        or (frame.adverbs and frame.adverbs.isdisjoint(around.adverbs))
        or (frame.modals and frame.modals.isdisjoint(around.modals))
    )


def frames_of_noun(parse: Parse, index: FrameIndex, noun: Token) -> Sequence[Frame]:
    """The frames of a noun of events, by its longest form."""
    lemma = noun.lemma.lower()
    if lemma not in index.noun_heads:
        return ()
    for child in parse.children(noun.i, "compound", "amod"):
        frames = index.nouns.get(f"{child.lower} {lemma}")
        if frames:
            return frames
    for child in parse.children(noun.i, "prep"):
        for inner in parse.children(child.i, "pobj"):
            frames = index.nouns.get(f"{lemma} {child.lower} {inner.lemma.lower()}")
            if frames:
                return frames
    return index.nouns.get(hyphened(parse, noun)) or index.nouns.get(lemma) or ()
