"""Places that a text names, found by the gazetteer and resolved by what the text says around them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from msgspec import structs

from dragoman.knowledge import Knowledge
from dragoman.knowledge.gazetteer import Gazetteer
from dragoman.knowledge.place_names import LISTED_WEIGHT, Site, fold_place_name
from dragoman.knowledge.shared_names import SharedName
from dragoman.reading.dateline import dateline_of
from dragoman.reading.draft import Draft, PlaceMention
from dragoman.reading.parse import Parse, Sentence, Token
from dragoman.reading.place_context import follows_locative, inside_name, qualifiers_after
from dragoman.reading.shared_names import TextEvidence
from dragoman.records import Place

_LONGEST = 5  # tokens of a populated place's name
_KNOWN = 50_000  # inhabitants from which a town needs no locative word before it when the recogniser sees a place
_SMALL = 5_000  # inhabitants below which a name taken for a person's is left alone
_NOMINAL = frozenset(("PROPN", "NOUN"))
_OBJECTS = frozenset(("dobj", "pobj", "conj"))
_PLACE_LABELS = frozenset(("GPE", "LOC", "FAC"))
_NAMED_COUNTRY = 10.0  # how much more likely a place is in a country that the text names
_NAMED_EVERYWHERE = {"USA": 2.0}  # the same for a country that texts name wherever they play
_CLEAR = 2.0  # how many times likelier the best reading must be than the next
_SHOWN = 6  # readings kept in ``considered``


@dataclass(frozen=True, slots=True)
class _Candidate:
    first: int
    last: int
    sites: tuple[Site, ...]
    locative: bool
    qualifiers: tuple[str, ...]  # countries and divisions that are named right after it


def find_places(draft: Draft, knowledge: Knowledge) -> Draft:
    """Find the places of a text. Fills ``places``.

    A name with several readings goes to the place in a country (or state) named right after it, else to
    the likeliest by population, by kind and by the countries that the text names; when two are about as
    likely it stays unresolved, with the readings in ``considered``.
    """
    gazetteer, parse = knowledge.gazetteer, draft.parse
    candidates = [c for sentence in parse.sentences for c in _in_sentence(parse, sentence, gazetteer)]
    named = _countries_named(candidates)
    evidence: TextEvidence | None = None
    found: list[PlaceMention] = []
    qualified: tuple[int, str] | None = None  # where a name ends whose country or state follows, and which it is
    for candidate in candidates:
        inside, code = _as_qualified(candidate)
        if inside is None and qualified is not None and candidate.first <= qualified[0] + 2:
            inside = next((s for s in candidate.sites if qualified[1] in (*s.countries, s.division)), None)
        qualified = (candidate.last, code) if code and parse.tokens[candidate.last].lower == "," else None
        if inside is not None:
            found.append(_mention(parse, candidate, inside))
            continue
        shared = gazetteer.shared.get(_folded(parse, candidate))
        if shared is not None:
            evidence = evidence or TextEvidence(
                parse, _unshared(parse, candidates, gazetteer), draft.document.published
            )
            found.append(_shared_mention(parse, candidate, shared, evidence))
            continue
        mention = _resolved(parse, candidate, named, gazetteer)
        if mention is not None:
            found.append(mention)
    return structs.replace(draft, places=tuple(found))


def _as_qualified(candidate: _Candidate) -> tuple[Site | None, str | None]:
    """The reading that lies in the country or state named right after it, and that country or state."""
    for code in candidate.qualifiers:
        site = next((s for s in candidate.sites if code in (*s.countries, s.division)), None)
        if site is not None:
            return site, code
    return None, None


def _folded(parse: Parse, candidate: _Candidate) -> str:
    return fold_place_name(parse.text[parse.tokens[candidate.first].start : parse.tokens[candidate.last - 1].end])


def _unshared(parse: Parse, candidates: Sequence[_Candidate], gazetteer: Gazetteer) -> dict[int, Counter[str]]:
    """By sentence, the countries that names with one meaning lie in."""
    named: dict[int, Counter[str]] = {}
    for candidate in candidates:
        country = candidate.sites[0].country
        if country and candidate.sites[0].weight >= LISTED_WEIGHT and _folded(parse, candidate) not in gazetteer.shared:
            named.setdefault(parse.tokens[candidate.first].sent, Counter())[country] += 1
    return named


def _shared_mention(parse: Parse, candidate: _Candidate, shared: SharedName, evidence: TextEvidence) -> PlaceMention:
    reading = evidence.choose(shared, candidate.first, candidate.last)
    if reading is None:
        return _mention(parse, candidate, None)
    fitting = [s for s in candidate.sites if s.country == reading.id and reading.division in ("", s.division)]
    after = parse.tokens[candidate.last] if candidate.last < len(parse.tokens) else None
    if reading.division and after is not None and after.lower == "state":
        candidate = replace(candidate, last=candidate.last + 1)
    return _mention(parse, candidate, fitting[0] if fitting else None, reading.id)


def _in_sentence(parse: Parse, sentence: Sentence, gazetteer: Gazetteer) -> list[_Candidate]:
    tokens = parse.tokens
    dateline = dateline_of(parse, sentence)
    found: list[_Candidate] = []
    i = sentence.first
    while i < sentence.last:
        text = tokens[i].text
        if not (text[0].isupper() or not gazetteer.articles.isdisjoint((tokens[i].lower, tokens[i].lower[:3]))):
            i += 1
            continue
        match = _longest_name(parse, i, sentence.last, gazetteer)
        if match is None:
            i += 1
            continue
        last, sites = match
        in_dateline = dateline is not None and i < dateline.place_end
        if not inside_name(parse, i, last, gazetteer):
            locative = in_dateline or follows_locative(parse, i, last, sentence, gazetteer)
            found.append(_Candidate(i, last, sites, locative, qualifiers_after(parse, last, sentence, gazetteer)))
        i = last
    return found


def _longest_name(parse: Parse, i: int, stop: int, gazetteer: Gazetteer) -> tuple[int, tuple[Site, ...]] | None:
    """The longest place-name that starts at token ``i``: where it ends and its readings."""
    tokens = parse.tokens
    words = fold_place_name(tokens[i].text).split()
    if not words:
        return None
    listed = gazetteer.listed_lengths.get(words[0], 0)
    reach = i + 1
    while reach < stop and reach - i < _LONGEST and _continues(tokens[reach], gazetteer):
        reach += 1
    furthest = max(reach, min(stop, i + 2 * listed) if listed > 1 else reach)
    for last in range(furthest, i, -1):
        if not tokens[last - 1].text[0].isalnum() or (last - i > 1 and tokens[last - 1].lower in gazetteer.particles):
            continue
        folded = fold_place_name(parse.text[tokens[i].start : tokens[last - 1].end])
        if last > reach and folded not in gazetteer.listed:
            continue
        if gazetteer.knows(folded) and not (len(folded) <= 3 and not tokens[i].text.replace(".", "").isupper()):
            sites = gazetteer.readings(folded)
            if tokens[i].text[0].islower() and folded not in gazetteer.listed:
                return None
            if tokens[i].lower == "the" and not sites[0].name.startswith("The "):
                continue
            return last, sites
    return None


def _continues(token: Token, gazetteer: Gazetteer) -> bool:
    return token.text[0].isupper() or token.lower in gazetteer.particles


def _countries_named(candidates: list[_Candidate]) -> Counter[str]:
    named: Counter[str] = Counter()
    for candidate in candidates:
        first = candidate.sites[0]
        if first.country and first.feature in ("country", "capital"):
            named[first.country] += 1
    return named


def _resolved(parse: Parse, candidate: _Candidate, named: Counter[str], gazetteer: Gazetteer) -> PlaceMention | None:
    sites = candidate.sites
    if not _acceptable(parse, candidate, named, gazetteer):
        return None
    ranked = sorted(sites, key=lambda site: -_likelihood(site, named))
    best = ranked[0]
    open_ = [s for s in ranked[1:] if _likelihood(best, named) < _CLEAR * _likelihood(s, named)]
    if best.feature == "capital" or not open_:
        return _mention(parse, candidate, best)
    return _mention(parse, candidate, None, best.country if all(s.country == best.country for s in open_) else None)


def _likelihood(site: Site, named: Counter[str]) -> float:
    factors = [_NAMED_EVERYWHERE.get(country, _NAMED_COUNTRY) for country in site.countries if country in named]
    return (site.weight + 1) * max(factors, default=1.0)


def _acceptable(parse: Parse, candidate: _Candidate, named: Counter[str], gazetteer: Gazetteer) -> bool:
    """Whether the name is read as a place at all, from what it is and how it stands in its sentence."""
    best = candidate.sites[0]
    token = parse.tokens[candidate.first]
    if _folded(parse, candidate) in gazetteer.definite and parse.tokens[max(token.i - 1, 0)].lower != "the":
        return False
    if best.weight >= LISTED_WEIGHT or best.feature == "state":
        return True
    if not candidate.locative and (token.ent == "NORP" or token.pos == "ADJ"):
        return False
    labelled = token.ent in _PLACE_LABELS or (token.dep == "conj" and parse.tokens[token.head].ent in _PLACE_LABELS)
    if best.feature == "capital" and best.population >= _KNOWN:
        return token.ent != "PERSON" or candidate.locative or token.dep in _OBJECTS
    name = fold_place_name(parse.text[token.start : parse.tokens[candidate.last - 1].end])
    if name in gazetteer.doubtful:
        return False
    if token.ent in ("PERSON", "ORG", "") and not candidate.locative:  # the recogniser takes small towns for people
        at_home = any(s.country in named and s.country not in _NAMED_EVERYWHERE for s in candidate.sites)
        likely = best.population >= 2 * _KNOWN or (at_home and best.population >= _SMALL)
        return likely and parse.tokens[candidate.last - 1].dep in _OBJECTS and token.pos in _NOMINAL
    if candidate.locative:
        return labelled or best.population >= _KNOWN or any(s.country in named for s in candidate.sites)
    return labelled and (best.population >= _KNOWN or any(s.country in named for s in candidate.sites))


def _mention(parse: Parse, candidate: _Candidate, site: Site | None, country: str | None = None) -> PlaceMention:
    """The mention of a site, or of a name that stays open (``country`` where all its readings share one)."""
    span = parse.span(candidate.first, candidate.last)
    considered = tuple(_described(s) for s in candidate.sites[:_SHOWN])
    if site is None:
        place = Place(span.quote, None, None, None, country, None, span)
    else:
        place = Place(site.name, site.geonames_id, site.lat, site.lon, site.country, site.feature, span)
    return PlaceMention(candidate.first, candidate.last, place, considered)


def _described(site: Site) -> str:
    where = site.division if site.division and site.countries == ("USA",) else "/".join(site.countries)
    number = f" {site.geonames_id}" if site.geonames_id else ""
    return f"{site.name} ({site.feature}, {where or 'no country'}){number}"
