"""Forms of reporting that their words alone give away, with no reporting verb beside the content.

"By the ministry's account, ...", a headline that ends with its source ("...: report"), and a sentence that takes up the
one before ("This was announced by the ministry"). The training articles hold too few of them for the ranking to tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate, top_of
from dragoman.reading.attribution_features import cues_of
from dragoman.reading.attribution_sources import SUBJECTS, Owner, source_phrase
from dragoman.reading.attribution_text import Range, Text
from dragoman.reading.parse import Sentence, Token

_LABEL_MARKS = frozenset(("-", "–", "—", "--", ":"))
_LONGEST_LABEL = 7  # tokens of the source that ends a headline
_SHORTEST_HEADLINE = 4
_SHORTEST_TOLD = 4  # tokens of a sentence that a later one takes up
_NAMING = frozenset(("NOUN", "PROPN", "ADJ", "DET", "ADP", "NUM", "PART", "PUNCT"))
_STOPS = frozenset((".", "?", "!"))
_PERSONS = frozenset(("PERSON", "NORP"))


def reporting_forms(text: Text, cues: CueLexicon, known: Set[int]) -> Iterator[Candidate]:
    """The viewpoints and the headlines that name their source.

    Args:
        text: the text.
        cues: the lexicon.
        known: head tokens of the mentions of actors that are no media.
    """
    before = frozenset(cues.before_viewpoints)
    viewpoints = frozenset(cues.viewpoints)
    for token in text.tokens:
        if token.dep == "prep" and token.lower in before:
            yield from _viewpoint(text, token, viewpoints)
    for sentence in text.parse.sentences:
        yield from _introduced_quotation(text, sentence, cues)
        if text.tokens[sentence.last - 1].text not in _STOPS:
            yield from _labelled_headline(text, sentence, cues, known)


def _viewpoint(text: Text, preposition: Token, viewpoints: Set[str]) -> Iterator[Candidate]:
    """``By the ministry's account, ...``: set off by a comma, with whose account it is."""
    tokens = text.tokens
    nouns = text.parse.children(preposition.i, "pobj")
    clause = tokens[preposition.head]
    if not nouns or nouns[0].lemma not in viewpoints or clause.pos not in ("VERB", "AUX"):
        return
    noun, hole = nouns[0], text.reach(preposition.i)
    sentence = text.parse.sentences[preposition.sent]
    opens = hole[0] == sentence.first or tokens[hole[0] - 1].text == "," or tokens[hole[0] - 1].dep == "cc"
    if not opens or hole[1] >= sentence.last or tokens[hole[1]].text not in (",", "."):
        return
    owner = _whose(text, noun)
    everyone = any(c.lower in ("all", "most", "many") for c in text.parse.children(noun.i, "det", "amod"))
    if owner is None and not everyone:
        return
    reach = text.reach(clause.i)
    parts = [text.trimmed(*p) for p in ((reach[0], hole[0]), (hole[1], reach[1])) if p[0] < p[1]]
    kept = tuple(p for p in parts if any(tokens[i].pos not in ("CCONJ", "PUNCT") for i in range(*p)))
    if kept:
        source = source_phrase(text, owner, noun.i) if owner is not None else None
        yield Candidate(noun.i, (noun.i, noun.i + 1), "according", kept, clause.i, source, owner, "possessor")


def _whose(text: Text, noun: Token) -> int | None:
    for owner in text.parse.children(noun.i, "poss"):
        return owner.i
    for preposition in text.parse.children(noun.i, "prep"):
        if preposition.lower == "of":
            for named in text.parse.children(preposition.i, "pobj"):
                return named.i
    return None


def _introduced_quotation(text: Text, sentence: Sentence, cues: CueLexicon) -> Iterator[Candidate]:
    """``To quote from her statement: "..."``: the words are hers, not the speaker's who quotes them."""
    tokens, first = text.tokens, sentence.first
    cue = first + (tokens[first].lower == "to")
    if cue + 2 >= sentence.last or tokens[cue].lower not in cues.quoting or text.inside[cue] >= 0:
        return
    opening = next((i for i in range(cue + 2, sentence.last) if text.inside[i] >= 0), None)
    if opening is None or tokens[opening - 1].text not in (",", ":"):
        return
    named = text.trimmed(cue + 1 + (tokens[cue + 1].lower == "from"), opening - 1)
    owner = next((i for i in range(*named) if tokens[i].dep == "poss"), None)
    if owner is None:
        owner = next(
            (i for i in range(*named) if tokens[i].pos in ("NOUN", "PROPN", "PRON") and tokens[i].dep != "compound"),
            None,
        )
    if owner is None:
        return
    content = text.span_of[text.inside[opening]]
    source = (min(named[0], owner), owner + 1)
    yield Candidate(
        cue, (cue, cue + 1), "quote_after", (content,), top_of(text, content, tokens[cue]), source, owner, "possessor"
    )


