"""Records as JSON lines, one record a line, its kind in ``record``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from dragoman.records import Record

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[Record] = msgspec.json.Decoder(Record)


def encode_line(record: Record) -> bytes:
    """One record as a line of JSON in UTF-8, with its line end. Unknown fields are ``null``."""
    return _ENCODER.encode(record) + b"\n"


def decode_lines(lines: Iterable[bytes]) -> Iterator[Record]:
    """Records of JSON lines; blank lines are passed over.

    Raises:
        msgspec.ValidationError: when a line is no record.
    """
    for line in lines:
        if line.strip():
            yield _DECODER.decode(line)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line, generated from the record types."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Record)}
