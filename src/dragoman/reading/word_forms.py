"""What a word is by itself: its text, lemma, part of speech and tag, worked out once for each way it is used.

The parser's rules for parts of speech and its lemmatiser look at a word's spelling, tag and grammatical function, and
at two words for a few contractions ("gon na"). Their answers are kept, so that the rules run once a word and not once
an occurrence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Token as SpacyToken

Use = tuple[int, int, int]
"""Spelling, tag and dependency label, as the parser numbers them."""

_UNDOUBLED = re.compile(r"[^aeiou]+[aeiou][^aeiouwxy]")
"""A verb of one syllable whose last letter doubles before -ed and -ing ("wagged", "wagging")."""
_MOST = 200_000  # uses that are remembered, about 60 MB


class WordForm:
    """A word in one use."""

    __slots__ = ("dep", "lemma", "lower", "opens", "pos", "tag", "text")

    def __init__(self, text: str, lemma: str, pos: str, tag: str, dep: str, opens: bool = False) -> None:
        self.text = text
        self.lower = text.lower()
        self.lemma = lemma
        self.pos = pos
        self.tag = tag
        self.dep = dep
        self.opens = opens  # may be the first of two words that the rules see together


class WordForms:
    """The rules of a pipeline, with what they answered."""

    def __init__(self, nlp: Language) -> None:
        from spacy.matcher import Matcher

        self._vocab = nlp.vocab
        self._rules: list[Any] = [nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer")]
        listed: Any = self._rules[1].lookups.get_table("lemma_index")
        for part in list(listed):
            listed[part] = frozenset(listed[part])  # the lemmatiser looks words up in these lists of up to 57,000
        self._openers = Matcher(nlp.vocab)
        halves = [[p[0]] for entry in self._rules[0].patterns for p in entry["patterns"] if len(p) > 1]
        self._openers.add("opener", halves)
        comma, punctuation = nlp.vocab.strings.add(","), nlp.vocab.strings.add("punct")
        self._comma: Use = (comma, comma, punctuation)
        self._known: dict[Use, WordForm] = {}
        self._pairs: dict[tuple[Use, Use], list[WordForm]] = {}

    def of(self, texts: list[list[Use]]) -> list[list[WordForm]]:
        """The forms of the words of some texts."""
        if len(self._known) >= _MOST:
            self._known.clear()
            self._pairs.clear()
        self._learn([use for use in dict.fromkeys(use for uses in texts for use in uses) if use not in self._known])
        return [self._of_text(uses) for uses in texts]

    def _of_text(self, uses: list[Use]) -> list[WordForm]:
        forms = [self._known[use] for use in uses]
        for place in [n for n, form in enumerate(forms[:-1]) if form.opens]:
            forms[place : place + 2] = self._pair(uses[place], uses[place + 1])
        return forms

    def _learn(self, uses: list[Use]) -> None:
        if not uses:
            return
        openers = {uses[start] for _, start, _ in self._openers(self._doc(uses))}
        # A comma behind each opener, so that no two words are seen together.
        spread = [use for use in uses if use not in openers] + [u for use in openers for u in (use, self._comma)]
        for use, form in zip(spread, _forms(self._ruled(self._doc(spread))), strict=True):
            form.opens = use in openers
            self._known[use] = form

    def _pair(self, first: Use, second: Use) -> list[WordForm]:
        forms = self._pairs.get((first, second))
        if forms is None:
            forms = self._pairs[first, second] = _forms(self._ruled(self._doc((first, second))))
        return forms

    def _ruled(self, doc: Doc) -> Doc:
        for rule in self._rules:
            doc = rule(doc)
        return doc

    def _doc(self, uses: Sequence[Use]) -> Doc:
        from spacy.tokens import Doc

        doc = Doc(self._vocab, words=[self._vocab.strings[use[0]] for use in uses])
        numbers: Any = np.array([use[1:] for use in uses], np.uint64)
        return doc.from_array(["TAG", "DEP"], numbers)


def _forms(doc: Doc) -> list[WordForm]:
    return [WordForm(t.text, _lemma(t), t.pos_, t.tag_, t.dep_) for t in doc]


def _lemma(token: SpacyToken) -> str:
    """The lemma; of "waged" and "staging" the verb in -e, for "wag" and "stag" would double their last letter."""
    lemma: str = token.lemma_
    stem = _UNDOUBLED.fullmatch(lemma) if token.pos_ == "VERB" else None
    return f"{lemma}e" if stem and token.lower_ in (f"{lemma}ed", f"{lemma}ing") else lemma
