"""What a claim's source commits to: the content's own words under what its cue does to them."""

from __future__ import annotations

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.cues import Cue
from dragoman.reading.attribution_features import cues_of
from dragoman.reading.draft import ClaimDraft, Commitment, Draft
from dragoman.reading.factuality import assess, embedded, negated, negated_by_nor
from dragoman.reading.parse import Token
from dragoman.records import Factuality

_RANK = {"CT": 3, "PR": 2, "PS": 1}
_TURNED = {"+": "-", "-": "+", "u": "u"}


def committed(draft: Draft, claim: ClaimDraft, knowledge: Knowledge) -> ClaimDraft:
    """The claim with its commitment, as its source holds it."""
    if claim.head is None:
        return claim
    parse = draft.parse
    own = assess(parse, embedded(parse, claim.head, knowledge), knowledge, claim.head)
    if claim.cue is None:
        return replace(claim, commitment=own)
    trigger = parse.tokens[claim.cue[0]]
    cues = cues_of(trigger, knowledge.cues)
    cue = next((c for c in cues if claim.why.rule.startswith(c.name)), cues[0] if cues else None)
    value = under(own.value, _value_of(draft, trigger, cue, claim, knowledge))
    why = own.why if value == own.value else (*own.why, trigger.lower)
    return replace(claim, commitment=Commitment(value, why, own.probability))


def _value_of(draft: Draft, trigger: Token, cue: Cue | None, claim: ClaimDraft, knowledge: Knowledge) -> str:
    """What the cue does to its content; a negated cue commits its source to nothing ("did not say that")."""
    parse = draft.parse
    whether = any(c.lower in ("whether", "if") for c in parse.children(claim.head or 0, "mark"))
    commits = cue.commits if cue is not None and claim.relayed_by is None else "as"
    if commits == "Uu" and claim.kind == "direct" and claim.act == "say":
        commits = "as"  # whatever his words are cited for, they are his
    if whether:
        return "CTu"
    lexicon = knowledge.commitment
    if (negated(parse, trigger, lexicon) or negated_by_nor(parse, trigger, lexicon)) is None:
        return commits
    if cue is not None and cue.factive:
        return commits
    return {"PR+": "PR-", "PR-": "PR+", "CT-": "Uu"}.get(commits, "Uu")


def under(own: Factuality, commits: str) -> Factuality:
    """The value ``own`` of a content under a cue that commits its source to ``commits``."""
    if commits == "as" or own == "Uu":
        return own
    if commits == "Uu":
        return "Uu"
    if commits == "CTu" or own == "CTu":
        return "CTu"
    certainty = min(own[:2], commits[:2], key=_RANK.__getitem__)
    sign = _TURNED[own[2]] if commits[2] == "-" else own[2]
    return f"{certainty}{sign}"  # type: ignore[return-value]  # built from two FactBank values
