"""Names of actors in a sentence: the longest match of the lexicons, then what the recogniser holds for a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dragoman.knowledge.actor_spelling import SpellingRules
from dragoman.knowledge.actors import ActorEntry, ActorIndex, Form, fold
from dragoman.reading.actor_persons import is_first_name
from dragoman.reading.noun_phrases import singular
from dragoman.reading.parse import Entity, Parse, Sentence, Token

_RECOGNISED = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC"})
_CLAUSE_PLACES = frozenset({"nsubj", "nsubjpass", "dobj", "pobj", "dative", "appos", "conj", "poss"})
_NOT_NAMES = frozenset({
    "DATE", "TIME", "MONEY", "PERCENT", "ORDINAL", "CARDINAL", "QUANTITY", "LANGUAGE", "WORK_OF_ART", "LAW",
    "EVENT", "PRODUCT",
})  # fmt: skip
_NAME_TAGS = frozenset({"PROPN", "ADJ", "NOUN", "X"})
_BESIDE = 4  # words to either side of one in capitals that show whether all stand so
NOTHING = "nothing"  # label of names that act for nobody: they only keep their words from other readings


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A name over tokens ``first`` to ``last`` (exclusive). ``entries`` is empty for a name outside the lexicons."""

    first: int
    last: int
    entries: tuple[ActorEntry, ...]
    via: str
    label: str  # the recogniser's label where the name comes from it; NOTHING where it acts for nobody; else ""
    why: str = ""  # what decided, where it was not the name's own entry
    country: str | None = None  # of an unknown body: the state that its name holds ("Iraqi Judicial Council")
    long: str = ""  # of an abbreviation: the name that the text gives it


def find_names(
    parse: Parse,
    sentence: Sentence,
    index: ActorIndex,
    entities: Sequence[Entity],
    surnames: frozenset[str] = frozenset(),
) -> list[NameMatch]:
    """Names of a sentence, in text order, not overlapping; a dictionary beats the recogniser.

    Args:
        parse: the parsed text.
        sentence: one of its sentences.
        index: the lexicons.
        entities: what the recogniser holds for names in this sentence.
        surnames: those that the text gives with first names, in lower case.
    """
    tokens = parse.tokens
    pieces: list[str] = []
    owner: list[int] = []
    opening: list[int] = []  # the pieces that a name may begin with
    for i in sentence:
        folded = fold(tokens[i].text)
        if _may_open(tokens, i, index.spelling):
            opening += range(len(pieces), len(pieces) + len(folded))
        pieces += folded
        owner += [i] * len(folded)
    found: list[NameMatch] = []
    behind = 0  # the last name
    people = [(e.first, e.last) for e in entities if e.label == "PERSON" and e.last - e.first > 1]
    for position in opening:
        match = _lexicon_match(tokens, pieces, owner, position, index) if position >= behind else None
        if match is None:
            continue
        taken, name = match
        behind = position + taken
        if name.label == NOTHING or not (
            _is_persons_name(tokens, name, people, index)
            or _is_part(tokens, name, index)
            or _is_namesakes(tokens, name, people, index)
        ):
            # "U.S.-south Korea": the second name begins within the word that ends the first.
            within = bool(found) and found[-1].last > name.first
            name = replace(name, first=found[-1].last) if within else name
            if name.first < name.last:
                found.append(name)
    found += _recognised(parse, entities, found, index)
    found += _unrecognised(parse, sentence, found, index)
    found += _surname_first(parse, sentence, found, surnames)
    found.sort(key=lambda m: m.first)
    return found


def _is_persons_name(
    tokens: Sequence[Token], name: NameMatch, people: Sequence[tuple[int, int]], index: ActorIndex
) -> bool:
    """Whether a state's name is part of a person's: "Michael Jordan", but not "Jordan King Hussein"."""
    if name.via not in ("name", "alias", "metonym") or name.last - name.first > 1:
        return False
    if name.entries[0].kind not in ("state", "organisation"):
        return False
    within = [(first, last) for first, last in people if first <= name.first and name.last <= last]
    return bool(within) and not any(
        first == name.first and (is_body(tokens[last - 1], index) or tokens[name.last].lower in index.titles)
        for first, last in within
    )


def is_body(token: Token, index: ActorIndex) -> bool:
    """Whether a word is a noun of a body of people: "Police", "Council"."""
    return token.lemma.lower() in index.references.bodies or token.lower in index.references.bodies


