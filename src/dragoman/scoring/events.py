"""Task ``events``: only the text is given; which gold pairs are found, and with the right type?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from dragoman.reading.draft import Draft, EventDraft
from dragoman.records import ActorRef
from dragoman.scoring.gold import RECIPROCAL, MarkedPair, merged, read_rows
from dragoman.scoring.readings import drafts


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score found events against marked pairs.

    Returns:
        ``pair_recall``, ``typed_recall`` (shares of gold rows) and ``records_per_sentence``.

    Raises:
        UnreadableInput: when the gold is missing or not in its format.
    """
    rows = read_rows(path, MarkedPair)
    pairs = typed = records = 0
    for row, draft in zip(rows, drafts([r.text for r in rows], fast, lexicon), strict=True):
        records += len(draft.events)
        hits = [e for e in draft.events if found(draft, e, row.source, row.target, row.event_type)]
        pairs += bool(hits)
        typed += any(merged(e.event_type) == merged(row.event_type) for e in hits)
    n = len(rows)
    return {"pair_recall": pairs / n, "typed_recall": typed / n, "records_per_sentence": records / n}


def found(
    draft: Draft, event: EventDraft, source: Sequence[int] | None, target: Sequence[int] | None, gold_type: str
) -> bool:
    """Whether an event's actor overlaps the source and its recipient the target; a missing span asks for nothing."""
    straight = _overlaps(draft, event.actors, source) and (
        _overlaps(draft, event.recipients, target) or (target is not None and _meet(event.targets, target))
    )
    if straight or gold_type not in RECIPROCAL:
        return straight
    both = (*event.actors, *event.recipients)
    turned = _overlaps(draft, event.actors, target) and _overlaps(draft, event.recipients, source)
    return turned or (_overlaps(draft, both, source) and _overlaps(draft, both, target) and len(event.actors) > 1)


def _overlaps(draft: Draft, mentions: Sequence[int], span: Sequence[int] | None) -> bool:
    if span is None:
        return True
    return _meet((draft.mentions[m].ref for m in mentions), span)


def _meet(refs: Iterable[ActorRef], span: Sequence[int]) -> bool:
    return any(ref.span.start < span[1] and span[0] < ref.span.end for ref in refs)
