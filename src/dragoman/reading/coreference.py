"""Who a pronoun, a surname or "the minister" refers back to, by rules over what was named before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dragoman.knowledge.actors import ActorIndex
from dragoman.reading.belonging import body_meant, is_band, state_at_home
from dragoman.reading.epithets import acts_on, described, is_epithet
from dragoman.reading.noun_phrases import complement, is_plural, singular
from dragoman.reading.office_holders import holds, one_holder, titles_of
from dragoman.reading.parse import Parse, Token
from dragoman.reading.phrases import Phrase, of_state
from dragoman.reading.plural_reference import Named, Several, joined, salient, speaks_of_two, spoken_of, state_of
from dragoman.reading.pronoun_fit import (
    acted_on,
    agrees,
    call_by,
    implied_subject,
    is_bystander,
    is_possessive,
    only_quoted,
    prominence,
    reporter,
    salience,
)
from dragoman.reading.surnames import by_surname, is_fuller, key_of, sector_of

_ACTED_ON = 4.0  # whose things a pronoun acts on is hardly who acts ("it expelled Peruvian diplomats")
_REACH = 3  # sentences that a pronoun looks back
_NEAR = 80  # phrases that a plural looks back over
_MOST = 6  # phrases to either side among which joined ones stand
_FAR = 12  # sentences that a definite noun phrase looks back


class Entities:
    """Entities in the order of their first mention; each phrase is tied to one."""

    def __init__(self, parse: Parse, index: ActorIndex, day: str | None = None) -> None:
        self._parse, self._index, self._day = parse, index, day
        self._words = words = index.references
        self._pronouns = words.personal | words.thing | words.many
        self._twos = words.pair | {"two"}
        self.phrases: list[Phrase] = []
        self.entity_of: list[int] = []  # phrase to entity
        self.via_reference: list[bool] = []
        self.names: list[Phrase] = []  # entity to the phrase that named it first
        self._by_key: dict[tuple[str | None, str], int] = {}
        self._headed: dict[int, int] = {}  # token to the first phrase that it heads

    def pronouns(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens that are pronouns and may stand for an actor."""
        return [
            token
            for token in tokens
            if token.lower in self._pronouns or (token.lower in self._twos and speaks_of_two(self._parse, token))
        ]

    def add(self, phrase: Phrase) -> None:
        """Tie a phrase to an earlier entity, or make a new one; to several where it speaks of several."""
        several = self._several(phrase.head) if phrase.why.startswith("several:") else None
        if several is not None:
            self._add_several(phrase, several)
            return
        states = self._own_states(phrase)
        for state in states:
            self._tie(phrase, self._state(state))
        if not states:
            for one in self._of_owners(phrase):
                self._add(one)

    def _add(self, phrase: Phrase) -> None:
        earlier = self._same_name(phrase)
        referred = earlier is None and self._refers_back(phrase)
        meant = self._antecedents(phrase) if referred else []
        if len(meant) > 1:
            for entity in meant:
                self._tie(phrase, entity)
            return
        earlier = meant[0] if meant else earlier
        reference = earlier is not None and referred
        if earlier is None:
            phrase = self._at_home(phrase)
            earlier = len(self.names)
            self.names.append(phrase)
        elif phrase.kind == "person" and not referred and is_fuller(phrase, self.names[earlier]):
            self.names[earlier] = phrase
        if not referred:
            self._by_key.setdefault(key_of(phrase), earlier)
        self._tie(phrase, earlier, reference)

    def _tie(self, phrase: Phrase, entity: int, reference: bool = True) -> None:
        self._headed.setdefault(phrase.head, len(self.phrases))
        self.phrases.append(phrase)
        self.entity_of.append(entity)
        self.via_reference.append(reference)

    def _several(self, head: int) -> Several | None:
        return spoken_of(self._parse, self._words, head, singular(self._parse.tokens[head]) in self._index.role_nouns)

    def _named(self) -> list[Named]:
        """The phrases near enough to be taken up by a plural."""
        return [Named(p, e, self.names[e]) for p, e in zip(self.phrases[-_NEAR:], self.entity_of[-_NEAR:], strict=True)]

    def _add_several(self, phrase: Phrase, several: Several) -> None:
        """Tie "both sides", "the two leaders" to those meant; "neither side" of nobody known is nobody."""
        above = set(self._parse.ancestors(phrase.head))  # "soldiers from both sides" are not the sides
        named = [one for one in self._named() if one.phrase.head not in above]
        parties = salient(self._parse, self._words, named, phrase.first, several)
        official = {"GOV", *self._words.domestic, *self._words.rulers}
        if several.kind == "role" and phrase.sector not in official and any(p.first.kind != "person" for p in parties):
            parties = []  # "the two women" are no two states
        for party in parties:
            state = state_of(party.first)
            if several.kind == "state" and state is not None:
                self._tie(phrase, self._state(state))
            elif several.kind == "role" and state is not None and party.first.kind != "person":
                self._add(of_state(phrase, state))
            else:
                self._tie(phrase, party.entity)
        neither = self._parse.tokens[phrase.first].lower in self._words.one_of_two
        if not parties and not neither:
            self._add(phrase)

    def _state(self, code: str) -> int:
        """The entity of a state, whether the text has named it or not."""
        for entity, named in enumerate(self.names):
            if named.kind == "state" and named.identifier == code:
                return entity
        entry = self._index.state(code)
        name = entry.name if entry is not None else code
        self.names.append(Phrase(0, 0, 0, name, code, "name", f"actors:{code}", "state", code, None, entry))
        return len(self.names) - 1

    def _own_states(self, phrase: Phrase) -> list[str]:
        """The states of "his country", "their two nations": those of the people meant."""
        first, head = self._parse.tokens[phrase.first], self._parse.tokens[phrase.head]
        people = self._words.personal | self._words.many
        if head.lemma.lower() not in self._words.state or first.lower not in self._words.possessive & people:
            return []
        return self._states_of(self._referents(first)) if first.head == phrase.head else []

    def _states_of(self, entities: Sequence[int]) -> list[str]:
        states = [self.names[entity].country for entity in entities]
        return list(dict.fromkeys(state for state in states if state is not None))

    def _of_owners(self, phrase: Phrase) -> list[Phrase]:
        """A nameless role with the state of whose it is: "its forces", "the ministers of both countries"."""
        if not phrase.nameless:
            return [phrase]
        return [of_state(phrase, state) for state in self._owners(phrase)] or [phrase]

    def _at_home(self, phrase: Phrase) -> Phrase:
        """A nameless role with the state that the sentences before are about: "opposition politicians"."""
        if not phrase.nameless or self._modifiers(phrase):
            return phrase
        state = state_at_home(self._parse, self._words, phrase, self._named())
        return phrase if state is None else of_state(phrase, state)

    def _owners(self, phrase: Phrase) -> list[str]:
        """The states that a role noun's possessor stands for, where it takes up others."""
        parse, words = self._parse, self._words
        first, head = parse.tokens[phrase.first], parse.tokens[phrase.head]
        above = parse.tokens[first.head]
        if first.lower in words.possessive:
            if first.head == head.i and head.lemma.lower() not in words.beside:
                return self._states_of(self._referents(first))
            # "his country's forces"
            named = above.head == head.i and above.lemma.lower() in words.state and first.lower in words.personal
            return self._states_of(self._referents(first)) if named else []
        owners = [child.i for child in parse.children(head.i, "poss")]
        inner = complement(parse, head.i, "of", "from", "on")
        behind = head.i + 1  # "dozens of soldiers from both sides": the parser may hang "from" to the dozens
        if inner is None and behind < len(parse.tokens) and parse.tokens[behind].lower in words.origins:
            inner = next((child.i for child in parse.children(behind, "pobj")), None)
        bodies = (body_meant(parse, words, owner, self._named()) for owner in owners)
        body = next((body for body in bodies if body is not None), None)
        if body is not None:
            return [body]
        for owner in (*owners, inner):
            several = self._several(owner) if owner is not None else None
            if several is not None:
                parties = salient(parse, words, self._named(), phrase.first, several)
                return list(dict.fromkeys(p.first.country for p in parties if p.first.country is not None))
        return []

    def add_pronoun(self, token: Token) -> None:
        """Tie a pronoun to the nearest fitting entities; without any it stays out of the records."""
        if token.lower not in self._pronouns:
            parties = salient(self._parse, self._words, self._named(), token.i, Several(2, "alone"))
            first = min((child.i for child in self._parse.children(token.i, "det")), default=token.i)
            for party in parties:
                self._tie(_standing_for(token, party.first, first), party.entity)
            return
        for entity in self._referents(token):
            self._tie(_standing_for(token, call_by(self.names[entity], self._words, token)), entity)

    def _referents(self, token: Token) -> list[int]:
        """Whom a pronoun means: one actor, or the several whom a sentence joins ("Chad and Niger ... they")."""
        best = self._best(token)
        if token.lower in self._words.many:
            group = self._joined_before(token, best)
            if group:
                return group
        entity = best[1] if best is not None else self._speaker(token)
        return [] if entity is None else [entity]

    def _joined_before(self, token: Token, best: tuple[float, int] | None) -> list[int]:
        """Actors joined before a plural pronoun, if they are spoken of more than whoever else it may mean."""
        tokens, named = self._parse.tokens, self._named()
        subject = implied_subject(self._parse, self._words, token)
        owner = self.entity_at(subject) if subject is not None else None
        possessive = is_possessive(self._words, token)
        chosen: tuple[float, list[int]] | None = None
        for back in range(_REACH):
            here = [n for n in named if tokens[n.phrase.head].sent == token.sent - back and n.phrase.last <= token.i]
            for group in joined(self._parse, here):
                entities = list(dict.fromkeys(n.entity for n in group))
                heads = [n.phrase for n in group]
                subjects = any(tokens[p.head].dep in ("nsubj", "nsubjpass") for p in heads)
                if (
                    not subjects
                    or (owner in entities and not possessive)
                    or any(only_quoted(self._parse, p, token) for p in heads)
                ):
                    continue
                score = (
                    max(salience(self._parse, self._words, p, token) for p in heads)
                    - 2.0 * back
                    - 0.01 * (token.i - heads[0].head)
                )
                if chosen is None or score > chosen[0]:
                    chosen = score, entities
        if chosen is None or (best is not None and best[0] > chosen[0] and best[1] not in chosen[1]):
            return []
        return chosen[1]

    def _same_name(self, phrase: Phrase) -> int | None:
        if phrase.via == "role" and phrase.title is None:
            # "the Iranian defence ministry" is one; "her father" may be another's, two "Iranian officials" two
            first, head = self._parse.tokens[phrase.first], self._parse.tokens[phrase.head]
            one = phrase.definite and first.lower not in self._words.possessive and not is_plural(head)
            return self._by_key.get(key_of(phrase)) if one and phrase.identifier is not None else None
        alone = phrase.kind == "person" and phrase.entry is None and len(phrase.name.split()) == 1
        known = by_surname(self.names, phrase) if alone else None
        known = known if known is not None else self._by_key.get(key_of(phrase))
        if known is not None or phrase.kind not in ("person", "group", "organisation") or phrase.entry is not None:
            return known
        if len(phrase.name.split()) > 1 and phrase.kind != "person":
            return None
        return by_surname(self.names, phrase)

    def _refers_back(self, phrase: Phrase) -> bool:
        return phrase.definite and phrase.via == "role" and (phrase.country is None or phrase.identifier is None)

    def _antecedents(self, phrase: Phrase) -> list[int]:
        """The entities of "the expert", "the regime", "the ministers": same sector, named before, nearest first."""
        tokens = self._parse.tokens
        head, office = tokens[phrase.head], phrase.why.partition(":")[2]
        noun, plural = singular(head), is_plural(head)
        told = self._modifiers(phrase) | (set(office.split()) - {noun})
        whole = " ".join([*sorted(told - set(office.split())), office])  # "the fisheries minister" is no other one
        beside = self.entity_at(head.head) if head.dep == "appos" else None
        if beside is not None and self.names[beside].kind == "person" and not plural:
            return [beside]
        if is_epithet(self._parse, self._words, phrase):
            subject = implied_subject(self._parse, self._words, head)
            acting = self.entity_at(subject) if subject is not None else None
            state = described(self._parse, self._words, phrase, self._named(), acting)
            return [] if state is None else [self._state(state)]
        acting = acts_on(self._parse, self._words, head)
        others = self._but(self.entity_at(acting) if acting is not None else None)
        fallback: int | None = None
        bands: dict[str | None, int] = {}
        for k in others:
            earlier = self.phrases[k]
            if head.sent - tokens[earlier.head].sent > _FAR:
                break
            entity, other = self.entity_of[k], tokens[earlier.head]
            named = self.names[entity]
            same = noun == singular(other) and plural == is_plural(other) and other.i != head.i
            if same and told <= {t.lower for t in tokens[earlier.first : earlier.last]}:
                unknown = named.identifier is None and fallback is not None
                return self._companions(k) if not unknown else [fallback]  # type: ignore[list-item]  # is not None
            if plural:
                several = is_plural(other) or singular(other) in self._words.bodies or earlier.via != "role"
                near = head.sent - other.sent <= _REACH and not self._modifiers(phrase)
                if several and near and is_band(self._words, phrase, named):
                    bands.setdefault(named.identifier, entity)
                continue
            if named.kind == "person" and holds(whole, named, self._day, self._words):
                return [entity]
            if fallback is None and not self._modifiers(phrase) and self._fits(phrase, noun, named):
                fallback = entity
        if len(bands) == 1:
            return list(bands.values())
        if fallback is None and not plural:
            fallback = self._by_office_or_state(phrase, noun, office)
        return [] if fallback is None else [fallback]

    def _but(self, apart: int | None) -> Iterator[int]:
        """The phrases of everybody but one, the nearest first."""
        return (k for k in range(len(self.phrases) - 1, -1, -1) if self.entity_of[k] != apart)

    def _by_office_or_state(self, phrase: Phrase, noun: str, office: str) -> int | None:
        """Who alone holds an office; for "the country" the state of "the Kenyan capital", "Kenyan officials"."""
        if office in self._words.offices:
            return one_holder(self.names, office, None, self._day, self._words)
        if noun not in self._words.state or self._modifiers(phrase):
            return None
        state = described(self._parse, self._words, phrase, self._named(), None)
        return None if state is None else self._state(state)

    def _companions(self, k: int) -> list[int]:
        """The entities of an earlier phrase: several for "the ministers of Chad and Niger"."""
        phrase, near = self.phrases[k], range(max(0, k - _MOST), min(len(self.phrases), k + _MOST))
        joined_to = {f"{phrase.why}+of", f"{phrase.why}+joined"}
        whose = [n for n in near if (self.phrases[n].first, self.phrases[n].last) == (phrase.first, phrase.last)]
        whose += [n for n in near if self.phrases[n].why in joined_to]
        return list(dict.fromkeys(self.entity_of[n] for n in sorted(whose)))

    def _modifiers(self, phrase: Phrase) -> set[str]:
        """What makes a role noun another thing: "carrier strike group", "director of the bank", "Baltic states"."""
        parse, known, children = self._parse, phrase.why.split(":")[1].split(), self._parse.children(phrase.head)
        found = {c.lower for c in children if c.dep == "compound" and c.lower not in known}
        if is_plural(parse.tokens[phrase.head]):
            found |= {c.lower for c in children if c.dep == "amod" and c.text[:1].isupper() and c.i > phrase.first}
        inner = complement(parse, phrase.head, "of")
        return found | ({parse.tokens[inner].lower} if inner is not None and inner >= phrase.last else set())

    def _fits(self, phrase: Phrase, noun: str, named: Phrase) -> bool:
        if noun in self._words.state:
            return named.kind == "state"
        if noun in self._words.government:
            return named.kind == "state" or (named.kind == "person" and sector_of(named) == "GOV")
        if noun in self._words.group:
            media = (named.identifier or "").endswith("-MED")
            return named.kind in ("armed_group", "organisation", "igo") and not media
        office = phrase.why.partition(":")[2]
        of_department = noun in self._words.departmental and office != noun
        if (office in self._words.offices or of_department) and titles_of(named, self._day):
            return False  # who is known to hold another office
        return named.kind == "person" and phrase.sector is not None and phrase.sector == sector_of(named)

    def _best(self, token: Token) -> tuple[float, int] | None:
        """The one actor that a pronoun fits best, with how well."""
        best: tuple[float, int] | None = None
        subject = implied_subject(self._parse, self._words, token)
        owner = self.entity_at(subject) if subject is not None else None
        possessive = is_possessive(self._words, token)
        reporting = reporter(self._parse, self._words, token)
        above = () if possessive else set(self._parse.ancestors(token.i))
        others = acted_on(self._parse, self._index, token)
        bound = None if possessive or token.lower.endswith(("self", "selves")) else owner
        for k in range(len(self.phrases) - 1, -1, -1):
            phrase = self.phrases[k]
            # Nor does a pronoun mean the noun that its own clause describes: "the ship that it seized".
            if phrase.head >= token.i or phrase.last > token.i or phrase.head in above:
                continue
            distance = token.sent - self._parse.tokens[phrase.head].sent
            if distance > _REACH:
                break
            entity = self.entity_of[k]
            # What acts is not named again by a plain pronoun: "they caught the rebels and killed them".
            if entity == bound or not agrees(self._parse, self._words, token, self.names[entity], phrase):
                continue
            if only_quoted(self._parse, phrase, token) or is_bystander(self._parse, phrase, self.names[entity]):
                continue
            prominent = prominence(self._parse, self._words, phrase, token, subject, reporting)
            prominent -= _ACTED_ON * (self.names[entity].identifier in others)
            score = prominent - 2.0 * distance - 0.01 * (token.i - phrase.head)
            if best is None or score > best[0]:
                best = score, entity
        return best

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

    def entity_at(self, head: int) -> int | None:
        """The entity whose phrase has this head."""
        k = self._headed.get(head)
        return None if k is None else self.entity_of[k]


def _standing_for(token: Token, named: Phrase, first: int | None = None) -> Phrase:
    """The phrase of a pronoun that stands for somebody named."""
    begins = token.i if first is None else first
    why = f"reference:{token.lower}"
    return Phrase(begins, token.i + 1, token.i, named.name, named.identifier, "coreference", why, named.kind,
                  named.country, named.sector, named.entry)  # fmt: skip
