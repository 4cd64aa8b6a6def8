"""How the scripts of this folder end: what went wrong, what was done, and an exit code that says which."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn


def end(wrong: Sequence[str], summary: str, told: Sequence[str] = ()) -> NoReturn:
    """Print what went wrong, further lines and a summary; the exit code is 1 when something went wrong."""
    for line in (*wrong, *told, f"{summary}, {len(wrong)} problems"):
        print(line)
    raise SystemExit(1 if wrong else 0)
