"""Near-copies in a stream of texts: wire copy cut short, headed anew or lightly changed, found in bounded memory."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from dragoman.records import Document
from dragoman.workspace.minhash import bands, signature
from dragoman.workspace.stories import alike

_REMEMBERED = 50_000
"""Texts whose signatures are kept, about 250 MB; copies of a crawl lie close together."""

_TRIED = 4  # texts of one band that are compared, the latest first


@dataclass(frozen=True)
class Copy:
    """A document that is one of a group of near-copies.

    Attributes:
        document: its id.
        story: the group, named after the first text of it in the source.
        why: what is alike.
    """

    document: str
    story: str
    why: str


@dataclass
class _Text:
    document: str
    minhash: bytes
    story: str | None = None


class NearCopies:
    """What was seen so far; what is given depends on the order of the texts alone."""

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._texts: OrderedDict[int, _Text] = OrderedDict()
        self._bands: dict[int, list[int]] = {}
        self._count = 0

    def add(self, document: Document) -> list[Copy]:
        """Remember a text.

        Returns:
            Its place among the near-copies, and that of the text that it copies where this is the first copy of it;
            nothing when it is like no text that is remembered.
        """
        text = _Text(document.id, signature(document.text))
        keys = [hash(band) for band in bands(text.minhash)]
        original, why = self._nearest(text, keys)
        self._remember(text, keys)
        if original is None:
            return []
        found = []
        if original.story is None:
            original.story = f"d.{original.document[:12]}"
            found.append(Copy(original.document, original.story, "the first of its copies"))
        text.story = original.story
        return [*found, Copy(text.document, text.story, why)]

    def _nearest(self, text: _Text, keys: list[int]) -> tuple[_Text | None, str]:
        tried = set()
        for key in keys:
            for number in reversed(self._bands.get(key, [])[-_TRIED:]):
                if number not in tried:
                    tried.add(number)
                    why = alike(self._texts[number].minhash, text.minhash)
                    if why:
                        return self._texts[number], why
        return None, ""

    def _remember(self, text: _Text, keys: list[int]) -> None:
        self._texts[self._count] = text
        for key in keys:
            self._bands.setdefault(key, []).append(self._count)
        self._count += 1
        if len(self._texts) > self._remembered:
            number, gone = self._texts.popitem(last=False)
            for band in bands(gone.minhash):
                rest = self._bands[hash(band)]
                rest.remove(number)
                if not rest:
                    del self._bands[hash(band)]
