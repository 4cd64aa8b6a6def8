"""Matching of the date grammar's rules: terminals by the lexicon, optional parts, the longest match wins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman.knowledge.dates import DateLexicon, Word
from dragoman.reading.date_terminals import NUMERIC, TERMINALS, Match, first_words
from dragoman.reading.periods import Period
from dragoman.records import Basis


@dataclass(frozen=True, slots=True)
class Frame:
    """What an expression is read against.

    ``outlook`` is the tense around it: -1 past, 1 future, 0 open. ``alone`` says that nothing is around it.
    """

    published: dt.date | None
    anchor: Period | None = None
    outlook: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an expression means. ``kind`` as in DateExpression; ``period`` is None when it cannot be resolved."""

    kind: str
    period: Period | None
    basis: Basis = "explicit"


UNRESOLVED = Meaning("date", None, "relative")
Action: TypeAlias = Callable[..., Any]


class Rule:
    """A pattern and what it means.

    Small letters in the pattern are words (``of|in``), capitals are terminals or other rules; ``?`` marks
    what may be left out. The action gets the frame and what the capitals matched (None when left out).
    """

    __slots__ = ("action", "elements")

    def __init__(self, pattern: str, action: Action) -> None:
        self.action = action
        self.elements: list[tuple[str, frozenset[str] | None, bool]] = []
        for part in pattern.split():
            optional = part.endswith("?") and part != "?"
            symbol = part[:-1] if optional else part
            words = None if symbol.isupper() else frozenset(symbol.split("|"))
            self.elements.append((symbol, words, optional))

    def leading(self) -> list[str | frozenset[str]]:
        """What it can begin with: sets of words, names of terminals and rules."""
        found: list[str | frozenset[str]] = []
        for symbol, words, optional in self.elements:
            found.append(symbol if words is None else words)
            if not optional:
                break
        return found


Element: TypeAlias = tuple[str, frozenset[str] | None, bool, frozenset[str] | None]
"""A symbol, its words where it is no name, whether it may be left out, and what it can begin with (None: anything)."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A rule with what its elements can begin with; ``needed`` are the classes of words that it cannot do without."""

    action: Action
    elements: tuple[Element, ...]
    needed: int


class Grammar:
    """The rules with the words that each can begin with and cannot do without, so that most are never tried.

    Args:
        rules: name to its rules, in order of preference among matches of one length.
        lexicon: the date words.
    """

    __slots__ = ("_bits", "_classes", "_first", "_found", "_lengths", "_prepared", "_rules", "lexicon")

    def __init__(self, rules: Mapping[str, Sequence[Rule]], lexicon: DateLexicon) -> None:
        self.lexicon = lexicon
        self._rules = rules
        self._first: dict[str, frozenset[str] | None] = {}
        self._lengths: dict[str, int] = {}
        self._found: dict[tuple[str, str], list[Prepared]] = {}
        self._bits: dict[frozenset[str], int] = {}  # classes of words, as powers of two
        self._prepared = {
            name: [(self._prepare(rule), self._union(rule.leading())) for rule in named_rules]
            for name, named_rules in rules.items()
        }
        self._classes: dict[str, int] = {}  # word to the classes that it is in
        for words, bit in self._bits.items():
            for word in words:
                self._classes[word] = self._classes.get(word, 0) | bit

    def __contains__(self, name: str) -> bool:
        return name in self._rules

    def at(self, name: str, key: str) -> list[Prepared]:
        """The rules ``name`` that can begin with a word, given by its key."""
        found = self._found.get((name, key))
        if found is None:
            found = [rule for rule, first in self._prepared[name] if first is None or key in first]
            self._found[name, key] = found
        return found

    def classes_ahead(self, keys: Sequence[str]) -> list[int]:
        """For each word the classes that it and all words behind it are in."""
        ahead = 0
        found: list[int] = []
        for key in reversed(keys):
            ahead |= self._classes.get(key, 0)
            found.append(ahead)
        found.reverse()
        return found

    def longest_phrase(self, group: str) -> int:
        """The number of words of the longest phrase of a group of the lexicon."""
        found = self._lengths.get(group)
        if found is None:
            found = max((phrase.count(" ") + 1 for phrase in getattr(self.lexicon, group)), default=1)
            self._lengths[group] = found
        return found

    def _prepare(self, rule: Rule) -> Prepared:
        elements = tuple((*element, element[1] or self._words(element[0])) for element in rule.elements)
        needed = 0
        for _, _, optional, first in elements:
            if first is not None and not optional:
                needed |= self._bits.setdefault(first, 1 << len(self._bits))
        return Prepared(rule.action, elements, needed)

    def _words(self, symbol: str) -> frozenset[str] | None:
        if symbol not in self._first:
            self._first[symbol] = frozenset()  # while it is worked out: a rule that begins with itself adds nothing
            if symbol in self._rules:
                found = self._union([part for rule in self._rules[symbol] for part in rule.leading()])
            else:
                found = first_words(symbol, self.lexicon)
            self._first[symbol] = found
        return self._first[symbol]

    def _union(self, parts: Sequence[str | frozenset[str]]) -> frozenset[str] | None:
        found: set[str] = set()
        for part in parts:
            words = part if isinstance(part, frozenset) else self._words(part)
            if words is None:
                return None
            found |= words
        return frozenset(found)


