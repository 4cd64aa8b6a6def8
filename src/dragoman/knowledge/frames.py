"""Frames of events: which verb or noun, with what around it, means which PLOVER type and who is whom in it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_lexicon
from dragoman.records import EventType

_TYPES = frozenset(get_args(EventType))
_VERB_KEYS = frozenset({
    "verbs", "type", "mode", "contexts", "intensity", "objects", "preps", "pobjects", "complements", "particle",
    "adjectives", "objects_as", "subjects", "recipient", "reciprocal", "weak", "passive", "persons", "persons_object",
    "particle_any", "adverbs", "modals", "strict", "inverse", "own", "infinitive", "objects_optional", "origin",
})  # fmt: skip
_NOUN_KEYS = frozenset(
    {"nouns", "type", "mode", "contexts", "intensity", "actor", "recipient", "weak", "objects_of", "origin"}
)


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """One reading of a verb or noun. Empty conditions do not constrain; ``name`` is what ``why`` cites."""

    name: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    intensity: float
    objects: frozenset[str]
    preps: frozenset[str]
    pobjects: frozenset[str]
    complements: frozenset[str]
    particles: frozenset[str]
    adjectives: frozenset[str]
    subjects: frozenset[str]
    adverbs: frozenset[str]
    modals: frozenset[str]
    recipient: tuple[str, ...]
    actor: tuple[str, ...]
    reciprocal: bool
    weak: bool
    persons: bool
    persons_object: bool
    own: bool  # what is sent belongs to who sends it ("Chadian soldiers were sent to Mali")
    inverse: bool  # the subject is whom it concerns ("received aid from X")
    infinitive: bool  # only with an infinitive ("told them to leave")
    strict: bool  # whom it concerns must stand in a role of the frame
    passive: bool | None  # only in the passive, or only in the active; None for both

    @property
    def specificity(self) -> float:
        """How much the frame asks for; of two that fit, the more specific one decides."""
        conditions = (
            (self.objects, 5.5), (self.complements, 4), (self.pobjects, 3), (self.particles, 3), (self.adjectives, 3),
            (self.subjects, 4), (self.preps, 2), (self.adverbs, 2), (self.modals, 3),
        )  # fmt: skip
        return sum(weight for condition, weight in conditions if condition) + (self.persons or self.persons_object)


class FrameData(msgspec.Struct, frozen=True, array_like=True):
    """The compiled lexicon."""

    frames: list[Frame]
    verbs: dict[str, list[int]]
    nouns: dict[str, list[int]]
    operators: dict[str, list[str]]


class FrameIndex:
    """Look-ups over the compiled frames, the most specific first."""

    def __init__(self, data: FrameData) -> None:
        def sort(numbers: Iterable[int]) -> tuple[Frame, ...]:
            return tuple(sorted((data.frames[n] for n in numbers), key=lambda f: -f.specificity))

        self.verbs = {lemma: sort(numbers) for lemma, numbers in data.verbs.items()}
        self.nouns = {noun: sort(numbers) for noun, numbers in data.nouns.items()}
        self.statement_verbs = frozenset(data.operators.get("statement_verbs", ()))
        self.will = frozenset(data.operators.get("will", ()))
        self.light = frozenset(data.operators.get("light", ()))
        self.subject_control = frozenset(data.operators.get("subject_control", ()))
        self.reporting = frozenset(data.operators.get("reporting", ()))
        self.plans = frozenset(data.operators.get("plan_verbs", ()))
        self.plan_adjectives = frozenset(data.operators.get("plan_adjectives", ()))
        self.friendly = frozenset(data.operators.get("friendly_verbs", ()))
        self.plan_governors = frozenset(data.operators.get("plan_governors", ()))
        self.plan_nouns = frozenset(data.operators.get("plan_nouns", ()))
        self.refusals = frozenset(data.operators.get("refuse_verbs", ()))
        self.governing = self.plans | self.refusals | self.plan_governors | {"be", "remain"}
        self.refusal_adjectives = frozenset(data.operators.get("refuse_adjectives", ()))
        self.refusal_nouns = frozenset(data.operators.get("refuse_nouns", ()))
        self.measures = frozenset(data.operators.get("measures", ()))


def compile_frames(lexicons: Path) -> bytes:
    """``lexicons/events`` as MessagePack.

    Raises:
        KnowledgeError: naming the file and entry that is wrong.
    """
    return msgspec.msgpack.encode(compile_folder(lexicons / "events"), order="deterministic")


def compile_folder(folder: Path) -> FrameData:
    """Compile the frames of a folder (see ``compile_frames``)."""
    data = FrameData([], {}, {}, {})
    for path in sorted(folder.glob("*.yml")):
        content = read_lexicon(path)
        if "type" not in content:
            data.operators.update({k: v for k, v in content.items() if isinstance(v, list)})
            continue
        for number, entry in enumerate(content.get("entries") or (), 1):
            try:
                _add(data, entry, content, f"{path.stem}.{number}")
            except (KeyError, TypeError, ValueError) as error:
                raise KnowledgeError(f"{path}: entry {number} is wrong: {error}") from error
    return data


def _add(data: FrameData, entry: dict[str, Any], content: dict[str, Any], name: str) -> None:
    is_verb = "verbs" in entry
    unknown = set(entry) - (_VERB_KEYS if is_verb else _NOUN_KEYS)
    if unknown or not (is_verb or "nouns" in entry):
        raise ValueError(f"unknown keys {sorted(unknown)}")
    weak = entry.get("weak", False)
    variants = [(entry.get("verbs") or entry.get("nouns"), bool(weak) if isinstance(weak, bool) else False)]
    if isinstance(weak, list):
        words = entry["nouns"]
        variants = [([w for w in words if w not in weak], False), ([w for w in words if w in weak], True)]
    for words, is_weak in variants:
        if not words:
            continue
        data.frames.append(_frame(entry, content, name, is_weak))
        table = data.verbs if is_verb else data.nouns
        for word in words:
            table.setdefault(word.lower(), []).append(len(data.frames) - 1)


def _frame(entry: dict[str, Any], content: dict[str, Any], name: str, weak: bool) -> Frame:
    kind = entry.get("type", content["type"])
    if kind not in _TYPES:
        raise ValueError(f"'{kind}' is no PLOVER type")

    def words(key: str) -> frozenset[str]:
        value = entry.get(key, ())
        return frozenset([value] if isinstance(value, str) else value)

    intensity = float(entry.get("intensity", content.get("intensity", 0)))
    if not -10 <= intensity <= 10:
        raise ValueError("intensity lies between -10 and 10")
    return Frame(
        name=name,
        type=kind,
        mode=entry.get("mode"),
        contexts=tuple(entry.get("contexts", ())),
        intensity=intensity,
        objects=frozenset() if entry.get("objects_optional") else words("objects"),
        preps=words("preps"),
        pobjects=words("pobjects"),
        complements=words("complements"),
        particles=words("particle") | words("particle_any"),
        adjectives=words("adjectives") | words("objects_as"),
        subjects=words("subjects"),
        adverbs=words("adverbs"),
        modals=words("modals"),
        recipient=tuple(entry.get("recipient", ("obj",))),
        actor=tuple(entry.get("actor", ("by", "poss", "compound"))),
        reciprocal=bool(entry.get("reciprocal", False)),
        weak=weak,
        persons=bool(entry.get("persons", False)),
        persons_object=bool(entry.get("persons_object", False)),
        own=bool(entry.get("own", False)),
        inverse=bool(entry.get("inverse", False)),
        infinitive=bool(entry.get("infinitive", False)),
        strict=bool(entry.get("strict", False)),
        passive=entry.get("passive"),
    )


def load_frames(overlay: Path | None) -> FrameIndex:
    """The shipped frames under the user's own, whose verbs and nouns are asked first.

    Raises:
        KnowledgeError: when the overlay holds an entry that is wrong.
    """
    data = read_compiled("frames", FrameData)
    if overlay is not None and (overlay / "events").is_dir():
        own = compile_folder(overlay / "events")
        shift = len(data.frames)
        verbs, nouns = dict(data.verbs), dict(data.nouns)
        for table, added in ((verbs, own.verbs), (nouns, own.nouns)):
            table.update({word: [n + shift for n in numbers] for word, numbers in added.items()})
        data = FrameData([*data.frames, *own.frames], verbs, nouns, data.operators)
    return FrameIndex(data)
