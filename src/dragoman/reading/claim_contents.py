"""What is said, as far as it bears on how surely an event in it is told: the words above its head are the source's."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.reading.draft import ClaimDraft
from dragoman.reading.parse import Parse, Token

_THOUGHTS = frozenset({"think", "expect"})  # acts whose denial says that what is thought is not so


class ClaimContents:
    """The contents of one document's claims."""

    def __init__(self, parse: Parse, claims: Sequence[ClaimDraft]) -> None:
        self._parse = parse
        self._contents = [
            (claim.parts, claim.head) for claim in claims if claim.head is not None and not self._is_denied(claim)
        ]

    def top(self, head: Token) -> int | None:
        """The head of the innermost content that a predicate stands in; None where the words above it count."""
        inside = [
            (sum(end - start for start, end in parts), content_head, parts)
            for parts, content_head in self._contents
            if _within(parts, head)
        ]
        if not inside:
            return None
        _, top, parts = min(inside)
        above = self._parse.tokens[self._parse.tokens[top].head]
        # "is expected to leave": what nobody in particular says holds the words that hedge it
        return None if above.i != top and _within(parts, above) else top

    def _is_denied(self, claim: ClaimDraft) -> bool:
        """Whether who denies or does not believe a deed says that it was not done, so that the denial counts."""
        if claim.act == "deny":
            return True
        cue = range(*claim.cue) if claim.cue is not None else ()
        return claim.act in _THOUGHTS and any(self._parse.children(i, "neg") for i in cue)


def _within(parts: Sequence[tuple[int, int]], token: Token) -> bool:
    return any(start <= token.start < end for start, end in parts)
