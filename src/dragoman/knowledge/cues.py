"""The words that report: cue verbs, nouns, adjectives and phrases with what they say of their content."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_lexicon
from dragoman.records import FACTUALITY_VALUES, Act

CueKind: TypeAlias = Literal["verb", "noun", "adjective", "adverb", "phrase"]
COMPILED = "cues"
_LISTS = (
    "voices", "function_words", "deeds", "ambiguous", "future_auxiliaries", "open_auxiliaries", "ahead", "outlook",
    "idle", "condition_marks", "hinging", "talking", "entered", "granting", "handed_on", "handing_on", "taking",
    "asking_labels", "answering_labels", "no_labels", "first_person", "lone_first_person", "second_person",
    "one_person", "no_third_person", "lone_voices", "relative", "announcing_statements",
    "speaking_bodies", "relaying", "referring", "restating", "taking_up", "viewpoints", "before_viewpoints",
    "continuing", "occasions", "naming", "channels", "told_to", "asides", "quoting", "reminding", "habits",
    "undergone", "talk_phrases",
)  # fmt: skip


class Cue(msgspec.Struct, frozen=True, array_like=True):
    """What a reporting word says of its content; see ``lexicons/claims/cues.yml`` for the fields."""

    name: str  # kind and class, as "verb:say"
    act: Act
    takes: tuple[str, ...]
    commits: str  # a FactBank value, or "as"
    factive: bool = False


class CueLexicon(msgspec.Struct, frozen=True, dict=True):
    """Cues by kind and lemma. A lemma of two classes has them in the lexicon's order."""

    cues: dict[str, dict[str, tuple[Cue, ...]]]
    voices: tuple[str, ...] = ()  # nouns that refer back to a speaker: "the expert"
    function_words: tuple[str, ...] = ()  # say nothing about what a statement is about
    deeds: tuple[str, ...] = ()  # with an object they are no reports
    ambiguous: tuple[str, ...] = ()  # mostly do something else than report: for the trained ranking only
    future_auxiliaries: tuple[str, ...] = ()  # will; for these and the next, see lexicons/claims/cues_predictions.yml
    open_auxiliaries: tuple[str, ...] = ()  # may, could
    ahead: tuple[str, ...] = ()  # "likely to"
    outlook: tuple[str, ...] = ()  # one of them stands where a prediction may
    idle: tuple[str, ...] = ()  # tell nothing that could come true
    condition_marks: tuple[str, ...] = ()  # if, unless
    hinging: tuple[str, ...] = ()  # "depends on"
    talking: tuple[str, ...] = ()  # "I won't speak to that"; for these and the next, see lexicons/claims/cues_talk.yml
    entered: tuple[str, ...] = ()  # "I won't get into that"
    granting: tuple[str, ...] = ()  # "I'll let the ministry speak to that"
    handed_on: tuple[str, ...] = ()  # "the next question will go to"
    handing_on: tuple[str, ...] = ()
    taking: tuple[str, ...] = ()  # "I'll take one more question"
    asking_labels: tuple[str, ...] = ()  # "Q:"; for these and the next, see lexicons/claims/cues_turns.yml
    answering_labels: tuple[str, ...] = ()  # "A:"
    no_labels: tuple[str, ...] = ()  # "UPDATE:"
    first_person: tuple[str, ...] = ()  # for these and the next, see lexicons/claims/cues_voices.yml
    lone_first_person: tuple[str, ...] = ()
    second_person: tuple[str, ...] = ()
    one_person: tuple[str, ...] = ()
    no_third_person: tuple[str, ...] = ()
    relative: tuple[str, ...] = ()
    announcing_statements: tuple[str, ...] = ()
    lone_voices: tuple[str, ...] = ()  # "a spokeswoman"
    speaking_bodies: tuple[str, ...] = ()  # "the ministry"
    relaying: tuple[str, ...] = ()  # for these and the next, see lexicons/claims/cues_forms.yml
    referring: tuple[str, ...] = ()
    restating: tuple[str, ...] = ()
    taking_up: tuple[str, ...] = ()
    viewpoints: tuple[str, ...] = ()
    before_viewpoints: tuple[str, ...] = ()
    continuing: tuple[str, ...] = ()
    occasions: tuple[str, ...] = ()
    naming: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    told_to: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()  # for these, see lexicons/claims/cues_talk.yml
    quoting: tuple[str, ...] = ()
    reminding: tuple[str, ...] = ()
    talk_phrases: tuple[str, ...] = ()
    habits: tuple[str, ...] = ()  # "would often"
    undergone: tuple[str, ...] = ()  # idle but for a noun: "could see a new war"

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """The words of all cues, of whatever kind."""
        return frozenset(word for table in self.cues.values() for word in table)

    def of(self, kind: str, lemma: str) -> tuple[Cue, ...]:
        """The cues of a lemma; an empty tuple when it is none."""
        return self.cues.get(kind, {}).get(lemma, ())


