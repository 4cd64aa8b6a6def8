"""Files that a command writes: whole, or not there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dragoman.errors import OutputError


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write into; it is made beside its place and renamed, so that no half-written one is left behind.

    Raises:
        OutputError: it cannot be written.
    """
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as sink:
            yield sink
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        with contextlib.suppress(OSError):  # it is gone when all went well
            beside.unlink()


def write_whole(path: Path, data: bytes | str) -> None:
    """Write bytes, or a text as UTF-8.

    Raises:
        OutputError: they cannot be written.
    """
    with whole_file(path) as sink:
        sink.write(data.encode("utf-8") if isinstance(data, str) else data)
