"""Sentences, tokens and the dependency parse of a text, with exact offsets into the stored text.

The parser sees each paragraph normalised (straight quotation marks, plain dashes and spaces, no
``[...]``); every token knows its place in the stored text. Tokens are plain objects so that the
stages need no spaCy and read them quickly.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from dragoman.knowledge import Knowledge, load
from dragoman.reading.annotate import Annotated, annotator
from dragoman.reading.continued_reports import continue_reports
from dragoman.reading.headlines import passives, read_headlines
from dragoman.reading.normalise import Normalised, normalise, paragraphs
from dragoman.reading.word_forms import WordForm
from dragoman.records import Span

_TOGETHER = 40_000  # code points of the texts that are parsed together


class Token:
    """One token: its forms, its place in the tree (indices into ``Parse.tokens``) and in the text."""

    __slots__ = (
        "children", "dep", "end", "ent", "head", "i", "lemma", "lower", "pos", "sent", "start", "tag", "text",
    )  # fmt: skip

    def __init__(self, i: int, form: WordForm, head: int, ent: str, start: int, end: int, sent: int) -> None:
        self.i = i
        self.text = form.text
        self.lower = form.lower
        self.lemma = form.lemma
        self.pos = form.pos
        self.tag = form.tag
        self.dep = form.dep
        self.head = head  # the root's head is itself
        self.ent = ent  # NER label or ""
        self.start = start  # code points into the stored text
        self.end = end
        self.sent = sent  # index into Parse.sentences
        self.children: list[int] = []  # in text order

    def __repr__(self) -> str:
        return f"Token({self.i}, {self.text!r}, {self.dep}<-{self.head})"


class Sentence:
    """Tokens ``first`` to ``last`` (exclusive) with their root; ``paragraph`` counts from 0."""

    __slots__ = ("first", "headline", "index", "last", "paragraph", "root")

    def __init__(self, index: int, first: int, last: int, root: int, paragraph: int, headline: bool = False) -> None:
        self.index = index
        self.first = first
        self.last = last
        self.root = root
        self.paragraph = paragraph
        self.headline = headline

    def __iter__(self) -> Iterator[int]:
        return iter(range(self.first, self.last))


class Entity:
    """What the statistical recogniser holds for a name: tokens ``first`` to ``last`` (exclusive) and its label."""

    __slots__ = ("first", "label", "last")

    def __init__(self, first: int, last: int, label: str) -> None:
        self.first = first
        self.last = last
        self.label = label


class Parse:
    """A parsed text. Token and sentence indices run through the whole document."""

    __slots__ = ("_starts", "entities", "sentences", "text", "tokens")

    def __init__(
        self, text: str, tokens: Sequence[Token], sentences: Sequence[Sentence], entities: Sequence[Entity]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.sentences = sentences
        self.entities = entities
        self._starts: list[int] | None = None

    def token_at(self, place: int) -> int:
        """The first token that starts at a code point of the stored text or behind it; the number of tokens if none."""
        if self._starts is None:
            self._starts = [token.start for token in self.tokens]
        return bisect_left(self._starts, place)

    def span(self, first: int, last: int) -> Span:
        """The stored text of tokens ``first`` to ``last`` (exclusive)."""
        start, end = self.tokens[first].start, self.tokens[last - 1].end
        return Span(start, end, self.text[start:end])

    def sentence_span(self, index: int) -> Span:
        """The stored text of a sentence."""
        sentence = self.sentences[index]
        return self.span(sentence.first, sentence.last)

    def subtree(self, i: int) -> list[int]:
        """Token ``i`` and all below it, in text order."""
        found: list[int] = []
        stack = [i]
        while stack:
            j = stack.pop()
            found.append(j)
            stack.extend(self.tokens[j].children)
        found.sort()
        return found

    def ancestors(self, i: int) -> Iterator[int]:
        """The heads above token ``i``, nearest first."""
        head = self.tokens[i].head
        while head != i:
            yield head
            i, head = head, self.tokens[head].head

    def children(self, i: int, *deps: str) -> list[Token]:
        """Children of token ``i`` with one of the dependency labels ``deps`` (any, when none is given)."""
        tokens = self.tokens
        if not deps:
            return [tokens[c] for c in tokens[i].children]
        found = []
        for c in tokens[i].children:
            child = tokens[c]
            if child.dep in deps:
                found.append(child)
        return found


def parse(text: str, knowledge: Knowledge | None = None) -> Parse:
    """Parse one stored text.

    Args:
        text: the stored text.
        knowledge: whose names keep their capital in a headline; the shipped lexicons where none is given.

    Returns:
        The parse, whose every token's ``start``/``end`` index ``text``.
    """
    return next(iter(parse_many([text], knowledge)))


def parse_many(texts: Iterable[str], knowledge: Knowledge | None = None) -> Iterator[Parse]:
    """Parse texts one after another, in batches of paragraphs that they share; no text changes another's parse."""
    known = knowledge or load()
    for group in _groups(texts, known):
        annotated = annotator()(piece.text for _, pieces in group for piece in pieces)
        for text, pieces in group:
            yield _merge(text, pieces, annotated, known)


