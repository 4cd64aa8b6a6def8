"""Of which state or body a nameless role is where its words do not say: "the opposition", "the bloc's ministers"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.noun_phrases import is_plural, singular
from dragoman.reading.parse import Parse, Token
from dragoman.reading.plural_reference import Named, state_of
from dragoman.reading.surnames import sector_of

if TYPE_CHECKING:
    from dragoman.reading.phrases import Phrase

_REACH = 3  # sentences that are looked back over
_SHARE = 2 / 3  # of the states named near that make a text be about one of them
_ELSEWHERE = frozenset({"NORP", "GPE", "LOC"})  # names of peoples and places before a role that no state was found for


def state_at_home(parse: Parse, words: ReferenceWords, phrase: Phrase, named: Sequence[Named]) -> str | None:
    """The state of "opposition politicians" where the sentences before are about one state."""
    head = parse.tokens[phrase.head]
    known = phrase.why.partition(":")[2] in words.offices | words.government
    fits = phrase.sector in words.domestic and (phrase.definite or is_plural(head))
    fits |= phrase.definite and (phrase.sector in words.rulers or known)
    rules = phrase.definite and phrase.sector in words.ruling
    then = any(child.lower in words.other_times for child in parse.children(head.i, "amod"))
    if not (fits or rules) or then or _is_of_others(parse, words, phrase):
        return None
    here = _scene(parse, words, named, head)
    if here is not None or not fits:
        return here
    near = [n for n in named if head.sent - parse.tokens[n.phrase.head].sent <= _REACH]
    told = [n for n in near if n.phrase.via != "coreference"]
    counted = Counter(state for n in told if (state := state_of(n.first)) is not None)
    return next((state for state, times in counted.most_common(1) if times >= _SHARE * counted.total()), None)


def _scene(parse: Parse, words: ReferenceWords, named: Sequence[Named], head: Token) -> str | None:
    """The state where a sentence sets its scene before a noun: "In Lomé, the Foreign Ministry summoned"."""
    tokens = parse.tokens
    for one in reversed(named):
        place = tokens[one.phrase.head]
        if place.sent != head.sent:
            break
        above = tokens[place.head]
        opens = above.i == 0 or tokens[above.i - 1].sent != head.sent
        if one.phrase.kind == "state" and place.dep == "pobj" and opens and above.lower in words.settings:
            return one.phrase.country
    return None


def _is_of_others(parse: Parse, words: ReferenceWords, phrase: Phrase) -> bool:
    """Whether a role's words say that it is of something unknown: "the group's leaders", "European lawmakers"."""
    owners = parse.children(phrase.head, "poss")
    if any(o.lower not in words.possessive and o.lemma.lower() not in words.state for o in owners):
        return True
    return any(c.ent in _ELSEWHERE for c in parse.children(phrase.head, "amod", "compound", "nmod"))


def body_meant(parse: Parse, words: ReferenceWords, owner: int, named: Sequence[Named]) -> str | None:
    """The body of states or armed group that "the bloc" of "the bloc's ministers" takes up."""
    token = parse.tokens[owner]
    if singular(token) not in words.group or is_plural(token):
        return None
    if not any(c.lower in words.definite for c in parse.children(owner)):
        return None
    near = (n for n in reversed(named) if token.sent - parse.tokens[n.phrase.head].sent <= _REACH)
    return next((n.first.identifier for n in near if n.first.kind in ("armed_group", "igo")), None)


def is_band(words: ReferenceWords, phrase: Phrase, named: Phrase) -> bool:
    """Whether "the soldiers" may be the army, or "the fighters" the armed group, that was named before."""
    if phrase.sector not in words.bands or named.identifier is None:
        return False
    return sector_of(named) == phrase.sector or (phrase.sector == "REB" and named.kind == "armed_group")
