"""Events by PLOVER's types, from frames over the parse."""

from __future__ import annotations

from dragoman.knowledge import Knowledge
from dragoman.reading.draft import Draft


def find_events(draft: Draft, knowledge: Knowledge) -> Draft:
    """Fill the draft's part of this stage."""
    del knowledge
    return draft
