"""How far the clause of a predicate reaches over the parse."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.reading.parse import Parse

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
"""Dependencies of a verb's subject."""


def clause_tokens(parse: Parse, head: int, aside: bool = True) -> Iterator[int]:
    """The tokens below a predicate without what a further clause of its own subject says, in no order.

    Args:
        parse: the parse.
        head: the predicate's token.
        aside: with relative clauses, clauses of time and condition, and "as peacekeepers".
    """
    stack = [head]
    while stack:
        head = stack.pop()
        yield head
        for child in parse.children(head):
            clause = parse.children(child.i, *SUBJECTS)
            further = child.dep in ("conj", "parataxis") and clause
            besides = child.dep == "relcl" or (child.dep == "advcl" and clause) or child.lower == "as"
            if not further and (aside or not besides):
                stack.append(child.i)
