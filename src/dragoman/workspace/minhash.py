"""Signatures of texts: two texts that share most of their wording have signatures that agree in most places.

MinHash (Broder 1997) over shingles of five words, once over the whole text and once over its first 120 words, since
wire copy is cut from the end.
"""

from __future__ import annotations

import re
import zlib

import numpy as np
import numpy.typing as npt

SIZE = 64
"""Hash functions a signature; the standard error of a similarity of 0.5 is 0.06."""

LEAD = 120
"""Words of the beginning that have a signature of their own."""

_SHINGLE = 5
_WORD = re.compile(r"\w+")
_random = np.random.Generator(np.random.PCG64(20181120))
_FACTORS = _random.integers(0, 1 << 64, SIZE, dtype=np.uint64) | np.uint64(1)
_TERMS = _random.integers(0, 1 << 64, SIZE, dtype=np.uint64)


def signature(text: str) -> bytes:
    """The two signatures of a text: ``SIZE`` 32-bit values of the whole, then of the beginning."""
    words = np.fromiter(
        (zlib.crc32(w.encode("utf-8", "replace")) for w in _WORD.findall(text.lower())), dtype=np.uint64
    )
    return _least(words).tobytes() + _least(words[:LEAD]).tobytes()


def similarity(left: bytes, right: bytes) -> tuple[float, float]:
    """Estimated Jaccard similarity of the whole texts, and of their beginnings, each within 0..1."""
    same = np.frombuffer(left, dtype=np.uint32) == np.frombuffer(right, dtype=np.uint32)
    return float(same[:SIZE].mean()), float(same[SIZE:].mean())


def bands(minhash: bytes, rows: int = 4) -> list[bytes]:
    """Pieces of a signature; texts that share one are candidates for being alike (locality-sensitive hashing)."""
    step = 4 * rows
    return [bytes([k // step % 256]) + minhash[k : k + step] for k in range(0, len(minhash), step)]


def _least(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint32]:
    if len(words) == 0:
        return np.zeros(SIZE, dtype=np.uint32)
    width = min(_SHINGLE, len(words))
    shingles = np.zeros(len(words) - width + 1, dtype=np.uint64)
    for k in range(width):  # a polynomial of the words' hashes; overflow wraps, as it should
        shingles = shingles * np.uint64(1_000_003) + words[k : len(words) - width + 1 + k]
    shingles ^= shingles >> np.uint64(29)
    # Multiply-shift hashing (Dietzfelbinger et al. 1997): the upper half of a product modulo 2**64.
    hashed = (shingles[None, :] * _FACTORS[:, None] + _TERMS[:, None]) >> np.uint64(32)
    least: npt.NDArray[np.uint32] = hashed.min(axis=1).astype(np.uint32)
    return least
