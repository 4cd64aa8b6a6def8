"""Who a pronoun, a surname or "the minister" refers back to, by rules over what was named before."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.knowledge.actors import ReferenceWords
from dragoman.reading.actor_phrases import Phrase
from dragoman.reading.parse import Parse, Token

_ADDRESSED = 0.7  # less than a sentence: whom somebody tells is seldom whom he tells of
_NEAREST_SUBJECT = 2.5  # what the subject of its own clause is worth to a possessive ("asked Chad to open its border")
_OWN_SUBJECT = 0.6  # beats the distance within two sentences, not a sentence more
_OF_OBJECT = frozenset({"of", "from", "for", "into"})  # prepositions of a clause in which the verb's object acts
_DEEPEST = 12  # steps up the parse to the subject of a clause
_REACH = 3  # sentences that a pronoun looks back
_FAR = 12  # sentences that a definite noun phrase looks back
_VOWELS = str.maketrans("", "", "aeiouyhgw-' ")


class Entities:
    """Entities in the order of their first mention; each phrase is tied to one."""

    def __init__(self, parse: Parse, words: ReferenceWords) -> None:
        self._parse = parse
        self._words = words
        self.pronouns = words.personal | words.thing | words.many
        self.phrases: list[Phrase] = []
        self.entity_of: list[int] = []  # phrase to entity
        self.via_reference: list[bool] = []
        self.names: list[Phrase] = []  # entity to the phrase that named it first
        self._by_key: dict[tuple[str | None, str], int] = {}

    def add(self, phrase: Phrase) -> None:
        """Tie a phrase to an earlier entity, or make a new one."""
        self._take_state_of_possessor(phrase)
        earlier = self._same_name(phrase)
        referred = earlier is None and self._refers_back(phrase)
        if earlier is None and referred:
            earlier = self._antecedent(phrase)
        reference = earlier is not None and referred
        if earlier is None:
            earlier = len(self.names)
            self.names.append(phrase)
        elif phrase.kind == "person" and not referred and _is_fuller(phrase, self.names[earlier]):
            self.names[earlier] = phrase
        if not referred:
            self._by_key.setdefault(_key(phrase), earlier)
        self.phrases.append(phrase)
        self.entity_of.append(earlier)
        self.via_reference.append(reference)

    def _take_state_of_possessor(self, phrase: Phrase) -> None:
        """A nameless role is of the state of whose it is: "its forces", "his ministers"."""
        first, noun = self._parse.tokens[phrase.first], self._parse.tokens[phrase.head].lemma.lower()
        nameless = phrase.via == "role" and phrase.country is None and phrase.title is None and phrase.kind == "group"
        if not nameless or first.lower not in self._words.possessive or first.head != phrase.head:
            return
        entity = None if noun in self._words.beside else self._pronoun_entity(first)
        country = None if entity is None else self.names[entity].country
        if country is not None:
            phrase.country = country
            sector = phrase.sector
            phrase.identifier = country if sector is None or sector == "UNK" else f"{country}-{sector}"

    def add_pronoun(self, token: Token) -> None:
        """Tie a pronoun to the nearest fitting entity; without one it stays out of the records."""
        entity = self._pronoun_entity(token)
        if entity is None:
            return
        named = self.names[entity]
        phrase = Phrase(token.i, token.i + 1, token.i, named.name, named.identifier, "coreference",
                        f"reference:{token.lower}", named.kind, named.country, named.sector, named.entry)  # fmt: skip
        self.phrases.append(phrase)
        self.entity_of.append(entity)
        self.via_reference.append(True)

    def _same_name(self, phrase: Phrase) -> int | None:
        if phrase.via == "role" and phrase.title is None:
            return None
        alone = phrase.kind == "person" and phrase.entry is None and len(phrase.name.split()) == 1
        known = self._by_surname(phrase) if alone else None
        known = known if known is not None else self._by_key.get(_key(phrase))
        if known is not None or phrase.kind not in ("person", "group", "organisation") or phrase.entry is not None:
            return known
        if len(phrase.name.split()) > 1 and phrase.kind != "person":
            return None
        return self._by_surname(phrase)

    def _by_surname(self, phrase: Phrase) -> int | None:
        """The one person of the text with this surname whom neither first name nor office tells apart."""
        words = phrase.name.lower().split()
        matches = []
        for entity, named in enumerate(self.names):
            if named.kind == "person" and _may_be_one(words, named.name.lower().split()):
                matches.append(entity)
        if not matches and len(words) == 1 and phrase.identifier is None and phrase.why.startswith("recogniser:"):
            matches = self._spelled_alike(words[0])
        offices = {m: (phrase.sector, _sector_of(self.names[m])) for m in matches}
        same = [m for m in matches if offices[m][0] is not None and offices[m][0] == offices[m][1]]
        matches = same or [m for m in matches if None in offices[m] or "UNK" in offices[m]]
        return matches[-1] if len({self.names[m].name for m in matches}) == 1 else None

    def _spelled_alike(self, word: str) -> list[int]:
        """People of the text whose surname differs from ``word`` in vowels only ("Yun" for "Yoon")."""
        found = []
        for entity, named in enumerate(self.names):
            parts = named.name.lower().split()
            if named.kind == "person" and len(parts) > 1:
                for part in (parts[0], parts[-1]):
                    near = part[0] == word[0] and abs(len(part) - len(word)) <= 2 and len(word) <= 7
                    if near and part.translate(_VOWELS) == word.translate(_VOWELS) != "":
                        found.append(entity)
                        break
        return found

    def _refers_back(self, phrase: Phrase) -> bool:
        return phrase.definite and phrase.via == "role" and (phrase.country is None or phrase.identifier is None)

    def _antecedent(self, phrase: Phrase) -> int | None:
        """The entity of "the expert", "the regime", "the group": same sector, named before, nearest first."""
        sentence = self._parse.tokens[phrase.head].sent
        noun = self._parse.tokens[phrase.head].lemma.lower()
        plural = self._parse.tokens[phrase.head].tag in ("NNS", "NNPS")
        fallback: int | None = None
        for k in range(len(self.phrases) - 1, -1, -1):
            earlier = self.phrases[k]
            if sentence - self._parse.tokens[earlier.head].sent > _FAR:
                break
            entity = self.entity_of[k]
            named = self.names[entity]
            if noun == self._parse.tokens[earlier.head].lemma.lower() and earlier.head != phrase.head:
                return entity
            if plural:
                continue
            if named.title is not None and noun in named.title.split():
                return entity
            if fallback is None and self._fits(phrase, noun, named):
                fallback = entity
        return fallback

    def _fits(self, phrase: Phrase, noun: str, named: Phrase) -> bool:
        if noun in self._words.state:
            return named.kind == "state"
        if noun in self._words.government:
            return named.kind == "state" or (named.kind == "person" and _sector_of(named) == "GOV")
        if noun in self._words.group:
            return named.kind in ("armed_group", "organisation", "igo")
        return named.kind == "person" and phrase.sector is not None and phrase.sector == _sector_of(named)

    def _pronoun_entity(self, token: Token) -> int | None:
        best: tuple[float, int] | None = None
        partitive = token.lower == "them" and self._parse.tokens[token.head].lower == "of"
        subject = implied_subject(self._parse, token)
        owner = self._entity_at(subject) if subject is not None else None
        possessive = token.lower in self._words.possessive
        for k in range(len(self.phrases) - 1, -1, -1):
            phrase = self.phrases[k]
            if phrase.head >= token.i or phrase.last > token.i:
                continue
            if self._only_quoted(phrase, token):
                continue
            distance = token.sent - self._parse.tokens[phrase.head].sent
            if distance > _REACH:
                break
            entity = self.entity_of[k]
            # What acts is not named again by a plain pronoun: "they caught the rebels and killed them".
            bound = entity == owner and not possessive and not token.lower.endswith(("self", "selves"))
            if bound or not self._agrees(token, self.names[entity], phrase):
                continue
            # "Some of them" picks from those named last; else a subject goes on being spoken of.
            prominence = 0.0 if partitive else self._salience(phrase, token)
            prominence -= _ADDRESSED * self._is_addressed(phrase)
            prominence += _NEAREST_SUBJECT * (possessive and phrase.head == subject)
            score = prominence - 2.0 * distance - 0.01 * (token.i - phrase.head)
            if best is None or score > best[0]:
                best = score, entity
        return best[1] if best is not None else self._speaker(token)

    def _is_addressed(self, phrase: Phrase) -> bool:
        head = self._parse.tokens[phrase.head]
        verb = self._parse.tokens[head.head].lemma.lower()
        return head.dep in ("dobj", "dative") and verb in self._words.addressing

    def _only_quoted(self, phrase: Phrase, token: Token) -> bool:
        """Whether a phrase stands inside a quotation of a pronoun's sentence: '"Ito will go," he said' is not Ito."""
        tokens = self._parse.tokens
        if tokens[phrase.head].sent != token.sent or token.dep != "nsubj":
            return False
        first = self._parse.sentences[token.sent].first
        quoted, outside = (sum(tokens[k].text == '"' for k in range(first, end)) % 2 for end in (phrase.head, token.i))
        return quoted == 1 and outside == 0

    def _speaker(self, token: Token) -> int | None:
        """Who reports what a pronoun is the subject of: "a spokesman said they would leave"."""
        tokens = self._parse.tokens
        clause = tokens[token.head]
        above = tokens[clause.head]
        if token.dep not in ("nsubj", "nsubjpass") or clause.dep != "ccomp" or above.sent != token.sent:
            return None
        subjects = {c.i for c in self._parse.children(above.i, "nsubj")}
        found = (k for k in range(len(self.phrases) - 1, -1, -1) if self.phrases[k].head in subjects)
        k = next(found, None)
        return None if k is None or self.phrases[k].last > token.i else self.entity_of[k]

    def _entity_at(self, head: int) -> int | None:
        """The entity whose phrase has this head."""
        return next((self.entity_of[k] for k, phrase in enumerate(self.phrases) if phrase.head == head), None)

    def _agrees(self, token: Token, named: Phrase, phrase: Phrase) -> bool:
        pronoun = token.lower
        words, head = self._words, self._parse.tokens[phrase.head]
        plural = head.tag in ("NNS", "NNPS") or head.lower in words.plural
        if pronoun in words.personal:
            return named.kind == "person" or (named.kind == "group" and not plural and named.via == "role")
        if pronoun in words.thing:
            body = named.kind == "group" and self._parse.tokens[named.head].lemma.lower() in words.bodies
            # "The government of President Ito" is a body, whoever leads it.
            body |= named.kind == "person" and head.lemma.lower() in words.government and token.dep == "nsubj"
            return (body or named.kind in ("state", "igo", "organisation", "armed_group")) and not plural
        return plural or named.kind in ("armed_group",) or (named.kind == "state" and phrase.via == "demonym")

    def _salience(self, phrase: Phrase, token: Token) -> float:
        tokens = self._parse.tokens
        dep = tokens[phrase.head].dep
        same_clause = tokens[phrase.head].head == token.head and token.lower not in self._words.possessive
        score = {"nsubj": 3.0, "nsubjpass": 3.0, "poss": 1.0, "dobj": 1.0, "agent": 1.0}.get(dep, 0.5)
        # Of an earlier sentence its own subject is spoken of further, rather than whom it tells about
        # ("Ito said that Kano had left. He told reporters ..."; Grosz, Joshi and Weinstein 1995, centering).
        verb = tokens[tokens[phrase.head].head]
        if dep in ("nsubj", "nsubjpass") and verb.dep == "ROOT" and verb.sent != token.sent:
            score += _OWN_SUBJECT
        # A pronoun is not bound by a phrase of its own clause ("Kim met him").
        return score - (6.0 if same_clause else 0.0)


