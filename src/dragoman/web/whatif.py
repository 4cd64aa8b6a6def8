"""The page's scenarios: what may follow an act."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Any

import msgspec
from starlette.responses import Response

from dragoman.analysis.acts import parse_act
from dragoman.analysis.scenarios import whatif
from dragoman.errors import UsageError
from dragoman.web.answers import answer, date_of
from dragoman.web.served import Served

_MOST_DRAWS = 2000
_LONGEST = 730  # days


class Asked(msgspec.Struct, forbid_unknown_fields=True):
    """A scenario: acts as text ("PRK MOBILIZE RUS"), from when, how far, how often."""

    acts: list[str]
    at: str | None = None
    horizon: int | str = 90
    draws: int = 300
    without: list[str] = []
    seed: Annotated[int, msgspec.Meta(ge=0)] = 0


def run(served: Served, body: bytes) -> Response:
    """Run a scenario ahead and say what changes."""
    try:
        asked = msgspec.json.decode(body, type=Asked)
    except msgspec.MsgspecError as error:
        raise UsageError(f"the request cannot be understood: {error}") from None
    horizon = _days(asked.horizon)
    if not 1 <= horizon <= _LONGEST:
        raise UsageError(f"horizon: {horizon} is not between 1 and {_LONGEST} days")
    if not 1 <= asked.draws <= _MOST_DRAWS:
        raise UsageError(f"draws: {asked.draws} is not between 1 and {_MOST_DRAWS}")
    acts = [*map(parse_act, asked.acts), *(parse_act(text, removed=True) for text in asked.without)]
    at = date_of(asked.at, "at")
    key = ("whatif", tuple(asked.acts), tuple(asked.without), at, horizon, asked.draws, asked.seed)
    return answer(served.kept(key, lambda: _made(served, acts, at, horizon, asked)))


def _made(served: Served, acts: list[Any], at: dt.date | None, horizon: int, asked: Asked) -> dict[str, Any]:
    names = served.columns().names
    found = whatif(served.columns().rows(), acts, at=at, horizon=horizon, draws=asked.draws, seed=asked.seed)
    return {
        "acts": [str(act) for act in found.acts],
        "at": found.at,
        "horizon": found.horizon,
        "draws": found.draws,
        "pairs": [{**row, **{f"{side}_name": names.get(row[side], row[side]) for side in ("actor", "recipient")}}
                  for row in found.changes.to_pylist()],
        "paths": found.paths.to_pylist(),
        "precedents": found.precedents.to_pylist(),
        "caveats": [*found.unknown, *found.notes],
    }  # fmt: skip


def _days(horizon: int | str) -> int:
    if isinstance(horizon, int):
        return horizon
    text = horizon.strip().lower()
    number, unit = (text[:-1], text[-1]) if text[-1:] in ("d", "w") else (text, "d")
    if not re.fullmatch("[0-9]{1,6}", number):
        raise UsageError(f"horizon: '{horizon}' is no length; write 90d or 12w")
    return int(number) * (7 if unit == "w" else 1)
