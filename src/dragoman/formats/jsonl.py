"""Records as JSON lines, one record a line, its kind in ``record``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from dragoman.errors import UnreadableInput
from dragoman.records import Record

T = TypeVar("T")

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


def read_lines(path: Path, decoder: msgspec.json.Decoder[T], what: str) -> list[T]:
    """The lines of a file, each of them of one type; blank lines are passed over.

    Args:
        path: the file.
        decoder: of the type.
        what: what the file should be, for the error when it is something else.

    Raises:
        UnreadableInput: the file cannot be read, or a line of it is something else; the line is named.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UnreadableInput(f"{path}: cannot be read ({error.strerror or error}); give {what}") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(decoder.decode(line))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            reason = " ".join(str(error).split())[:200]
            raise UnreadableInput(f"{path}:{number}: not a line of JSON as expected ({reason}); give {what}") from error
    return found


def read_records(path: Path) -> list[Record]:
    """The records of a file.

    Raises:
        UnreadableInput: the file cannot be read, or a line of it is no record.
    """
    return read_lines(path, _DECODER, "records as 'dragoman read --format jsonl' writes them")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of one line, generated from the record types."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(Record)}
