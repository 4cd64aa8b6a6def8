"""ZIP archives: their members one by one, and nothing that an archive can do to its reader."""

from __future__ import annotations

import io
import itertools
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING

from dragoman.errors import UnreadableInput

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

LARGEST_UNPACKED = 1 << 30  # bytes of all members
HIGHEST_RATIO = 100  # of unpacked to packed bytes
DEEPEST = 3  # archives within archives
MOST_MEMBERS = 100_000
_SMALL = 1 << 20  # bytes; a ratio says nothing below
# All that the standard library raises for archives that are no archives, damaged, encrypted or of a newer kind.
_DAMAGE = (
    zipfile.BadZipFile,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    zlib.error,
    struct.error,
)


class Allowance:
    """How much an archive and all archives within it may still unpack to."""

    def __init__(self, size: int = LARGEST_UNPACKED) -> None:
        self._left = size

    def spend(self, size: int) -> None:
        """Take off what was unpacked.

        Raises:
            UnreadableInput: nothing is left.
        """
        self._left -= size
        if self._left < 0:
            raise UnreadableInput(f"the archive unpacks to more than {LARGEST_UNPACKED >> 30} GB")


class _Member(io.RawIOBase):
    """A member that is read within an allowance; damage and a false length end it in a named error."""

    def __init__(self, packed: IO[bytes], size: int, allowance: Allowance) -> None:
        self._packed = packed
        self._left = size
        self._allowance = allowance

    def readable(self) -> bool:
        """As every file that is read."""
        return True

    def readinto(self, into: WriteableBuffer) -> int:
        """As ``RawIOBase.readinto``."""
        view = memoryview(into).cast("B")
        try:
            chunk = self._packed.read(len(view))
        except _DAMAGE as error:
            raise UnreadableInput(f"the member is damaged ({str(error)[:80]})") from error
        self._left -= len(chunk)
        if not chunk and self._left:
            raise UnreadableInput("the member is damaged: the archive states a false length for it")
        self._allowance.spend(len(chunk))
        view[: len(chunk)] = chunk
        return len(chunk)


def members(
    source: Path | IO[bytes], allowance: Allowance
) -> Iterator[tuple[str, io.BufferedReader | UnreadableInput, int]]:
    """The members of an archive.

    Args:
        source: the archive.
        allowance: what it and those around it may unpack to.

    Yields:
        Name, open file (never more than is stated comes out of it) or what is wrong with the member, stated size.

    Raises:
        UnreadableInput: the archive is damaged or made to harm.
    """
    try:
        archive = zipfile.ZipFile(source)
    except _DAMAGE as error:
        raise UnreadableInput(f"the archive is damaged ({str(error)[:80]})") from error
    with archive:
        entries = archive.infolist()
        require_harmless(entries)
        for entry in entries:
            if entry.is_dir() or PurePosixPath(entry.filename).name.startswith("."):
                continue
            # Other ways of packing are unpacked whole by the standard library, whatever length is stated.
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                yield entry.filename, UnreadableInput("the member is packed in a way that is not read"), 0
                continue
            try:
                packed = archive.open(entry)
            except _DAMAGE as error:
                yield entry.filename, UnreadableInput(f"the member is damaged ({str(error)[:80]})"), 0
                continue
            with packed:
                yield entry.filename, io.BufferedReader(_Member(packed, entry.file_size, allowance)), entry.file_size


def require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what its directory says.

    Raises:
        UnreadableInput: too many or too large members, links, paths that lead out, members that share bytes.
    """
    if len(entries) > MOST_MEMBERS:
        raise UnreadableInput(f"the archive has more than {MOST_MEMBERS:,} members")
    packed, unpacked = (sum(sizes) for sizes in ([e.compress_size for e in entries], [e.file_size for e in entries]))
    if unpacked > _SMALL and unpacked > HIGHEST_RATIO * max(1, packed):
        raise UnreadableInput("the archive unpacks to far more than it holds; it may be made to fill the memory")
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableInput(f"the archive unpacks to more than {LARGEST_UNPACKED >> 30} GB")
    for entry in entries:
        name = entry.orig_filename
        path = PurePosixPath(name.replace("\\", "/"))
        if "\x00" in name or path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
            raise UnreadableInput("the archive holds a name that leads out of it")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableInput("the archive holds a link")
    placed = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    if any(end > begin for (_, end), (begin, _) in itertools.pairwise(placed)):
        raise UnreadableInput("members of the archive share their bytes; it is made to fill the memory")
