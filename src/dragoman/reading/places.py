"""Places named in the text, resolved against the gazetteer by country context."""

from __future__ import annotations

from dragoman.knowledge import Knowledge
from dragoman.reading.draft import Draft


def find_places(draft: Draft, knowledge: Knowledge) -> Draft:
    """Fill the draft's part of this stage."""
    del knowledge
    return draft
