"""Whether two coded events are one happening."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

ALIKE = 0.34
"""Share of content words (of the shorter sentence) from which two sentences tell the same."""

SAME_VERB = 0.5
"""The same where types differ but the verb is one: "fired" is coded as an attack here, as a show of force there."""

SLACK = 2
"""Days by which the dates of two reports of one happening may differ."""

MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Types in which it does not matter who is named first."""

_COARSE = frozenset({"quarter", "season", "year", "decade", "century", "range", "month"})
_WORD = re.compile(r"[^\W\d_]{4,}|\d[\d.,]*\d|\d")


@dataclass(frozen=True)
class Happened:
    """An event as far as it says which happening it is.

    Attributes:
        id: of the event.
        document: id of its document.
        story: of its document; the document itself when it has no copies.
        event_type: PLOVER's.
        actors: ids, or folded names where there is none.
        recipients: the same.
        start: first day; the publication when nothing else is known.
        end: last day.
        granularity: of the interval.
        place: name.
        country: of the place.
        negative: whether it is said not to have happened.
        sentence: its words.
        trigger: the word that names it.
    """

    id: str
    document: str
    story: str
    event_type: str
    actors: frozenset[str]
    recipients: frozenset[str]
    start: dt.date | None
    end: dt.date | None
    granularity: str
    place: str | None
    country: str | None
    negative: bool
    sentence: str
    trigger: str


def same_happening(left: Happened, right: Happened) -> str | None:
    """Why two events are one happening, None when they are not.

    Type (or verb), polarity and sides must agree, times overlap, places and numbers not contradict. Then the words
    decide: copies of one text need the same trigger, other texts sentences that share a third of their content words.
    """
    if left.negative != right.negative:
        return None
    one_verb = stem(left.trigger) == stem(right.trigger)
    if left.event_type != right.event_type and not one_verb:
        return None
    if not _same_sides(left, right):
        return None
    if not _overlap(left, right) or _elsewhere(left, right):
        return None
    if left.story == right.story and left.document != right.document:
        return "copies of one text" if one_verb else None
    shared = _shared_words(left.sentence, right.sentence)
    coarse = left.granularity in _COARSE or right.granularity in _COARSE
    if left.event_type != right.event_type:
        alike = shared >= SAME_VERB and not coarse
        return f"one verb, sides and time; {shared:.2f} of the words shared" if alike else None
    if shared >= (ALIKE + 0.2 if coarse else ALIKE):
        return f"one type, sides and time; {shared:.2f} of the words shared"
    if one_verb and not coarse and left.place and left.place == right.place:
        return "one type, sides, time, place and verb"
    return None


def _same_sides(left: Happened, right: Happened) -> bool:
    if _share(left.actors, right.actors) and _share_or_unknown(left.recipients, right.recipients):
        return True
    if not (left.actors and right.actors):  # one text does not name who did it: whom it was done to must be the same
        return _share(left.recipients, right.recipients)
    mutual = left.event_type in MUTUAL and right.event_type in MUTUAL
    return mutual and _share(left.actors, right.recipients) and _share(left.recipients, right.actors)


def _share(left: frozenset[str], right: frozenset[str]) -> bool:
    return any(a == b or _sector_of(a, b) or _sector_of(b, a) for a in left for b in right)


def _share_or_unknown(left: frozenset[str], right: frozenset[str]) -> bool:
    return not left or not right or _share(left, right)


def _sector_of(part: str, whole: str) -> bool:
    return len(whole) == 3 and part.startswith(f"{whole}-")


def _overlap(left: Happened, right: Happened) -> bool:
    if left.start is None or right.start is None:
        return left.start is right.start
    slack = dt.timedelta(days=SLACK)
    return left.start <= (right.end or right.start) + slack and right.start <= (left.end or left.start) + slack


def _elsewhere(left: Happened, right: Happened) -> bool:
    return bool(left.country and right.country and left.country != right.country)


def stem(word: str) -> str:
    """A word without its ending, so that forms of one verb agree."""
    return re.sub(r"(ing|ed|es|s|ment|tion|sion|e)$", "", word.lower())[:8]


def _shared_words(left: str, right: str) -> float:
    first, second = ({stem(word) for word in _WORD.findall(text)} for text in (left, right))
    least = min(len(first), len(second))
    return len(first & second) / least if least >= 3 else 0.0
