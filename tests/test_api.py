"""What a string given to ``read`` is taken for, and what other programs get from a reading."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dragoman
from dragoman.errors import DragomanError, UnreadableInput, UsageError

SENTENCE = "France condemned the attack in Mali. "


@pytest.mark.parametrize("length", [40, 255, 256, 400, 1023, 1024, 1025, 5000])
def test_a_text_of_any_length_is_read(length: int) -> None:
    text = (SENTENCE * 200)[:length]
    assert dragoman.read(text, fast=True).document.text == text.strip()


def test_a_path_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "a text.txt"
    path.write_text(SENTENCE, encoding="utf-8")
    assert dragoman.read(path, fast=True).document.text == SENTENCE.strip()
    assert dragoman.read(str(path), fast=True).document.text == SENTENCE.strip()
    with pytest.raises(UnreadableInput, match="no such file"):
        dragoman.read("missing.txt")
    with pytest.raises(UsageError):
        dragoman.read("")


@given(st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_string_is_read_or_refused_in_words(text: str) -> None:
    try:
        reading = dragoman.read(text, fast=True)
    except DragomanError:
        return
    assert reading.document.language == "en"


def test_other_programs_take_the_table_as_it_is() -> None:
    reading = dragoman.read("Chile sent 200 soldiers to Peru. Peru condemned Chile.", published="2024-05-01", fast=True)
    table = reading.arrow()
    assert table.num_rows == len(reading.events) == 2
    assert list(pl.DataFrame(reading)["actor"]) == ["CHL", "PER"]
    assert isinstance(table.to_pandas(), pd.DataFrame)
    assert "dm-trigger" in reading._repr_html_()
