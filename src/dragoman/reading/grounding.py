"""When and where each event happened.

A date or place belongs to the event that it is nearest to in the parse, where clause boundaries count for
more than words (after the heuristics of TimeML and SpatialML annotation). What dates the saying does not
date what is said, and nothing is guessed: an event without a place keeps none, one without a date is
bounded by the narrative's last date or by the publication date, and says so in its ``basis``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec.structs import replace

from dragoman.knowledge import Knowledge
from dragoman.knowledge.dates import DateLexicon
from dragoman.knowledge.gazetteer import Gazetteer
from dragoman.reading.attachment import OTHER_CLAUSE, REPORTED, Boundaries, attachment_cost, head_of
from dragoman.reading.date_context import outlook_at
from dragoman.reading.dateline import in_dateline
from dragoman.reading.dates import report_date
from dragoman.reading.draft import DateExpression, Draft, EventDraft, PlaceMention
from dragoman.reading.parse import Parse
from dragoman.records import Interval, Place

_Found = TypeVar("_Found", DateExpression, PlaceMention)
_NAMING = frozenset(("compound", "nummod", "amod", "poss", "nmod"))
"""Dependencies by which a date names a thing ("the 2015 agreement") and dates nothing else."""
_NARRATIVE = frozenset(("day", "week", "month", "quarter", "season", "year"))
_MOVEMENTS = frozenset(("MOBILIZE", "RETREAT", "ASSAULT"))
"""Types whose path leads to where they happen; aid to a country does not happen there."""
_WIDER = 2  # what a wider place costs against a narrower one
_DATING = frozenset(("date", "anchored"))
_DISTANT = 40  # cost of a path that is no clause's own


def ground_events(draft: Draft, knowledge: Knowledge) -> Draft:
    """Give each event its time and place. Fills ``time`` and ``place`` of ``events``."""
    if not draft.events:
        return draft
    gazetteer = knowledge.gazetteer
    lexicon = knowledge.dates
    apart = frozenset((*lexicon.before, *lexicon.after, *lexicon.since, *lexicon.until))
    boundaries = Boundaries(lexicon.attributing, apart)
    dates = _by_sentence(draft.parse, [date for date in draft.dates if not in_dateline(draft.parse, date.first)])
    places = _by_sentence(draft.parse, draft.places)
    grounded = []
    for event in draft.events:
        sentence = draft.parse.tokens[event.head].sent
        grounded.append(
            replace(
                event,
                time=_time_of(draft, event, dates.get(sentence, []), lexicon),
                place=_place_of(draft.parse, event, places.get(sentence, []), gazetteer, boundaries),
            )
        )
    return replace(draft, events=tuple(grounded))


def _by_sentence(parse: Parse, found: Sequence[_Found]) -> dict[int, list[_Found]]:
    grouped: dict[int, list[_Found]] = {}
    for item in found:
        grouped.setdefault(parse.tokens[item.first].sent, []).append(item)
    return grouped


def _time_of(draft: Draft, event: EventDraft, dates: Sequence[DateExpression], lexicon: DateLexicon) -> Interval | None:
    parse = draft.parse
    ranked = sorted(
        (
            (_date_cost(parse, event, d, lexicon), abs(d.first - event.head), d.first, d)
            for d in dates
            if d.kind in _DATING
        ),
        key=lambda row: row[:3],
    )
    if ranked and ranked[0][0] < OTHER_CLAUSE:
        return _stated(parse, ranked[0][3])
    outlook = outlook_at(parse, event.head, lexicon, scheduled=False)
    beside = [date for cost, _, _, date in ranked if OTHER_CLAUSE <= cost < REPORTED and date.interval]
    if beside and beside[0].interval:
        return _from_beside(beside[0].interval)
    reported = [date for cost, _, _, date in ranked if REPORTED <= cost < REPORTED + OTHER_CLAUSE and date.interval]
    if reported:
        return _bounded_by_report(reported[0], 0 if _in_progress(parse, event.head) else outlook)
    return _from_narrative(draft, event, outlook)


def _date_cost(parse: Parse, event: EventDraft, date: DateExpression, lexicon: DateLexicon) -> int:
    head = head_of(parse, date.first, date.last)
    cost = attachment_cost(parse, head, event.head, event.trigger, Boundaries(lexicon.attributing))
    if _beside_report(parse, event.head, date.first):
        cost = max(cost, REPORTED)
    thing = parse.tokens[parse.tokens[head].head]
    if parse.tokens[head].dep not in _NAMING or thing.i == event.head or event.trigger[0] <= thing.i < event.trigger[1]:
        return cost
    within = thing.dep == "pobj" and parse.tokens[thing.head].lower in lexicon.during
    return cost if within else cost + 2 * REPORTED


def _beside_report(parse: Parse, event: int, date: int) -> bool:
    """Whether a date stands between a verb of saying and the subject of what is said ("said on Friday it would")."""
    verb = parse.tokens[event]
    subjects = parse.children(event, "nsubj", "nsubjpass")
    return verb.dep == "ccomp" and bool(subjects) and verb.head < date < subjects[0].i


def _stated(parse: Parse, date: DateExpression) -> Interval:
    """The expression's interval; where it cannot be resolved, the words alone, so that it stays visible."""
    if date.interval is not None:
        return date.interval
    quote = parse.span(date.first, date.last).quote
    return Interval(None, None, "range", True, "anchored" if date.kind == "anchored" else "relative", quote)


