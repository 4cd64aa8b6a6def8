"""Claims about what had not happened when they were made, and could be checked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.commitment import CommitmentLexicon
from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.chances import chance_in
from dragoman.reading.draft import ClaimDraft, Commitment, Draft
from dragoman.reading.factuality import assess, is_held_likely, on_course
from dragoman.reading.metadiscourse import Metadiscourse
from dragoman.reading.parse import Parse, Sentence, Token
from dragoman.records import Interval, Prediction, Span, Why

Range = tuple[int, int]
Spoken = tuple[int, int, int]
"""Start and end of a claim's part, and the claim's number."""

AUTHOR = "prediction in the author's voice"
"""The rule of a claim that nobody but the author makes."""

_MARKS = '“”"'
_TELLING = frozenset(("ROOT", "ccomp", "xcomp", "conj", "parataxis", "relcl", "acl", "attr", "csubj"))


class _Words:
    """The lexicon's words of futurity, to look up."""

    __slots__ = (
        "addressed", "ahead", "commitment", "conditions", "courses", "future", "habits", "hinging", "idle", "outlook",
        "phrases", "possible", "reminding", "talk", "talkers", "undergone",
    )  # fmt: skip

    def __init__(self, cues: CueLexicon, commitment: CommitmentLexicon) -> None:
        self.commitment = commitment
        self.courses = frozenset(commitment.courses)
        self.habits = frozenset(cues.habits)
        self.phrases = cues.talk_phrases
        self.addressed = frozenset(cues.second_person)
        self.reminding = frozenset(cues.reminding)
        self.undergone = frozenset(cues.undergone)
        self.future = frozenset(cues.future_auxiliaries)
        self.possible = frozenset(cues.open_auxiliaries)
        self.ahead = frozenset(cues.ahead)
        self.outlook = (
            self.future | self.possible | self.ahead | self.courses | frozenset((*cues.outlook, *commitment.surprises))
        )
        self.idle = frozenset(cues.idle)
        self.conditions = frozenset(cues.condition_marks)
        self.hinging = frozenset(cues.hinging)
        self.talk = Metadiscourse(cues)
        self.talkers = frozenset((*cues.lone_first_person, *cues.second_person))


def find_predictions(draft: Draft, claims: Sequence[ClaimDraft], knowledge: Knowledge) -> list[ClaimDraft]:
    """The claims with their predictions, and further claims for those that stand inside longer ones.

    A sentence inside a quotation of several becomes a claim of its own under that one; a sentence in the
    author's own voice becomes a claim without source and cue.
    """
    found: list[ClaimDraft] = []
    taken: set[int] = set()
    words = _Words(knowledge.cues, knowledge.commitment)
    relayed = {claim.relayed_by for claim in claims if claim.relayed_by is not None}
    for claim in claims:
        passes_on = claim.cue is not None and claim.cue[0] in relayed  # whoever it cites foretells
        head = None if passes_on else _ahead_in_claim(draft, claim, words)
        if head is None or _is_anothers(draft.parse, head, claim, claims):
            found.append(claim)
            continue
        taken.add(head)
        foretold = replace(claim, prediction=_prediction(draft, claim.parts, head, words))
        found.append(_as_sure_as(foretold, assess(draft.parse, head, knowledge, claim.head)))
    spoken = [(start, end, number) for number, claim in enumerate(claims) for start, end in claim.parts]
    for sentence in draft.parse.sentences:
        for head in _ahead_in_sentence(draft.parse, sentence, words):
            if taken.isdisjoint(_chain(draft.parse, head)):
                taken.add(head)
                found.append(_own_claim(draft, sentence, head, spoken, knowledge, words))
                break
        else:
            found.extend(_of_chances(draft, sentence, spoken, knowledge, words))
    return found


def _is_anothers(parse: Parse, head: int, claim: ClaimDraft, claims: Sequence[ClaimDraft]) -> bool:
    """Whether what lies ahead is told in a claim that this one only passes on: "He says she expects that ..."."""
    start, end = claim.parts[0][0], claim.parts[-1][1]
    place = parse.tokens[head].start
    return any(
        other.cue is not None
        and other.source is not None
        and start <= parse.tokens[other.cue[0]].start < end
        and any(first <= place < last for first, last in other.parts)
        for other in claims
        if other is not claim
    )


