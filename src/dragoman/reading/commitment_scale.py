"""How far a text commits to an embedded clause, as a number from -3 (certainly not) to 3 (certainly).

The number is a weighted sum of what ``factuality`` sees: its value, the class of the embedding verb, and
the environment (negation, modal, question, conditional), with the person and tense of the verb. The weights
are ``lexicons/claims/scale.yml``; the idea of the features follows de Marneffe, Simons and Tonhauser (2019).
"""

from __future__ import annotations

from collections.abc import Mapping

from dragoman.knowledge import Knowledge
from dragoman.reading.factuality import assess, negated
from dragoman.reading.parse import Parse, Token

_FIRST = frozenset(("i", "we"))
_SECOND = frozenset(("you",))
_POLAR = frozenset(("any", "anybody", "anyone", "anything", "ever", "either", "much", "yet", "anywhere"))
_LIMIT = 3.0


def commitment_score(features: Mapping[str, float], scale: Mapping[str, float]) -> float:
    """The weighted sum of the features, kept within -3 to 3."""
    total = scale.get("constant", 0.0) + sum(value * scale.get(name, 0.0) for name, value in features.items())
    return max(-_LIMIT, min(_LIMIT, total))


def commitment_features(parse: Parse, verb: int, clause: int, knowledge: Knowledge) -> dict[str, float]:
    """The features by name.

    Args:
        parse: the parsed text.
        verb: the embedding verb's token.
        clause: the token that heads the embedded clause.
        knowledge: the lexicons.
    """
    tokens = parse.tokens
    token = tokens[verb]
    kind = _class_of(token, knowledge)
    setting = environment(parse, token, knowledge)
    subject = _subject(parse, token)
    person = "first" if subject in _FIRST else "second" if subject in _SECOND else "third"
    past = token.tag in ("VBD", "VBN") or any(tokens[c].lower in ("did", "had", "was", "were") for c in token.children)
    tense = "past" if past else "present"
    below = [tokens[i] for i in parse.subtree(clause)][:40]
    inner = {tokens[c].lower for c in tokens[clause].children}
    names = [
        f"value {assess(parse, clause, knowledge).value}",
        f"own {assess(parse, clause, knowledge, clause).value}",
        f"class {kind}",
        f"{kind} {setting}",
        f"environment {setting}",
        f"{setting} {person}",
        f"{setting} {tense}",
        f"{kind} {person} {tense} {setting}",
        f"person {person}",
        f"tense {tense}",
    ]
    if not _POLAR.isdisjoint(t.lower for t in below):
        names.append(f"polarity item {setting}")
    if not inner.isdisjoint(knowledge.commitment.modals):
        names.append(f"modal inside {setting}")
    if negated(parse, tokens[clause], knowledge.commitment) is not None:
        names.append(f"negated inside {setting}")
    if tokens[clause].tag == "VBD" or not inner.isdisjoint(("had", "was", "were", "did")):
        names.append(f"past inside {setting}")
    return dict.fromkeys(names, 1.0)


def _class_of(token: Token, knowledge: Knowledge) -> str:
    for signature in knowledge.commitment.governors.get(token.lemma, ()):
        if "ccomp" in signature.takes:
            return signature.name
    cues = knowledge.cues.of("verb", token.lemma)
    return cues[0].name.removeprefix("verb:") if cues else "other"


def _subject(parse: Parse, token: Token) -> str:
    for node in (token.i, *parse.ancestors(token.i)):
        for child in parse.children(node, "nsubj", "nsubjpass"):
            return child.lower
    return ""


def environment(parse: Parse, token: Token, knowledge: Knowledge) -> str:
    """What stands around an embedding verb: conditional, question, modal, negation, or plain."""
    lexicon = knowledge.commitment
    nodes = [token, *(parse.tokens[a] for a in parse.ancestors(token.i))]
    modal = False
    for node in nodes:
        if any(m.lower in lexicon.conditions for m in parse.children(node.i, "mark")):
            return "conditional"
        if node is token or token.dep in ("xcomp", "conj", "ccomp"):
            if negated(parse, node, lexicon) is not None:
                return "negation"
            modal = modal or any(
                c.tag == "MD" or c.lower in lexicon.adverbs for c in parse.children(node.i, "aux", "advmod")
            )
    sentence = parse.sentences[token.sent]
    words = parse.tokens[sentence.first : sentence.last]
    if words[-1].text == "?" or words[0].tag in ("WP", "WRB", "WDT"):
        return "question"
    return "modal" if modal else "plain"
