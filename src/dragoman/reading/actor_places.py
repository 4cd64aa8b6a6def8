"""Names of actors against the places of the text: which country a town or a shared name stands for.

A town named with its state ("Athens, Georgia") stands for that state's country and not for the capital of its
name; a name that several countries bear goes to the one that the text speaks for, or stays open with its readings
in ``why``; a sea or a river that bears a country's name is no actor.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import msgspec

from dragoman.knowledge.actors import ActorEntry, ActorIndex, fold, fold_name
from dragoman.knowledge.gazetteer import Gazetteer
from dragoman.knowledge.place_names import fold_place_name
from dragoman.knowledge.shared_names import SharedName
from dragoman.reading.actor_names import NOTHING, NameMatch, is_body
from dragoman.reading.draft import PlaceMention
from dragoman.reading.noun_phrases import complement
from dragoman.reading.parse import Parse
from dragoman.reading.shared_names import TextEvidence


def settle(
    parse: Parse,
    names: Mapping[int, Sequence[NameMatch]],
    places: Sequence[PlaceMention],
    index: ActorIndex,
    gazetteer: Gazetteer,
    day: str | None,
) -> dict[int, list[NameMatch]]:
    """The names of each sentence with the places of the text taken into account.

    Args:
        parse: the text.
        names: names found in the lexicons or by the recogniser, by sentence.
        places: the text's places.
        index: the actors, for the states that places lie in.
        gazetteer: for names that several countries bear.
        day: the text's ISO day, if known.

    Returns:
        By sentence, in text order, not overlapping.
    """
    text = _Text(parse, names, places, index, gazetteer, day)
    settled: dict[int, list[NameMatch]] = {}
    placed: dict[int, list[PlaceMention]] = {}
    for place in places:
        if place.place.feature not in gazetteer.physical:
            placed.setdefault(parse.tokens[place.first].sent, []).append(place)
    for sentence, found in names.items():
        kept = [settled_name for name in found for settled_name in text.settle(name, sentence)]
        kept += _towns(kept, placed.get(sentence, ()), index)
        settled[sentence] = sorted((n for n in kept if n.label != NOTHING), key=lambda name: name.first)
    return settled


class _Text:
    """What a text says of the names in it; what only some names need is counted when the first of them comes."""

    def __init__(
        self,
        parse: Parse,
        names: Mapping[int, Sequence[NameMatch]],
        places: Sequence[PlaceMention],
        index: ActorIndex,
        gazetteer: Gazetteer,
        day: str | None,
    ) -> None:
        self._parse, self._names, self._index, self._gazetteer, self._day = parse, names, index, gazetteer, day
        self._by_token = {i: place for place in places for i in range(place.first, place.last)}

    @functools.cached_property
    def _among(self) -> set[str]:
        """The states of all names."""
        first = (n.entries[0].country for found in self._names.values() for n in found if n.entries)
        return {country for country in first if country}

    @functools.cached_property
    def _countries(self) -> dict[int, Counter[str]]:
        return _countries(self._parse, self._names, self._gazetteer, self._index)

    @functools.cached_property
    def _evidence(self) -> TextEvidence:
        return TextEvidence(self._parse, self._countries, self._day)

    def settle(self, name: NameMatch, sentence: int) -> Iterator[NameMatch]:
        """What a name of a sentence means beside all others; nothing for a sea or a river."""
        parse, index, gazetteer = self._parse, self._index, self._gazetteer
        kin = self._kin_in(name, sentence)
        folded = ("ethnic " if kin == "" else "") + _folded(parse, name)
        shared = gazetteer.shared.get(folded) if name.label != NOTHING else None
        place = self._by_token.get(name.first)
        if shared is not None and not kin and not _is_told_apart(place, self._by_token):
            yield _by_evidence(name, shared, self._evidence, index, place)
        elif kin and (state := index.state(kin)) is not None:
            yield replace(name, entries=(state,), via="metonym", why="places:where a people's kin live")
        elif kin is not None:
            yield replace(name, entries=(), via="name", label="SHARED", why="open:a people's kin elsewhere")
        elif len(name.entries) > 1:
            yield _of_country_named(name, sentence, self._countries)
        elif name.entries and fold_name(parse.span(name.first, name.last).quote) in index.generic:
            yield _of_state_named(name, sentence, self._countries)
        elif place is None and not name.entries:
            yield self._with_state(_unlisted_town(parse, name, self._among, index, gazetteer))
        else:
            found = _placed(name, place, index, _is_after(parse, name.first, gazetteer), gazetteer.physical)
            yield from map(self._with_state, found)

    def _kin_in(self, name: NameMatch, sentence: int) -> str | None:
        """The state in which those of a people live who are named as living outside theirs; "" where none is named.

        "Ethnic Albanians" and "the Hungarian minority in Romania" do not act for Albania and Hungary. None for others.
        """
        tokens, words = self._parse.tokens, self._index.references
        if not name.entries or name.via != "demonym" or name.last >= len(tokens):
            return None
        ethnic = name.first > 0 and tokens[name.first - 1].lower == "ethnic"
        noun = tokens[name.last]
        minority = noun.lemma.lower() in words.minorities
        if not ethnic and not minority and noun.lemma.lower() not in words.populations:
            return None
        head = name.last - 1 if ethnic and tokens[name.last - 1].head != noun.i else noun.i
        where = complement(self._parse, head, "of", "in")
        home = self._state_at(where, name, sentence) if where is not None else None
        if home not in (None, name.entries[0].country):
            return home
        return "" if ethnic or minority else None

    def _state_at(self, where: int, name: NameMatch, sentence: int) -> str | None:
        """The state of a place, or of the place named before that "the province" takes up."""
        words = self._index.references
        here = [n for n in self._names.get(sentence, ()) if n.entries and n.via != "demonym"]
        taken_up = self._parse.tokens[where].lemma.lower() in words.areas | words.state
        named = [n for n in here if n.first <= where < n.last or (taken_up and n.last <= name.first)]
        return named[-1].entries[0].country if named else None

    def _with_state(self, name: NameMatch) -> NameMatch:
        """An unknown body with the one state that its name holds: "Iraqi Judicial Council", "Erbil Appeals Court"."""
        tokens, index = self._parse.tokens, self._index
        body = is_body(tokens[name.last - 1], index)
        if name.entries or name.last - name.first < 2 or (name.label == "PERSON" and not body):
            return name
        owners = [i for i in range(name.first, name.last) for _ in fold(tokens[i].text)]
        pieces = [piece for i in range(name.first, name.last) for piece in fold(tokens[i].text)]
        countries, position = set(), 0
        while position < len(pieces):
            taken, forms = index.find(pieces, position) or (1, [])
            first, position = position, position + taken
            states = [index.actors[form.actor] for form in forms]
            shared = fold_place_name(" ".join(pieces[first:position])) in self._gazetteer.shared
            if (
                not states
                or shared
                or any(state.kind != "state" for state in states)
                or tokens[owners[first]].text.islower()
            ):
                continue
            if body or forms[0].via != "metonym":  # a town stands for its state only in the name of a body
                countries.add(states[0].id)
        if len(countries) != 1:
            return name
        return replace(name, country=countries.pop(), label="ORG" if name.label == "PERSON" else name.label)


def _folded(parse: Parse, name: NameMatch) -> str:
    return fold_place_name(parse.text[parse.tokens[name.first].start : parse.tokens[name.last - 1].end])


def _is_told_apart(place: PlaceMention | None, by_token: Mapping[int, PlaceMention]) -> bool:
    """Whether a place was told apart as a state, or by the state named right after it."""
    if place is None or place.place.lat is None:
        return False
    beside = by_token.get(place.last + 1)
    return place.place.feature == "state" or (beside is not None and beside.place.feature == "state")


def _countries(
    parse: Parse, names: Mapping[int, Sequence[NameMatch]], gazetteer: Gazetteer, index: ActorIndex
) -> dict[int, Counter[str]]:
    """By sentence, the countries of names that have one meaning."""
    counted: dict[int, Counter[str]] = {}
    for sentence, found in names.items():
        here = counted.setdefault(sentence, Counter())
        for name in found:
            homes = {entry.country for entry in name.entries if entry.country}
            if len(homes) != 1 or _folded(parse, name) in gazetteer.shared:
                continue
            if fold_name(parse.span(name.first, name.last).quote) not in index.generic:
                here.update(homes)
    return counted


def _of_country_named(name: NameMatch, sentence: int, countries: Mapping[int, Counter[str]]) -> NameMatch:
    """Of groups and bodies of one name in several states, the one whose state is named: nearest, then most often."""
    bodies = {entry.country for entry in name.entries if entry.kind != "person"}
    if len(bodies) < 2:
        return name
    everywhere = sum(countries.values(), Counter[str]())

    def named(entry: ActorEntry) -> tuple[int, int]:
        home = entry.country or ""
        return countries.get(sentence, Counter())[home], everywhere[home]

    best = max(map(named, name.entries))
    meant = tuple(entry for entry in name.entries if named(entry) == best)
    if len({entry.country for entry in meant}) == 1:
        return replace(name, entries=meant)
    among = "/".join(sorted(entry.id or entry.name for entry in name.entries))
    return replace(name, entries=(), via="name", label="SHARED", why=f"open:{among}")


def _of_state_named(name: NameMatch, sentence: int, countries: Mapping[int, Counter[str]]) -> NameMatch:
    """A body whose name bodies of other states bear too ("the Labour Party"): theirs where the text names only them."""
    entry = name.entries[0]
    everywhere = sum(countries.values(), Counter[str]())
    if not everywhere or entry.country in everywhere or entry.id is None:
        return name
    leading = (countries.get(sentence) or everywhere).most_common(2)
    if len(leading) > 1 and leading[0][1] == leading[1][1]:
        return replace(name, entries=(), via="name", label="SHARED", why=f"open:{entry.name} or another state's")
    country = leading[0][0]
    meant = msgspec.structs.replace(
        entry, key=f"{entry.key}@{country.lower()}", id=f"{country}-{entry.id[4:]}", country=country, wikidata=None
    )
    return replace(name, entries=(meant,), via="alias")


def _by_evidence(
    name: NameMatch, shared: SharedName, evidence: TextEvidence, index: ActorIndex, place: PlaceMention | None
) -> NameMatch:
    last = max(name.last, place.last) if place is not None and place.first == name.first else name.last
    reading = evidence.choose(shared, name.first, last)
    if reading is None:
        among = "/".join(r.id for r in shared.readings)
        return replace(name, entries=(), via="name", label="SHARED", why=f"open:{shared.name} ({among})")
    if reading.division:
        name = replace(name, last=last)
    meant = tuple(entry for entry in name.entries if entry.country == reading.id)
    if meant:
        return replace(name, entries=meant)
    state = index.state(reading.id)
    if state is None:
        return replace(name, entries=())
    via = name.via if name.via == "demonym" else "metonym"
    return replace(name, entries=(state,), via=via, label="", why=f"places:shared name {shared.name}")


def _is_after(parse: Parse, first: int, gazetteer: Gazetteer) -> bool:
    """Whether a preposition of place stands right before a token."""
    return bool(first) and parse.tokens[first - 1].lower in gazetteer.event_place


def _placed(
    name: NameMatch, place: PlaceMention | None, index: ActorIndex, stands_in: bool, physical: Collection[str]
) -> Iterator[NameMatch]:
    """A name as the place over its words has it; none where those words name a sea or a river."""
    entry = name.entries[0] if name.entries else None
    if name.label == NOTHING or place is None or place.first > name.first or place.last < name.last:
        yield name
        return
    where = place.place
    wider = place.last - place.first > name.last - name.first
    if entry and (name.via == "demonym" if entry.kind == "state" else not wider or entry.kind == "person"):
        yield name  # "Thai" is no town of that name; "Dawa" is a party, but "Dire Dawa" a town
        return
    if where.feature in physical and (wider or entry is None):
        return
    if entry is not None and where.country in (None, entry.country):
        yield replace(name, last=place.last) if wider and where.feature == "state" else name
        return
    state = index.state(where.country) if where.country else None
    if state is None or (name.label == "PERSON" and not (stands_in and name.last - name.first == 1)):
        yield name
    else:
        yield _standing_for(name, place, state)


def _unlisted_town(
    parse: Parse, name: NameMatch, among: Collection[str], index: ActorIndex, gazetteer: Gazetteer
) -> NameMatch:
    """A name that the places of the text leave out but that the recogniser or a preposition says is a town's."""
    before = parse.tokens[name.first - 1].lower if name.first else ""
    if name.label != "GPE" and (name.label == "PERSON" or before not in gazetteer.event_place):
        return name
    country = gazetteer.country_of(_folded(parse, name), among)
    state = index.state(country) if country else None
    return name if state is None else replace(name, entries=(state,), via="metonym", label="", why="places:gazetteer")


def _standing_for(name: NameMatch, place: PlaceMention, state: ActorEntry) -> NameMatch:
    why = f"places:{place.place.name}" + (f" ({place.place.feature})" if place.place.feature else "")
    via = "name" if place.place.feature == "country" else "metonym"
    return replace(name, first=place.first, last=place.last, entries=(state,), via=via, label="", why=why)


def _towns(names: Sequence[NameMatch], places: Sequence[PlaceMention], index: ActorIndex) -> Iterator[NameMatch]:
    """Places of a sentence that no name covers, for the countries that they lie in."""
    taken = {i for name in names for i in range(name.first, name.last)} if places else set()
    for place in places:
        state = index.state(place.place.country) if place.place.country else None
        if state is not None and taken.isdisjoint(range(place.first, place.last)):
            yield _standing_for(NameMatch(place.first, place.last, (), "metonym", ""), place, state)
