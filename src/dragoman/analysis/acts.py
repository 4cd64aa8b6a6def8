"""Acts that a scenario adds or takes away, written as ``PRK MOBILIZE RUS x3 +7d``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from dragoman.analysis.channels import Channel, Tone
from dragoman.errors import UsageError
from dragoman.records import EVENT_TYPES, QUAD_CLASSES

_COUNT = re.compile(r"^x(\d{1,3})$")
_LATER = re.compile(r"^\+(\d{1,4})d$")
_MOST = 100  # times one act may be repeated


class Act(msgspec.Struct, frozen=True):
    """Something done: ``times`` on the day ``after`` days from the scenario's date; taken away when ``removed``."""

    actor: str
    event_type: str
    recipient: str
    times: int = 1
    after: int = 0
    removed: bool = False

    @property
    def tone(self) -> Tone:
        """Cooperation or conflict, as the type's quad class says."""
        return "cooperation" if QUAD_CLASSES[self.event_type] <= 2 else "conflict"

    @property
    def channel(self) -> Channel:
        """What the act is an event of."""
        return Channel(self.actor, self.recipient, self.tone)

    def __str__(self) -> str:
        count = f" x{self.times}" if self.times > 1 else ""
        later = f" +{self.after}d" if self.after else ""
        return f"{'without ' if self.removed else ''}{self.actor} {self.event_type} {self.recipient}{count}{later}"


def parse_act(text: str, *, removed: bool = False) -> Act:
    """An act from its text: actor, one of PLOVER's 16 types, recipient, then ``x3`` (times) and ``+7d`` (days later).

    Names may have several words; the type is written in capitals or small letters.

    Raises:
        UsageError: There is no type in it, an actor is missing, or an act that is taken away lies in the future.
    """
    words = text.split()
    times, after = 1, 0
    while words and (match := _COUNT.match(words[-1]) or _LATER.match(words[-1])):
        value = int(match.group(1))
        times, after = (value, after) if words[-1].startswith("x") else (times, value)
        words.pop()
    places = [k for k, word in enumerate(words) if word.upper() in EVENT_TYPES]
    if not places:
        raise UsageError(
            f"'{text}' names no event type; write ACTOR TYPE RECIPIENT, TYPE one of {', '.join(EVENT_TYPES)}"
        )
    place = next((k for k in places if 0 < k < len(words) - 1), places[0])
    actor, recipient = " ".join(words[:place]), " ".join(words[place + 1 :])
    if not actor or not recipient:
        raise UsageError(f"'{text}' lacks an actor; write ACTOR TYPE RECIPIENT, as in PRK MOBILIZE RUS")
    if not 1 <= times <= _MOST:
        raise UsageError(f"'{text}': an act happens 1 to {_MOST} times")
    if removed and after:
        raise UsageError(f"'{text}': what has not happened yet cannot be taken away; leave out +{after}d")
    return Act(actor, words[place].upper(), recipient, times, after, removed)


def actors_of(acts: Sequence[Act]) -> tuple[str, ...]:
    """Everybody who acts or is acted on, in order of naming, once each."""
    return tuple(dict.fromkeys(name for act in acts for name in (act.actor, act.recipient)))
