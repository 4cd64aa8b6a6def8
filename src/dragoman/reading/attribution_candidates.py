"""Every reading of a text's words as an attribution: a cue, what hangs on it, and who it belongs to.

The candidates follow PARC's and PolNeAR's idea of an attribution (source, cue, content). They are many
on purpose; ``attribution_choice`` decides which of them stand.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_sources import (
    SUBJECTS,
    Owner,
    beside,
    owner_of,
    owner_of_noun,
    source_phrase,
)
from dragoman.reading.attribution_text import Range, Text
from dragoman.reading.parse import Token

KINDS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "PROPN": "noun", "ADJ": "adjective", "ADV": "adverb"}
"""Parts of speech that can report, and the lexicon's name for them."""

_CLAUSES = frozenset(("ccomp", "xcomp", "advcl"))
_RIGHTWARD = frozenset(("ccomp", "xcomp", "dobj", "oprd", "attr", "acomp"))
_INSERTED = frozenset(("parataxis", "ccomp", "dep", "advcl", "conj", "relcl"))
_OBJECTS = frozenset(("dobj", "oprd", "attr", "acomp", "dative"))
_NOUN_PREPOSITIONS = frozenset(("of", "that", "for", "about", "on", "to", "against", "in", "with", "over", "from"))
_TAILS = frozenset(("relcl", "advcl", "acl", "appos", "parataxis", "conj", "prep", "ccomp", "dep"))
_SETTING_OFF = frozenset((",", "-", "–", "—", "--", ";", ":"))
_SHORTEST_TO_CUT = 4
_LONGEST_RUN = 60  # sentences of one quotation that are gathered into one content


class Candidate(msgspec.Struct, frozen=True):
    """One reading of a cue. Token ranges are half-open.

    ``frame`` says how the content hangs on the cue, and behind a stroke what was left off its end.
    """

    trigger: int
    cue: Range
    frame: str
    parts: tuple[Range, ...]
    head: int
    source: Range | None
    source_head: int | None
    owner: str  # how the source was found
    relayed_by: int | None = None  # trigger of the attribution that passes this one on, with the same content


def find_candidates(text: Text, cues: CueLexicon | None = None) -> Iterator[Candidate]:
    """All candidates of a text, in the order of their triggers.

    Args:
        text: the text to search.
        cues: when given, only words that it lists can report.
    """
    for token in text.tokens:
        pos = token.pos
        kind = KINDS.get(pos)
        if cues is not None and not _listed(token, kind, cues):
            continue
        if kind == "verb":
            if token.dep not in ("aux", "auxpass"):
                yield from _of_verb(text, token)
        elif kind == "noun":
            yield from _of_noun(text, token)
        elif kind == "adjective":
            yield from _of_adjective(text, token)
        elif kind == "adverb":
            yield from _of_adverb(text, token)
        elif token.text == ":":
            yield from _of_colon(text, token)
        if token.lower in ("according", "per") and kind != "noun":
            yield from _of_according(text, token)
        elif token.text == "For":
            yield from _of_for(text, token)


def _listed(token: Token, kind: str | None, cues: CueLexicon) -> bool:
    if token.lower not in cues.words and token.lemma.lower() not in cues.words:
        return False
    return bool((kind and cues.of(kind, token.lemma.lower())) or cues.of("phrase", token.lower))


def _candidate(
    text: Text, token: Token, frame: str, parts: list[Range], head: int, owner: Owner
) -> Iterator[Candidate]:
    source_head, how = owner
    source = source_phrase(text, source_head, token.i) if source_head is not None else None
    kept = [part for first, last in parts if (part := text.trimmed(first, last))[0] < part[1]]
    if not kept or any(first <= token.i < last for first, last in kept):
        return
    cue = (token.i, token.i + 1)
    yield Candidate(token.i, cue, frame, tuple(kept), head, source, source_head, how)
    first, last = kept[-1]
    cut = _before_tail(text, first, last) if last - first > _SHORTEST_TO_CUT and not frame.startswith("quote") else None
    if cut is not None:
        parts = [*kept[:-1], text.trimmed(first, cut)]
        yield Candidate(token.i, cue, f"{frame}/cut", tuple(parts), head, source, source_head, how)


