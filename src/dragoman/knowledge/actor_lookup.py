"""What a name would become on a day, and all that the lexicons know of it: what ``dragoman lexicon lookup`` shows."""

from __future__ import annotations

import msgspec

from dragoman.knowledge.actors import ActorEntry, DatedRole, fold_name
from dragoman.knowledge.base import Knowledge
from dragoman.knowledge.place_names import Site, fold_place_name
from dragoman.knowledge.territories import Territory


class Meaning(msgspec.Struct, frozen=True):
    """One actor that a name may mean.

    Attributes:
        id: the actor id on the day; None when the lexicons give none.
        entry: the lexicon's entry.
        via: how the name leads to it (``name``, ``alias``, ``demonym``, ``metonym``; ``surname`` where only the family
            name was given, which in a text needs an office before it unless one person alone bears it; ``spelling``
            where a rule of spelling makes it a known name).
        member_of: for a state, the organisations that it is in, with the dates of membership.
        members: for an organisation, the states in it.
    """

    id: str | None
    entry: ActorEntry
    via: str
    member_of: tuple[DatedRole, ...]
    members: tuple[DatedRole, ...]


class Lookup(msgspec.Struct, frozen=True):
    """All that a name may mean.

    Attributes:
        meanings: actors, in the order of the lexicons.
        shared: ids among which the text decides ("Congo": COD, COG), with what is taken when nothing does; empty for
            a name that one actor bears.
        default: that id, or None when the name stays open.
        territories: states and parts of states of this name, now or formerly.
        places: places of this name, the most prominent first.
    """

    meanings: tuple[Meaning, ...]
    shared: tuple[str, ...]
    default: str | None
    territories: tuple[Territory, ...]
    places: tuple[Site, ...]


def look_up(knowledge: Knowledge, name: str, day: str | None) -> Lookup:
    """What a name may mean.

    Args:
        knowledge: the lexicons.
        name: as a text would have it.
        day: the text's ISO day, which decides offices and memberships; without one all of them are given.
    """
    index = knowledge.actors
    named = [(index.actors[form.actor], form.via) for form in index.lookup(name)]
    named = named or [(index.actors[number], "surname") for number in index.surnames.get(fold_name(name), ())]
    respelled = index.respelled(name) if not named else None
    named = [(respelled, "spelling")] if respelled is not None else named
    meanings = []
    for entry, via in named:
        meanings.append(
            Meaning(
                entry.id_on(day),
                entry,
                via,
                index.memberships(entry.id, day) if entry.kind == "state" and entry.id else (),
                index.members(entry.id, day) if entry.id else (),
            )
        )
    shared = knowledge.gazetteer.shared.get(fold_place_name(name))
    readings = [r for r in shared.readings if r.possible_on(day)] if shared is not None else []
    default = readings[0].id if len(readings) == 1 else next((r.id for r in readings if r.default), None)
    territories = tuple(t for t in knowledge.territories.named(name) if fold_name(name))
    return Lookup(
        tuple(meanings),
        tuple(dict.fromkeys(r.id for r in readings)),
        default,
        territories,
        knowledge.gazetteer.readings(name),
    )
