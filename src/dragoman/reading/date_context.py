"""What the sentence around a date expression says of it: the tense, and whether it is one at all."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.knowledge.dates import DateLexicon, Word
from dragoman.reading.parse import Parse, Token

_NOMINAL = frozenset(("NOUN", "PROPN"))
_PRESENT = 2
_NAMES = frozenset(("PERSON", "ORG", "WORK_OF_ART", "GPE", "FAC"))
_ORDINAL_ENDINGS = frozenset(("st", "nd", "rd", "th"))
_NUMBERS = frozenset(("CARDINAL", "MONEY", "QUANTITY", "PERCENT"))


def outlook_at(parse: Parse, i: int, lexicon: DateLexicon, scheduled: bool = True) -> int:
    """The tense of the clause that token ``i`` stands in: -1 past, 1 future, 0 open or present.

    Args:
        parse: the parse.
        i: a token of the clause.
        lexicon: the words of tense.
        scheduled: take the present ("meets", "is meeting") as future, which it is beside a date to come.
    """
    token = parse.tokens[i]
    through_noun = False
    while token.pos not in ("VERB", "AUX"):
        if token.pos in _NOMINAL and token.i != i:
            through_noun = True
        if token.head == token.i:
            return 0
        token = parse.tokens[token.head]
    tense = _tense(parse, token, lexicon)
    if tense == _PRESENT:
        return 1 if scheduled and not through_noun and token.lemma not in lexicon.stative else 0
    return tense


def _tense(parse: Parse, verb: Token, lexicon: DateLexicon) -> int:
    auxiliaries = [child for child in parse.children(verb.i, "aux", "auxpass") if child.i < verb.i]
    lowers = {child.lower for child in auxiliaries}
    if verb.lower in lexicon.future or any(lower in lexicon.future for lower in lowers):
        return 1
    if verb.tag in ("VB", "VBN") and "to" in lowers:
        governor = parse.tokens[verb.head]
        if governor is verb or governor.pos not in ("VERB", "AUX"):
            return 0
        return 1 if governor.lemma in lexicon.planning else _tense(parse, governor, lexicon)
    if verb.tag in ("VBD", "VBN") or any(child.tag == "VBD" or child.lemma == "have" for child in auxiliaries):
        return -1
    if verb.lemma == "go" and any(parse.tokens[c].dep == "xcomp" for c in verb.children):
        return 1
    if verb.tag in ("VBZ", "VBP") or any(child.tag in ("VBZ", "VBP") for child in auxiliaries):
        return _PRESENT
    return 0


def plausible(
    parse: Parse, lexicon: DateLexicon, words: Sequence[Word], span: tuple[int, int], first_token: int
) -> bool:
    """Whether the words ``span`` of a sentence are a date and not a name, a modal verb, an age or a number.

    Args:
        parse: the parse of the text.
        lexicon: the date words.
        words: the words of the sentence.
        span: first and last (exclusive) word of the expression.
        first_token: the token that the expression starts at.
    """
    start, end = span
    if any(word.lower == "old" for word in words[end : end + 2]):
        return False
    if end - start == 1 or (
        end - start == 2 and words[start + 1].lower.isdigit() and words[start].lower in lexicon.approximators
    ):
        return _single(parse, lexicon, words, end - 1, first_token + end - start - 1)
    following = words[end].lower if end < len(words) else ""
    if end - start == 2 and words[start].lower == "the":
        if (
            words[end - 1].lower[0].isdigit() and words[end - 1].lower[-2:] in _ORDINAL_ENDINGS
        ):  # the 24th (infantry brigade)
            after = parse.tokens[first_token + 2] if first_token + 2 < len(parse.tokens) else None
            return after is None or after.pos not in ("NOUN", "PROPN", "ADJ", "NUM")
        if words[end - 1].lower in lexicon.doubtful:  # the fall (of Kabul)
            return following != "of"
    if words[end - 1].lower in lexicon.months and following.isdigit() and words[start].lower in lexicon.current:
        return False  # "this Dec. 13, 2018 photo" is read from "Dec."
    of_something = following == "of" and words[end - 1].lower in lexicon.units  # the last year of the war
    definite = words[start].lower in ("the", "in") or (start > 0 and words[start - 1].lower == "the")
    return not (of_something and definite)


def _single(parse: Parse, lexicon: DateLexicon, words: Sequence[Word], start: int, first_token: int) -> bool:
    token = parse.tokens[first_token]
    lower = words[start].lower
    before = words[start - 1].lower if start else ""
    if lower in lexicon.units:
        return False
    if lower in lexicon.repetition_adverbs:  # the Daily News
        return not words[start].capital or token.pos == "ADV"
    if lower.isdigit():
        if token.ent in _NUMBERS or (
            token.ent != "DATE" and token.dep == "nummod" and parse.tokens[token.head].tag in ("NNS", "NNPS")
        ):
            return False
        return token.ent == "DATE" or before in lexicon.leads or before in ("(", "election")
    if lower in lexicon.doubtful or lower in lexicon.seasons:
        if token.ent in _NAMES or token.pos in ("VERB", "AUX"):
            return False
        following = words[start + 1].lower if start + 1 < len(words) else ""
        return (before in lexicon.leads and following != "of") or (token.ent == "DATE" and lower in lexicon.months)
    if before == "-" and start > 1 and words[start - 2].lower not in lexicon.parts:
        return False  # the under-60s
    return not ((lower in lexicon.months or lower in lexicon.weekdays) and token.ent in _NAMES)
