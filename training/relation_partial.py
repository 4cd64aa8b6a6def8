"""Marked sentences of which only the quad class is known: ConfliBERT's CAMEO sets (github eventdata/ConfliBERT).

One file gives a quad class to each sentence, the other tags source and target actors of some of the same sentences.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

_NOT_WORD = re.compile(r"[^a-z0-9]")
_MARKS = {"S": ("[unused1]", "[unused3]"), "T": ("[unused2]", "[unused4]")}


def partly_known(quads: Path, roles: Path, hold_out: bool, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Marked sentences and "quad N", N from 0 to 3.

    Args:
        quads: JSON lines of ``text`` and ``quad`` (0 for none, which is left out, else 1-4).
        roles: the same sentences, a word and its tag a line; tags end in S for the source, T for the target.
        hold_out: leave out the rows of ``quads`` whose number divides by 5.
        but: texts to leave out, for the sets share sentences with the fully marked one.
    """
    known = {}
    left_out = {_key(text) for text in but}
    for number, line in enumerate(quads.open(encoding="utf-8")):
        row = json.loads(line)
        if row["quad"] and _key(row["text"]) not in left_out and not (hold_out and number % 5 == 0):
            known[_key(row["text"])] = row["quad"] - 1
    found = []
    for block in roles.read_text(encoding="utf-8").split("\n\n"):
        words = [line.split() for line in block.splitlines() if line.strip()]
        quad = known.get(_key("".join(word[0] for word in words)))
        tags = [word[-1] for word in words]
        if quad is not None and "B-S" in tags and "B-T" in tags:
            found.append((_marked([word[0] for word in words], tags), f"quad {quad}"))
    return found


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text.lower())


def _marked(words: list[str], tags: list[str]) -> str:
    """The sentence with marks around the first source and the first target."""
    pieces = list(words)
    for role, (opening, closing) in _MARKS.items():
        first = tags.index(f"B-{role}")
        last = first
        while last + 1 < len(tags) and tags[last + 1] == f"I-{role}":
            last += 1
        pieces[first] = f"{opening} {pieces[first]}"
        pieces[last] = f"{pieces[last]} {closing}"
    return " ".join(pieces)
