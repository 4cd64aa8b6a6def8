"""Several actors spoken of at once: "both sides", "the two countries", "they" after "Chad and Niger".

The ones meant are those that the nearest sentence joins ("Chad and Niger met") or sets against each other ("Chad
accused Niger"). Where no sentence near does, nobody is meant for sure, and the phrase stays unresolved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.noun_phrases import complement, is_plural, premodified, singular
from dragoman.reading.parse import Parse, Token

if TYPE_CHECKING:
    from dragoman.reading.phrases import Phrase

_REACH = 4  # sentences that such a phrase looks back
_MOST = 5  # actors that a phrase without a number may mean
_ALONE = frozenset({"nsubj", "nsubjpass", "dobj", "pobj"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "poss"})
_MODIFIES = frozenset({"amod", "nmod", "compound", "poss"})


@dataclass(frozen=True, slots=True)
class Several:
    """How many a phrase speaks of, if it says so, and as what they are spoken of."""

    count: int | None
    kind: Literal["side", "party", "state", "role", "alone"]  # "party" has another sense; "alone" are "both", "the two"


class Named(NamedTuple):
    """An actor's phrase, the number of its entity, and the phrase that named the entity first."""

    phrase: Phrase
    entity: int
    first: Phrase


def spoken_of(parse: Parse, words: ReferenceWords, head: int, role: bool) -> Several | None:
    """What a noun speaks of if it takes up several actors named before; None for any other noun.

    Args:
        parse: the text.
        words: the words that refer back.
        head: the noun.
        role: whether the noun is one of people or bodies.
    """
    token = parse.tokens[head]
    many = is_plural(token)
    if not many and token.i and parse.tokens[token.i - 1].lower not in words.pair:
        return None
    first, _ = premodified(parse, head)
    before = [parse.tokens[k].lower for k in range(first, head)]
    if not before or before[0] not in words.whole | words.pair:
        return None
    if complement(parse, head, "of") is not None or _is_narrowed(parse, token):
        return None
    single = before[0] in words.one_of_two
    noun = singular(token)
    if not many and not single:
        return None
    count = 2 if before[0] in words.pair else None
    if before[0] in words.whole and len(before) > 1:
        count = words.counts.get(before[1])  # "the last two presidents" are not two named before
    if noun in words.sides:
        told = before[(1 if count is None or before[0] in words.pair else 2) :]
        plain = before[0] in (*words.whole, *words.pair) and words.opposing.issuperset(told)
        return Several(count, "party" if noun in words.parties else "side") if plain else None
    if count is None:
        return None
    if noun in words.state or noun in words.governs:
        return Several(count, "state")
    return Several(count, "role") if role else None


def speaks_of_two(parse: Parse, token: Token) -> bool:
    """Whether a word such as "both" or "two" by itself takes up two named before: "both agreed", "the two met"."""
    if token.dep not in _ALONE or complement(parse, token.i, "of") is not None:
        return False
    if token.lower == "two":
        children = parse.children(token.i)
        return len(children) == 1 and children[0].lower == "the"
    return not parse.children(token.i)


def _is_narrowed(parse: Parse, noun: Token) -> bool:
    """Whether a clause right behind a noun says which ones are meant: "the two countries that border it"."""
    children = parse.children(noun.i)
    if any(c.dep == "poss" or c.tag == "JJS" for c in children):  # "the nation's two largest unions"
        return True
    return any(c.dep == "relcl" and parse.tokens[noun.i + 1].text != "," for c in children)


def salient(parse: Parse, words: ReferenceWords, named: Sequence[Named], at: int, several: Several) -> list[Named]:
    """Those of the actors named before a token who are meant, one a party; none where no sentence near tells."""
    tokens = parse.tokens
    for back in range(_REACH + 1):
        sentence = tokens[at].sent - back
        here = [n for n in named if tokens[n.phrase.head].sent == sentence and n.phrase.last <= at]
        for group in (*reversed(list(joined(parse, here))), _opposed(parse, words, here)):
            parties = _parties(parse, words, group, several)
            fits = len(parties) == several.count if several.count else 2 <= len(parties) <= _MOST
            if fits:
                return parties
    return []


def joined(parse: Parse, here: Sequence[Named]) -> Iterator[list[Named]]:
    """The actors of a sentence that are joined: "Chad and Niger", "Chadian and Nigerien ministers", "Chad-Niger"."""
    groups: dict[int, list[Named]] = {}
    for one in here:
        groups.setdefault(_root(parse, one.phrase), []).append(one)
    for group in groups.values():
        if len({n.entity for n in group}) > 1:
            yield [*_listed_before(parse, group[0], here), *group]


