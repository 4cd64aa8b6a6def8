"""The task ``commitment``: how far a passage commits to an embedded clause, against people's ratings.

Gold is one row a line: ``context``, ``target`` (the sentence), ``prompt`` (the embedded clause), ``verb``,
``embedding`` and ``commitment`` (-3 to 3), as in the CommitmentBank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from dragoman.formats.jsonl import read_lines
from dragoman.knowledge import Knowledge, load
from dragoman.reading.commitment_scale import commitment_features, commitment_score
from dragoman.reading.parse import Parse, parse_many

_WORD = re.compile(r"\w+")


class Passage(msgspec.Struct, frozen=True):
    """One row of gold."""

    target: str
    prompt: str
    verb: str
    commitment: float


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the reading of commitment.

    Returns:
        ``pearson`` (correlation with the ratings), ``mae`` (mean distance, on the scale of -3 to 3), ``rows``, and
        ``unplaced``: rows whose verb or clause was not found, which count with the scale's constant.

    Raises:
        UnreadableInput: when the file is missing or not in the format.
    """
    del fast
    rows = read_gold(path)
    knowledge = load(lexicon)
    found = features_of(rows, knowledge)
    answers = [commitment_score(features or {}, knowledge.commitment.scale) for features in found]
    ratings = [row.commitment for row in rows]
    return {
        "pearson": pearson(answers, ratings),
        "mae": sum(abs(a - r) for a, r in zip(answers, ratings, strict=True)) / max(1, len(rows)),
        "rows": len(rows),
        "unplaced": sum(features is None for features in found),
    }


def read_gold(path: Path) -> list[Passage]:
    """The rows of a gold file.

    Raises:
        UnreadableInput: when the file is missing or not in the format.
    """
    what = "gold for the task 'commitment': each line holds target, prompt, verb, commitment"
    return read_lines(path, msgspec.json.Decoder(Passage), what)


def features_of(rows: Sequence[Passage], knowledge: Knowledge) -> list[dict[str, float] | None]:
    """The features of each row's clause; None where its verb or its clause is not in the target."""
    parses = parse_many(row.target for row in rows)
    return [_features(row, parse, knowledge) for row, parse in zip(rows, parses, strict=True)]


def _features(row: Passage, parse: Parse, knowledge: Knowledge) -> dict[str, float] | None:
    places = [t.i for t in parse.tokens if t.lemma.lower() == row.verb]
    if not places:
        return None
    words = {word.lower() for word in _WORD.findall(row.prompt)}
    best: tuple[float, int, int] | None = None
    for verb in places:
        for child in parse.children(verb):
            if child.i <= verb or child.pos not in ("VERB", "AUX", "ADJ", "NOUN"):
                continue
            below = {parse.tokens[i].lower for i in parse.subtree(child.i)}
            share = len(words & below) / len(words | below)
            if best is None or share > best[0]:
                best = (share, verb, child.i)
    if best is None:
        following = [t.i for t in parse.tokens if t.i > places[-1] and t.pos in ("VERB", "AUX")]
        best = (0.0, places[-1], following[0] if following else places[-1])
    return commitment_features(parse, best[1], best[2], knowledge)


def pearson(one: Sequence[float], other: Sequence[float]) -> float:
    """Pearson's correlation; 0 when one side does not vary."""
    count = max(1, len(one))
    mean, mean_other = sum(one) / count, sum(other) / count
    covered = sum((a - mean) * (b - mean_other) for a, b in zip(one, other, strict=True))
    spread = sum((a - mean) ** 2 for a in one) * sum((b - mean_other) ** 2 for b in other)
    return float(covered / spread**0.5) if spread > 0 else 0.0
