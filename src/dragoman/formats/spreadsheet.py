"""CSV and TSV for spreadsheets: no cell can become a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LIST_SEPARATOR = ";"


def csv_bytes(table: pa.Table, delimiter: str = ",") -> bytes:
    """A flat table as CSV in UTF-8 with a heading line.

    A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV injection); lists are
    joined by ";", null is an empty cell.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, delimiter=delimiter, lineterminator="\n")
    writer.writerow(table.schema.names)
    for batch in table.to_batches(max_chunksize=5000):
        writer.writerows([cell(value) for value in row.values()] for row in batch.to_pylist())
    return sink.getvalue().encode("utf-8", errors="replace")


def cell(value: Any) -> Any:
    """A value as it may stand in a spreadsheet's cell."""
    if isinstance(value, list):
        value = _LIST_SEPARATOR.join(str(part) for part in value)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def without_guard(text: str) -> str:
    """A cell's text without the apostrophe that ``cell`` put before it."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
