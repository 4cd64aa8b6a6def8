"""How well stated chances came true: Brier score, log score and calibration (Brier 1950; Murphy 1973)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dragoman.errors import AnalysisError

FEWEST_TO_RANK = 20
"""Resolved predictions below which nobody is ranked: one lucky call moves a Brier score by 0.05 or more."""
_SHARPEST = 0.01  # a chance of 0 or 1 counts as this far from it, so that one miss is not infinite


@dataclass(frozen=True, slots=True)
class Outcome:
    """A resolved prediction: the chance given (0 to 1), whether it came true, whose it was, in which words."""

    chance: float
    came_true: bool
    speaker: str
    phrase: str | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Scores over ``count`` resolved predictions; lower is better for ``brier`` and ``log``.

    ``base_brier`` and ``base_log`` are those of always answering the base rate; ``skill`` is
    1 - brier / base_brier, and None when everything or nothing came true.
    """

    name: str
    count: int
    brier: float
    log: float
    mean_chance: float
    came_true: float
    base_brier: float
    base_log: float
    skill: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions with chances from ``low`` up to ``high``: how many, mean chance, share that came true."""

    low: float
    high: float
    count: int
    mean_chance: float
    came_true: float


def score(outcomes: Sequence[Outcome], name: str = "all") -> Score:
    """Score resolved predictions.

    Raises:
        AnalysisError: when there is none, or a chance lies outside 0 to 1.
    """
    if not outcomes:
        raise AnalysisError(f"no resolved predictions to score for '{name}'; resolve some first")
    for outcome in outcomes:
        if not 0 <= outcome.chance <= 1:
            raise AnalysisError(f"a chance of {outcome.chance} is none; chances lie between 0 and 1")
    rate = sum(o.came_true for o in outcomes) / len(outcomes)
    base = [Outcome(rate, o.came_true, o.speaker) for o in outcomes]
    brier, base_brier = _brier(outcomes), _brier(base)
    return Score(
        name=name,
        count=len(outcomes),
        brier=brier,
        log=_log(outcomes),
        mean_chance=sum(o.chance for o in outcomes) / len(outcomes),
        came_true=rate,
        base_brier=base_brier,
        base_log=_log(base),
        skill=1 - brier / base_brier if base_brier else None,
    )


def _brier(outcomes: Sequence[Outcome]) -> float:
    return sum((o.chance - o.came_true) ** 2 for o in outcomes) / len(outcomes)


def _log(outcomes: Sequence[Outcome]) -> float:
    kept = [(min(1 - _SHARPEST, max(_SHARPEST, o.chance)), o.came_true) for o in outcomes]
    return -sum(math.log(chance if true else 1 - chance) for chance, true in kept) / len(kept)


def by_speaker(outcomes: Iterable[Outcome]) -> list[Score]:
    """One score a speaker, most predictions first; nobody is ranked here (see ``ranking``)."""
    return _by(outcomes, lambda o: o.speaker)


def by_phrase(outcomes: Iterable[Outcome]) -> list[Score]:
    """One score a phrase of probability ("likely"), most predictions first; those without a phrase are left out."""
    return _by((o for o in outcomes if o.phrase), lambda o: (o.phrase or "").casefold())


def _by(outcomes: Iterable[Outcome], key: Callable[[Outcome], str]) -> list[Score]:
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[key(outcome)].append(outcome)
    return sorted((score(group, name) for name, group in groups.items()), key=lambda s: (-s.count, s.name))


def ranking(outcomes: Iterable[Outcome], fewest: int = FEWEST_TO_RANK) -> list[Score]:
    """Speakers by skill against the base rate, best first.

    Args:
        outcomes: resolved predictions.
        fewest: resolved predictions that a speaker needs to be ranked.

    Raises:
        AnalysisError: when nobody has that many.
    """
    kept = [s for s in by_speaker(outcomes) if s.count >= fewest]
    if not kept:
        raise AnalysisError(f"no speaker has {fewest} resolved predictions; fewer say nothing about skill")
    return sorted(kept, key=lambda s: (-(s.skill if s.skill is not None else -math.inf), s.brier, s.name))


def calibration(outcomes: Sequence[Outcome], bins: int = 10) -> list[Bin]:
    """The calibration table: equal bins of chances, empty ones left out."""
    if bins < 1:
        raise AnalysisError(f"{bins} bins cannot hold anything; ask for 1 or more")
    groups: dict[int, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[min(bins - 1, int(outcome.chance * bins))].append(outcome)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(group),
            sum(o.chance for o in group) / len(group),
            sum(o.came_true for o in group) / len(group),
        )
        for number, group in sorted(groups.items())
    ]
