"""Task ``actors``: the countries of a sentence's actors."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dragoman.reading.draft import Draft, Mention
from dragoman.scoring.gold import ActorSentence, read_rows
from dragoman.scoring.readings import drafts


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the countries found among a sentence's actors.

    Returns:
        ``country_recall`` and ``country_precision`` over all actors mentioned, ``event_country_recall`` and
        ``event_country_precision`` over those only who act or are acted on in an event; each counted over all
        countries of all sentences.

    Raises:
        UnreadableInput: when the gold is missing or not in its format.
    """
    rows = read_rows(path, ActorSentence)
    days = [row.date for row in rows]
    named, acting = _Tally(), _Tally()
    for row, draft in zip(rows, drafts([r.text for r in rows], fast, lexicon, days), strict=True):
        gold = set(row.countries)
        named.add(countries_of(draft), gold)
        acting.add(_countries(draft, _in_events(draft)), gold)
    return {
        "country_recall": named.recall(),
        "country_precision": named.precision(),
        "event_country_recall": acting.recall(),
        "event_country_precision": acting.precision(),
    }


class _Tally:
    """Hits against what was wanted and what was found."""

    def __init__(self) -> None:
        self._hits = self._wanted = self._found = 0

    def add(self, found: set[str], gold: set[str]) -> None:
        self._hits += len(found & gold)
        self._wanted += len(gold)
        self._found += len(found)

    def recall(self) -> float:
        return self._hits / max(1, self._wanted)

    def precision(self) -> float:
        return self._hits / max(1, self._found)


def countries_of(draft: Draft) -> set[str]:
    """The countries (ISO 3166 alpha-3) of every actor mentioned.

    A person who acts for an international organisation stands for no country, whatever the passport says.
    """
    return _countries(draft, draft.mentions)


def _in_events(draft: Draft) -> list[Mention]:
    numbers = {number for event in draft.events for number in (*event.actors, *event.recipients)}
    return [draft.mentions[number] for number in sorted(numbers)]


def _countries(draft: Draft, mentions: Iterable[Mention]) -> set[str]:
    countries: set[str] = set()
    for mention in mentions:
        stem = (mention.ref.id or "").split("-")[0]
        if len(stem) == 3 and stem not in ("IGO", "NSA", "NGO"):
            countries.add(stem)
        actor = draft.actors[mention.entity]
        if actor.country and not (actor.kind == "person" and stem == "IGO"):
            countries.add(actor.country)
    return countries
