"""Large delimited files as a stream of text columns: no value is guessed at, no row stops the rest."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from dragoman.errors import UnreadableInput
from dragoman.formats.imported import Repairs

_LOOKED_AT = 4096  # bytes; a zero among them is in no table
_BLOCK = 8 << 20  # bytes; also the longest possible row
_HEADING = 1 << 16  # bytes within which the heading must end


class TextRows:
    """Some rows of a file.

    Attributes:
        batch: their columns as text; an empty cell is null.
        numbers: each row's number in the file, from 1.
        repairs: where what is repaired is noted.
    """

    def __init__(self, batch: pa.RecordBatch, numbers: NDArray[np.int64], repairs: Repairs) -> None:
        self.batch = batch
        self.numbers = numbers
        self.repairs = repairs

    def __len__(self) -> int:
        return int(self.batch.num_rows)

    def text(self, column: str) -> Any:
        """A column as Arrow text; all null where the file does not have it."""
        if column not in self.batch.schema.names:
            return pa.nulls(len(self), pa.string())
        return self.batch.column(column)

    def note(self, column: str, what: str, mask: Any) -> None:
        """Note a repair for the rows where a boolean Arrow array is true."""
        chosen = np.asarray(mask.fill_null(False).to_numpy(zero_copy_only=False))
        if chosen.any():
            self.repairs.note(column, what, self.numbers[chosen].tolist())

    def kept(self, mask: Any) -> TextRows:
        """The rows where a boolean Arrow array is true."""
        chosen = mask.fill_null(False)
        return TextRows(self.batch.filter(chosen), self.numbers[chosen.to_numpy(zero_copy_only=False)], self.repairs)


def heading(path: Path) -> tuple[list[str], str]:
    """The names in a file's first line, in small letters with "_" for blanks, and the delimiter (tab or comma).

    Raises:
        UnreadableInput: there is no such file, or no heading in it.
    """
    with opened(path) as stream:
        first = stream.read(_HEADING).split(b"\n", 1)[0]
    line = first.decode("utf-8-sig", errors="replace").strip("\r")
    delimiter = "\t" if "\t" in line else ","
    names = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    if len(names) < 2:
        raise UnreadableInput(f"{path}: the first line names no columns; give the file as its publisher distributes it")
    return ["_".join(name.lower().split()) for name in names], delimiter


def text_rows(
    path: Path, names: list[str], wanted: list[str], repairs: Repairs, *, delimiter: str = "\t", headed: bool
) -> Iterator[TextRows]:
    """The wanted columns of a file, some thousand rows at a time.

    A row with too few or too many columns is left out and noted. Bytes that are not UTF-8 are replaced and noted. In
    comma-separated files quotes enclose; in tab-separated ones they are letters.

    Args:
        path: the file; ``.gz`` and ``.zip`` (its first member) are unpacked on the way.
        names: all columns, in order.
        wanted: those to read.
        repairs: where repairs are noted.
        delimiter: between cells.
        headed: whether the first line is a heading.

    Raises:
        UnreadableInput: the file is missing, damaged or no such table.
    """
    skipped: list[int] = []

    def leave_out(row: Any) -> str:
        number = int(row.number) - int(headed)
        skipped.append(number)
        repairs.note("", f"row left out, it has {row.actual_columns} columns of {row.expected_columns}", [number])
        return "skip"

    try:
        with opened(path) as stream:
            options = _options(names, wanted, delimiter, headed, leave_out)
            reader = arrow_csv.open_csv(stream, **options)
            done = 0
            for batch in reader:
                order = np.arange(done + 1, done + 1 + batch.num_rows)
                done += batch.num_rows
                yield _decoded(TextRows(batch, _in_file(order, skipped), repairs))
    except (pa.ArrowException, OSError, EOFError, zipfile.BadZipFile) as error:
        reason = " ".join(str(error).split())[:200]
        raise UnreadableInput(f"{path}: cannot be read as a table of events ({reason})") from error


def _options(
    names: list[str], wanted: list[str], delimiter: str, headed: bool, leave_out: Callable[[Any], str]
) -> dict[str, Any]:
    """How Arrow is to read the table: bytes only, no value guessed at."""
    quoted = delimiter == ","
    # one thread, for only then are the numbers of rows that are left out known
    read = arrow_csv.ReadOptions(use_threads=False, block_size=_BLOCK, column_names=names, skip_rows=int(headed))
    parse = arrow_csv.ParseOptions(
        delimiter=delimiter,
        quote_char='"' if quoted else False,
        newlines_in_values=quoted,
        invalid_row_handler=leave_out,
    )
    convert = arrow_csv.ConvertOptions(
        include_columns=[name for name in wanted if name in names],
        column_types=dict.fromkeys(names, pa.binary()),
        null_values=[""],
        strings_can_be_null=True,
        check_utf8=False,
    )
    return {"read_options": read, "parse_options": parse, "convert_options": convert}


def opened(path: Path) -> Any:
    """A file for reading bytes, unpacked where its name ends in .gz or .zip.

    Raises:
        UnreadableInput: there is no such file, or it cannot be unpacked.
    """
    if not path.is_file():
        raise UnreadableInput(f"{path}: there is no such file; name a file of events")
    try:
        if path.suffix.lower() == ".zip":
            archive = zipfile.ZipFile(path)
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                raise UnreadableInput(f"{path}: holds {len(members)} files; unpack it and name one of them")
            return pa.PythonFile(archive.open(members[0]), mode="r")
        if path.suffix.lower() != ".gz":
            with path.open("rb") as source:
                if b"\x00" in source.read(_LOOKED_AT):
                    raise UnreadableInput(f"{path}: this is a binary file, not a table of events")
        return pa.input_stream(str(path), compression="gzip" if path.suffix.lower() == ".gz" else None)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise UnreadableInput(f"{path}: cannot be opened ({error})") from error


def _in_file(order: NDArray[np.int64], skipped: list[int]) -> NDArray[np.int64]:
    # The v-th row that was kept stands behind as many others as were left out before it.
    left_out = np.sort(np.array(skipped, dtype=np.int64))
    return order + np.searchsorted(left_out - np.arange(len(left_out)), order, side="right")


def _decoded(rows: TextRows) -> TextRows:
    columns = []
    for name, column in zip(rows.batch.schema.names, rows.batch.columns, strict=True):
        try:
            columns.append(column.cast(pa.string()))
        except pa.ArrowInvalid:
            columns.append(_repaired(rows, name, column))
    rows.batch = pa.RecordBatch.from_arrays(columns, names=rows.batch.schema.names)
    return rows


def _repaired(rows: TextRows, name: str, column: Any) -> Any:
    raw = [cell or b"" for cell in column.to_pylist()]
    texts = [cell.decode("utf-8", errors="replace") for cell in raw]
    wrong = [text.encode("utf-8") != cell for text, cell in zip(texts, raw, strict=True)]
    rows.note(name, "bytes that are not UTF-8, replaced", pa.array(wrong, pa.bool_()))
    return pa.array([text or None for text in texts], pa.string())
