"""Who says, thinks, asks, denies, expects or intends what: the stage that fills ``Draft.claims``."""

from __future__ import annotations

from dataclasses import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.cues import Cue
from dragoman.reading.announced import announced_statements
from dragoman.reading.attribution_candidates import Candidate, find_candidates
from dragoman.reading.attribution_characters import characters
from dragoman.reading.attribution_choice import choose, listed, ranked
from dragoman.reading.attribution_features import cues_of, takes
from dragoman.reading.attribution_ranking import MODEL
from dragoman.reading.attribution_source_choice import MODEL as SOURCE_MODEL
from dragoman.reading.attribution_source_choice import with_sources
from dragoman.reading.attribution_text import Text
from dragoman.reading.commitments import committed
from dragoman.reading.draft import ClaimDraft, Draft
from dragoman.reading.floating import floating_quotations
from dragoman.reading.predictions import find_predictions
from dragoman.reading.speakers import with_speakers
from dragoman.reading.turns import find_turns
from dragoman.records import Act, QuotationKind, Why

Range = tuple[int, int]

_FEW_WORDS = 4  # beside the source: the cue, an adverb, whom it is told
_OBJECT_FRAMES = frozenset(("dobj", "rest", "passive", "to_end", "dative"))
_ACTS_BY_FRAME: dict[str, Act] = {"according": "say", "according_sentence": "say", "colon": "say", "adverb": "say"}


def find_claims(draft: Draft, knowledge: Knowledge) -> Draft:
    """Find the attributions of a text, their speakers, and what the speakers commit to. Fills ``claims``."""
    text = Text(draft.parse)
    deeds = frozenset(knowledge.cues.deeds)
    turns = find_turns(draft.parse, knowledge.cues)
    labels = frozenset(turn.cue[0] for turn in turns if turn.cue)
    candidates = [c for c in find_candidates(text, knowledge.cues if draft.fast else None) if c.trigger not in labels]
    scores, threshold = (listed if draft.fast else ranked)(text, candidates, knowledge.cues)
    likely = [n for n, c in enumerate(candidates) if scores[n] >= threshold and not _is_deed(text, c, deeds)]
    contents = {n: characters(text, _rejoined(text, candidates[n])) for n in likely}
    triggers = {n: candidates[n].trigger for n in likely}
    chosen = choose({n: float(scores[n]) for n in likely}, triggers, contents, threshold)
    standing = [candidates[n] for n in chosen]
    if not draft.fast:
        standing = with_sources(text, standing, knowledge.cues)
    claims = [
        _claim(text, c, contents[n], knowledge, None if draft.fast else (_models(c, candidates[n]), float(scores[n])))
        for n, c in zip(chosen, standing, strict=True)
    ]
    reported = {candidates[n].trigger for n in chosen}
    claims += [
        _claim(text, c, characters(text, c), knowledge, None)
        for c in candidates
        if c.trigger not in reported and _reported_inside(text, c, knowledge)
    ]
    claims += turns or announced_statements(text, knowledge.cues)
    claims += floating_quotations(text, claims)
    claims = [committed(draft, claim, knowledge) for claim in claims]
    claims = find_predictions(draft, sorted(claims, key=_order), knowledge)
    claims = _nested(sorted(claims, key=_order))
    return replace(draft, claims=tuple(with_speakers(draft, claims, knowledge)))


def _rejoined(text: Text, candidate: Candidate) -> Candidate:
    """The candidate with all of a quotation that the journalist broke: "They," said the envoy, "had left".

    Only where the sentence holds little else than quotations, the cue and the source.
    """
    if text.inside[candidate.trigger] >= 0 or candidate.frame in ("quote_run", "quote_far", "quote_below"):
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


def _reported_inside(text: Text, candidate: Candidate, knowledge: Knowledge) -> bool:
    """Whether a quotation reports what somebody named in it says or holds ("The US assumes that ...").

    The ranking's training articles do not mark these, so the lexicon alone decides: a listed cue that holds a whole
    clause opened by "that", and a source in the third person.
    """
    trigger = text.tokens[candidate.trigger]
    if candidate.frame != "ccomp" or text.inside[trigger.i] < 0 or candidate.owner not in ("subject", "modified"):
        return False
    if trigger.lemma in knowledge.cues.ambiguous:
        return False
    source = text.tokens[candidate.source_head] if candidate.source_head is not None else None
    if (
        source is None
        or source.lower in knowledge.cues.no_third_person
        or text.tokens[candidate.parts[0][0]].lower != "that"
    ):
        return False
    return any(takes(cue, "ccomp") for cue in cues_of(trigger, knowledge.cues))


def _is_deed(text: Text, candidate: Candidate, deeds: frozenset[str]) -> bool:
    """Whether a candidate is something done to its object rather than said of it."""
    frame = candidate.frame.partition("/")[0]
    return frame in _OBJECT_FRAMES and text.tokens[candidate.trigger].lemma in deeds


def _order(claim: ClaimDraft) -> tuple[int, int, Range]:
    return claim.parts[0][0], -claim.parts[-1][1], claim.cue or (-1, -1)


def _models(standing: Candidate, found: Candidate) -> str:
    """The trained parts that decided: the second is named where it took another source than the rules'."""
    return MODEL if standing.source == found.source else f"{MODEL}, {SOURCE_MODEL}"


def _claim(
    text: Text,
    candidate: Candidate,
    content: tuple[Range, ...],
    knowledge: Knowledge,
    decided: tuple[str, float] | None,
) -> ClaimDraft:
    trigger = text.tokens[candidate.trigger]
    cues = cues_of(trigger, knowledge.cues)
    cue = next((c for c in cues if takes(c, candidate.frame)), cues[0] if cues else None)
    rule = f"{cue.name if cue else 'unlisted'} {trigger.lemma.lower()} {candidate.frame}"
    return ClaimDraft(
        sentence=trigger.sent,
        source=candidate.source,
        cue=candidate.cue,
        parts=content,
        head=candidate.head,
        kind=_kind(text, content),
        act=_act(candidate, cue),
        why=Why(rule, decided[0], round(decided[1], 3)) if decided is not None else Why(rule),
    )


def _act(candidate: Candidate, cue: Cue | None) -> Act:
    if cue is not None:
        return cue.act
    return _ACTS_BY_FRAME.get(candidate.frame, "say" if candidate.frame.startswith("quote") else "think")


def _kind(text: Text, content: tuple[Range, ...]) -> QuotationKind:
    """Direct when all of the content stands in quotation marks, mixed when some of it does."""
    size = sum(end - start for start, end in content)
    quoted = sum(max(0, min(end, q.end) - max(start, q.start)) for start, end in content for q in text.quotations)
    if quoted == 0:
        return "indirect"
    return "direct" if quoted >= 0.95 * size else "mixed"


def _nested(claims: list[ClaimDraft]) -> list[ClaimDraft]:
    """Give each claim the innermost claim that holds its cue and content as parent."""
    nested: list[ClaimDraft] = []
    for number, claim in enumerate(claims):
        first, last = claim.parts[0][0], claim.parts[-1][1]
        parent, smallest = None, 0
        for other, around in enumerate(claims):
            if other == number:
                continue
            size = around.parts[-1][1] - around.parts[0][0]
            holds = around.parts[0][0] <= first and last <= around.parts[-1][1] and size > last - first
            if holds and (parent is None or size < smallest):
                parent, smallest = other, size
        nested.append(replace(claim, parent=parent))
    return nested
