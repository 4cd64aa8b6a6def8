"""Large delimited files as a stream of text columns: no value is guessed at, no row stops the rest."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as arrow_csv
from numpy.typing import NDArray

from dragoman.errors import UnreadableInput
from dragoman.formats.imported import Repairs
from dragoman.formats.table_stream import TableStream, one_line_of_damage

_BLOCK = 8 << 20  # bytes; also the longest possible row
_HEADING = 1 << 16  # bytes within which the heading must end
_LINE_END = re.compile("\r\n?|\n")


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


def heading(path: Path, format_name: str, needed: Sequence[str]) -> tuple[list[str], str]:
    """The names in a file's first line, in small letters with "_" for blanks, and the delimiter (tab or comma).

    Raises:
        UnreadableInput: there is no such file, no heading in it, or a column that the format needs is missing.
    """
    with one_line_of_damage(path):
        with TableStream(path).opened() as stream:
            line = _LINE_END.split(stream.read(_HEADING).decode("utf-8-sig", errors="replace"), maxsplit=1)[0]
        delimiter = "\t" if "\t" in line else ","
        names = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    if len(names) < 2:
        raise UnreadableInput(f"{path}: the first line names no columns; give the file as its publisher distributes it")
    names = ["_".join(name.lower().split()) for name in names]
    missing = next((name for name in needed if name not in names), None)
    if missing is not None:
        raise UnreadableInput(f"{path}: no {format_name} file, the column '{missing}' is missing; check the first line")
    return names, delimiter


def text_rows(
    path: Path, names: list[str], wanted: list[str], repairs: Repairs, *, delimiter: str = "\t", headed: bool
) -> Iterator[TextRows]:
    """The wanted columns of a file, some thousand rows at a time.

    A row with too few or too many columns is left out and noted. Bytes that are no text (not UTF-8, zeros, control
    characters) are replaced and noted. In comma-separated files quotes enclose; in tab-separated ones they are letters.

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

    with one_line_of_damage(path):
        table = TableStream(path)
        with table.opened() as stream:
            options = _options(names, wanted, delimiter, headed, leave_out)
            reader = arrow_csv.open_csv(stream, **options)
            done = 0
            for batch in reader:
                order = np.arange(done + 1, done + 1 + batch.num_rows)
                done += batch.num_rows
                yield _restored(TextRows(batch, _in_file(order, skipped), repairs), table)


def _options(
    names: list[str], wanted: list[str], delimiter: str, headed: bool, leave_out: Callable[[Any], str]
) -> dict[str, Any]:
    """How Arrow is to read the table: as text, no value guessed at."""
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
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        check_utf8=False,
    )
    return {"read_options": read, "parse_options": parse, "convert_options": convert}


def _in_file(order: NDArray[np.int64], skipped: list[int]) -> NDArray[np.int64]:
    # The v-th row that was kept stands behind as many others as were left out before it.
    left_out = np.sort(np.array(skipped, dtype=np.int64))
    return order + np.searchsorted(left_out - np.arange(len(left_out)), order, side="right")


def _restored(rows: TextRows, table: TableStream) -> TextRows:
    columns = []
    for name, column in zip(rows.batch.schema.names, rows.batch.columns, strict=True):
        texts, wrong = table.restored(column)
        if wrong is not None:
            rows.note(name, "bytes that are no text (in UTF-8), replaced", wrong)
        columns.append(texts)
    rows.batch = pa.RecordBatch.from_arrays(columns, names=rows.batch.schema.names)
    return rows
