"""Versions of one matter that do not agree: who says that it was so, and who says otherwise.

Works on records, so that the claims of one text and those of many are compared alike. Two versions are of
one matter when they share most of their telling words; they are in dispute when different speakers give
them and they differ in polarity, in a number of the same thing, in who did it, or in certainty.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dragoman.records import Claim, Dispute, Event, Why

Difference: TypeAlias = Literal["polarity", "number", "actor", "certainty"]

_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:\s+(?!million|billion|percent)\w+)?\s+([^\W\d_]{3,})"
)
_ENDINGS = ("ations", "ation", "ings", "ing", "ied", "ies", "ed", "es", "s", "d", "e")
_SHORTEST_STEM = 4
_FEWEST_SHARED = 3
_SAME_MATTER = 0.6  # shared words over the words of the shorter version
_SAME_DEED = 0.6  # of the words that are no names
_SAME_WORDING = 0.8  # for a difference in certainty alone
_LONGEST = 60  # words; longer contents are about more than one matter
_TOLERANCE = 0.1  # relative difference from which two numbers contradict
_MOST_COMMON = 200  # versions that share a word; beyond that the word does not lead to pairs
_ORDER: tuple[Difference, ...] = ("polarity", "number", "actor", "certainty")


@dataclass(frozen=True, slots=True)
class Version:
    """One speaker's account of a matter."""

    id: str
    document: str
    speaker: str  # id or name, folded; "" for the author
    words: frozenset[str]
    names: frozenset[str]  # those of the words that are written with a capital
    sign: str  # "+", "-" or "u"
    certainty: str  # CT, PR, PS or U
    numbers: Mapping[str, frozenset[float]]
    text: str
    place: tuple[int, int]


def versions(claims: Iterable[Claim], function_words: Collection[str]) -> list[Version]:
    """What each claim says, as far as it can be compared; questions and intentions are left out."""
    found = []
    function_words = frozenset(function_words)
    for claim in claims:
        if claim.act in ("ask", "intend") or claim.factuality == "Uu":
            continue
        text = " ".join(part.quote for part in claim.parts)
        words = telling_words(text, function_words)
        if not _FEWEST_SHARED <= len(words) <= _LONGEST:
            continue
        speaker = (claim.speaker.id or claim.speaker.name) if claim.speaker else ""
        if claim.speaker is not None and claim.speaker.name:
            speaker = claim.speaker.name
        found.append(
            Version(
                claim.id,
                claim.document,
                speaker.casefold(),
                words,
                telling_words(" ".join(w for w in _WORD.findall(text) if w[0].isupper()), function_words) & words,
                claim.factuality[2],
                claim.factuality[:2],
                _numbers(text),
                text,
                (claim.content.start, claim.content.end),
            )
        )
    return found


def telling_words(text: str, function_words: Collection[str]) -> frozenset[str]:
    """The stems of the words that say what a text is about."""
    return frozenset(stem(w) for w in map(str.casefold, _WORD.findall(text)) if w not in function_words and len(w) > 1)