def _is_namesakes(
    tokens: Sequence[Token], name: NameMatch, people: Sequence[tuple[int, int]], index: ActorIndex
) -> bool:
    """Whether a surname of the lexicons is part of another person's full name: "Anna Merkel"."""
    if name.last - name.first > 1 or any(entry.kind != "person" for entry in name.entries):
        return False
    for first, last in people:
        if not first <= name.first < last:
            continue
        begins = first
        while begins < name.first and (tokens[begins].lower in index.titles or not tokens[begins].text[0].isalpha()):
            begins += 1
        others = [tokens[k].text for k in (*range(begins, name.first), *range(name.last, last))]
        return not any(is_first_name(others, entry, index) for entry in name.entries)
    return False


def _is_part(tokens: Sequence[Token], name: NameMatch, index: ActorIndex) -> bool:
    """Whether a state's or capital's name only helps to name another: "Air France", "French-speaking"."""
    if name.entries[0].kind != "state":
        return False
    after = tokens[name.last : name.last + 2]
    if len(after) == 2 and after[0].text == "-" and after[1].lower in index.attached:
        return True
    if name.last - name.first > 1 or name.via == "demonym" or not name.first:
        return False
    token, before = tokens[name.first], tokens[name.first - 1]
    compound = before.head == token.i and before.dep == "compound" and before.pos == "PROPN"
    return compound and token.ent in ("ORG", "PERSON") and before.ent == token.ent


def _lexicon_match(
    tokens: Sequence[Token], pieces: Sequence[str], owner: Sequence[int], position: int, index: ActorIndex
) -> tuple[int, NameMatch] | None:
    head = tokens[owner[position]]
    if position and owner[position - 1] == owner[position] and head.text.islower():
        return None
    hit = index.find(pieces, position)
    if hit is None:
        return None
    taken, forms = hit
    further = index.find(pieces, position + 1) if pieces[position] == "the" and position + 1 < len(pieces) else None
    if further is not None and further[0] >= taken and further[1]:
        return None  # "the Guardian Council" is no newspaper
    first, last = owner[position], owner[position + taken - 1] + 1
    if not forms:
        return taken, NameMatch(first, last, (), "name", NOTHING)
    goes_on = position + taken < len(owner) and owner[position + taken] == last - 1
    if goes_on and taken == 1 and len(pieces[position]) < 3:
        # A piece of a longer word ("Sino" of "Sino-Soviet") still names; a piece such as "S" of "S.-led" does not.
        return None
    kept = [form for form in forms if _spelled(tokens[first:last], form)]
    if not kept or _is_plain_word(tokens, first, last, kept[0]):
        return None
    entries = tuple(index.actors[form.actor] for form in kept)
    return taken, NameMatch(first, last, entries, kept[0].via, "")


def _is_role(tokens: Sequence[Token], index: ActorIndex) -> bool:
    """Whether a capitalised phrase is a noun of office or body and no name: "the Government", "the Supreme Court"."""
    if not tokens:
        return False
    words = " ".join(token.lower for token in tokens)
    one = " ".join([*(token.lower for token in tokens[:-1]), singular(tokens[-1])])
    small = tokens[0].text.islower() and one in index.role_nouns
    return words in index.capitalised or one in index.capitalised or small


def _unrecognised(
    parse: Parse, sentence: Sentence, found: Sequence[NameMatch], index: ActorIndex
) -> Iterator[NameMatch]:
    """Runs of proper nouns that neither the lexicons nor the recogniser hold, where a clause needs somebody."""
    tokens = parse.tokens
    taken = {i for match in found for i in range(match.first, match.last)}
    for i in sentence:
        token = tokens[i]
        if i in taken or token.pos != "PROPN" or token.dep not in _CLAUSE_PLACES or token.ent in _NOT_NAMES:
            continue
        first = i
        while first > sentence.first and tokens[first - 1].pos == "PROPN" and first - 1 not in taken:
            first -= 1
        if _is_role(tokens[first : i + 1], index) or _is_thing(tokens, first, i + 1, index):
            continue
        if (tokens[first].text[:1].isupper() and any(c.islower() for c in token.text)) or len(token.text) > 2:
            yield NameMatch(first, i + 1, (), "name", "UNKNOWN")


def _surname_first(
    parse: Parse, sentence: Sentence, found: Sequence[NameMatch], surnames: frozenset[str]
) -> Iterator[NameMatch]:
    """A surname that opens a sentence and is taken for a word: "Morales sent", after "Evo Morales"."""
    token = parse.tokens[sentence.first]
    taken = any(match.first == token.i for match in found)
    if token.lower in surnames and token.pos == "NOUN" and token.dep in _CLAUSE_PLACES and not taken:
        yield NameMatch(token.i, token.i + 1, (), "name", "PERSON")


