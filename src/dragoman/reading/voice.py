"""Active and passive: whether a verb's subject does what it says or undergoes it."""

from __future__ import annotations

from dragoman.reading.parse import Parse, Token

_PARTICIPLES = ("VBN", "VBD")  # the tagger mixes them up where they look alike
_ACTIVE = frozenset({"aux", "dobj", "ccomp", "xcomp"})  # what a participle that goes on a passive has not


def is_passive(parse: Parse, verb: Token) -> bool:
    """Whether a verb stands in the passive, as a participle after its noun ("troops backed by X") too."""
    deps = {child.dep for child in parse.children(verb.i)}
    if deps & {"nsubjpass", "auxpass"}:
        return True
    if verb.dep == "acl":
        # "the fact that Chad has supported": a clause of its own
        return verb.tag == "VBN" and "nsubj" not in deps and not _is_main(parse, verb, deps)
    if verb.dep == "conj" and verb.tag == "VBN" and "agent" in deps and not deps & _ACTIVE:
        return True  # "carrying oil and seized by Fiji"
    if is_absolute(parse, verb):
        return "dobj" not in deps
    if is_state_found(parse, verb):
        return not deps & _ACTIVE
    # "was seized and beaten", "were killed and a village razed": the auxiliary is shared
    shares = verb.dep == "conj" and verb.tag in _PARTICIPLES and not deps & _ACTIVE
    above = parse.tokens[verb.head]
    return shares and (verb.tag == "VBN" or "nsubj" in deps) and above.i != verb.i and is_passive(parse, above)


def is_finite_passive(parse: Parse, verb: Token) -> bool:
    """Whether a passive tells that something was done, as headlines and "with ten people killed" do too."""
    if parse.sentences[verb.sent].headline or parse.children(verb.i, "auxpass"):
        return True
    above = parse.tokens[verb.head]
    if is_state_found(parse, verb) or (verb.dep == "conj" and verb.tag in _PARTICIPLES):
        return is_passive(parse, verb) and is_finite_passive(parse, above)
    if is_absolute(parse, verb):
        return True
    absolute = verb.dep == "acl" and above.dep == "pobj" and parse.tokens[above.head].lower == "with"
    return absolute and bool(parse.children(above.i, "nummod"))


def is_state_found(parse: Parse, verb: Token) -> bool:
    """Whether a participle says in what state somebody was found or left: "were found murdered"."""
    above = parse.tokens[verb.head]
    bare = verb.tag == "VBN" and verb.dep in ("oprd", "acomp", "xcomp") and above.pos == "VERB"
    return bare and bool(parse.children(above.i, "auxpass"))


def is_absolute(parse: Parse, verb: Token) -> bool:
    """Whether a participle has a subject behind "with": "with ten people killed"."""
    behind = verb.dep == "pcomp" and parse.tokens[verb.head].lower == "with"
    return behind and verb.tag == "VBN" and bool(parse.children(verb.i, "nsubj"))


def _is_main(parse: Parse, verb: Token, deps: set[str]) -> bool:
    """Whether a participle is the verb of a sentence that hangs on its subject: "The envoy, Ann Li, protested"."""
    subject = parse.tokens[verb.head]
    if subject.dep != "ROOT" or "agent" in deps or parse.sentences[verb.sent].headline:
        return False
    aside = parse.tokens[verb.i - 1].text == "," and bool(parse.children(subject.i, "appos"))
    return aside or not deps.isdisjoint(("dobj", "oprd"))


def is_verb_misread(parse: Parse, token: Token) -> bool:
    """Whether a noun is a headline's verb, since it has an object: "Togo Summons Benin's Envoy"."""
    alone = token.head == token.i and token.pos in ("NOUN", "PROPN") and parse.sentences[token.sent].headline
    return alone and bool(parse.children(token.i, "dobj"))
