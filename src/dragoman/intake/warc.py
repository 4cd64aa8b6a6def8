"""WARC (ISO 28500): the HTML pages of a crawl, streamed through a child process.

The child (``warc_child``) reads the archive from standard input and writes one message a page, so that neither the
archive's size nor a fault in parsing it reaches the parent.
"""

from __future__ import annotations

import contextlib
import os
import select
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import IO

import msgspec

from dragoman.errors import UnreadableInput

LARGEST_PAGE = 20 << 20  # bytes
SECONDS = 60.0  # without a message
HEADER = struct.Struct("<Q")
_CHUNK = 1 << 20


class Page(msgspec.Struct, frozen=True):
    """A page of a crawl, or a record that gave none (then ``error`` says why)."""

    number: int
    url: str | None
    date: str | None
    charset: str | None
    body: bytes = b""
    error: str | None = None


def pages(source: IO[bytes]) -> Iterator[Page]:
    """The pages of an archive, compressed or not.

    Raises:
        UnreadableInput: it is no WARC, or is damaged; what was yielded before is sound.
    """
    with subprocess.Popen(
        [sys.executable, "-I", "-m", "dragoman.intake.warc_child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    ) as child:  # fmt: skip
        faults: list[UnreadableInput] = []
        feeder = threading.Thread(target=_feed, args=(source, child.stdin, faults), daemon=True)
        feeder.start()
        try:
            yield from _messages(child)
            feeder.join(SECONDS)
        except UnreadableInput as error:
            raise (faults or [error])[0] from error  # what the child missed is the effect of what could not be fed
        finally:
            child.kill()
        if faults:
            raise faults[0]


def _feed(source: IO[bytes], sink: IO[bytes] | None, faults: list[UnreadableInput]) -> None:
    if sink is None:  # pragma: no cover - it is a pipe
        return
    with contextlib.suppress(OSError, ValueError), sink:
        try:
            while chunk := source.read(_CHUNK):
                sink.write(chunk)
        except UnreadableInput as error:  # an archive that holds the crawl is damaged or unpacks to too much
            faults.append(error)


def _messages(child: subprocess.Popen[bytes]) -> Iterator[Page]:
    stream = child.stdout
    if stream is None:  # pragma: no cover - it is a pipe
        return
    while True:
        header = _exactly(stream, HEADER.size)
        if header is None:
            raise UnreadableInput("the crawl archive is damaged or asks for too much; what came before was read")
        (size,) = HEADER.unpack(header)
        if size == 0:
            return
        payload = _exactly(stream, size) if size <= 2 * LARGEST_PAGE else None
        if payload is None:
            raise UnreadableInput("the crawl archive is damaged or asks for too much; what came before was read")
        page = msgspec.msgpack.decode(payload, type=Page)
        if page.error is not None and page.number == 0:
            raise UnreadableInput(page.error)
        yield page


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts, left = [], size
    while left:
        ready, _, _ = select.select([stream], [], [], SECONDS)
        chunk = os.read(stream.fileno(), min(left, _CHUNK)) if ready else b""
        if not chunk:
            return None
        parts.append(chunk)
        left -= len(chunk)
    return b"".join(parts)
