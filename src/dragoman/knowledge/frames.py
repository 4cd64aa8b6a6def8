"""Frames of events: which verb or noun, with what around it, means which PLOVER type and who is whom in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, get_args

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.event_words import AnaphoraWords, NumberWords, RoleWords, TypeTraits
from dragoman.knowledge.store import read_compiled, read_lexicon
from dragoman.records import EventType

PLACE = "<place>"
"""What stands in a frame's list of nouns for any place's name."""
BODY = "<igo>"
"""What stands there for any name of an organisation of states."""
NONE = "<none>"
"""What stands in a frame's list of objects for a verb without any."""
NOT = "<not>"
"""What stands in a frame's list of adverbs for any negation of the verb."""
MARKS = frozenset({PLACE, BODY, NONE, NOT})
_NOUN_LISTS = frozenset({"objects", "pobjects", "subjects", "objects_as"})
_TYPES = frozenset(get_args(EventType))
QUIET = 1.5
"""Absolute intensity below which a frame is an appeal or comment."""
_VERB_KEYS = frozenset({
    "verbs", "type", "mode", "contexts", "intensity", "objects", "preps", "pobjects", "complements", "particle",
    "adjectives", "objects_as", "subjects", "recipient", "reciprocal", "weak", "passive", "persons", "persons_object",
    "particle_any", "adverbs", "modals", "strict", "inverse", "own", "infinitive", "objects_optional", "origin",
    "replaces", "modal_clause", "nothing", "alone",
})  # fmt: skip
_NOUN_KEYS = frozenset(
    {"nouns", "type", "mode", "contexts", "intensity", "actor", "recipient", "weak", "objects_of", "origin", "replaces"}
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
    modal_clause: bool  # a clause that is said must hold a modal verb ("warned that it would", not "that it is")
    infinitive: bool  # only with an infinitive ("told them to leave")
    strict: bool  # whom it concerns must stand in a role of the frame
    passive: bool | None  # only in the passive, or only in the active; None for both
    nothing: bool  # a reading that is no event ("released a video"): none is made of the word
    alone: str | None  # the type where nobody else takes part ("held exercises")

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
    numbers: dict[str, float]
    emptied: list[str]  # words whose frames below these are left out (``replaces``)
    intensities: dict[str, float]  # of each type, for records whose frame gives none


class FrameIndex:
    """Look-ups over the compiled frames, the most specific first; of equals, the user's own (from ``own`` on)."""

    def __init__(self, data: FrameData, own: int | None = None) -> None:
        first_own = len(data.frames) if own is None else own

        def sort(numbers: Iterable[int]) -> tuple[Frame, ...]:
            ordered = sorted(
                numbers, key=lambda n: (-data.frames[n].specificity, n < first_own, not data.frames[n].nothing)
            )
            return tuple(data.frames[n] for n in ordered)

        self.number_words = NumberWords(data.numbers, data.operators)
        self.roles = RoleWords(data.operators)
        self.traits = TypeTraits(data.operators, data.intensities)
        self.anaphora = AnaphoraWords(data.operators)
        self.verbs = {lemma: sort(numbers) for lemma, numbers in data.verbs.items()}
        self.nouns = {noun: sort(numbers) for noun, numbers in data.nouns.items()}
        self.noun_heads = frozenset(form for noun in self.nouns for form in _heads_of(noun))
        self.statement_verbs = frozenset(data.operators.get("statement_verbs", ()))
        self.will = frozenset(data.operators.get("will", ()))
        self.light = frozenset(data.operators.get("light", ()))
        self.reflexives = frozenset(data.operators.get("reflexives", ()))
        self.subject_control = frozenset(data.operators.get("subject_control", ()))
        self.addressing = frozenset(data.operators.get("addressing", ()))
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

    def is_transitive(self, verb: str) -> bool:
        """Whether what a verb says is done to its object in each reading: "seize", not "protest"."""
        frames = self.verbs.get(verb, ())
        return bool(frames) and all(frame.objects or frame.recipient[:1] == ("obj",) for frame in frames)


def _heads_of(noun: str) -> list[str]:
    """The single words under which a noun of events may stand: the last or first of several, what follows a hyphen."""
    words = noun.split()
    return [words[0], words[-1], *(noun[k + 1 :] for k, letter in enumerate(noun) if letter == "-")]


def compile_frames(lexicons: Path) -> bytes:
    """``lexicons/events`` as MessagePack.

    Raises:
        KnowledgeError: naming the file and entry that is wrong.
    """
    return msgspec.msgpack.encode(compile_folder(lexicons / "events"), order="deterministic")


def compile_folder(folder: Path, shipped: Mapping[str, list[str]] | None = None) -> FrameData:
    """Compile the frames of a folder (see ``compile_frames``), which may name the classes of nouns in ``shipped``."""
    data = FrameData([], {}, {}, {}, {}, [], {})
    classes = _noun_classes(folder, shipped or {})
    for path in sorted(folder.glob("*.yml")):
        content = read_lexicon(path)
        if "type" not in content:
            _add_operators(data, content, path)
            continue
        for number, entry in enumerate(content.get("entries") or (), 1):
            try:
                _add(data, _expanded(entry, classes), content, f"{path.stem}.{number}")
            except (KeyError, TypeError, ValueError) as error:
                raise KnowledgeError(f"{path}: entry {number} is wrong: {error}") from error
    return data


def _noun_classes(folder: Path, shipped: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The classes of nouns that frames ask for together, as "<name>"; those of a folder add to the shipped ones."""
    prefix = "classes."
    classes = {f"<{key.removeprefix(prefix)}>": nouns for key, nouns in shipped.items() if key.startswith(prefix)}
    for path in sorted(folder.glob("*.yml")):
        for name, nouns in (read_lexicon(path).get("classes") or {}).items():
            classes[f"<{name}>"] = [*classes.get(f"<{name}>", ()), *(str(noun).lower() for noun in nouns)]
    return classes


def _expanded(entry: dict[str, Any], classes: Mapping[str, list[str]]) -> dict[str, Any]:
    """An entry whose lists hold the nouns of the classes that they name ("<force>")."""
    expanded = dict(entry)
    for key in _NOUN_LISTS & entry.keys():
        words = [entry[key]] if isinstance(entry[key], str) else entry[key]
        expanded[key] = [noun for word in words for noun in _members(word, classes)]
    return expanded


def _members(word: str, classes: Mapping[str, list[str]]) -> list[str]:
    if not word.startswith("<") or word in MARKS:
        return [word]
    if word not in classes:
        raise ValueError(f"'{word}' is no class of nouns")
    return classes[word]


def _add_operators(data: FrameData, content: dict[str, Any], path: Path) -> None:
    for key, value in content.items():
        if key in ("numbers", "intensities"):
            if not isinstance(value, dict) or not all(isinstance(n, int | float) for n in value.values()):
                raise KnowledgeError(f"{path}: '{key}' gives each word a number")
            if key == "numbers":
                data.numbers.update({str(word).lower(): float(number) for word, number in value.items()})
            else:
                data.intensities.update({_type(name, path): float(number) for name, number in value.items()})
        elif isinstance(value, list):
            data.operators[key] = [str(word).lower() for word in value]
        elif isinstance(value, dict) and all(isinstance(words, list) for words in value.values()):
            for name, words in value.items():
                listed = [_type(w, path) if key == "traits" else str(w).lower() for w in words]
                data.operators[f"{key}.{name}"] = listed
        elif key != "origin":
            raise KnowledgeError(f"{path}: '{key}' is no list of words")


def _type(name: Any, path: Path) -> str:
    if str(name).removeprefix("-") not in _TYPES:  # "-" takes a type out of a shipped list
        raise KnowledgeError(f"{path}: '{name}' is no PLOVER type")
    return str(name)


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
        if entry.get("replaces", False):
            data.emptied.extend(word.lower() for word in words)
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
    alone = entry.get("alone")
    if alone is not None and alone not in _TYPES:
        raise ValueError(f"'{alone}' is no PLOVER type")
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
        modal_clause=bool(entry.get("modal_clause", False)),
        infinitive=bool(entry.get("infinitive", False)),
        strict=bool(entry.get("strict", False)),
        passive=entry.get("passive"),
        nothing=bool(entry.get("nothing", False)),
        alone=alone,
    )


def load_frames(overlay: Path | None) -> FrameIndex:
    """The shipped frames with the user's own among them.

    A frame of the user's is one more reading of its words. Where a shipped frame asks for as much, the user's decides;
    an entry with ``replaces`` leaves out all the shipped frames of its words. Lists of ``operators.yml`` and
    ``quantities.yml`` add to the shipped ones; a word with "-" before it is taken out.

    Raises:
        KnowledgeError: when the overlay holds an entry that is wrong.
    """
    data = read_compiled("frames", FrameData)
    if overlay is None or not (overlay / "events").is_dir():
        return FrameIndex(data)
    own = compile_folder(overlay / "events", data.operators)
    shift, emptied = len(data.frames), frozenset(own.emptied)
    tables: list[dict[str, list[int]]] = []
    for shipped, added in ((data.verbs, own.verbs), (data.nouns, own.nouns)):
        table = {word: numbers for word, numbers in shipped.items() if word not in emptied}
        for word, numbers in added.items():
            table[word] = [*table.get(word, ()), *(n + shift for n in numbers)]
        tables.append(table)
    operators = {
        **data.operators,
        **{key: _joined(data.operators.get(key, []), own.operators[key]) for key in own.operators},
    }
    counted = {**data.numbers, **own.numbers}
    intensities = {**data.intensities, **own.intensities}
    frames = [*data.frames, *own.frames]
    return FrameIndex(FrameData(frames, tables[0], tables[1], operators, counted, [], intensities), shift)


def _joined(shipped: list[str], own: list[str]) -> list[str]:
    removed = {word[1:] for word in own if word.startswith("-")}
    return [word for word in [*shipped, *(w for w in own if not w.startswith("-"))] if word not in removed]
