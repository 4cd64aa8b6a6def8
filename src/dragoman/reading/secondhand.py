"""Words that are passed on: what one source tells of what another says.

"The paper quoted the general as saying X", "X, the agency reported, citing officials" and "what Britain called X":
the inner source's claim stands in the outer one's, which the ranking's training articles do not mark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from msgspec.structs import replace

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_features import cues_of, takes
from dragoman.reading.attribution_sources import source_phrase
from dragoman.reading.attribution_text import Range, Text
from dragoman.reading.parse import Token
from dragoman.reading.reporting_forms import speaks

RELAYED = "relayed"
"""The frame of what a source is cited for: the content of the claim of whoever cites it."""

_OF_OBJECTS = frozenset(("dobj", "oprd", "attr", "passive", "described", "dative"))
_BE = frozenset(("was", "were", "is", "are", "be", "being"))


def secondhand(
    text: Text, candidates: Sequence[Candidate], standing: Sequence[Candidate], cues: CueLexicon, known: Set[int]
) -> list[Candidate]:
    """The standing attributions with those that they pass on.

    Args:
        text: the text.
        candidates: all readings of the text's reporting words, the best of a word first.
        standing: the attributions found so far.
        cues: the lexicon.
        known: head tokens of the mentions of actors that are no media.
    """
    relaying = frozenset(cues.relaying)
    naming = frozenset(cues.naming)
    by_trigger: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_trigger.setdefault(candidate.trigger, []).append(candidate)
    found = {c.trigger: c for c in standing}
    for token in text.tokens:
        if token.lower == "as" and text.inside[token.i] < 0:
            for passed_on in _quoted_as_saying(text, token, by_trigger, found, cues):
                found[passed_on.trigger] = passed_on
        elif token.lower == "what" and text.inside[token.i] < 0:
            for named in _named_so(text, token, naming, cues):
                found[named.trigger] = named
    for token in text.tokens:
        if text.inside[token.i] >= 0:
            continue
        if (token.lemma in relaying and _cites(text, token)) or _refers(text, token, cues):
            cited = _cited(text, token, list(found.values()), cues, known)
            if cited is not None:
                host = found[cited.relayed_by] if cited.relayed_by is not None else cited
                found[host.trigger] = replace(host, parts=cited.parts, source=_short_of(text, host.source, token))
                found[cited.trigger] = cited
    return list(found.values())


def _quoted_as_saying(
    text: Text,
    token: Token,
    by_trigger: Mapping[int, Sequence[Candidate]],
    standing: Mapping[int, Candidate],
    cues: CueLexicon,
) -> Iterator[Candidate]:
    """``A quoted B as saying X``: B says X, and A passes it on; ``B was quoted by A as saying X`` alike."""
    tokens = text.tokens
    sentence = text.parse.sentences[token.sent]
    saying = next((c.i for c in text.parse.children(token.i, "pcomp", "pobj")), token.i + 1)
    if saying >= sentence.last or tokens[saying].tag != "VBG" or saying - token.i > 2:
        return
    told = next((c for c in by_trigger.get(saying, ()) if _holds_clause(text, c, cues)), None)
    before = range(token.i - 1, max(sentence.first, token.i - 40) - 1, -1)
    verb = next((i for i in before if tokens[i].lemma in cues.relaying and tokens[i].pos == "VERB"), None)
    if verb is None or told is None:
        return
    agent = next((n.i for a in text.parse.children(verb, "agent", "prep") if a.lower == "by" and a.i < token.i
                  for n in text.parse.children(a.i, "pobj")), None)  # fmt: skip
    if agent is None and verb + 1 < token.i and not text.parse.children(verb, "auxpass"):
        spoken = text.trimmed(verb + 1, token.i)
        head = next((i for i in range(*spoken) if not spoken[0] <= tokens[i].head < spoken[1]), spoken[1] - 1)
        yield replace(told, source=spoken, source_head=head, owner="controlled")
        if verb in standing:
            yield replace(standing[verb], parts=((spoken[0], told.parts[-1][1]),))
        return
    subject = _passive_subject(text, tokens[verb])
    if subject is None:
        return
    spoken = source_phrase(text, subject, verb)
    yield replace(told, source=spoken, source_head=subject, owner="passive")
    if agent is not None:
        parts = (spoken, (token.i, told.parts[-1][1]))
        by = source_phrase(text, agent, verb)
        if spoken[1] <= token.i:
            yield Candidate(verb, (verb, verb + 1), "passive", parts, subject, by, agent, "agent")


def _holds_clause(text: Text, candidate: Candidate, cues: CueLexicon) -> bool:
    frame = candidate.frame.partition("/")[0]
    known = cues_of(text.tokens[candidate.trigger], cues)
    return frame not in _OF_OBJECTS and any(takes(cue, frame) for cue in known)


def _passive_subject(text: Text, verb: Token) -> int | None:
    for subject in text.parse.children(verb.i, "nsubjpass", "nsubj"):
        return subject.i
    if verb.dep in ("acl", "relcl") and text.tokens[verb.head].pos in ("NOUN", "PROPN"):
        return verb.head
    return None


def _named_so(text: Text, what: Token, naming: Set[str], cues: CueLexicon) -> Iterator[Candidate]:
    """``what Britain called a provocation``; ``what officials said was a provocation``."""
    tokens = text.tokens
    sentence = text.parse.sentences[what.sent]
    verb = next((i for i in range(what.i + 2, min(what.i + 9, sentence.last)) if tokens[i].pos == "VERB"), None)
    if verb is None or tokens[verb].tag not in ("VBD", "VBZ", "VBP", "VBN") or not cues_of(tokens[verb], cues):
        return
    subject = next((c.i for c in text.parse.children(verb, "nsubj") if what.i < c.i < verb), None)
    start = verb + 1
    if subject is None or start >= sentence.last:
        return
    if tokens[verb].lemma in naming:
        start += tokens[start].lower in ("as", "to")
    elif tokens[start].lower in _BE and any(takes(cue, "ccomp") for cue in cues_of(tokens[verb], cues)):
        start += 1
    else:
        return
    content = _noun_phrase_at(text, start, sentence.last)
    if content is None:
        return
    source = source_phrase(text, subject, verb)
    source = (max(source[0], what.i + 1), source[1])
    yield Candidate(verb, (verb, verb + 1), "oprd", (content[0],), content[1], source, subject, "subject")


def _noun_phrase_at(text: Text, start: int, last: int) -> tuple[Range, int] | None:
    """The phrase that opens at a token, to the end of a quotation that opens there, and its head."""
    tokens = text.tokens
    if start >= last:
        return None
    number = text.inside[start]
    heads = [
        i
        for i in range(start, min(last, start + 12))
        if text.left[i] == start and tokens[i].pos in ("NOUN", "PROPN", "ADJ", "VERB")
    ]
    if not heads:
        return None
    head = heads[-1] if number < 0 else heads[0]
    end = text.span_of[number][1] if number >= 0 else text.right[head] + 1
    return text.trimmed(start, min(end, last)), head


def _cites(text: Text, token: Token) -> bool:
    """Whether a verb stands as in "..., citing officials" or "..., which cited officials"."""
    if token.tag == "VBG":
        return True
    return token.dep == "relcl" and any(c.tag in ("WDT", "WP") for c in text.parse.children(token.i, "nsubj"))


def _refers(text: Text, token: Token, cues: CueLexicon) -> bool:
    """Whether a word stands as in "..., with reference to the ministry"."""
    return token.lemma in cues.referring and token.dep == "pobj" and text.tokens[token.head].lower == "with"


def _short_of(text: Text, source: Range | None, clause: Token) -> Range | None:
    """A source without the clause that says whom it cites."""
    if source is None or not source[0] < clause.i < source[1]:
        return source
    return text.trimmed(source[0], text.left[clause.i])


def _cited(
    text: Text, token: Token, standing: Sequence[Candidate], cues: CueLexicon, known: Set[int]
) -> Candidate | None:
    """``X, the agency reported, citing officials``: what the agency reports is the officials' word."""
    named = [
        n for p in text.parse.children(token.i, "prep") if p.lower == "to" for n in text.parse.children(p.i, "pobj")
    ]
    objects = [c for c in (*text.parse.children(token.i, "dobj"), *named) if c.i > token.i]
    if not objects or not speaks(objects[0], cues, known):
        return None
    phrase = text.reach(token.i)
    hosts = [
        c
        for c in standing
        if text.tokens[c.trigger].sent == token.sent and c.trigger != token.i and c.relayed_by is None
        and c.frame.partition("/")[0] not in _OF_OBJECTS and text.tokens[c.head].pos in ("VERB", "AUX", "NOUN")
        and not any(a < token.i < b for a, b in c.parts)
    ]  # fmt: skip
    if not hosts:
        return None
    host = min(hosts, key=lambda c: (abs(c.trigger - token.i), c.trigger))
    parts = [(phrase[1] if a == token.i else a, b) for a, b in host.parts]
    kept = tuple(p for p in (text.trimmed(*part) for part in parts) if p[0] < p[1])
    if not kept:
        return None
    source = source_phrase(text, objects[0].i, token.i)
    return Candidate(
        token.i, (token.i, token.i + 1), RELAYED, kept, host.head, source, objects[0].i, "object", host.trigger
    )