def _sector_of(named: Phrase) -> str | None:
    if named.sector is not None:
        return named.sector
    if named.identifier and "-" in named.identifier:
        return named.identifier.split("-")[1]
    return None


def _key(phrase: Phrase) -> tuple[str | None, str]:
    if phrase.kind == "person" and phrase.entry is not None:  # whatever office the text gives
        return phrase.entry.key, ""
    return phrase.identifier, phrase.name.lower()


def _may_be_one(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether two names of people, in lower case, share a surname and no first names stand against it."""
    if len(words) > 1 and len(known) > 1:
        first, other = words[0].rstrip("."), known[0].rstrip(".")
        initials = len(first) == 1 or len(other) == 1
        return words[-1] == known[-1] and (first == other or (initials and first[0] == other[0]))
    alone, full = (words[0], known) if len(words) == 1 else (known[0], words)
    return alone in (full[0], full[0].split("-")[0], full[-1], full[-1].split("-")[-1])


def _is_fuller(phrase: Phrase, named: Phrase) -> bool:
    """Whether a person's name says more than the one under which the person was known so far."""
    return named.entry is None and phrase.entry is None and len(phrase.name.split()) > len(named.name.split())


def implied_subject(parse: Parse, token: Token) -> int | None:
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
            controller = _controller(parse, tokens[i])
            if controller is not None:
                return controller.i
            if tokens[i].dep in ("relcl", "acl"):
                return tokens[i].head
        if tokens[i].head == i:
            return None
        i = tokens[i].head
    return None


def _controller(parse: Parse, verb: Token) -> Token | None:
    """The object that acts in a clause without a subject: "urged Chad to meet them", "accused Chad of shelling it"."""
    governor = parse.tokens[verb.head]
    if verb.dep == "pcomp" and governor.lower in _OF_OBJECT:
        governor = parse.tokens[governor.head]
    elif verb.dep != "xcomp":
        return None
    return next(iter(parse.children(governor.i, "dobj")), None)


def in_text_order(phrases: Sequence[Phrase], pronouns: Sequence[Token]) -> list[Phrase | Token]:
    """Phrases and pronouns by position, so that a reference only sees what stands before it."""
    joined: list[tuple[int, int, Phrase | Token]] = [(p.first, 0, p) for p in phrases]
    joined += [(t.i, 1, t) for t in pronouns]
    return [item for _, _, item in sorted(joined, key=lambda x: (x[0], x[1]))]
