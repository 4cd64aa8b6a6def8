"""What speaks for and against a candidate attribution, as keys and numbers.

Keys are looked up in the trained tables (how often candidates with that key were attributions in the
training articles); numbers go to the trees as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from dragoman.knowledge.cues import Cue, CueLexicon
from dragoman.reading.attribution_candidates import KINDS, Candidate
from dragoman.reading.attribution_rivals import KEYS as RIVAL_KEYS
from dragoman.reading.attribution_rivals import Rivals
from dragoman.reading.attribution_text import Text
from dragoman.reading.parse import Token

KEYS = (
    "lemma", "lemma_frame", "class_frame", "frame_owner", "source", "head", "trigger", "lemma_owner", "head_frame",
    "lemma_tag_dep", "source_lemma", "before", "after", "above", "lemma_source", "first_word", "lemma_head",
)  # fmt: skip
"""Names of the tables of ``Trigger.keys``, in order."""

WORD_KEYS = ("lemma", "before", "after", "above")
"""Those of them that are about the reporting word alone, in the order of ``word_keys_of``."""

FRAME_KEYS = ("lemma_frame", "trigger")
"""Those of them that are about the word and a frame, in the order of ``frame_keys_of``."""

TABLES = (*KEYS, *RIVAL_KEYS)
"""Names of all tables, in the order of ``described``."""

NUMBERS = (
    "content_tokens", "parts", "source_tokens", "gap", "quoted_share", "opens_quotation", "closes_quotation",
    "cue_quoted", "cue_position", "sentence_tokens", "that", "to", "finite", "negated", "modal", "past",
    "source_pronoun", "source_person", "source_organisation", "source_first_person", "source_relative", "no_source",
    "listed", "listed_frame", "rivals", "ends_sentence", "begins_sentence", "content_before", "subject_in_content",
    "sentence_quoted", "widest", "passive", "infinitive_cue", "paragraph", "content_names", "source_before",
    "depth", "perfect", "quotations",
)  # fmt: skip
"""Names of the numbers, in the order of ``Trigger.numbers``."""

_FIRST = frozenset(("i", "we", "me", "us", "my", "our"))
_RELATIVE = frozenset(("who", "which", "that", "whom", "whose"))
_FINITE = frozenset(("VBD", "VBZ", "VBP", "MD"))
_MOST_NAMED = 30  # tokens of a part that are searched for names
_PERSONAL = frozenset(("he", "she", "they", "it", "his", "her", "their", "its", "you", "him", "them"))


def cues_of(token: Token, cues: CueLexicon) -> tuple[Cue, ...]:
    """The lexicon's cues for a trigger."""
    found = cues.of(KINDS.get(token.pos, "phrase"), token.lemma.lower())
    return found or cues.of("phrase", token.lower)


def word_keys_of(text: Text, i: int) -> tuple[str, ...]:
    """The keys of a word that may report, whatever its candidates."""
    tokens = text.tokens
    token = tokens[i]
    lemma = token.lemma.lower()
    before = tokens[i - 1].lower if i else "-"
    after = tokens[i + 1].lower if i + 1 < len(tokens) else "-"
    return (
        lemma,
        f"{lemma}|{before}",
        f"{lemma}|{after}",
        f"{tokens[token.head].lemma.lower()}|{token.dep}|{token.pos}",
    )


def frame_keys_of(token: Token, lemma: str, frame: str) -> tuple[str, ...]:
    """The keys of a word that may report in a frame."""
    return f"{lemma}|{frame}", f"{token.tag}|{token.dep}|{frame}"


