"""Abbreviations that a text defines: "the Government Accountability Office (GAO)" makes GAO that office and no town."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dragoman.knowledge.actor_spelling import SpellingRules
from dragoman.reading.actor_names import NameMatch
from dragoman.reading.parse import Parse

_LONGEST = 8  # letters of an abbreviation


def with_abbreviations(
    parse: Parse, names: Mapping[int, Sequence[NameMatch]], rules: SpellingRules
) -> dict[int, list[NameMatch]]:
    """The names of each sentence, the abbreviations that the text defines read as what they stand for.

    What an abbreviation of an unknown name stands for stays unknown, whatever else the lexicons hold under it.
    """
    defined = _definitions(parse, names, rules)
    if not defined:
        return {sentence: list(found) for sentence, found in names.items()}
    settled: dict[int, list[NameMatch]] = {}
    for sentence in parse.sentences:
        found = list(names.get(sentence.index, ()))
        for i in sentence:
            long = defined.get(parse.tokens[i].text)
            if long is None:
                continue
            over = [name for name in found if name.first <= i < name.last]
            if any(name.last - name.first > 1 for name in over):
                continue
            found = [name for name in found if name not in over]
            found.append(replace(long, first=i, last=i + 1, via="alias" if long.entries else "name"))
        settled[sentence.index] = sorted(found, key=lambda name: name.first)
    return settled


def _definitions(parse: Parse, names: Mapping[int, Sequence[NameMatch]], rules: SpellingRules) -> dict[str, NameMatch]:
    """Each abbreviation that stands in brackets after the words that it shortens, with the name of those words."""
    tokens = parse.tokens
    defined: dict[str, NameMatch] = {}
    for sentence in parse.sentences:
        for i in range(sentence.first + 2, sentence.last - 2):
            short = tokens[i + 1].text
            if tokens[i].text != "(" or tokens[i + 2].text != ")" or not _is_abbreviation(short):
                continue
            first = _start_of(parse, short, i, sentence.first, rules)
            if first is None or short in defined:
                continue
            meant = [n for n in names.get(sentence.index, ()) if n.last == i and n.first <= first + 1]
            known = [n for n in meant if n.entries] or meant or [NameMatch(first, i, (), "name", "ORG")]
            defined[short] = replace(known[-1], long=parse.span(known[-1].first, i).quote)
    return defined


def _is_abbreviation(word: str) -> bool:
    letters = [c for c in word if c.isalpha()]
    return 2 <= len(letters) <= _LONGEST and word[0].isupper() and (word.isupper() or sum(map(str.isupper, word)) > 2)


def _start_of(parse: Parse, short: str, stop: int, least: int, rules: SpellingRules) -> int | None:
    """Where the words begin whose initials, small words left out or not, spell ``short``."""
    tokens = parse.tokens
    wanted = [c.lower() for c in short if c.isalpha()]
    k = stop - 1
    while wanted and k >= least:
        word = tokens[k].lower
        if word[0] == wanted[-1] and word[0].isalnum():
            wanted.pop()
        elif word not in rules.unabbreviated:
            return None
        k -= 1
    return k + 1 if not wanted else None