def _before_tail(text: Text, first: int, last: int) -> int | None:
    """Where a content ends without what is set off behind it ("..., which they denied", "... - a landslide")."""
    tokens = text.tokens
    for i in range(first + 2, last):
        left = text.left[i]
        set_off = left > first + 1 and tokens[left - 1].text in _SETTING_OFF
        if set_off and tokens[i].dep in _TAILS and text.right[i] + 2 >= last:
            return left - 1
    return None


def _of_verb(text: Text, token: Token) -> Iterator[Candidate]:
    owner = owner_of(text, token.i)
    if owner[0] is None and owner[1] in ("none", "governor") and token.tag in ("VBD", "VBZ", "VBP"):
        owner = beside(text, token)
    starts: list[int] = []
    clauses: list[int] = []
    for c in token.children:
        child = text.tokens[c]
        if child.dep == "acomp" and token.lemma == "be" and any(k > c for k in child.children):
            continue  # the adjective is the cue
        yield from _complement(text, token, child, owner)
        if child.dep in _CLAUSES:
            clauses.append(c)
        if c > token.i and (child.dep in _RIGHTWARD or child.dep == "prep"):
            starts.append(c)
    if len(starts) > 1:
        rest = (text.left[starts[0]], text.right[starts[-1]] + 1)
        yield from _candidate(text, token, "rest", [rest], starts[0], owner)
    if starts:
        end = text.parse.sentences[token.sent].last
        if end - text.right[starts[-1]] > _SHORTEST_TO_CUT:
            yield from _candidate(text, token, "to_end", [(text.left[starts[0]], end)], starts[0], owner)
    if len(clauses) > 1:
        both = [part for c in clauses for part in _around(text, token.i, c, owner)]
        yield from _candidate(text, token, "clauses", both, clauses[0], owner)
    if token.dep in _INSERTED and owner[1] in ("subject", "none"):
        around = _minus(text.reach(token.head), text.reach(token.i))
        yield from _candidate(text, token, "inserted", around, token.head, owner)
    yield from _quoted(text, token, owner)


def _complement(text: Text, token: Token, child: Token, owner: Owner) -> Iterator[Candidate]:
    """What one child of a verb may hold: a clause, an object, the object of a preposition, a passive's subject."""
    dep = child.dep
    if dep in _CLAUSES or dep in _OBJECTS:
        yield from _candidate(text, token, dep, _around(text, token.i, child.i, owner), child.i, owner)
        if dep == "xcomp" and owner[1] in ("subject", "passive", "impersonal"):
            raised = next((c for c in token.children if text.tokens[c].dep in SUBJECTS), None)
            if raised is not None:
                parts = [text.reach(raised), text.reach(child.i)]
                yield from _candidate(text, token, "raised", parts, child.i, (None, "raised"))
    elif dep == "prep" and child.i > token.i:
        for inner in text.parse.children(child.i, "pobj", "pcomp"):
            yield from _candidate(text, token, f"prep_{child.lower}", [text.reach(inner.i)], inner.i, owner)
    elif dep == "nsubjpass" or (dep == "nsubj" and owner[1] == "agent"):
        yield from _candidate(text, token, "passive", [text.reach(child.i)], child.i, owner)


def _around(text: Text, cue: int, content: int, owner: Owner) -> list[Range]:
    """The subtree of ``content`` without the words that report it."""
    reach = text.reach(content)
    if not reach[0] <= cue < reach[1]:
        return [reach]
    first, last = cue, cue + 1
    if owner[0] is not None and owner[1] in ("subject", "agent"):
        source = text.reach(owner[0])
        if source[1] - source[0] < 40:
            first, last = min(first, source[0]), max(last, source[1])
    return _minus(reach, (first, last))


def _minus(whole: Range, hole: Range) -> list[Range]:
    if hole[0] <= whole[0] and hole[1] >= whole[1]:
        return []
    pieces = [(whole[0], min(whole[1], hole[0])), (max(whole[0], hole[1]), whole[1])]
    return [piece for piece in pieces if piece[0] < piece[1]]


