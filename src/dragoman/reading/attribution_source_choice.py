"""Whose an attribution is, where the words allow more than one reading: by small trained trees.

``attribution_sources`` says who a cue most plainly belongs to. Here that reading stands beside the others that the
tree allows (subjects of the verbs above, possessors, nobody; with and without what describes a name), and the trees
tell which the annotators of the training articles would have marked (their card: ``models/attribution_source.md``).
"""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_features import cues_of
from dragoman.reading.attribution_forest import Forests
from dragoman.reading.attribution_sources import SUBJECTS, source_phrase
from dragoman.reading.attribution_text import Range, Text
from dragoman.reading.model import trained_part
from dragoman.reading.parse import Token

MODEL = "attribution_source"
WAYS = ("given", "nobody", "own", "above", "modified", "object", "possessor", "before", "after", "root", "agent")
OWNERS = (
    "subject", "agent", "passive", "impersonal", "none", "governor", "modified", "controlled", "light", "possessor",
    "by", "modifier", "of", "beside", "according", "label", "raised",
)  # fmt: skip
FRAMES = (
    "quote", "ccomp", "xcomp", "dobj", "rest", "prep", "noun", "adjective", "inserted", "advcl", "passive",
    "according", "raised", "attr",
)  # fmt: skip
_ENTITIES = ("PERSON", "ORG", "GPE", "NORP")
_PARTS = ("PROPN", "NOUN", "PRON", "ADJ", "NUM")
_DEPS = ("nsubj", "nsubjpass", "pobj", "poss", "dobj", "conj", "compound", "appos", "ROOT")
_RELATIVE = frozenset(("who", "which", "that", "whom", "whose"))
_ACTS = ("say", "think", "ask", "deny", "expect", "intend")
_DESCRIBING = frozenset(("relcl", "acl", "appos", "prep", "advcl"))
_HIGHEST = 6  # verbs above the cue


@dataclass(frozen=True, slots=True)
class Option:
    """One reading of whose an attribution is: the head and phrase (None for nobody), and how it was found."""

    head: int | None
    span: Range | None
    way: str
    steps: int  # verbs above the cue
    bare: bool  # without what describes the name


@functools.cache
def source_forest() -> Forests:
    """The shipped trees."""
    return Forests(zlib.decompress(trained_part(MODEL, f"{MODEL}.onnx.z")))


def with_sources(text: Text, candidates: Sequence[Candidate], cues: CueLexicon) -> list[Candidate]:
    """The candidates, each with the likeliest reading of its source; between equals the one given before stays."""
    options = [options_of(text, c)[: 1 if _is_plain(text, c) else None] for c in candidates]
    rows = [
        described_option(text, c, one, cues, len(ones))
        for c, ones in zip(candidates, options, strict=True)
        for one in ones
    ]
    if not rows:
        return list(candidates)
    (scores,) = source_forest().answers(np.array(rows, dtype=np.float32).astype(np.float64))
    found, start = [], 0
    for c, ones in zip(candidates, options, strict=True):
        best = ones[int(np.argmax(scores[start : start + len(ones)]))]
        start += len(ones)
        found.append(replace(c, source=best.span, source_head=best.head))
    return found


def _is_plain(text: Text, candidate: Candidate) -> bool:
    """Whether a source stands between "with" and its cue: "with analysts predicting that"."""
    source, trigger = candidate.source, text.tokens[candidate.trigger]
    if source is None or trigger.tag != "VBG" or source[1] != trigger.i or not source[0]:
        return False
    return text.tokens[source[0] - 1].lower == "with"


def options_of(text: Text, candidate: Candidate) -> list[Option]:
    """The readings of a candidate's source, the given one first, each head and phrase once."""
    found = [Option(candidate.source_head, candidate.source, "given", 0, False)]
    seen = {candidate.source}
    for head, way, steps in _heads(text, candidate):
        span = source_phrase(text, head, candidate.trigger) if head is not None else None
        for one, bare in ((span, False), (_bare(text, head, span), True)):
            if one not in seen:
                seen.add(one)
                found.append(Option(head, one, way, steps, bare))
    return found


