"""What the words around a place-name say: whether it is a place here, and which one."""

from __future__ import annotations

from dragoman.knowledge.gazetteer import Gazetteer
from dragoman.knowledge.place_names import fold_place_name
from dragoman.reading.parse import Parse, Sentence

_PLACE_LABELS = frozenset(("GPE", "LOC", "FAC"))


def follows_locative(parse: Parse, first: int, last: int, sentence: Sentence, gazetteer: Gazetteer) -> bool:
    """Whether the words say that a name is a place: a locative word before it, or "region", "border" after it."""
    tokens = parse.tokens
    i = first - 1
    while i >= sentence.first and tokens[i].lower in gazetteer.skipped:
        if tokens[i].lower in gazetteer.heads:
            return True
        i -= 1
    if i >= sentence.first and tokens[i].lower in gazetteer.locative:
        return True
    if i > sentence.first and tokens[i].lower in ("and", "or", ",") and tokens[i - 1].text[0].isupper():
        return _listed_after_locative(parse, i, sentence, gazetteer)
    return last < sentence.last and tokens[last].lower in gazetteer.heads


def _listed_after_locative(parse: Parse, i: int, sentence: Sentence, gazetteer: Gazetteer) -> bool:
    """In "in Kharkiv, Sumy and Poltava" the preposition holds for all."""
    tokens = parse.tokens
    while i >= sentence.first and (tokens[i].text[0].isupper() or tokens[i].lower in ("and", "or", ",", "the")):
        i -= 1
    return i >= sentence.first and tokens[i].lower in gazetteer.locative


def qualifiers_after(parse: Parse, last: int, sentence: Sentence, gazetteer: Gazetteer) -> tuple[str, ...]:
    """The country codes or divisions that stand right after a name: "Paris, Texas", "Kursk in Russia".

    Two where a state and a country share a name ("Athens, Georgia"), the state first.
    """
    tokens = parse.tokens
    if last + 1 >= sentence.last or tokens[last].lower not in (",", "in", "("):
        return ()
    comma = tokens[last].lower == ","
    i = last + 1 + (tokens[last + 1].lower in gazetteer.parts)
    for end in range(min(i + 3, sentence.last), i, -1):
        folded = fold_place_name(parse.text[tokens[i].start : tokens[end - 1].end])
        if folded in gazetteer.qualifiers and comma and tokens[i].text[0].isupper():
            return (gazetteer.qualifiers[folded],)
        sites = [
            site
            for site in gazetteer.listed.get(folded, ())
            if site.feature in gazetteer.country_features or site.country
        ]
        if sites:
            states = [site.division for site in sites if site.feature == "state" and comma]
            others = [site.country for site in sites if site.feature != "state" and site.country]
            return tuple(dict.fromkeys((*states, *others))) or tuple(site.country for site in sites if site.country)
    return ()


def inside_name(parse: Parse, first: int, last: int, gazetteer: Gazetteer) -> bool:
    """Whether a place-name is only a part of another name: a person's, an organisation's, an agreement's."""
    tokens = parse.tokens
    token, final = tokens[first], tokens[last - 1]
    before = tokens[first - 1] if first else None
    after = tokens[last] if last < len(tokens) else None
    joined = after is not None and after.sent == token.sent and after.pos == "PROPN" and after.text[0].isupper()
    if (
        joined
        and after is not None
        and after.lower not in gazetteer.heads
        and final.dep in ("compound", "nmod", "amod")
    ):
        return after.i in (final.head, *parse.ancestors(final.i)) and after.ent not in _PLACE_LABELS
    if token.ent == "PERSON" and (
        (before is not None and before.ent == "PERSON") or (after is not None and after.ent == "PERSON")
    ):
        return True
    if before is not None and before.sent == token.sent and before.head == token.i and before.dep == "compound":
        return before.pos == "PROPN" and before.text[0].isupper() and token.ent in ("PERSON", "ORG")
    return False
