"""Acts that are planned, promised or refused: the verb, adjective or noun, and the act that it governs.

A stated will to cooperate is AGREE, a stated will to harm THREATEN, a refusal to cooperate REJECT (PLOVER, 2021).
"""

from __future__ import annotations

from dragoman.knowledge.frames import FrameIndex
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
