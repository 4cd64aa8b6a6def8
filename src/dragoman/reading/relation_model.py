"""The trained relation classifier: which of 15 PLOVER classes holds between two marked actors.

Fine-tuned MiniLM, int8 ONNX (card: ``models/relation.md``). It decides between types; it is never the only reason for a
record.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dragoman.reading.model import trained_part
from dragoman.reading.onnx_session import session_of
from dragoman.records import EventType

CLASSES = ("AGREE", "CONSULT", "SUPPORT", "YIELD", "COOPERATE", "AID", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
           "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT")  # fmt: skip
"""The classes in the model's order."""
YIELD: tuple[EventType, EventType] = ("RETREAT", "CONCEDE")
"""The types that are one class, YIELD."""

MODEL = "relation-minilm-int8"
_SOURCE, _TARGET, _SOURCE_END, _TARGET_END = "[unused1]", "[unused2]", "[unused3]", "[unused4]"
_LONGEST = 112  # word pieces; a longer sentence is cut around its marks
_BATCH = 16
_CONTEXT = 420  # characters kept on either side of the marks

Span = tuple[int, int]


def classify(items: Sequence[tuple[str, Span | None, Span | None]]) -> list[dict[str, float]]:
    """Class probabilities of marked sentences.

    Args:
        items: text, source span and target span (code points); a span may be missing.

    Returns:
        For each item, the probability of each of ``CLASSES``; they sum to 1.
    """
    session, tokenizer = _loaded()
    found: list[dict[str, float]] = [{} for _ in items]
    order = sorted(range(len(items)), key=lambda i: len(items[i][0]))
    for start in range(0, len(order), _BATCH):
        group = order[start : start + _BATCH]
        probabilities = _run(session, tokenizer, [_marked(*items[i]) for i in group])
        for i, row in zip(group, probabilities, strict=True):
            found[i] = {name: float(p) for name, p in zip(CLASSES, row, strict=True)}
    return found


@functools.cache
def _loaded() -> tuple[Any, Any]:
    from tokenizers import Tokenizer

    session = session_of(trained_part("relation", "relation.onnx"))
    tokenizer = Tokenizer.from_str(trained_part("relation", "relation.tokenizer.json").decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(_LONGEST)
    return session, tokenizer


def _run(session: Any, tokenizer: Any, texts: Sequence[str]) -> NDArray[np.float64]:
    coded = [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]
    width = max(map(len, coded))
    ids = np.zeros((len(coded), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    at = np.zeros((len(coded), 2), dtype=np.int64)
    marks = [tokenizer.token_to_id(mark) for mark in (_SOURCE, _TARGET)]
    for row, pieces in enumerate(coded):
        ids[row, : len(pieces)] = pieces
        mask[row, : len(pieces)] = 1
        at[row] = [pieces.index(mark) if mark in pieces else 0 for mark in marks]
    logits = session.run(None, {"ids": ids, "mask": mask, "at": at})[0].astype(np.float64)
    exponents = np.exp(logits - logits.max(-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(-1, keepdims=True))


def _marked(text: str, source: Span | None, target: Span | None) -> str:
    marks: list[tuple[int, int, str]] = []
    for span, opening, closing in ((source, _SOURCE, _SOURCE_END), (target, _TARGET, _TARGET_END)):
        if span is not None:
            marks += [(span[0], 1, f" {opening} "), (span[1], 0, f" {closing} ")]
    for position, _, mark in sorted(marks, reverse=True):
        text = text[:position] + mark + text[position:]
    positions = [text.index(mark) for mark in (_SOURCE, _TARGET) if mark in text]
    if len(text) > 2 * _CONTEXT and positions:
        text = text[max(0, min(positions) - _CONTEXT // 2) : max(positions) + _CONTEXT]
    return text
