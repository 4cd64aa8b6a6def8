"""Records in a few words, for people: one wording that every surface shares."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.records import ActorRef, Claim, Event, Interval

FACTUALITY_WORDS = {
    "CT+": "certain", "PR+": "probable", "PS+": "possible",
    "CT-": "certainly not", "PR-": "probably not", "PS-": "possibly not",
    "CTu": "whether or not", "Uu": "uncommitted",
}  # fmt: skip


def actor_words(refs: Sequence[ActorRef]) -> str:
    """Actors as "name [id]", joined by commas; "-" for none."""
    return ", ".join(f"{ref.name} [{ref.id}]" if ref.id else ref.name for ref in refs) or "-"


def interval_words(interval: Interval | None) -> str:
    """An interval as one date or two, with "~" before an approximate one; "-" when unknown."""
    if interval is None or (interval.start is None and interval.end is None):
        return "-"
    start, end = interval.start or "..", interval.end or ".."
    words = start if start == end else f"{start}/{end}"
    return f"~{words}" if interval.approximate else words


def speaker_words(claim: Claim) -> str:
    """Who speaks: the resolved name, else the source's own words, else "the text"."""
    if claim.speaker is not None:
        return claim.speaker.name
    return claim.source.quote if claim.source else "the text"


def type_words(event: Event) -> str:
    """The event's type with its mode: "ASSAULT (aerial)"."""
    return f"{event.event_type} ({event.mode})" if event.mode else event.event_type


def shorten(text: str, width: int) -> str:
    """``text`` on one line of at most ``width`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: max(1, width - 1)].rstrip() + "…"
