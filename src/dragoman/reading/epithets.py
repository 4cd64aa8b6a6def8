"""Which state a description takes up that does not name it: "the Southeast Asian country", "the island nation"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.noun_phrases import is_plural
from dragoman.reading.parse import Parse, Token
from dragoman.reading.plural_reference import Named, state_of
from dragoman.reading.pronoun_fit import implied_subject

if TYPE_CHECKING:
    from dragoman.reading.phrases import Phrase

_DESCRIBES = ("amod", "compound", "nmod")


def is_epithet(parse: Parse, words: ReferenceWords, phrase: Phrase) -> bool:
    """Whether a phrase describes one state: "the island nation", but not "the country"."""
    head = parse.tokens[phrase.head]
    one = phrase.definite and head.lemma.lower() in words.state and not is_plural(head)
    return one and bool(parse.children(head.i, *_DESCRIBES))


def acts_on(parse: Parse, words: ReferenceWords, head: Token) -> int | None:
    """The token that acts on "the country" in its clause, and so means another: "Chad sent soldiers to the country"."""
    above = parse.tokens[head.head]
    if head.dep != "pobj" or above.lower not in words.directed or head.lemma.lower() not in words.state:
        return None
    return implied_subject(parse, words, head)


def described(
    parse: Parse, words: ReferenceWords, phrase: Phrase, named: Sequence[Named], acting: int | None
) -> str | None:
    """The state named last that an epithet fits.

    Args:
        parse: the text.
        words: the words that refer back.
        phrase: the epithet.
        named: who was named before it.
        acting: the entity that acts in the clause, which a pronoun would take up.
    """
    told = " ".join(parse.tokens[k].lower for k in range(phrase.first, phrase.head))
    told = told.replace(" - ", "-").replace("south-east", "southeast")
    region = next((states for name, states in words.regions.items() if name in told), None)
    for one in reversed(named):
        state = state_of(one.first)
        if state is not None and one.entity != acting and (region is None or state in region):
            return state
    return None
