"""Past situations like one in question, found in the events themselves, with what followed.

A situation is an act between two actors and what went on between them in the 30 and 180 days before: events
each way in each tone, on a logarithmic scale, standardised over all candidates. Who they are counts less than how they
stood, so that an act without a precedent of its own pair has those of others.
"""

from __future__ import annotations

import datetime as dt

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dragoman.analysis.acts import Act
from dragoman.analysis.channels import TONES, exactly_dated, first_of_unit, tone_of
from dragoman.analysis.selection import Selection, actor_names, country_of, event_rows, keys_among

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
WINDOWS = (30, 180)  # days looked back
_APART = 30  # days between two precedents of one pair
_SAME_PAIR, _ONE_SAME = 1.0, 0.85  # what the likeness of two situations is multiplied by
_OTHERS = 0.7

PRECEDENTS = pa.schema([
    ("day", pa.date32()),
    ("actor", pa.string()),
    ("recipient", pa.string()),
    ("event", pa.string()),
    ("event_type", pa.string()),
    ("likeness", pa.float64()),  # 0 to 1
    ("same_pair", pa.bool_()),
    ("cooperation_before", pa.float64()),  # events both ways, in as many days before as after
    ("cooperation_after", pa.float64()),
    ("conflict_before", pa.float64()),
    ("conflict_after", pa.float64()),
    ("answer_after", pa.int64()),  # days until the recipient did anything to the actor; null: not within the horizon
    ("answer_tone", pa.string()),
    ("quote", pa.string()),
])  # fmt: skip


class _Index(msgspec.Struct, frozen=True):
    """Days of every ordered pair and tone in one sorted array, so that windows are counted by bisection."""

    actors: dict[str, int]
    keys: Numbers
    first: int

    def between(self, actor: Numbers, recipient: Numbers, tone: int, start: Numbers, end: Numbers) -> Numbers:
        """Events from ``start`` to before ``end``, element by element."""
        low, high = (self.key(actor, recipient, tone, day) for day in (start, end))
        return np.searchsorted(self.keys, high) - np.searchsorted(self.keys, low)

    def key(self, actor: Numbers, recipient: Numbers, tone: int | Numbers, day: Numbers) -> Numbers:
        pair = (actor * len(self.actors) + recipient) * len(TONES) + tone
        found: Numbers = pair * 1_000_000 + np.clip(day - self.first, 0, 999_999)
        return found


def find_precedents(
    table: pa.Table, act: Act, *, at: dt.date, horizon: int, count: int = 5, selection: Selection | None = None
) -> pa.Table:
    """The situations most like an act done on a day, most like it first; schema ``PRECEDENTS``.

    Only acts that lie a whole horizon before ``at`` are taken: what followed them was known by then. Where the
    events have no types, acts of the same tone are.

    Args:
        table: Events with the schema ``tables.DYADS``.
        act: The act in question.
        at: When it happens; nothing later is looked at.
        horizon: Days that count as "what followed".
        count: How many at most.
        selection: Factuality and dates; what happened, when left out.

    Raises:
        UsageError: An actor is unknown.
    """
    chosen = selection or Selection()
    names = actor_names(event_rows(table, Selection(reality="all")))
    ours, theirs = keys_among(names, act.actor), keys_among(names, act.recipient)
    until = at if chosen.until is None else min(at, chosen.until)
    rows, _ = exactly_dated(event_rows(table, msgspec.structs.replace(chosen, until=until)), "day")
    rows = rows.filter(pc.and_(pc.is_valid(rows["actor_key"]), pc.is_valid(rows["recipient_key"])))
    if rows.num_rows == 0:
        return PRECEDENTS.empty_table()
    labels = {**dict.fromkeys(ours, act.actor), **dict.fromkeys(theirs, act.recipient)}
    actor, recipient, actors = _sides(rows, labels)
    tone, _ = tone_of(rows)
    days = rows["start"].to_numpy().astype("datetime64[D]").astype(np.int64)
    index = _index(rows, actor, recipient, tone, days, actors)
    last = (at - dt.date(1970, 1, 1)).days
    wanted = _same_kind(rows, tone, act) & (actor != recipient) & (days <= last - horizon)
    found = np.flatnonzero(wanted)
    if not len(found) or act.actor not in actors or act.recipient not in actors:
        return PRECEDENTS.empty_table()
    _, once = np.unique(index.key(actor[found], recipient[found], 0, days[found]), return_index=True)
    found = found[once]
    likeness = _likeness(index, actor[found], recipient[found], days[found],
                         (actors[act.actor], actors[act.recipient], last))  # fmt: skip
    best = _apart(found, likeness, actor, recipient, days, count)
    return _told(rows, index, best, horizon, (actor, recipient, days), act)


