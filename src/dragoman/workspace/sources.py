"""What the user names becomes sources, each with the documents found in it and with what failed in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dragoman.intake.bounded import ParserPool
from dragoman.intake.politeness import Politeness
from dragoman.intake.sources import is_address
from dragoman.intake.stream import Found, Intake
from dragoman.records import Document

SETTINGS = "dragoman.toml"
"""The file that marks a folder as a workspace."""


@dataclass(frozen=True)
class Source:
    """A file, an address, or a document given as it is."""

    name: str
    size: int | None
    modified: int | None  # nanoseconds since 1970
    given: Path | str | Document
    intake: Intake

    def documents(self) -> Iterator[Found]:
        """What is in it, in its order; an error of one part costs the others nothing."""
        if isinstance(self.given, Document):
            yield Found(self.given)
        else:
            yield from self.intake.found_in(self.given)


def open_sources(
    given: Iterable[str | Path | Document], *, published: str | None, fetch: bool, parsers: int = 1
) -> Iterator[Source]:
    """The sources of what the user named, folders opened, in order; ``parsers`` work on the pages of a crawl."""
    with ParserPool(parsers) as parser:
        intake = Intake(parser, published, fetch, politeness=Politeness())
        for one in given:
            if isinstance(one, Document):
                yield Source(one.url or f"document {one.id[:12]}", None, None, one, intake)
            elif isinstance(one, str) and is_address(one):
                yield Source(one, None, None, one, intake)
            else:
                for path in _files(Path(one)):
                    yield _file(path, intake)


def count_sources(given: Sequence[str | Path | Document]) -> int:
    """How many sources there are, the files of folders counted."""
    whole = [isinstance(one, Document) or (isinstance(one, str) and is_address(one)) for one in given]
    folders = [
        Path(one) for one, single in zip(given, whole, strict=True) if not single and not isinstance(one, Document)
    ]
    return sum(whole) + sum(1 for path in folders for _ in _files(path))


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    if (path / SETTINGS).exists():  # a workspace is no source, its own folder least of all
        return
    try:
        inside = sorted(path.iterdir())
    except OSError:
        yield path  # reading it says what is the matter
        return
    for below in inside:
        # neither pipes, which never end, nor folders linked into themselves
        if not below.name.startswith(".") and (below.is_file() or (below.is_dir() and not below.is_symlink())):
            yield from _files(below)


def _file(path: Path, intake: Intake) -> Source:
    try:
        state = path.stat()
    except OSError:
        return Source(str(path), None, None, path, intake)
    return Source(str(path.resolve()), state.st_size, state.st_mtime_ns, path, intake)
