"""Who says, thinks, asks, denies, expects or intends what: the stage that fills ``Draft.claims``."""

from __future__ import annotations

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.cues import Cue, CueLexicon
from dragoman.reading.announced import announced_statements
from dragoman.reading.attribution_features import cues_of, takes
from dragoman.reading.attribution_text import Text
from dragoman.reading.attributions import Attribution, find_attributions
from dragoman.reading.commitments import committed
from dragoman.reading.draft import ClaimDraft, Draft
from dragoman.reading.floating import floating_quotations
from dragoman.reading.parse import Token
from dragoman.reading.predictions import find_predictions
from dragoman.reading.speakers import with_speakers
from dragoman.reading.turns import find_turns
from dragoman.records import Act, QuotationKind, Why

Range = tuple[int, int]

_ACTS_BY_FRAME: dict[str, Act] = {"according": "say", "according_sentence": "say", "colon": "say", "adverb": "say"}


def find_claims(draft: Draft, knowledge: Knowledge) -> Draft:
    """Find the attributions of a text, their speakers, and what the speakers commit to. Fills ``claims``."""
    text = Text(draft.parse)
    turns = find_turns(draft.parse, knowledge.cues)
    labels = frozenset(turn.cue[0] for turn in turns if turn.cue)
    claims = [_claim(text, found, knowledge) for found in find_attributions(text, draft, labels, knowledge)]
    claims += turns or announced_statements(text, knowledge.cues)
    claims += floating_quotations(text, claims)
    claims = [committed(draft, claim, knowledge) for claim in claims]
    claims = find_predictions(draft, sorted(claims, key=_order), knowledge)
    claims = _nested(sorted(claims, key=_order))
    return replace(draft, claims=tuple(with_speakers(draft, claims, text.quotations, knowledge)))


def _order(claim: ClaimDraft) -> tuple[int, int, bool, Range]:
    return claim.parts[0][0], -claim.parts[-1][1], claim.relayed_by is not None, claim.cue or (-1, -1)


def _claim(text: Text, found: Attribution, knowledge: Knowledge) -> ClaimDraft:
    candidate = found.candidate
    trigger = text.tokens[candidate.trigger]
    cues = cues_of(trigger, knowledge.cues) or _made_clear(text, trigger, knowledge.cues)
    cue = next((c for c in cues if takes(c, candidate.frame)), cues[0] if cues else None)
    rule = f"{cue.name if cue else 'unlisted'} {trigger.lemma.lower()} {candidate.frame}"
    return ClaimDraft(
        sentence=trigger.sent,
        source=None if _is_asked(text, trigger, cue) else _bare(text, candidate.source),
        cue=candidate.cue,
        parts=found.content,
        head=candidate.head,
        kind=_kind(text, found.content),
        act=_act(text, found, cue),
        why=Why(rule, *found.decided) if found.decided is not None else Why(rule),
        relayed_by=candidate.relayed_by,
    )


def _is_asked(text: Text, verb: Token, cue: Cue | None) -> bool:
    """Whether a participle says that somebody was asked, and not by whom: "when asked about the raid, she said"."""
    if cue is None or cue.act != "ask" or verb.tag != "VBN" or verb.dep != "advcl":
        return False
    return not text.parse.children(verb.i, "agent", "aux", "nsubj", "nsubjpass")


def _made_clear(text: Text, verb: Token, cues: CueLexicon) -> tuple[Cue, ...]:
    """The cues of the adjective that tells what a verb without any does: "made clear that"."""
    beside = text.parse.children(verb.i, "acomp", "oprd", "advmod", "ccomp", "amod")
    return next((found for a in beside if a.i == verb.i + 1 and (found := cues.of("adjective", a.lower))), ())


def _bare(text: Text, source: Range | None) -> Range | None:
    """A source without the "'s" of a possessor."""
    if source is None or source[1] - source[0] < 2 or text.tokens[source[1] - 1].tag != "POS":
        return source
    return source[0], source[1] - 1


def _act(text: Text, found: Attribution, cue: Cue | None) -> Act:
    candidate = found.candidate
    if candidate.relayed_by is not None:
        return "say"
    if cue is not None:
        return cue.act
    if _kind(text, found.content) == "direct":
        return "say"  # "as he put it"
    return _ACTS_BY_FRAME.get(candidate.frame, "say" if candidate.frame.startswith("quote") else "think")


def _kind(text: Text, content: tuple[Range, ...]) -> QuotationKind:
    """Direct when all of the content stands in quotation marks, mixed when some of it does."""
    size = sum(end - start for start, end in content)
    quoted = sum(text.quoted_characters(start, end) for start, end in content)
    if quoted == 0:
        return "indirect"
    return "direct" if quoted >= 0.95 * size else "mixed"


def _nested(claims: list[ClaimDraft]) -> list[ClaimDraft]:
    """Give each claim the innermost claim that holds its cue and content as parent, or the one that passes it on."""
    nested: list[ClaimDraft] = []
    reaches = [(claim.parts[0][0], claim.parts[-1][1]) for claim in claims]
    of_cue = {claim.cue[0]: n for n, claim in enumerate(claims) if claim.cue and claim.relayed_by is None}
    for number, claim in enumerate(claims):
        if claim.relayed_by in of_cue and claim.relayed_by is not None:
            nested.append(replace(claim, parent=of_cue[claim.relayed_by]))
            continue
        first, last = reaches[number]
        around = [(e - s, n) for n, (s, e) in enumerate(reaches) if s <= first and last <= e and e - s > last - first]
        nested.append(replace(claim, parent=min(around)[1] if around else None))
    return nested
