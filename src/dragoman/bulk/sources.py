"""What ``read-many`` reads: files and folders as ``add`` takes them, Parquet tables, and addresses in object stores."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from dragoman.bulk.shards import Refused
from dragoman.errors import DragomanError, UnreadableInput, UsageError
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.knowledge.layout import layout
from dragoman.records import Document
from dragoman.workspace.sources import open_sources

_STORES = ("s3://", "gs://", "az://", "abfs://", "hf://")
_ROWS = 500  # rows of a table that are held at a time


def found_in(sources: Iterable[str], published: str | None = None, *, parsers: int = 1) -> Iterator[Document | Refused]:
    """Documents of the named sources in order, and what gave none.

    Args:
        sources: files, folders, globs, Parquet files or folders of them, addresses in an object store.
        published: publication date (ISO) of what has none.
        parsers: how many processes take the pages of a crawl apart.

    Raises:
        UsageError: a glob finds nothing, or a table has no column of texts.
    """
    for name in sources:
        if name.startswith(_STORES):
            yield from _rows(name, _stored(name), published)
        elif _is_parquet(name):
            for path in _parquet_files(name):
                yield from _rows(path, _parquet_rows(path), published)
        else:
            for source in open_sources(_matching(name), published=published, fetch=False, parsers=parsers):
                yield from _named(source.name, source.documents())


def _named(name: str, parts: Iterable[Any]) -> Iterator[Document | Refused]:
    for found in parts:
        yield found.document or Refused(name, found.locator, found.error, found.message, found.passed_over)


def _matching(name: str) -> list[str | Path]:
    if not any(sign in name for sign in "*?[") or Path(name).exists():
        return [name]
    matching: list[str | Path] = [*sorted(glob.glob(name, recursive=True))]
    if not matching:
        raise UsageError(f"{name}: nothing has such a name")
    return matching


def _is_parquet(name: str) -> bool:
    path = Path(name)
    return name.endswith(".parquet") or (path.is_dir() and next(path.rglob("*.parquet"), None) is not None)


def _parquet_files(name: str) -> list[str]:
    path = Path(name)
    if path.is_dir():
        return sorted(str(file) for file in path.rglob("*.parquet") if not file.name.startswith("."))
    return [str(file) for file in _matching(name)]


def _parquet_rows(path: str) -> Iterator[dict[str, Any]]:
    try:
        file = parquet.ParquetFile(path)
        for batch in file.iter_batches(batch_size=_ROWS):
            yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise UnreadableInput(f"{path}: no readable Parquet file ({' '.join(str(error).split())[:160]})") from error


def _stored(address: str) -> Iterator[dict[str, Any]]:
    """Rows of a table in an object store, through Daft."""
    from dragoman.bulk.engines import start_daft

    daft = start_daft(1, ray=False)
    readers = {".parquet": daft.read_parquet, ".csv": daft.read_csv, ".jsonl": daft.read_json, ".json": daft.read_json}
    reader = next((read for ending, read in readers.items() if address.endswith(ending)), None)
    if reader is None:
        raise UsageError(f"{address}: in object stores .parquet, .csv and .jsonl are read; copy other files here first")
    try:
        yield from reader(address).iter_rows()
    except Exception as error:  # whatever the store answers
        raise UnreadableInput(f"{address}: cannot be read ({' '.join(str(error).split())[:160]})") from error


def _rows(name: str, rows: Iterable[dict[str, Any]], published: str | None) -> Iterator[Document | Refused]:
    column: str | None = None
    try:
        for number, row in enumerate(rows, 1):
            if column is None:
                column = next((name for name in layout().text_columns if name in row), None)
                if column is None:
                    raise UsageError(f"{name}: has no column of texts ({', '.join(layout().text_columns)})")
            yield _document(name, number, row, column, published)
    except UnreadableInput as error:
        yield Refused(name, None, type(error).__name__, str(error))


def _document(name: str, number: int, row: dict[str, Any], column: str, published: str | None) -> Document | Refused:
    known = {field: _first(row, names) for field, names in layout().fields.items()}
    day = known["published"][:10] if known["published"] else published
    extract = Extract(
        str(row[column] or ""),
        title=known["title"],
        publisher=known["publisher"],
        author=known["author"],
        url=known["url"],
        published=day,
    )
    try:
        made = make_document(extract)
    except DragomanError as error:
        return Refused(name, f"row {number}", type(error).__name__, str(error))
    return made


def _first(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    value = next((row[name] for name in names if row.get(name) is not None), None)
    return None if value is None else str(value)
