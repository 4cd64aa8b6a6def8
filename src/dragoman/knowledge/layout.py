"""How texts come: what describes them, where their lines may end (``lexicons/texts/layout.yml``)."""

from __future__ import annotations

import functools
from pathlib import Path

import msgspec

from dragoman.errors import KnowledgeError
from dragoman.knowledge.store import read_compiled, read_lexicon

COMPILED = "layout"


class Layout(msgspec.Struct, frozen=True):
    """The words of the lexicon; see there for each list. They are the same for every reader, without an overlay."""

    fields: dict[str, tuple[str, ...]]
    text_columns: tuple[str, ...]
    caption_ranks: tuple[str, ...]
    caption_sides: tuple[str, ...]
    unfinished: tuple[str, ...]
    prepositions: tuple[str, ...]

    def field_of(self, name: str) -> str | None:
        """The field that a name stands for; None for any other word."""
        return next((field for field, names in self.fields.items() if name.lower() in names), None)


def compile_layout(lexicons: Path) -> bytes:
    """The compiled form of ``lexicons/texts/layout.yml``.

    Raises:
        KnowledgeError: a list is missing or is none.
    """
    path = lexicons / "texts" / "layout.yml"
    content = read_lexicon(path)
    content.pop("origin", None)
    try:
        return msgspec.msgpack.encode(msgspec.convert(content, Layout))
    except msgspec.ValidationError as error:
        raise KnowledgeError(f"{path}: {error}") from error


@functools.cache
def layout() -> Layout:
    """The shipped words."""
    return read_compiled(COMPILED, Layout)
