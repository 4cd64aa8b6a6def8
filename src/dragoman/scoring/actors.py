"""Task ``actors``: the countries of a sentence's actors."""

from __future__ import annotations

from pathlib import Path

from dragoman.reading.draft import Draft
from dragoman.scoring.gold import read_rows
from dragoman.scoring.readings import drafts


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the countries found among a sentence's actors.

    Returns:
        ``country_recall`` and ``country_precision``, counted over all countries of all sentences.

    Raises:
        UnreadableInput: when the gold is missing or not in its format.
    """
    rows = read_rows(path, "text", "countries")
    days = [row.get("date") for row in rows]
    hits = wanted = found = 0
    for row, draft in zip(rows, drafts([r["text"] for r in rows], fast, lexicon, days), strict=True):
        said, gold = countries_of(draft), set(row["countries"])
        hits += len(said & gold)
        wanted += len(gold)
        found += len(said)
    return {"country_recall": hits / max(1, wanted), "country_precision": hits / max(1, found)}


def countries_of(draft: Draft) -> set[str]:
    """The countries (ISO 3166 alpha-3) of every actor mentioned."""
    countries = {actor.country for actor in draft.actors if actor.country}
    for mention in draft.mentions:
        stem = (mention.ref.id or "").split("-")[0]
        if len(stem) == 3 and stem not in ("IGO", "NSA", "NGO"):
            countries.add(stem)
    return countries
