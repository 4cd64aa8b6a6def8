"""Names that two entries hold: refused unless dates or countries tell the two apart, or the name is listed as open."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

from dragoman.errors import KnowledgeError
from dragoman.knowledge.actors import ActorEntry, DatedRole, Form


def require_separated(
    actors: Sequence[ActorEntry],
    forms: Mapping[str, Sequence[Form]],
    where: Sequence[str],
    listed: Collection[str],
) -> None:
    """Refuse names that lead to two actors of one country at one time.

    Args:
        actors: all entries.
        forms: folded names to what holds them.
        where: ``file:line`` of each entry.
        listed: folded names that are left open on purpose.

    Raises:
        KnowledgeError: naming the first such name, both entries and where they stand.
    """
    for name, held in sorted(forms.items()):
        if len(held) < 2 or name in listed:
            continue
        for first, second in combinations(sorted({form.actor for form in held}), 2):
            one, other = actors[first], actors[second]
            if not are_separated(one, other):
                raise KnowledgeError(
                    f"{where[second]}: '{name}' is also {one.name} ({one.id or one.country}) at {where[first]}; give "
                    "dates of office or countries that tell them apart, or list the name under 'open' in ambiguous.yml"
                )


def are_separated(one: ActorEntry, other: ActorEntry) -> bool:
    """Whether what is known of two actors of one name tells them apart, or need not: the id is the same."""
    if one.origin or other.origin:  # converted from another dictionary, whose names are kept as they are
        return True
    if one.id is not None and one.id == other.id:
        return True
    countries = {one.country, other.country}
    if len(countries) == 2 and None not in countries:
        return True
    if one.kind != "person" or other.kind != "person":
        # A body or group is told from an international organisation or another's by the countries of the text.
        return len(countries) == 2 and {one.kind, other.kind} <= {"igo", "armed_group", "organisation"}
    return not any(_overlap(a, b) for a in one.roles for b in other.roles)


def _overlap(one: DatedRole, other: DatedRole) -> bool:
    """Whether two offices were held at one time; the day of a change does not count."""
    return _begins_before_end(one, other) and _begins_before_end(other, one)


def _begins_before_end(one: DatedRole, other: DatedRole) -> bool:
    if one.start is None or other.end is None:
        return True
    length = min(len(one.start), len(other.end))
    return one.start[:length] < other.end[:length]
