"""Adjectives that speak of two states at once: "inter-Korean", "Franco-German"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dragoman.knowledge.actors import ActorEntry, ActorIndex, fold_name
from dragoman.reading.actor_names import NameMatch
from dragoman.reading.parse import Sentence, Token

JOINT = "joint"
"""``via`` of a name that stands for each of its entries."""


def apart(name: NameMatch) -> tuple[NameMatch, ...]:
    """A name, or for a joint one each of its states over the same words."""
    if name.via != JOINT:
        return (name,)
    return tuple(replace(name, entries=(state,), via="demonym") for state in name.entries)


def joint_within(names: Sequence[NameMatch], first: int, last: int) -> tuple[NameMatch, ...]:
    """Each state of the joint adjective that stands within tokens ``first`` to ``last`` (exclusive), if one does."""
    inside = (n for n in names if n.via == JOINT and first <= n.first and n.last <= last)
    joint = next(inside, None)
    return apart(joint) if joint is not None else ()


def with_joint(
    names: Sequence[NameMatch], tokens: Sequence[Token], sentence: Sentence, index: ActorIndex
) -> list[NameMatch]:
    """The names of a sentence with its joint adjectives, before which other readings of their words give way.

    A longer name that begins or ends beside the adjective keeps its words ("the Inter-Korean Liaison Office").
    """
    joint = list(joint_names(tokens, sentence, index))
    if not joint:
        return list(names)
    kept = [n for n in names if not any(j.first <= n.first and n.last <= j.last for j in joint)]
    return sorted([*kept, *joint], key=lambda n: (n.first, -n.last))


def joint_names(tokens: Sequence[Token], sentence: Sentence, index: ActorIndex) -> Iterator[NameMatch]:
    """The joint adjectives of a sentence, and the first halves of those that two peoples share.

    Args:
        tokens: the text's tokens.
        sentence: one of its sentences.
        index: the lexicons.

    Yields:
        A match over the whole adjective with all its states ("inter-Korean"), or over the first half with its state
        where the second half names another by itself ("Franco" of "Franco-German").
    """
    for i in range(sentence.first, sentence.last - 2):
        if tokens[i + 1].text != "-":
            continue
        states = _states(index, index.joint.get(f"{tokens[i].lower}-{tokens[i + 2].lower}", ()))
        if states:
            yield NameMatch(i, i + 3, states, JOINT, "")
        elif tokens[i].lower in index.combining and _is_people(tokens[i + 2], index):
            yield NameMatch(i, i + 1, _states(index, (index.combining[tokens[i].lower],)), "demonym", "")


def _states(index: ActorIndex, codes: Sequence[str]) -> tuple[ActorEntry, ...]:
    return tuple(state for state in map(index.state, codes) if state is not None)


def _is_people(token: Token, index: ActorIndex) -> bool:
    return any(form.via == "demonym" for form in index.lookup(fold_name(token.text)))
