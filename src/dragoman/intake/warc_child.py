"""The child process that parses crawl archives: ``python -m dragoman.intake.warc_child`` (see ``warc``)."""

from __future__ import annotations

import os
import resource
import sys
from typing import IO, BinaryIO, cast

import msgspec

from dragoman.intake.warc import HEADER, LARGEST_PAGE, Page

_MEMORY = 1 << 30  # bytes of data above what the libraries map


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
            cast("BinaryIO", _Counted(sys.stdin.buffer)), record_types=WarcRecordType.any_type
        ):
            number += 1
            if record.record_type == WarcRecordType.response:
                _write(sink, _page(number, record))
        if number == 0:
            _write(sink, Page(0, None, None, None, error="this is no crawl archive (WARC)"))
    except (ValueError, OSError, RuntimeError, MemoryError) as error:
        _write(
            sink, Page(number, None, None, None, error=f"the archive is damaged from here on ({type(error).__name__})")
        )
    sink.write(HEADER.pack(0))
    sink.flush()


def _page(number: int, record: object) -> Page:
    headers = record.headers  # type: ignore[attr-defined]
    http = record.http_headers  # type: ignore[attr-defined]
    url, date = headers.get("WARC-Target-URI"), (headers.get("WARC-Date") or "")[:10] or None
    status = http.status_code if http is not None else None
    kind = (record.http_content_type or "").lower()  # type: ignore[attr-defined]
    charset = record.http_charset  # type: ignore[attr-defined]
    if status != 200 or "html" not in kind:
        return Page(number, url, date, charset, error=f"no page: status {status}, type {kind or 'unknown'}")
    body = record.reader.read(LARGEST_PAGE + 1)  # type: ignore[attr-defined]
    if len(body) > LARGEST_PAGE:
        return Page(number, url, date, charset, error=f"the page is larger than {LARGEST_PAGE >> 20} MB")
    return Page(number, url, date, charset, bytes(body))


def _write(sink: IO[bytes], page: Page) -> None:
    payload = msgspec.msgpack.encode(page)
    sink.write(HEADER.pack(len(payload)) + payload)
    sink.flush()


if __name__ == "__main__":
    main()
