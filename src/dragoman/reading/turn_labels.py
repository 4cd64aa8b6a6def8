"""The labels that open the turns of a transcript: "Q: ...", "MR. KELLER:  ...", and "Q    ..." for nobody named.

Found in the text alone, so that the parser can be given each turn without its label.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

_LINE = re.compile(
    r"^[ \t*]*(?P<label>[A-Z][\w.'’-]*(?:[ ]\(?[A-Z][\w.'’-]*\)?){0,4})\**[ ]?:\**[ \t]+(?=\S)"
    r"|^[ \t*]*(?P<asks>Q)\**(?:[ \t]{2,}|\.[ \t]+)(?=\S)",
    re.MULTILINE,
)
_BY_CUSTOM = frozenset({"Q", "A"})
_CLOSING = re.compile(r"^[ \t]*(?:END\b[ \t]*(?:\d.*)?|#[ \t]*#[ \t]*#|-[ ]?30[ ]?-)[ \t]*$", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t\r]*\n")
_FEWEST_TURNS = 2
_LABELLED_SHARE = 1 / 3  # of the paragraphs that hold something


@dataclass(frozen=True, slots=True)
class Label:
    """Code points of a label's name, without what marks it off, and of the words that it opens."""

    start: int
    end: int
    opened: int
    closed: int
    name: str


def find_labels(text: str, customs: Collection[str] = (), nobodys: Collection[str] = ()) -> list[Label]:
    """The labels of a transcript in order; none for a text that is none.

    A transcript is a text of which a third of the paragraphs open with labels, or in which two names in capitals
    (or a name and "Q") come again and again.

    Args:
        text: the stored text.
        customs: labels by custom, in lower case ("moderator").
        nobodys: words in the same place that are no labels, in lower case ("update").
    """
    lines = [m for m in _LINE.finditer(text) if _name(m).lower() not in nobodys]
    names = [_name(m) for m in lines]
    kept = [m for m, name in zip(lines, names, strict=True) if _is_label(name, names, customs)]
    if not _is_transcript(text, [_name(m) for m in kept], customs):
        return []
    last = _CLOSING.search(text, kept[-1].end())
    ends = [*(m.start() for m in kept[1:]), last.start() if last else len(text)]
    return [
        Label(*m.span("label" if m["label"] else "asks"), m.end(), end, _name(m))
        for m, end in zip(kept, ends, strict=True)
    ]


def _name(match: re.Match[str]) -> str:
    return match["label"] or match["asks"]


def _is_label(name: str, names: Sequence[str], customs: Collection[str]) -> bool:
    """Whether a label is one by custom, stands in capitals, or comes again."""
    known = name in _BY_CUSTOM or name.lower() in customs
    return known or (name.isupper() and len(name) > 1) or names.count(name) > 1


def _is_transcript(text: str, names: Sequence[str], customs: Collection[str]) -> bool:
    different = set(names)
    if len(names) < _FEWEST_TURNS or len(different) < _FEWEST_TURNS:
        return False
    filled = [
        part for part in (_PARAGRAPH.split(text) if _PARAGRAPH.search(text) else text.split("\n")) if part.strip()
    ]
    if len(names) >= _LABELLED_SHARE * len(filled):
        return True
    again = {n for n in different if names.count(n) > 1 and (n.isupper() or n.lower() in customs)}
    return len(again) >= _FEWEST_TURNS