class Trigger:
    """A word that may report, and what is the same for all its candidates."""

    def __init__(self, text: Text, i: int, keys: tuple[str, ...], cues: CueLexicon) -> None:
        tokens = text.tokens
        token = tokens[i]
        self.token = token
        self.cues = cues_of(token, cues)
        self._words = keys
        self.sentence = text.parse.sentences[token.sent]
        self.name = self.cues[0].name if self.cues else "unlisted:" + token.pos
        self.rivals = 0
        """How many candidates it has."""
        self.widest = 0
        """Tokens of their widest content."""
        children = [tokens[c] for c in token.children]
        relations = {child.dep for child in children}
        first, last, inside = self.sentence.first, self.sentence.last, text.inside
        self.numbers_before = (inside[i] >= 0, (i - first) / (last - first), last - first)
        self.numbers_of_verb = ("neg" in relations, any(child.tag == "MD" for child in children), token.tag == "VBD")
        self.quoted_ends = (inside[first] >= 0) + (inside[last - 1] >= 0)
        self.numbers_of_form = ("auxpass" in relations, token.tag == "VB", self.sentence.paragraph)
        self.depth = sum(1 for _ in text.parse.ancestors(i))
        self.perfect = token.tag == "VBN" and "aux" in relations
        self.quotations = len(set(inside[first:last])) - 1

    def add(self, candidate: Candidate) -> None:
        """Count one of its candidates."""
        self.rivals += 1
        self.widest = max(self.widest, size_of(candidate))

    def keys(self, text: Text, candidate: Candidate) -> tuple[str, ...]:
        """A candidate's keys, one a table of ``KEYS``."""
        tokens, token = text.tokens, self.token
        lemma, before, after, above = self._words
        frame, owner = candidate.frame, candidate.owner
        of_frame, of_form = frame_keys_of(token, lemma, frame)
        head = tokens[candidate.head]
        source = tokens[candidate.source_head] if candidate.source_head is not None else None
        return (
            lemma,
            of_frame,
            f"{self.name}|{frame}",
            f"{frame}|{owner}",
            (source.ent or source.lower) if source else "-",
            head.lemma.lower(),
            of_form,
            f"{lemma}|{owner}",
            f"{frame}|{head.pos}|{head.dep}|{head.tag}",
            f"{lemma}|{token.tag}|{token.dep}",
            source.lemma.lower() if source else "-",
            before,
            after,
            above,
            f"{lemma}|{(source.ent or source.tag) if source else '-'}",
            f"{frame}|{tokens[candidate.parts[0][0]].lower}",
            f"{lemma}|{head.pos}|{head.dep}",
        )

    def numbers(self, text: Text, candidate: Candidate, listed: bool) -> tuple[float, ...]:
        """A candidate's ``NUMBERS``; ``listed`` when a cue of the lexicon holds its content in this frame."""
        tokens, sentence, trigger = text.tokens, self.sentence, self.token
        parts = candidate.parts
        first, last = parts[0][0], parts[-1][1]
        size = size_of(candidate)
        head = tokens[candidate.head]
        source = tokens[candidate.source_head] if candidate.source_head is not None else None
        span = candidate.source
        end = last
        while end < sentence.last and tokens[end].pos == "PUNCT":
            end += 1
        opening = tokens[first].lower
        named = text.named_before
        names = sum(named[min(b, a + _MOST_NAMED)] - named[a] for a, b in parts)
        return (
            *_extent(text, candidate, trigger, size),
            *self.numbers_before,
            opening == "that",
            opening == "to",
            head.tag in _FINITE,
            *self.numbers_of_verb,
            *_kind_of_source(source),
            len(self.cues),
            listed,
            self.rivals,
            end >= sentence.last,
            first <= sentence.first,
            last <= trigger.i,
            source is not None and any(a <= source.i < b for a, b in parts),
            self.quoted_ends,
            size / max(1, self.widest),
            *self.numbers_of_form,
            names / min(size, _MOST_NAMED),
            span is not None and span[0] < trigger.i,
            self.depth,
            self.perfect,
            self.quotations,
        )


def size_of(candidate: Candidate) -> int:
    """How many tokens the content has."""
    return sum(last - first for first, last in candidate.parts)


