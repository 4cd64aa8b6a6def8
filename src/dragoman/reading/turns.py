"""Turns of a transcript ("Q: ...", "KELLER: ...") and posts passed on ("RT @name: ..."): a label, then a colon."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.draft import ClaimDraft
from dragoman.reading.parse import Parse
from dragoman.records import Why

RULE = "turn of a transcript"

_LINE = re.compile(
    r"^[ \t]*(?:\d{1,3}/\d{0,3}[ \t]+)?"
    r"(?P<label>(?:RT[ ])?@\w+|[A-Z][\w.'’-]*(?:[ ]\(?[A-Z][\w.'’-]*\)?){0,4})[ ]?:[ \t]+",
    re.MULTILINE,
)
_FEWEST_TURNS = 2
_LABELLED_SHARE = 1 / 3  # of the lines that hold something


def find_turns(parse: Parse, cues: CueLexicon) -> list[ClaimDraft]:
    """A claim for each turn, from its label to the next; a text that is no transcript has none but posts passed on."""
    text = parse.text
    lines = [m for m in _LINE.finditer(text) if m["label"].lower() not in cues.no_labels]
    posts = [m for m in lines if "@" in m["label"]]
    labels = [m for m in lines if m not in posts and _is_label(m["label"], lines, cues)]
    filled = sum(bool(line.strip()) for line in text.splitlines())
    spoken = len(labels) >= _FEWEST_TURNS and len({m["label"] for m in labels}) > 1
    if not spoken or len(labels) < _LABELLED_SHARE * filled:
        labels = []
    ends = {m.start(): (labels[n + 1].start() if n + 1 < len(labels) else len(text)) for n, m in enumerate(labels)}
    starts = [t.start for t in parse.tokens]
    found = []
    for match in sorted((*labels, *posts), key=lambda m: m.start()):
        line_end = text.find("\n", match.end())
        end = ends.get(match.start(), line_end if line_end >= 0 else len(text))
        claim = _claim(parse, starts, match, end, cues)
        if claim is not None:
            found.append(claim)
    return found


def _is_label(label: str, lines: Sequence[re.Match[str]], cues: CueLexicon) -> bool:
    """Whether a label is one by custom, stands in capitals, or comes again."""
    known = label.lower() in cues.asking_labels or label.lower() in cues.answering_labels
    return known or (label.isupper() and len(label) > 1) or sum(m["label"] == label for m in lines) > 1


def _claim(parse: Parse, starts: Sequence[int], match: re.Match[str], end: int, cues: CueLexicon) -> ClaimDraft | None:
    start = match.end()
    end = start + len(parse.text[start:end].rstrip())
    first, colon = (bisect.bisect_left(starts, place) for place in match.span("label"))
    content = parse.tokens[bisect.bisect_left(starts, start) : bisect.bisect_left(starts, end)]
    if first == colon or not content or parse.tokens[colon].text != ":":
        return None
    label, sentence = match["label"].lower(), parse.sentences[content[0].sent]
    asks = parse.text[end - 1] == "?" and (label in cues.asking_labels or content[-1].sent == content[0].sent)
    return ClaimDraft(
        sentence=sentence.index,
        source=(first, colon),
        cue=(colon, colon + 1),
        parts=((start, end),),
        head=next((t.i for t in content if t.head == t.i), content[0].i),
        kind="direct",
        act="ask" if asks else "say",
        why=Why(RULE),
    )
