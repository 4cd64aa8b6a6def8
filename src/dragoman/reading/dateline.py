"""The dateline of a dispatch: where, and often when, it was sent ("BEIRUT, March 3 (Reuters) -")."""

from __future__ import annotations

from dataclasses import dataclass

from dragoman.reading.parse import Parse, Sentence

_OPENING = 8  # tokens within which a name stands that opens a text
_REACH = 14  # tokens within which the dash stands
_DASHES = frozenset(("-", "–", "—", "--"))
_SMALL = frozenset(("of", "de", "the"))


@dataclass(frozen=True, slots=True)
class Dateline:
    """The tokens of a dateline: its place ends at ``place_end``, it ends at its dash ``last`` (both exclusive)."""

    first: int
    place_end: int
    last: int


def dateline_of(parse: Parse, sentence: Sentence) -> Dateline | None:
    """The dateline that a sentence opens its paragraph with; None when there is none."""
    tokens = parse.tokens
    if sentence.index and parse.sentences[sentence.index - 1].paragraph == sentence.paragraph:
        return None
    reach = min(sentence.last, sentence.first + _REACH)
    dash = next((i for i in range(sentence.first + 1, reach) if tokens[i].lower in _DASHES), None)
    if dash is None or tokens[dash - 1].end == tokens[dash].start:  # a hyphen
        return None
    before = tokens[sentence.first : dash]
    if tokens[dash - 1].lower != ")" and not before[0].text.isupper():
        return None
    end = next((token.i for token in before if token.lower in ("(", ",")), dash)
    if not all(token.text[0].isupper() or token.lower in _SMALL for token in tokens[sentence.first : end]):
        return None
    return Dateline(sentence.first, end, dash)


def in_dateline(parse: Parse, i: int) -> bool:
    """Whether token ``i`` stands in a dateline."""
    dateline = dateline_of(parse, parse.sentences[parse.tokens[i].sent])
    return dateline is not None and i < dateline.last


def opens_dispatch(parse: Parse, first: int, last: int) -> bool:
    """Whether a name in capitals opens a text before a dash, a bracket or a colon ("KABUL (Agency) -")."""
    tokens = parse.tokens
    sentence = parse.sentences[tokens[first].sent]
    if first - sentence.first >= _OPENING:
        return False
    opening = tokens[sentence.first].text
    before = tokens[sentence.first : first]
    loud = opening.isupper() and len(opening) > 3
    loud = loud and not any(t.text[0].islower() and t.lower not in _SMALL for t in before)  # "ECOWAS imposed"
    if loud and any(_is_dash(parse, k) for k in range(last, min(last + 6, sentence.last))):
        return True
    if first - sentence.first > 3:
        return False
    words = (tokens[k].text for k in range(sentence.first, first + 1))
    if not all(word.isupper() for word in words if word[0].isalpha()):
        return False
    window = range(last, min(last + 9, sentence.last))
    marked = any(tokens[k].text in ("(", ":") or _is_dash(parse, k) for k in window)
    return marked and len(tokens[first].text) > 2


def _is_dash(parse: Parse, i: int) -> bool:
    """A dash that stands by itself, not a hyphen within a word."""
    return parse.tokens[i].text in ("--", "-", "–") and parse.tokens[i].start > parse.tokens[i - 1].end
