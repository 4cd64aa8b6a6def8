"""How far a source commits to what it says (FactBank values), from the words around a predicate.

The predicate's own modals, adverbs and negation come first; then each word above it, up to the top of
the claim, turns or lowers the value by its signature (Karttunen 1971; Nairn et al. 2006). Words and
signatures are ``lexicons/claims/commitment.yml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from dragoman.knowledge import Knowledge
from dragoman.knowledge.commitment import CommitmentLexicon, Signature
from dragoman.reading.chances import probability_at
from dragoman.reading.draft import Commitment
from dragoman.reading.parse import Parse, Token
from dragoman.records import Factuality, Probability

_RANK = {"CT": 3, "PR": 2, "PS": 1, "U": 0}
_REMOTE, _EVEN, _SURE = 0.4, 0.5, 0.9  # chances that part unlikely, possible, probable and certain
_HIGHEST = 14  # governors looked at above a predicate
_NOMINAL = frozenset(("dobj", "nsubjpass", "pobj", "attr", "oprd", "nsubj"))
_OPEN = frozenset(("relcl", "appos", "parataxis"))
_FIRST = frozenset(("i", "we"))
_FIRST_OWN = frozenset(("my", "our"))
_HEDGING = frozenset(("believe", "rule out"))
"""Classes of governors by which a speaker hedges a clause of his own."""


@dataclass(slots=True)
class _Weighing:
    """The value so far and what moved it there."""

    certainty: str = "CT"
    polarity: int = 1  # 0 when unknown
    why: list[str] = field(default_factory=list)

    def lower(self, certainty: str, word: str) -> None:
        if _RANK[certainty] < _RANK[self.certainty]:
            self.certainty = certainty
            self.why.append(word)

    def turn(self, word: str) -> None:
        self.polarity = -self.polarity
        self.why.append(word)

    def take(self, value: str, word: str) -> None:
        """Put the value under a governor that gives it ``value``."""
        if value == "as":
            return
        certainty, sign = ("U", "u") if value == "Uu" else (value[:-1], value[-1])
        if sign == "-":
            self.turn(word)
        elif sign == "u":
            self.polarity = 0
        self.lower(certainty, word)

    def value(self) -> Factuality:
        if self.certainty == "U":
            return "Uu"
        if self.polarity == 0:
            return "CTu"
        sign = "+" if self.polarity > 0 else "-"
        return f"{self.certainty}{sign}"  # type: ignore[return-value]  # the closed set FACTUALITY_VALUES


def assess(
    parse: Parse, i: int, knowledge: Knowledge, top: int | None = None, stated: Collection[str] = ()
) -> Commitment:
    """The commitment to the predicate headed by token ``i``.

    Args:
        parse: the parsed text.
        i: head token of the predicate (verb, or noun of an event).
        knowledge: the lexicons.
        top: head token of the claim content that the predicate stands in; words above it belong to
            the reporting source and do not count.
        stated: auxiliaries by which the predicate states a will, and is no less sure for them.
    """
    lexicon = knowledge.commitment
    weighing = _Weighing()
    token = parse.tokens[i]
    _own_words(parse, token, lexicon, weighing, stated=stated)
    node = token
    for _ in range(_HIGHEST):
        if node.i == top or node.head == node.i or node.dep in _OPEN:
            break
        above = _pass_upwards(parse, node, parse.tokens[node.head], lexicon, weighing)
        if above is None:
            break
        node = above
    if _asked(parse, node):
        weighing.take("Uu", "?")
    if node.head == node.i and _has_caveat(parse, node, lexicon):
        weighing.lower("PR", "caveat")
    chance = probability_at(parse, i, lexicon)
    if chance is not None and weighing.polarity < 0 and chance.phrase.lower() in lexicon.abilities:
        chance = None  # "could not have known" gives no chance
    if chance is not None and weighing.certainty == "U" and any(word in lexicon.announcing for word in weighing.why):
        weighing.certainty, weighing.polarity = "CT", 1  # what a "chance" leaves open the words beside it settle
    if chance is not None and weighing.certainty in ("CT", "PR"):
        _fit_to(chance, weighing)
    return Commitment(weighing.value(), tuple(dict.fromkeys(weighing.why)), chance)


def _has_caveat(parse: Parse, root: Token, lexicon: CommitmentLexicon) -> bool:
    """Whether a sentence is said with a caveat: "as far as I know"."""
    words = parse.sentence_span(root.sent).quote.lower()
    return any(caveat in words for caveat in lexicon.caveats)


def _fit_to(chance: Probability, weighing: _Weighing) -> None:
    """Bring a value that the words leave high in line with the chance that they give."""
    if chance.high <= _REMOTE:
        if weighing.polarity > 0:
            weighing.turn(chance.phrase)
        weighing.lower("PR", chance.phrase)
    elif chance.low < _SURE:
        weighing.lower("PR" if chance.low >= _EVEN else "PS", chance.phrase)


def embedded(parse: Parse, i: int, knowledge: Knowledge) -> int:
    """The predicate that a content is about: below hedges in the first person ("I think that ...") and "it seems".

    Returns:
        The token that heads the embedded clause, or ``i`` itself.
    """
    lexicon = knowledge.commitment
    for _ in range(4):
        below = _hedged(parse, parse.tokens[i], lexicon)
        if below is None:
            return i
        i = below.i
    return i


def _hedged(parse: Parse, token: Token, lexicon: CommitmentLexicon) -> Token | None:
    """The clause that a hedge is about; None where a predicate is none."""
    surprising = next((c for c in parse.children(token.i, "advcl") if is_held_likely(parse, c, lexicon)), None)
    if surprising is not None:
        return surprising
    subjects = parse.children(token.i, "nsubj", "expl")
    if token.lemma == "be":
        return _hedged_by_noun(parse, token, subjects, lexicon)
    if not any(s.name in _HEDGING for s in lexicon.governors.get(token.lemma, ())):
        return None
    if not any(s.lower in _FIRST or s.lower == "it" for s in subjects):
        return None
    clauses = parse.children(token.i, "ccomp", "advcl", "xcomp")
    return next((c for c in clauses if c.i > token.i or token.dep == "parataxis"), None)


def _hedged_by_noun(parse: Parse, copula: Token, subjects: Sequence[Token], lexicon: CommitmentLexicon) -> Token | None:
    """``my guess is that ...``, ``it is hard to see how ...``: the clause."""
    ours = any(o.lower in _FIRST_OWN for s in subjects for o in parse.children(s.i, "poss"))
    if ours and any(g.name in _HEDGING for s in subjects for g in lexicon.governors.get(s.lemma, ())):
        return next(iter(parse.children(copula.i, "ccomp")), None)
    imagined = (v for v in parse.children(copula.i, "xcomp", "ccomp") if _hard_to(parse, v, lexicon))
    return next((c for v in imagined for c in parse.children(v.i, "ccomp")), None)


def is_held_likely(parse: Parse, clause: Token, lexicon: CommitmentLexicon) -> bool:
    """Whether a clause is what somebody would, or would not, be surprised by: "not surprised if they left"."""
    if clause.dep != "advcl" or not any(m.lower == "if" for m in parse.children(clause.i, "mark")):
        return False
    return _beside_if(parse, parse.tokens[clause.head], lexicon) in ("PR+", "PR-")


def negated(parse: Parse, token: Token, lexicon: CommitmentLexicon, below: int | None = None) -> Token | None:
    """The word that negates a predicate, or None; ``below`` is a child that was weighed already, "no" and all."""
    for child in _around(parse, token):
        if child.i == below:
            continue
        if child.dep == "neg" or (child.lower in lexicon.negators and child.dep in ("advmod", "det", "preconj", "cc")):
            return child
        before = (parse.tokens[k].lower in lexicon.negating_determiners for k in child.children)
        if child.dep in ("nsubj", "dobj", "nsubjpass", "attr") and (child.lower in lexicon.negators or any(before)):
            return child
    return None


def _around(parse: Parse, token: Token) -> Iterator[Token]:
    """A predicate's children, with what the parser hangs on its "be" or "have" instead ("may be preparing")."""
    for child in parse.children(token.i):
        yield child
        if child.dep == "aux" and child.children:
            yield from parse.children(child.i, "aux", "neg", "advmod")


