"""People by surname and office: "President Yoon" on a day, or a surname that one person alone bears."""

from __future__ import annotations

from dragoman.knowledge.actors import ActorEntry, ActorIndex
from dragoman.reading.parse import Parse

_SHORTEST = 5  # letters of a surname that may name somebody without a title


_TELLING = 3  # letters that tell a first name from another, and keep its short form


def full_surnames(parse: Parse) -> frozenset[str]:
    """Surnames that the text itself gives with first names: alone, they mean those people and nobody else."""
    return frozenset(
        parse.tokens[entity.last - 1].lower
        for entity in parse.entities
        if entity.label == "PERSON" and entity.last - entity.first > 1
    )


def by_title(
    index: ActorIndex, day: str | None, text: str, country: str | None, title: str | None
) -> ActorEntry | None:
    """The one office holder of the day with this surname, where a title or state stands before the name."""
    if title is None or day is None:
        return None
    held = [
        e
        for e in _bearers(index, text)
        if (role := e.role_on(day))
        and not role.id.endswith("-ELI")
        and (country is None or role.id.startswith(country))
        and _may_be_called(text, e)
    ]
    curated = [e for e in held if e.origin == 0] or held
    return curated[0] if len({e.name for e in curated}) == 1 else None


def _may_be_called(text: str, entry: ActorEntry) -> bool:
    """Whether the first name that stands before a surname, if one does, may be this person's: "Ben" for "Benjamin"."""
    first, *others = text.casefold().split()
    if not others:
        return True
    known = entry.name.casefold().split()
    first = first.rstrip(".")
    return any(word.startswith(first[:_TELLING]) or first.startswith(word[:_TELLING]) for word in known if word)


def by_rare_surname(index: ActorIndex, text: str, country: str | None, given: frozenset[str]) -> ActorEntry | None:
    """The person whose surname nobody else of the lexicons bears ("Zhivkov"), whatever the day.

    Of several of one country, the one whom the hand-written files know in office, else the one whom they know.

    Args:
        index: the lexicons.
        text: the name as it stands.
        country: the state that stands before the name, if any.
        given: surnames that the text gives with first names.
    """
    surname = text.split()[-1].lower()
    if len(text.split()) > 1 or len(surname) < _SHORTEST or surname in given or not text[0].isupper():
        return None
    bearers = _bearers(index, text)
    if (
        len({e.country for e in bearers}) != 1
        or bearers[0].country is None
        or country not in (None, bearers[0].country)
    ):
        return None
    for among in (bearers, [e for e in bearers if e.origin == 0 and e.roles], [e for e in bearers if e.origin == 0]):
        if len({e.name for e in among}) == 1:
            return among[0]
    return None


def id_with_office(entry: ActorEntry, day: str | None, office: tuple[str | None, str, str] | None) -> str | None:
    """The id on the text's day; an office that the text itself gives beats what the lexicon last knew."""
    known = entry.id_on(day)
    if office is None or office[1] == "UNK" or known is None or entry.role_on(day) is not None:
        return known
    country = office[0] or known.split("-")[0]
    return f"{country}-{office[1]}" if len(country) == 3 and country.isupper() else known


def _bearers(index: ActorIndex, text: str) -> list[ActorEntry]:
    return [index.actors[p] for p in index.surnames.get(text.split()[-1].lower(), ())]
