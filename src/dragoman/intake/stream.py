"""Everything that a source holds, one by one: each part a document or a named failure; none costs the others."""

from __future__ import annotations

import dataclasses
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from msgspec.structs import replace

from dragoman.errors import IntakeError, UnreadableInput
from dragoman.intake import archive, feed, rows, warc
from dragoman.intake.bounded import ParserPool
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract, Hints
from dragoman.intake.fetch import is_public
from dragoman.intake.politeness import Politeness
from dragoman.intake.sources import extract_all, is_address, kind_of, parse_bytes, read_file
from dragoman.records import Document

LARGEST_MEMBER = 64 << 20  # bytes
_NO_PAGE = "no page:"
_UNPACKED = re.compile(r"\.(?:zip|wacz|(?:jsonl|ndjson|csv|tsv)(?:\.gz)?)$")


@dataclass(frozen=True)
class Found:
    """A document of a source, or what failed in its place.

    Attributes:
        document: None when it failed.
        locator: where in the source it is (a row, a record, a member); None for the whole.
        error: name of the error's class.
        message: one line.
        passed_over: nothing failed, it is no text: a picture, a redirect, a page that was not there, a bare headline.
    """

    document: Document | None
    locator: str | None = None
    error: str = ""
    message: str = ""
    passed_over: bool = False


