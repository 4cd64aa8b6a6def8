"""References that only the words behind them resolve: "our forces", and "the president" of a text's first lines."""

from __future__ import annotations

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.actor_persons import full_office
from dragoman.reading.coreference import Entities
from dragoman.reading.office_holders import one_holder
from dragoman.reading.parse import Parse
from dragoman.reading.phrases import of_state
from dragoman.reading.plural_reference import state_of
from dragoman.reading.pronoun_fit import teller


def settle_references(entities: Entities, parse: Parse, words: ReferenceWords, day: str | None) -> None:
    """Read what only the words behind it tell: "our forces", and "the president" of a text's first lines."""
    for phrase, entity in zip(entities.phrases, entities.entity_of, strict=True):
        first = parse.tokens[phrase.first]
        told = teller(parse, first) if first.lower in words.own and phrase.identifier is None else None
        speaker = entities.entity_at(told) if told is not None else None
        beside = parse.tokens[phrase.head].lemma.lower() in words.beside
        state = state_of(entities.names[speaker]) if speaker is not None and not beside else None
        if state is not None and entities.names[entity] is phrase:
            entities.names[entity] = of_state(phrase, state)
    _settle_offices(entities, words, day)


def _settle_offices(entities: Entities, words: ReferenceWords, day: str | None) -> None:
    """Tie "the president" of a text's first lines to the one president whom the text names later."""
    for entity, named in enumerate(entities.names):
        office = named.why.partition(":")[2]
        if named.via != "role" or not named.definite or full_office(office, words) not in words.offices:
            continue
        holder = one_holder(entities.names, office, named.country, day, words)
        if holder is not None:
            for k, other in enumerate(entities.entity_of):
                if other == entity:
                    entities.entity_of[k], entities.via_reference[k] = holder, True
    kept = sorted(set(entities.entity_of))
    numbers = {entity: number for number, entity in enumerate(kept)}
    entities.names = [entities.names[entity] for entity in kept]
    entities.entity_of = [numbers[entity] for entity in entities.entity_of]
