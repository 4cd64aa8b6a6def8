"""Acts that are planned, promised or refused: the verb, adjective or noun, and the act that it governs.

A stated will to cooperate is AGREE, a stated will to harm THREATEN, a refusal to cooperate REJECT (PLOVER, 2021).
"""

from __future__ import annotations

from dragoman.knowledge.frames import FrameIndex
from dragoman.reading.clauses import joined_to
from dragoman.reading.parse import Parse, Token


def governed_act(parse: Parse, index: FrameIndex, verb: Token) -> tuple[Token, bool, str] | None:
    """The verb of the act that a verb plans or refuses.

    Returns:
        The act's verb, whether it is refused, and the word that says so; None where no act is governed.
    """
    lemma = verb.lemma.lower()
    if lemma in index.plans or lemma in index.refusals:
        act = _act_below(parse, verb)
        if act is not None:
            return act, lemma in index.refusals, lemma
    for child in parse.children(verb.i, "acomp", "dobj", "attr", "xcomp"):
        word = child.lower
        if child.dep in ("acomp", "xcomp") and child.pos in ("ADJ", "VERB"):
            planned, refused = word in index.plan_adjectives, word in index.refusal_adjectives
        elif child.pos == "NOUN" and lemma in index.plan_governors:
            planned, refused = child.lemma.lower() in index.plan_nouns, child.lemma.lower() in index.refusal_nouns
        else:
            continue
        act = _act_below(parse, child) if planned or refused else None
        if act is not None:
            # "is not ready to", "has no intention of"
            denied = parse.children(verb.i, "neg") or any(c.lower == "no" for c in parse.children(child.i, "det"))
            return act, refused or (planned and bool(denied)), word
    return None


def _act_below(parse: Parse, governor: Token) -> Token | None:
    for child in parse.children(governor.i, "xcomp", "ccomp", "acl", "relcl", "advcl"):
        if child.pos == "VERB" and child.tag == "VB" and any(c.lower == "to" for c in parse.children(child.i, "aux")):
            return child
        if child.dep == "xcomp" and child.tag == "VBG":
            return child
    for preposition in parse.children(governor.i, "prep"):
        for child in parse.children(preposition.i, "pcomp"):
            if child.tag == "VBG":
                return child
    return None


def acts_below(parse: Parse, verb: Token) -> list[int]:
    """The heads of the acts that a verb of will or words governs, and of what they are done for: they get no record."""
    below = parse.children(verb.i, "xcomp", "ccomp")
    below += [c for c in parse.children(verb.i, "advcl") if parse.children(c.i, "mark") and c.tag == "VB"]
    below += [c for a in parse.children(verb.i, "acomp", "prep") for c in parse.children(a.i, "xcomp", "pcomp")]
    heads = [c.i for c in below]
    further = [c for b in below for c in parse.children(b.i, "dobj", "conj")]
    heads += [c.i for c in further if c.dep != "conj" or joined_to(parse, c).i == c.head]
    for act in below:
        if act.tag == "VB":
            heads += _purposes(parse, act)
    return heads


def _purposes(parse: Parse, act: Token) -> list[int]:
    """The heads of infinitives below an act: "urged Chad to take steps to end the siege and respect the truce"."""
    inner = [
        c
        for c in parse.children(act.i, "xcomp", "advcl")
        if c.tag == "VB" and any(a.lower == "to" for a in parse.children(c.i, "aux"))
    ]
    joined = [c for b in inner for c in parse.children(b.i, "conj") if c.tag == "VB"]
    return [
        i for c in (*inner, *joined) for i in (c.i, *(d.i for d in parse.children(c.i, "dobj")), *_purposes(parse, c))
    ]
