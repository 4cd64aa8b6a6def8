"""The parser's weights are the released ones, or they are refused."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

import pytest

from dragoman.errors import ReadingError
from dragoman.reading.model import load_parser, verify_files


def test_the_installed_model_is_the_released_one() -> None:
    assert "parser" in load_parser().pipe_names


def test_the_shipped_classifier_is_the_one_that_its_hashes_name() -> None:
    folder = resources.files("dragoman.reading.models")
    verify_files(folder, (folder / "relation.sha256").read_text(encoding="ascii"), "dragoman")


@pytest.mark.parametrize("damage", ["changed", "missing"])
def test_other_files_are_refused(tmp_path: Path, damage: str) -> None:
    weights = tmp_path / "model"
    weights.write_bytes(b"weights")
    pinned = f"{hashlib.sha256(b'weights').hexdigest()}  model\n"
    verify_files(tmp_path, pinned, "it")
    if damage == "changed":
        weights.write_bytes(b"weightz")
    else:
        weights.unlink()
    with pytest.raises(ReadingError, match="model is"):
        verify_files(tmp_path, pinned, "it")
