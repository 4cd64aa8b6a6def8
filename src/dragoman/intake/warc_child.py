"""The child process that parses crawl archives: ``python -m dragoman.intake.warc_child`` (see ``warc``)."""

from __future__ import annotations

import os
import resource
import sys
from typing import IO, Any, BinaryIO, cast

import msgspec

from dragoman.intake.warc import HEADER, LARGEST_PAGE, Page

_MEMORY = 1 << 30  # bytes of data above what the libraries map
_CHUNK = 1 << 20
_LARGEST_HEAD = 1 << 20  # bytes of an answer's HTTP head
_CUT = "the archive ends within this record, or the record states a false length"


class _Counted:
    """A pipe that says how far it was read, as fastwarc wants to know; it can neither seek nor close."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        """As ``read`` of a file."""
        data = self._source.read(size)
        self._position += len(data)
        return data

    def tell(self) -> int:
        """Bytes read so far."""
        return self._position


def main() -> None:
    """Read a WARC from standard input, write its pages to standard output."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    with open("/proc/self/statm", encoding="ascii") as statm:
        mapped = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (mapped + _MEMORY, mapped + _MEMORY))
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not reach the messages
    number = 0
    try:
        for record in ArchiveIterator(
            cast("BinaryIO", _Counted(sys.stdin.buffer)), record_types=WarcRecordType.any_type, parse_http=False
        ):
            number += 1
            if record.record_type == WarcRecordType.response:
                _write(sink, _page(number, record))
            elif not _drained(record, 0):
                _write(sink, Page(number, None, None, None, error=_CUT))
        if number == 0:
            _write(sink, Page(0, None, None, None, error="this is no crawl archive (WARC)"))
    except (ValueError, OSError, RuntimeError, MemoryError) as error:
        _write(
            sink, Page(number, None, None, None, error=f"the archive is damaged from here on ({type(error).__name__})")
        )
    sink.write(HEADER.pack(0))
    sink.flush()


def _page(number: int, record: Any) -> Page:
    url, date = record.headers.get("WARC-Target-URI"), (record.headers.get("WARC-Date") or "")[:10] or None
    small = record.content_length <= LARGEST_PAGE + _LARGEST_HEAD
    if small:
        stated = record.content_length  # which freezing makes the true one
        record.freeze()
        if len(record.reader.read()) < stated:
            return Page(number, url, date, None, error=_CUT)
        record.reader.seek(0)
    record.parse_http()
    status = record.http_headers.status_code if record.http_headers is not None else None
    kind, charset = (record.http_content_type or "").lower(), record.http_charset
    if not small and not _drained(record, _LARGEST_HEAD):
        return Page(number, url, date, charset, error=_CUT)
    if status != 200 or "html" not in kind:
        return Page(number, url, date, charset, error=f"no page: status {status}, type {kind or 'unknown'}")
    body = record.reader.read(LARGEST_PAGE + 1) if small else b""
    if not small or len(body) > LARGEST_PAGE:
        return Page(number, url, date, charset, error=f"the page is larger than {LARGEST_PAGE >> 20} MB")
    return Page(number, url, date, charset, bytes(body))


def _drained(record: Any, parsed: int) -> bool:
    """Read a record to its end; whether it is as long as it states, but for what was parsed of it."""
    left = record.content_length - parsed
    while chunk := record.reader.read(_CHUNK):
        left -= len(chunk)
    return bool(left <= 0)


def _write(sink: IO[bytes], page: Page) -> None:
    payload = msgspec.msgpack.encode(page)
    sink.write(HEADER.pack(len(payload)) + payload)
    sink.flush()


if __name__ == "__main__":
    main()
