"""How far the clause of a predicate reaches over the parse."""

from __future__ import annotations

from collections.abc import Container, Iterator

from dragoman.reading.parse import Parse, Token

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
"""Dependencies of a verb's subject."""


_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_CLAUSES = frozenset({"conj", "parataxis", "advcl"})  # may have a subject of their own


def joined_to(parse: Parse, verb: Token) -> Token:
    """The verb that a coordinated one goes on with, by its form, whatever the parser hangs it to.

    "Told them to leave and threatened to ...", "said that they had fled and promised to ...": who told, and who said.
    """
    above = parse.tokens[verb.head]
    if verb.dep != "conj" or verb.tag not in (*_FINITE, "VBN"):
        return above
    higher = (parse.tokens[a] for a in parse.ancestors(above.i))
    governor = next((token for token in higher if token.pos in ("VERB", "AUX")), above)
    infinitive = above.tag == "VB" and any(c.lower == "to" for c in parse.children(above.i, "aux"))
    if infinitive and above.dep in ("xcomp", "advcl", "acl") and not parse.children(verb.i, "auxpass"):
        finite = verb.tag != "VBN" or parse.children(verb.i, "aux") or governor.tag == "VBD"
        return governor if finite and governor.pos in ("VERB", "AUX") else above
    perfect = above.tag == "VBN" and any(c.lower == "had" for c in parse.children(above.i, "aux"))
    if perfect and above.dep == "ccomp" and verb.tag == "VBD" and governor.tag == "VBD":
        return governor
    return above


def clause_tokens(parse: Parse, head: int, aside: bool = True, apart: Container[str] = ()) -> Iterator[int]:
    """The tokens below a predicate without what a further clause of its own subject says, in no order.

    Args:
        parse: the parse.
        head: the predicate's token.
        aside: with relative clauses, clauses of time and condition, and "as peacekeepers".
        apart: prepositions before what happened at another time, which is left out.
    """
    stack = [head]
    while stack:
        head = stack.pop()
        yield head
        for child in parse.children(head):
            dep = child.dep
            clause = dep in _CLAUSES and parse.children(child.i, *SUBJECTS)
            further = dep in ("conj", "parataxis") and (clause or joined_to(parse, child).i != head)
            besides = dep == "relcl" or (dep == "advcl" and clause) or child.lower == "as"
            # "apologised, saying that it had sent helicopters"
            further = further or (dep == "advcl" and child.tag == "VBG" and parse.children(child.i, "ccomp"))
            further = further or (dep == "prep" and child.lower in apart)
            if not further and (aside or not besides):
                stack.append(child.i)
