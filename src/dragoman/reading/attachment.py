"""How near a phrase stands to an event in the dependency parse, where clause boundaries count most."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from dragoman.reading.parse import Parse

REPORTED = 20
"""Cost of leaving a reported clause: what stands with the verb of saying does not belong to what is said."""

OTHER_CLAUSE = 9
"""Cost from which a phrase belongs to another clause."""
_UP: Mapping[str, int] = {
    "ccomp": REPORTED, "parataxis": REPORTED,
    "advcl": 4, "relcl": OTHER_CLAUSE, "acl": 4, "conj": 2, "xcomp": 1, "pcomp": 2,
    "nsubj": 1, "nsubjpass": 1, "dobj": 1, "attr": 1, "pobj": 1, "csubj": 2,
}  # fmt: skip
"""Cost of each edge from the event up to what the phrase hangs on."""

_DOWN: Mapping[str, int] = {
    "ccomp": OTHER_CLAUSE, "parataxis": OTHER_CLAUSE, "advcl": OTHER_CLAUSE, "relcl": OTHER_CLAUSE,
    "acl": 4, "conj": 3, "xcomp": 2, "pcomp": 2,
    "nsubj": 2, "nsubjpass": 1, "dobj": 1, "attr": 1, "appos": 2, "csubj": 3, "compound": 1, "poss": 2, "pobj": 2,
}  # fmt: skip
"""Cost of each edge from the phrase up to what the event hangs on."""


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Words that set what stands under them apart from the event.

    ``attributing`` introduces the source ("according to the ministry in Warsaw"), ``apart`` what happened at
    another time ("after the talks in Geneva").
    """

    attributing: Container[str] = ()
    apart: Container[str] = ()


def head_of(parse: Parse, first: int, last: int) -> int:
    """The token of ``first`` to ``last`` (exclusive) whose head lies outside; the first such, articles apart."""
    for i in range(first, last):
        head = parse.tokens[i].head
        if (not first <= head < last or head == i) and parse.tokens[i].dep != "det":
            return i
    return first


def attachment_cost(parse: Parse, phrase: int, event: int, trigger: tuple[int, int], boundaries: Boundaries) -> int:
    """The cost of the path in the tree between a phrase's head and an event's.

    Args:
        parse: the parse.
        phrase: the head token of a date or place.
        event: the head token of the event's trigger.
        trigger: the trigger's tokens, which count as the event itself.
        boundaries: the words that set a phrase apart.

    Returns:
        0 when the phrase hangs on the event; ``REPORTED`` and more when it stands with the verb that
        reports the event. Both must be in one sentence.
    """
    tokens = parse.tokens
    above: dict[int, int] = {event: 0}
    cost, i = 0, event
    while tokens[i].head != i:
        cost += OTHER_CLAUSE if _own_clause(parse, i) else _UP.get(tokens[i].dep, 0)
        i = tokens[i].head
        above.setdefault(i, cost)
    for j in range(*trigger):
        above[j] = 0
    cost, i = 0, phrase
    first = True
    while i not in above:
        if tokens[i].head == i:
            return 2 * REPORTED
        cost += 0 if first else _DOWN.get(tokens[i].dep, 0)
        first = False
        if tokens[i].lower in boundaries.attributing:
            cost += REPORTED
        elif tokens[i].dep == "prep" and tokens[i].lower in boundaries.apart:
            cost += OTHER_CLAUSE
        i = tokens[i].head
    return cost + above[i]


def _own_clause(parse: Parse, i: int) -> bool:
    """Whether a coordinated verb has a subject of its own, and so a clause of its own."""
    return parse.tokens[i].dep == "conj" and bool(parse.children(i, "nsubj", "nsubjpass"))