def _quoted(text: Text, token: Token, owner: Owner) -> Iterator[Candidate]:
    """Quotations beside a verb outside of them: before it, after it, both, and after a colon."""
    if not text.quotations or text.inside[token.i] >= 0:
        return
    sentence = text.parse.sentences[token.sent]
    numbers = sorted({text.inside[i] for i in sentence if text.inside[i] >= 0})
    numbers = [*_ended_before(text, sentence.first), *numbers]
    before = [text.span_of[n] for n in numbers if text.span_of[n][1] <= token.i]
    after = [text.span_of[n] for n in numbers if text.span_of[n][0] > token.i]
    going_on = _following(text, token.sent)
    sides = [("quote_before", before), ("quote_after", after)]
    if before and after:
        sides.append(("quote_both", before + after))
    for frame, parts in sides:
        if parts:
            head = top_of(text, parts[0], token)
            yield from _candidate(text, token, frame, parts, head, owner)
    if (before or after) and going_on:
        parts = before + after + going_on
        yield from _candidate(text, token, "quote_run", parts, top_of(text, parts[0], token), owner)
    further = _following(text, token.sent, across=True) if (before or after) else []
    if len(further) > len(going_on):
        parts = before + after + further
        yield from _candidate(text, token, "quote_far", parts, top_of(text, parts[0], token), owner)
    if after and going_on and (said := text.parse.children(token.i, "ccomp")):
        parts = [text.reach(said[0].i), *going_on]
        yield from _candidate(text, token, "quote_said", parts, said[0].i, owner)
    if text.tokens[sentence.last - 1].text in (":", ",") and sentence.last < len(text.tokens):
        below = _following(text, token.sent, across=True)
        if below:
            yield from _candidate(text, token, "quote_below", below, top_of(text, below[0], token), owner)


def _ended_before(text: Text, first: int) -> list[int]:
    """The quotation that ends where a sentence goes on in small letters: "... We left." the mayor said."""
    tokens = text.tokens
    number = text.inside[first - 1] if first else -1
    goes_on = number >= 0 and text.inside[first] != number and tokens[first].text[:1].islower()
    return [number] if goes_on and text.span_of[number][1] == first else []


def _following(text: Text, sentence: int, across: bool = False) -> list[Range]:
    """The quotations that fill the sentences after ``sentence`` in its paragraph.

    A quotation left open goes on in the next paragraph; ``across`` lets the first one stand there too.
    """
    sentences = text.parse.sentences
    paragraph = sentences[sentence].paragraph
    spans: list[Range] = []
    crossed = False
    for number in range(sentence + 1, min(len(sentences), sentence + _LONGEST_RUN)):
        following = sentences[number]
        if following.paragraph != paragraph:
            previous = text.inside[following.first - 1]
            left_open = previous >= 0 and not text.quotations[previous].closed
            if not left_open and (not across or crossed):
                break
            crossed = True
            paragraph = following.paragraph
        quotes = {text.inside[i] for i in following if text.tokens[i].pos != "PUNCT"}
        if -1 in quotes or not quotes:
            break
        spans.extend(text.span_of[q] for q in sorted(quotes) if text.span_of[q] not in spans)
    return spans


def top_of(text: Text, part: Range, token: Token) -> int:
    """The token of a part whose head lies outside it."""
    for i in range(part[0], part[1]):
        head = text.tokens[i].head
        if (head == i or not part[0] <= head < part[1]) and text.tokens[i].dep != "punct":
            return i
    return part[0] if part[0] != token.i else part[1] - 1


def _of_noun(text: Text, token: Token) -> Iterator[Candidate]:
    tokens = text.tokens
    owner = owner_of_noun(text, token)
    starts: list[int] = []
    for c in token.children:
        if c < token.i:
            continue
        child = tokens[c]
        if child.dep in ("acl", "relcl", "ccomp", "appos"):
            yield from _candidate(text, token, f"noun_{child.dep}", [text.reach(c)], c, owner)
            starts.append(c)
        elif child.dep == "prep" and child.lower in _NOUN_PREPOSITIONS:
            for inner in text.parse.children(c, "pobj", "pcomp"):
                if inner.i != owner[0]:
                    yield from _candidate(text, token, f"noun_{child.lower}", [text.reach(inner.i)], inner.i, owner)
            starts.append(c)
    head = tokens[token.head]
    if token.dep in SUBJECTS and head.lemma == "be":
        for c in head.children:
            if c > head.i and tokens[c].dep in ("ccomp", "attr", "xcomp", "acomp"):
                yield from _candidate(text, token, "noun_be", [text.reach(c)], c, owner)
    if token.dep in ("nsubj", "dobj", "attr", "pobj") and starts:
        yield from _quoted(text, token, owner)


