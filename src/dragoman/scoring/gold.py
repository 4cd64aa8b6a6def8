"""Reading a researcher's gold, and the figures that several tasks share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from dragoman.errors import UnreadableInput
from dragoman.formats.jsonl import read_lines
from dragoman.reading.relation_model import YIELD
from dragoman.records import EVENT_TYPES

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
"""Types whose two sides the gold marks in either order."""

T = TypeVar("T", bound=msgspec.Struct)


class MarkedPair(msgspec.Struct, frozen=True):
    """A sentence with two marked spans (start and end) and the relation between them."""

    text: str
    source: tuple[int, int] | None
    target: tuple[int, int] | None
    event_type: str

    def __post_init__(self) -> None:
        if self.event_type != "YIELD" and self.event_type not in EVENT_TYPES:
            raise ValueError(f"'{self.event_type}' is no event type of PLOVER's")


class QuadSentence(msgspec.Struct, frozen=True):
    """A sentence with its quad class, 0 for none."""

    text: str
    quad: Literal[0, 1, 2, 3, 4]


class ActorSentence(msgspec.Struct, frozen=True):
    """A sentence with the countries of its actors."""

    text: str
    countries: tuple[str, ...]
    date: str | None = None

    def __post_init__(self) -> None:
        if self.date is not None:
            dt.date.fromisoformat(self.date)


def read_rows(path: Path, kind: type[T]) -> list[T]:
    """The JSON lines of a gold file.

    Raises:
        UnreadableInput: when the file is missing, empty, or a line is no row of this kind.
    """
    named = ", ".join(kind.__struct_fields__)
    rows = read_lines(path, msgspec.json.Decoder(kind), f"gold with {named}; see docs/evaluation.md")
    if not rows:
        raise UnreadableInput(f"{path}: there is no gold in it")
    return rows


def merged(event_type: str) -> str:
    """A type as the 15 classes have it."""
    return "YIELD" if event_type in YIELD else event_type


def macro_f1(gold: Sequence[object], said: Sequence[object]) -> float:
    """Mean F1 over the classes of the gold."""
    scores = []
    for label in sorted(set(gold), key=str):
        hits = sum(g == s == label for g, s in zip(gold, said, strict=True))
        there = sum(g == label for g in gold) + sum(s == label for s in said)
        scores.append(2 * hits / there if there else 0.0)
    return sum(scores) / len(scores)