def _groups(texts: Iterable[str], knowledge: Knowledge) -> Iterator[list[tuple[str, list[Normalised]]]]:
    group: list[tuple[str, list[Normalised]]] = []
    size = 0
    for text in texts:
        if group and size + len(text) > _TOGETHER:
            yield group
            group, size = [], 0
        pieces = [normalise(text, start, end) for start, end in paragraphs(text)]
        group.append((text, read_headlines(pieces, knowledge)))
        size += len(text)
    if group:
        yield group


def _merge(text: str, pieces: Iterable[Normalised], annotated: Iterator[Annotated], knowledge: Knowledge) -> Parse:
    """Join the paragraphs of a text, without white space, at their places in the stored text."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    entities: list[Entity] = []
    for number, piece in enumerate(pieces):
        found = next(annotated)
        index = _index_without_spaces(found.spaces, len(tokens))
        labels = [""] * len(index)
        for first, last, label in found.names:
            inside = [index[k] for k in range(first, last) if index[k] >= 0]
            labels[first:last] = [label] * (last - first)
            if inside:
                entities.append(Entity(inside[0], inside[-1] + 1, label))
        begun = len(tokens)  # of the sentence
        for k, place in enumerate(index):
            if found.starts_sentence[k] and len(tokens) > begun:
                _close(tokens, sentences, begun, number, piece.headline)
                begun = len(tokens)
            if place >= 0:
                start, end = piece.stored(found.starts[k], found.ends[k])
                head = _visible_head(k, found.heads, index)
                tokens.append(Token(place, found.forms[k], head, labels[k], start, end, len(sentences)))
        if len(tokens) > begun:
            _close(tokens, sentences, begun, number, piece.headline)
    for token in tokens:
        if token.head != token.i:
            tokens[token.head].children.append(token.i)
    for sentence in sentences:
        if sentence.headline:
            passives(tokens, sentence, knowledge)
    continue_reports(tokens, knowledge.cues)
    return Parse(text, tokens, sentences, entities)


def _close(tokens: list[Token], sentences: list[Sentence], first: int, paragraph: int, headline: bool) -> None:
    root = next((k for k in range(first, len(tokens)) if tokens[k].head == k), first)
    sentences.append(Sentence(len(sentences), first, len(tokens), root, paragraph, headline))


def _index_without_spaces(spaces: list[bool], offset: int) -> list[int]:
    """The token's number in the document for each token of a paragraph; -1 for white space."""
    if True not in spaces:
        return list(range(offset, offset + len(spaces)))
    index: list[int] = []
    for space in spaces:
        index.append(-1 if space else offset)
        offset += not space
    return index


def _visible_head(k: int, heads: list[int], index: list[int]) -> int:
    token = k
    while True:
        head = heads[token]
        if index[head] >= 0:
            return index[head]
        if head == token:
            return index[k]
        token = head
