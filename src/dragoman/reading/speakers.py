"""Who speaks: a claim's source resolved through the text's mentions of actors, or the running speaker."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace

from dragoman.knowledge import Knowledge
from dragoman.reading.draft import ClaimDraft, Draft, Mention
from dragoman.reading.predictions import AUTHOR
from dragoman.records import ActorRef, Span

_FIRST_PERSON = frozenset(("i", "we", "me", "us", "my", "our"))
_LONGEST_NAME = 120  # characters of an unresolved source kept as the speaker's name


def with_speakers(draft: Draft, claims: Sequence[ClaimDraft], knowledge: Knowledge) -> list[ClaimDraft]:
    """The claims, in text order, with their speakers.

    A named source is the actor whose mention heads it. "I" inside a quotation is that quotation's speaker; a
    quotation without a source is its outer claim's speaker, or the last person who was quoted. A source that
    is no known actor keeps its words as the name, with the id None.
    """
    mentions = sorted(draft.mentions, key=lambda m: (m.first, -m.last))
    starts = [m.first for m in mentions]
    resolved: list[ClaimDraft] = []
    running: ActorRef | None = None
    for claim in claims:
        outer = resolved[claim.parent].speaker if claim.parent is not None and claim.parent < len(resolved) else None
        speaker = _speaker(draft, claim, mentions, starts, outer, running, knowledge.cues.voices)
        resolved.append(replace(claim, speaker=speaker))
        if speaker is not None and _quoted_person(draft, claim, speaker):
            running = speaker
    return resolved


def _speaker(
    draft: Draft,
    claim: ClaimDraft,
    mentions: Sequence[Mention],
    starts: Sequence[int],
    outer: ActorRef | None,
    running: ActorRef | None,
    voices: Sequence[str],
) -> ActorRef | None:
    if claim.source is None:
        if claim.cue is not None or claim.why.rule == AUTHOR:
            return None
        known = outer or running
        return replace_span(known, _place(draft, claim)) if known else None
    first, last = claim.source
    words = draft.parse.span(first, last)
    if words.quote.lower() in _FIRST_PERSON and (outer or running):
        return replace_span(outer or running, words)
    mention = _heading(draft, mentions, starts, first, last)
    if running is not None and _refers_back(draft, claim.source, mention, voices):
        return ActorRef(running.id, running.name, words, running.wikidata, "coreference")
    if mention is not None:
        name = draft.actors[mention.entity].name if mention.entity < len(draft.actors) else mention.ref.name
        return ActorRef(mention.ref.id, name, words, mention.ref.wikidata, mention.ref.via)
    return ActorRef(None, words.quote[:_LONGEST_NAME], words)


def _refers_back(draft: Draft, source: tuple[int, int], mention: Mention | None, voices: Sequence[str]) -> bool:
    """Whether a source is "the expert" or the like: definite, singular, no name, and not resolved to an actor."""
    tokens = draft.parse.tokens[source[0] : source[1]]
    if len(tokens) != 2 or tokens[0].lower not in ("the", "this") or tokens[1].tag != "NN":
        return False
    return tokens[1].lemma in voices and (mention is None or (mention.ref.id is None and mention.ref.via == "role"))


def replace_span(known: ActorRef | None, span: Span) -> ActorRef | None:
    """The same actor, named through a quotation at another place."""
    return None if known is None else ActorRef(known.id, known.name, span, known.wikidata, "quotation")


def _place(draft: Draft, claim: ClaimDraft) -> Span:
    start, end = claim.parts[0]
    return Span(start, end, draft.document.text[start:end])


def _heading(draft: Draft, mentions: Sequence[Mention], starts: Sequence[int], first: int, last: int) -> Mention | None:
    """The mention that holds the head of the source, the widest within the source first."""
    tokens = draft.parse.tokens
    head = next((i for i in range(first, last) if not first <= tokens[i].head < last or tokens[i].head == i), first)
    best: Mention | None = None
    for k in range(bisect.bisect_left(starts, first - 12), bisect.bisect_left(starts, last)):
        mention = mentions[k]
        if not mention.first <= head < mention.last:
            continue
        exact = mention.head == head
        if best is None or (exact, mention.last - mention.first) > (best.head == head, best.last - best.first):
            best = mention
    return best


def _quoted_person(draft: Draft, claim: ClaimDraft, speaker: ActorRef) -> bool:
    """Whether a claim sets the running speaker: one voice, not a crowd, speaking in the text's own voice."""
    if claim.parent is not None or claim.source is None or claim.act not in ("say", "think"):
        return False
    tokens = draft.parse.tokens[claim.source[0] : claim.source[1]]
    plural = any(t.tag in ("NNS", "NNPS") and t.dep in ("nsubj", "pobj", "ROOT") for t in tokens)
    person = any(a.kind == "person" and a.name == speaker.name for a in draft.actors)
    return person or (claim.kind == "direct" and not plural and tokens[-1].lower not in ("they", "it", "who", "which"))
