"""Contents that the words which report them interrupt: "They," said the envoy, "had left"."""

from __future__ import annotations

from msgspec.structs import replace

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_text import Range, Text
from dragoman.reading.parse import Token

_FEW_WORDS = 4  # beside the source: the cue, an adverb, whom it is told
_SUBJECTS = ("nsubj", "nsubjpass", "expl")


def whole(text: Text, candidate: Candidate, cues: CueLexicon) -> Candidate:
    """The candidate with what of its content stands on the other side of the words that report it, and with no more."""
    candidate = _before_others_report(text, candidate, cues)
    if text.quotations and candidate.frame not in ("quote_run", "quote_far", "quote_below"):
        candidate = _rejoined(text, candidate)
    return _resumed(text, candidate) if len(candidate.parts) == 1 and candidate.source is not None else candidate


def _before_others_report(text: Text, candidate: Candidate, cues: CueLexicon) -> Candidate:
    """The candidate without the report of somebody else at its end: "..., with a spokesman saying that"."""
    first, last = candidate.parts[-1]
    tokens = text.tokens
    for i in range(max(first + 1, candidate.trigger + 2), last):
        if tokens[i].lower != "with" or tokens[i - 1].text != "," or text.inside[i] >= 0:
            continue
        below = [v for n in text.parse.children(i, "pobj") for v in text.parse.children(n.i, "acl")]
        reports = [v for v in (*below, *text.parse.children(i, "pcomp")) if v.tag == "VBG"]
        if any(cue.act == "say" for v in reports for cue in cues.of("verb", v.lemma)):
            return replace(candidate, parts=(*candidate.parts[:-1], text.trimmed(first, i)))
    return candidate


def _rejoined(text: Text, candidate: Candidate) -> Candidate:
    """The candidate with all of a quotation that the journalist broke: "They," said the envoy, "had left".

    Only where the sentence holds little else than quotations, the cue and the source.
    """
    if text.inside[candidate.trigger] >= 0:
        return candidate
    sentence = text.parse.sentences[text.tokens[candidate.trigger].sent]
    numbers = sorted({text.inside[i] for i in sentence if text.inside[i] >= 0})
    if len(numbers) < 2:
        return candidate
    told = sum(text.inside[i] < 0 and text.tokens[i].pos != "PUNCT" for i in sentence)
    named = candidate.source[1] - candidate.source[0] if candidate.source else 0
    if told > named + _FEW_WORDS:
        return candidate
    return replace(candidate, parts=tuple(text.span_of[n] for n in numbers))


def _resumed(text: Text, candidate: Candidate) -> Candidate:
    """The candidate with both pieces of a content that a report between commas parts.

    "The ships had been sent, Tehran insisted, to protect its fleet": the parser hangs a piece on the verb that reports.
    """
    trigger = text.tokens[candidate.trigger]
    between = _between_commas(text, candidate, trigger) if trigger.pos == "VERB" else None
    if between is None:
        return candidate
    before, after = between
    first, last = candidate.parts[0]
    if last <= before:
        goes_on = [text.tokens[c] for c in trigger.children if c > after]
        pieces = [text.reach(t.i) for t in goes_on if _takes_up(text, t, trigger)]
        return replace(candidate, parts=((first, last), *(_from(p, after) for p in pieces[:1])))
    clauses = [c for c in text.parse.children(trigger.i, "ccomp") if c.i < before]
    if first >= after and clauses and candidate.frame == "xcomp":
        left = text.trimmed(text.left[clauses[-1].i], before)
        return replace(candidate, parts=(left, (first, last)), head=clauses[-1].i)
    return candidate


def _between_commas(text: Text, candidate: Candidate, trigger: Token) -> Range | None:
    """The commas around a source and its verb; None where other words stand there too."""
    tokens, source = text.tokens, candidate.source
    sentence = text.parse.sentences[trigger.sent]
    if source is None or text.inside[trigger.i] >= 0:
        return None
    first, last = min(source[0], trigger.i), max(source[1], trigger.i + 1)
    while first > sentence.first and tokens[first - 1].pos in ("AUX", "ADV"):
        first -= 1
    if first <= sentence.first or last >= sentence.last - 1:
        return None
    return (first - 1, last) if tokens[first - 1].text == tokens[last].text == "," else None


def _takes_up(text: Text, piece: Token, trigger: Token) -> bool:
    """Whether a piece behind the report goes on with the content: "to ..." and "and carried out ..."."""
    if piece.dep == "xcomp":
        return text.tokens[text.left[piece.i]].lower == "to"
    return piece.dep == "conj" and piece.tag != trigger.tag and not text.parse.children(piece.i, *_SUBJECTS)


def _from(piece: Range, comma: int) -> Range:
    return max(piece[0], comma + 1), piece[1]