@dataclass(frozen=True)
class Intake:
    """How sources are taken in.

    Attributes:
        parser: the child processes for untrusted formats.
        published: publication date (ISO) of what states none.
        fetch: whether addresses that a list of feeds names are fetched.
        permit: decides which IP addresses may be connected to.
        politeness: what each host allows, kept for the run.
    """

    parser: ParserPool
    published: str | None = None
    fetch: bool = False
    permit: Callable[[str], bool] = is_public
    politeness: Politeness | None = None

    def found_in(self, source: Path | str) -> Iterator[Found]:
        """Everything that a file or an address holds, in its order. Never raises for what the source holds."""
        try:
            if isinstance(source, str) and is_address(source):
                yield from self._made(
                    extract_all(source, parser=self.parser, permit=self.permit, politeness=self.politeness), None
                )
            else:
                yield from self._file(Path(source))
        except IntakeError as error:
            yield failure(error, None, str(source))

    def _file(self, path: Path) -> Iterator[Found]:
        kind = container_of(path.name)
        if kind == "rows":
            yield from self._rows(rows.json_rows(path))
        elif kind == "table":
            yield from self._rows(rows.table_rows(path, "\t" if ".tsv" in path.name.lower() else None))
        elif kind == "warc":
            with path.open("rb") as crawl:
                yield from self._pages(crawl, None)
        elif kind == "archive":
            yield from self._members(path, None, 1, archive.Allowance())
        elif kind == "feeds":
            yield from self._feeds(feed.addresses(read_file(path)))
        else:
            data = read_file(path)
            yield from self._made(parse_bytes(data, kind_of(path.name, data), Hints(name=path.name), self.parser), None)

    def _fetched(self, address: str) -> list[Extract]:
        return extract_all(address, parser=self.parser, permit=self.permit, politeness=self.politeness)

    def _made(self, extracts: Iterable[Extract], within: str | None) -> Iterator[Found]:
        for extract in extracts:
            where = " > ".join(filter(None, (within, extract.name))) or None
            yield self._document(extract, where)

    def _document(self, extract: Extract, where: str | None) -> Found:
        if extract.error is not None:
            return failure(UnreadableInput(extract.error), where, None)
        published = None if extract.published else self.published
        try:
            return Found(make_document(extract, published), where)
        except IntakeError as error:
            return failure(error, where, None, passed_over=extract.name is not None and not extract.text.strip())

    def _rows(self, found: Iterator[tuple[str, Extract | IntakeError]]) -> Iterator[Found]:
        for where, row in found:
            yield failure(row, where, None) if isinstance(row, IntakeError) else self._document(row, where)

    def _pages(self, crawl: IO[bytes], within: str | None) -> Iterator[Found]:
        try:
            for page, parsed in self.parser.parse_ahead(_asked(warc.pages(crawl))):
                where = " > ".join(filter(None, (within, f"record {page.number}")))
                if page.error is not None:
                    passed_over = page.error.startswith(_NO_PAGE)
                    yield failure(UnreadableInput(page.error), where, page.url, passed_over=passed_over)
                elif isinstance(parsed, IntakeError):
                    yield failure(parsed, where, page.url)
                else:
                    yield from self._made(self._dated(parsed or (), page.date), where)
        except IntakeError as error:
            yield failure(error, within, None)

    def _dated(self, extracts: Iterable[Extract], crawled: str | None) -> Iterator[Extract]:
        # A page that does not say when it appeared was there when it was crawled: no better bound is known.
        for extract in extracts:
            yield extract if extract.published or self.published else replace(extract, published=crawled)

    def _members(
        self, source: Path | IO[bytes], within: str | None, depth: int, allowance: archive.Allowance
    ) -> Iterator[Found]:
        if depth > archive.DEEPEST:
            yield failure(UnreadableInput(f"archives are opened {archive.DEEPEST} deep, no deeper"), within, None)
            return
        try:
            for name, member, size in archive.members(source, allowance):
                where = " > ".join(filter(None, (within, name)))
                try:
                    if isinstance(member, UnreadableInput):
                        raise member
                    yield from self._member(name, member, size, where, depth, allowance)
                except IntakeError as error:
                    yield failure(error, where, None)
        except IntakeError as error:
            yield failure(error, within, None)

    def _member(
        self, name: str, member: IO[bytes], size: int, where: str, depth: int, allowance: archive.Allowance
    ) -> Iterator[Found]:
        kind = container_of(name)
        if kind == "warc":
            yield from self._pages(member, where)
            return
        if kind in ("rows", "table") or (kind == "archive" and size > LARGEST_MEMBER):
            yield from self._unpacked(name, member, where, depth, allowance)
            return
        if size > LARGEST_MEMBER:
            raise UnreadableInput(f"the member is larger than {LARGEST_MEMBER >> 20} MB")
        data = member.read()
        if kind == "archive":
            yield from self._members(io.BytesIO(data), where, depth + 1, allowance)
        elif kind == "feeds":
            yield from self._feeds(feed.addresses(data))
        else:
            yield from self._made(parse_bytes(data, kind_of(name, data), Hints(name=name), self.parser), where)

    def _unpacked(
        self, name: str, member: IO[bytes], where: str, depth: int, allowance: archive.Allowance
    ) -> Iterator[Found]:
        """A large member by way of a temporary file."""
        ending = _UNPACKED.search(name.lower())
        with tempfile.TemporaryDirectory(prefix="dragoman-") as folder:
            target = Path(folder) / f"member{ending[0] if ending else ''}"
            with target.open("wb") as sink:
                while chunk := member.read(1 << 20):
                    sink.write(chunk)
            if container_of(name) == "archive":
                yield from self._members(target, where, depth + 1, allowance)
                return
            for found in self._file(target):
                yield dataclasses.replace(found, locator=f"{where} > {found.locator}" if found.locator else where)

    def _feeds(self, addresses: list[str]) -> Iterator[Found]:
        if not addresses:
            raise UnreadableInput("the list names no feed")
        for address in addresses:
            if not self.fetch:
                yield Found(None, address, "FetchRefused", f"{address}: was not fetched; ask for it with --fetch")
                continue
            try:
                yield from self._made(
                    extract_all(address, parser=self.parser, permit=self.permit, politeness=self.politeness), address
                )
            except IntakeError as error:
                yield failure(error, address, None)


def container_of(name: str) -> str | None:
    """What kind of many texts a file is by its name; None for a file of one."""
    lower = name.lower()
    bare = lower.removesuffix(".gz")
    kinds = {
        "rows": (".jsonl", ".ndjson"), "table": (".csv", ".tsv"), "warc": (".warc",),
    }  # fmt: skip
    found = next((kind for kind, endings in kinds.items() if bare.endswith(endings)), None)
    if found:
        return found
    if lower.endswith((".zip", ".wacz")):
        return "archive"
    return "feeds" if lower.endswith(".opml") else None


def _asked(pages: Iterable[warc.Page]) -> Iterator[tuple[warc.Page, tuple[str, bytes, Hints] | None]]:
    for page in pages:
        request = None if page.error else ("html", page.body, Hints(url=page.url, charset=page.charset))
        # the body is not needed again, and many pages wait at a time
        yield replace(page, body=b""), request


def failure(error: IntakeError, where: str | None, source: str | None, *, passed_over: bool = False) -> Found:
    """What failed, named."""
    message = str(error)
    if source and not message.startswith(source):
        message = f"{source}: {message}"
    return Found(None, where, type(error).__name__, message, passed_over)
