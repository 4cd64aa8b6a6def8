"""Reading a researcher's gold, and the figures that several tasks share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import UnreadableInput

YIELD = frozenset({"CONCEDE", "RETREAT"})
"""Types that the shared gold codes as one class, YIELD."""


def read_rows(path: Path, *fields: str) -> list[dict[str, Any]]:
    """The JSON lines of a gold file.

    Raises:
        UnreadableInput: when the file is missing, or a line is no JSON object with these fields.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UnreadableInput(f"{path}: the gold cannot be read ({error.strerror}); see docs/evaluation.md") from error
    rows: list[dict[str, Any]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise UnreadableInput(f"{path}:{number}: not a line of JSON") from error
        if not isinstance(row, dict) or any(field not in row for field in fields):
            raise UnreadableInput(f"{path}:{number}: a row needs {', '.join(fields)}; see docs/evaluation.md")
        rows.append(row)
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
