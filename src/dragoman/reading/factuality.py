"""How far a source commits to what it says (FactBank values), from the words around a predicate."""

from __future__ import annotations

from dragoman.knowledge import Knowledge
from dragoman.reading.draft import Commitment
from dragoman.reading.parse import Parse

_MODALS = {"may": "PS", "might": "PS", "could": "PS", "would": "PS", "can": "PS", "will": "PR", "should": "PS"}


def assess(parse: Parse, i: int, knowledge: Knowledge, top: int | None = None) -> Commitment:
    """The commitment to the predicate headed by token ``i``.

    Args:
        parse: the parsed text.
        i: head token of the predicate (verb, or noun of an event).
        knowledge: the lexicons.
        top: head token of the claim content that the predicate stands in; words above it belong to
            the reporting source and do not count.
    """
    del knowledge, top
    words = [child.lower for child in parse.children(i, "aux", "neg", "advmod")]
    negated = any(child.dep == "neg" for child in parse.children(i))
    certainty = next((_MODALS[w] for w in words if w in _MODALS), "CT")
    value = f"{certainty}{'-' if negated else '+'}"
    return Commitment(value)  # type: ignore[arg-type]  # built from the two closed sets above
