"""How well an actor named before fits a pronoun: by number and kind, and by how much it is spoken of."""

from __future__ import annotations

from dragoman.knowledge.actors import ActorIndex, ReferenceWords
from dragoman.reading.parse import Parse, Token
from dragoman.reading.phrases import Phrase

_ADDRESSED = 0.7  # less than a sentence: whom somebody tells is seldom whom he tells of
_REPORTS = 2.5  # what reporting a clause is worth for a pronoun that is its subject ("quoted Ito as saying that he")
_NEAREST_SUBJECT = 2.5  # what the subject of its own clause is worth to a possessive ("asked Chad to open its border")
_OWN_SUBJECT = 0.6  # beats the distance within two sentences, not a sentence more
_PROMINENCE = {"nsubj": 3.0, "nsubjpass": 3.0, "poss": 1.0, "dobj": 1.0, "agent": 1.0}
_DEEPEST = 12  # steps up the parse to the subject of a clause


def is_possessive(words: ReferenceWords, token: Token) -> bool:
    """Whether a pronoun says whose something is; the "her" of "met her" does not."""
    return token.lower in words.possessive and (token.lower != "her" or token.tag == "PRP$")


def is_addressed(parse: Parse, words: ReferenceWords, phrase: Phrase) -> bool:
    """Whether somebody is spoken to: in "told lawmakers that some of them" the lawmakers seldom are meant."""
    head = parse.tokens[phrase.head]
    verb = parse.tokens[head.head].lemma.lower()
    return head.dep in ("dobj", "dative") and verb in words.addressing


def only_quoted(parse: Parse, phrase: Phrase, token: Token) -> bool:
    """Whether a phrase stands inside a quotation of a pronoun's sentence: '"Ito will go," he said' is not Ito."""
    tokens = parse.tokens
    if tokens[phrase.head].sent != token.sent or token.dep != "nsubj":
        return False
    first = parse.sentences[token.sent].first
    quoted, outside = (sum(tokens[k].text == '"' for k in range(first, end)) % 2 for end in (phrase.head, token.i))
    return quoted == 1 and outside == 0


def agrees(parse: Parse, words: ReferenceWords, token: Token, named: Phrase, phrase: Phrase) -> bool:
    """Whether a pronoun may stand for somebody named, by kind and number."""
    pronoun = token.lower
    head = parse.tokens[phrase.head]
    plural = head.tag in ("NNS", "NNPS") or head.lower in words.plural
    if pronoun in words.personal:
        if named.pronouns and pronoun not in named.pronouns:
            return False  # the text has called a man "he"
        return named.kind == "person" or (named.kind == "group" and not plural and named.via == "role")
    if pronoun in words.thing:
        body = named.kind == "group" and parse.tokens[named.head].lemma.lower() in words.bodies
        # "The government of President Ito" is a body, whoever leads it.
        body |= named.kind == "person" and head.lemma.lower() in words.government and token.dep == "nsubj"
        return (body or named.kind in ("state", "igo", "organisation", "armed_group")) and not plural
    return plural or named.kind in ("armed_group",) or (named.kind == "state" and phrase.via == "demonym")


def call_by(named: Phrase, words: ReferenceWords, token: Token) -> Phrase:
    """Note, on the phrase that named somebody, of which sex the pronouns are that the text calls him or her by."""
    if not named.pronouns:
        sexes = (words.masculine, words.feminine)
        named.pronouns = next((pronouns for pronouns in sexes if token.lower in pronouns), named.pronouns)
    return named


def salience(parse: Parse, words: ReferenceWords, phrase: Phrase, token: Token) -> float:
    """How much somebody is spoken of where a phrase names him."""
    tokens = parse.tokens
    dep = tokens[phrase.head].dep
    same_clause = tokens[phrase.head].head == token.head and not is_possessive(words, token)
    score = _PROMINENCE.get(dep, 0.5)
    # Of an earlier sentence its own subject is spoken of further, rather than whom it tells about
    # ("Ito said that Kano had left. He told reporters ..."; Grosz, Joshi and Weinstein 1995, centering).
    verb = tokens[tokens[phrase.head].head]
    if dep in ("nsubj", "nsubjpass") and verb.dep == "ROOT" and verb.sent != token.sent:
        score += _OWN_SUBJECT
    # A pronoun is not bound by a phrase of its own clause ("Kim met him").
    return score - (6.0 if same_clause else 0.0)


