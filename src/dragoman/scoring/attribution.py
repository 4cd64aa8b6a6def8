"""The task ``attribution``: source, cue and content of what texts report, against annotated articles.

Gold is one article a line: ``{"text", "attributions": [{"source": [[start, end], ..], "cue": [..],
"content": [..]}]}`` with character offsets (the form of PolNeAR 1.0 as JSON lines).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from dragoman.formats.jsonl import read_lines
from dragoman.knowledge import load
from dragoman.reading.attribution_choice import overlap
from dragoman.reading.pipeline import read_documents
from dragoman.records import Claim, Coder, Document
from dragoman.version import __version__

Ranges = tuple[tuple[int, int], ...]
LEVELS = (0.3, 0.5, 0.8)


class Attribution(msgspec.Struct, frozen=True):
    """Character ranges of one attribution's parts; an absent part is empty."""

    source: Ranges
    content: Ranges
    cue: Ranges = ()


class Article(msgspec.Struct, frozen=True):
    """One row of gold."""

    text: str
    attributions: tuple[Attribution, ...]


def evaluate(path: Path, *, fast: bool = False, lexicon: Path | None = None) -> dict[str, float]:
    """Score the claims that the reader finds.

    Returns:
        ``content@t_precision``, ``_recall``, ``_f1`` and the same of ``relation@t`` for the overlaps t of 0.3, 0.5
        and 0.8: contents are matched one to one, best first, on shared characters (Jaccard); a relation needs
        the source to overlap as much too (or to be absent in both). ``gold`` and ``predicted`` count attributions.

    Raises:
        UnreadableInput: when the file is missing or not in the format.
    """
    articles = read_gold(path)
    documents = [
        Document(str(number), None, None, None, None, None, "en", a.text, "text/plain", Coder("dragoman", __version__))
        for number, a in enumerate(articles)
    ]
    found = read_documents(documents, load(lexicon), fast)
    predicted = [tuple(_attribution(c) for c in reading.claims if _attributed(c)) for reading in found]
    return figures([a.attributions for a in articles], predicted)


def read_gold(path: Path) -> list[Article]:
    """The articles of a gold file.

    Raises:
        UnreadableInput: when the file is missing or not in the format.
    """
    return read_lines(
        path, msgspec.json.Decoder(Article), "gold for the task 'attribution': each line holds text and attributions"
    )


def _attributed(claim: Claim) -> bool:
    """Whether a claim is an attribution: predictions taken out of longer claims, or the author's own, are none."""
    return claim.cue is not None or not claim.why.rule.startswith("prediction")


def _attribution(claim: Claim) -> Attribution:
    source = ((claim.source.start, claim.source.end),) if claim.source else ()
    return Attribution(source, tuple((part.start, part.end) for part in claim.parts))


def figures(gold: Sequence[Sequence[Attribution]], predicted: Sequence[Sequence[Attribution]]) -> dict[str, float]:
    """Precision, recall and F1 over all articles (micro-averaged), by overlap."""
    found = [pair for one, other in zip(gold, predicted, strict=True) for pair in matches(one, other)]
    counted, answered = sum(map(len, gold)), sum(map(len, predicted))
    result: dict[str, float] = {"gold": counted, "predicted": answered}
    for level in LEVELS:
        contents = sum(content >= level for content, _ in found)
        relations = sum(content >= level and source >= level for content, source in found)
        for name, hits in (("content", contents), ("relation", relations)):
            result[f"{name}@{level}_precision"] = hits / max(1, answered)
            result[f"{name}@{level}_recall"] = hits / max(1, counted)
            result[f"{name}@{level}_f1"] = 2 * hits / max(1, answered + counted)
    return result


def matches(gold: Sequence[Attribution], predicted: Sequence[Attribution]) -> Iterator[tuple[float, float]]:
    """Match contents one to one, best first.

    Yields:
        Overlap (0 to 1) of the contents and of the sources of each pair.
    """
    pairs = sorted(
        (
            (share, i, j)
            for i, one in enumerate(gold)
            for j, other in enumerate(predicted)
            if one.content and other.content and (share := overlap(one.content, other.content)) > 0
        ),
        reverse=True,
    )
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    for share, i, j in pairs:
        if i not in used_gold and j not in used_predicted:
            used_gold.add(i)
            used_predicted.add(j)
            yield share, overlap(gold[i].source, predicted[j].source)
