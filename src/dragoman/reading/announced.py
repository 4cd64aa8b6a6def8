"""Statements given whole, below a line that announces them: "made public the following statement:"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_sources import owner_of, source_phrase
from dragoman.reading.attribution_text import Text
from dragoman.reading.draft import ClaimDraft
from dragoman.reading.parse import Sentence
from dragoman.records import Why

_MARKS = frozenset('"“«„')
_LIST = re.compile(r"[-*•·]\s|\d{1,2}[.)]\s")
_CLOSING = re.compile(r"(?m)^[ \t]*(?:END\b.*|#[ \t]*#[ \t]*#|-[ ]?30[ ]?-|\[[\w ]+\])[ \t]*$")


def announced_statements(text: Text, cues: CueLexicon) -> list[ClaimDraft]:
    """A claim for each statement that a line ending with a colon announces, to where it or the text ends.

    One that opens with a quotation mark goes on as long as its paragraphs do so. A list is no statement.
    """
    words = frozenset(cues.announcing_statements)
    sentences = text.parse.sentences
    found: list[ClaimDraft] = []
    for line, below in itertools.pairwise(sentences):
        announces = line.paragraph != below.paragraph and text.tokens[line.last - 1].text == ":"
        if not announces or words.isdisjoint(text.tokens[i].lower for i in line):
            continue
        claim = _claim(text, line, below)
        if claim is not None and not (found and claim.parts[0][0] < found[-1].parts[0][1]):
            found.append(claim)
    return found


def _claim(text: Text, line: Sentence, below: Sentence) -> ClaimDraft | None:
    tokens = text.tokens
    verb = tokens[line.root]
    nearest = text.parse.children(verb.i, "nsubj")[-1:]  # behind a dateline that the parser takes for a subject too
    owner = nearest[0].i if nearest else owner_of(text, verb.i)[0] if verb.pos in ("VERB", "AUX") else None
    start = tokens[below.first].start
    if owner is None or _LIST.match(text.parse.text, start):
        return None
    end = max(_ends(text, below), default=start)
    closing = _CLOSING.search(text.parse.text, start, end)
    end = closing.start() if closing else end
    return ClaimDraft(
        sentence=line.index,
        source=source_phrase(text, owner, verb.i),
        cue=(verb.i, verb.i + 1),
        parts=((start, start + len(text.parse.text[start:end].rstrip())),),
        head=below.root,
        kind="direct",
        act="say",
        why=Why("announced statement"),
    )


def _ends(text: Text, below: Sentence) -> Iterator[int]:
    """The ends of a statement's sentences."""
    sentences, tokens = text.parse.sentences, text.tokens
    quoted = tokens[below.first].text[0] in _MARKS
    paragraph = -1
    for sentence in sentences[below.index :]:
        if quoted and sentence.paragraph != paragraph and tokens[sentence.first].text[0] not in _MARKS:
            return
        paragraph = sentence.paragraph
        yield tokens[sentence.last - 1].end
