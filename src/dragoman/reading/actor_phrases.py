"""Noun phrases that name an actor: a name, a role with its state, a nameless group of people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dragoman.knowledge.actors import ActorEntry, ActorIndex, fold_name
from dragoman.reading.actor_names import NameMatch, is_body
from dragoman.reading.actor_persons import (
    full_office,
    full_surnames,
    id_with_office,
    in_office,
    is_country,
    of_rare_surname,
    of_surname,
    without_namesakes,
)
from dragoman.reading.actor_states import country_of, office_of, state_of_role
from dragoman.reading.appositions import name_beside
from dragoman.reading.dateline import opens_dispatch
from dragoman.reading.joint_names import JOINT, apart, joint_within
from dragoman.reading.noun_phrases import complement, conjuncts, is_head, is_plural, premodified, singular
from dragoman.reading.parse import Parse
from dragoman.reading.phrases import Phrase, outermost
from dragoman.reading.plural_reference import spoken_of


class PhraseFinder:
    """Finds the phrases of one sentence."""

    def __init__(self, parse: Parse, index: ActorIndex, day: str | None) -> None:
        self._parse = parse
        self._index = index
        self._words = index.references
        self._day = day
        self._given = full_surnames(parse)
        self._named_ids: set[str] = set()  # states that the text has named so far

    def find(self, sentence: Sequence[int], names: Sequence[NameMatch]) -> list[Phrase]:
        """Phrases in text order; a state's adjective inside a larger actor phrase is no phrase of its own."""
        tokens = self._parse.tokens
        by_token = {i: name for name in names for i in range(name.first, name.last)}
        candidates: list[Phrase] = []
        for i in sentence:
            if not is_head(tokens[i]):
                continue
            name = by_token.get(i)
            if name is not None and (opens_dispatch(self._parse, name.first, name.last) or self._owns(i, name)):
                continue
            if name is not None and name.via != JOINT:
                candidates.append(self._named(i, name, by_token))
            elif name is None:
                candidates += self._roles(i, by_token)
        phrases = self._shared_out(outermost(candidates), names)
        covered = {i for phrase in phrases for i in range(phrase.first, phrase.last)}
        for name in names:
            if opens_dispatch(self._parse, name.first, name.last) or self._is_venue(name, by_token):
                continue
            if not covered.intersection(range(name.first, name.last)) and (
                name.entries or name.label in ("GPE", "NORP")
            ):
                phrases += [self._of_name(one, name.first, name.last, name.last - 1, None) for one in apart(name)]
                covered.update(range(name.first, name.last))
        phrases.sort(key=lambda p: (p.first, -p.last))
        return phrases

    def _owns(self, i: int, name: NameMatch) -> bool:
        """Whether a noun only says whose or what the body is that a longer name names: the Chad of "Chad's army"."""
        token = self._parse.tokens[i]
        before = token.dep in ("poss", "amod")
        return before and name.first <= token.head < name.last and is_head(self._parse.tokens[token.head])

    def _is_venue(self, name: NameMatch, by_token: dict[int, NameMatch]) -> bool:
        """Whether a name only says where others met: "the Hanoi summit", "the Singapore US-Chinese summit"."""
        tokens = self._parse.tokens
        token = tokens[name.last - 1]
        if token.dep not in ("compound", "nmod") or tokens[token.head].lemma.lower() not in self._words.gatherings:
            return False
        between = any(k in by_token for k in range(name.last, token.head))
        hyphen = tokens[name.last].text == "-"
        return not hyphen and (between or name.via == "metonym") and bool(name.entries)

    def _shared_out(self, phrases: Sequence[Phrase], names: Sequence[NameMatch]) -> list[Phrase]:
        """Phrases, where one that a joint adjective qualifies is each of its states: "the inter-Korean office"."""
        found: list[Phrase] = []
        for p in phrases:
            unowned = p.identifier is None or p.why.startswith("places:")
            states = joint_within(names, p.first, p.last) if unowned else ()
            found += [self._of_name(one, p.first, p.last, p.head, None) for one in states] or [p]
        return found

    def _named(self, i: int, name: NameMatch, by_token: dict[int, NameMatch]) -> Phrase:
        first, last = premodified(self._parse, i)
        first, last = min(first, name.first), max(last, name.last)
        first = self._clear_of_others(first, name)
        if name.label == "PERSON" and not name.entries and is_body(self._parse.tokens[name.last - 1], self._index):
            name = replace(name, label="ORG")  # "the General Secretariat"
        office = self._office(first, name, by_token) if name.label != "ORG" else None
        posted = self._posted(name, by_token) if office is None else None
        if posted is not None:
            first, office = posted
        if office is None and not name.entries and name.label != "PERSON":
            name = self._with_state_beside(self._with_state_before(name, first, by_token), by_token)
        return self._of_name(name, first, last, i, office)

    def _with_state_before(self, name: NameMatch, first: int, by_token: dict[int, NameMatch]) -> NameMatch:
        """An unknown name with the state before it: "the Tokyo Exchange", "the Iraqi Council"."""
        states = [
            by_token[k]
            for k in range(first, name.first)
            if k in by_token and by_token[k].entries and by_token[k].entries[0].kind in ("state", "igo")
        ]
        if not states:
            return name
        whole = states[-1].last == name.first and states[-1].via != "demonym" and states[-1].first >= first
        country = name.country or country_of(states[0])
        return replace(name, first=states[-1].first if whole else name.first, country=country)

    def _with_state_beside(self, name: NameMatch, by_token: dict[int, NameMatch]) -> NameMatch:
        """An unknown body with the state whose it is: "the Federal Government of Nigeria", "Togo's Council"."""
        owner = by_token.get(name.first - 2) if self._parse.tokens[name.first - 1].lower in ("'s", "'") else None
        inner = complement(self._parse, name.last - 1, "of")
        state = owner or (by_token.get(inner) if inner is not None else None)
        known = state is not None and bool(state.entries) and state.entries[0].kind == "state"
        return replace(name, country=country_of(state)) if known and name.country is None else name

    def _clear_of_others(self, first: int, name: NameMatch) -> int:
        # A possessor that is an actor of its own stays outside: "Kim's sister, ..." keeps Kim apart.
        tokens = self._parse.tokens
        for k in range(name.first - 1, first - 1, -1):
            if tokens[k].lower in ("'s", "'") or tokens[k].lower in self._words.coordinators:
                return k + 1
        return first

    def _office(
        self, first: int, name: NameMatch, by_token: dict[int, NameMatch]
    ) -> tuple[str | None, str, str] | None:
        """State, sector and title that stand before a name: "Iranian Foreign Minister"."""
        tokens, last = self._parse.tokens, name.first
        title = self._title(first, last, by_token)
        if title is not None:
            return title
        country = self._state_before(first, last, by_token) if name.label == "PERSON" else None
        if country is None:
            return None
        # "The Croatian tycoon Ivan Horvat", "German journalist Anna Weissmann": no office, but whose they are.
        noun = tokens[last - 1].lemma.lower() if last > first else ""
        return country, self._index.role_nouns.get(noun, "UNK"), noun

    def _title(self, first: int, last: int, by_token: dict[int, NameMatch]) -> tuple[str | None, str, str] | None:
        words = [token.lower for token in self._parse.tokens[first:last]]
        for length in range(min(4, len(words)), 0, -1):
            title = " ".join(words[len(words) - length :])
            sector = self._index.titles.get(title)
            if sector is not None:
                former = not self._words.former.isdisjoint(words)
                lesser = [word for word in words[: len(words) - length][-1:] if word in self._words.lesser]
                title = " ".join([*lesser, title])
                state = self._state_before(first, last, by_token) or self._words.of_one_state.get(
                    full_office(title, self._words)
                )
                return state, "ELI" if former else sector, title
        return None

    def _posted(
        self, name: NameMatch, by_token: dict[int, NameMatch]
    ) -> tuple[int, tuple[str | None, str, str]] | None:
        """An office that is "of" or "to" a state, right before who holds it: "UK Ambassador to Iran Anna Weiss"."""
        tokens, state = self._parse.tokens, by_token.get(name.first - 1)
        person = name.label == "PERSON" or (bool(name.entries) and name.entries[0].kind == "person")
        if state is None or not person or not state.entries or state.entries[0].kind != "state":
            return None
        tie = state.first - 1 - (tokens[state.first - 1].lower == "the")
        if tie < 1 or tokens[tie].lower not in self._words.posted or tokens[tie].sent != tokens[name.first].sent:
            return None
        begins, _ = premodified(self._parse, tie - 1)
        title = self._title(begins, tie, by_token)
        if title is None:
            return None
        country = country_of(state) if tokens[tie].lower == "of" else title[0]
        return begins, (country, title[1], title[2])

    def _state_before(self, first: int, last: int, by_token: dict[int, NameMatch]) -> str | None:
        return country_of(next((by_token[k] for k in range(first, last) if k in by_token), None))

    def _of_name(
        self, name: NameMatch, first: int, last: int, head: int, office: tuple[str | None, str, str] | None
    ) -> Phrase:
        text = name.long or self._parse.span(name.first, name.last).quote
        entries = self._meant(without_namesakes(name.entries or self._by_context(text), office))
        if len(entries) > 1:
            return self._one_of(entries, text, first, last, head, office)
        if entries:
            entry = entries[0]
            if entry.kind == "state" and entry.id is not None:
                self._named_ids.add(entry.id)
            identifier = id_with_office(entry, self._day, office) if entry.kind == "person" else entry.id
            return Phrase(
                first, last, head, entry.name, identifier, name.via, name.why or f"actors:{entry.key}", entry.kind,
                entry.country or (entry.id if entry.kind == "state" else None), None, entry, title=office and office[2],
            )  # fmt: skip
        if office is not None or name.label == "PERSON" or self._is_bare_surname(name, first, text):
            return self._person(text, first, last, head, office)
        return self._unknown_body(name, text, first, last, head)

    def _unknown_body(self, name: NameMatch, text: str, first: int, last: int, head: int) -> Phrase:
        """A name outside the lexicons, of the state that it or a word before it names: "the Iraqi Judicial Council"."""
        why, kind = name.why or f"recogniser:{name.label}", "organisation" if name.label == "ORG" else "group"
        nouns = (text.lower(), text.split()[-1].lower(), text.partition(" of ")[0].split()[-1].lower())
        sectors = (self._index.role_nouns.get(noun) for noun in nouns) if name.country is not None else ()
        sector = next((found for found in sectors if found not in (None, "UNK")), None)
        if name.country is not None and not is_country(name.country):
            return Phrase(first, last, head, text, name.country, "role", why, kind, name.country)
        if sector is not None:
            return Phrase(first, last, head, text, f"{name.country}-{sector}", "role", why, kind, name.country, sector)
        return Phrase(first, last, head, text, None, "name", why, kind, name.country)

    def _one_of(
        self, entries: Sequence[ActorEntry], text: str, first: int, last: int, head: int,
        office: tuple[str | None, str, str] | None,
    ) -> Phrase:  # fmt: skip
        """A person who may be any of several: of the state, and with the id, that all of them share."""
        ids = {id_with_office(entry, self._day, office) for entry in entries}
        countries = {entry.country for entry in entries}
        return Phrase(
            first, last, head, text, ids.pop() if len(ids) == 1 else None, "alias",
            "open:" + "/".join(sorted(entry.key for entry in entries)), "person",
            countries.pop() if len(countries) == 1 else None, title=office and office[2],
        )  # fmt: skip

    def _is_bare_surname(self, name: NameMatch, first: int, text: str) -> bool:
        """Whether an unknown name, with no article before it, is a surname that people of one country alone bear.

        What the recogniser holds for a body is so only where a hand-written file names one of them.
        """
        recognised = self._parse.tokens[name.first].ent
        if name.label not in ("UNKNOWN", "ORG") or first < name.first or recognised not in ("", "ORG"):
            return False
        bearers = of_rare_surname(self._index, text, None, self._given)
        return bool(bearers) and (not recognised or any(e.origin == 0 for e in bearers))

    def _by_context(self, text: str) -> tuple[ActorEntry, ...]:
        """What a name means once the text has named certain others: "the South" beside North Korea."""
        entry, needed = self._index.contextual.get(fold_name(text), (None, frozenset()))
        return (entry,) if entry is not None and needed <= self._named_ids else ()

    def _person(
        self, text: str, first: int, last: int, head: int, office: tuple[str | None, str, str] | None
    ) -> Phrase:
        country, sector, title = office if office is not None else (None, None, None)
        bearers = of_surname(self._index, self._day, text, office, self._given)
        if len(bearers) > 1:
            return self._one_of(bearers, text, first, last, head, office)
        if bearers:
            entry = bearers[0]
            identifier = id_with_office(entry, self._day, office)
            return Phrase(first, last, head, entry.name, identifier, "alias", f"actors:{entry.key}", "person",
                          entry.country, sector, entry, title=title)  # fmt: skip
        identifier = f"{country}-{sector}" if country and sector and sector != "UNK" else country
        return Phrase(first, last, head, text, identifier, "name" if identifier is None else "role",
                      "recogniser:PERSON" if title is None else f"title:{title}", "person", country, sector,
                      title=title)  # fmt: skip

    def _meant(self, entries: Sequence[ActorEntry]) -> tuple[ActorEntry, ...]:
        """Which of the actors of one name is meant; several people where neither files nor day tell them apart."""
        known = [e for e in entries if e.origin == min(e.origin for e in entries)]
        people = [e for e in known if e.kind == "person"]
        if len(people) > 1 and len(people) == len(known):
            return in_office(people, self._day)
        best = max(known, key=lambda e: (e.role_on(self._day) is not None, e.kind != "person", e.key), default=None)
        return (best,) if best is not None else ()

    def _roles(self, i: int, by_token: dict[int, NameMatch]) -> list[Phrase]:
        """The phrases of a role noun: one, or one a state in "South Korean and NATO officials"."""
        if not self._may_be_role(i):
            return []
        first, last = premodified(self._parse, i)
        noun, sector = self._sector(i, first)
        tokens = self._parse.tokens
        noun = " ".join([*(t.lower for t in tokens[first:i] if t.lower in self._words.lesser - {*noun.split()}), noun])
        bare = first == i and tokens[i].tag == "NN" and tokens[i].dep not in ("nsubj", "nsubjpass", "appos", "attr")
        several = spoken_of(self._parse, self._words, i, sector is not None)
        if several is not None and state_of_role(self._parse, self._words, i, first, last, by_token)[0] is None:
            text = self._parse.span(first, last).quote
            why = f"several:{noun}"
            return [Phrase(first, last, i, text, None, "role", why, "group", None, sector, definite=True)]
        if tokens[first].lower in self._words.one_of_two:
            return []  # these take up others that were named, and are nobody besides
        if sector is None or (bare and noun not in self._index.capitalised):
            return []  # "suspended publication", "taken to court": no actor, but what is done
        names = list(dict.fromkeys(by_token[k] for k in range(first, i) if k in by_token and by_token[k].entries))
        joined = [n for n in names if tokens[n.last].lower in {*self._words.coordinators, "/"}]
        if joined and len(names) == 1 and tokens[names[0].last].lower == "and" and names[0].last + 1 < i:
            # "US and Western allies": the state by itself, and those who have no name of their own
            rest = self._role(i, names[0].last + 1, last, noun, sector, {})
            text = self._parse.span(names[0].first, names[0].last).quote
            country = country_of(names[0])
            return [
                Phrase(names[0].first, names[0].last, names[0].last - 1, text, country, "role", f"role:{noun}+joined",
                       "state", country),
                rest,
            ]  # fmt: skip
        if not joined or len(names) < 2:
            phrase = self._role(i, first, last, noun, sector, by_token)
            return [phrase, *self._others_of(i, phrase, sector, by_token)]
        return [self._joined(name, name.last if name in joined else last, noun, sector, last) for name in names]

    def _may_be_role(self, i: int) -> bool:
        """Whether any phrase that a noun heads can be one of a role or take up others; true for few nouns."""
        token = self._parse.tokens[i]
        lemma, one = token.lemma.lower(), singular(token)
        forms = (lemma, one, token.lower, lemma.rpartition("-")[2])
        return not self._index.role_words.isdisjoint(forms) or self._words.takes_up(one)

    def _joined(self, name: NameMatch, end: int, noun: str, sector: str, last: int) -> Phrase:
        """One of the states that share a role noun."""
        country = country_of(name)
        identifier = f"{country}-{sector}" if country and is_country(country) and sector != "UNK" else country
        text = self._parse.span(name.first, end).quote
        why = f"role:{noun}" + ("+joined" if end < last else "")
        return Phrase(name.first, end, end - 1, text, identifier, "role", why, "group", country, sector)

    def _others_of(self, i: int, phrase: Phrase, sector: str, by_token: dict[int, NameMatch]) -> list[Phrase]:
        """The further states of "the foreign ministers of India and China"."""
        inner = complement(self._parse, i, "of")
        if inner is None or inner not in by_token:
            return []
        found = []
        # The parser may join the second state to the ministers.
        loose = conjuncts(self._parse, i) if is_plural(self._parse.tokens[i]) else []
        for k in conjuncts(self._parse, inner) or loose:
            name = by_token.get(k)
            country = country_of(name)
            stray = k in loose and (
                country is None or name is None or name.entries[:1] != (self._index.state(country),)
            )
            if name is not None and country is not None and not stray:
                identifier = f"{country}-{sector}" if is_country(country) and sector != "UNK" else country
                text = self._parse.span(name.first, name.last).quote
                begins = min(name.first, premodified(self._parse, k)[0])
                found.append(
                    Phrase(begins, name.last, k, text, identifier, "role", f"{phrase.why}+of", "group", country, sector)
                )
        return found

    def _role(self, i: int, first: int, last: int, noun: str, sector: str, by_token: dict[int, NameMatch]) -> Phrase:
        tokens = self._parse.tokens
        inner = complement(self._parse, i, "of") if noun in self._index.collectives else None
        if inner is not None and tokens[inner].pos in ("NOUN", "PROPN"):
            _, deeper_sector = self._sector(inner, premodified(self._parse, inner)[0])
            if inner in by_token or deeper_sector is not None:
                last = inner + 1
                sector = deeper_sector or sector
        office = office_of(self._parse, self._index.role_nouns, i)
        last = office[1] if office is not None else last
        country, last = state_of_role(self._parse, self._words, i, first, last, by_token)
        country = country or self._words.of_one_state.get(full_office(noun, self._words))
        after = name_beside(self._parse, i, by_token)
        name = self._parse.span(first, last).quote
        if after is not None:
            person = after.label == "PERSON" or after.entries[0].kind == "person"
            return self._of_name(after, first, after.last, i, (country, sector, noun) if person else None)
        identifier = None
        if country is not None:
            identifier = country if sector == "UNK" or not is_country(country) else f"{country}-{sector}"
        definite = tokens[first].lower in self._words.definite
        # A name among the modifiers is part of the phrase: "NATO officials", "Houthi rebels".
        return Phrase(
            first, last, i, name, identifier, "role", f"role:{noun}", "group", country, sector, None, definite
        )

    def _sector(self, i: int, first: int) -> tuple[str, str | None]:
        tokens = self._parse.tokens
        nouns = self._index.role_nouns
        inner = complement(self._parse, i, "of")
        if inner is not None and f"{tokens[i].lower} of {tokens[inner].lower}" in self._index.nothing:
            return tokens[i].lemma.lower(), None  # "a state of siege" is no state
        before = f"{tokens[i - 1].lower} {tokens[i].lemma.lower()}" if i > first else ""
        if not self._index.nothing.isdisjoint((before, tokens[i].lemma.lower())):
            return tokens[i].lemma.lower(), None  # nor is "a peace regime" one of people
        office = office_of(self._parse, self._index.role_nouns, i)
        if office is not None:
            return office[0], nouns[office[0]]
        lemma, one = tokens[i].lemma.lower(), singular(tokens[i])
        for start in range(max(first, i - 3), i):
            phrase = " ".join(tokens[k].lower for k in range(start, i)) + " " + one
            if phrase in nouns:
                return phrase, nouns[phrase]
        for noun in (lemma, one, tokens[i].lower, lemma.rsplit("-", 1)[-1]):
            if noun in nouns:
                return noun, nouns[noun]
        return lemma, None
