"""Task ``quad``: the quad class of a sentence's strongest record, 0 when it holds none."""

from __future__ import annotations

from pathlib import Path

from dragoman.reading.draft import Draft
from dragoman.records import QUAD_CLASSES
from dragoman.scoring.gold import macro_f1, read_rows
from dragoman.scoring.readings import drafts


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the strongest record's quad class.

    Returns:
        ``macro_f1`` over the classes 0 to 4.

    Raises:
        UnreadableInput: when the gold is missing or not in its format.
    """
    rows = read_rows(path, "text", "quad")
    said = [strongest_quad(draft) for draft in drafts([r["text"] for r in rows], fast, lexicon)]
    return {"macro_f1": macro_f1([r["quad"] for r in rows], said)}


def strongest_quad(draft: Draft) -> int:
    """The quad class of the event with the largest absolute intensity, the first of several; 0 without one."""
    if not draft.events:
        return 0
    strongest = max(draft.events, key=lambda e: (abs(e.intensity), -e.head))
    return QUAD_CLASSES[strongest.event_type]