def _listed_before(parse: Parse, first: Named, here: Sequence[Named]) -> list[Named]:
    """Who stands before a comma in front of joined actors, where the parser leaves the list apart."""
    comma = first.phrase.first - 1
    kind = first.first.kind
    before = [n for n in here if n.phrase.last == comma and n.first.kind == kind and parse.tokens[comma].text == ","]
    if first.phrase.via == "coreference":
        return []
    return [*_listed_before(parse, before[0], here), *before] if before else []


def _root(parse: Parse, phrase: Phrase) -> int:
    """The token that joined phrases share."""
    tokens = parse.tokens
    i = phrase.head
    for _ in range(_MOST * 2):
        token = tokens[i]
        hyphen = phrase.last < len(tokens) and tokens[phrase.last].text in ("-", "–") and i == phrase.head
        shares = phrase.why.endswith("+joined") and token.dep in _MODIFIES
        of = phrase.why.endswith("+of") and (token.dep == "pobj" or token.dep == "prep")
        if token.dep == "conj" or shares or of or (hyphen and token.dep in _MODIFIES):
            i = token.head
        else:
            break
    return i


def _opposed(parse: Parse, words: ReferenceWords, here: Sequence[Named]) -> list[Named]:
    """The two actors of a sentence of whom one acts on the other ("Chad accused Niger"), or who act side by side."""
    tokens = parse.tokens
    kept = [n for n in here if n.phrase.identifier or n.first.identifier]
    kept = [n for n in kept if not _is_where(parse, words, tokens[n.phrase.head])]
    acting = {_home(n) for n in kept if tokens[n.phrase.head].dep in _SUBJECTS}
    others = {_home(n) for n in kept if not _leads(parse, tokens[n.phrase.head])}
    if len(acting | others) != 2 or not acting or not others:
        return []
    return list({_home(n): n for n in reversed(kept)}.values())[::-1]


def _leads(parse: Parse, token: Token) -> bool:
    """Whether a noun is a subject, and not only of a second clause: "Chad refused, while Niger agreed"."""
    return token.dep in _SUBJECTS and parse.tokens[token.head].dep not in ("conj", "advcl")


def _is_where(parse: Parse, words: ReferenceWords, token: Token) -> bool:
    above = parse.tokens[token.head]
    return token.dep == "pobj" and above.lower in words.settings


def _home(one: Named) -> str:
    return state_of(one.first) or one.first.identifier or str(one.entity)


def state_of(named: Phrase) -> str | None:
    """The state that somebody acts for; None for armed groups and for bodies of many states."""
    country = named.country
    if named.kind in ("igo", "armed_group") or country is None or len(country) != 3:
        return None
    return country


def _parties(parse: Parse, words: ReferenceWords, group: Sequence[Named], several: Several) -> list[Named]:
    """The members of a group who may be spoken of as this, one a party; none where some are of another kind."""
    parties: dict[str, Named] = {}
    for one in group:
        media = (one.first.identifier or "").endswith("-MED")
        state = state_of(one.first)
        if media or (several.kind == "state" and state is None):
            continue
        key = state if several.kind == "state" or one.first.kind == "state" else None
        parties.setdefault(key or f"#{one.entity}", one)
    return list(parties.values()) if _are_alike(parse, words, list(parties.values()), several) else []


def _are_alike(parse: Parse, words: ReferenceWords, parties: Sequence[Named], several: Several) -> bool:
    """Whether all are single people, or all are states and bodies: "the two leaders" are no person and a state."""
    if several.kind == "party":  # else they may be those that stand for elections
        return all(one.first.kind in ("state", "armed_group") or _rules(words, one.first) for one in parties)
    if several.kind not in ("role", "alone"):
        return True
    people = [one for one in parties if one.first.kind == "person"]
    crowds = [one for one in parties if one.first.identifier is None and is_plural(parse.tokens[one.phrase.head])]
    if crowds or (people and len(people) < len(parties)):
        return False
    acting = [one for one in parties if state_of(one.first) and (several.kind == "role" or one.first.kind == "state")]
    return bool(people) or len(acting) == len(parties)


def _rules(words: ReferenceWords, named: Phrase) -> bool:
    """Whether a nameless body governs or fights: "the government", "the rebels"."""
    return named.kind == "group" and named.sector in words.ruling
