"""The name that stands beside a role noun and says who holds the role."""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.reading.actor_names import NameMatch
from dragoman.reading.parse import Parse


def name_beside(parse: Parse, noun: int, by_token: Mapping[int, NameMatch]) -> NameMatch | None:
    """A name right after a noun, in apposition: "the minister Wang Yi", "Kim's sister, Kim Yo-jong"."""
    for child in parse.children(noun, "appos"):
        name = by_token.get(child.i)
        if name is None or _reports_it(parse, noun, name):
            continue
        if (name.entries and name.entries[0].kind == "person") or name.label == "PERSON":
            return name
    return None


def _reports_it(parse: Parse, noun: int, name: NameMatch) -> bool:
    """Whether a name behind a comma says what stands before it: "expelled the envoy, Prime Minister Ito said"."""
    tokens = parse.tokens
    if name.last >= len(tokens) or tokens[name.last].tag not in ("VBD", "VBZ", "VBP") or tokens[noun].dep == "nsubj":
        return False
    apart = any(tokens[k].text == "," for k in range(noun + 1, name.first))
    return apart and not parse.children(name.last, "nsubj", "nsubjpass", "expl")
