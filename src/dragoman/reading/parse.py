"""Sentences, tokens and the dependency parse of a text, with exact offsets into the stored text.

The parser sees each paragraph normalised (straight quotation marks, plain dashes and spaces, no
``[...]``); every token knows its place in the stored text. Tokens are plain objects so that the
stages need no spaCy and read them quickly.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dragoman.reading.normalise import Normalised, normalise, paragraphs
from dragoman.records import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Token as SpacyToken


class Token:
    """One token: its forms, its place in the tree (indices into ``Parse.tokens``) and in the text."""

    __slots__ = (
        "children", "dep", "end", "ent", "head", "i", "lemma", "lower", "pos", "sent", "start", "tag", "text",
    )  # fmt: skip

    def __init__(  # one argument a field; made by the million, so no keyword-only form
        self,
        i: int,
        text: str,
        lemma: str,
        pos: str,
        tag: str,
        dep: str,
        head: int,
        ent: str,
        start: int,
        end: int,
        sent: int,
    ) -> None:
        self.i = i
        self.text = text
        self.lower = text.lower()
        self.lemma = lemma
        self.pos = pos
        self.tag = tag
        self.dep = dep
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

    __slots__ = ("first", "index", "last", "paragraph", "root")

    def __init__(self, index: int, first: int, last: int, root: int, paragraph: int) -> None:
        self.index = index
        self.first = first
        self.last = last
        self.root = root
        self.paragraph = paragraph

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

    __slots__ = ("entities", "sentences", "text", "tokens")

    def __init__(
        self, text: str, tokens: Sequence[Token], sentences: Sequence[Sentence], entities: Sequence[Entity]
    ) -> None:
        self.text = text
        self.tokens = tokens
        self.sentences = sentences
        self.entities = entities

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
        return [self.tokens[c] for c in self.tokens[i].children if not deps or self.tokens[c].dep in deps]


@functools.cache
def _pipeline() -> Language:
    from dragoman.reading.model import load_parser

    return load_parser()


def parse(text: str) -> Parse:
    """Parse one stored text.

    Returns:
        The parse, whose every token's ``start``/``end`` index ``text``.
    """
    return next(iter(parse_many([text])))


def parse_many(texts: Iterable[str], batch_size: int = 8) -> Iterator[Parse]:
    """Parse texts one after another, sharing batches of paragraphs between them."""
    nlp = _pipeline()
    for text in texts:
        pieces = [normalise(text, start, end) for start, end in paragraphs(text)]
        docs = nlp.pipe((piece.text for piece in pieces), batch_size=batch_size)
        yield _merge(text, zip(pieces, docs, strict=True))


def _merge(text: str, parsed: Iterable[tuple[Normalised, Doc]]) -> Parse:
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    entities: list[Entity] = []
    for number, (piece, doc) in enumerate(parsed):
        index = _index_without_spaces(doc, len(tokens))
        for sent in doc.sents:
            kept = [t for t in sent if index[t.i] >= 0]
            if not kept:
                continue
            first = len(tokens)
            for t in kept:
                start, end = piece.stored(t.idx, t.idx + len(t))
                head = _visible_head(t, index)
                tokens.append(
                    Token(
                        index[t.i],
                        t.text,
                        t.lemma_,
                        t.pos_,
                        t.tag_,
                        t.dep_,
                        head,
                        t.ent_type_,
                        start,
                        end,
                        len(sentences),
                    )
                )
            root = next((k for k in range(first, len(tokens)) if tokens[k].head == k), first)
            sentences.append(Sentence(len(sentences), first, len(tokens), root, number))
        for ent in doc.ents:
            inside = [index[k] for k in range(ent.start, ent.end) if index[k] >= 0]
            if inside:
                entities.append(Entity(inside[0], inside[-1] + 1, ent.label_))
    for token in tokens:
        if token.head != token.i:
            tokens[token.head].children.append(token.i)
    return Parse(text, tokens, sentences, entities)


def _index_without_spaces(doc: Doc, offset: int) -> list[int]:
    index: list[int] = []
    count = offset
    for t in doc:
        if t.is_space:
            index.append(-1)
        else:
            index.append(count)
            count += 1
    return index


def _visible_head(t: SpacyToken, index: list[int]) -> int:
    token = t
    while True:
        head = token.head
        if index[head.i] >= 0:
            return index[head.i]
        if head.i == token.i:
            return index[t.i]
        token = head
