"""Quotations that no cue introduces: the speaker was named before ("he said" left out)."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.reading.attribution_text import Text
from dragoman.reading.draft import ClaimDraft
from dragoman.reading.parse import Sentence
from dragoman.records import Why

Range = tuple[int, int]

_FEWEST_WORDS = 4
_FINITE = frozenset(("VBD", "VBP", "VBZ", "MD"))
_MOSTLY = 0.9  # share of a sentence in quotation marks from which it is all quotation
_PARTLY = 0.3
_LONGEST = 200  # sentences gathered into one claim


def floating_quotations(text: Text, claims: Sequence[ClaimDraft]) -> list[ClaimDraft]:
    """Claims for the quoted sentences that no claim covers, neighbours of one paragraph together."""
    if not text.quotations:
        return []
    # what a quotation reports of others does not say who speaks it
    covered = sorted(part for c in claims if c.cue is None or text.inside[c.cue[0]] < 0 for part in c.parts)
    found: list[ClaimDraft] = []
    run: list[tuple[Sentence, Range]] = []
    for sentence in text.parse.sentences:
        part = _quoted_part(text, sentence)
        if part is not None and _covers(covered, part):
            part = _left_over(text, sentence, covered)
        if part is None:
            found.extend(_claims_of(text, run))
            run = []
            continue
        if run and (run[-1][0].paragraph != sentence.paragraph or len(run) >= _LONGEST):
            found.extend(_claims_of(text, run))
            run = []
        run.append((sentence, part))
    found.extend(_claims_of(text, run))
    return found


def _quoted_part(text: Text, sentence: Sentence) -> Range | None:
    """The characters of a sentence that a quotation speaks: its quoted part, or all of it when that is broken."""
    words = [i for i in sentence if text.tokens[i].pos != "PUNCT"]
    quoted = [i for i in words if text.inside[i] >= 0]
    if len(quoted) < _FEWEST_WORDS or not any(text.tokens[i].pos in ("VERB", "AUX") for i in quoted):
        return None
    share = len(quoted) / len(words)
    if share < _PARTLY:
        return None
    first, last = (quoted[0], quoted[-1]) if share >= _MOSTLY else (words[0], words[-1])
    start, end = text.tokens[first].start, text.tokens[last].end
    for number in {text.inside[quoted[0]], text.inside[quoted[-1]]}:
        quotation = text.quotations[number]
        inner, outer = text.span_of[number]
        if inner >= sentence.first:
            start = min(start, quotation.start)
        if outer <= sentence.last + 1:
            end = max(end, quotation.end)
    return start, end


def _left_over(text: Text, sentence: Sentence, covered: Sequence[Range]) -> Range | None:
    """The first quotation of a sentence that speaks a clause and that no claim covers, where another is covered."""
    for number in dict.fromkeys(text.inside[i] for i in sentence if text.inside[i] >= 0):
        first, last = text.span_of[number]
        words = [t for t in text.tokens[first:last] if t.pos != "PUNCT"]
        quotation = text.quotations[number]
        span = (quotation.start, quotation.end)
        if len(words) >= _FEWEST_WORDS and any(t.tag in _FINITE for t in words) and not _covers(covered, span):
            return span
    return None


def _covers(covered: Sequence[Range], part: Range) -> bool:
    common = sum(max(0, min(e, part[1]) - max(s, part[0])) for s, e in covered)
    return common > 0.3 * (part[1] - part[0])


def _claims_of(text: Text, run: Sequence[tuple[Sentence, Range]]) -> list[ClaimDraft]:
    if not run:
        return []
    size = sum(end - start for _, (start, end) in run)
    inside = sum(text.quoted_characters(start, end) for _, (start, end) in run)
    return [
        ClaimDraft(
            sentence=run[0][0].index,
            source=None,
            cue=None,
            parts=_joined([part for _, part in run]),
            head=run[0][0].root,
            kind="direct" if inside >= _MOSTLY * size else "mixed",
            act="say",
            why=Why("quotation without a cue: the running speaker"),
        )
    ]


def _joined(parts: Sequence[Range]) -> tuple[Range, ...]:
    joined: list[Range] = []
    for start, end in parts:
        if joined and start <= joined[-1][1] + 2:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
