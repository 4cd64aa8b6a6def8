"""The bytes of a delimited file: unpacked, and UTF-8 whatever stands in the file."""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dragoman.errors import UnreadableInput

_LOOKED_AT = 4096  # bytes; a zero among them is in no table
_BROAD = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # UTF-32 begins like the first
_CONTROLS = bytes([*range(9), 11, 12, *range(14, 32), 127])
_NO_TEXT = re.compile("[\udc80-\udcff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NEVER = "\ufdd0"  # Unicode promises that it is never a character
REPLACED = "\ufffd" + _NEVER
"""Stands for a byte that is no text; so it differs from a replacement character that stood in the file before."""

_DAMAGE = (pa.ArrowException, OSError, EOFError, zipfile.BadZipFile, zlib.error, csv.Error,
           NotImplementedError, RuntimeError)  # fmt: skip
"""What reading and unpacking raise; the last two come of archives that are encrypted or packed in another way."""


@contextlib.contextmanager
def one_line_of_damage(path: Path) -> Iterator[None]:
    """Turn what reading, unpacking and parsing raise into an error for users.

    Raises:
        UnreadableInput: the file is damaged or no such table.
    """
    try:
        yield
    except _DAMAGE as error:
        reason = " ".join(str(error).split())[:200].replace(REPLACED, "\ufffd")
        raise UnreadableInput(f"{path}: cannot be read as a table of events ({reason})") from error


class TableStream:
    """A file as a stream of UTF-8, unpacked where its name ends in .gz or .zip (an archive of one member).

    Bytes that are not UTF-8 and control characters become ``REPLACED`` before anything else sees them, so a row that is
    wrong in two ways is no worse than one that is wrong in one.

    Attributes:
        replaced: whether anything was replaced so far.

    Raises:
        UnreadableInput: there is no such file.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise UnreadableInput(f"{path}: there is no such file; name a file of events")
        self.replaced = False
        self._path = path
        self._begun = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def opened(self) -> Any:
        """The bytes, as Arrow reads them; to be asked for once.

        Raises:
            UnreadableInput: its archive holds several files; while it is read: it is no text.
        """
        return pa.TransformInputStream(_unpacked(self._path), self._as_text)

    def restored(self, values: Any) -> Any:
        """Texts with what was replaced as plain replacement characters, and where that is so (None: nowhere)."""
        if not self.replaced:
            return values, None
        there = pc.match_substring(values, REPLACED)
        if not pc.any(there).as_py():
            return values, None
        return pc.replace_substring(values, REPLACED, "\ufffd"), there

    def _as_text(self, buffer: Any) -> bytes:
        data = buffer.to_pybytes()
        if not self._begun:
            self._begun = True
            self._refuse_what_is_no_table(data[:_LOOKED_AT])
        plain = data.isascii() and len(data.translate(None, _CONTROLS)) == len(data)
        if plain and data and not self._decoder.getstate()[0]:
            return bytes(data)
        text, times = _NO_TEXT.subn(REPLACED, self._decoder.decode(data, final=not data))
        self.replaced = self.replaced or times > 0
        return text.encode("utf-8")

    def _refuse_what_is_no_table(self, first: bytes) -> None:
        if first.startswith(_BROAD):
            raise UnreadableInput(f"{self._path}: this is UTF-16 or UTF-32; save it as UTF-8, then import it")
        if b"\x00" in first:
            raise UnreadableInput(f"{self._path}: this is a binary file, not a table of events")


def _unpacked(path: Path) -> Any:
    ending = path.suffix.lower()
    if ending == ".zip":
        archive = zipfile.ZipFile(path)
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1:
            raise UnreadableInput(f"{path}: holds {len(members)} files; unpack it and name one of them")
        return pa.PythonFile(archive.open(members[0]), mode="r")
    return pa.input_stream(str(path), compression="gzip" if ending == ".gz" else None)