def negated_by_nor(parse: Parse, token: Token, lexicon: CommitmentLexicon) -> Token | None:
    """The "nor" that negates the second of two ("neither confirmed nor denied"); it hangs on the first."""
    if token.dep != "conj":
        return None
    joined = parse.tokens[token.head]
    between = (parse.tokens[c] for c in joined.children if joined.i < c < token.i)
    return next((c for c in between if c.dep == "cc" and c.lower in lexicon.negators), None)


def _own_words(
    parse: Parse, token: Token, lexicon: CommitmentLexicon, weighing: _Weighing, below: int | None = None,
    stated: Collection[str] = (),
) -> None:  # fmt: skip
    """Weigh the modals, adverbs and negation of a predicate; ``below`` is a child that was weighed already."""
    denier = negated(parse, token, lexicon, below)
    if denier is not None:
        weighing.turn(denier.lower)
    modal = False
    for child in _around(parse, token):
        if child.dep == "aux" and child.lower in lexicon.modals and child.tag == "MD":
            modal = True
            if child.lower in stated or (denier is not None and child.lower in lexicon.abilities):
                continue  # what cannot be is as sure as what is not
            will = child.lower in lexicon.past_futures and _told_in_the_past(parse, token)
            weighing.lower("PR" if will else lexicon.modals[child.lower], child.lower)
        elif child.dep in ("advmod", "npadvmod") and child.lower in lexicon.adverbs:
            weighing.lower(lexicon.adverbs[child.lower], child.lower)
        elif child.dep == "acomp" and child.i != below and child.lemma in lexicon.adjectives:
            weighing.take(_full(lexicon.adjectives[child.lemma]), child.lower)
        elif child.dep == "mark" and child.lower == "whether":
            weighing.take("CTu", "whether")
        elif child.dep == "advcl" and modal and _conditional(parse, child, lexicon):
            weighing.lower("PS", "if")
    if token.dep == "xcomp" or modal or not token.children:
        return
    if parse.tokens[token.i - 1].lower == "to" and parse.tokens[token.head].lower == "going":
        weighing.lower("PR", "going to")


