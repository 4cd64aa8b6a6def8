"""Copies in a stream of texts: the same word for word, and wire copy cut short, headed anew or lightly changed.

Everything that is remembered lies in arrays of fixed size, made at the beginning, so that a stream of any length takes
what a short one takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dragoman.records import Document
from dragoman.workspace.minhash import SIZE, signature
from dragoman.workspace.stories import alike

_REMEMBERED = 50_000
"""Texts whose signatures are kept, 45 MB in all; copies of a crawl lie close together."""

_ROWS = 4  # values of a band: texts that share one band of their signatures are compared (locality-sensitive hashing)
_BANDS = 2 * SIZE // _ROWS
_BUCKETS = 1 << 16  # of each band, about one a text
_TRIED = 4  # texts that a bucket holds, the latest
_FACTORS = np.random.Generator(np.random.PCG64(20181122)).integers(0, 1 << 64, _ROWS, dtype=np.uint64) | np.uint64(1)


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


class Repeats:
    """Which texts were there before word for word: of about a million, the latest; nearly all of the latest 400,000."""

    def __init__(self) -> None:
        self._keys = np.full((1 << 16, 16), 0, np.uint64)

    def add(self, document: Document) -> bool:
        """Remember a text; whether it is remembered already."""
        key = np.uint64(int(document.id[:16], 16))
        bucket = self._keys[int(document.id[16:20], 16)]
        if (bucket == key).any():
            return True
        bucket[1:] = bucket[:-1].copy()
        bucket[0] = key
        return False


class NearCopies:
    """What was seen so far; what is given depends on the order of the texts alone.

    Args:
        remembered: how many texts.
    """

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._count = 0
        # Filled, not only reserved, so that the memory is taken at once. A text's place is its number modulo the size.
        self._signatures = np.full((remembered, 2 * SIZE), 0, np.uint32)
        self._documents = np.full((remembered, 32), 0, np.uint8)
        self._stories = np.full(remembered, b" ", "S14")  # "" without copies
        self._buckets = np.full((_BANDS, _BUCKETS, _TRIED), remembered, np.min_scalar_type(remembered))

    def add(self, document: Document) -> list[Copy]:
        """Remember a text.

        Returns:
            Its place among the near-copies, and that of the text that it copies where this is the first copy of it;
            nothing when it is like no text that is remembered.
        """
        minhash = signature(document.text)
        values = np.frombuffer(minhash, np.uint32)
        buckets = _buckets(values)
        original, why = self._nearest(minhash, values, buckets)
        found = []
        story = ""
        if original is not None:
            story = self._stories[original].decode("ascii")
            if not story:
                first = self._documents[original].tobytes().hex()
                story = f"d.{first[:12]}"
                self._stories[original] = story
                found.append(Copy(first, story, "the first of its copies"))
            found.append(Copy(document.id, story, why))
        self._remember(document, story, values, buckets)
        return found

    def _nearest(
        self, minhash: bytes, values: npt.NDArray[np.uint32], buckets: npt.NDArray[np.int64]
    ) -> tuple[int | None, str]:
        """The place of the text that is most alike, the latest of several, and what is alike."""
        places = np.unique(self._buckets[np.arange(_BANDS), buckets])
        places = places[places < self._remembered]
        if not len(places):
            return None, ""
        same = self._signatures[places] == values
        ages = (self._count - 1 - places.astype(np.int64)) % self._remembered
        for k in np.lexsort((ages, -same.sum(axis=1)))[:_TRIED]:
            why = alike(self._signatures[places[k]].tobytes(), minhash)
            if why:
                return int(places[k]), why
        return None, ""

    def _remember(
        self, document: Document, story: str, values: npt.NDArray[np.uint32], buckets: npt.NDArray[np.int64]
    ) -> None:
        place = self._count % self._remembered
        self._signatures[place] = values
        self._documents[place] = np.frombuffer(bytes.fromhex(document.id), np.uint8)
        self._stories[place] = story
        # A place that was given to a later text stays in the buckets of the earlier one, and costs a comparison.
        held = self._buckets[np.arange(_BANDS), buckets]
        self._buckets[np.arange(_BANDS), buckets] = np.concatenate(
            [np.full((_BANDS, 1), place, held.dtype), held[:, : _TRIED - 1]], axis=1
        )
        self._count += 1


def _buckets(values: npt.NDArray[np.uint32]) -> npt.NDArray[np.int64]:
    """The bucket of each band of a signature."""
    mixed = (values.reshape(_BANDS, _ROWS).astype(np.uint64) * _FACTORS).sum(axis=1)
    found: npt.NDArray[np.int64] = (mixed >> np.uint64(48)).astype(np.int64)
    return found
