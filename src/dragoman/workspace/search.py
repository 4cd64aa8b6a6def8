"""Search over texts and titles with tantivy; the index lies beside the database and can be made again from it."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import tantivy

from dragoman.errors import UsageError, WorkspaceError

INDEX = "search-index"
_PATIENCE, _POLL = 20.0, 0.05  # seconds to wait for another process that writes the index, and between two tries
_BATCH = 500
_SNIPPET = 240  # characters
_VERSION = "1"


@dataclass(frozen=True)
class Hit:
    """A document that matches.

    Attributes:
        document: its id.
        score: BM25.
        title: of the document.
        publisher: of the document.
        published: ISO date.
        start: where the quoted passage begins in the text (code points).
        quote: a passage that matches; ``text[start:start + len(quote)] == quote``.
        matches: stretches of the quote that match, as pairs of offsets into it.
    """

    document: str
    score: float
    title: str | None
    publisher: str | None
    published: str | None
    start: int
    quote: str
    matches: tuple[tuple[int, int], ...]


def search(connection: duckdb.DuckDBPyConnection, folder: Path, query: str, limit: int) -> list[Hit]:
    """Documents that match, best first; what the index lacks is added to it before. A damaged index is made again.

    Raises:
        UsageError: the query cannot be understood.
        WorkspaceError: the index cannot be read or written.
    """
    if not query.strip():
        raise UsageError('say what is searched for: words, a "phrase", title:word or publisher:word')
    try:
        return _hits(connection, _caught_up(connection, folder), query, limit)
    except _Damaged:
        shutil.rmtree(folder / INDEX, ignore_errors=True)
    try:
        return _hits(connection, _caught_up(connection, folder), query, limit)
    except _Damaged as error:
        raise WorkspaceError(str(error)) from error


class _Damaged(Exception):
    """The index cannot be read."""


def _hits(connection: duckdb.DuckDBPyConnection, index: tantivy.Index, query: str, limit: int) -> list[Hit]:
    try:
        parsed = index.parse_query(query, ["text", "title"], field_boosts={"title": 2.0})
    except ValueError as error:
        raise UsageError(f"the query '{query}' cannot be understood ({str(error)[:120]})") from error
    current = {row[0] for row in connection.execute("SELECT id FROM documents WHERE successor IS NULL").fetchall()}
    hits: list[Hit] = []
    with _told_of_damage():
        searcher = index.searcher()
        for score, address in _found(searcher, parsed, query, limit * 2):
            identifier = searcher.doc(address)["id"][0]
            if identifier in current and len(hits) < limit:
                hits.append(_hit(connection, index, searcher, parsed, identifier, float(score)))
    return hits


def _found(searcher: tantivy.Searcher, parsed: tantivy.Query, query: str, limit: int) -> list[tuple[Any, Any]]:
    try:
        return list(searcher.search(parsed, limit=limit).hits)
    except ValueError as error:
        if str(error).startswith("Schema error"):  # as of "text:*", which only the search itself finds out
            raise UsageError(f"the query '{query}' cannot be understood ({_line(error)})") from error
        raise


@contextlib.contextmanager
def _told_of_damage() -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise _Damaged(f"the search index cannot be used ({_line(error)})") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # has no public name; tantivy trusts the bytes that it maps
            raise _Damaged(f"the search index is damaged ({_line(error)})") from error
        raise


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _index(folder: Path) -> tantivy.Index:
    path = folder / INDEX / _VERSION
    try:
        with _told_of_damage():
            path.mkdir(parents=True, exist_ok=True)
            return tantivy.Index(_fields(), path=str(path))
    except _Damaged:
        shutil.rmtree(path, ignore_errors=True)  # it is made again
    try:
        path.mkdir(parents=True, exist_ok=True)
        return tantivy.Index(_fields(), path=str(path))
    except (OSError, ValueError):
        return tantivy.Index(_fields())  # the folder cannot be written: an index for this search alone, in memory


def _fields() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    builder.add_text_field("text", stored=False, tokenizer_name="en_stem")
    builder.add_text_field("title", stored=False, tokenizer_name="en_stem")
    builder.add_text_field("publisher", stored=False)
    builder.add_text_field("author", stored=False)
    return builder.build()


def _caught_up(connection: duckdb.DuckDBPyConnection, folder: Path) -> tantivy.Index:
    index = _index(folder)
    with _told_of_damage():
        index.reload()
        there = _indexed(index)
    rows = connection.execute("SELECT id FROM documents ORDER BY added, id").fetchall()
    missing = [row[0] for row in rows if row[0] not in there]
    if missing:
        try:
            writer = _writer(index)
            there = _indexed(index)  # while one waited, another process may have brought it up to date
            _write(connection, writer, [identifier for identifier in missing if identifier not in there])
        except (OSError, ValueError) as error:
            raise WorkspaceError(f"{folder / INDEX}: the search index cannot be written ({_line(error)})") from error
        with _told_of_damage():
            index.reload()
    return index


def _write(connection: duckdb.DuckDBPyConnection, writer: tantivy.IndexWriter, missing: list[str]) -> None:
    for first in range(0, len(missing), _BATCH):
        chosen = missing[first : first + _BATCH]
        query = f"SELECT id, text, title, publisher, author FROM documents WHERE id IN ({', '.join('?' * len(chosen))})"
        for identifier, *values in connection.execute(query, chosen).fetchall():
            document = tantivy.Document()
            document.add_text("id", identifier)
            for name, value in zip(("text", "title", "publisher", "author"), values, strict=True):
                if value:
                    document.add_text(name, value)
            writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def _writer(index: tantivy.Index) -> tantivy.IndexWriter:
    """The right to write the index; one process has it at a time."""
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            writer = index.writer(heap_size=50_000_000, num_threads=1)
        except ValueError as error:
            if "LockBusy" not in str(error):
                raise
            if time.monotonic() > until:
                raise WorkspaceError("the search index is being written by another process; try again later") from error
            time.sleep(_POLL)
        else:
            index.reload()
            return writer


def _indexed(index: tantivy.Index) -> set[str]:
    searcher = index.searcher()
    everything = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs)).hits
    return {searcher.doc(address)["id"][0] for _, address in everything}


def _hit(
    connection: duckdb.DuckDBPyConnection,
    index: tantivy.Index,
    searcher: tantivy.Searcher,
    query: tantivy.Query,
    identifier: str,
    score: float,
) -> Hit:
    row = connection.execute(
        "SELECT text, title, publisher, published FROM documents WHERE id = ?", [identifier]
    ).fetchall()[0]
    text = row[0]
    words = _matched_words(index, searcher, query, text)
    start, end = _passage(text, words)
    quote = text[start:end]
    matches = tuple((a - start, b - start) for a, b in words if start <= a and b <= end)
    return Hit(identifier, score, row[1], row[2], row[3], start, quote, matches)


def _matched_words(
    index: tantivy.Index, searcher: tantivy.Searcher, query: tantivy.Query, text: str
) -> list[tuple[int, int]]:
    generator = tantivy.SnippetGenerator.create(searcher, query, index.schema, "text")
    generator.set_max_num_chars(len(text.encode("utf-8")) + 1)
    document = tantivy.Document()
    document.add_text("text", text)
    snippet = generator.snippet_from_doc(document)
    fragment = snippet.fragment()
    offset = text.find(fragment) if fragment else -1
    if offset < 0:
        return []
    data = fragment.encode("utf-8")

    def position(byte: int) -> int:  # tantivy counts bytes, records count code points
        return offset + len(data[:byte].decode("utf-8", "ignore"))

    return sorted({(position(part.start), position(part.end)) for part in snippet.highlighted()})


def _passage(text: str, words: list[tuple[int, int]]) -> tuple[int, int]:
    """The stretch around the densest matches, cut at blanks."""
    if not words:
        return 0, min(len(text), _SNIPPET)
    best = max(
        words, key=lambda word: (sum(word[0] <= other[0] < word[0] + _SNIPPET // 2 for other in words), -word[0])
    )
    start = max(0, best[0] - _SNIPPET // 3)
    end = min(len(text), start + _SNIPPET)
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
