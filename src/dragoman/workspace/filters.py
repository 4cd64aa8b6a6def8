"""What a query asks for, and the SQL that says it. Values are always bound, never written into the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from dragoman.errors import UsageError
from dragoman.records import EVENT_TYPES, FACTUALITY_VALUES


@dataclass(frozen=True)
class Filter:
    """Conditions that all must hold; None asks nothing. A list of values asks for any of them.

    Attributes:
        actor: id, id of a state (its sectors count too), or name.
        recipient: the same for the recipient.
        either: actor or recipient.
        since: first day (ISO; "2018" and "2018-09" are that period's first day).
        until: last day, inclusive.
        event_type: one or more of PLOVER's 16.
        mode: the event's mode.
        context: one of the event's contexts.
        quad_class: 1 to 4.
        factuality: FactBank values.
        speaker: id or name of who says so.
        publisher: the document's publisher.
        document: a document's id or the beginning of it.
        place: a place's name or country (ISO 3166 alpha-3).
        story: id of a story.
        origin: "read" or a format that was imported.
    """

    actor: str | None = None
    recipient: str | None = None
    either: str | None = None
    since: str | None = None
    until: str | None = None
    event_type: str | list[str] | None = None
    mode: str | None = None
    context: str | None = None
    quad_class: int | None = None
    factuality: str | list[str] | None = None
    speaker: str | None = None
    publisher: str | None = None
    document: str | None = None
    place: str | None = None
    story: str | None = None
    origin: str | None = None

    def __post_init__(self) -> None:
        for name, values, known in (
            ("event type", self.event_type, EVENT_TYPES),
            ("factuality", self.factuality, FACTUALITY_VALUES),
        ):
            for value in _listed(values):
                if value not in known:
                    raise UsageError(f"'{value}' is no {name}; there are {', '.join(known)}")
        since, until = day(self.since), day(self.until, last=True)
        if since and until and since > until:
            raise UsageError(f"the dates are the wrong way round: since {since} until {until}")

    @property
    def empty(self) -> bool:
        """Whether nothing is asked."""
        return all(getattr(self, field.name) is None for field in fields(self))

    def where(self) -> tuple[str, list[Any]]:
        """A condition on the columns of ``tables.DYADS``, and the values to bind."""
        parts = [*self._sides(), *self._dates(), *self._values()]
        text = " AND ".join(condition for condition, _ in parts) or "true"
        return text, [value for _, values in parts for value in values]

    def _sides(self) -> Iterator[tuple[str, list[Any]]]:
        if self.actor is not None:
            yield _is_actor("actor", self.actor)
        if self.recipient is not None:
            yield _is_actor("recipient", self.recipient)
        if self.either is not None:
            first, second = _is_actor("actor", self.either), _is_actor("recipient", self.either)
            yield f"({first[0]} OR {second[0]})", first[1] + second[1]

    def _dates(self) -> Iterator[tuple[str, list[Any]]]:
        # An interval is inside when any day of it may be; what has no date is bounded by its publication.
        if self.since is not None:
            yield 'coalesce("end", "start", published) >= ?', [day(self.since)]
        if self.until is not None:
            yield 'coalesce("start", "end", published) <= ?', [day(self.until, last=True)]

    def _values(self) -> Iterator[tuple[str, list[Any]]]:
        for column in ("event_type", "factuality"):
            listed = _listed(getattr(self, column))
            if listed:
                yield f"{column} IN ({', '.join('?' * len(listed))})", [*listed]
        for column, condition in _CONDITIONS.items():
            value = getattr(self, column)
            if value is not None:
                yield condition, [value] * condition.count("?")


_CONDITIONS = {
    "mode": "mode = ?",
    "context": "list_contains(contexts, ?)",
    "quad_class": "quad_class = ?",
    "speaker": "(speaker = ? OR lower(speaker) = lower(?))",
    "publisher": "lower(publisher) = lower(?)",
    "document": "starts_with(document, ?)",
    "place": "(country = ? OR lower(place) = lower(?))",
    "story": "story = ?",
    "origin": "origin = ?",
}


def day(text: str | None, *, last: bool = False) -> dt.date | None:
    """The first day (or the last) of "2018", "2018-09" or "2018-09-18".

    Raises:
        UsageError: it is no date.
    """
    if text is None:
        return None
    try:
        parts = [int(part) for part in text.strip().split("-")]
        if len(parts) == 3:
            return dt.date(*parts)
        year, month = (parts[0], parts[1]) if len(parts) == 2 else (parts[0], 12 if last else 1)
        if len(parts) > 2:
            raise ValueError
        if not last:
            return dt.date(year, month, 1)
        return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
    except (ValueError, TypeError, OverflowError):
        raise UsageError(f"'{text}' is no date; write 2018, 2018-09 or 2018-09-18") from None


def _is_actor(column: str, value: str) -> tuple[str, list[Any]]:
    # A state asked for by its code means its sectors too: PRK finds PRK-MIL.
    if len(value) == 3 and value.isupper():
        return f"({column} = ? OR starts_with({column}, ?))", [value, f"{value}-"]
    return f"({column} = ? OR lower({column}_name) = lower(?))", [value, value]


def _listed(values: str | list[str] | None) -> list[str]:
    if values is None:
        return []
    return [values] if isinstance(values, str) else list(values)