def _told_in_the_past(parse: Parse, token: Token) -> bool:
    """Whether a "would" stands for the "will" that was said: "said that it would withdraw", with no condition."""
    above = parse.tokens[token.head]
    return token.dep == "ccomp" and above.tag in ("VBD", "VBN") and not parse.children(token.i, "advcl")


def _full(value: str) -> str:
    return value if value[-1] in "+-u" else f"{value}+"


def _conditional(parse: Parse, clause: Token, lexicon: CommitmentLexicon) -> bool:
    return any(m.lower in lexicon.conditions and m.lower != "whether" for m in parse.children(clause.i, "mark"))


def _pass_upwards(
    parse: Parse, node: Token, above: Token, lexicon: CommitmentLexicon, weighing: _Weighing
) -> Token | None:
    """Let the word above move the value.

    Returns:
        The word to go on from; None when what stands above has no bearing any more.
    """
    dep = node.dep
    if dep == "advcl":
        return above if _pass_adverbial(parse, node, above, lexicon, weighing) else None
    if dep == "conj":
        own = any(parse.tokens[c].dep in ("nsubj", "nsubjpass", "aux", "neg") for c in node.children)
        if not own:
            _own_words(parse, above, lexicon, weighing, node.i)
        return above
    signature = _signature(parse, node, above, lexicon)
    if signature is not None:
        return _governed(parse, above, signature, lexicon, weighing)
    if dep in ("pobj", "pcomp") and above.lower in lexicon.negators:
        weighing.turn(above.lower)
        return above
    if above.pos in ("VERB", "AUX") and dep in _NOMINAL and (dep != "nsubj" or above.lemma in lexicon.occurrence):
        _own_words(parse, above, lexicon, weighing, node.i)
    elif dep in ("xcomp", "acomp", "ccomp") and (word := _adjective(above, lexicon)) is not None:
        weighing.take(_full(lexicon.adjectives[word]), above.lower)
    elif dep in ("xcomp", "attr", "acomp"):
        if dep == "xcomp" and (course := on_course(parse, above, lexicon)) is not None:
            weighing.lower("PR", course)
        _own_words(parse, above, lexicon, weighing, node.i)
    return above


def on_course(parse: Parse, copula: Token, lexicon: CommitmentLexicon) -> str | None:
    """The noun of "is on course to", "is on track to"."""
    phrases = (n for p in parse.children(copula.i, "prep") if p.lower == "on" for n in parse.children(p.i, "pobj"))
    return next((n.lower for n in phrases if n.lemma in lexicon.courses), None)


def _adjective(token: Token, lexicon: CommitmentLexicon) -> str | None:
    """An adjective of certainty, also where the parser takes it for a participle ("bound to")."""
    return next((word for word in (token.lemma, token.lower) if word in lexicon.adjectives), None)


