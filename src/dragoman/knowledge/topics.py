"""What a situation brief gathers from events: supplies, and coercion below the threshold of open violence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_lexicon
from dragoman.records import EVENT_TYPES

TopicGroup: TypeAlias = Literal["supply", "grey_zone"]
COMPILED = "topics"
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


class Topic(msgspec.Struct, frozen=True, array_like=True):
    """One entry of ``lexicons/relations/topics.yml``; see there for the fields."""

    group: TopicGroup
    topic: str
    types: tuple[str, ...]
    modes: tuple[str, ...]
    contexts: tuple[str, ...]
    words: tuple[str, ...]
    without: tuple[str, ...] = ()

    def covers(self, event_type: str | None, mode: str | None, contexts: Iterable[str], sentence: str) -> bool:
        """Whether an event of this kind, told in this sentence, belongs here."""
        if event_type not in self.types:
            return False
        if not (self.modes or self.contexts or self.words):
            return True
        text = f" {' '.join(_WORD.findall(sentence.casefold()))} "
        if _any_of(self.without, text):
            return False
        return mode in self.modes or not set(self.contexts).isdisjoint(contexts) or _any_of(self.words, text)


def _any_of(words: Iterable[str], text: str) -> bool:
    return any(f" {word}{ending} " in text for word in words for ending in ("", "s", "es"))


class TopicLexicon(msgspec.Struct, frozen=True):
    """Topics in the lexicon's order; the first that covers an event has it."""

    topics: tuple[Topic, ...]

    def first(
        self, group: TopicGroup, event_type: str | None, mode: str | None, contexts: Iterable[str], sentence: str
    ) -> str | None:
        """The topic of a group that an event belongs to; None for none."""
        known = tuple(contexts)
        for topic in self.topics:
            if topic.group == group and topic.covers(event_type, mode, known, sentence):
                return topic.topic
        return None


def read_topics(folder: Path) -> TopicLexicon:
    """The topics of ``folder/relations/topics*.yml``.

    Raises:
        KnowledgeError: naming the file and the entry that is wrong.
    """
    topics = []
    for path in sorted((folder / "relations").glob("topics*.yml")):
        lexicon = read_lexicon(path)
        topics += [
            _checked(path, number, entry, lexicon.get("origin"))
            for number, entry in enumerate(lexicon.get("entries") or (), 1)
        ]
    return TopicLexicon(tuple(topics))


def _checked(path: Path, number: int, entry: Any, origin: Any) -> Topic:
    where = f"{path}: entry {number}"
    try:
        keys = ("types", "modes", "contexts", "words", "without")
        lists = [tuple(str(value) for value in entry.get(key) or ()) for key in keys]
        topic = Topic(entry["group"], str(entry["topic"]), *lists)
    except (KeyError, TypeError, AttributeError) as error:
        raise KnowledgeError(f"{where} needs group, topic and types ({error})") from error
    if topic.group not in get_args(TopicGroup):
        raise KnowledgeError(
            f"{where} has an unknown group '{topic.group}'; known are {', '.join(get_args(TopicGroup))}"
        )
    if not topic.types or not set(topic.types) <= set(EVENT_TYPES):
        raise KnowledgeError(f"{where} has types that are none of PLOVER's: {', '.join(topic.types) or 'none at all'}")
    if not (entry.get("origin") or origin):
        raise KnowledgeError(f"{where} has no origin; give one to the entry or to the file")
    return topic


def compile_topics(lexicons: Path) -> bytes:
    """The compiled form of ``lexicons/relations/topics*.yml``."""
    return msgspec.msgpack.encode(read_topics(lexicons))


def load_topics(overlay: Path | None) -> TopicLexicon:
    """The user's own topics before the shipped ones."""
    shipped = read_compiled(COMPILED, TopicLexicon)
    return shipped if overlay is None else TopicLexicon(read_topics(overlay).topics + shipped.topics)