def _heads(text: Text, candidate: Candidate) -> Iterator[tuple[int | None, str, int]]:
    tokens, parse = text.tokens, text.parse
    if candidate.source_head is not None:
        yield candidate.source_head, "given", 0
    yield None, "nobody", 0
    trigger = tokens[candidate.trigger]
    for steps, i in enumerate([trigger.i, *parse.ancestors(trigger.i)]):
        if steps > _HIGHEST:
            break
        for child in parse.children(i, *SUBJECTS):
            yield child.i, "own" if steps == 0 else "above", steps
        for agent in parse.children(i, "agent"):
            for named in parse.children(agent.i, "pobj"):
                yield named.i, "agent", steps
        for owner in parse.children(i, "poss"):
            yield owner.i, "possessor", steps
        if tokens[i].dep in ("acl", "relcl"):
            yield tokens[i].head, "modified", steps
        if tokens[i].dep == "xcomp":
            for named in parse.children(tokens[i].head, "dobj"):
                yield named.i, "object", steps
    sentence = parse.sentences[trigger.sent]
    before = [i for i in range(sentence.first, trigger.i) if tokens[i].dep in SUBJECTS]
    after = [i for i in range(trigger.i + 1, sentence.last) if tokens[i].dep in SUBJECTS]
    yield from ((i, "before", 0) for i in before[-2:])
    yield from ((i, "after", 0) for i in after[:2])


def _bare(text: Text, head: int | None, span: Range | None) -> Range | None:
    """A phrase without the first thing behind its head that describes it."""
    if head is None or span is None:
        return span
    starts = [text.left[c] for c in text.tokens[head].children if c > head and text.tokens[c].dep in _DESCRIBING]
    return text.trimmed(span[0], min(starts)) if starts and head < min(starts) < span[1] else span


def described_option(
    text: Text, candidate: Candidate, option: Option, cues: CueLexicon, count: int
) -> tuple[float, ...]:
    """What the trees are told of an option, in a fixed order."""
    tokens, inside = text.tokens, text.inside
    trigger = tokens[candidate.trigger]
    head = tokens[option.head] if option.head is not None else None
    size = option.span[1] - option.span[0] if option.span else 0
    known = cues_of(trigger, cues)
    frame = candidate.frame
    return (
        *_of_head(text, candidate, head),
        *(option.way == way for way in WAYS),
        option.steps,
        option.bare,
        size,
        math.log1p(text.right[option.head] + 1 - text.left[option.head]) if option.head is not None else 0,
        option.span == candidate.source,
        option.head == candidate.source_head,
        *(candidate.owner == owner for owner in OWNERS),
        *(frame.startswith(name) for name in FRAMES),
        *(bool(known) and known[0].act == act for act in _ACTS),
        trigger.pos == "VERB",
        trigger.pos == "NOUN",
        *(trigger.tag == tag for tag in ("VBD", "VBZ", "VBP", "VBN", "VBG", "VB")),
        trigger.dep in ("advcl", "xcomp"),
        trigger.dep in ("acl", "relcl"),
        trigger.dep == "ROOT",
        any(tokens[c].dep == "auxpass" for c in trigger.children),
        inside[trigger.i] >= 0,
        count,
        sum(b - a for a, b in candidate.parts),
    )


def _of_head(text: Text, candidate: Candidate, head: Token | None) -> tuple[float, ...]:
    if head is None:
        return (0.0,) * (13 + len(_ENTITIES) + len(_PARTS) + len(_DEPS))
    sentence = text.parse.sentences[head.sent]
    gap = head.i - candidate.trigger
    return (
        1.0,
        gap,
        abs(gap),
        sum(
            text.tokens[i].dep in SUBJECTS
            for i in range(min(head.i, candidate.trigger) + 1, max(head.i, candidate.trigger))
        ),
        any(a <= head.i < b for a, b in candidate.parts),
        text.inside[head.i] >= 0,
        head.lower in _RELATIVE,
        head.lower in ("it", "there", "this", "what"),
        head.lower in ("he", "she", "they"),
        head.lower in ("i", "we", "you"),
        head.tag in ("NNS", "NNPS"),
        head.i - sentence.first,
        head.dep == "poss" or head.tag == "PRP$",
        *(head.ent == entity for entity in _ENTITIES),
        *(head.pos == part for part in _PARTS),
        *(head.dep == dep for dep in _DEPS),
    )