def prominence(
    parse: Parse, words: ReferenceWords, phrase: Phrase, token: Token, subject: int | None, reporting: int | None
) -> float:
    """How much a pronoun may mean somebody; ``subject`` heads who acts in its clause, ``reporting`` who reports it."""
    # "Some of them" picks from those named last; else a subject goes on being spoken of.
    partitive = token.lower == "them" and parse.tokens[token.head].lower == "of"
    found = 0.0 if partitive else salience(parse, words, phrase, token)
    found -= _ADDRESSED * is_addressed(parse, words, phrase)
    found += _NEAREST_SUBJECT * (is_possessive(words, token) and phrase.head == subject)
    return found + _REPORTS * (phrase.head == reporting)


def implied_subject(parse: Parse, words: ReferenceWords, token: Token) -> int | None:
    """The token that acts in the clause that a pronoun is part of, if only by what stands before that clause.

    None for a pronoun that is a subject itself.
    """
    tokens = parse.tokens
    if token.dep in ("nsubj", "nsubjpass"):
        return None
    i = token.head
    for _ in range(_DEEPEST):
        if tokens[i].pos in ("VERB", "AUX"):
            subject = next(iter(parse.children(i, "nsubj", "nsubjpass")), None)
            if subject is not None:
                return subject.i
            controller = _controller(parse, words, tokens[i])
            if controller is not None:
                return controller.i
            if tokens[i].dep in ("relcl", "acl"):
                return tokens[i].head
        if tokens[i].head == i:
            return None
        i = tokens[i].head
    return None


def _controller(parse: Parse, words: ReferenceWords, verb: Token) -> Token | None:
    """The object that acts in a clause without a subject: "urged Chad to meet them", "accused Chad of shelling it"."""
    governor = parse.tokens[verb.head]
    if verb.dep == "pcomp" and governor.lower in words.object_acts:
        governor = parse.tokens[governor.head]
    elif verb.dep != "xcomp":
        return None
    return next(iter(parse.children(governor.i, "dobj")), None)


def reporter(parse: Parse, words: ReferenceWords, token: Token) -> int | None:
    """The token that heads who reports what a pronoun is, or belongs to, the subject of: "said that his army"."""
    tokens = parse.tokens
    i = token.i
    while tokens[i].dep in ("poss", "compound", "amod") and tokens[i].head != i:
        i = tokens[i].head
    clause = tokens[tokens[i].head]
    if tokens[i].dep not in ("nsubj", "nsubjpass") or clause.dep != "ccomp":
        return None
    subject = next(iter(parse.children(clause.head, "nsubj", "nsubjpass")), None)
    controller = _controller(parse, words, tokens[clause.head]) if subject is None else subject
    return controller.i if controller is not None else None


def teller(parse: Parse, token: Token) -> int | None:
    """The token that heads who says the clause that a first person stands in: '"Our army left," said the minister'."""
    below = token.i
    for above in parse.ancestors(token.i):
        if parse.tokens[below].dep in ("ccomp", "parataxis") and parse.tokens[above].pos == "VERB":
            subject = next(iter(parse.children(above, "nsubj")), None)
            if subject is not None and subject.lower not in ("i", "we"):
                return subject.i
        below = above
    return None


def is_bystander(parse: Parse, phrase: Phrase, named: Phrase) -> bool:
    """Whether somebody is a medium that only passes on what others say: "told Reuters", "in an AFP report"."""
    medium = (named.identifier or "").endswith("-MED")
    return medium and parse.tokens[phrase.head].dep not in ("nsubj", "nsubjpass")


def acted_on(parse: Parse, index: ActorIndex, token: Token) -> set[str]:
    """The states whose things a pronoun acts on, who is none of them: "it expelled Peruvian diplomats"."""
    if token.dep != "nsubj":
        return set()
    objects = [i for c in parse.children(token.head, "dobj") for i in parse.subtree(c.i) if c.i > token.i]
    names = [
        parse.tokens[i] for i in objects if parse.tokens[i].ent in ("NORP", "GPE") and parse.tokens[i].dep == "amod"
    ]
    found = {form.actor for name in names for form in index.lookup(name.text)}
    return {country for actor in found if (country := index.actors[actor].id) is not None}
