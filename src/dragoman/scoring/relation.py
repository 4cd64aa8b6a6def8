"""Task ``relation``: source and target are marked; which of 15 classes holds between them?"""

from __future__ import annotations

from pathlib import Path

from dragoman.reading import relation_model
from dragoman.reading.draft import Draft
from dragoman.records import QUAD_CLASSES
from dragoman.scoring.events import found
from dragoman.scoring.gold import MarkedPair, macro_f1, merged, read_rows
from dragoman.scoring.readings import drafts

_QUAD = {**QUAD_CLASSES, "YIELD": QUAD_CLASSES["RETREAT"]}
_AGREES = 0.1  # what a record of the lexicon between the marks adds to its class


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the class chosen for each marked pair; with ``fast`` by the lexicon alone.

    Returns:
        ``accuracy``, ``macro_f1`` over the 15 classes, ``quad_macro_f1``.

    Raises:
        UnreadableInput: when the gold is missing or not in its format.
    """
    rows = read_rows(path, MarkedPair)
    read = list(drafts([r.text for r in rows], True, lexicon))
    by_lexicon = [lexicon_class(draft, row) for draft, row in zip(read, rows, strict=True)]
    said = [name for name, _ in by_lexicon]
    if not fast:
        items = [(r.text, r.source, r.target) for r in rows]
        said = [_joined(p, *vote) for p, vote in zip(relation_model.classify(items), by_lexicon, strict=True)]
    gold = [merged(r.event_type) for r in rows]
    return {
        "accuracy": sum(g == s for g, s in zip(gold, said, strict=True)) / len(rows),
        "macro_f1": macro_f1(gold, said),
        "quad_macro_f1": macro_f1([_QUAD[g] for g in gold], [_QUAD[s] for s in said]),
    }


def lexicon_class(draft: Draft, row: MarkedPair) -> tuple[str, bool]:
    """The class of the record between the marks, or of the record nearest to them; and whether it was between them."""
    between = [e for e in draft.events if found(draft, e, row.source, row.target, row.event_type)]
    if between:
        return merged(between[0].event_type), True
    touching = [
        e for e in draft.events if found(draft, e, row.source, None, "") or found(draft, e, None, row.target, "")
    ]
    for events in (touching, draft.events):
        if events:
            return merged(events[0].event_type), False
    return "CONSULT", False


def _joined(probabilities: dict[str, float], vote: str, between: bool) -> str:
    bonus = _AGREES if between else 0.0
    return max(probabilities, key=lambda name: probabilities[name] + bonus * (name == vote))
