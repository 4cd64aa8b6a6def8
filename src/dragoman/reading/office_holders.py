"""Who of the people that a text names holds an office on its day, by the text and by the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.phrases import Phrase


def titles_of(named: Phrase, day: str | None) -> list[str]:
    """The titles of a person's offices on the text's day, by the text and by the lexicon.

    A title that the text cuts short is the whole one where the lexicon has it: of the Secretary of State "Secretary"
    says no more. Without a day all offices count that somebody ever held.
    """
    roles = named.entry.roles if named.entry is not None else ()
    titles = [role.title for role in roles if role.title is not None]
    held = [role.title for role in roles if role.title is not None and (day is None or role.holds(day))]
    if named.title is None:
        return held
    said = set(named.title.split())
    whole = [title for title in titles if said <= set(title.split())]
    return [*held, *(whole or [named.title])]


def holds(office: str, named: Phrase, day: str | None, words: ReferenceWords) -> bool:
    """Whether one of a person's titles is the office that a noun names: "the minister" is no "vice president"."""
    asked = set(office.split())
    for title in titles_of(named, day):
        held = set(title.split())
        if (asked <= held or held <= asked) and asked & words.lesser == held & words.lesser:
            return True
    return False


def one_holder(
    names: Sequence[Phrase], office: str, country: str | None, day: str | None, words: ReferenceWords
) -> int | None:
    """The one person of the text who holds an office, of a state where one is known."""
    people = [(e, n) for e, n in enumerate(names) if n.kind == "person" and holds(office, n, day, words)]
    holders = [e for e, n in people if country in (None, n.country)]
    return holders[0] if len(holders) == 1 else None
