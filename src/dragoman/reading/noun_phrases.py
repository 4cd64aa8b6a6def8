"""Noun phrases over the parse: which noun heads one, and how far it reaches."""

from __future__ import annotations

from dragoman.reading.parse import Parse, Token

_BEFORE = frozenset(
    {
        "det",
        "amod",
        "compound",
        "poss",
        "nmod",
        "nummod",
        "quantmod",
        "predet",
        "case",
        "advmod",
        "npadvmod",
        "neg",
        "punct",
    }
)
_PART = frozenset({"compound", "amod", "nmod", "poss", "nummod", "quantmod", "det", "npadvmod", "conj", "cc"})
NOUNS = frozenset({"NOUN", "PROPN"})


def is_head(token: Token) -> bool:
    """Whether a token heads a noun phrase: a noun that is no part of another noun's name."""
    return token.pos in NOUNS and token.dep not in ("compound", "nmod", "npadvmod")


def premodified(parse: Parse, head: int) -> tuple[int, int]:
    """Tokens of the phrase without what follows its head: from the first modifier on the left to the head."""
    tokens = parse.tokens
    first = head
    for child in tokens[head].children:
        if child < head and tokens[child].dep in _BEFORE:
            left = _leftmost(parse, child) if tokens[child].children else child
            if left < first and tokens[left].sent == tokens[head].sent:
                first = left
    while first < head and (tokens[first].dep == "punct" or tokens[first].pos in ("PUNCT", "CCONJ", "ADV", "SCONJ")):
        first += 1
    last = head + 1
    # A name in apposition without a comma ends the phrase: "Foreign Minister Wang Yi".
    return first, last


def _leftmost(parse: Parse, i: int) -> int:
    tokens = parse.tokens
    left = i
    stack = [i]
    while stack:
        j = stack.pop()
        left = min(left, j)
        stack.extend(c for c in tokens[j].children if tokens[c].dep in _PART or tokens[c].dep in ("case", "punct"))
    return left


def complement(parse: Parse, head: int, *prepositions: str) -> int | None:
    """The noun that a preposition ties to ``head`` ("president of Kenya": Kenya); None without one."""
    for child in parse.children(head, "prep"):
        if child.lower in prepositions:
            for inner in parse.children(child.i, "pobj"):
                return inner.i
    return None


def complements(parse: Parse, head: int, preposition: str) -> list[int]:
    """The nouns that a preposition ties to ``head``, one behind the other too: "ministry of defence of Kenya"."""
    found = [inner.i for child in parse.children(head, "prep") if child.lower == preposition
             for inner in parse.children(child.i, "pobj")]  # fmt: skip
    return [*found, *(deeper for inner in found[:1] for deeper in complements(parse, inner, preposition))]


def conjuncts(parse: Parse, head: int) -> list[int]:
    """The nouns joined to ``head`` by "and", "or", commas."""
    found: list[int] = []
    stack = [head]
    while stack:
        for child in parse.children(stack.pop(), "conj"):
            if child.pos in NOUNS or child.pos == "PRON":
                found.append(child.i)
                stack.append(child.i)
    return found


def singular(token: Token) -> str:
    """The noun in the singular and in small letters, of capitalised plurals too: "Foreign Ministers", "servicemen"."""
    noun = token.lemma.lower()
    if noun.endswith("men") and noun != "men" and token.pos in NOUNS:
        return noun[:-2] + "an"
    capitalised = token.pos == "PROPN" and noun == token.lower and noun.endswith("s")
    return noun[:-1] if capitalised and not noun.endswith(("ss", "us", "is")) else noun


def is_plural(token: Token) -> bool:
    """Whether a noun names several, whatever capital it has."""
    return token.tag in ("NNS", "NNPS") or (token.tag == "NNP" and singular(token) != token.lower)


def hyphened(parse: Parse, word: int) -> list[Token]:
    """What a hyphen ties to the front of a modifier: the Chad of "a Chad-Niger summit"."""
    below = parse.children(word, "compound", "nmod", "amod", "npadvmod")
    return [c for c in below if "-" in c.text or parse.tokens[c.i + 1].text in ("-", "–")]
