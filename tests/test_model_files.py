"""The parser's weights are the released ones, or they are refused."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

import pytest

from dragoman.errors import ReadingError
from dragoman.reading.model import load_parser, trained_part, verify_files


def test_the_installed_model_is_the_released_one() -> None:
    assert "parser" in load_parser().pipe_names


@pytest.mark.parametrize("model", ["relation", "attribution_choice", "attribution_source"])
def test_the_shipped_models_are_those_that_their_hashes_name(model: str) -> None:
    folder = resources.files("dragoman.reading") / "models"
    pinned = (folder / f"{model}.sha256").read_text(encoding="ascii")
    verify_files(folder, pinned, "dragoman")
    for line in pinned.splitlines():
        name = line.split(maxsplit=1)[1]
        assert trained_part(model, name) == (folder / name).read_bytes()


def test_every_shipped_file_is_pinned_or_says_what_it_is() -> None:
    files = {file.name: file for file in (resources.files("dragoman.reading") / "models").iterdir()}
    lines = [line for name in files if name.endswith(".sha256") for line in files[name].read_text().splitlines()]
    pinned = {line.split(maxsplit=1)[1] for line in lines}
    assert {name for name in files if not name.endswith((".md", ".sha256"))} == pinned


def test_a_model_without_hashes_is_refused() -> None:
    with pytest.raises(ReadingError, match="hashes of the model unknown are missing"):
        trained_part("unknown", "unknown.onnx")


def test_a_file_that_no_hash_names_is_no_trained_part() -> None:
    with pytest.raises(ReadingError, match="other is missing"):
        trained_part("relation", "other")


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
