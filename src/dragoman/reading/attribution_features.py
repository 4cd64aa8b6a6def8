"""What speaks for and against a candidate attribution, as keys and numbers.

Keys are looked up in the trained tables (how often candidates with that key were attributions in the
training articles); numbers go to the trees as they are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

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
"""Names of the tables of ``keys_of``, in order."""

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
"""Names of the numbers, in the order of ``numbers_of``."""

_FIRST = frozenset(("i", "we", "me", "us", "my", "our"))
_RELATIVE = frozenset(("who", "which", "that", "whom", "whose"))
_PERSONAL = frozenset(("he", "she", "they", "it", "his", "her", "their", "its", "you", "him", "them"))


def cues_of(token: Token, cues: CueLexicon) -> tuple[Cue, ...]:
    """The lexicon's cues for a trigger."""
    found = cues.of(KINDS.get(token.pos, "phrase"), token.lemma.lower())
    return found or cues.of("phrase", token.lower)


def keys_of(text: Text, candidate: Candidate, cues: Sequence[Cue]) -> tuple[str, ...]:
    """The candidate's keys, one a table of ``KEYS``."""
    tokens = text.tokens
    trigger = tokens[candidate.trigger]
    lemma = trigger.lemma.lower()
    frame, owner = candidate.frame, candidate.owner
    name = cues[0].name if cues else "unlisted:" + trigger.pos
    head = tokens[candidate.head]
    source = tokens[candidate.source_head] if candidate.source_head is not None else None
    described = (source.ent or source.lower) if source else "-"
    before = tokens[trigger.i - 1].lower if trigger.i else "-"
    after = tokens[trigger.i + 1].lower if trigger.i + 1 < len(tokens) else "-"
    return (
        lemma,
        f"{lemma}|{frame}",
        f"{name}|{frame}",
        f"{frame}|{owner}",
        described,
        head.lemma.lower(),
        f"{trigger.tag}|{trigger.dep}|{frame}",
        f"{lemma}|{owner}",
        f"{frame}|{head.pos}|{head.dep}|{head.tag}",
        f"{lemma}|{trigger.tag}|{trigger.dep}",
        source.lemma.lower() if source else "-",
        f"{lemma}|{before}",
        f"{lemma}|{after}",
        f"{tokens[trigger.head].lemma.lower()}|{trigger.dep}|{trigger.pos}",
        f"{lemma}|{(source.ent or source.tag) if source else '-'}",
        f"{frame}|{tokens[candidate.parts[0][0]].lower}",
        f"{lemma}|{head.pos}|{head.dep}",
    )


def _extent(text: Text, candidate: Candidate, trigger: Token, size: int) -> tuple[float, ...]:
    """How long content and source are, how far from the trigger, and how quotation marks part them."""
    tokens, inside, span = text.tokens, text.inside, candidate.source
    first, last = candidate.parts[0][0], candidate.parts[-1][1]
    quoted = sum(inside[i] >= 0 for a, b in candidate.parts for i in range(a, b))
    return (
        math.log1p(size),
        len(candidate.parts),
        span[1] - span[0] if span else 0,
        first - trigger.i if first > trigger.i else trigger.i - last,
        quoted / size,
        inside[first] >= 0 and (first == 0 or inside[first - 1] != inside[first]),
        inside[last - 1] >= 0 and (last == len(tokens) or inside[last] != inside[last - 1]),
        inside[trigger.i] >= 0,
    )


def _kind_of_source(source: Token | None) -> tuple[float, ...]:
    """What sort of word heads the source."""
    return (
        source is not None and source.lower in _PERSONAL,
        source is not None and source.ent == "PERSON",
        source is not None and source.ent in ("ORG", "NORP", "GPE"),
        source is not None and source.lower in _FIRST,
        source is not None and source.lower in _RELATIVE,
        source is None,
    )


def numbers_of(text: Text, candidate: Candidate, cues: Sequence[Cue], rivals: int, widest: int) -> tuple[float, ...]:
    """The numbers of ``NUMBERS``; ``rivals`` share the trigger, ``widest`` is their widest content in tokens."""
    tokens, inside = text.tokens, text.inside
    trigger = tokens[candidate.trigger]
    sentence = text.parse.sentences[trigger.sent]
    size = sum(last - first for first, last in candidate.parts)
    first, last = candidate.parts[0][0], candidate.parts[-1][1]
    children = {tokens[c].dep for c in trigger.children}
    head = tokens[candidate.head]
    source = tokens[candidate.source_head] if candidate.source_head is not None else None
    span = candidate.source
    end = last
    while end < sentence.last and tokens[end].pos == "PUNCT":
        end += 1
    length = sentence.last - sentence.first
    return (
        *_extent(text, candidate, trigger, size),
        (trigger.i - sentence.first) / length,
        length,
        tokens[first].lower == "that",
        tokens[first].lower == "to",
        head.tag in ("VBD", "VBZ", "VBP", "MD"),
        "neg" in children,
        any(tokens[c].tag == "MD" for c in trigger.children),
        trigger.tag == "VBD",
        *_kind_of_source(source),
        len(cues),
        any(takes(cue, candidate.frame) for cue in cues),
        rivals,
        end >= sentence.last,
        first <= sentence.first,
        last <= trigger.i,
        source is not None and any(a <= source.i < b for a, b in candidate.parts),
        sum(inside[i] >= 0 for i in (sentence.first, sentence.last - 1)),
        size / max(1, widest),
        "auxpass" in children,
        trigger.tag == "VB",
        sentence.paragraph,
        sum(bool(tokens[i].ent) for a, b in candidate.parts for i in range(a, min(b, a + 30))) / min(size, 30),
        span is not None and span[0] < trigger.i,
        sum(1 for _ in text.parse.ancestors(trigger.i)),
        trigger.tag == "VBN" and "aux" in children,
        len({inside[i] for i in range(sentence.first, sentence.last)}) - 1,
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
    text: Text, candidates: Sequence[Candidate], cues: CueLexicon
) -> tuple[list[tuple[str, ...]], list[tuple[float, ...]]]:
    """Keys (one a table of ``TABLES``) and numbers of all candidates of one text, in their order."""
    rivals = Counter(c.trigger for c in candidates)
    widest: dict[int, int] = {}
    listed: dict[int, tuple[Cue, ...]] = {}
    for c in candidates:
        size = sum(last - first for first, last in c.parts)
        widest[c.trigger] = max(widest.get(c.trigger, 0), size)
        if c.trigger not in listed:
            listed[c.trigger] = cues_of(text.tokens[c.trigger], cues)
    taken = [any(takes(cue, c.frame) for cue in listed[c.trigger]) for c in candidates]
    beside = Rivals(text, candidates, taken)
    keys, numbers = [], []
    for n, c in enumerate(candidates):
        known = listed[c.trigger]
        more_keys, more_numbers = beside.described(n)
        keys.append(keys_of(text, c, known) + more_keys)
        numbers.append(numbers_of(text, c, known, rivals[c.trigger], widest[c.trigger]) + more_numbers)
    return keys, numbers


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
