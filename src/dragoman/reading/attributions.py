"""Which of a text's possible attributions stand: by the ranking or the lexicon, and by forms that give them away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from dragoman.knowledge import Knowledge
from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.attribution_candidates import Candidate, find_candidates
from dragoman.reading.attribution_characters import characters
from dragoman.reading.attribution_choice import choose, listed, ranked, set_in_commas
from dragoman.reading.attribution_features import cues_of, takes
from dragoman.reading.attribution_forest import Numbers
from dragoman.reading.attribution_ranking import MODEL
from dragoman.reading.attribution_source_choice import MODEL as SOURCE_MODEL
from dragoman.reading.attribution_source_choice import with_sources
from dragoman.reading.attribution_text import Text
from dragoman.reading.draft import Draft
from dragoman.reading.interrupted import whole
from dragoman.reading.reporting_forms import reporting_forms, restatements
from dragoman.reading.secondhand import secondhand

Range = tuple[int, int]

_OBJECT_FRAMES = frozenset(("dobj", "rest", "passive", "to_end", "dative"))
_NOUN_CLAUSES = frozenset(("noun_acl", "noun_relcl", "noun_ccomp"))
_WHOLE_REPORTS = frozenset(("inserted", "according", "according_sentence"))
"""Frames by which an agency passes on what somebody says: "The army said that ..., the agency reports"."""
_SURE = 0.5  # score of what is reported in such a report
_GIVEN_AWAY = 1.0  # score of a form that needs no weighing
_PLAIN = 0.9  # least score of a report between commas in the middle of what it reports
_MEDIA = "-MED"


@dataclass(frozen=True, slots=True)
class Attribution:
    """A candidate that stands, the characters of its content, and the trained parts that decided with their score."""

    candidate: Candidate
    content: tuple[Range, ...]
    decided: tuple[str, float] | None = None


def find_attributions(text: Text, draft: Draft, labels: Set[int], knowledge: Knowledge) -> list[Attribution]:
    """The attributions of a text, each reporting word's once.

    Args:
        text: the text.
        draft: its reading so far; whether it is read without trained models, and whose mentions are known actors'.
        labels: tokens that mark a transcript's turns, which are no reports.
        knowledge: the lexicons.
    """
    cues = knowledge.cues
    asides = frozenset(cues.asides)
    possible = (c for c in find_candidates(text, cues if draft.fast else None) if c.trigger not in labels)
    candidates = [c for c in possible if not _is_aside(text, c.trigger, asides)]
    scores, threshold = (listed if draft.fast else ranked)(text, candidates, cues)
    known = frozenset(m.head for m in draft.mentions if m.ref.id is not None and not m.ref.id.endswith(_MEDIA))
    forms = [c for c in reporting_forms(text, cues, known) if c.trigger not in labels]
    _prefer_clauses(text, candidates, scores, frozenset(cues.told_to))
    for number, candidate in enumerate(candidates):
        if scores[number] < _PLAIN and set_in_commas(text, candidate) and _is_finite_report(text, candidate, cues):
            scores[number] = _PLAIN
    weighed = [*scores.tolist(), *[_GIVEN_AWAY] * len(forms)]
    found = _chosen(text, [*candidates, *forms], weighed, threshold, cues)
    if not draft.fast:
        found = _with_their_sources(text, found, dict(zip(candidates, scores.tolist(), strict=True)), cues)
    standing = {one.candidate.trigger: one for one in found}
    whole_reports = [one.candidate for one in found if one.candidate.frame in _WHOLE_REPORTS]
    best_first = sorted(range(len(candidates)), key=lambda n: (-scores[n], n))
    for number in best_first:
        candidate = candidates[number]
        if candidate.trigger in standing:
            continue
        in_report = scores[number] >= _SURE and any(_holds(outer, candidate) for outer in whole_reports)
        reporting = cues_of(text.tokens[candidate.trigger], cues) if in_report else ()
        if any(cue.act == "say" and takes(cue, "ccomp") for cue in reporting):
            standing[candidate.trigger] = Attribution(candidate, characters(text, whole(text, candidate, cues)))
            continue
        if _reported_inside(text, candidate, knowledge, bool(labels)) or _holds_word(text, candidate, knowledge):
            standing[candidate.trigger] = Attribution(candidate, characters(text, candidate))
    told = [one.candidate for one in standing.values()]
    told += restatements(text, cues, told)
    for candidate in secondhand(text, [candidates[n] for n in best_first], told, cues, known):
        one = standing.get(candidate.trigger)
        if one is None or one.candidate != candidate:
            standing[candidate.trigger] = Attribution(candidate, characters(text, candidate))
    return list(standing.values())


def _is_finite_report(text: Text, candidate: Candidate, cues: CueLexicon) -> bool:
    trigger, source = text.tokens[candidate.trigger], candidate.source_head
    return (
        source is not None
        and text.tokens[source].lower not in cues.relative
        and (
            trigger.tag in ("VBD", "VBZ", "VBP")
            or any(c.lemma == "have" for c in text.parse.children(trigger.i, "aux"))
        )
        and not any(c.i > trigger.i for c in text.parse.children(trigger.i, "ccomp", "dobj"))
        and any(cue.act == "say" and takes(cue, candidate.frame) for cue in cues_of(trigger, cues))
    )


def _prefer_clauses(text: Text, candidates: Sequence[Candidate], scores: Numbers, told_to: Set[str]) -> None:
    """Give the score of what follows a verb of telling to the clause in it: whom it is told is no part of it."""
    clauses = {
        c.trigger: n
        for n, c in enumerate(candidates)
        if c.frame == "ccomp" and text.tokens[c.parts[0][0]].lower == "that" and text.tokens[c.trigger].lemma in told_to
    }
    for number, candidate in enumerate(candidates):
        clause = clauses.get(candidate.trigger)
        if clause is not None and candidate.frame == "rest" and scores[number] > scores[clause]:
            scores[clause], scores[number] = scores[number], 0.0


def _chosen(
    text: Text, candidates: Sequence[Candidate], scores: Sequence[float], threshold: float, cues: CueLexicon
) -> list[Attribution]:
    deeds = frozenset(cues.deeds)
    likely = [n for n, c in enumerate(candidates) if scores[n] >= threshold and not _is_deed(text, c, deeds)]
    contents = {n: characters(text, whole(text, candidates[n], cues)) for n in likely}
    chosen = choose({n: scores[n] for n in likely}, {n: candidates[n].trigger for n in likely}, contents, threshold)
    return [Attribution(candidates[n], contents[n]) for n in chosen]


def _with_their_sources(
    text: Text, found: Sequence[Attribution], scores: Mapping[Candidate, float], cues: CueLexicon
) -> list[Attribution]:
    """The attributions with the sources that the second trained part gives those of the ranking.

    ``why`` names it where it took another source than the rules'.
    """
    ranked_ones = [one for one in found if one.candidate in scores]
    sourced = [one for one in found if one.candidate not in scores]
    given = with_sources(text, [one.candidate for one in ranked_ones], cues)
    for one, candidate in zip(ranked_ones, given, strict=True):
        models = MODEL if candidate.source == one.candidate.source else f"{MODEL}, {SOURCE_MODEL}"
        score = round(scores[one.candidate], 3)
        sourced.append(Attribution(candidate, one.content, (models, score)))
    return sourced


def _holds_word(text: Text, candidate: Candidate, knowledge: Knowledge) -> bool:
    """Whether a noun with an owner stands for his words: "few believed the junta's assurance that elections follow"."""
    if candidate.frame not in _NOUN_CLAUSES or candidate.owner not in ("possessor", "by"):
        return False
    trigger, source = text.tokens[candidate.trigger], candidate.source_head
    if trigger.lemma in knowledge.cues.ambiguous or text.tokens[candidate.parts[0][0]].lower != "that":
        return False
    if source is None or text.tokens[source].lower in knowledge.cues.no_third_person:
        return False
    return any(takes(cue, candidate.frame) for cue in cues_of(trigger, knowledge.cues))


def _reported_inside(text: Text, candidate: Candidate, knowledge: Knowledge, spoken: bool) -> bool:
    """Whether a quotation, or a turn of a transcript, reports what somebody says or holds ("The US assumes that ...").

    The ranking's training articles do not mark these, so the lexicon alone decides: a listed cue that holds a whole
    clause opened by "that", and a source in the third person.
    """
    trigger = text.tokens[candidate.trigger]
    if (
        candidate.frame != "ccomp"
        or not (spoken or text.inside[trigger.i] >= 0)
        or candidate.owner not in ("subject", "modified")
    ):
        return False
    if trigger.lemma in knowledge.cues.ambiguous:
        return False
    source = text.tokens[candidate.source_head] if candidate.source_head is not None else None
    if (
        source is None
        or source.lower in knowledge.cues.no_third_person
        or text.tokens[candidate.parts[0][0]].lower != "that"
    ):
        return False
    return any(takes(cue, "ccomp") for cue in cues_of(trigger, knowledge.cues))


def _holds(outer: Candidate, inner: Candidate) -> bool:
    """Whether a report and its content stand in what another reports."""
    if outer.trigger == inner.trigger or not any(a <= inner.trigger < b for a, b in outer.parts):
        return False
    return outer.parts[0][0] <= inner.parts[0][0] and inner.parts[-1][1] <= outer.parts[-1][1]


def _is_aside(text: Text, trigger: int, asides: Set[str]) -> bool:
    """Whether a word belongs to a turn of phrase that reports nothing: "that said", "thank you"."""
    tokens = text.tokens
    before = f"{tokens[trigger - 1].lower} {tokens[trigger].lower}" if trigger else ""
    after = [t.lower for t in tokens[trigger : trigger + 2]]
    return (before in asides and after[1:] == [","]) or " ".join(after) in asides


def _is_deed(text: Text, candidate: Candidate, deeds: Set[str]) -> bool:
    """Whether a candidate is something done to its object rather than said of it."""
    frame = candidate.frame.partition("/")[0]
    return frame in _OBJECT_FRAMES and text.tokens[candidate.trigger].lemma in deeds