def _sides(rows: pa.Table, labels: dict[str, str]) -> tuple[Numbers, Numbers, dict[str, int]]:
    # Sectors count as their country, except where the question names them.
    actors: dict[str, int] = {}
    sides = []
    for side in ("actor_key", "recipient_key"):
        encoded = rows[side].combine_chunks().dictionary_encode()
        values = [labels.get(key, country_of(key)) for key in encoded.dictionary.to_pylist()]
        numbers = np.array([actors.setdefault(value, len(actors)) for value in values], dtype=np.int64)
        sides.append(numbers[encoded.indices.to_numpy(zero_copy_only=False)])
    return sides[0], sides[1], actors


def _index(
    rows: pa.Table, actor: Numbers, recipient: Numbers, tone: Numbers, days: Numbers, actors: dict[str, int]
) -> _Index:
    cells = np.where(tone >= 0, (actor * len(actors) + recipient) * len(TONES) + tone, -1)
    _, kept = first_of_unit(rows, cells, days - days.min())
    empty = _Index(actors, np.zeros(0, dtype=np.int64), int(days.min()))
    keys = np.sort(empty.key(actor[kept], recipient[kept], tone[kept], days[kept]))
    return msgspec.structs.replace(empty, keys=keys)


def _same_kind(rows: pa.Table, tone: Numbers, act: Act) -> NDArray[np.bool_]:
    if rows["event_type"].null_count == rows.num_rows:
        same: NDArray[np.bool_] = tone == TONES.index(act.tone)
        return same
    kind: NDArray[np.bool_] = pc.equal(rows["event_type"], act.event_type).fill_null(False).to_numpy()
    return kind


def _situations(index: _Index, actor: Numbers, recipient: Numbers, days: Numbers) -> Floats:
    """(situations, features): logarithms of the events before, each way, in each tone and window."""
    columns = [
        np.log1p(index.between(one, other, tone, days - window, days))
        for window in WINDOWS
        for one, other in ((actor, recipient), (recipient, actor))
        for tone in range(len(TONES))
    ]
    return np.stack(columns, axis=1)


def _likeness(index: _Index, actor: Numbers, recipient: Numbers, days: Numbers, asked: tuple[int, int, int]) -> Floats:
    past = _situations(index, actor, recipient, days)
    now = _situations(index, *(np.array([value], dtype=np.int64) for value in asked))
    spread = past.std(axis=0) + 0.1
    near = np.exp(-(((past - now) / spread) ** 2).mean(axis=1) / 2)
    a, b, _ = asked
    same = (actor == a).astype(np.int64) + (recipient == b)
    likeness: Floats = near * np.choose(same, [_OTHERS, _ONE_SAME, _SAME_PAIR])
    return likeness


def _apart(
    found: Numbers, likeness: Floats, actor: Numbers, recipient: Numbers, days: Numbers, count: int
) -> list[tuple[int, float]]:
    """The best candidates, no two of one pair within ``_APART`` days; ties go to the later one."""
    best: list[tuple[int, float]] = []
    for place in np.lexsort((-days[found], -likeness)):
        row = int(found[place])
        close = any(
            {int(actor[row]), int(recipient[row])} == {int(actor[other]), int(recipient[other])}
            and abs(int(days[row] - days[other])) < _APART
            for other, _ in best
        )
        if not close:
            best.append((row, float(likeness[place])))
        if len(best) == count:
            break
    return best


def _told(
    rows: pa.Table, index: _Index, best: list[tuple[int, float]], horizon: int,
    columns: tuple[Numbers, Numbers, Numbers], act: Act,
) -> pa.Table:  # fmt: skip
    actor, recipient, days = columns
    name = {number: label for label, number in index.actors.items()}
    told = []
    for row, likeness in best:
        a, b, day = (column[row : row + 1] for column in columns)
        counted = {
            f"{tone}_{when}": float(sum(
                index.between(one, other, k, start, start + horizon)[0] for one, other in ((a, b), (b, a))
            ))
            for k, tone in enumerate(TONES) for when, start in (("before", day - horizon), ("after", day + 1))
        }  # fmt: skip
        answer = _first_answer(index, int(recipient[row]), int(actor[row]), int(days[row]), horizon)
        who = name[int(actor[row])], name[int(recipient[row])]
        taken = rows.slice(row, 1).select(["event", "event_type", "quote"]).to_pylist()[0]
        told.append({
            "day": dt.date(1970, 1, 1) + dt.timedelta(days=int(days[row])), "actor": who[0], "recipient": who[1],
            **taken, "likeness": likeness, "same_pair": who == (act.actor, act.recipient), **counted,
            "answer_after": answer[0] if answer else None, "answer_tone": answer[1] if answer else None,
        })  # fmt: skip
    return pa.Table.from_pylist(told, schema=PRECEDENTS)


def _first_answer(index: _Index, actor: int, recipient: int, day: int, horizon: int) -> tuple[int, str] | None:
    who = np.array([actor]), np.array([recipient])
    first: tuple[int, str] | None = None
    for k, tone in enumerate(TONES):
        start = index.key(*who, k, np.array([day + 1]))[0]
        place = int(np.searchsorted(index.keys, start))
        if place < len(index.keys):
            after = int(index.keys[place] - start) + 1
            if after <= horizon and (first is None or after < first[0]):
                first = (after, tone)
    return first
