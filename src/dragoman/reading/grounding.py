"""When and where each event happened."""

from __future__ import annotations

from dragoman.knowledge import Knowledge
from dragoman.reading.draft import Draft


def ground_events(draft: Draft, knowledge: Knowledge) -> Draft:
    """Fill the draft's part of this stage."""
    del knowledge
    return draft
