"""Tables of texts: JSON lines and CSV, a text a row, read row by row so that their size does not matter."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from dragoman.errors import IntakeError, UnreadableInput
from dragoman.intake.extract import Extract
from dragoman.knowledge.layout import layout

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LONGEST_ROW = 20 << 20  # bytes
LARGEST_UNPACKED = 16 << 30  # bytes of a gzipped table
HIGHEST_RATIO = 200  # of unpacked to packed bytes
_SNIFFED = 64 << 10  # bytes
_MORE = " more"  # the key of cells beyond the heading; no column can be called so, as names are stripped


def json_rows(path: Path) -> Iterator[tuple[str, Extract | IntakeError]]:
    """Rows of JSON lines (``id,date,event_text`` and the names of ``lexicons/texts/layout.yml``).

    Yields:
        The row's name, and its extract or what is wrong with it.

    Raises:
        UnreadableInput: the file cannot be read.
    """
    decoder = msgspec.json.Decoder(dict[str, Any])
    with _opened(path) as lines:
        for number, line in enumerate(_lines(lines), 1):
            if isinstance(line, IntakeError):
                yield f"row {number}", line
                continue
            if number == 1:
                line = line.removeprefix(codecs.BOM_UTF8)
            if not line.strip():
                continue
            try:
                row = decoder.decode(line)
            except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
                yield f"row {number}", UnreadableInput(f"no JSON object ({str(error)[:80]})")
                continue
            yield f"row {number}", extract_of(row)


def table_rows(path: Path, delimiter: str | None = None) -> Iterator[tuple[str, Extract | IntakeError]]:
    """Rows of a CSV or TSV file with a heading.

    Yields:
        The row's name, and its extract or what is wrong with it.

    Raises:
        UnreadableInput: the file cannot be read, or has no column of texts.
    """
    csv.field_size_limit(LONGEST_ROW)
    with _opened(path) as raw:
        beginning = raw.peek(_SNIFFED)
        charset = _charset(beginning)
        text = io.TextIOWrapper(raw, encoding=charset, errors="replace", newline="")
        reader = csv.DictReader(
            _TableLines(text),
            delimiter=delimiter or _delimiter(beginning.decode(charset, "replace")),
            restkey=_MORE,
            restval="",
        )
        try:
            names = [name.strip().lower() for name in reader.fieldnames or ()]
        except csv.Error as error:
            raise UnreadableInput(f"the table's heading cannot be read ({error})") from error
        if not set(names) & set(layout().text_columns):
            raise UnreadableInput(f"there is no column of texts; name one of {', '.join(layout().text_columns)}")
        reader.fieldnames = names
        number = 0
        while True:
            number += 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield f"row {number}", UnreadableInput(f"the row cannot be read ({error})")
                continue
            if any(row.pop(_MORE, ())):
                yield (
                    f"row {number}",
                    UnreadableInput("the row has more cells than the heading; quote what holds commas"),
                )
                continue
            yield f"row {number}", extract_of(row)


def extract_of(row: dict[str, Any]) -> Extract | IntakeError:
    """The extract of a row, by the names of its columns."""
    text = next((row[name] for name in layout().text_columns if row.get(name)), None)
    if not isinstance(text, str):
        return UnreadableInput(f"there is no text in it; the column is called {', '.join(layout().text_columns)}")
    known = {field: _first(row, names) for field, names in layout().fields.items()}
    day = known["published"]
    return Extract(
        text,
        title=known["title"],
        publisher=known["publisher"],
        author=known["author"],
        url=known["url"],
        published=_iso(day) if day else None,
    )


def _first(row: dict[str, Any], names: tuple[str, ...]) -> str | None:
    value = next((row[name] for name in names if row.get(name) not in (None, "")), None)
    return None if value is None else str(value)


def _iso(day: str) -> str:
    # 20240503 as some exports write it; everything else is judged by ``iso_date``.
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 and day.isdigit() else day


def _opened(path: Path) -> io.BufferedReader:
    try:
        if path.suffix.lower() == ".gz":
            return io.BufferedReader(_Bounded(path), _SNIFFED)
        return io.BufferedReader(path.open("rb", buffering=0), _SNIFFED)
    except OSError as error:
        raise UnreadableInput(f"the file cannot be read ({error.strerror or error})") from error


class _Bounded(io.RawIOBase):
    """A gzipped file that ends in an error when it is damaged or unpacks to far more than it is."""

    def __init__(self, path: Path) -> None:
        self._packed = gzip.GzipFile(path, "rb")
        self._left = min(LARGEST_UNPACKED, max(path.stat().st_size * HIGHEST_RATIO, 1 << 20))

    def readable(self) -> bool:
        """As every file that is read."""
        return True

    def close(self) -> None:
        """Close the packed file too."""
        self._packed.close()
        super().close()

    def readinto(self, into: WriteableBuffer) -> int:
        """As ``RawIOBase.readinto``, within what is allowed."""
        view = memoryview(into).cast("B")
        try:
            chunk = self._packed.read(len(view))
        except (OSError, EOFError, zlib.error) as error:
            raise UnreadableInput(f"the file is damaged from here on ({str(error)[:80]})") from error
        self._left -= len(chunk)
        if self._left < 0:
            raise UnreadableInput("the file unpacks to far more than it holds; it may be made to fill the memory")
        view[: len(chunk)] = chunk
        return len(chunk)


def _lines(source: IO[bytes]) -> Iterator[bytes | IntakeError]:
    while line := source.readline(LONGEST_ROW):
        if len(line) == LONGEST_ROW and not line.endswith(b"\n"):
            yield UnreadableInput(f"the row is longer than {LONGEST_ROW >> 20} MB")
            while line and not line.endswith(b"\n"):
                line = source.readline(LONGEST_ROW)
            continue
        yield line


class _TableLines:
    """The lines of a table; one without end is named and passed over instead of filling the memory."""

    def __init__(self, source: IO[str]) -> None:
        self._source = source
        self._in_long_line = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._source.readline(LONGEST_ROW)
        while self._in_long_line and line:
            self._in_long_line = not line.endswith("\n")
            line = self._source.readline(LONGEST_ROW)
        if not line:
            raise StopIteration
        if len(line) == LONGEST_ROW and not line.endswith("\n"):
            self._in_long_line = True
            raise csv.Error(f"a line is longer than {LONGEST_ROW >> 20} MB")
        return line


def _charset(beginning: bytes) -> str:
    if beginning.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # "Unicode text" of spreadsheets
        return "utf-16"
    try:
        beginning[: len(beginning) - 4].decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _delimiter(beginning: str) -> str:
    heading = beginning.split("\n", 1)[0]
    return max("\t;,|", key=lambda sign: (heading.count(sign), sign == ","))
