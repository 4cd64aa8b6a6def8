"""What ``fix set ID field=value`` may change of a record, and how."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, get_args

from msgspec.structs import replace

from dragoman.errors import UsageError
from dragoman.records import (
    EVENT_TYPES,
    FACTUALITY_VALUES,
    QUAD_CLASSES,
    Act,
    ActorRef,
    Claim,
    Event,
    Interval,
    Place,
)
from dragoman.workspace.filters import day

R = TypeVar("R", bound=Event | Claim)


def changed(record: R, field: str, value: str) -> R:
    """The record with one field set; an empty value clears it where the record allows.

    Raises:
        UsageError: the field cannot be set, or not to that.
    """
    known = _EVENT if isinstance(record, Event) else _CLAIM
    if field not in known:
        kind = "event" if isinstance(record, Event) else "claim"
        raise UsageError(
            f"'{field}' of {'an' if kind == 'event' else 'a'} {kind} cannot be set; {', '.join(known)} can"
        )
    return replace(record, **known[field](record, value.strip()))


def _one_of(field: str, allowed: tuple[str, ...]) -> Callable[[Any, str], dict[str, Any]]:
    def set_it(_: Any, value: str) -> dict[str, Any]:
        if value not in allowed:
            raise UsageError(f"{field}: '{value}' is none of {', '.join(allowed)}")
        return {field: value}

    return set_it


def _event_type(event: Event, value: str) -> dict[str, Any]:
    known = _one_of("event_type", EVENT_TYPES)(event, value)
    return {**known, "quad_class": QUAD_CLASSES[value]}


def _mode(_: Event, value: str) -> dict[str, Any]:
    return {"mode": value or None}


def _contexts(_: Event, value: str) -> dict[str, Any]:
    return {"contexts": tuple(sorted({part.strip() for part in value.split(",") if part.strip()}))}


def _intensity(_: Event, value: str) -> dict[str, Any]:
    try:
        number = float(value)
    except ValueError:
        number = float("nan")
    if not -10 <= number <= 10:
        raise UsageError(f"intensity: '{value}' is no number from -10 to 10")
    return {"intensity": number}


def _actors(event: Event, value: str) -> dict[str, Any]:
    if not value:
        raise UsageError("actor: an event without an actor is none; reject it instead")
    return {"actors": (_reference(event.actors or event.recipients, event, value),)}


def _recipients(event: Event, value: str) -> dict[str, Any]:
    return {"recipients": (_reference(event.recipients or event.actors, event, value),) if value else ()}


def _reference(there: tuple[ActorRef, ...], record: Event | Claim, value: str) -> ActorRef:
    """A reference to an id or a name, standing on the words that carried the one before it."""
    span = there[0].span if there else record.sentence
    return ActorRef(id=value if _looks_like_id(value) else None, name=value, span=span)


def _looks_like_id(value: str) -> bool:
    return value.isascii() and value.upper() == value and " " not in value and value[:1].isalpha()


def _start(event: Event, value: str) -> dict[str, Any]:
    return {"time": _interval(event.time, value, event.time.end if event.time else None)}


def _end(event: Event, value: str) -> dict[str, Any]:
    return {"time": _interval(event.time, event.time.start if event.time else None, value)}


def _interval(old: Interval | None, start: str | None, end: str | None) -> Interval:
    first, last = day(start or None), day(end or None, last=True)
    if first and last and first > last:
        raise UsageError(f"the dates are the wrong way round: {first} to {last}")
    granularity = "day" if first == last else "range"
    return Interval(
        first.isoformat() if first else None,
        last.isoformat() if last else None,
        granularity,  # type: ignore[arg-type]
        approximate=False,
        basis="explicit",
        quote=old.quote if old else None,
    )


def _place(event: Event, value: str) -> dict[str, Any]:
    if not value:
        return {"place": None}
    span = event.place.span if event.place else event.sentence
    return {"place": Place(value, None, None, None, None, None, span)}


def _speaker(claim: Claim, value: str) -> dict[str, Any]:
    there = (claim.speaker,) if claim.speaker else ()
    return {"speaker": _reference(there, claim, value) if value else None}


_EVENT: dict[str, Callable[[Any, str], dict[str, Any]]] = {
    "event_type": _event_type,
    "mode": _mode,
    "contexts": _contexts,
    "factuality": _one_of("factuality", FACTUALITY_VALUES),
    "intensity": _intensity,
    "actor": _actors,
    "recipient": _recipients,
    "start": _start,
    "end": _end,
    "place": _place,
}
_CLAIM: dict[str, Callable[[Any, str], dict[str, Any]]] = {
    "speaker": _speaker,
    "act": _one_of("act", get_args(Act)),
    "factuality": _one_of("factuality", FACTUALITY_VALUES),
}