def _of_adjective(text: Text, token: Token) -> Iterator[Candidate]:
    tokens = text.tokens
    if token.dep not in ("acomp", "attr", "oprd", "conj", "ROOT", "amod"):
        return
    owner = owner_of(text, token.head) if token.dep != "amod" else (token.head, "modified")
    for c in token.children:
        if c < token.i:
            continue
        child = tokens[c]
        if child.dep in ("ccomp", "xcomp", "advcl"):
            yield from _candidate(text, token, f"adjective_{child.dep}", [text.reach(c)], c, owner)
        elif child.dep == "prep":
            for inner in text.parse.children(c, "pobj", "pcomp"):
                yield from _candidate(text, token, f"adjective_{child.lower}", [text.reach(inner.i)], inner.i, owner)


def _of_adverb(text: Text, token: Token) -> Iterator[Candidate]:
    if not token.lower.endswith("edly") or token.dep != "advmod":
        return
    clause = text.tokens[token.head]
    if clause.pos in ("VERB", "AUX"):
        parts = _minus(text.reach(clause.i), (token.i, token.i + 1))
        yield from _candidate(text, token, "adverb", parts, clause.i, (None, "none"))


def _of_colon(text: Text, token: Token) -> Iterator[Candidate]:
    """A headline or transcript: ``NAME: what is said``."""
    sentence = text.parse.sentences[token.sent]
    if not 1 <= token.i - sentence.first <= 8:
        return
    words = text.tokens[sentence.first : token.i]
    if words[0].text[:1].islower() or not any(w.pos in ("PROPN", "NOUN") for w in words):
        return
    last = sentence.last
    if last == token.i + 1:  # the parser ended its sentence at the colon
        following = token.sent + 1
        if following == len(text.parse.sentences) or text.parse.sentences[following].paragraph != sentence.paragraph:
            return
        last = text.parse.sentences[following].last
    head = next((w.i for w in words if not sentence.first <= w.head < token.i or w.head == w.i), sentence.first)
    part = text.trimmed(token.i + 1, last)
    if part[0] < part[1]:
        yield Candidate(
            token.i, (token.i, token.i + 1), "colon", (part,), top_of(text, part, token),
            (sentence.first, token.i), head, "label",
        )  # fmt: skip


def _of_according(text: Text, token: Token) -> Iterator[Candidate]:
    """``according to X``: the clause that it modifies, or the whole sentence, without the phrase itself."""
    tokens = text.tokens
    named: list[Token] = []
    last = token.i + 1
    for c in token.children:
        if tokens[c].dep == "prep" and tokens[c].lower == "to":
            named, last = text.parse.children(c, "pobj"), c + 1
        elif tokens[c].dep == "pobj":
            named = [tokens[c]]
    if not named:
        return
    owner = (named[0].i, "according")
    hole = text.reach(token.i)
    sentence = text.parse.sentences[token.sent]
    clause = token.head
    seen: set[Range] = set()
    while True:
        reach = text.reach(clause)
        if tokens[clause].pos in ("VERB", "AUX") or tokens[clause].head == clause:
            seen.add(reach)
            for found in _candidate(text, token, "according", _minus(reach, hole), clause, owner):
                yield Candidate(
                    found.trigger, (token.i, last), found.frame, found.parts, found.head,
                    found.source, found.source_head, found.owner,
                )  # fmt: skip
        if tokens[clause].head == clause:
            break
        clause = tokens[clause].head
    if (sentence.first, sentence.last) not in seen:
        parts = [text.trimmed(*p) for p in _minus((sentence.first, sentence.last), hole)]
        kept = tuple(p for p in parts if p[0] < p[1])
        if kept:
            yield Candidate(
                token.i, (token.i, last), "according_sentence", kept, sentence.root,
                text.trimmed(*text.reach(named[0].i)), named[0].i, "according",
            )  # fmt: skip


def _of_for(text: Text, token: Token) -> Iterator[Candidate]:
    """``For X, ...`` at the head of a sentence, where X is a name: how X sees it."""
    named = text.parse.children(token.i, "pobj")
    sentence = text.parse.sentences[token.sent]
    if token.i > sentence.first + 1 or not named or not (named[0].ent or named[0].pos == "PROPN"):
        return
    hole = text.reach(token.i)
    if hole[1] >= sentence.last or text.tokens[hole[1]].text != ",":
        return
    yield from _candidate(
        text, token, "according", _minus((sentence.first, sentence.last), hole), sentence.root,
        (named[0].i, "according"),
    )  # fmt: skip
