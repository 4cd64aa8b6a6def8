"""The small words of English: the lemmatiser's dictionary, which is WordNet's, with the words of grammar."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from dragoman.knowledge.layout import layout

if TYPE_CHECKING:
    from spacy.language import Language

PARTS = ("noun", "verb", "adj", "adv")


class Dictionary:
    """Which words are no names."""

    def __init__(self, nlp: Language) -> None:
        lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]  # the pipe's own class has it
        index, rules = lookups.get_table("lemma_index"), lookups.get_table("lemma_rules")
        exceptions = lookups.get_table("lemma_exc")
        # The lemmatiser's own tables, which are sets already: a second copy would cost every process its memory.
        self._index: dict[str, Collection[str]] = {part: index[part] for part in PARTS}
        self._exceptions: dict[str, Collection[str]] = {part: exceptions[part] for part in PARTS}
        self._rules: dict[str, list[tuple[str, str]]] = {p: [(a, b) for a, b in rules.get(p, ())] for p in PARTS}
        self._grammar = frozenset(nlp.Defaults.stop_words).union(layout().prepositions)

    def knows(self, word: str, parts: Sequence[str] = PARTS) -> bool:
        """Whether a small word, or the word that it is a form of, is listed as one of some parts of speech."""
        return self.is_grammar(word) or any(self._listed(word, part) for part in parts)

    def is_grammar(self, word: str) -> bool:
        """Whether a word is an article, preposition, pronoun, auxiliary or the like."""
        return word in self._grammar

    def _listed(self, word: str, part: str) -> bool:
        listed, exceptions = self._index[part], self._exceptions[part]
        stems = (word[: len(word) - len(old)] + new for old, new in self._rules[part] if word.endswith(old))
        return any(form in listed or form in exceptions for form in (word, *stems))
