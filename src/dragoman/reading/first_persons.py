"""Whom "I", "we" and "our" stand for in a quotation: whoever it is attributed to."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.actors import ActorIndex
from dragoman.reading.draft import ClaimDraft, Draft, Mention
from dragoman.reading.parse import Parse
from dragoman.records import Actor, ActorRef


def find_first_persons(draft: Draft, knowledge: Knowledge) -> Draft:
    """Add the first persons of quotations to ``mentions``, behind the others, and give "our forces" their state."""
    words, own = frozenset(knowledge.cues.first_person), knowledge.actors.references.own
    entities = {actor.name: number for number, actor in reversed(list(enumerate(draft.actors)))}
    holders = {mention.first: number for number, mention in enumerate(draft.mentions)}
    named = {token for mention in draft.mentions for token in range(mention.first, mention.last)}
    actors, mentions = list(draft.actors), list(draft.mentions)
    for i, claim in sorted(_quoted(draft).items()):
        speaker, token = claim.speaker, draft.parse.tokens[i]
        if speaker is None or token.lower not in words or token.text == "US":  # "US" is no "us"
            continue
        if token.lower in own and i in holders:
            identifier = _owned(mentions[holders[i]], draft, knowledge.actors, speaker)
            if identifier is not None:
                _identify(mentions, actors, mentions[holders[i]].entity, identifier)
        entity = entities.get(speaker.name or "")
        if i in named or entity is None:
            continue
        ref = ActorRef(speaker.id, speaker.name, draft.parse.span(i, i + 1), speaker.wikidata, "quotation")
        mentions.append(Mention(i, i + 1, i, ref, entity, f"quotation:{token.lower}"))
        spans = tuple(sorted((*actors[entity].mentions, ref.span), key=lambda span: (span.start, -span.end)))
        actors[entity] = replace(actors[entity], mentions=spans)
    return replace(draft, mentions=tuple(mentions), actors=tuple(actors))


def _owned(mention: Mention, draft: Draft, index: ActorIndex, speaker: ActorRef) -> str | None:
    """The id of those who are the speaker's own: "our army", said by a minister; not "our allies"."""
    state = (speaker.id or "").partition("-")[0]
    noun = draft.parse.tokens[mention.head].lemma.lower()
    if mention.ref.id is not None or len(state) != 3 or noun in index.references.beside:
        return None
    sector = index.role_nouns.get(noun)
    return f"{state}-{sector}" if sector not in (None, "UNK") else None


def _identify(mentions: list[Mention], actors: list[Actor], entity: int, identifier: str) -> None:
    """Give an entity that was named without an id one."""
    for number, mention in enumerate(mentions):
        if mention.entity == entity and mention.ref.id is None:
            mentions[number] = replace(mention, ref=replace(mention.ref, id=identifier))
    actors[entity] = replace(actors[entity], id=identifier, country=identifier.partition("-")[0])


def _quoted(draft: Draft) -> dict[int, ClaimDraft]:
    """The tokens of quotations, each with the innermost claim that quotes it."""
    quoting = sorted((c for c in draft.claims if c.kind in ("direct", "mixed")), key=_length, reverse=True)
    return {token: claim for claim in quoting for token in _tokens(claim, draft.parse)}


def _tokens(claim: ClaimDraft, parse: Parse) -> Iterator[int]:
    for start, end in claim.parts:
        yield from range(parse.token_at(start), parse.token_at(end))


def _length(claim: ClaimDraft) -> int:
    return sum(end - start for start, end in claim.parts)
