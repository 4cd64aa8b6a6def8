"""Headlines are read with words that they leave out; no record quotes such a word, nor a part of a word beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from dragoman import read
from dragoman.errors import UnsupportedLanguage

NAMES = (
    "Chile",
    "Peru",
    "South Korea",
    "NATO",
    "U.S.",
    "EU",
    "Côte d'Ivoire",
    "Guinea-Bissau",
    "Oslo",
    "UN",
    "Ito",
    "Russian",
)
ACTS = ("sign", "slams", "strikes", "seized", "to send", "condemn", "vows", "agree", "shells", "expels", "hold", "open")
THINGS = (
    "pact",
    "tanker",
    "troops",
    "talks on border",
    "envoy",
    "aid convoy",
    "ceasefire deal",
    "base off Aden",
    "envoys' visas",
)
ENDS = (
    "",
    " amid protests",
    ", minister says",
    " - report",
    " as talks fail",
    "; dozens killed",
    " after Lima summit",
    " in Rome",
)
STYLES = (
    str,
    str.upper,
    str.title,
    lambda line: " ".join(w if w.islower() and len(w) < 4 else w[:1].upper() + w[1:] for w in line.split()),
)
BODIES = (
    "",
    "\n\nThe minister spoke on Monday. Chile and Peru met in Rome, and Ito was there.",
    "\n\nNobody came.\n\nNobody left.",
)

CUES = (":", "-", "\u2013", "\u2014")  # marks by which headlines give their source

headlines = st.builds(
    lambda names, joint, act, of, thing, end, style, body: style(f"{joint.join(names)} {act} {of}{thing}{end}") + body,
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True),
    st.sampled_from((", ", " and ", ",", ", and ")),
    st.sampled_from(ACTS),
    st.sampled_from(("", "Chilean ", "border ", "NATO ", "the ")),
    st.sampled_from(THINGS),
    st.sampled_from(ENDS),
    st.sampled_from(STYLES),
    st.sampled_from(BODIES),
)  # fmt: skip


def spans_of(record: Any) -> Iterator[dict[str, Any]]:
    """Every span at any depth of a record's plain form."""
    if isinstance(record, dict):
        if record.keys() >= {"start", "end", "quote"} and isinstance(record["start"], int):
            yield record
        for value in record.values():
            yield from spans_of(value)
    elif isinstance(record, list):
        for value in record:
            yield from spans_of(value)


@given(headlines)
@settings(max_examples=200, deadline=None)
def test_no_record_quotes_a_word_that_the_headline_leaves_out(text: str) -> None:
    try:
        reading = read(text, fast=True)
    except UnsupportedLanguage:  # so short and so full of names that it may be Portuguese
        reject()
    written = reading.document.text
    for record in reading:
        for span in spans_of(msgspec.to_builtins(record)):
            start, end = span["start"], span["end"]
            assert 0 <= start < end
            assert written[start:end] == span["quote"]
            if record is reading.document:
                continue
            quoted = span["quote"]
            assert quoted in CUES or any(c.isalnum() for c in quoted), (quoted, record)
            assert not (quoted[0].isalnum() and written[start - 1 : start].isalnum()), (quoted, record)
            assert not (quoted[-1].isalnum() and written[end : end + 1].isalnum()), (quoted, record)
