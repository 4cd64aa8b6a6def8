"""A situation brief: one page about an actor or a pair, every sentence of which names its records.

No language model: each sentence is a fixed form filled from records, so the same records give the
same brief. What has no record is not said, and a section without records is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dragoman.analysis.brief_statements import (
    Brief,
    Quote,
    Rows,
    Section,
    Statement,
    counted,
    label,
    quotes_of,
    when,
    within_sentence,
)
from dragoman.analysis.brief_unsure import disputed, predicted, unsure
from dragoman.analysis.change_points import FEWEST_EVENTS, change_points
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

CHANGES = "Changes and what made them"
_PARTNERS = 6  # whose relations are told
_FEWEST = 2  # events of a partner that is told of
_CAUSES = 2  # of a change are quoted
_MOST_LINES = 10  # of a section


def situation_brief(
    table: pa.Table,
    actor: str,
    other: str | None = None,
    *,
    topics: TopicLexicon,
    selection: Selection | None = None,
    claims: Iterable[Claim] = (),
    disputes: Iterable[Dispute] = (),
    states: Mapping[str, str] | None = None,
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
        states: Names of ids, for those that the events know by their sectors only.

    Raises:
        UsageError: An actor is unknown, both are the same, or the dates are the wrong way round.
        AnalysisError: There is no event of the actor or between the two.
    """
    chosen = msgspec.structs.replace(selection or Selection(), reality="all")
    every = _identified(event_rows(table, Selection(reality="all")))
    found = actor_names(every)
    keys = keys_among(found, actor)
    names = {**found, **(states or {})}
    rows = event_rows(every, chosen)
    rows = _taking_part(rows, keys) if other is None else pair_rows(rows, actor, other, names=found)
    if rows.num_rows == 0:
        raise AnalysisError(f"no event of '{actor}' lies in these dates; widen them")
    listed = rows.sort_by([("start", "ascending"), ("event", "ascending")]).to_pylist()
    told = [row for row in listed if row["factuality"] in REALITIES["happened"]]
    partners = _partners(told, keys, names) if other is None else [(other, label(other, names))]
    known = list(claims)
    filled = (
        ("State of relations", _states(rows, partners, chosen)),
        (CHANGES, _changes(rows, actor, partners, chosen)),
        ("Who supplies what to whom", _gathered(told, topics, "supply", names)),
        ("Below the threshold of open violence", _gathered(told, topics, "grey_zone", names)),
        ("Said to be possible, or denied", unsure(listed, names)),
        ("Disputed", disputed(listed, disputes, known, names)),
        ("Predicted", predicted(known, listed, _called(actor, other, keys, names))),
    )
    return _page(_title(actor, other, names, chosen), filled)


def _called(actor: str, other: str | None, keys: Iterable[str], names: Mapping[str, str]) -> list[str]:
    asked = {label(who, names) for who in (actor, other) if who}
    return sorted(asked | {names.get(key, key) for key in keys})


def _page(title: str, filled: Sequence[tuple[str, Iterable[Statement]]]) -> Brief:
    sections = [Section(heading, tuple(statements)) for heading, statements in filled]
    return Brief(title, tuple(section for section in sections if section.statements), _notes(sections))


def _title(actor: str, other: str | None, names: Mapping[str, str], chosen: Selection) -> str:
    who = label(actor, names) if other is None else f"{label(actor, names)} and {label(other, names)}"
    if chosen.since is None and chosen.until is None:
        return f"{who}, all events"
    return f"{who}, {chosen.since or 'the first event'} to {chosen.until or 'the last event'}"


def _identified(rows: pa.Table) -> pa.Table:
    # Imported events may lack an id; their row in the table stands for it.
    number = pc.binary_join_element_wise("row", pa.array(np.arange(1, rows.num_rows + 1).astype(str)), " ")
    index = rows.column_names.index("event")
    return rows.set_column(index, "event", pc.coalesce(rows["event"], number))


