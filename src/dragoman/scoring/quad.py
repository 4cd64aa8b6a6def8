"""Task ``quad``: the quad class of a sentence's strongest record, 0 when it holds none."""

from __future__ import annotations

from pathlib import Path

from dragoman.reading.draft import Draft, EventDraft
from dragoman.records import QUAD_CLASSES
from dragoman.scoring.gold import QuadSentence, macro_f1, read_rows
from dragoman.scoring.readings import drafts

_ASSERTED = frozenset({"CT+", "PR+"})
_QUAD = {**QUAD_CLASSES, "CONCEDE": 2, "SANCTION": 3}
_WEAKEST = 1.5  # of the absolute intensity, 0 to 10
_EMBEDDING = frozenset({"ccomp", "xcomp", "relcl", "acl", "advcl", "pcomp", "prep", "pobj", "conj", "dobj"})


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the strongest record's quad class.

    Returns:
        ``macro_f1`` over the classes 0 to 4.

    Raises:
        UnreadableInput: when the gold is missing or not in its format.
    """
    rows = read_rows(path, QuadSentence)
    said = [strongest_quad(draft) for draft in drafts([r.text for r in rows], fast, lexicon)]
    return {"macro_f1": macro_f1([r.quad for r in rows], said)}


def strongest_quad(draft: Draft) -> int:
    """The quad class of a sentence's strongest record; 0 without one.

    The strongest is what the sentence asserts (CT+ or PR+) nearest to its main clause, the first of several.
    Appeals and comments (CAMEO 01 and 02, of next to no intensity) are no interaction in that scheme.
    """
    asserted = [e for e in draft.events if e.factuality in _ASSERTED and abs(e.intensity) >= _WEAKEST]
    if not asserted:
        return 0
    strongest = min(asserted, key=lambda e: (_depth(draft, e), e.head))
    return _class_of(strongest)


def _class_of(event: EventDraft) -> int:
    """The quad class by the root code of CAMEO, as that data has it.

    What is reduced or broken off (16), sanctions and embargoes among it (163), is verbal conflict there; every
    concession (08) is material cooperation.
    """
    if event.event_type == "COERCE" and event.mode == "restrict" and "diplomatic" in event.contexts:
        return _QUAD["SANCTION"]
    return _QUAD[event.event_type]


def _depth(draft: Draft, event: EventDraft) -> int:
    """Clauses and phrases between an event and its sentence's main verb."""
    tokens = draft.parse.tokens
    path = (event.head, *draft.parse.ancestors(event.head))
    return sum(tokens[i].dep in _EMBEDDING for i in path)
