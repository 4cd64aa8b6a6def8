"""ZIP archives: their members one by one, and nothing that an archive can do to its reader."""

from __future__ import annotations

import itertools
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from dragoman.errors import UnreadableInput

LARGEST_UNPACKED = 1 << 30  # bytes of all members
HIGHEST_RATIO = 100  # of unpacked to packed bytes
DEEPEST = 3  # archives within archives
MOST_MEMBERS = 100_000
_SMALL = 1 << 20  # bytes; a ratio says nothing below


def members(source: Path | IO[bytes]) -> Iterator[tuple[str, IO[bytes], int]]:
    """The members of an archive.

    Yields:
        Name, open file, and the size that the archive states (never more is handed out by the file).

    Raises:
        UnreadableInput: the archive is damaged or made to harm; what was yielded before is sound.
    """
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UnreadableInput(f"the archive is damaged ({str(error)[:80]})") from error
    with archive:
        entries = archive.infolist()
        require_harmless(entries)
        for entry in entries:
            if entry.is_dir() or PurePosixPath(entry.filename).name.startswith("."):
                continue
            try:
                with archive.open(entry) as member:
                    yield entry.filename, member, entry.file_size
            except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
                raise UnreadableInput(f"{entry.filename}: the member is damaged ({str(error)[:80]})") from error


def require_harmless(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what its directory says.

    Raises:
        UnreadableInput: too many or too large members, links, paths that lead out, members that share bytes.
    """
    if len(entries) > MOST_MEMBERS:
        raise UnreadableInput(f"the archive has more than {MOST_MEMBERS:,} members")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > LARGEST_UNPACKED:
        raise UnreadableInput(f"the archive unpacks to more than {LARGEST_UNPACKED >> 30} GB")
    for entry in entries:
        name = entry.orig_filename
        path = PurePosixPath(name.replace("\\", "/"))
        if "\x00" in name or path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
            raise UnreadableInput("the archive holds a name that leads out of it")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise UnreadableInput("the archive holds a link")
        if entry.file_size > _SMALL and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
            raise UnreadableInput("the archive unpacks to far more than it holds; it may be made to fill the memory")
    placed = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    if any(end > begin for (_, end), (begin, _) in itertools.pairwise(placed)):
        raise UnreadableInput("members of the archive share their bytes; it is made to fill the memory")
