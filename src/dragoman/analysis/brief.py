"""A situation brief: one page about an actor or a pair, every sentence of which names its records.

No language model: each sentence is a fixed form filled from records, so the same records give the
same brief. What has no record is not said, and a section without records is left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.analysis.change_points import change_points
from dragoman.analysis.relation_series import relation_series
from dragoman.analysis.selection import (
    REALITIES,
    Selection,
    actor_keys,
    actor_names,
    country_of,
    event_rows,
    keys_among,
    pair_rows,
)
from dragoman.errors import AnalysisError
from dragoman.knowledge.topics import TopicGroup, TopicLexicon
from dragoman.records import Claim, Dispute

_PARTNERS = 6  # whose relations are told
_QUOTES = 2  # a sentence of the brief shows
_FEWEST = 2  # events of a partner that is told of
_MOST_LINES = 10  # of a section
_DAY = len("2024-01-31")
_LONGEST = 90  # characters of what a dispute is about

Rows = list[dict[str, Any]]


class Quote(msgspec.Struct, frozen=True):
    """Words of a record: ``record`` is the id of an event or a claim."""

    record: str
    text: str


class Statement(msgspec.Struct, frozen=True):
    """A sentence of the brief with the ids of all records that support it, and some of their words."""

    text: str
    records: tuple[str, ...]
    quotes: tuple[Quote, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """A heading with its sentences."""

    title: str
    statements: tuple[Statement, ...]


class Brief(msgspec.Struct, frozen=True):
    """One page: ``notes`` say what could not be told and why."""

    title: str
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()


def situation_brief(
    table: pa.Table,
    actor: str,
    other: str | None = None,
    *,
    topics: TopicLexicon,
    selection: Selection | None = None,
    claims: Iterable[Claim] = (),
    disputes: Iterable[Dispute] = (),
) -> Brief:
    """The brief of an actor, or of a pair (names as in ``relation_series``).

    Args:
        table: Events with the schema ``tables.DYADS``.
        actor: Whose brief.
        other: The other one, for a pair.
        topics: What counts as supply and as grey zone (``Knowledge.topics``).
        selection: Dates; the brief itself keeps apart what happened, is possible and is denied.
        claims: Claims of the same documents, for what is predicted and disputed.
        disputes: Their disputes.

    Raises:
        UsageError: An actor is unknown, both are the same, or the dates are the wrong way round.
        AnalysisError: There is no event of the actor or between the two.
    """
    chosen = msgspec.structs.replace(selection or Selection(), reality="all")
    every = _identified(event_rows(table, Selection(reality="all")))
    names = actor_names(every)
    keys = keys_among(names, actor)
    rows = event_rows(every, chosen)
    rows = _taking_part(rows, keys) if other is None else pair_rows(rows, actor, other, names=names)
    if rows.num_rows == 0:
        raise AnalysisError(f"no event of '{actor}' lies in these dates; widen them")
    listed = rows.sort_by([("start", "ascending"), ("event", "ascending")]).to_pylist()
    told = [row for row in listed if row["factuality"] in REALITIES["happened"]]
    partners = _partners(told, keys, names) if other is None else [(other, _label(other, names))]
    called = sorted({_label(who, names) for who in (actor, other) if who} | {names.get(key, key) for key in keys})
    known = list(claims)
    filled = (
        ("State of relations", _states(rows, partners, chosen)),
        ("Changes and what made them", _changes(rows, actor, partners, chosen)),
        ("Who supplies what to whom", _gathered(told, topics, "supply", names)),
        ("Below the threshold of open violence", _gathered(told, topics, "grey_zone", names)),
        ("Said to be possible, or denied", _unsure(listed)),
        ("Disputed", _disputed(listed, disputes, known, names)),
        ("Predicted", _predicted(known, listed, called)),
    )
    sections = [Section(heading, tuple(statements)) for heading, statements in filled]
    return Brief(_title(actor, other, names, chosen), tuple(s for s in sections if s.statements), _notes(sections))


def _title(actor: str, other: str | None, names: dict[str, str], chosen: Selection) -> str:
    who = _label(actor, names) if other is None else f"{_label(actor, names)} and {_label(other, names)}"
    return f"{who}, {chosen.since or 'the first event'} to {chosen.until or 'the last event'}"


def _identified(rows: pa.Table) -> pa.Table:
    # Imported events may lack an id; their row in the table stands for it.
    number = pc.binary_join_element_wise("row", pa.array(np.arange(1, rows.num_rows + 1).astype(str)), " ")
    index = rows.column_names.index("event")
    return rows.set_column(index, "event", pc.coalesce(rows["event"], number))


def _taking_part(rows: pa.Table, keys: frozenset[str]) -> pa.Table:
    values = pa.array(sorted(keys), pa.string())
    return rows.filter(pc.or_(pc.is_in(rows["actor_key"], values), pc.is_in(rows["recipient_key"], values)))


def _label(actor: str, names: dict[str, str]) -> str:
    name = names.get(actor) or next((n for n in names.values() if n.casefold() == actor.casefold()), None)
    return name if name and name != actor and "+" not in actor else actor


def _partners(rows: Rows, keys: frozenset[str], names: dict[str, str]) -> list[tuple[str, str]]:
    own = {country_of(key) for key in keys}
    met: dict[str, set[str]] = {}
    for row in rows:
        for key in (row["actor_key"], row["recipient_key"]):
            if key is not None and key not in keys and country_of(key) not in own:
                met.setdefault(country_of(key), set()).add(row["event"])
    ranked = sorted((key for key in met if len(met[key]) >= _FEWEST), key=lambda key: (-len(met[key]), key))
    return [(key, _label(key, names)) for key in ranked[:_PARTNERS]]


def _with(rows: pa.Table, partner: str) -> pa.Table:
    return _taking_part(rows, actor_keys(rows, partner))


def _states(rows: pa.Table, partners: Sequence[tuple[str, str]], chosen: Selection) -> Iterator[Statement]:
    for partner, label in partners:
        happened = event_rows(_with(rows, partner), msgspec.structs.replace(chosen, reality="happened"))
        records = happened.sort_by([("start", "ascending"), ("event", "ascending")]).to_pylist()
        if not records:
            continue
        by_event = {row["event"]: row for row in records}
        tone = float(np.mean([row["intensity"] or 0.0 for row in by_event.values()]))
        quads = [row["quad_class"] for row in by_event.values()]
        parts = [
            f"{count} of {words}"
            for count, words in (
                (quads.count(2), "material cooperation"), (quads.count(1), "verbal cooperation"),
                (quads.count(3), "verbal conflict"), (quads.count(4), "material conflict"),
            )
            if count
        ]  # fmt: skip
        what = f": {', '.join(parts)}" if parts else ""
        text = f"With {label}: {_events(len(by_event))}{_when(records)}{what}; mean intensity {tone:+.1f}."
        yield Statement(text, tuple(by_event), _quotes(records[::-1]))


def _changes(rows: pa.Table, actor: str, partners: Sequence[tuple[str, str]], chosen: Selection) -> Iterator[Statement]:
    happened = msgspec.structs.replace(chosen, reality="happened")
    for partner, label in partners:
        try:
            series = relation_series(rows, actor, partner, selection=happened)
        except AnalysisError:  # too little with a date is no change, and the note says so
            continue
        for point in change_points(series):
            verb = "rose" if point.after > point.before else "fell"
            causes = tuple(cause.event for cause in point.causes if cause.event)
            text = (
                f"Hostility with {label} {verb} in {point.at:%Y-%m}, "
                f"from {point.before:.1f} to {point.after:.1f} a month "
                f"({'a clear break' if point.grade == 'clear' else 'a possible break'}; "
                f"found in {point.stability:.0%} of resamples)."
            )
            quotes = tuple(Quote(c.event, c.quote) for c in point.causes if c.event and c.quote)[:_QUOTES]
            if causes:
                yield Statement(text, causes, quotes)


def _gathered(rows: Rows, topics: TopicLexicon, group: TopicGroup, names: dict[str, str]) -> Iterator[Statement]:
    found: dict[tuple[str, str, str], Rows] = {}
    for row in rows:
        topic = topics.first(group, row["event_type"], row["mode"], row["contexts"] or (), row["quote"] or "")
        if topic is not None and row["recipient_key"] is not None:
            key = (topic, country_of(row["actor_key"] or "somebody"), country_of(row["recipient_key"]))
            found.setdefault(key, []).append(row)
    ranked = sorted(found.items(), key=lambda item: (-len({row["event"] for row in item[1]}), item[0]))
    for (topic, giver, taker), records in ranked[:_MOST_LINES]:
        ids = tuple(dict.fromkeys(row["event"] for row in records))
        text = f"{_label(giver, names)} to {_label(taker, names)}: {topic}, {_events(len(ids))}{_when(records)}."
        yield Statement(text, ids, _quotes(records[::-1]))


def _unsure(rows: Rows) -> Iterator[Statement]:
    words = {
        "PS+": "possible",
        "CTu": "open",
        "Uu": "not committed to",
        "CT-": "denied",
        "PR-": "held improbable",
        "PS-": "possibly not so",
    }
    lines = [row for row in rows if row["factuality"] in words]
    seen: set[str] = set()
    for row in lines[::-1]:
        if row["event"] in seen or len(seen) == _MOST_LINES:
            continue
        seen.add(row["event"])
        speaker = f", according to {row['speaker']}" if row["speaker"] else ""
        whom = f" towards {row['recipient_name'] or row['recipient_key']}" if row["recipient_key"] else ""
        who = row["actor_name"] or row["actor_key"] or "somebody"
        what = (row["event_type"] or "an event").lower()
        yield Statement(f"{who}: {what}{whom}, {words[row['factuality']]}{speaker}.", (row["event"],), _quotes([row]))


def _disputed(
    rows: Rows, disputes: Iterable[Dispute], claims: Sequence[Claim], names: dict[str, str]
) -> Iterator[Statement]:
    ours = {row["event"] for row in rows}
    documents = {row["document"] for row in rows if row["document"]}
    words = {row["event"]: row["quote"] for row in rows} | {claim.id: claim.content.quote for claim in claims}
    for dispute in list(disputes)[:_MOST_LINES]:
        if ours & set(dispute.versions) or dispute.document in documents:
            quotes = tuple(Quote(version, words[version]) for version in dispute.versions if words.get(version))
            about = dispute.about if len(dispute.about) <= _LONGEST else f"{dispute.about[:_LONGEST].rstrip()}…"
            yield Statement(f"Versions differ in {dispute.differs}: {about}", dispute.versions, quotes[:4])
    matters: dict[tuple[str, str, str, dt.date], Rows] = {}
    for row in rows:
        if row["recipient_key"] and row["start"] and row["event_type"]:
            key = (row["actor_key"] or "", row["event_type"], row["recipient_key"], row["start"])
            matters.setdefault(key, []).append(row)
    for (who, what, whom, day), versions in sorted(matters.items()):
        said = {row["factuality"] for row in versions if row["factuality"]}
        if said & {"CT+", "PR+"} and said & REALITIES["denied"]:
            ids = tuple(dict.fromkeys(row["event"] for row in versions))
            pair = f"{_label(who, names)} towards {_label(whom, names)}"
            yield Statement(f"{pair}, {what.lower()} on {day}: reported and denied.", ids, _quotes(versions))


def _predicted(claims: Sequence[Claim], rows: Rows, named: Sequence[str]) -> Iterator[Statement]:
    documents = {row["document"] for row in rows if row["document"]}
    told = 0
    for claim in claims:
        if claim.prediction is None or told == _MOST_LINES or claim.document not in documents:
            continue
        content = claim.content.quote.casefold()
        if not any(
            name.casefold() in content or name.casefold() in claim.prediction.about.casefold() for name in named
        ):
            continue
        told += 1
        who = claim.speaker.name if claim.speaker else claim.source.quote if claim.source else "The text"
        horizon = claim.prediction.horizon
        until = f" by {horizon.end}" if horizon and horizon.end else ""
        odds = f", {claim.probability.low:.0%} to {claim.probability.high:.0%} likely" if claim.probability else ""
        condition = f', if "{claim.prediction.condition.quote}"' if claim.prediction.condition else ""
        yield Statement(
            f"{who} predicts{until}{odds}{condition}.", (claim.id,), (Quote(claim.id, claim.content.quote),)
        )


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count} events"


def _when(rows: Rows) -> str:
    dated = sorted((row["start"], row["granularity"] or "day") for row in rows if row["start"])
    if not dated:
        return " (no date given)"
    first, last = (_as_exact(day, granularity) for day, granularity in (dated[0], dated[-1]))
    if first == last:
        return f" on {first}" if len(first) == _DAY else f" in {first}"
    return f" from {first} to {last}"


def _as_exact(day: dt.date, granularity: str) -> str:
    # No more exact than the record: an event of 2025 did not happen on its first of January.
    if granularity in ("year", "decade", "century"):
        return str(day.year)
    return day.isoformat() if granularity in ("day", "week", "range") else f"{day:%Y-%m}"


def _quotes(rows: Rows) -> tuple[Quote, ...]:
    words = {row["quote"]: row["event"] for row in rows[::-1] if row["quote"]}
    return tuple(Quote(record, text) for text, record in list(words.items())[::-1][:_QUOTES])


def _notes(sections: Sequence[Section]) -> tuple[str, ...]:
    return tuple(f"Nothing found: {section.title.lower()}." for section in sections if not section.statements)
