"""The words of date expressions: months, units, numbers, relations; and how a text is cut to compare with them."""

from __future__ import annotations

import re
import string
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_lexicon

Bounds: TypeAlias = tuple[float, float]

_WORD = re.compile(
    r"[^\W\d_]+(?:\d\b)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?![\d/])|\d{1,2}/\d{1,2}(?![\d/])|\d{3}0s\b"
    r"|['‘’]?\b\d0s\b|['‘’]\d\d\b|\d+(?:st|nd|rd|th)\b|\d+(?:,\d{3})+|\d+(?:\.\d+)?|['’]s\b|[^\w\s]"
)
_ABBREVIATED = 5  # letters of the longest abbreviation that takes a full stop


class Word(NamedTuple):
    """A word, number or mark with its place in the text that was cut."""

    lower: str
    capital: bool
    start: int
    end: int


def words_of(text: str, start: int = 0, end: int | None = None) -> list[Word]:
    """Cut ``text[start:end]`` into the words, numbers and marks that the date grammar reads.

    The full stop of an abbreviation ("Nov.") is dropped; offsets stay those of ``text``.
    """
    found: list[Word] = []
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        raw = match[0]
        first, last = match.span()
        if raw == "." and found and _is_abbreviation(found[-1], first):
            continue
        lower = raw.lower() if raw[0] not in "’‘" else f"'{raw[1:].lower()}"
        found.append(Word(lower, raw[0].isupper(), first, last))
    return found


def _is_abbreviation(word: Word, stop: int) -> bool:
    return word.capital and word.end == stop and len(word.lower) < _ABBREVIATED


class DateLexicon(msgspec.Struct, frozen=True):
    """Phrases (as cut by ``words_of``, joined by blanks) by the part they play in a date expression."""

    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}  # 0 is Monday
    seasons: dict[str, int] = {}  # first month
    units: dict[str, str] = {}
    dayparts: dict[str, bool] = {}
    doubtful: dict[str, bool] = {}
    numbers: dict[str, int] = {}
    multipliers: dict[str, int] = {}
    ordinals: dict[str, int] = {}
    decades: dict[str, int] = {}
    vague: dict[str, Bounds] = {}
    approximators: dict[str, bool] = {}
    exact: dict[str, bool] = {}
    parts: dict[str, str] = {}
    inpart: dict[str, str] = {}
    previous: dict[str, bool] = {}
    current: dict[str, bool] = {}
    coming: dict[str, bool] = {}
    rolling_back: dict[str, bool] = {}
    rolling_ahead: dict[str, bool] = {}
    anchored_back: dict[str, bool] = {}
    anchored_ahead: dict[str, bool] = {}
    anchored_same: dict[str, bool] = {}
    later: dict[str, bool] = {}
    earlier: dict[str, bool] = {}
    days: dict[str, int] = {}
    signals: dict[str, bool] = {}
    leads: dict[str, bool] = {}
    prepositions: dict[str, bool] = {}
    during: dict[str, bool] = {}
    since: dict[str, bool] = {}
    until: dict[str, bool] = {}
    by: dict[str, bool] = {}
    before: dict[str, bool] = {}
    after: dict[str, bool] = {}
    to: dict[str, bool] = {}
    future: dict[str, bool] = {}
    planning: dict[str, bool] = {}
    stative: dict[str, bool] = {}
    attributing: dict[str, bool] = {}
    repetition: dict[str, bool] = {}
    repetition_adverbs: dict[str, bool] = {}
    yearly: dict[str, tuple[int, int]] = {}
    once: dict[str, tuple[str, str]] = {}
    periods: dict[str, tuple[str, str]] = {}

    def core(self) -> frozenset[str]:
        """The words without one of which (or a number) a sentence holds no date expression."""
        words: set[str] = set()
        for group in (self.months, self.weekdays, self.seasons, self.units, self.decades, self.signals):
            words.update(group)
        for phrases in (self.days, self.repetition_adverbs, self.yearly, self.once, self.periods):
            words.update(phrase.split()[-1] for phrase in phrases)
        return frozenset(words)


def read_date_lexicon(folder: Path) -> DateLexicon:
    """The date words of a folder of YAML files (``lexicons/dates``).

    A group is a mapping (value to words, or word to value) or a plain list of words.

    Raises:
        KnowledgeError: naming the file whose group is unknown or wrong.
    """
    groups: dict[str, dict[str, Any]] = {}
    known = {field.name for field in msgspec.structs.fields(DateLexicon)}
    for path in sorted(folder.glob("*.yml")):
        for name, group in read_lexicon(path).items():
            if name == "origin":
                continue
            if name not in known:
                raise KnowledgeError(f"{path}: '{name}' is no group of date words; see docs/dates.md for their names")
            groups.setdefault(name, {}).update(_phrases(group, path))
    try:
        return msgspec.convert(groups, DateLexicon, strict=False)
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"{folder}: a date word has a wrong value ({error})") from error


def compile_dates(lexicons: Path) -> bytes:
    """The compiled date words of ``lexicons/dates``."""
    return msgspec.msgpack.Encoder(order="deterministic").encode(read_date_lexicon(lexicons / "dates"))


def load_dates(overlay: Path | None = None) -> DateLexicon:
    """The shipped date words under the user's own (``OVERLAY/dates/*.yml``).

    Raises:
        KnowledgeError: when the compiled file is damaged or the overlay is wrong.
    """
    shipped = read_compiled("dates", DateLexicon)
    if overlay is None or not (overlay / "dates").is_dir():
        return shipped
    own = read_date_lexicon(overlay / "dates")
    merged = {
        field.name: {**getattr(shipped, field.name), **getattr(own, field.name)}
        for field in msgspec.structs.fields(DateLexicon)
    }
    return DateLexicon(**merged)


def _phrases(group: Any, path: Path) -> dict[str, Any]:
    if isinstance(group, list):
        pairs = [(phrase, True) for phrase in group]
    elif all(isinstance(value, list) and all(map(_is_phrase, value)) for value in group.values()):
        pairs = [(phrase, value) for value, phrases in group.items() for phrase in phrases]
    else:
        pairs = list(group.items())
    for phrase, _ in pairs:
        if not isinstance(phrase, str):
            raise KnowledgeError(f"{path}: a date word reads as {phrase!r}; put quotation marks around it")
    return {_cut(phrase): value for phrase, value in pairs}


def _is_phrase(value: Any) -> bool:
    return isinstance(value, str | bool) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value))


def _cut(phrase: str) -> str:
    return " ".join(word.lower for word in words_of(string.capwords(phrase)))