@functools.lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """A word without its inflection, roughly: enough to compare two tellings of the same thing."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word[: -len(ending)]
    return word


def _numbers(text: str) -> dict[str, frozenset[float]]:
    found: dict[str, set[float]] = defaultdict(set)
    for number, unit in _NUMBER.findall(text):
        found[stem(unit.casefold())].add(float(number.replace(",", "")))
    return {unit: frozenset(values) for unit, values in found.items()}


def difference(one: Version, other: Version) -> Difference | None:
    """How two versions disagree; None when they do not, or are not of one matter."""
    if one.speaker == other.speaker or _nested(one, other):
        return None
    shared = len(one.words & other.words)
    share = shared / min(len(one.words), len(other.words))
    if shared < _FEWEST_SHARED or share < _SAME_MATTER or not _tell_alike(one, other):
        return None
    if {one.sign, other.sign} == {"+", "-"}:
        return "polarity"
    for unit in one.numbers.keys() & other.numbers.keys():
        low, high = sorted((max(one.numbers[unit]), max(other.numbers[unit])))
        if high and (high - low) / high > _TOLERANCE:
            return "number"
    if share >= _SAME_WORDING and one.certainty != other.certainty and "CT" in (one.certainty, other.certainty):
        return "certainty"
    return None


def _tell_alike(one: Version, other: Version) -> bool:
    """Whether two versions tell the same of the names they share: enough of their other words are the same."""
    mine, theirs = one.words - one.names, other.words - other.names
    fewest = min(len(mine), len(theirs))
    return fewest == 0 or len(mine & theirs) >= _SAME_DEED * fewest


def _nested(one: Version, other: Version) -> bool:
    """Whether one version stands inside the other: who reports a statement does not dispute it."""
    apart = one.place[1] <= other.place[0] or other.place[1] <= one.place[0]
    return one.document == other.document and not apart


def disputed_pairs(found: Sequence[Version]) -> Iterator[tuple[int, int, Difference]]:
    """The pairs of versions, as indices in order, that disagree."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, version in enumerate(found):
        for word in version.words:
            holders[word].append(number)
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for _, numbers in sorted(holders.items()):
        if len(numbers) <= _MOST_COMMON:
            for pair in itertools.combinations(numbers, 2):
                counts[pair] += 1
    for (one, other), shared in sorted(counts.items()):
        if shared >= _FEWEST_SHARED:
            kind = difference(found[one], found[other])
            if kind is not None:
                yield one, other, kind


def find_disputes(
    document: str, claims: Sequence[Claim], events: Sequence[Event], function_words: Collection[str]
) -> tuple[Dispute, ...]:
    """The disputes inside one text, in text order; ids continue the document's with ``.d1`` and so on."""
    found = versions(claims, function_words)
    pairs = [(found[a].id, found[b].id, kind) for a, b, kind in disputed_pairs(found)]
    pairs.extend(_rival_actors(claims, events))
    place = {name: n for n, name in enumerate([*(c.id for c in claims), *(e.id for e in events)])}
    texts = {c.id: c.content.quote for c in claims} | {e.id: e.sentence.quote for e in events}
    disputes = []
    for kind in _ORDER:
        for group in grouped([(a, b) for a, b, k in pairs if k == kind]):
            ordered = tuple(sorted(group, key=place.__getitem__))
            disputes.append((place[ordered[0]], kind, ordered))
    return tuple(
        Dispute(f"{document[:12]}.d{n}", document, texts[ids[0]], kind, ids, Why(f"same matter, {kind} differs"))
        for n, (_, kind, ids) in enumerate(sorted(disputes), 1)
    )


def _rival_actors(claims: Sequence[Claim], events: Sequence[Event]) -> Iterator[tuple[str, str, Difference]]:
    """Events of one type against one recipient that different speakers lay at different doors."""
    speakers = {c.id: (c.speaker.name if c.speaker else "") for c in claims}
    for one, other in itertools.combinations(events[:300], 2):
        if one.event_type != other.event_type or stem(one.trigger.quote) != stem(other.trigger.quote):
            continue
        voices = {speakers.get(e.claims[-1], "") if e.claims else "" for e in (one, other)}
        recipients = {r.id for r in one.recipients if r.id} & {r.id for r in other.recipients if r.id}
        actors = [{a.id or a.name for a in e.actors} for e in (one, other)]
        if len(voices) == 2 and recipients and actors[0] and actors[1] and actors[0].isdisjoint(actors[1]):
            yield one.id, other.id, "actor"


def grouped(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """Ids joined by pairs, each in one group, in the order of first sight."""
    groups: list[set[str]] = []
    for one, other in pairs:
        touching = [g for g in groups if one in g or other in g]
        merged = {one, other}.union(*touching)
        groups = [g for g in groups if g not in touching]
        groups.append(merged)
    return groups
