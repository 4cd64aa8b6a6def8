"""CAMEO codes as files write them, to events of PLOVER."""

from __future__ import annotations

from collections.abc import Callable

from dragoman.knowledge.base import Knowledge
from dragoman.knowledge.codings import EventCode


def cameo_meaning(knowledge: Knowledge) -> Callable[[str], EventCode | None]:
    """A look-up from CAMEO codes; a leading zero that a spreadsheet took away is put back."""
    codes = knowledge.codings.cameo

    def meaning(code: str) -> EventCode | None:
        bare = code.strip().removesuffix(".0").zfill(3)
        return codes.get(bare) or codes.get(f"0{bare}")

    return meaning
