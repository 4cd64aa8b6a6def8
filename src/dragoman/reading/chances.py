"""The chance that a source gives to a predicate: a word of estimative probability, or a number."""

from __future__ import annotations

import re

from dragoman.knowledge.commitment import CommitmentLexicon
from dragoman.reading.invisible import shown
from dragoman.reading.parse import Parse
from dragoman.records import Probability

_LONGEST = 4  # words of a phrase
_NUMBER = re.compile(
    r"(?:(?P<low>\d{1,3})\s*(?:-|–|to)\s*)?(?P<high>\d{1,3}(?:\.\d+)?)\s*(?:%|per\s?cent|percent)"
    r"(?:\s+\w+)?\s+(?:chance|probability|likelihood|odds)"
    r"|(?:chances?|probability|likelihood|odds)\s+(?:(?:\w+\s+){0,3}?|(?:[\w'’-]+\s+){0,12}?at\s+)(?P<other>\d{1,3}(?:\.\d+)?)\s*(?:%|per\s?cent|percent)",
    re.IGNORECASE,
)
_ODDS = re.compile(r"\b(?P<part>\w+)\s+(?:in|out of)\s+(?P<whole>\w+)\s+(?:chance|odds)", re.IGNORECASE)
_ROUNDED = 0.025  # half a step of what people round chances to


def probability_at(parse: Parse, i: int, lexicon: CommitmentLexicon) -> Probability | None:
    """The chance given to the predicate at token ``i`` by a word of it or of its copula, None when no word gives one.

    Numbers ("a 70 % chance") are read in the predicate's sentence, unless it has a phrase of its own; phrases
    among the words from its auxiliaries and adverbs to its complement, and above it where it hangs on them
    ("likely to go").
    """
    sentence = parse.sentences[parse.tokens[i].sent]
    words = {parse.tokens[j].lower for j in sentence}
    announced = not words.isdisjoint(lexicon.announcing)
    best: Probability | None = None
    for j in _near(parse, i):
        found = _phrase(parse, j, sentence.first, sentence.last, lexicon)
        if found is not None and (best is None or best.phrase in lexicon.weak):
            best = found
    vague = best is None or best.phrase in lexicon.weak or any(w in lexicon.announcing for w in best.phrase.split())
    if announced and vague:
        start, end = parse.tokens[sentence.first].start, parse.tokens[sentence.last - 1].end
        clean = shown(parse.text, start, end)
        number = chance_in(clean[0] if clean else parse.text[start:end], lexicon)
        if number is not None:
            return number
    if best is None and announced:
        for j in sentence:
            best = best or _phrase(parse, j, sentence.first, sentence.last, lexicon)
    return best


def chance_in(text: str, lexicon: CommitmentLexicon) -> Probability | None:
    """A chance given as a number in a sentence, with half a rounding step to each side."""
    match = _NUMBER.search(text)
    if match:
        high = float(match["high"] or match["other"]) / 100
        low = float(match["low"]) / 100 if match["low"] else None
    else:
        match = _ODDS.search(text)
        if not match:
            return None
        part, whole = _count(match["part"], lexicon), _count(match["whole"], lexicon)
        if not part or not whole or part > whole:
            return None
        high, low = part / whole, None
    if high > 1 or (low is not None and low > high):
        return None
    lower, upper = (low, high) if low is not None else (max(0.0, high - _ROUNDED), min(1.0, high + _ROUNDED))
    return Probability(round(lower, 4), round(upper, 4), match.group())


def _count(word: str, lexicon: CommitmentLexicon) -> int | None:
    return int(word) if word.isdigit() and len(word) < 7 else lexicon.counts.get(word.lower())


def _near(parse: Parse, i: int) -> list[int]:
    token = parse.tokens[i]
    near = {i}
    for c in token.children:
        child = parse.tokens[c]
        if child.dep in ("aux", "advmod", "acomp", "neg", "attr", "npadvmod"):
            near.add(c)
            near.update(k for k in child.children if parse.tokens[k].dep in ("advmod", "neg", "amod", "det"))
    for steps, above in enumerate(parse.ancestors(i)):
        governor = parse.tokens[above]
        if steps > 1 or parse.tokens[i].dep not in ("xcomp", "ccomp", "acl", "csubj"):
            break
        if governor.pos in ("ADJ", "NOUN", "AUX", "VERB"):
            near.add(above)
            near.update(c for c in governor.children if parse.tokens[c].dep in ("advmod", "neg", "acomp", "amod"))
    return sorted(near)


def _phrase(parse: Parse, i: int, first: int, last: int, lexicon: CommitmentLexicon) -> Probability | None:
    """The longest phrase of probability that holds token ``i``."""
    if parse.tokens[i].lower not in lexicon.probability_words:
        return None
    for size in range(_LONGEST, 0, -1):
        for start in range(max(first, i - size + 1), min(i, last - size) + 1):
            tokens = parse.tokens[start : start + size]
            phrase = " ".join(t.lower for t in tokens)
            chances = lexicon.probabilities.get(phrase)
            if chances is not None and (size > 1 or tokens[0].pos != "PROPN"):
                return Probability(*chances, parse.text[tokens[0].start : tokens[-1].end])
    return None
