"""What ``import dragoman`` offers, in the order of a first use: read, then the records."""

from __future__ import annotations

from pathlib import Path

from dragoman.errors import UsageError
from dragoman.reading.result import Reading


def read(
    source: str | Path, *, published: str | None = None, lexicon: str | Path | None = None, fast: bool = False
) -> Reading:
    """Read one text, file or address."""
    raise UsageError(f"cannot read {source} yet")
