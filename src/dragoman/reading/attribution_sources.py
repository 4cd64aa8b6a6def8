"""Who a reporting word belongs to: its subject, agent, possessor, or the one that it borrows from what governs it."""

from __future__ import annotations

import re

from dragoman.reading.attribution_text import Range, Text
from dragoman.reading.parse import Token

Owner = tuple[int | None, str]
"""The token that heads the source (None when there is none) and how it was found."""

NOBODY: Owner = (None, "none")
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_CLAUSES = frozenset(("ccomp", "xcomp", "advcl"))
_SET_OFF = frozenset(("acl", "advcl"))
_LONG_APPOSITION = 30  # tokens; what follows a name at more length describes it and is no part of it
_SHARING = frozenset(("prep", "pcomp", "conj", "xcomp", "advcl", "ccomp", "acomp", "attr", "dobj", "pobj"))
COUNTER = re.compile(r"\d{1,3}/\d{0,3}\s*")
"""What numbers the posts of a thread."""
_HIGHEST = 4  # governors that a source may be borrowed through


def source_phrase(text: Text, head: int, cue: int) -> Range:
    """The noun phrase headed by ``head``: with its titles, appositions and relative clauses, without participles.

    A phrase that holds the cue (a relative clause reports) ends before that clause.
    """
    tokens = text.tokens
    first, last = text.reach(head)
    for c in tokens[head].children:
        child = tokens[c]
        left, right = text.left[c], text.right[c] + 1
        if left <= cue < right:
            first, last = (first, min(last, left)) if left > head else (head, head + 1)
        elif c > head and left < last and left > head and child.dep in _SET_OFF and tokens[left - 1].text == ",":
            last = left
        elif c < head and right > first and child.dep in ("advcl", "acl", "relcl", "advmod", "npadvmod", "meta"):
            first = max(first, right)
        elif c > head and left > head and (child.dep == "parataxis" or right - left > _LONG_APPOSITION):
            last = min(last, left)
    while first < head and COUNTER.fullmatch(tokens[first].text):
        first += 1
    first, last = text.trimmed(first, last)
    return (first, last) if first <= head < last else (head, head + 1)


def owner_of(text: Text, i: int, depth: int = 0) -> Owner:
    """Who stands behind the predicate at token ``i``: the head of the source's phrase and how it was found."""
    token = text.tokens[i]
    own = _own_subject(text, token)
    if own is not None:
        return own
    head, dep = token.head, token.dep
    if depth > _HIGHEST or head == i:
        return NOBODY
    if dep in ("acl", "relcl"):
        return (head, "modified") if text.tokens[head].pos in ("NOUN", "PROPN", "PRON") else NOBODY
    if dep == "xcomp":
        for c in text.tokens[head].children:
            if text.tokens[c].dep == "dobj" and c < i:
                return c, "controlled"
    if dep == "pcomp" and text.tokens[head].lower == "with":
        for beside_it in text.parse.children(head, "pobj"):
            if beside_it.i < i:
                return beside_it.i, "subject"  # "with its envoy telling reporters"
    if dep in _SHARING:
        return owner_of(text, head, depth + 1)[0], "governor"
    return NOBODY


def _own_subject(text: Text, token: Token) -> Owner | None:
    """The predicate's own subject or agent; None when it has neither."""
    tokens = text.tokens
    passive = False
    for c in token.children:
        dep = tokens[c].dep
        if dep == "agent":
            named = text.parse.children(c, "pobj")
            if named:
                return named[0].i, "agent"
        passive = passive or dep in ("nsubjpass", "auxpass")
    if passive:
        return None, "passive"
    quoted = text.inside[token.i]
    for c in token.children:
        # a subject inside a quotation is what is said, not who says it ("They," said the envoy, "left")
        if tokens[c].dep in SUBJECTS and (quoted >= 0 or text.inside[c] < 0):
            if tokens[c].lower in ("it", "there") and any(tokens[k].dep in _CLAUSES for k in token.children):
                return None, "impersonal"
            return c, "subject"
    return None


def beside(text: Text, token: Token) -> Owner:
    """The noun beside a finite verb for which the parser found no subject."""
    tokens = text.tokens
    sentence = text.parse.sentences[token.sent]
    i = token.i - 1
    while i >= sentence.first and tokens[i].pos in ("ADV", "AUX", "PART"):
        i -= 1
    if i >= sentence.first and tokens[i].pos in ("PROPN", "PRON", "NOUN"):
        return i, "beside"
    i = token.i + 1
    while (
        i < sentence.last
        and tokens[i].pos in ("ADJ", "DET", "PROPN", "NOUN")
        and tokens[i].dep in ("compound", "det", "amod")
    ):
        i += 1
    if i < sentence.last and tokens[i].pos in ("PROPN", "PRON", "NOUN"):
        return i, "beside"
    return NOBODY


def owner_of_noun(text: Text, token: Token) -> Owner:
    """Who stands behind a reporting noun: its possessor, "by X", the subject of its light verb, its modifier."""
    tokens = text.tokens
    for c in token.children:
        if tokens[c].dep == "poss":
            return c, "possessor"
        named = _named_after(text, c, ("by", "from", "among"))
        if named is not None:
            return named, "by"
    if token.dep in ("dobj", "attr", "pobj"):
        head = token.head
        while tokens[head].dep in ("prep", "pobj") and tokens[head].head != head:
            head = tokens[head].head
        if tokens[head].pos in ("VERB", "AUX"):
            return owner_of(text, head)[0], "light"
    for c in token.children:
        if tokens[c].dep in ("compound", "amod", "nmod") and tokens[c].ent:
            return c, "modifier"
    for c in token.children:
        named = _named_after(text, c, ("of",))
        if named is not None and tokens[named].ent:
            return named, "of"
    return NOBODY


def _named_after(text: Text, c: int, prepositions: tuple[str, ...]) -> int | None:
    if text.tokens[c].dep != "prep" or text.tokens[c].lower not in prepositions:
        return None
    named = text.parse.children(c, "pobj")
    return named[0].i if named else None
