"""The words that say how sure a source is: modals, adverbs, negation, governors, words of probability."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_lexicon
from dragoman.records import FACTUALITY_VALUES

COMPILED = "commitment"
_LISTS = (
    "negators", "negating_determiners", "hedges", "conditions", "presupposing", "occurrence", "announcing", "weak",
    "past_futures", "abilities", "copulas", "imagining", "hard", "surprises", "courses", "caveats",
)  # fmt: skip
_TABLES = ("modals", "adverbs", "adjectives")


class Signature(msgspec.Struct, frozen=True, array_like=True):
    """What becomes of a predicate under a governor (FactBank values; "as" changes nothing)."""

    name: str
    affirmed: str
    negated: str
    takes: tuple[str, ...]
    past: str = ""  # instead of ``affirmed`` where the governor stands in the past ("were able to")


class CommitmentLexicon(msgspec.Struct, frozen=True, dict=True):
    """Words by the part they play; intervals of chances by phrase; weights of the commitment scale."""

    modals: dict[str, str] = {}
    adverbs: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    negators: tuple[str, ...] = ()
    negating_determiners: tuple[str, ...] = ()
    hedges: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    presupposing: tuple[str, ...] = ()
    occurrence: tuple[str, ...] = ()
    announcing: tuple[str, ...] = ()  # "chance": a number or phrase of probability stands in the sentence
    weak: tuple[str, ...] = ()  # "could": gives a chance only where no other word does
    past_futures: tuple[str, ...] = ()  # "would", where "said that it would" tells of a "will"
    abilities: tuple[str, ...] = ()  # "can": what cannot be is not
    copulas: tuple[str, ...] = ()
    imagining: tuple[str, ...] = ()  # "hard to see how"; with the next
    hard: tuple[str, ...] = ()
    courses: tuple[str, ...] = ()  # "on course to"
    caveats: tuple[str, ...] = ()  # "as far as I know"
    surprises: tuple[str, ...] = ()  # "I would not be surprised if"
    counts: dict[str, int] = {}  # "one in four"
    governors: dict[str, tuple[Signature, ...]] = {}
    probabilities: dict[str, tuple[float, float]] = {}
    surveyed: tuple[str, ...] = ()
    scale: dict[str, float] = {}

    @functools.cached_property
    def probability_words(self) -> frozenset[str]:
        """The words of the phrases of probability."""
        return frozenset(word for phrase in self.probabilities for word in phrase.split())


def read_commitment(folder: Path) -> CommitmentLexicon:
    """The words of ``claims/commitment*.yml``, ``claims/probability*.yml`` and ``claims/scale*.yml``.

    Raises:
        KnowledgeError: naming the file and the entry that is wrong.
    """
    values: dict[str, Any] = dict.fromkeys(_LISTS, ()) | {name: {} for name in (*_TABLES, "counts")}
    governors: dict[str, tuple[Signature, ...]] = {}
    for path in sorted((folder / "claims").glob("commitment*.yml")):
        lexicon = _with_origin(path)
        for name in _LISTS:
            values[name] = tuple(sorted({*values[name], *map(str, lexicon.get(name) or ())}))
        for name in _TABLES:
            for value, words in (lexicon.get(name) or {}).items():
                values[name].update({str(word): str(value) for word in words})
        values["counts"].update({str(word): int(count) for word, count in (lexicon.get("counts") or {}).items()})
        for number, entry in enumerate(lexicon.get("governors") or (), 1):
            signature, words = _governor(path, number, entry)
            for word in words:
                governors[word] = (*governors.get(word, ()), signature)
    chances, surveyed = _probabilities(folder)
    sorted_values: dict[str, Any] = {
        name: dict(sorted(v.items())) if isinstance(v, dict) else v for name, v in values.items()
    }
    return CommitmentLexicon(
        **sorted_values,
        governors=dict(sorted(governors.items())),
        probabilities=dict(sorted(chances.items())),
        surveyed=tuple(sorted(surveyed)),
        scale=_scale(folder),
    )


def _with_origin(path: Path) -> dict[str, Any]:
    lexicon = read_lexicon(path)
    if not lexicon.get("origin"):
        raise KnowledgeError(f"{path}:1: the file has no origin; say where its entries come from")
    return lexicon


def _governor(path: Path, number: int, entry: Any) -> tuple[Signature, list[str]]:
    try:
        signature = Signature(
            entry["class"], entry["affirmed"], entry["negated"], tuple(entry["takes"]), entry.get("past", "")
        )
        words = [str(word) for word in entry["words"]]
    except (KeyError, TypeError) as error:
        raise KnowledgeError(
            f"{path}: governor {number} needs class, affirmed, negated, takes and words ({error})"
        ) from error
    for value in (signature.affirmed, signature.negated, signature.past or "as"):
        if value != "as" and value not in FACTUALITY_VALUES:
            raise KnowledgeError(f"{path}: governor {number} has an unknown value '{value}'")
    return signature, words


def _probabilities(folder: Path) -> tuple[dict[str, tuple[float, float]], set[str]]:
    chances: dict[str, tuple[float, float]] = {}
    surveyed: set[str] = set()
    for path in sorted((folder / "claims").glob("probability*.yml")):
        for number, entry in enumerate(_with_origin(path).get("entries") or (), 1):
            try:
                phrase, low, high = str(entry["phrase"]), float(entry["low"]), float(entry["high"])
            except (KeyError, TypeError, ValueError) as error:
                raise KnowledgeError(f"{path}: entry {number} needs phrase, low and high ({error})") from error
            if not 0 <= low <= high <= 1:
                raise KnowledgeError(f"{path}: entry {number}: '{phrase}' needs 0 <= low <= high <= 1")
            chances[phrase] = (low, high)
            if entry.get("surveyed"):
                surveyed.add(phrase)
    return chances, surveyed


def _scale(folder: Path) -> dict[str, float]:
    scale: dict[str, float] = {}
    for path in sorted((folder / "claims").glob("scale*.yml")):
        weights = _with_origin(path).get("weights") or {}
        scale.update({str(name): float(weight) for name, weight in weights.items()})
    return dict(sorted(scale.items()))


def compile_commitment(lexicons: Path) -> bytes:
    """The compiled form of the commitment, probability and scale files."""
    return msgspec.msgpack.encode(read_commitment(lexicons))


def load_commitment(overlay: Path | None) -> CommitmentLexicon:
    """The shipped words under the user's own; an overlay's word or phrase wins."""
    shipped = read_compiled(COMPILED, CommitmentLexicon)
    if overlay is None:
        return shipped
    own = read_commitment(overlay)
    merged: dict[str, Any] = {}
    for field in msgspec.structs.fields(CommitmentLexicon):
        ours, theirs = getattr(shipped, field.name), getattr(own, field.name)
        merged[field.name] = {**ours, **theirs} if isinstance(ours, dict) else tuple(sorted({*ours, *theirs}))
    return CommitmentLexicon(**merged)
