"""Which country a name that several bear means, by what else the text names."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping

from dragoman.knowledge.place_names import fold_place_name
from dragoman.knowledge.shared_names import SharedName, SharedReading
from dragoman.reading.parse import Parse

_BESIDE = 8  # weight of a word right beside the name
_SAME_SENTENCE = 3  # weight of evidence in the name's sentence, against 1 elsewhere in the text


class TextEvidence:
    """What speaks for each reading of a shared name in one text.

    Args:
        parse: the text.
        countries: by sentence, how often each country (ISO 3166 alpha-3) is named by names that are not shared.
        day: the text's ISO day, if known.
    """

    def __init__(self, parse: Parse, countries: Mapping[int, Counter[str]], day: str | None) -> None:
        self._parse = parse
        self._countries = countries
        self._day = day
        self._found: dict[int, list[int]] = {}

    def choose(self, shared: SharedName, first: int, last: int) -> SharedReading | None:
        """The reading that the text speaks for, else the default; None where the name stays open.

        Args:
            shared: the name's readings.
            first: first token of the name.
            last: token after it.
        """
        readings = [reading for reading in shared.readings if reading.possible_on(self._day)]
        if len(readings) == 1:
            return readings[0]
        scores = [self._score(reading, first, last) for reading in readings]
        best = max(scores, default=0)
        leading = [r for r, score in zip(readings, scores, strict=True) if score == best]
        if len(leading) == 1:
            return leading[0]
        return next((reading for reading in leading if reading.default), None)

    def _score(self, reading: SharedReading, first: int, last: int) -> int:
        here = self._parse.tokens[first].sent
        score = _BESIDE if reading.heads and self._has_head(reading, first, last) else 0
        found = self._found_for(reading)
        return score + sum(found) + (_SAME_SENTENCE - 1) * found[here]

    def _found_for(self, reading: SharedReading) -> list[int]:
        """By sentence, how much speaks for a reading; the same wherever in the text the name stands."""
        known = self._found.get(id(reading))
        if known is None:
            words = [word for word in map(" {} ".format, reading.beside) if word in self._whole]
            known = self._found[id(reading)] = [sum(word in text for word in words) for text in self._texts]
            # A country that is named speaks for itself, not for its divisions.
            if not reading.division and not reading.apart:
                for sentence, named in self._countries.items():
                    known[sentence] += named[reading.id] > 0
        return known

    def _has_head(self, reading: SharedReading, first: int, last: int) -> bool:
        tokens = self._parse.tokens
        before = tokens[max(0, first - 2) : first]
        after = tokens[last : last + 2]
        near = {t.lower for t in (*before, *after) if t.sent == tokens[first].sent and t.lower not in ("of", "'s")}
        return not near.isdisjoint(reading.heads)

    @functools.cached_property
    def _texts(self) -> list[str]:
        """The folded words of each sentence, with a space on either side."""
        tokens = self._parse.tokens
        folded = ([fold_place_name(tokens[i].text) for i in sentence] for sentence in self._parse.sentences)
        return [f" {' '.join(word for word in words if word)} " for words in folded]

    @functools.cached_property
    def _whole(self) -> str:
        return "\n".join(self._texts)
