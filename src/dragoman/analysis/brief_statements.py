"""The parts of a situation brief, and the wording that its sections share."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

_WITH_ARTICLE = re.compile(
    r"^(?:United \w+|Netherlands|Philippines|Maldives|Bahamas|Gambia|Vatican|Taliban|(?:European|African) Union)$"
    r"| (?:Emirates|Islands|Republic|Federation|Commission|Ministry of .+)$"
)
_DAY = len("2024-01-31")
_QUOTES = 2  # a sentence of the brief shows

Rows = list[dict[str, Any]]
"""Events as rows of ``tables.DYADS`` with the keys of their sides."""


class Quote(msgspec.Struct, frozen=True):
    """Words of a record: ``record`` is the id of an event or a claim."""

    record: str
    text: str


class Statement(msgspec.Struct, frozen=True):
    """A sentence of the brief with the ids of all records that support it, and some of their words."""

    text: str
    records: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A heading with its sentences."""

    title: str
    statements: tuple[Statement, ...]


class Brief(msgspec.Struct, frozen=True):
    """One page: ``notes`` say what could not be told and why."""

    title: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


class Wording(NamedTuple):
    """How an event type reads as a noun, and the word that joins whom it is done to."""

    noun: str
    to: str


TYPE_WORDING: Mapping[str, Wording] = {
    "AGREE": Wording("agreement", "with"),
    "CONSULT": Wording("talks", "with"),
    "SUPPORT": Wording("support", "for"),
    "CONCEDE": Wording("concession", "to"),
    "COOPERATE": Wording("cooperation", "with"),
    "AID": Wording("aid", "to"),
    "RETREAT": Wording("withdrawal or release", "towards"),
    "REQUEST": Wording("request", "to"),
    "ACCUSE": Wording("accusation", "against"),
    "REJECT": Wording("rejection", "of"),
    "THREATEN": Wording("threat", "against"),
    "PROTEST": Wording("protest", "against"),
    "SANCTION": Wording("sanction", "against"),
    "MOBILIZE": Wording("mobilization", "towards"),
    "COERCE": Wording("coercion", "of"),
    "ASSAULT": Wording("assault", "on"),
}
"""PLOVER's types as nouns."""


def label(actor: str, names: Mapping[str, str]) -> str:
    """The name of an actor for people; what was asked where no name is known."""
    name = names.get(actor) or next((n for n in names.values() if n.casefold() == actor.casefold()), None)
    return name if name and name != actor and "+" not in actor else actor


def within_sentence(name: str) -> str:
    """A name as it stands inside a sentence: "the two men" for "The two men", "the United States" with its article."""
    if _WITH_ARTICLE.search(name):
        return f"the {name}"
    first, _, rest = name.partition(" ")
    return f"{first.lower()} {rest}" if rest and first in ("The", "A", "An", "Some", "Two", "Three") else name


def counted(count: int) -> str:
    """So many events: "1 event" or "2 events"."""
    return "1 event" if count == 1 else f"{count} events"


def when(rows: Rows) -> str:
    """When events happened, no more exact than they say, with a leading space."""
    dated = sorted((row["start"], row["granularity"] or "day") for row in rows if row["start"])
    if not dated:
        return " (no date given)"
    first, last = (_as_exact(day, granularity) for day, granularity in (dated[0], dated[-1]))
    if first == last:
        return f" on {first}" if len(first) == _DAY else f" in {first}"
    return f" from {first} to {last}"


def _as_exact(day: dt.date, granularity: str) -> str:
    # No more exact than the record: an event of 2025 did not happen on its first of January.
    if granularity in ("year", "decade", "century"):
        return str(day.year)
    return day.isoformat() if granularity in ("day", "week", "range") else f"{day:%Y-%m}"


def quotes_of(rows: Rows) -> tuple[Quote, ...]:
    """The words of the first rows that differ in them."""
    words = {row["quote"]: row["event"] for row in rows[::-1] if row["quote"]}
    return tuple(Quote(record, text) for text, record in list(words.items())[::-1][:_QUOTES])
