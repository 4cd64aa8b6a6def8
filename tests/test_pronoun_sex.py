"""Whom a text has called "he" it does not call "she"."""

from __future__ import annotations

import dragoman
from dragoman.samples import dispatch


def test_she_is_no_man_of_the_sample() -> None:
    claims = dragoman.read(dispatch()).claims
    chance = next(claim for claim in claims if "30 per cent" in claim.content.quote)
    assert chance.speaker is not None
    assert chance.speaker.name == "Hana Seo"
