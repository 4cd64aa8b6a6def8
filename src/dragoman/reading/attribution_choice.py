"""Which candidate attributions stand: by a small trained ranking, or by the lexicon alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_features import cues_of, described, frame_keys_of, takes, word_keys_of, words_of
from dragoman.reading.attribution_forest import Numbers
from dragoman.reading.attribution_ranking import combined, ranking
from dragoman.reading.attribution_text import Text

Range = tuple[int, int]

_SAME = 0.35  # share of common characters from which two contents are one
_CROWDING = 0.2  # taken off a score for content that stands in another's already
_HOPELESS_WORD = 0.025  # chance below which a word is not looked at; it loses 1 in 4,000 of what stands
_HOPELESS = 0.05  # chance below which no candidate of a cue is looked at further

_FRAME_ORDER = {
    "quote_run": 0.95, "quote_both": 0.94, "quote_before": 0.93, "quote_below": 0.92, "clauses": 0.91,
    "according": 0.9, "ccomp": 0.88, "quote_after": 0.87, "inserted": 0.86, "according_sentence": 0.8, "noun_be": 0.8,
    "colon": 0.75, "rest": 0.74, "xcomp": 0.72, "noun_acl": 0.7, "adjective_ccomp": 0.7, "dobj": 0.68,
}  # fmt: skip

_LEFT_TO_RANKING = frozenset(("clauses", "inserted", "advcl", "to_end", "noun_be", "described"))
"""Frames that are right too seldom for the lexicon alone to tell."""
_TOLD = ("ccomp", "passive")
"""A frame and owner that need no source: "it is reported that"."""


def mean_by(groups: NDArray[np.int64], values: Numbers) -> Numbers:
    """Each value replaced by the mean of its group."""
    _, numbers = np.unique(groups, return_inverse=True)
    return np.asarray((np.bincount(numbers, values) / np.bincount(numbers))[numbers])


def ranked(text: Text, candidates: Sequence[Candidate], cues: CueLexicon) -> tuple[Numbers, float]:
    """The trained score of each candidate and the score from which one stands."""
    trained = ranking()
    scores = np.zeros(len(candidates))
    places, keys, numbers = described(text, candidates, cues, _looked_at(text, candidates, cues))
    if not places:
        return scores, trained.threshold
    described_ones = [candidates[place] for place in places]
    words = trained.words.of(words_of(text, described_ones))
    inputs = np.hstack([trained.rates.of(keys), np.array(numbers, dtype=np.float64), words])
    inputs = inputs.astype(np.float32).astype(np.float64)
    joint = trained.joint(inputs)
    triggers = np.array([c.trigger for c in described_ones])
    kept = np.flatnonzero(np.isin(triggers, triggers[joint >= _HOPELESS]))
    if len(kept):
        cue, fit = trained.cue_and_fit(inputs[kept])
        scores[np.array(places)[kept]] = combined(joint[kept], mean_by(triggers[kept], cue), fit)
    return scores, trained.threshold


def _looked_at(text: Text, candidates: Sequence[Candidate], cues: CueLexicon) -> dict[int, tuple[str, ...]]:
    """The words that may report at all, with their keys: those of the lexicon, and those that a first look leaves."""
    words = {i: word_keys_of(text, i) for i in dict.fromkeys(c.trigger for c in candidates)}
    if not words:
        return words
    frames = [frame_keys_of(text.tokens[c.trigger], words[c.trigger][0], c.frame) for c in candidates]
    place = {i: n for n, i in enumerate(words)}
    chances = ranking().first_look.chances(list(words.values()), frames, [place[c.trigger] for c in candidates])
    return {
        i: keys
        for (i, keys), chance in zip(words.items(), chances.tolist(), strict=True)
        if chance >= _HOPELESS_WORD or cues_of(text.tokens[i], cues)
    }


def listed(text: Text, candidates: Sequence[Candidate], cues: CueLexicon) -> tuple[Numbers, float]:
    """Scores by the lexicon alone: the frame's rank where the cue takes that frame and has a source, else 0.

    What stands inside a quotation is left to its speaker.
    """
    scores = np.zeros(len(candidates))
    ambiguous = frozenset(cues.ambiguous)
    for number, candidate in enumerate(candidates):
        trigger = text.tokens[candidate.trigger]
        frame = candidate.frame
        if text.inside[trigger.i] >= 0 or trigger.lemma in ambiguous:
            continue
        if frame.partition("/")[0] in _LEFT_TO_RANKING and not set_in_commas(text, candidate):
            continue
        known = cues_of(trigger, cues)
        if frame == "raised" and not any(cue.name == "verb:seem" for cue in known):
            continue
        if known and any(takes(cue, frame) for cue in known):
            nobodys = frame == "adverb" or candidate.owner == "impersonal" or (frame, candidate.owner) == _TOLD
            sourced = candidate.source is not None or frame.startswith("quote") or nobodys
            scores[number] = _FRAME_ORDER.get(frame, 0.6) if sourced else 0.3
    return scores, 0.5


def set_in_commas(text: Text, candidate: Candidate) -> bool:
    """Whether a report stands between commas in what it reports, or ends it: "The ship, he said, had sunk"."""
    if candidate.frame != "inserted":
        return False
    if len(candidate.parts) == 2:
        (_, before), (after, _) = candidate.parts
        return text.tokens[before].text == text.tokens[after - 1].text == ","
    return len(candidate.parts) == 1 and candidate.source is not None and _closes(text, candidate, candidate.source)


def _closes(text: Text, candidate: Candidate, source: Range) -> bool:
    """Whether a report ends what it reports: ", the agency has reported"."""
    tokens = text.tokens
    comma, behind = source[0] - 1, candidate.trigger + 1
    return (
        candidate.parts[0][1] == comma
        and tokens[comma].text == ","
        and all(tokens[i].pos in ("AUX", "ADV") for i in range(source[1], candidate.trigger))
        and behind < len(tokens)
        and tokens[behind].text in (",", ".")
    )


def choose(
    scores: Mapping[int, float],
    triggers: Mapping[int, int],
    contents: Mapping[int, tuple[Range, ...]],
    threshold: float = 0.0,
) -> list[int]:
    """The candidates that stand, best first: one a trigger, and no two with much the same content.

    Greedy: the best is taken, and what shares characters with it has to be that much surer to stand beside it.

    Args:
        scores: score by candidate number, of those that reach the threshold.
        triggers: their cues' tokens.
        contents: their contents' characters.
        threshold: the score that has to be left after what crowding takes off.
    """
    left = dict(scores)
    kept: list[int] = []
    while left:
        best = max(left, key=lambda n: (left[n], -n))
        if left.pop(best) < threshold:
            break
        kept.append(best)
        for other in list(left):
            shared = overlap(contents[best], contents[other])
            if triggers[other] == triggers[best] or shared > _SAME:
                del left[other]
            elif shared > 0.0:
                left[other] -= _CROWDING
    return kept


def overlap(one: Sequence[Range], other: Sequence[Range]) -> float:
    """Shared characters over all characters (Jaccard) of two contents; 1 when both are empty."""
    if one and other and (one[0][0] >= other[-1][1] or other[0][0] >= one[-1][1]):
        return 0.0
    sizes = sum(e - s for s, e in one) + sum(e - s for s, e in other)
    common = sum(max(0, min(e, y) - max(s, x)) for s, e in one for x, y in other)
    return common / (sizes - common) if sizes - common else 1.0
