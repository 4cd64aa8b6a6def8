"""Records as JSON lines, one record a line, its kind in ``record``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
