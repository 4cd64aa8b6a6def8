"""Turns of a transcript ("Q: ...", "KELLER: ...") and posts passed on ("RT @name: ..."): a label, then a colon."""

from __future__ import annotations

import re

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.draft import ClaimDraft
from dragoman.reading.parse import Parse
from dragoman.reading.turn_labels import Label, find_labels
from dragoman.records import Why

RULE = "turn of a transcript"

_POST = re.compile(r"^[ \t]*(?:\d{1,3}/\d{0,3}[ \t]+)?(?P<label>(?:RT[ ])?@\w+)[ ]?:[ \t]+", re.MULTILINE)


def labels_of(parse: Parse, cues: CueLexicon) -> list[Label]:
    """The labels of a transcript's turns in order."""
    return find_labels(parse.text, (*cues.asking_labels, *cues.answering_labels), cues.no_labels)


def find_turns(parse: Parse, cues: CueLexicon) -> list[ClaimDraft]:
    """A claim for each turn, from its label to the next; a text that is no transcript has none but posts passed on."""
    text = parse.text
    opened = labels_of(parse, cues)
    for match in _POST.finditer(text):
        line_end = text.find("\n", match.end())
        end = line_end if line_end >= 0 else len(text)
        opened.append(Label(*match.span("label"), match.end(), end, match["label"]))
    claims = (_claim(parse, label, cues) for label in sorted(opened, key=lambda one: one.start))
    return [claim for claim in claims if claim is not None]


def _claim(parse: Parse, label: Label, cues: CueLexicon) -> ClaimDraft | None:
    start = label.opened
    end = start + len(parse.text[start : label.closed].rstrip())
    first, last = parse.token_at(label.start), parse.token_at(label.end)
    content = parse.tokens[parse.token_at(start) : parse.token_at(end)]
    if first == last or not content:
        return None
    marked = parse.tokens[last].text == ":"
    name, sentence = label.name.lower(), parse.sentences[content[0].sent]
    asks = parse.text[end - 1] == "?" and (name in cues.asking_labels or content[-1].sent == content[0].sent)
    return ClaimDraft(
        sentence=sentence.index,
        source=(first, last),
        cue=(last, last + 1) if marked else None,
        parts=((start, end),),
        head=next((t.i for t in content if t.head == t.i), content[0].i),
        kind="direct",
        act="ask" if asks else "say",
        why=Why(RULE),
    )