def _labelled_headline(text: Text, sentence: Sentence, cues: CueLexicon, known: Set[int]) -> Iterator[Candidate]:
    """``Drone strike kills six - minister``: a paragraph of one sentence, without a stop, that ends with its source."""
    tokens, sentences = text.tokens, text.parse.sentences
    beside = (sentence.index - 1, sentence.index + 1)
    if any(0 <= n < len(sentences) and sentences[n].paragraph == sentence.paragraph for n in beside):
        return
    start = max(sentence.first + _SHORTEST_HEADLINE, sentence.last - 1 - _LONGEST_LABEL)
    mark = next((i for i in range(sentence.last - 2, start - 1, -1) if tokens[i].text in _LABEL_MARKS), None)
    if mark is None or not _stands_alone(text, mark) or any(text.inside[i] >= 0 for i in (mark, sentence.last - 1)):
        return
    label = tokens[mark + 1 : sentence.last]
    head = next((n - 1 for n in range(1, len(label)) if label[n].pos == "ADP"), len(label) - 1)
    if not all(t.pos in _NAMING for t in label) or not speaks(label[head], cues, known):
        return
    told = text.trimmed(sentence.first, mark)
    if not any(tokens[i].pos in ("VERB", "AUX") for i in range(*told)):
        return
    root = sentence.root if told[0] <= sentence.root < told[1] else _first_verb(text, told)
    yield Candidate(
        mark, (mark, mark + 1), "colon", (told,), root, (mark + 1, sentence.last), label[head].i, "label"
    )  # fmt: skip


def _first_verb(text: Text, told: Range) -> int:
    return next((i for i in range(*told) if text.tokens[i].pos in ("VERB", "AUX")), told[0])


def _stands_alone(text: Text, mark: int) -> bool:
    """Whether a dash has white space on both sides, a colon behind it."""
    token, words = text.tokens[mark], text.parse.text
    return words[token.end].isspace() and (token.text == ":" or words[token.start - 1].isspace())


def speaks(token: Token, cues: CueLexicon, known: Set[int]) -> bool:
    """Whether a noun stands for somebody or something that says things."""
    if token.i in known or token.ent in _PERSONS:
        return True
    lemma = token.lemma.lower()
    return lemma in cues.lone_voices or lemma in cues.speaking_bodies or lemma in cues.voices


def restatements(text: Text, cues: CueLexicon, standing: Sequence[Candidate]) -> Iterator[Candidate]:
    """``This was announced by the ministry``: what is announced stands in the sentence before.

    Where that sentence reports somebody's words, these words are taken up, not that he said them.

    Args:
        text: the text.
        cues: the lexicon.
        standing: the attributions found so far.
    """
    pronouns = frozenset(cues.taking_up)
    verbs = frozenset(cues.restating)
    for token in text.tokens:
        if token.lower not in pronouns or token.dep not in ("nsubjpass", "dobj") or text.inside[token.i] >= 0:
            continue
        verb = text.tokens[token.head]
        if verb.lemma not in verbs or text.parse.children(verb.i, "ccomp", "xcomp") or not cues_of(verb, cues):
            continue
        owner = _restated_by(text, token, verb)
        told = _told_before(text, token.sent, standing, cues) if owner is not None else None
        if owner is not None and told is not None:
            source = source_phrase(text, owner[0], verb.i) if owner[0] is not None else None
            yield Candidate(verb.i, (verb.i, verb.i + 1), "restated", told[0], told[1], source, *owner)


def _restated_by(text: Text, pronoun: Token, verb: Token) -> Owner | None:
    """Who takes up what was said; None where the pronoun or the verb stands otherwise."""
    sentence = text.parse.sentences[pronoun.sent]
    if pronoun.dep == "nsubjpass":
        agents = [n for a in text.parse.children(verb.i, "agent") for n in text.parse.children(a.i, "pobj")]
        return (agents[0].i, "agent") if agents and pronoun.i == sentence.first else None
    subjects = text.parse.children(verb.i, *SUBJECTS)
    if pronoun.lower != "this" or verb.i != sentence.root or not subjects or subjects[0].tag in ("WP", "WDT"):
        return None
    return subjects[0].i, "subject"


def _told_before(
    text: Text, number: int, standing: Sequence[Candidate], cues: CueLexicon
) -> tuple[tuple[Range, ...], int] | None:
    """What the sentence before tells, and its head."""
    if number == 0:
        return None
    before = text.parse.sentences[number - 1]
    if before.headline or before.last - before.first < _SHORTEST_TOLD or text.tokens[before.last - 1].text == "?":
        return None
    reported = [
        c
        for c in standing
        if text.tokens[c.trigger].sent == before.index
        and before.first <= c.parts[0][0] and c.parts[-1][1] <= before.last
        and text.tokens[c.head].pos in ("VERB", "AUX")
        and any(cue.act == "say" for cue in cues_of(text.tokens[c.trigger], cues))
    ]  # fmt: skip
    if reported:
        widest = max(reported, key=lambda c: (c.parts[-1][1] - c.parts[0][0], -c.trigger))
        return widest.parts, widest.head
    return (text.trimmed(before.first, before.last),), before.root
