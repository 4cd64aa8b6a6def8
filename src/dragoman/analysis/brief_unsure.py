"""The sections of a situation brief that tell what is not settled: possible, denied, disputed, predicted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from dragoman.analysis.brief_statements import (
    TYPE_WORDING,
    Quote,
    Rows,
    Statement,
    label,
    quotes_of,
    within_sentence,
)
from dragoman.analysis.selection import REALITIES
from dragoman.records import Claim, Dispute

_MOST_LINES = 10  # of a section
_MOST_QUOTES = 4  # of a dispute
_LONGEST = 90  # characters of what a dispute is about
_STANCES = {
    "PS+": "possible",
    "CTu": "open",
    "Uu": "mentioned, not said to be so",
    "CT-": "denied",
    "PR-": "held improbable",
    "PS-": "possibly not so",
}
_DIFFERS = {
    "polarity": "Said and denied",
    "number": "Numbers differ",
    "actor": "Who did it differs",
    "certainty": "How sure it is differs",
}
_VERDICTS = {"-": "denied", "u": "left open"}  # by the sign of factuality; else it is said


def unsure(rows: Rows, names: Mapping[str, str]) -> Iterator[Statement]:
    """Events that are possible, denied or left open, the latest first."""
    seen: set[str] = set()
    for row in reversed(rows):
        if row["factuality"] not in _STANCES or row["event"] in seen or len(seen) == _MOST_LINES:
            continue
        seen.add(row["event"])
        speaker = f", according to {within_sentence(label(row['speaker'], names))}" if row["speaker"] else ""
        matter = _matter(
            row["event_type"],
            row["actor_name"] or row["actor_key"] or "somebody",
            row["recipient_name"] or row["recipient_key"],
        )
        yield Statement(f"{matter}: {_STANCES[row['factuality']]}{speaker}.", (row["event"],), quotes_of([row]))


def _matter(event_type: str | None, who: str, whom: str | None) -> str:
    noun, to = TYPE_WORDING[event_type] if event_type else ("event", "towards")
    towards = f" {to} {within_sentence(whom)}" if whom else ""
    return f"{noun[0].upper()}{noun[1:]} by {within_sentence(who)}{towards}"


def disputed(
    rows: Rows, disputes: Iterable[Dispute], claims: Sequence[Claim], names: Mapping[str, str]
) -> Iterator[Statement]:
    """Matters on which speakers differ, and events that are both reported and denied."""
    ours = {row["event"] for row in rows}
    documents = {row["document"] for row in rows if row["document"]}
    words = {row["event"]: row["quote"] for row in rows} | {claim.id: claim.content.quote for claim in claims}
    said = {claim.id: claim for claim in claims}
    for dispute in list(disputes)[:_MOST_LINES]:
        if ours & set(dispute.versions) or dispute.document in documents:
            quotes = tuple(Quote(version, words[version]) for version in dispute.versions if words.get(version))
            about = dispute.about if len(dispute.about) <= _LONGEST else f"{dispute.about[:_LONGEST].rstrip()}…"
            text = f"{_DIFFERS[dispute.differs]}: {about.removeprefix('that ')}{_by_whom(dispute, said)}"
            yield Statement(text, dispute.versions, quotes[:_MOST_QUOTES])
    matters: dict[tuple[str, str, str, dt.date], Rows] = {}
    for row in rows:
        if row["recipient_key"] and row["start"] and row["event_type"]:
            key = (row["actor_key"] or "somebody", row["event_type"], row["recipient_key"], row["start"])
            matters.setdefault(key, []).append(row)
    for (who, what, whom, day), versions in sorted(matters.items()):
        told = {row["factuality"] for row in versions if row["factuality"]}
        if told & {"CT+", "PR+"} and told & REALITIES["denied"]:
            ids = tuple(dict.fromkeys(row["event"] for row in versions))
            matter = _matter(what, label(who, names), label(whom, names))
            yield Statement(f"{matter} on {day}: reported and denied.", ids, quotes_of(versions))


def _by_whom(dispute: Dispute, said: Mapping[str, Claim]) -> str:
    by: dict[str, list[str]] = {}
    for claim in (said[version] for version in dispute.versions if version in said):
        speakers = by.setdefault(_VERDICTS.get(claim.factuality[-1], "said"), [])
        if (who := within_sentence(speaker_of(claim))) not in speakers:
            speakers.append(who)
    told = "; ".join(f"{verdict} by {', '.join(speakers)}" for verdict, speakers in sorted(by.items(), reverse=True))
    return f" ({told})." if told else "."


def predicted(claims: Sequence[Claim], rows: Rows, named: Sequence[str]) -> Iterator[Statement]:
    """Predictions of events of the brief, or whose words name its actors."""
    documents = {row["document"] for row in rows if row["document"]}
    events = {row["event"] for row in rows}
    told = 0
    for claim in claims:
        if claim.prediction is None or told == _MOST_LINES or claim.document not in documents:
            continue
        words = f"{claim.content.quote} {claim.prediction.about}".casefold()
        if not (events & set(claim.prediction.events) or any(name.casefold() in words for name in named)):
            continue
        told += 1
        horizon = claim.prediction.horizon
        until = f" by {horizon.end}" if horizon and horizon.end else ""
        odds = f", {claim.probability.low:.0%} to {claim.probability.high:.0%} likely" if claim.probability else ""
        condition = f', if "{claim.prediction.condition.quote}"' if claim.prediction.condition else ""
        text = f"Predicted by {within_sentence(speaker_of(claim))}{until and f', to come{until}'}{odds}{condition}."
        yield Statement(text, (claim.id,), (Quote(claim.id, claim.content.quote),))


def speaker_of(claim: Claim) -> str:
    """Who makes a claim, in words."""
    return claim.speaker.name if claim.speaker else claim.source.quote if claim.source else "the text"
