"""What an actor may do next, and to whom: the ranking of next events on a table of one's own events."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.forecast_facts import Facts, Numbers
from dragoman.analysis.forecast_features import (
    FAMILIES,
    FEATURES,
    DayCandidates,
    Singles,
    candidates,
    candidates_by_day,
)
from dragoman.analysis.forecast_history import DECAYS, FactHistory
from dragoman.analysis.forecast_ranking import LEARNED_DAYS
from dragoman.analysis.forecast_scorer import Scorer, examples, families_speaking, learn
from dragoman.analysis.selection import Selection, actor_names, event_rows, keys_among
from dragoman.errors import AnalysisError, UsageError
from dragoman.records import EVENT_TYPES

FEWEST_ANSWERS = 500
"""With fewer answered questions in the days to learn from, nothing is learned and the first score ranks alone."""
MOST_ANSWERS = 30_000
"""More answered questions are not learned from: the last days that hold so many suffice."""

NEXT_EVENTS = pa.schema([
    ("actor", pa.string()),  # id, else the name
    ("actor_name", pa.string()),
    ("event_type", pa.string()),  # PLOVER's 16
    ("recipient", pa.string()),
    ("recipient_name", pa.string()),
    ("score", pa.float64()),  # share of the next events asked about, 0 to 1
    ("evidence", pa.list_(pa.string())),  # families of features that speak for it, the strongest first
    ("last_seen", pa.date32()),  # when the actor last did this to the recipient; null when never
    ("last_contact", pa.date32()),  # when either last did anything to the other; null when never
    ("basis", pa.string()),  # "learned", or "counts" where there was too little to learn from
])  # fmt: skip
"""One row for each possible next event."""

_COARSE = (
    "quarter",
    "season",
    "year",
    "decade",
    "century",
)  # granularities whose first day says nothing about the order
_MONTH = DECAYS.index(30.0)
_LITTLE = 0.01  # what a family must add to be called evidence
_ORIGIN = dt.date(1970, 1, 1)


def rank_next(
    dyads: pa.Table,
    *,
    at: dt.date,
    actor: str | None = None,
    event_type: str | None = None,
    limit: int = 20,
) -> pa.Table:
    """The likeliest next events, by what was known when the day ``at`` began.

    Args:
        dyads: events, with the columns of ``tables.DYADS``; those that the texts take to have happened count.
        at: events that started, or were published, on this day or later are not looked at.
        actor: who acts: an id (with its sectors), a name or a bloc, as elsewhere; everybody when None.
        event_type: one of PLOVER's 16, or None for all.
        limit: the most rows.

    Returns:
        A table with the schema ``NEXT_EVENTS``, highest score first. The score is the share that an event has
        among the next events of the actor (and of the type, where one is given): the recent rate of the actor's type
        times the share of the recipient. The same table gives the same ranking, whatever happened since ``at``.

    Raises:
        UsageError: the actor is not in the table, or there is no such event type.
        AnalysisError: nothing with a day, an actor and a recipient is known before ``at``.
    """
    if event_type is not None and event_type not in EVENT_TYPES:
        raise UsageError(f"there is no event type '{event_type}'; the types are {', '.join(EVENT_TYPES)}")
    rows = event_rows(dyads, Selection())
    names = actor_names(rows)
    wanted = None if actor is None else keys_among(names, actor)
    known = _known_before(rows, at)
    keys, facts = _facts(known)
    both = facts.both_directions()
    history = FactHistory(both)
    today = (at - _ORIGIN).days - _first_day(known)
    history.begin(today)
    types = np.arange(len(EVENT_TYPES)) if event_type is None else np.array([EVENT_TYPES.index(event_type)])
    asked = _questions(history, [index for index, key in enumerate(keys) if wanted is None or key in wanted], types)
    if not len(asked):
        raise AnalysisError(
            f"'{actor or 'anybody'}' did nothing{f' of type {event_type}' if event_type else ''} before {at}; "
            "ask for another type or a later day"
        )
    scorer = _scorer(both, today)
    day = candidates(history, asked)
    return _table(history, day, scorer, names, keys, at, limit)


def _known_before(rows: pa.Table, at: dt.date) -> pa.Table:
    day = pa.scalar(at)
    published = pc.fill_null(pc.less(rows["published"], day), True)
    coarse = pc.is_in(rows["granularity"], pa.array(_COARSE))
    dated = pc.and_(pc.fill_null(pc.less(rows["start"], day), False), pc.and_(published, pc.invert(coarse)))
    sides = pc.and_(pc.is_valid(rows["actor_key"]), pc.is_valid(rows["recipient_key"]))
    typed = pc.is_in(rows["event_type"], pa.array(EVENT_TYPES))
    known = rows.filter(pc.and_(pc.and_(dated, typed), pc.and_(sides, _differ(rows))))
    if known.num_rows == 0:
        raise AnalysisError(f"no event with a day, an actor and a recipient is known before {at}; choose a later day")
    return known


def _differ(rows: pa.Table) -> pa.ChunkedArray:
    return pc.fill_null(pc.not_equal(rows["actor_key"], rows["recipient_key"]), False)


def _first_day(known: pa.Table) -> int:
    return int(pc.min(known["start"].cast(pa.int32())).as_py())


def _facts(known: pa.Table) -> tuple[list[str], Facts]:
    """The keys of the entities in order, and the facts between them."""
    columns = [known["actor_key"].combine_chunks(), known["recipient_key"].combine_chunks()]
    keys = sorted({*pc.unique(columns[0]).to_pylist(), *pc.unique(columns[1]).to_pylist()})
    number = pa.array(keys, pa.string())
    subject, target = (pc.index_in(column, value_set=number).to_numpy(zero_copy_only=False) for column in columns)
    relation = pc.index_in(known["event_type"], value_set=pa.array(EVENT_TYPES)).to_numpy()
    day = known["start"].cast(pa.int32()).to_numpy() - _first_day(known)
    return keys, Facts(np.stack([subject, relation, target, day], axis=1), len(keys), len(EVENT_TYPES))


def _questions(history: FactHistory, subjects: list[int], types: Numbers) -> Numbers:
    """(questions, 2) what the subjects did before, of the types asked for."""
    done = np.unique(np.stack([history.facts.subject, history.facts.relation], axis=1), axis=0)
    found: Numbers = done[np.isin(done[:, 0], subjects) & np.isin(done[:, 1], types)]
    return found


def _scorer(facts: Facts, today: int) -> Scorer | None:
    """An order learned on the last days with facts; None where too little happened on them."""
    days, count = np.unique(facts.day, return_counts=True)
    # a third of the days is left as history, and a busy stream needs few days to learn from
    late = np.flatnonzero(np.cumsum(count[::-1])[::-1] <= MOST_ANSWERS)
    learned = days[max(len(days) // 3, int(late[0]) if len(late) else len(days) - 1) :][-LEARNED_DAYS:]
    answered = int((facts.day >= learned[0]).sum())
    if answered < FEWEST_ANSWERS:
        return None
    known = examples(candidates_by_day(facts, range(int(learned[0]), today)), facts)
    return learn(known, members=1) if len(known.question) >= FEWEST_ANSWERS else None


def _rates(history: FactHistory, queries: Numbers) -> NDArray[np.float64]:
    """The expected share of each question in the next events: the mean of its lately and its all-time rate."""
    relations, groups = history.facts.relations, history.groups
    subject = groups.pair_subject[groups.triple_pair]
    place = subject * relations + groups.triple_relation
    asked = queries[:, 0] * relations + queries[:, 1]
    size = history.facts.entities * relations
    recent, ever = (np.bincount(place, history.triple[decay], size)[asked] for decay in (_MONTH, -1))
    days = history.today - int(history.facts.day[0]) + 1
    rate = recent / DECAYS[_MONTH] + ever / days
    shares: NDArray[np.float64] = rate / rate.sum()
    return shares


def _shares(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    power = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: NDArray[np.float64] = power / power.sum(axis=1, keepdims=True)
    return shares


def _table(
    history: FactHistory,
    day: DayCandidates,
    scorer: Scorer | None,
    names: dict[str, str],
    keys: list[str],
    at: dt.date,
    limit: int,
) -> pa.Table:
    if scorer is None:
        order: NDArray[np.float64] = np.take_along_axis(day.crude, day.entity, axis=1)
    else:
        order = scorer.score(day.features, day.queries[:, 1]).astype(np.float64)
    scores = _rates(history, day.queries)[:, None] * _shares(order)
    # nobody is the recipient of his own act here, and ties stand in the order of the keys
    scores[day.entity == day.queries[:, :1]] = 0
    best = np.argsort(-scores, axis=None, kind="stable")[:limit]
    question, column = np.unravel_index(best[scores.ravel()[best] > 0], scores.shape)
    entity = day.entity[question, column]
    subject, relation = day.queries[question].T
    evidence = _evidence(scorer, day, question, column)
    first = at - dt.timedelta(days=history.today)
    actors, recipients = [keys[i] for i in subject], [keys[i] for i in entity]
    columns = {
        "actor": actors,
        "actor_name": [names.get(key, key) for key in actors],
        "event_type": [EVENT_TYPES[i] for i in relation],
        "recipient": recipients,
        "recipient_name": [names.get(key, key) for key in recipients],
        "score": scores[question, column],
        "evidence": evidence,
        "last_seen": _days(first, history, day.queries[question], entity, whole=True),
        "last_contact": _days(first, history, day.queries[question], entity, whole=False),
        "basis": ["counts" if scorer is None else "learned"] * len(actors),
    }
    return pa.table({field.name: pa.array(columns[field.name], field.type) for field in NEXT_EVENTS})


def _evidence(scorer: Scorer | None, day: DayCandidates, question: Numbers, column: Numbers) -> list[list[str]]:
    shown, row = np.unique(question, return_inverse=True)
    features = day.features[shown]
    told = _family_shares(features) if scorer is None else families_speaking(scorer, features, day.queries[shown, 1])
    said = {family: values[row, column] for family, values in told.items()}
    return [
        [name for name in sorted(said, key=lambda name: -said[name][place]) if said[name][place] > _LITTLE]
        for place in range(len(question))
    ]


def _family_shares(features: Singles) -> dict[str, NDArray[np.float64]]:
    """The share of each family's features that a candidate has in its question, less an even share."""
    shares = {}
    for family, names in FAMILIES.items():
        sums = features[:, :, [FEATURES.index(name) for name in names]].sum(axis=-1, dtype=np.float64)
        shares[family] = sums / (sums.sum(axis=1, keepdims=True) + 1e-9) - 1 / sums.shape[1]
    return shares


def _days(
    first: dt.date, history: FactHistory, queries: Numbers, entity: Numbers, *, whole: bool
) -> list[dt.date | None]:
    groups, facts = history.groups, history.facts
    pair = queries[:, 0] * facts.entities + entity
    if whole:
        place, known = groups.find(pair * facts.relations + queries[:, 1], groups.triple_keys)
        last = history.triple_last[place]
    else:
        place, known = groups.find(pair, groups.pair_keys)
        last = history.pair_last[place]
    return [
        first + dt.timedelta(days=int(day)) if there and np.isfinite(day) else None
        for day, there in zip(last, known, strict=True)
    ]
