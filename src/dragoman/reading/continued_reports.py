"""Corrects where the parser hangs a report that goes on.

In "said that A, adding that B" it takes the second verb for a part of what the first one tells, and in "told the paper
in an interview that A" the clause for a description of the interview. The words decide: who has said something adds,
notes and stresses.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from dragoman.knowledge.cues import CueLexicon

if TYPE_CHECKING:
    from dragoman.reading.parse import Token

_BELOW = frozenset(("advcl", "conj", "acl", "xcomp", "pcomp", "prep", "pobj", "dobj", "relcl"))
_FINITE = frozenset(("VBD", "VBZ", "VBP"))
_MARKS = frozenset(('"', "“", "”", "''", "``"))
_HIGHEST = 4  # words between the verb that goes on and the clause that it was hung in


def continue_reports(tokens: Sequence[Token], cues: CueLexicon) -> None:
    """Hang each report that goes on on the verb of saying that it continues. Changes ``head``, ``dep`` and children."""
    continuing, occasions, channels = (frozenset(words) for words in (cues.continuing, cues.occasions, cues.channels))
    for token in tokens:
        if token.dep in ("advcl", "conj", "acl") and token.lemma in continuing:
            _hang_on_report(tokens, token, cues)
        elif token.dep == "conj" and token.tag == "VBD":
            _hang_beside_report(tokens, token, cues)
        elif token.dep == "prep" and token.lower in ("on", "in", "via"):
            _take_channel_from_source(tokens, token, channels)
        elif token.dep in ("relcl", "acl") and tokens[token.head].dep == "pobj":
            _take_from_occasion(tokens, token, occasions, cues)


def _hang_on_report(tokens: Sequence[Token], verb: Token, cues: CueLexicon) -> None:
    goes_on = any(tokens[c].dep == "ccomp" and c > verb.i for c in verb.children)
    if not goes_on or _reports(tokens[verb.head], cues):
        return
    said = _said_above(tokens, verb, cues)
    if said is None:
        return
    if verb.tag == "VBG":
        if tokens[verb.i - 1].text == "," or tokens[verb.i - 2].text == ",":
            _hang(tokens, verb, said, "advcl")
    elif verb.tag == said.tag and verb.dep == "conj" and not _has_subject(tokens, verb):
        _hang_as_second(tokens, verb, said)


def _hang_beside_report(tokens: Sequence[Token], verb: Token, cues: CueLexicon) -> None:
    """``said the town will hold and warned that``: two past tenses are joined, not what is told and one of them."""
    told = tokens[verb.head]
    said = _said_above(tokens, verb, cues)
    if said is None or said.tag != "VBD" or told.dep != "ccomp" or told.head != said.i or _has_subject(tokens, verb):
        return
    if any(tokens[c].dep in ("aux", "auxpass") for c in verb.children) or _reports(told, cues):
        return
    finite = {told.tag, *(tokens[c].tag for c in told.children if tokens[c].dep in ("aux", "auxpass"))}
    says_more = _reports(verb, cues) and any(tokens[c].dep == "ccomp" and c > verb.i for c in verb.children)
    if says_more and ("VBD" not in finite or told.tag != "VBD"):
        _hang_as_second(tokens, verb, said)


def _hang_as_second(tokens: Sequence[Token], verb: Token, said: Token) -> None:
    """Hang a verb, with the "and" before it, on the one that it is joined to."""
    for joining in [c for c in tokens[verb.head].children if tokens[c].dep == "cc" and c < verb.i][-1:]:
        _hang(tokens, tokens[joining], said, "cc")
    _hang(tokens, verb, said, "conj")


def _said_above(tokens: Sequence[Token], verb: Token, cues: CueLexicon) -> Token | None:
    """The verb of saying in whose content the parser hung a verb, where no quotation lies between them."""
    node = tokens[verb.head]
    for _ in range(_HIGHEST):
        if node.dep == "ccomp" or node.head == node.i or node.dep not in _BELOW:
            break
        node = tokens[node.head]
    said = tokens[node.head]
    if node.dep != "ccomp" or not said.i < node.i < verb.i or said.tag not in _FINITE or not _reports(said, cues):
        return None
    quoted = any(tokens[i].text in _MARKS for i in range(said.i, verb.i))
    return None if quoted else said


def _take_from_occasion(tokens: Sequence[Token], clause: Token, occasions: Set[str], cues: CueLexicon) -> None:
    """``told the paper in an interview on Friday that A``: A is told, it does not describe the interview or the day."""
    opened = any(tokens[c].dep == "mark" and tokens[c].lower == "that" for c in clause.children)
    if not opened or not _has_subject(tokens, clause):
        return
    noun = tokens[clause.head]
    of_telling = False
    for _ in range(_HIGHEST):
        of_telling = of_telling or noun.lemma in occasions or noun.ent == "DATE"
        above = tokens[tokens[noun.head].head]
        if noun.dep != "pobj" or tokens[noun.head].dep != "prep":
            return
        if above.pos == "VERB":
            break
        noun = above
    told = any(tokens[c].dep == "ccomp" and c > above.i for c in above.children)
    if of_telling and above.i < noun.i and not told and _reports(above, cues):
        _hang(tokens, clause, above, "ccomp")


def _take_channel_from_source(tokens: Sequence[Token], preposition: Token, channels: Set[str]) -> None:
    """``reported by the Air Force on Telegram``: where it is reported, not a force of that name."""
    agent = tokens[preposition.head]
    named = [tokens[c] for c in preposition.children if tokens[c].dep == "pobj"]
    if agent.dep == "pobj" and tokens[agent.head].dep == "agent" and named and named[0].lower in channels:
        _hang(tokens, preposition, tokens[tokens[agent.head].head], "prep")


def _hang(tokens: Sequence[Token], token: Token, head: Token, dep: str) -> None:
    tokens[token.head].children.remove(token.i)
    token.head, token.dep = head.i, dep
    head.children.append(token.i)
    head.children.sort()


def _has_subject(tokens: Sequence[Token], verb: Token) -> bool:
    return any(tokens[c].dep in ("nsubj", "nsubjpass", "expl") for c in verb.children)


def _reports(token: Token, cues: CueLexicon) -> bool:
    """Whether a word is listed as a verb that says a clause."""
    if token.pos != "VERB":
        return False
    return any(cue.act == "say" and "clause" in cue.takes for cue in cues.of("verb", token.lemma))