def _as_sure_as(claim: ClaimDraft, foretold: Commitment) -> ClaimDraft:
    """The claim no surer than of what it foretells: "is expected to answer" is certain of the expectation alone."""
    if claim.commitment.value not in ("CT+", "CT-") or foretold.value[:2] == "CT":
        return claim
    # what is planned or expected is open as such, and foretold as probable
    return replace(claim, commitment=replace(foretold, value="PR+") if foretold.value == "Uu" else foretold)


def _chain(parse: Parse, head: int) -> set[int]:
    return {head, *(a for a, _ in zip(parse.ancestors(head), range(3), strict=False))}


def _ahead_in_claim(draft: Draft, claim: ClaimDraft, words: _Words) -> int | None:
    """The token that heads what a claim of one sentence says of the future."""
    parse = draft.parse
    if claim.head is None or claim.act in ("ask", "deny"):
        return None
    start, end = claim.parts[0][0], claim.parts[-1][1]
    token = parse.tokens[claim.head]
    last = parse.tokens[max(token.i, parse.token_at(end) - 1)]
    if last.sent - token.sent > 1 or (claim.commitment.value == "Uu" and last.text == "?"):
        return None
    outlook = claim.act in ("expect", "intend") and claim.commitment.value[:2] in ("CT", "PR", "PS")
    if outlook and _was_not(parse, claim):
        return None
    if outlook and token.tag in ("VB", "MD") and claim.cue is not None and not _asks(parse, token):
        return token.i
    for head in _clauses(parse, token.i):
        if start <= parse.tokens[head].start < end and _ahead(parse, parse.tokens[head], words):
            return head
    return None


def _was_not(parse: Parse, claim: ClaimDraft) -> bool:
    """Whether nobody expected or intended, once: "did not hesitate to fire", "did not plan to stay"."""
    if claim.cue is None:
        return False
    around = [t for i in range(*claim.cue) for t in parse.children(i, "aux", "neg")]
    return any(t.dep == "neg" for t in around) and any(t.tag == "VBD" for t in around)


def _clauses(parse: Parse, head: int) -> Iterator[int]:
    yield head
    yield from (c.i for c in parse.children(head, "advcl"))  # of these only "(not) surprised if" looks ahead
    for child in parse.children(head, "ccomp", "conj", "xcomp", "acomp"):
        yield child.i
        if child.dep != "conj":  # "backed the deal and suggested that it could be widened" foretells nothing
            yield from (c.i for c in parse.children(child.i, "ccomp", "xcomp"))


def _ahead_in_sentence(parse: Parse, sentence: Sentence, words: _Words) -> Iterator[int]:
    if words.outlook.isdisjoint(parse.tokens[i].lower for i in sentence):
        return
    spoken = parse.sentence_span(sentence.index).quote.lower()
    if parse.tokens[sentence.last - 1].text == "?" or any(phrase in spoken for phrase in words.phrases):
        return
    told = parse.tokens[sentence.root].tag == "VBD"
    for i in sentence:
        token = parse.tokens[i]
        if token.pos not in ("VERB", "AUX", "ADJ") or token.dep not in _TELLING:
            if token.dep == "advcl" and _stands_for_main(parse, token, words):
                yield i
            continue
        # "he did what he could" tells of the past: below a past root only another main clause looks ahead
        main = not told or i == sentence.root or token.dep in ("conj", "parataxis")
        if main and _ahead(parse, token, words):
            yield i


def _stands_for_main(parse: Parse, clause: Token, words: _Words) -> bool:
    """Whether a clause beside the main one is what is foretold: "not surprised if it fell", "on track to approve"."""
    if is_held_likely(parse, clause, words.commitment):
        return True
    copula = parse.tokens[clause.head]
    purpose = any(c.lower == "to" for c in parse.children(clause.i, "aux"))
    return purpose and copula.tag != "VBD" and on_course(parse, copula, words.commitment) is not None