def _extent(text: Text, candidate: Candidate, trigger: Token, size: int) -> tuple[float, ...]:
    """How long content and source are, how far from the trigger, and how quotation marks part them."""
    inside, quoted, span = text.inside, text.quoted_before, candidate.source
    first, last = candidate.parts[0][0], candidate.parts[-1][1]
    return (
        math.log1p(size),
        len(candidate.parts),
        span[1] - span[0] if span else 0,
        first - trigger.i if first > trigger.i else trigger.i - last,
        sum(quoted[b] - quoted[a] for a, b in candidate.parts) / size,
        inside[first] >= 0 and (first == 0 or inside[first - 1] != inside[first]),
        inside[last - 1] >= 0 and (last == len(inside) or inside[last] != inside[last - 1]),
    )


def _kind_of_source(source: Token | None) -> tuple[float, ...]:
    """What sort of word heads the source."""
    if source is None:
        return (False, False, False, False, False, True)
    lower, entity = source.lower, source.ent
    return (
        lower in _PERSONAL,
        entity == "PERSON",
        entity in ("ORG", "NORP", "GPE"),
        lower in _FIRST,
        lower in _RELATIVE,
        False,
    )


def takes(cue: Cue, frame: str) -> bool:
    """Whether the lexicon lets the cue hold its content in this frame."""
    frame = frame.partition("/")[0]
    kind = frame.partition("_")[2] if frame.startswith(("noun_", "adjective_")) else frame
    if kind in (
        "ccomp",
        "acl",
        "be",
        "inserted",
        "clauses",
        "advcl",
        "according",
        "according_sentence",
        "adverb",
        "colon",
    ):
        return "clause" in cue.takes or (kind == "acl" and "infinitive" in cue.takes)
    if kind in ("xcomp", "raised"):
        return "infinitive" in cue.takes
    if kind in ("dobj", "rest", "oprd", "attr", "passive", "described"):
        return "object" in cue.takes
    if kind.startswith(("quote", "before", "after", "both", "run", "below", "far", "said")):
        return "quote" in cue.takes
    if kind.startswith("prep_"):
        return kind in cue.takes
    return f"prep_{kind}" in cue.takes


def described(
    text: Text, candidates: Sequence[Candidate], cues: CueLexicon, words: Mapping[int, tuple[str, ...]]
) -> tuple[list[int], list[tuple[str, ...]], list[tuple[float, ...]]]:
    """What speaks for and against the candidates of some words, set beside all candidates of their text.

    Args:
        text: the text.
        candidates: all of its candidates.
        cues: the lexicon.
        words: the reporting words whose candidates are described, with their keys (``word_keys_of``).

    Returns:
        The places of those candidates, their keys (one a table of ``TABLES``) and their numbers.
    """
    listed: dict[int, tuple[Cue, ...]] = {}
    held: list[bool] = []
    triggers = {i: Trigger(text, i, keys, cues) for i, keys in words.items()}
    for c in candidates:
        known = listed.get(c.trigger)
        if known is None:
            known = listed[c.trigger] = cues_of(text.tokens[c.trigger], cues)
        held.append(any(takes(cue, c.frame) for cue in known))
        if c.trigger in triggers:
            triggers[c.trigger].add(c)
    beside = Rivals(text, candidates, held)
    places = [place for place, c in enumerate(candidates) if c.trigger in triggers]
    keys, numbers = [], []
    for place in places:
        c = candidates[place]
        more_keys, more_numbers = beside.described(place)
        keys.append(triggers[c.trigger].keys(text, c) + more_keys)
        numbers.append(triggers[c.trigger].numbers(text, c, held[place]) + more_numbers)
    return places, keys, numbers


def words_of(text: Text, candidates: Sequence[Candidate]) -> list[tuple[str, str, str]]:
    """The lemmas, in lower case, of each candidate's cue, of its content's head and of its source's head (or "")."""
    tokens = text.tokens
    return [
        (
            tokens[c.trigger].lemma.lower(),
            tokens[c.head].lemma.lower(),
            tokens[c.source_head].lemma.lower() if c.source_head is not None else "",
        )
        for c in candidates
    ]
