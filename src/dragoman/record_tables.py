"""The records themselves as Arrow tables: one table a record type, structs for spans, lists for tuples.

The schemas are derived from the record types, so that a field added there appears here, in the workspace
and in every Parquet data set without a second description.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
import pyarrow as pa
from msgspec import inspect

from dragoman.records import Actor, Claim, Dispute, Document, Event, Record

RECORD_TYPES: dict[str, type[Document | Actor | Event | Claim | Dispute]] = {
    "document": Document,
    "actor": Actor,
    "event": Event,
    "claim": Claim,
    "dispute": Dispute,
}
"""Kind of record (the value of ``record`` in JSON) to its type."""

R = TypeVar("R", Document, Actor, Event, Claim, Dispute)


@functools.cache
def record_schema(record_type: type[Record]) -> pa.Schema:
    """The Arrow schema of a record type: its fields in order, without the ``record`` tag."""
    described = inspect.type_info(record_type)
    if not isinstance(described, inspect.StructType):  # pragma: no cover - the record types are structs
        raise TypeError(f"{record_type.__name__} is no record type")
    return pa.schema([(field.encode_name, _arrow_type(field.type)) for field in described.fields])


def records_table(records: Iterable[R], record_type: type[R]) -> pa.Table:
    """Records of one type as a table with ``record_schema(record_type)``, in order."""
    rows = [msgspec.to_builtins(record) for record in records]
    return pa.Table.from_pylist(rows, schema=record_schema(record_type))


def records_from(table: pa.Table, record_type: type[R]) -> list[R]:
    """The records of a table that has the columns of ``record_schema(record_type)`` (others are passed over).

    Raises:
        msgspec.ValidationError: a row is no such record.
    """
    names = record_schema(record_type).names
    tag = {"record": record_type.__struct_config__.tag}
    return [msgspec.convert({**row, **tag}, record_type) for row in table.select(names).to_pylist()]


def _arrow_type(described: inspect.Type) -> Any:
    if isinstance(described, inspect.UnionType):
        (known,) = [part for part in described.types if not isinstance(part, inspect.NoneType)]
        return _arrow_type(known)
    if isinstance(described, inspect.StructType):
        return pa.struct([(field.encode_name, _arrow_type(field.type)) for field in described.fields])
    if isinstance(described, inspect.VarTupleType):
        return pa.list_(_arrow_type(described.item_type))
    simple: dict[type[inspect.Type], Any] = {
        inspect.StrType: pa.string(),
        inspect.LiteralType: pa.string(),
        inspect.IntType: pa.int64(),
        inspect.FloatType: pa.float64(),
        inspect.BoolType: pa.bool_(),
    }
    return simple[type(described)]
