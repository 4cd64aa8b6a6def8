"""Who of the people that a text names holds an office on its day, by the text and by the lexicon."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.reading.actor_phrases import Phrase

_LESSER = frozenset({"vice", "deputy"})


def titles_of(named: Phrase, day: str | None) -> list[str]:
    """The titles of a person's offices on the text's day, by the text and by the lexicon."""
    roles = named.entry.roles if named.entry is not None and day is not None else ()
    held = [role.title for role in roles if role.title is not None and role.holds(day or "")]
    return [*held, *([named.title] if named.title is not None else [])]


def holds(office: str, named: Phrase, day: str | None) -> bool:
    """Whether one of a person's titles is the office that a noun names: "the minister" is no "vice president"."""
    words = set(office.split())
    for title in titles_of(named, day):
        held = set(title.split())
        if (words <= held or held <= words) and words & _LESSER == held & _LESSER:
            return True
    return False


def one_holder(names: Sequence[Phrase], office: str, country: str | None, day: str | None) -> int | None:
    """The one person of the text who holds an office, of a state where one is known."""
    people = [(e, n) for e, n in enumerate(names) if n.kind == "person" and holds(office, n, day)]
    holders = [e for e, n in people if country in (None, n.country)]
    return holders[0] if len(holders) == 1 else None