def read_cues(folder: Path) -> CueLexicon:
    """The cues of ``folder/claims/cues*.yml``.

    Raises:
        KnowledgeError: naming the file and the entry that is wrong.
    """
    found: dict[str, dict[str, tuple[Cue, ...]]] = {}
    lists: dict[str, set[str]] = {name: set() for name in _LISTS}
    for path in sorted((folder / "claims").glob("cues*.yml")):
        lexicon = read_lexicon(path)
        for name, words in lists.items():
            words.update(map(str, lexicon.get(name) or ()))
        for number, entry in enumerate(lexicon.get("entries") or (), 1):
            kind, cue, cues = _checked(path, number, entry, lexicon.get("origin"))
            table = found.setdefault(kind, {})
            for word in cues:
                table[word] = (*table.get(word, ()), cue)
    tables = {kind: dict(sorted(table.items())) for kind, table in sorted(found.items())}
    return CueLexicon(tables, **{name: tuple(sorted(words)) for name, words in lists.items()})


def _checked(path: Path, number: int, entry: Any, origin: Any) -> tuple[str, Cue, list[str]]:
    where = f"{path}: entry {number}"
    try:
        kind, words, commits = entry["kind"], [str(w) for w in entry["cues"]], entry["commits"]
        cue = Cue(
            f"{kind}:{entry['class']}", entry["act"], tuple(entry["takes"]), commits, bool(entry.get("factive", False))
        )
    except (KeyError, TypeError) as error:
        raise KnowledgeError(f"{where} needs kind, class, act, takes, commits and cues ({error})") from error
    if kind not in get_args(CueKind) or cue.act not in get_args(Act):
        raise KnowledgeError(f"{where} has an unknown kind '{kind}' or act '{cue.act}'")
    if commits != "as" and commits not in FACTUALITY_VALUES:
        raise KnowledgeError(f"{where} commits to '{commits}'; known are as, {', '.join(FACTUALITY_VALUES)}")
    if not (entry.get("origin") or origin):
        raise KnowledgeError(f"{where} has no origin; give one to the entry or to the file")
    return kind, cue, words


def compile_cues(lexicons: Path) -> bytes:
    """The compiled form of ``lexicons/claims/cues*.yml``."""
    return msgspec.msgpack.encode(read_cues(lexicons))


def load_cues(overlay: Path | None) -> CueLexicon:
    """The shipped cues under the user's own: an overlay's word replaces the shipped one of its kind."""
    shipped = read_compiled(COMPILED, CueLexicon)
    if overlay is None:
        return shipped
    own = read_cues(overlay)
    kinds = sorted(shipped.cues.keys() | own.cues.keys())
    cues = {kind: {**shipped.cues.get(kind, {}), **own.cues.get(kind, {})} for kind in kinds}
    lists = {name: tuple(sorted({*getattr(shipped, name), *getattr(own, name)})) for name in _LISTS}
    return CueLexicon(cues, **lists)