def _governed(
    parse: Parse, governor: Token, signature: Signature, lexicon: CommitmentLexicon, weighing: _Weighing
) -> Token:
    """Let a governor turn or lower the value, with the copula of one that is no verb ("is not sure that")."""
    copula = parse.tokens[governor.head] if governor.dep in ("acomp", "oprd", "advmod") else None
    verb = copula if copula is not None and copula.lemma in lexicon.copulas else governor
    denied = negated(parse, governor, lexicon) or (verb is not governor and negated(parse, verb, lexicon, governor.i))
    affirmed = signature.past if signature.past and verb.tag == "VBD" else signature.affirmed
    value = signature.negated if denied else affirmed
    if value[-1] == "+" and _hard_to(parse, governor, lexicon):
        value = "PR-"  # "it is hard to see how"
    weighing.take(value, governor.lower)
    if signature.affirmed != "Uu":
        _modals_of(parse, verb, lexicon, weighing)
    return verb


def _hard_to(parse: Parse, verb: Token, lexicon: CommitmentLexicon) -> bool:
    """Whether a verb of imagining is said to be hard: "it is difficult to imagine that"."""
    if verb.dep not in ("xcomp", "ccomp") or verb.lemma not in lexicon.imagining:
        return False
    above = parse.tokens[verb.head]
    return any(t.lower in lexicon.hard for t in (above, *parse.children(above.i, "acomp", "oprd")))


def _modals_of(parse: Parse, token: Token, lexicon: CommitmentLexicon, weighing: _Weighing) -> None:
    for child in _around(parse, token):
        if child.tag == "MD" and child.lower in lexicon.modals:
            weighing.lower(lexicon.modals[child.lower], child.lower)
        elif child.dep == "advmod" and child.lower in lexicon.adverbs:
            weighing.lower(lexicon.adverbs[child.lower], child.lower)


def _pass_adverbial(parse: Parse, node: Token, above: Token, lexicon: CommitmentLexicon, weighing: _Weighing) -> bool:
    marks = [m.lower for m in parse.children(node.i, "mark", "advmod")]
    if "if" in marks and (value := _beside_if(parse, above, lexicon)) is not None:
        weighing.take(value, "if")
        return False
    if any(m in lexicon.conditions for m in marks):
        weighing.take("Uu", next(m for m in marks if m in lexicon.conditions))
        return False
    if any(m in lexicon.presupposing for m in marks):
        return False
    purpose = any(c.lower == "to" and c.tag == "TO" for c in parse.children(node.i, "aux"))
    if purpose:
        weighing.take("Uu", "to")
        return False
    return above.lemma == "seem" or node.tag != "VBG"


def _beside_if(parse: Parse, above: Token, lexicon: CommitmentLexicon) -> str | None:
    """What an "if" means that is no condition: "it is not clear if", "I would not be surprised if"."""
    beside = [above, *parse.children(above.i, "acomp")]
    if any(t.lower in lexicon.surprises or t.lemma in lexicon.surprises for t in beside):
        would = any(t.tag == "MD" for t in _around(parse, above))
        return ("PR-" if negated(parse, above, lexicon) is None else "PR+") if would else None
    return "CTu" if any(_adjective(t, lexicon) for t in beside[1:]) else None


def _signature(parse: Parse, node: Token, above: Token, lexicon: CommitmentLexicon) -> Signature | None:
    """What a word does to what hangs on it; "my guess is that" does what "my guess that" does."""
    dep = node.dep
    if dep == "prep":
        dep = f"passive_{node.lower}" if parse.children(above.i, "auxpass") else f"prep_{node.lower}"
    looked_up = [(above.lemma, dep)]
    if dep == "xcomp" and parse.children(above.i, "auxpass"):
        looked_up.insert(0, (above.lemma, f"passive_{dep}"))  # "is expected to leave", not "expects them to leave"
    if dep == "ccomp" and above.lemma in lexicon.copulas:
        looked_up = [*((t.lemma, "acl") for t in parse.children(above.i, "nsubj")), *looked_up]
    for lemma, way in looked_up:
        for signature in lexicon.governors.get(lemma, ()):
            if way in signature.takes:
                return signature
    return None


def _asked(parse: Parse, node: Token) -> bool:
    """Whether the sentence that ends the walk is a question of its own."""
    if node.head != node.i and node.dep not in ("ccomp", "conj", "parataxis"):
        return False
    sentence = parse.sentences[node.sent]
    last = sentence.last - 1
    while last > sentence.first and parse.tokens[last].text in ('"', "'", "''", ")"):
        last -= 1
    return parse.tokens[last].text == "?" and node.i >= sentence.first
