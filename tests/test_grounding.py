"""When and where an event happened, by what stands around its trigger."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.intake.document import make_document
from dragoman.intake.text import from_text
from dragoman.knowledge import load
from dragoman.reading.dates import find_dates
from dragoman.reading.draft import Draft, EventDraft
from dragoman.reading.grounding import ground_events
from dragoman.reading.parse import parse
from dragoman.reading.places import find_places
from dragoman.records import Coder, Document, EventType, Interval, Why

GOLD = yaml.safe_load((Path(__file__).parent / "cases/grounding.yml").read_text(encoding="utf-8"))


def grounded(text: str, trigger: str, event_type: EventType, published: str | None) -> EventDraft:
    document = make_document(from_text(text), published)
    parsed = parse(document.text)
    head = next(token.i for token in parsed.tokens if token.text == trigger)
    event = EventDraft(head, (head, head + 1), (), (), event_type, None, (), 0.0, (), Why("test"))
    draft = Draft(document, parsed, events=(event,))
    return ground_events(find_places(find_dates(draft, load()), load()), load()).events[0]


def written(interval: Interval | None) -> str | None:
    return f"{interval.start or '..'}/{interval.end or '..'} {interval.basis}" if interval else None


@pytest.mark.parametrize("case", GOLD["cases"], ids=[f"{c['trigger']}: {c['text'][:40]}" for c in GOLD["cases"]])
def test_an_event_gets_the_time_and_place_that_its_sentence_gives(case: dict[str, str]) -> None:
    event = grounded(case["text"], case["trigger"], case["type"], GOLD["published"])  # type: ignore[arg-type]  # YAML
    assert written(event.time) == case["time"]
    assert (event.place.name if event.place else None) == case["place"]


PIECES = [
    "in", "Paris", ",", "Texas", "on", "Monday", "May", "2019-05-03", "—", "“", "”", "the", "’90s", "\u200b", "\n\n",
    "Nov.", "5", "\u00a0", "Deir ez‑Zor", "🇰🇵", "al-", "DMZ", "since", "1953", "-", "(AP)", "KYIV", ".",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14), st.sampled_from([" ", ""]))
@settings(max_examples=60, deadline=None)
def test_spans_are_the_stored_words_whatever_the_text(pieces: list[str], space: str) -> None:
    text = space.join(pieces)
    document = Document(
        "0" * 64, None, None, None, None, "2024-11-18", "en", text, "text/plain", Coder("dragoman", "0")
    )
    draft = Draft(document, parse(text))
    first = find_places(find_dates(draft, load()), load())
    again = find_places(find_dates(draft, load()), load())
    assert first == again
    for place in first.places:
        span = place.place.span
        assert text[span.start : span.end] == span.quote
    ranges = [(date.first, date.last) for date in first.dates] + [(place.first, place.last) for place in first.places]
    for start, end in ranges:
        assert 0 <= start < end <= len(first.parse.tokens)
        assert len({first.parse.tokens[i].sent for i in range(start, end)}) == 1


def test_nothing_is_guessed_without_a_publication_date() -> None:
    event = grounded("The government expelled two diplomats.", "expelled", "COERCE", None)
    assert (event.time, event.place) == (None, None)


def test_an_unresolved_date_stays_visible_by_its_words() -> None:
    event = grounded("The army shelled the port on Tuesday.", "shelled", "ASSAULT", None)
    assert event.time == Interval(None, None, "range", True, "relative", "Tuesday")


def test_a_later_sentence_is_anchored_to_the_paragraphs_last_date() -> None:
    event = grounded("They met in May 2019. The talks failed. The envoys left.", "left", "RETREAT", None)
    assert written(event.time) == "2019-05-01/2019-05-31 anchored"
    assert event.time is not None
    assert event.time.approximate
    apart = grounded("They met in May 2019.\n\nThe envoys left.", "left", "RETREAT", None)
    assert apart.time is None