def _is_thing(tokens: Sequence[Token], first: int, last: int, index: ActorIndex) -> bool:
    """Whether a name is a document's, an exercise's, a weapon's: "Joint Declaration", the drill "Swift Eagle"."""
    if first >= last:
        return False
    things = index.references.things
    if tokens[last - 1].lemma.lower() in things or tokens[last - 1].lower in things:
        return True
    quoted = first > 0 and last < len(tokens) and tokens[first - 1].text == tokens[last].text == '"'
    beside = (tokens[k].lemma.lower() for k in (first - 2, last + 1) if 0 <= k < len(tokens))
    return quoted and not things.isdisjoint(beside)


def _may_open(tokens: Sequence[Token], i: int, rules: SpellingRules) -> bool:
    """Whether a word may begin a name: by its capital, or as some agencies write a state's: "south Korean"."""
    token = tokens[i]
    if token.text[:1].isupper() or "-" in token.text:
        return True
    if token.lower in rules.directions and i + 1 < len(tokens) and tokens[i + 1].text[:1].isupper():
        return True
    return token.lower in rules.opening and token.pos == "PROPN"


def _spelled(tokens: Sequence[Token], form: Form) -> bool:
    if not form.capitals:
        return True
    return all(t.text.replace(".", "").isupper() or not t.text[:1].isalpha() for t in tokens)


def _is_plain_word(tokens: Sequence[Token], first: int, last: int, form: Form) -> bool:
    # "Polish the table", "May left": one capital at a sentence's start proves nothing.
    token = tokens[first]
    if last - first == 1 and form.capitals and token.pos in ("AUX", "PRON", "DET", "ADP", "SCONJ"):
        return _is_shouted(tokens, first)  # "THE TALKS ARE OVER: IT IS WAR"
    if last - first > 1 or form.capitals:
        return False
    opens = first == 0 or tokens[first - 1].sent != token.sent
    return token.pos not in _NAME_TAGS if opens else token.pos in ("VERB", "ADV", "AUX", "PRON")


def _is_shouted(tokens: Sequence[Token], i: int) -> bool:
    """Whether the words around a word stand in capitals too, so that its own say nothing."""
    near = [t.text for t in tokens[max(0, i - _BESIDE) : i + _BESIDE + 1] if t.sent == tokens[i].sent and t.i != i]
    words = [word for word in near if word.isalpha() and len(word) > 1]
    return len(words) > 1 and all(word.isupper() for word in words)


def _recognised(
    parse: Parse, entities: Sequence[Entity], found: Sequence[NameMatch], index: ActorIndex
) -> Iterator[NameMatch]:
    taken = {i for match in found for i in range(match.first, match.last)}
    for entity in entities:
        if entity.label not in _RECOGNISED:
            continue
        first, last = entity.first, entity.last
        while first < last and (
            parse.tokens[first].lower in index.spelling.small or not parse.tokens[first].text[0].isalnum()
        ):
            first += 1
        while last > first and (
            parse.tokens[last - 1].lower in ("'s", "'") or not parse.tokens[last - 1].text[0].isalnum()
        ):
            last -= 1
        while first < last - 1 and first in taken and last - 1 not in taken:
            first += 1  # "Jordan King Hussein"
        while entity.label == "PERSON" and first < last - 1 and parse.tokens[first].lower in index.titles:
            first += 1
        if entity.label == "ORG" and _is_role(parse.tokens[first:last], index):
            continue
        if _is_thing(parse.tokens, first, last, index):
            continue
        if first < last and not any(i in taken for i in range(first, last)) and parse.tokens[first].text[:1].isupper():
            known = _known_person(parse, first, last, index) if entity.label == "PERSON" else ()
            yield (
                NameMatch(first, last, known, "alias", "")
                if known
                else NameMatch(first, last, (), "name", entity.label)
            )


def _known_person(parse: Parse, first: int, last: int, index: ActorIndex) -> tuple[ActorEntry, ...]:
    """Who is known by this name spelled otherwise, or by the first and last of three names or more."""
    respelled = index.respelled(parse.span(first, last).quote) if last - first > 1 else None
    if respelled is not None or last - first < 3:
        return (respelled,) if respelled is not None else ()
    outer = f"{parse.tokens[first].text} {parse.tokens[last - 1].text}"  # "Dmitry Anatolyevich Medvedev"
    entries = tuple(index.actors[form.actor] for form in index.lookup(outer))
    people = tuple(entry for entry in entries if entry.kind == "person")
    respelled = index.respelled(outer) if not people else None
    return (respelled,) if respelled is not None else people