def _bounded_by_report(date: DateExpression, outlook: int) -> Interval | None:
    """Only the saying is dated: what is past lies before it, what is to come after it."""
    said = date.interval
    if said is None:
        return None
    if outlook < 0:
        return _with_ends(said, None, said.end)
    if outlook > 0:
        return _with_ends(said, said.start, None)
    return _with_ends(said, said.start, said.end)


def _from_beside(interval: Interval) -> Interval:
    """The interval of another clause, which only says about when."""
    return Interval(interval.start, interval.end, interval.granularity, True, "anchored", interval.quote)


def _in_progress(parse: Parse, i: int) -> bool:
    """Whether a verb is in the past progressive, as what goes on while it is reported ("was ending")."""
    return parse.tokens[i].tag == "VBG" and any(child.tag == "VBD" for child in parse.children(i, "aux"))


def _with_ends(interval: Interval, start: str | None, end: str | None) -> Interval:
    """The interval with other ends, approximate."""
    return Interval(start, end, "range", True, interval.basis, interval.quote)


def _from_narrative(draft: Draft, event: EventDraft, outlook: int) -> Interval | None:
    """No date in the sentence: the paragraph's last narrative date, else bounded by the publication date."""
    report = report_date(draft)
    published = report.isoformat() if report else None
    if outlook < 0:
        last = _last_narrative_date(draft, event, published)
        if last is not None:
            return _from_beside(last)
    if published is None:
        return None
    if outlook < 0:
        return Interval(None, published, "range", True, "document")
    if outlook > 0:
        return Interval(published, None, "range", True, "document")
    return Interval(published, published, "day", True, "document")


def _last_narrative_date(draft: Draft, event: EventDraft, published: str | None) -> Interval | None:
    parse = draft.parse
    paragraph = parse.sentences[parse.tokens[event.head].sent].paragraph
    for date in reversed(draft.dates):
        if date.first >= event.head or date.interval is None or date.interval.granularity not in _NARRATIVE:
            continue
        if parse.sentences[parse.tokens[date.first].sent].paragraph != paragraph:
            return None
        if published is None or date.interval.start is None or date.interval.start <= published:
            return date.interval
    return None