def _taking_part(rows: pa.Table, keys: frozenset[str]) -> pa.Table:
    values = pa.array(sorted(keys), pa.string())
    return rows.filter(pc.or_(pc.is_in(rows["actor_key"], values), pc.is_in(rows["recipient_key"], values)))


def _partners(rows: Rows, keys: frozenset[str], names: Mapping[str, str]) -> list[tuple[str, str]]:
    own = {country_of(key) for key in keys}
    met: dict[str, set[str]] = {}
    for row in rows:
        for key in (row["actor_key"], row["recipient_key"]):
            if key is not None and key not in keys and country_of(key) not in own:
                met.setdefault(country_of(key), set()).add(row["event"])
    ranked = sorted((key for key in met if len(met[key]) >= _FEWEST), key=lambda key: (-len(met[key]), key))
    return [(key, label(key, names)) for key in ranked[:_PARTNERS]]


def _with(rows: pa.Table, partner: str) -> pa.Table:
    return _taking_part(rows, actor_keys(rows, partner))


def _states(rows: pa.Table, partners: Sequence[tuple[str, str]], chosen: Selection) -> Iterator[Statement]:
    for partner, called in partners:
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
        who = within_sentence(called)
        text = f"With {who}: {counted(len(by_event))}{when(records)}{what}; mean intensity {tone:+.1f}."
        yield Statement(text, tuple(by_event), quotes_of(records[::-1]))


def _changes(rows: pa.Table, actor: str, partners: Sequence[tuple[str, str]], chosen: Selection) -> Iterator[Statement]:
    happened = msgspec.structs.replace(chosen, reality="happened")
    for partner, called in partners:
        try:
            series = relation_series(rows, actor, partner, selection=happened)
        except AnalysisError:  # too little with a date is no change, and the note says so
            continue
        for point in change_points(series):
            verb = "rose" if point.after > point.before else "fell"
            causes = tuple(cause.event for cause in point.causes if cause.event)
            text = (
                f"Hostility with {within_sentence(called)} {verb} in {point.at:%Y-%m}, "
                f"from {point.before:.1f} to {point.after:.1f} a month "
                f"({'a clear break' if point.grade == 'clear' else 'a possible break'}; "
                f"found in {point.stability:.0%} of resamples)."
            )
            quotes = tuple(Quote(c.event, c.quote) for c in point.causes if c.event and c.quote)[:_CAUSES]
            if causes:
                yield Statement(text, causes, quotes)


def _gathered(rows: Rows, topics: TopicLexicon, group: TopicGroup, names: Mapping[str, str]) -> Iterator[Statement]:
    found: dict[tuple[str, str, str], Rows] = {}
    for row in rows:
        topic = topics.first(group, row["event_type"], row["mode"], row["contexts"] or (), row["quote"] or "")
        giver, taker = (
            country_of(row["actor_key"] or "somebody"),
            row["recipient_key"] and country_of(row["recipient_key"]),
        )
        if topic is not None and taker and giver != taker and _is_named(row["recipient"], taker):
            found.setdefault((topic, giver, taker), []).append(row)
    ranked = sorted(found.items(), key=lambda item: (-len({row["event"] for row in item[1]}), item[0]))
    for (topic, giver, taker), records in ranked[:_MOST_LINES]:
        ids = tuple(dict.fromkeys(row["event"] for row in records))
        text = f"{label(giver, names)} to {label(taker, names)}: {topic}, {counted(len(ids))}{when(records)}."
        yield Statement(text, ids, quotes_of(records[::-1]))


def _is_named(identifier: str | None, key: str) -> bool:
    """Whether a side is somebody: "foreign experts" and "a test site" are not."""
    return identifier is not None or key[:1].isupper()


def _notes(sections: Sequence[Section]) -> tuple[str, ...]:
    empty = [section.title.lower() for section in sections if not section.statements]
    told = [f"No record was found for: {'; '.join(empty)}."] if empty else []
    if CHANGES.lower() in empty:
        told.append(f"Changes are looked for in pairs with {FEWEST_EVENTS} dated events or more.")
    return tuple(told)
