"""Headlines, so that the parser and the stages read them as the sentences that they stand for.

"Poland, Latvia Expel Russian Diplomats" is parsed as "Poland and Latvia expel the Russian diplomats". Which words keep
their capital is told by the rest of the text, by the lexicon of actors and by the parser's dictionary (compare Lita et
al. 2003, "tRuEcasIng"). Every character keeps its place in the stored text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dragoman.knowledge import Knowledge
from dragoman.reading.annotate import annotator
from dragoman.reading.normalise import Normalised

if TYPE_CHECKING:
    from dragoman.reading.parse import Token

_WORD = re.compile(r"[^\W\d_]+(?:[.'’-][^\W\d_]+)*\.?")
_ENDS = tuple(".!?:;,\"'\u201d\u2019)")
_FEWEST, _MOST = 4, 25  # words of a headline
_CAPITALISED = 0.75  # share of its words of four letters or more that begin with a capital
_LONG = 4
_ACRONYM = 5  # letters of the longest word in capitals that may be an acronym
_NAME = 4  # words of the longest name looked up
_ACTING = frozenset({"igo", "organisation", "armed_group"})


def read_headlines(pieces: Sequence[Normalised], knowledge: Knowledge) -> list[Normalised]:
    """The paragraphs of a text, its headlines written out.

    Args:
        pieces: the text's paragraphs, in order.
        knowledge: whose actors are names, and whose verbs are acts.
    """
    titled = [_is_titled(piece.text) for piece in pieces]
    opening = len(pieces) > 1 and not titled[0] and _is_line(pieces[0].text)
    if not opening and not any(titled):
        return list(pieces)
    casing = _Casing(Counter(), Counter(), knowledge)
    for piece, headline in zip(pieces, titled, strict=True):
        if not headline:
            casing.learn(piece.text)
    out = [
        _written_out(piece.rewritten(casing.applied(piece.text), headline=True), knowledge) if headline else piece
        for piece, headline in zip(pieces, titled, strict=True)
    ]
    return [_written_out(out[0].rewritten(out[0].text, headline=True), knowledge), *out[1:]] if opening else out


def _is_line(text: str) -> bool:
    """Whether a paragraph is one line that does not end as a sentence does."""
    return len(text) <= _MOST * 12 and not text.endswith(_ENDS) and _FEWEST <= len(_WORD.findall(text)) <= _MOST


def _is_titled(text: str) -> bool:
    """Whether the words of such a line begin with a capital."""
    if not _is_line(text):
        return False
    long = [word for word in _WORD.findall(text) if len(word) >= _LONG]
    capital = sum(word[0].isupper() for word in long)
    return bool(capital > 2 and capital >= _CAPITALISED * len(long))


@dataclass
class _Casing:
    """How often the rest of a text writes a word small, and with a capital within a sentence."""

    small: Counter[str]
    capital: Counter[str]
    knowledge: Knowledge

    def learn(self, text: str) -> None:
        """Count the words of a paragraph that is no headline."""
        end = 0
        for match in _WORD.finditer(text):
            word = match.group().rstrip(".")
            opens = end == 0 or any(mark in text[end - 1 : match.start()] for mark in '.!?:"(')
            end = match.end()
            if word[0].islower():
                self.small[word] += 1
            elif not opens or word.isupper():  # a sentence's first word has a capital whatever it is
                self.capital[_bare(word.lower())] += 1

    def applied(self, text: str) -> str:
        """A headline in the case of a sentence; as long as it was."""
        matches = list(_WORD.finditer(text))
        names = _names([m.group() for m in matches], self.knowledge)
        out = list(text)
        for k, match in enumerate(matches):
            name = k in names or self._is_name(match.group())
            word = self._cased(match.group(), name, shouting=text.isupper(), alone=names.get(k, 0) == 1)
            word = word[0].upper() + word[1:] if k == 0 else word
            if len(word) == len(match.group()):
                out[match.start() : match.end()] = word
        return "".join(out)

    def _cased(self, word: str, name: bool, shouting: bool, alone: bool) -> str:
        small = word.lower()
        if "." in word[:-1]:
            return word  # "U.S."
        if shouting and name:
            acronym = alone and len(word) <= _ACRONYM and not annotator().dictionary.knows(small)
            return word if acronym else word[0] + small[1:]
        acronym = len(word) > 1 and not word[1:].islower() and not shouting
        return word if name or acronym else small

    def _is_name(self, word: str) -> bool:
        """Whether an unknown word is somebody's or something's name."""
        lower = _bare(word.lower())
        small, capital = self.small[lower], self.capital[lower]
        return capital > small if small or capital else not annotator().dictionary.knows(lower)


def _bare(word: str) -> str:
    return re.sub(r"['\u2019]s?$", "", word)


def _names(words: Sequence[str], knowledge: Knowledge) -> dict[int, int]:
    """The words that are part of a known name, with the number of that name's words."""
    found: dict[int, int] = {}
    k = 0
    while k < len(words):
        length = next((n for n in range(_NAME, 0, -1) if _is_known(words[k : k + n], n, knowledge)), 0)
        found.update((part, length) for part in range(k, k + length))
        k += max(1, length)
    return found


