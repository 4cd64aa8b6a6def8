"""The statistical parser over batches of paragraphs: words, tree, names, as plain lists.

The released pipeline is run part by part with what it computes unchanged, but faster: matrix products by row
(``rowwise``), word forms remembered (``word_forms``), names decoded for a batch at once (``entities``), and arrays
instead of one object a token.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from dragoman.reading.dictionary import Dictionary
from dragoman.reading.entities import EntityDecoder, Name
from dragoman.reading.rowwise import use_rowwise_products
from dragoman.reading.word_forms import WordForm, WordForms

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_PARAGRAPHS = 64  # of a batch
_CHARACTERS = 16_000


class Annotated:
    """A paragraph: lists with one item a token, white space among them, and the names."""

    __slots__ = ("ends", "forms", "heads", "names", "spaces", "starts", "starts_sentence")

    def __init__(self, columns: Any, forms: list[WordForm], names: list[Name]) -> None:
        self.forms = forms
        self.heads: list[int] = columns[_HEAD].tolist()
        self.starts: list[int] = columns[_IDX].tolist()
        self.ends: list[int] = (columns[_IDX] + columns[_LENGTH]).tolist()
        self.spaces: list[bool] = columns[_SPACE].astype(bool).tolist()
        self.starts_sentence: list[bool] = (columns[_SENT] == 1).tolist()
        self.names = names


_COLUMNS = ("ORTH", "TAG", "DEP", "HEAD", "IDX", "LENGTH", "IS_SPACE", "SENT_START")
_ORTH, _TAG, _DEP, _HEAD, _IDX, _LENGTH, _SPACE, _SENT = range(8)


class Annotator:
    """A loaded pipeline that is given paragraphs."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        use_rowwise_products(nlp)
        self._network: list[Any] = [nlp.get_pipe(name) for name in ("tok2vec", "tagger", "parser")]
        self._names = EntityDecoder(nlp.get_pipe("ner"))
        self._forms = WordForms(nlp)
        self.dictionary = Dictionary(nlp)

    def __call__(self, paragraphs: Iterable[str]) -> Iterator[Annotated]:
        """Annotate paragraphs in order, in batches of bounded size."""
        batch: list[str] = []
        size = 0
        for paragraph in paragraphs:
            if batch and (len(batch) >= _PARAGRAPHS or size + len(paragraph) > _CHARACTERS):
                yield from self._annotate(batch)
                batch, size = [], 0
            batch.append(paragraph)
            size += len(paragraph)
        if batch:
            yield from self._annotate(batch)

    def _annotate(self, paragraphs: list[str]) -> list[Annotated]:
        docs = [self._nlp.make_doc(paragraph) for paragraph in paragraphs]
        for part in self._network:
            part.set_annotations(docs, part.predict(docs))
        columns = [_columns(doc) for doc in docs]
        whole = np.concatenate(columns, axis=1)
        names = self._names.find(docs, whole[_SENT] == 1, whole[_SPACE].astype(bool))
        uses = [list(zip(*column[: _DEP + 1].tolist(), strict=True)) for column in columns]
        return list(map(Annotated, columns, self._forms.of(uses), names))


def _columns(doc: Doc) -> Any:
    columns = doc.to_array(list(_COLUMNS)).T.reshape(len(_COLUMNS), -1)
    columns[_HEAD] = columns[_HEAD].astype(np.int64) + np.arange(len(doc))  # spaCy keeps the distance to the head
    return columns


@functools.cache
def annotator() -> Annotator:
    """The released parser, loaded once a process."""
    from dragoman.reading.model import load_parser

    return Annotator(load_parser())
