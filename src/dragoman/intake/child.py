"""The child process that parses untrusted input: ``python -m dragoman.intake.child MEMORY``.

It reads requests from standard input and writes answers to standard output (see ``bounded``).
"""

from __future__ import annotations

import importlib
import os
import resource
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

import msgspec

from dragoman.errors import DragomanError
from dragoman.intake.bounded import Answer, Request
from dragoman.intake.extract import Extract, Hints

PARSERS: dict[str, str] = {
    "html": "dragoman.intake.html",
    "pdf": "dragoman.intake.pdf",
    "mail": "dragoman.intake.mail",
    "feed": "dragoman.intake.feed",
}
"""Parser name to the module whose ``extract(data, hints) -> list[Extract]`` does it."""

_HEADER = struct.Struct("<Q")
_DEPTH = 20_000  # Python frames; a deeper structure is refused rather than followed


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until the parent closes the pipe."""
    while header := source.read(_HEADER.size):
        (size,) = _HEADER.unpack(header)
        payload = source.read(size)
        answer = _answer(payload) if payload else b""
        sink.write(_HEADER.pack(len(answer)) + answer)
        sink.flush()


def _answer(payload: bytes) -> bytes:
    try:
        request = msgspec.msgpack.decode(payload, type=Request)
        extract = _parser(request.parser)
        return msgspec.msgpack.encode(Answer(tuple(extract(request.data, request.hints))))
    except DragomanError as error:
        return msgspec.msgpack.encode(Answer(error=str(error)))
    except MemoryError:
        return msgspec.msgpack.encode(Answer(error="the file asks for too much memory"))
    except RecursionError:
        return msgspec.msgpack.encode(Answer(error="the file is nested too deeply"))
    except Exception as error:  # whatever a parser throws at hostile input is this input's error
        kind = type(error).__name__
        return msgspec.msgpack.encode(Answer(error=f"the file is damaged or not of its kind ({kind})"))


def _parser(name: str) -> Callable[[bytes, Hints], list[Extract]]:
    module = importlib.import_module(PARSERS[name])
    extract: Callable[[bytes, Hints], list[Extract]] = module.extract
    return extract


def _limit_memory(allowance: int) -> None:
    with open("/proc/self/statm", encoding="ascii") as statm:
        mapped = int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (mapped + allowance, mapped + allowance))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Load the common parsers, take on the limits, then serve."""
    importlib.import_module(PARSERS["html"])
    _limit_memory(int(sys.argv[1]))
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not reach the answers
    serve(sys.stdin.buffer, sink)


if __name__ == "__main__":
    main()
