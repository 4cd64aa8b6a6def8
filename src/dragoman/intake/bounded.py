"""Parsing of untrusted input in a child process with limits on time and memory.

The parent never parses. It sends bytes to a child over a pipe and decodes typed MessagePack that
comes back; a child that hangs, dies or grows past its limit is killed and replaced, and the input
that did it becomes a named error. One child serves many inputs, so that a batch pays its start once.
"""

from __future__ import annotations

import os
import queue
import selectors
import struct
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, TypeVar

import msgspec

from dragoman.errors import UnreadableInput
from dragoman.intake.extract import Extract, Hints

SECONDS = 10.0  # for one input
MEMORY = 1 << 30  # bytes of data the child may hold above what its libraries map
LARGEST_ANSWER = 256 << 20  # bytes
_HEADER = struct.Struct("<Q")
_CHUNK = 1 << 16

Key = TypeVar("Key")


class Parser(Protocol):
    """Parses untrusted input somewhere else."""

    def parse(self, parser: str, data: bytes, hints: Hints | None = None) -> tuple[Extract, ...]:
        """See ``BoundedParser.parse``."""
        ...


class Request(msgspec.Struct, frozen=True):
    """One input for the child: the parser's name in ``dragoman.intake.child.PARSERS``, bytes, hints."""

    parser: str
    data: bytes
    hints: Hints


class Answer(msgspec.Struct, frozen=True):
    """What the child found, or why it could not."""

    extracts: tuple[Extract, ...] = ()
    error: str | None = None


class BoundedParser:
    """A child process that parses one input at a time. Safe to share between threads; close it when done."""

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> BoundedParser:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def parse(self, parser: str, data: bytes, hints: Hints | None = None) -> tuple[Extract, ...]:
        """Parse ``data`` in the child.

        Args:
            parser: a name in ``dragoman.intake.child.PARSERS``.
            data: the input as it came.
            hints: what is known of it from outside.

        Returns:
            The texts found, in the input's order.

        Raises:
            UnreadableInput: when the parser refuses it, hangs, dies or asks for too much memory.
        """
        payload = msgspec.msgpack.encode(Request(parser, data, hints or Hints()))
        with self._lock:
            process = self._running()
            try:
                raw = _exchange(process, payload, time.monotonic() + self._seconds)
            except BaseException:
                self.close()
                raise
        try:
            answer = msgspec.msgpack.decode(raw, type=Answer)
        except msgspec.MsgspecError as error:
            raise UnreadableInput(f"the {parser} parser gave no valid answer ({error})") from error
        if answer.error is not None:
            raise UnreadableInput(answer.error)
        return answer.extracts

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.close()
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter and a module of ours)
                [sys.executable, "-I", "-m", "dragoman.intake.child", str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                start_new_session=True,
            )
            # The child says when its libraries are loaded; its start does not count against an input.
            _exchange(self._process, b"", time.monotonic() + 60)
        return self._process


class ParserPool:
    """Some bounded parsers that work at the same time, with answers in the order of what was asked.

    Args:
        size: how many children; each starts when it is first needed.
    """

    def __init__(self, size: int) -> None:
        self._parsers = [BoundedParser() for _ in range(max(1, size))]
        self._idle: queue.SimpleQueue[BoundedParser] = queue.SimpleQueue()
        for parser in self._parsers:
            self._idle.put(parser)
        self._threads = ThreadPoolExecutor(len(self._parsers), thread_name_prefix="parser")

    def __enter__(self) -> ParserPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the children; what was not answered yet is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for parser in self._parsers:
            parser.close()

    def parse(self, parser: str, data: bytes, hints: Hints | None = None) -> tuple[Extract, ...]:
        """As ``BoundedParser.parse``."""
        child = self._idle.get()
        try:
            return child.parse(parser, data, hints)
        finally:
            self._idle.put(child)

    def parse_ahead(
        self, asked: Iterable[tuple[Key, tuple[str, bytes, Hints] | None]]
    ) -> Iterator[tuple[Key, tuple[Extract, ...] | UnreadableInput | None]]:
        """Parse many inputs, a few ahead of what is taken.

        Args:
            asked: a key of the caller's with parser, bytes and hints; None instead asks nothing and keeps its place.

        Yields:
            Each key with its texts, or with the error in their place; None for what asked nothing.
        """
        flying: deque[tuple[Key, Future[tuple[Extract, ...]] | None]] = deque()
        for key, request in asked:
            flying.append((key, self._threads.submit(self.parse, *request) if request else None))
            if len(flying) > 2 * len(self._parsers):
                yield _landed(*flying.popleft())
        while flying:
            yield _landed(*flying.popleft())


def _landed(
    key: Key, future: Future[tuple[Extract, ...]] | None
) -> tuple[Key, tuple[Extract, ...] | UnreadableInput | None]:
    try:
        return key, None if future is None else future.result()
    except UnreadableInput as error:
        return key, error


def _exchange(process: subprocess.Popen[bytes], payload: bytes, deadline: float) -> bytes:
    if process.stdin is None or process.stdout is None:  # pragma: no cover - both are pipes
        raise UnreadableInput("the parser's process has no pipes")
    source, sink = process.stdout.fileno(), process.stdin.fileno()
    os.set_blocking(source, False)
    os.set_blocking(sink, False)
    outgoing = memoryview(_HEADER.pack(len(payload)) + payload)
    incoming = bytearray()
    wanted = _HEADER.size
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        selector.register(sink, selectors.EVENT_WRITE)
        while len(incoming) < wanted:
            left = deadline - time.monotonic()
            ready = selector.select(max(0.0, left))
            if not ready and left <= 0:
                raise UnreadableInput("the parser took too long; the file may be damaged or made to stall readers")
            for key, _ in ready:
                if key.fd == sink:
                    outgoing = _write_some(sink, outgoing)
                    if not outgoing:
                        selector.unregister(sink)
                    continue
                chunk = os.read(source, _CHUNK)
                if not chunk:
                    raise UnreadableInput(
                        "the parser ended without an answer; the file asks for too much or is damaged"
                    )
                incoming += chunk
                if wanted == _HEADER.size and len(incoming) >= _HEADER.size:
                    wanted += _HEADER.unpack_from(incoming)[0]
                    if wanted > LARGEST_ANSWER:
                        raise UnreadableInput("the parser's answer is too large")
    return bytes(incoming[_HEADER.size : wanted])


def _write_some(sink: int, outgoing: memoryview) -> memoryview:
    try:
        return outgoing[os.write(sink, outgoing[:_CHUNK]) :]
    except BlockingIOError:
        return outgoing
    except BrokenPipeError as error:
        raise UnreadableInput("the parser ended without an answer; the file asks for too much or is damaged") from error