def _place_of(
    parse: Parse, event: EventDraft, places: Sequence[PlaceMention], gazetteer: Gazetteer, boundaries: Boundaries
) -> Place | None:
    costs = ((_place_cost(parse, event, mention, gazetteer, boundaries), mention) for mention in places)
    near = [
        (cost + _WIDER * _width(mention.place, gazetteer), mention.first, mention)
        for cost, mention in costs
        if cost < OTHER_CLAUSE
    ]
    return min(near, key=lambda row: row[:2])[2].place if near else None


def _width(place: Place, gazetteer: Gazetteer) -> int:
    """Countries count as wider than regions, regions as wider than towns and sites."""
    if place.feature in gazetteer.country_features:
        return 2
    return 1 if place.feature in gazetteer.wide else 0


def _place_cost(
    parse: Parse, event: EventDraft, mention: PlaceMention, gazetteer: Gazetteer, boundaries: Boundaries
) -> int:
    head = head_of(parse, mention.first, mention.last)
    role = _role(parse, head, mention.place, event, gazetteer)
    if role is None:
        return _DISTANT
    return role + attachment_cost(parse, head, event.head, event.trigger, boundaries)


def _role(parse: Parse, head: int, place: Place, event: EventDraft, gazetteer: Gazetteer) -> int | None:
    """The cost of taking a place-name, in its syntactic role, as the event's place; None where it cannot be that."""
    token = parse.tokens[head]
    governor = parse.tokens[token.head]
    while token.dep in ("conj", "appos") and governor.i != token.i and governor.pos in ("PROPN", "NOUN"):
        token, governor = governor, parse.tokens[governor.head]
    if token.dep in ("compound", "nmod") and governor.lower in gazetteer.heads:  # the Kursk region
        token, governor = governor, parse.tokens[governor.head]
    if governor.lower == "of" and parse.tokens[governor.head].lower in gazetteer.heads:  # the town of Kidal
        token = parse.tokens[governor.head]
        governor = parse.tokens[token.head]
    in_trigger = governor.i == event.head or event.trigger[0] <= governor.i < event.trigger[1]
    local = place.feature not in gazetteer.country_features and place.feature != "capital"
    if token.dep == "pobj":
        above = parse.tokens[governor.head]
        if governor.lower == "to" and above.lemma in gazetteer.motion:  # flew to Kampala and met
            return 2
        return _after_preposition(
            governor.lower, place, event, gazetteer, in_trigger or _of_trigger(parse, governor.i, event), local
        )
    if token.dep in ("compound", "nmod", "amod") and in_trigger:  # the Doha talks
        return 0
    if token.dep in ("dobj", "nsubjpass"):  # shelled Kharkiv, visited China
        if governor.lemma in gazetteer.motion:
            return 1
        taken = event.event_type in _MOVEMENTS and place.feature == "capital"
        return 1 if in_trigger and (local or taken) else None
    return None


def _after_preposition(
    preposition: str, place: Place, event: EventDraft, gazetteer: Gazetteer, of_event: bool, local: bool
) -> int | None:
    if preposition == "on":  # an island, or a target
        target = of_event and local and event.event_type == "ASSAULT"
        return 0 if place.feature in gazetteer.surfaces else 1 if target else None
    if preposition == "between" and place.feature in gazetteer.country_features:
        return None  # the two sides of a meeting are not where it is held
    if preposition in gazetteer.event_place:
        return 0
    if preposition in ("of", "against") and of_event and local:  # the bombing of Mosul
        return 1
    if preposition in gazetteer.path and of_event and (local or event.event_type in _MOVEMENTS):
        return 3
    return None


def _of_trigger(parse: Parse, preposition: int, event: EventDraft) -> bool:
    """Whether a preposition hangs on the trigger, or on an object of it ("sent troops to Kursk")."""
    above = parse.tokens[parse.tokens[preposition].head]
    if above.i == event.head or event.trigger[0] <= above.i < event.trigger[1]:
        return True
    return above.dep in ("dobj", "nsubjpass") and above.head == event.head
