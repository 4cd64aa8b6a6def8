"""The name that stands beside a role noun and says who holds the role."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.reading.actor_names import NameMatch
from dragoman.reading.parse import Parse

_BODIES = ("armed_group", "organisation", "igo")  # kinds that stand right behind what they are: "the group Hamas"


def name_beside(parse: Parse, noun: int, by_token: Mapping[int, NameMatch]) -> NameMatch | None:
    """A name right after a noun, in apposition: "the minister Wang Yi", "the militant group Hamas"."""
    for child in parse.children(noun, "appos"):
        name = by_token.get(child.i)
        if name is None or _reports_it(parse, noun, name):
            continue
        kind = name.entries[0].kind if name.entries else None
        if kind == "person" or name.label == "PERSON" or (name.first == noun + 1 and kind in _BODIES):
            return name
    return None


def _reports_it(parse: Parse, noun: int, name: NameMatch) -> bool:
    """Whether a name behind a comma says what stands before it: "expelled the envoy, Prime Minister Ito said"."""
    tokens = parse.tokens
    if name.last >= len(tokens) or tokens[name.last].tag not in ("VBD", "VBZ", "VBP") or tokens[noun].dep == "nsubj":
        return False
    apart = any(tokens[k].text == "," for k in range(noun + 1, name.first))
    return apart and not parse.children(name.last, "nsubj", "nsubjpass", "expl")