def _of_chances(
    draft: Draft, sentence: Sentence, spoken: Sequence[Spoken], knowledge: Knowledge, words: _Words
) -> Iterator[ClaimDraft]:
    """What a chance in numbers is of, where that is a noun: "they put the odds of a war at 60 percent"."""
    parse, lexicon = draft.parse, knowledge.commitment
    announcing = [t for t in parse.tokens[sentence.first : sentence.last] if t.lower in lexicon.announcing]
    if not announcing or chance_in(parse.span(sentence.first, sentence.last).quote, lexicon) is None:
        return
    for token in announcing:
        named = [n for c in parse.children(token.i, "prep") if c.lower == "of" for n in parse.children(c.i, "pobj")]
        if not named:
            continue
        own = _own_claim(draft, sentence, named[0].i, spoken, knowledge, words)
        giver = parse.tokens[token.head]
        subjects = parse.children(giver.i, "nsubj") if token.dep == "dobj" and giver.pos == "VERB" else []
        if not subjects:
            yield own
            return
        source, content = parse.subtree(subjects[0].i), parse.subtree(token.i)
        last = max([content[-1], *(parse.subtree(c.i)[-1] for c in parse.children(giver.i, "prep") if c.i > token.i)])
        span = parse.span(content[0], last + 1)
        part = (span.start, span.end)
        yield replace(
            own, source=(source[0], source[-1] + 1), cue=(giver.i, giver.i + 1), parts=(part,), kind="indirect",
            act="expect", why=Why("prediction by a number"), parent=None,
            prediction=_prediction(draft, (part,), named[0].i, words),
        )  # fmt: skip
        return


def _ahead(parse: Parse, token: Token, words: _Words) -> bool:
    """Whether a predicate lies in the future of whoever speaks: will, going to, likely to, may with a bare verb."""
    children = [parse.tokens[c] for c in token.children]
    around = {c.lower for c in children if c.dep in ("aux", "acomp")}
    perfect = "have" in around and token.tag in ("VBN", "VBD")
    if perfect or _is_idle(children, token, words) or _asks(parse, token) or words.talk.holds(parse, token):
        return False
    if is_held_likely(parse, token, words.commitment):
        return True
    if not around.isdisjoint(words.future):
        return True
    if token.dep == "acl" and "to" in around and parse.tokens[token.head].lemma in words.courses:
        return True  # "on track to"
    if token.dep == "xcomp" and "to" in around:
        above = parse.tokens[token.head]
        tensed = {parse.tokens[c].lower for c in above.children}
        ahead = above.lower in words.ahead or on_course(parse, above, words.commitment) is not None
        return ahead and tensed.isdisjoint(("was", "were", "had")) and above.tag != "VBD"
    if around.isdisjoint(words.possible):
        return False
    first = any(c.dep == "nsubj" and c.lower in words.talkers for c in children)
    if token.dep in ("relcl", "acl") and parse.tokens[token.head].dep not in ("attr", "ROOT"):
        return False
    # "could not be reached": what somebody was not able to do
    denied = any(c.dep == "neg" or c.lower in ("neither", "nor") for c in children)
    negative = denied and not around.isdisjoint(("should", "can", "ca", "could"))
    return not first and not negative and token.tag in ("VB", "VBN") and "should" not in around and token.dep != "advcl"


def _is_idle(children: Sequence[Token], token: Token, words: _Words) -> bool:
    """Whether a predicate tells nothing that could come true: "we will see", "you will recall", "would often visit"."""
    if token.lemma in words.reminding and any(c.dep == "nsubj" and c.lower in words.addressed for c in children):
        return True
    if any(c.dep == "advmod" and c.lower in words.habits for c in children):
        return any(c.dep == "aux" and c.lower in words.possible for c in children)
    undergone = token.lemma in words.undergone and any(c.dep == "dobj" and c.pos in ("NOUN", "PROPN") for c in children)
    return token.lemma in words.idle and not undergone


def _asks(parse: Parse, token: Token) -> bool:
    """Whether a predicate is what a question asks ("who may cross it") or describes something within one."""
    asking = parse.children(token.i, "nsubj", "dobj", "advmod")
    words = [*asking, *(d for noun in asking for d in parse.children(noun.i, "det"))]  # "what impact it will have"
    if token.dep != "ROOT" and any(t.tag in ("WP", "WRB") or (t.dep == "det" and t.lower == "what") for t in words):
        return True
    if token.dep not in ("relcl", "acl"):
        return False
    return any(m.lower in ("whether", "if") for a in parse.ancestors(token.i) for m in parse.children(a, "mark"))