def _is_known(words: Sequence[str], length: int, knowledge: Knowledge) -> bool:
    if len(words) < length or not words[0][0].isupper() or not words[-1][0].isupper():
        return False
    name = _bare(" ".join(words))
    forms = knowledge.actors.lookup(name)
    if length > 1:
        return bool(forms) or bool(knowledge.gazetteer.readings(name))
    kinds = {knowledge.actors.actors[form.actor].kind for form in forms}
    lower = name.lower()
    if "state" in kinds or lower in knowledge.dates.weekdays:
        return True
    return bool(kinds & _ACTING) and not annotator().dictionary.knows(lower, ("verb",))


def _written_out(line: Normalised, knowledge: Knowledge) -> Normalised:
    """A headline with the "and" and the article that headlines leave out, which its grammar hangs on."""
    joined = _joined(line, knowledge)
    matches = list(_WORD.finditer(joined.text))
    words = [m.group() for m in matches]
    plural = " and " in joined.text[: matches[-1].start()]
    for k in range(1, len(words) - 1):
        if not words[k].islower():
            continue
        if _is_act(words, k, plural, knowledge):
            return joined.with_word(matches[k + 1].start(), "the ")
        if annotator().dictionary.knows(words[k], ("verb",)) and not annotator().dictionary.knows(words[k], ("noun",)):
            return joined  # a verb that the parser cannot take for a noun
    return joined


def _joined(line: Normalised, knowledge: Knowledge) -> Normalised:
    """Names parted by a comma before a verb are joined: "Japan, South Korea agree"."""
    matches = list(_WORD.finditer(line.text))
    names = _names([m.group() for m in matches], knowledge)
    last = next((k for k in range(len(matches)) if k not in names), 0)
    commas = [k for k in range(1, last) if line.text[matches[k - 1].end() : matches[k].start()] == ", "]
    if not commas or not line.text[matches[last - 1].end() : matches[last].start()].isspace():
        return line
    return line.with_word(matches[commas[-1] - 1].end(), " and", replaced=1)


def _is_act(words: Sequence[str], k: int, plural: bool, knowledge: Knowledge) -> bool:
    """Whether a word that may be a noun is the verb of a headline, before an object that lacks its article."""
    word, after = words[k], words[k + 1]
    dictionary = annotator().dictionary
    lemma = next((s for s in (word[:-1], word[:-2], word) if word.endswith("s") and s in knowledge.frames.verbs), None)
    lemma = lemma or (word if plural and word in knowledge.frames.verbs else None)
    if lemma is None or lemma in knowledge.frames.reporting or word[:-1] in knowledge.actors.role_nouns:
        return False
    object_at = k + 1 if after.islower() else k + 2  # "slams NATO allies"
    if object_at >= len(words) or not words[object_at].islower() or dictionary.is_grammar(words[object_at]):
        return False
    if words[object_at] in knowledge.frames.verbs and lemma in knowledge.frames.nouns:
        return False  # "strikes kill": the first is the noun
    return dictionary.knows(words[object_at], ("noun", "adj"))


def passives(tokens: Sequence[Token], sentence: Iterable[int], knowledge: Knowledge) -> None:
    """Mark the passives of a headline, whose auxiliary it leaves out: "Tanker seized off Aden" was seized.

    Headlines tell what somebody did in the present; a past form without an object is a participle. Changes ``dep``.
    """
    for i in sentence:
        verb = tokens[i]
        children = [tokens[c] for c in verb.children]
        subjects = [c for c in children if c.dep == "nsubj" and c.i < i]
        if verb.tag not in ("VBD", "VBN") or not subjects or not knowledge.frames.is_transitive(verb.lemma):
            continue
        for particle in [c for c in children if c.dep == "prt"]:
            for noun in [c for c in children if c.dep == "dobj" and c.i > particle.i]:
                particle.dep, noun.dep, noun.head = "prep", "pobj", particle.i  # "off Aden"
                verb.children.remove(noun.i)
                particle.children.append(noun.i)
        deps = {tokens[c].dep for c in verb.children}
        if not deps & {"aux", "auxpass", "dobj", "ccomp", "xcomp", "dative"}:
            for subject in subjects:
                subject.dep = "nsubjpass"
