"""Who speaks in a transcript, and whom "I" and "we" stand for in each turn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dragoman.knowledge import Knowledge
from dragoman.knowledge.actors import ActorIndex
from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.coreference import Entities
from dragoman.reading.draft import Draft
from dragoman.reading.parse import Parse, Token
from dragoman.reading.phrases import Phrase, of_state
from dragoman.reading.turn_labels import Label


def add_voices(draft: Draft, entities: Entities, labels: Sequence[Label], knowledge: Knowledge) -> None:
    """Add the people whom a transcript's labels name and the first persons of their turns to a text's phrases.

    "I" is whoever speaks. "We" is the state, body or group that the speaker answers for, where one is known.
    """
    parse, cues = draft.parse, knowledge.cues
    known: dict[str, int | None] = {}
    found: list[tuple[Phrase, int]] = []
    for label in labels:
        first, last, opened, closed = map(parse.token_at, (label.start, label.end, label.opened, label.closed))
        if first == last:
            continue
        if label.name not in known:
            known[label.name] = _entity(draft, entities, label, (first, last), knowledge.actors, cues)
        entity = known[label.name]
        if entity is None:
            continue
        found.append((_again(entities.names[entity], first, last, "label"), entity))
        found += _first_persons(parse, entities, entity, range(opened, closed), knowledge)
    for phrase, entity in found:
        entities.phrases.append(phrase)
        entities.entity_of.append(entity)
        entities.via_reference.append(True)


def _first_persons(
    parse: Parse, entities: Entities, speaker: int, turn: range, knowledge: Knowledge
) -> Iterator[tuple[Phrase, int]]:
    ours = _spoken_for(entities, speaker, knowledge.actors)
    country = entities.names[ours].country
    roles = {p.head: k for k, p in enumerate(entities.phrases) if p.nameless and p.first in turn} if country else {}
    for token in (parse.tokens[i] for i in turn):
        if token.lower not in knowledge.cues.first_person or _is_abbreviation(token):
            continue
        if token.dep == "poss":
            role, noun = roles.get(token.head), parse.tokens[token.head].lemma.lower()
            if country and role is not None and noun not in knowledge.actors.references.beside:
                entities.names[entities.entity_of[role]] = of_state(entities.phrases[role], country)  # "our forces"
        else:
            entity = speaker if token.lower in knowledge.cues.lone_first_person else ours
            yield _again(entities.names[entity], token.i, token.i + 1, f"reference:{token.lower}"), entity


def _is_abbreviation(token: Token) -> bool:
    """Whether "US" stands there, which is no "us"."""
    return token.lower == "us" and token.text != token.lower


def _again(named: Phrase, first: int, last: int, why: str) -> Phrase:
    return Phrase(first, last, last - 1, named.name, named.identifier, "coreference", why, named.kind, named.country,
                  named.sector, named.entry)  # fmt: skip


def _spoken_for(entities: Entities, speaker: int, index: ActorIndex) -> int:
    """The entity of the state or group that a speaker answers for; the speaker where none is known."""
    identifier = entities.names[speaker].identifier
    if identifier is None:
        return speaker
    country, _, sector = identifier.partition("-")
    body = index.of_id(identifier) or (index.state(country) if sector in index.references.spoken_for else None)
    if body is None or body.id is None:
        return speaker
    for entity, named in enumerate(entities.names):
        if named.identifier == body.id and named.kind == body.kind:
            return entity
    first = entities.names[speaker]
    entities.names.append(
        Phrase(first.first, first.last, first.head, body.name, body.id, "coreference", f"actors:{body.key}", body.kind,
               body.country or body.id, None, body)
    )  # fmt: skip
    return len(entities.names) - 1


def _entity(
    draft: Draft, entities: Entities, label: Label, place: tuple[int, int], index: ActorIndex, cues: CueLexicon
) -> int | None:
    """The person of a label: one whom the text names in full, else one whom its title does; None for nobody named."""
    name = label.name.lower()
    if name in cues.asking_labels or name in cues.answering_labels:
        return None
    surname = label.name.split()[-1].strip(".():").lower()
    among = [
        e for e, named in enumerate(entities.names)
        if named.kind == "person" and " " in named.name and named.name.lower().split()[-1] == surname
    ]  # fmt: skip
    if among:
        return among[0] if len({entities.names[e].name for e in among}) == 1 else None
    full = _in_title(draft.document.title or "", surname)
    if full is None:
        return None
    day = draft.document.published
    entries = [index.actors[form.actor] for form in index.lookup(full)]
    entry = next((e for e in sorted(entries, key=lambda e: e.origin) if e.kind == "person"), None)
    person = Phrase(*place, place[1] - 1, entry.name if entry else full, entry.id_on(day) if entry else None, "name",
                    f"actors:{entry.key}" if entry else "title of the text", "person", entry.country if entry else None,
                    None, entry)  # fmt: skip
    entities.names.append(person)
    return len(entities.names) - 1


def _in_title(title: str, surname: str) -> str | None:
    """A surname with the first name before it in a title: "Gaggle by Coordinator Ana Keller"."""
    match = re.search(rf"\b([A-Z][\w'’-]+(?: [A-Z]\.)?) ({re.escape(surname)})\b", title, re.IGNORECASE)
    return match.group() if match and match[1][0].isupper() else None