def _own_claim(
    draft: Draft,
    sentence: Sentence,
    head: int,
    spoken: Sequence[Spoken],
    knowledge: Knowledge,
    words: _Words,
) -> ClaimDraft:
    parse = draft.parse
    span = parse.span(sentence.first, sentence.last)
    position = parse.tokens[head].start
    around = [(end - start, number) for start, end, number in spoken if start <= position < end]
    parent = min(around)[1] if around else None
    part = (span.start, span.end)
    return ClaimDraft(
        sentence=sentence.index,
        source=None,
        cue=None,
        parts=(part,),
        head=head,
        kind="direct" if parent is not None else "indirect",
        act="say",
        why=Why("prediction inside a claim" if parent is not None else AUTHOR),
        parent=parent,
        commitment=assess(parse, head, knowledge, head),
        prediction=_prediction(draft, (part,), head, words),
    )


def _prediction(draft: Draft, parts: Sequence[Range], head: int, words: _Words) -> Prediction:
    start, end = parts[0][0], parts[-1][1]
    horizon = _horizon(draft, start, end)
    return Prediction(
        about=_bared(" ".join(draft.document.text[s:e] for s, e in parts)),
        horizon=horizon,
        condition=_condition(draft.parse, head, start, end, words),
        checkable=_checkable(draft, head, horizon),
    )


def _bared(text: str) -> str:
    """The words without marks around them; a mark that closes what is quoted within stays."""
    text = text.strip(" ,.")
    inner = text[1:-1]
    if text[:1] in _MARKS and not any(mark in inner for mark in _MARKS):
        return text.strip(f"{_MARKS} ,.")
    return text.lstrip(_MARKS) if sum(text.count(mark) for mark in _MARKS) % 2 else text


def _horizon(draft: Draft, start: int, end: int) -> Interval | None:
    """The first date inside the content that does not end by the text's publication."""
    published = draft.document.published or _latest(draft)
    for date in draft.dates:
        place = draft.parse.tokens[date.first].start
        if date.interval is None or not start <= place < end:
            continue
        limit, begins = date.interval.end, date.interval.start
        if limit is None:
            continue
        # "since 1953" ends on the day of publication, and tells of the past
        if published is None or limit > published[:10] or (begins is not None and begins >= published[:10]):
            return date.interval
    return None


def _latest(draft: Draft) -> str | None:
    """The latest start of a date in the text, which stands for "now" when the publication date is unknown."""
    return max((d.interval.start for d in draft.dates if d.interval and d.interval.start), default=None)


def _condition(parse: Parse, head: int, start: int, end: int, words: _Words) -> Span | None:
    """The clause that the prediction hangs on ("if ...", "depends on ...")."""
    for i in (head, *(a for a, _ in zip(parse.ancestors(head), range(2), strict=False))):
        for clause in parse.children(i, "advcl"):
            marks = [m for m in parse.children(clause.i, "mark") if m.lower in words.conditions]
            if marks and (marks[0].lower != "as" or parse.tokens[marks[0].i - 1].lower == "long"):
                below = parse.subtree(clause.i)
                return parse.span(below[0], below[-1] + 1)
        if parse.tokens[i].lemma in words.hinging:
            for preposition in parse.children(i, "prep"):
                below = parse.subtree(preposition.i)
                if start <= parse.tokens[below[0]].start < end:
                    return parse.span(below[0], below[-1] + 1)
    return None


def _checkable(draft: Draft, head: int, horizon: Interval | None) -> bool:
    """Whether an outsider could see it come true: an actor or a date is named, and something is done."""
    token = draft.parse.tokens[head]
    if token.lemma in ("be", "seem", "feel", "remain") and horizon is None:
        return bool(draft.parse.children(head, "attr")) and draft.parse.tokens[head].dep != "relcl"
    sentence = draft.parse.sentences[token.sent]
    named = any(sentence.first <= m.first < sentence.last for m in draft.mentions)
    return named or horizon is not None
