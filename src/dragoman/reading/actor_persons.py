"""People by surname and office: "President Yoon" on a day, or a surname that one person alone bears."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.knowledge.actors import ActorEntry, ActorIndex, DatedRole, ReferenceWords, fold_name
from dragoman.reading.parse import Parse

_YEARS_SPOKEN_OF = 3  # for which a leader who left is still known by the surname alone
_SHORTEST = 5  # letters of a surname that may name somebody without a title


def full_surnames(parse: Parse) -> frozenset[str]:
    """Surnames that the text itself gives with first names: alone, they mean those people and nobody else."""
    return frozenset(
        parse.tokens[entity.last - 1].lower
        for entity in parse.entities
        if entity.label == "PERSON" and entity.last - entity.first > 1
    )


def of_surname(
    index: ActorIndex, day: str | None, text: str, office: tuple[str | None, str, str] | None, given: frozenset[str]
) -> tuple[ActorEntry, ...]:
    """Who may be meant by a name that no entry holds as it stands: by office, by a surname nobody else bears.

    Args:
        index: the lexicons.
        day: the text's ISO day, if known.
        text: the name as it stands.
        office: state, sector and title that stand before it, if any.
        given: surnames that the text gives with first names.
    """
    country, _, title = office if office is not None else (None, None, None)
    found = by_title(index, day, text, country, title) or of_rare_surname(index, text, country, given)
    if not found and office is None:
        found = of_leader(index, day, text, given)
    return in_office(found, day)


def by_title(
    index: ActorIndex, day: str | None, text: str, country: str | None, title: str | None
) -> tuple[ActorEntry, ...]:
    """Who may be meant by a surname after an office ("President Yoon"): the holder of the day, else of any day.

    Nobody where people of several countries may be. A text without a date of its own, or of another day than its
    words, still names its presidents so.
    """
    if title is None:
        return ()
    bearers = [
        e
        for e in _bearers(index, text)
        if country in (None, e.country) and is_first_name(text.split()[:1] if " " in text else (), e, index)
    ]
    held = [e for e in bearers if (role := e.role_on(day)) and _is_office(role.id)]
    curated = [e for e in held if e.origin == 0] or held
    if curated:
        return _of_one(curated, same_state=False)
    once = [e for e in bearers if e.origin == 0 and any(_has_title(index, role, title) for role in e.roles)]
    return _of_one(once, same_state=True)


def is_country(identifier: str) -> bool:
    """Whether an id is a state's."""
    return len(identifier) == 3 and identifier.isupper()


def _is_office(identifier: str) -> bool:
    return not identifier.endswith("-ELI")


def _has_title(index: ActorIndex, role: DatedRole, title: str) -> bool:
    """Whether an office is called so; data sets of leaders say only that somebody led."""
    return _is_office(role.id) and (role.title == title or (role.title == "leader" and title in index.heads))


def _of_one(entries: Sequence[ActorEntry], same_state: bool) -> tuple[ActorEntry, ...]:
    """The one person of these, or, where that is asked for, the several of one state."""
    if len({e.name for e in entries}) == 1:
        return (entries[0],)
    return tuple(entries) if same_state and len({e.country for e in entries}) == 1 else ()


def is_first_name(names: Sequence[str], entry: ActorEntry, index: ActorIndex) -> bool:
    """Whether any of the names before a surname may be this person's, or none of them is a name: "Ben", "Sheikh"."""
    telling = [folded for name in names if (folded := fold_name(name)) and folded not in index.particles]
    known = fold_name(entry.name).split()
    return not telling or any(index.is_spelling_of(name, own) for name in telling for own in known)


def of_rare_surname(index: ActorIndex, text: str, country: str | None, given: frozenset[str]) -> tuple[ActorEntry, ...]:
    """Who may be meant by a surname that people of one country alone bear ("Zhivkov"), whatever the day.

    One person, where nobody else bears it, or where the hand-written files know one alone of them in office or at
    all; else all of them.

    Args:
        index: the lexicons.
        text: the name as it stands.
        country: the state that stands before the name, if any.
        given: surnames that the text gives with first names.
    """
    surname = text.split()[-1].lower()
    if len(text.split()) > 1 or len(surname) < _SHORTEST or surname in given or not text[0].isupper():
        return ()
    bearers = _bearers(index, text)
    if (
        len({e.country for e in bearers}) != 1
        or bearers[0].country is None
        or country not in (None, bearers[0].country)
    ):
        return ()
    for among in (bearers, [e for e in bearers if e.origin == 0 and e.roles], [e for e in bearers if e.origin == 0]):
        if len({e.name for e in among}) == 1:
            return (among[0],)
    return tuple(bearers)


def of_leader(index: ActorIndex, day: str | None, text: str, given: frozenset[str]) -> tuple[ActorEntry, ...]:
    """Who leads, or led a few years ago, the one state whose leaders of that time bear a surname: "Moi", "Carter"."""
    if day is None or " " in text or text.lower() in given or not text[0].isupper():
        return ()
    year = int(day[:4])
    since, until = f"{year - _YEARS_SPOKEN_OF:04}{day[4:]}", day
    leaders = [
        e
        for e in _bearers(index, text)
        if e.origin == 0
        and any(
            (role.title in index.heads) and (role.start or day) <= until and (role.end or day) >= since
            for role in e.roles
        )
    ]
    return _of_one(leaders, same_state=True)


def in_office(entries: Sequence[ActorEntry], day: str | None) -> tuple[ActorEntry, ...]:
    """Of people of one name, the one who held an office on the day; all of them where that tells none apart."""
    held = [e for e in entries if (role := e.role_on(day)) is not None and _is_office(role.id)]
    return tuple(held) if len({e.key for e in held}) == 1 else tuple(entries)


def id_with_office(entry: ActorEntry, day: str | None, office: tuple[str | None, str, str] | None) -> str | None:
    """The id on the text's day; an office that the text itself gives beats what the lexicon last knew.

    It beats the day's office too where its state is another that the person served ("Hong Kong Governor Chris Patten").
    """
    known = entry.id_on(day)
    if office is None or office[1] == "UNK" or known is None:
        return known
    served = office[0] != known[:3] and any(role.id[:3] == office[0] for role in entry.roles)
    if entry.role_on(day) is not None and not served:
        return known
    country = office[0] or known.split("-")[0]
    return f"{country}-{office[1]}" if is_country(country) else known


def _bearers(index: ActorIndex, text: str) -> list[ActorEntry]:
    return [index.actors[p] for p in index.surnames.get(text.split()[-1].lower(), ())]


def without_namesakes(
    entries: tuple[ActorEntry, ...], office: tuple[str | None, str, str] | None
) -> tuple[ActorEntry, ...]:
    """Without people of a converted dictionary whom the text gives another state's office: namesakes."""
    state = office[0] if office is not None else None
    if state is None or not is_country(state):
        return entries
    return tuple(e for e in entries if e.kind != "person" or e.origin == 0 or e.country in (None, state))


def full_office(office: str, words: ReferenceWords) -> str:
    """The office whose deputy an office is: "deputy foreign minister" is "foreign minister"."""
    return " ".join(word for word in office.split() if word not in words.lesser)