class Line:
    """The words of a sentence or an expression as the rules look at them.

    Args:
        words: the text, as cut by ``words_of``.
        grammar: the rules and the date words.
        phrase_only: the words are one expression and nothing else (else they are a sentence).
    """

    __slots__ = ("_grammar", "_seen", "classes_ahead", "keys", "lexicon", "lower", "phrase_only", "words")

    def __init__(self, words: Sequence[Word], grammar: Grammar, phrase_only: bool = False) -> None:
        self.words = words
        self.lower = [word.lower for word in words]
        self.keys = [_key(lower) for lower in self.lower]
        self.classes_ahead = grammar.classes_ahead(self.keys)
        self.lexicon = grammar.lexicon
        self.phrase_only = phrase_only
        self._grammar = grammar
        self._seen: dict[tuple[str, int], Match | None] = {}

    def terminal(self, name: str, position: int) -> Match | None:
        """What a terminal matches at a word, whatever the frame."""
        key = (name, position)
        if key not in self._seen:
            special = TERMINALS.get(name)
            self._seen[key] = special(self, position) if special else self.phrase(name.lower(), position)
        return self._seen[key]

    def phrase(self, group: str, position: int) -> Match | None:
        """The longest phrase of a group of the lexicon at a word, with its value."""
        phrases: dict[str, Any] = getattr(self.lexicon, group)
        longest = self._grammar.longest_phrase(group)
        for size in range(min(longest, len(self.lower) - position), 1, -1):
            value = phrases.get(" ".join(self.lower[position : position + size]))
            if value is not None:
                return position + size, value
        value = phrases.get(self.lower[position])
        return None if value is None else (position + 1, value)


def _key(lower: str) -> str:
    """What the rules know a word by: itself, or ``NUMERIC`` for one in digits ("12", "'68")."""
    return NUMERIC if lower[0].isdigit() or (lower[0] == "'" and lower[1:2].isdigit()) else lower


class Matcher:
    """Matches rules over the words of one line.

    Args:
        line: the words.
        grammar: the rules and the date words.
        frame: what relative expressions refer to.
    """

    __slots__ = ("_frame", "_grammar", "_line", "_seen")

    def __init__(self, line: Line, grammar: Grammar, frame: Frame) -> None:
        self._line = line
        self._grammar = grammar
        self._frame = frame
        self._seen: dict[tuple[str, int], Match | None] = {}

    def longest(self, name: str, start: int) -> Match | None:
        """The longest match of the rules ``name`` at a word: where it ends and what it means."""
        key = (name, start)
        if key in self._seen:
            return self._seen[key]
        self._seen[key] = None  # a rule that comes back to itself at the same word does not match
        best: Match | None = None
        missing = ~self._line.classes_ahead[start]
        for rule in self._grammar.at(name, self._line.keys[start]):
            if rule.needed & missing:
                continue
            found = self._follow(rule, 0, start, ())
            if found is not None and (best is None or found[0] > best[0]):
                best = found
        self._seen[key] = best
        return best

    def _follow(self, rule: Prepared, begin: int, position: int, captured: tuple[Any, ...]) -> Match | None:
        """What a rule's elements from ``begin`` on match; what may be left out is tried with and then without."""
        keys = self._line.keys
        for number, (symbol, words, optional, first) in enumerate(rule.elements[begin:], begin + 1):
            match: Match | None = None
            if position < len(keys) and (first is None or keys[position] in first):
                match = (position + 1, None) if words is not None else self._symbol(symbol, position)
            if match is None:
                if not optional:
                    return None
            else:
                taken = captured if words is not None else (*captured, match[1])
                if not optional:
                    position, captured = match[0], taken
                    continue
                found = self._follow(rule, number, match[0], taken)
                if found is not None:
                    return found
            if words is None:
                captured = (*captured, None)
        try:
            meaning = rule.action(self._frame, *captured)
        except (ValueError, OverflowError):  # outside the years that the calendar holds
            meaning = UNRESOLVED
        return None if meaning is None else (position, meaning)

    def _symbol(self, name: str, position: int) -> Match | None:
        """What a terminal or rule matches at a word."""
        return self.longest(name, position) if name in self._grammar else self._line.terminal(name, position)
