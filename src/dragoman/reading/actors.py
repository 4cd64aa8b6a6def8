"""Actors named in the text: by name, demonym, metonym, office, role noun or reference back."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from dragoman.knowledge import Knowledge
from dragoman.knowledge.actors import ActorIndex
from dragoman.reading.abbreviations import with_abbreviations
from dragoman.reading.actor_names import NameMatch, find_names
from dragoman.reading.actor_persons import full_surnames
from dragoman.reading.actor_phrases import PhraseFinder
from dragoman.reading.actor_places import settle
from dragoman.reading.coreference import Entities
from dragoman.reading.draft import Draft, Mention
from dragoman.reading.joint_names import with_joint
from dragoman.reading.late_reference import settle_references
from dragoman.reading.parse import Entity, Parse, Sentence, Token
from dragoman.reading.phrases import Phrase
from dragoman.reading.turn_labels import Label
from dragoman.reading.turns import labels_of
from dragoman.reading.voices import add_voices
from dragoman.records import Actor, ActorRef, Role, Via

_VIAS: dict[str, Via] = {
    "name": "name", "alias": "alias", "demonym": "demonym", "metonym": "metonym", "role": "role",
    "coreference": "coreference",
}  # fmt: skip


def find_actors(draft: Draft, knowledge: Knowledge) -> Draft:
    """Fill ``mentions`` and ``actors``.

    A mention covers the whole noun phrase that names the actor. Named but unknown actors are kept with
    the id None.
    """
    entities = _entities(draft, knowledge)
    mentions: list[Mention] = []
    for phrase, entity, referred in zip(entities.phrases, entities.entity_of, entities.via_reference, strict=True):
        mentions.append(_mention(draft.parse, phrase, entity, entities.names[entity], referred))
    order = sorted(range(len(mentions)), key=lambda k: (mentions[k].first, -mentions[k].last))
    ordered = tuple(mentions[k] for k in order)
    actors = _actors(entities, ordered, draft, knowledge.actors)
    return structs.replace(draft, mentions=ordered, actors=actors)


def _entities(draft: Draft, knowledge: Knowledge) -> Entities:
    parse, index, day = draft.parse, knowledge.actors, draft.document.published
    finder = PhraseFinder(parse, index, day)
    entities = Entities(parse, index, day)
    settled = settle(parse, _names(parse, index), draft.places, index, knowledge.gazetteer, day)
    names = with_abbreviations(parse, settled, knowledge.actors.spelling)
    labels = labels_of(parse, knowledge.cues)
    opened = {label.start for label in labels}
    for sentence in parse.sentences:
        if parse.tokens[sentence.first].start in opened and _is_label(parse, sentence, labels):
            continue  # who speaks is nobody whom "he" in the turn refers back to
        phrases = finder.find(list(sentence), with_joint(names[sentence.index], parse.tokens, sentence, index))
        pronouns = entities.pronouns(parse.tokens[sentence.first : sentence.last])
        for item in _in_text_order(phrases, pronouns):
            if isinstance(item, Phrase):
                entities.add(item)
            else:
                entities.add_pronoun(item)
    settle_references(entities, parse, index.references, day)
    add_voices(draft, entities, labels, knowledge)
    return entities


def _in_text_order(phrases: Sequence[Phrase], pronouns: Sequence[Token]) -> list[Phrase | Token]:
    """Phrases and pronouns by position, so that a reference only sees what stands before it."""
    joined: list[tuple[int, int, Phrase | Token]] = [(p.first, 0, p) for p in phrases]
    joined += [(t.i, 1, t) for t in pronouns]
    return [item for _, _, item in sorted(joined, key=lambda x: (x[0], x[1]))]


def _is_label(parse: Parse, sentence: Sentence, labels: Sequence[Label]) -> bool:
    start, end = parse.tokens[sentence.first].start, parse.tokens[sentence.last - 1].end
    return any(label.start == start and end <= label.opened for label in labels)


def _names(parse: Parse, index: ActorIndex) -> dict[int, list[NameMatch]]:
    """The names of each sentence."""
    recognised: dict[int, list[Entity]] = {}
    for entity in parse.entities:
        recognised.setdefault(parse.tokens[entity.first].sent, []).append(entity)
    given = full_surnames(parse)
    return {s.index: find_names(parse, s, index, recognised.get(s.index, ()), given) for s in parse.sentences}


def _mention(parse: Parse, phrase: Phrase, entity: int, named: Phrase, referred: bool) -> Mention:
    identifier = named.identifier if referred or phrase.identifier is None else phrase.identifier
    source = named.entry if named.entry is not None else phrase.entry
    ref = ActorRef(
        id=identifier,
        name=_one_line(named.name if referred or phrase.kind == "person" else phrase.name),
        span=parse.span(phrase.first, phrase.last),
        wikidata=source.wikidata if source is not None else None,
        via="coreference" if referred else _VIAS.get(phrase.via),
    )
    return Mention(phrase.first, phrase.last, phrase.head, ref, entity, phrase.why)


def _one_line(name: str) -> str:
    """A name without the line breaks of its text."""
    return " ".join(name.split())


def _actors(entities: Entities, mentions: tuple[Mention, ...], draft: Draft, index: ActorIndex) -> tuple[Actor, ...]:
    spans: dict[int, list[Mention]] = {}
    for mention in mentions:
        spans.setdefault(mention.entity, []).append(mention)
    actors = []
    for entity, named in enumerate(entities.names):
        identified = [m.ref.id for m in spans.get(entity, ()) if m.ref.id is not None]
        actors.append(
            Actor(
                id=named.identifier or (identified[0] if identified else None),
                name=_one_line(named.name),
                kind=named.kind,  # type: ignore[arg-type]  # phrases take kinds of the lexicon, which is checked
                country=_home(named, index),
                wikidata=named.entry.wikidata if named.entry is not None else None,
                mentions=tuple(m.ref.span for m in spans.get(entity, ())),
                roles=_roles(named, draft.document.published),
            )
        )
    return tuple(actors)


def _home(named: Phrase, index: ActorIndex) -> str | None:
    """The country of an actor; for the members of an armed group the country that the group is of."""
    if named.country is None or len(named.country) == 3:
        return named.country
    group = index.of_id(named.country)
    return group.country if group is not None else None


def _roles(named: Phrase, day: str | None) -> tuple[Role, ...]:
    if named.entry is None or day is None:
        return ()
    return tuple(
        Role(role.title or role.id, role.id.split("-")[0], role.start, role.end)
        for role in named.entry.roles
        if role.holds(day)
    )
