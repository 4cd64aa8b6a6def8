"""Events from files: a table (Parquet, CSV, TSV, JSON lines with the columns of ``tables.DYADS``), or records."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.json as json_lines
import pyarrow.parquet as parquet

from dragoman.errors import UnreadableInput, UsageError
from dragoman.formats.jsonl import decode_lines
from dragoman.records import Claim, Dispute, Document, Event, Record
from dragoman.tables import DYADS, dyads

_DELIMITERS = {".csv": ",", ".tsv": "\t"}
_LIST_SEPARATOR = ";"


class EventFile(msgspec.Struct, frozen=True):
    """What a file holds: its events as a table, and the claims and disputes where it holds records."""

    table: pa.Table
    claims: tuple[Claim, ...] = ()
    disputes: tuple[Dispute, ...] = ()


def read_event_file(path: Path) -> EventFile:
    """The events of a file, with those columns of ``tables.DYADS`` that it has, in their types.

    JSON lines may be records, as ``dragoman read --format jsonl`` writes them, or rows. In CSV and TSV
    an empty cell is null and ``contexts`` are separated by ";".

    Raises:
        UsageError: The file's name has no known ending.
        UnreadableInput: The file is missing, damaged or a value has the wrong type.
    """
    if not path.is_file():
        raise UnreadableInput(f"{path}: there is no such file of events; give a Parquet, CSV or JSON lines file")
    suffix = path.suffix.lower()
    try:
        if suffix == ".parquet":
            return EventFile(_typed(parquet.read_table(path)))
        if suffix in _DELIMITERS:
            return EventFile(_typed(_read_csv(path, _DELIMITERS[suffix])))
        if suffix in (".jsonl", ".ndjson"):
            return _read_json_lines(path)
    except (pa.ArrowException, msgspec.MsgspecError, OSError, ValueError, OverflowError) as error:
        raise UnreadableInput(
            f"{path}: not a readable table of events ({' '.join(str(error).split())[:200]})"
        ) from error
    raise UsageError(f"{path}: events are read from .parquet, .csv, .tsv or .jsonl; change the name's ending")


def _read_json_lines(path: Path) -> EventFile:
    with path.open("rb") as lines:
        first = lines.readline()
        if not first.strip():
            return EventFile(DYADS.empty_table())
        if "record" not in msgspec.json.decode(first, type=dict[str, Any]):
            return EventFile(_typed(json_lines.read_json(path)))
        lines.seek(0)
        return _of_records(decode_lines(lines))


def _of_records(records: Iterable[Record]) -> EventFile:
    documents: dict[str, Document] = {}
    events: dict[str, list[Event]] = {}
    claims: dict[str, list[Claim]] = {}
    disputes = []
    for record in records:
        if isinstance(record, Document):
            documents[record.id] = record
        elif isinstance(record, Event):
            events.setdefault(record.document, []).append(record)
        elif isinstance(record, Claim):
            claims.setdefault(record.document, []).append(record)
        elif isinstance(record, Dispute):
            disputes.append(record)
    tables = [dyads(document, events.get(id_, ()), claims.get(id_, ())) for id_, document in documents.items()]
    table = pa.concat_tables([DYADS.empty_table(), *tables])
    return EventFile(table, tuple(claim for found in claims.values() for claim in found), tuple(disputes))


def _read_csv(path: Path, delimiter: str) -> pa.Table:
    types = {field.name: pa.string() if pa.types.is_list(field.type) else field.type for field in DYADS}
    table = csv.read_csv(
        path,
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=types, strings_can_be_null=True),
    )
    if "contexts" in table.column_names:
        lists = [value.split(_LIST_SEPARATOR) if value else [] for value in table["contexts"].to_pylist()]
        table = table.set_column(
            table.column_names.index("contexts"), "contexts", pa.array(lists, pa.list_(pa.string()))
        )
    return table


def _typed(table: pa.Table) -> pa.Table:
    known = [field for field in DYADS if field.name in table.column_names]
    return pa.table({field.name: table[field.name].cast(field.type) for field in known}, schema=pa.schema(known))
