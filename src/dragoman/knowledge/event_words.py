"""What the lists of ``lexicons/events`` say beside the frames: numbers, roles in a clause, traits of the types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Lists = Mapping[str, Sequence[str]]
"""Words by the name of their list; "roles.inside" is the list ``inside`` of the group ``roles``."""


class NumberWords:
    """The words of numbers and of how exact they are."""

    def __init__(self, values: Mapping[str, float], lists: Lists) -> None:
        self.values = values
        self.scales = frozenset(lists.get("scales", ()))
        self.open_plurals = frozenset(lists.get("open_plurals", ()))
        self.at_least = frozenset(lists.get("at_least", ()))
        self.at_most = frozenset(lists.get("at_most", ()))
        self.about = frozenset(lists.get("about", ()))


class RoleWords:
    """Where those stand who act or whom an act concerns; ``lexicons/events/roles.yml`` describes each list."""

    def __init__(self, lists: Lists) -> None:
        self.relative = frozenset(lists.get("roles.relative", ()))
        self.inside = frozenset(lists.get("roles.inside", ()))
        self.ties = frozenset(lists.get("roles.ties", ()))
        self.fronted = frozenset(lists.get("roles.fronted", ()))
        self.object_control = frozenset(lists.get("roles.object_control", ()))
        self.other_side = frozenset(lists.get("roles.other_side", ()))
        self.where = frozenset(lists.get("roles.where", ()))
        self.sent = frozenset(lists.get("roles.sent", ()))
        self.undergoing = frozenset(lists.get("roles.undergoing", ()))
        self.bearers = frozenset(lists.get("roles.bearers", ()))
        self.posts = frozenset(lists.get("roles.posts", ()))
        self.apart = frozenset(lists.get("roles.apart", ()))
        self.facing = frozenset(lists.get("roles.facing", ()))
        self.each_other = frozenset(lists.get("roles.each_other", ()))
        self.beside = frozenset(lists.get("roles.beside", ()))
        self.shared = frozenset(lists.get("roles.shared", ()))
        self.carrying = frozenset(lists.get("roles.carrying", ()))
        self.occasions = frozenset(lists.get("roles.occasions", ()))
        # in the order in which they are tried
        self.infinitive = tuple(lists.get("roles.infinitive", ()))
        self.clause = tuple(lists.get("roles.clause", ()))
        self.fallback = tuple(lists.get("roles.fallback", ()))
        self.planned_with = tuple(lists.get("roles.planned_with", ()))


class TypeTraits:
    """What PLOVER's types are like; ``lexicons/events/types.yml`` describes each list."""

    def __init__(self, lists: Lists, intensities: Mapping[str, float]) -> None:
        self.reciprocal = frozenset(lists.get("traits.reciprocal", ()))
        self.operators = frozenset(lists.get("traits.operators", ()))
        self.withheld = frozenset(lists.get("traits.withheld", ()))
        self.aimed = frozenset(lists.get("traits.aimed", ()))
        self.with_own = frozenset(lists.get("traits.with_own", ()))
        self.on_the_ground = frozenset(lists.get("traits.on_the_ground", ()))
        self.deeds = frozenset(lists.get("traits.deeds", ()))
        self.judging = frozenset(lists.get("traits.judging", ()))
        self.outward_modes = frozenset(lists.get("modes.outward", ()))
        self.inward_modes = frozenset(lists.get("modes.inward", ()))
        self.lone_modes = frozenset(lists.get("modes.each_alone", ()))
        self.intensities = intensities


class AnaphoraWords:
    """How an event is taken up again; ``lexicons/events/anaphora.yml`` describes each list."""

    def __init__(self, lists: Lists) -> None:
        self.definite = frozenset(lists.get("anaphora.definite", ()))
        self.any_act = frozenset(lists.get("anaphora.any_act", ()))
        self.mutual = frozenset(lists.get("anaphora.mutual", ()))
        self.within = frozenset(lists.get("anaphora.within", ()))
        self.instruments = frozenset(lists.get("anaphora.instruments", ()))
