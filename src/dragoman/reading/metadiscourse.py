"""Talk about the talk (metadiscourse; Hyland 2005): who speaks next, what speakers turn to or will not speak of.

"May I ask you to say that again", "let me start with", "I'll let the ministry speak to that": nothing happens
by it, and nothing is foretold.
"""

from __future__ import annotations

from dragoman.knowledge.cues import CueLexicon
from dragoman.reading.parse import Parse, Token

_DEEPEST = 3  # steps up from a verb to the one whose speaker it shares


class Metadiscourse:
    """Look-ups by the lists of ``lexicons/claims/cues_talk.yml``."""

    __slots__ = ("_addressed", "_entered", "_granting", "_handed_on", "_handing", "_speakers", "_taken", "_talking")

    def __init__(self, cues: CueLexicon) -> None:
        self._speakers = frozenset(cues.lone_first_person)
        self._addressed = frozenset(cues.second_person)
        self._talking = frozenset(cues.talking)
        self._entered = frozenset(cues.entered)
        self._granting = frozenset(cues.granting)
        self._handed_on = frozenset(cues.handed_on)
        self._handing = frozenset(cues.handing_on)
        self._taken = frozenset(cues.taking)

    def holds(self, parse: Parse, verb: Token) -> bool:
        """Whether a predicate is about the talk itself."""
        lemma = verb.lemma.lower()
        if lemma in self._handing and self._names_turn(parse, verb, "nsubj"):
            return True
        about = lemma in self._talking
        about = about or (lemma in self._taken and self._names_turn(parse, verb, "dobj"))
        about = about or (lemma in self._entered and any(c.lower == "into" for c in parse.children(verb.i, "prep")))
        return about and self._is_speakers(parse, verb)

    def _names_turn(self, parse: Parse, verb: Token, role: str) -> bool:
        return any(child.lemma.lower() in self._handed_on for child in parse.children(verb.i, role))

    def _is_speakers(self, parse: Parse, verb: Token) -> bool:
        """Whether the speaker does it, asks the hearer to ("could you repeat"), or leaves it to others."""
        for _ in range(_DEEPEST):
            subjects = [child.lower for child in parse.children(verb.i, "nsubj")]
            if not self._speakers.isdisjoint(subjects):
                return True
            if not self._addressed.isdisjoint(subjects):
                return self._is_asked(parse, verb)
            above = parse.tokens[verb.head]
            if verb.dep not in ("xcomp", "ccomp") or above.i == verb.i:
                return False
            others = subjects or [c.lower for c in parse.children(above.i, "dobj", "dative")]
            if above.lemma.lower() not in self._granting and not self._addressed.issuperset(others):
                return False
            verb = above
        return False

    def _is_asked(self, parse: Parse, verb: Token) -> bool:
        return parse.tokens[parse.sentences[verb.sent].last - 1].text == "?"
