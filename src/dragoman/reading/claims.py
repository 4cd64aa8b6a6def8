"""Who says, thinks, asks or denies what."""

from __future__ import annotations

from dragoman.knowledge import Knowledge
from dragoman.reading.draft import Draft


def find_claims(draft: Draft, knowledge: Knowledge) -> Draft:
    """Fill the draft's part of this stage."""
    del knowledge
    return draft
