"""Reading and writing of lexicon files (YAML) and of the compiled ones (msgpack)."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from dragoman.errors import KnowledgeError

T = TypeVar("T")

DATA = resources.files("dragoman.knowledge") / "data"


def read_compiled(name: str, kind: type[T]) -> T:
    """Decode ``knowledge/data/<name>.msgpack`` as ``kind``.

    Raises:
        KnowledgeError: when the file is missing or damaged.
    """
    try:
        return msgspec.msgpack.decode((DATA / f"{name}.msgpack").read_bytes(), type=kind)
    except (OSError, msgspec.MsgspecError) as error:
        raise KnowledgeError(f"compiled knowledge '{name}' cannot be read ({error}); reinstall dragoman") from error


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C loader where it exists
    """YAML in which only true and false are truth values: "on", "off", "no" and "yes" are words of the language."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tfTF"]
    for first, resolvers in _Loader.yaml_implicit_resolvers.items()
}


def read_lexicon(path: Path) -> dict[str, Any]:
    """Read one lexicon file.

    Raises:
        KnowledgeError: naming file and line when it is no YAML or no mapping.
    """
    return read_with_lines(path)[0]


def read_with_lines(path: Path) -> tuple[dict[str, Any], list[int]]:
    """Read one lexicon file with the line on which each of its ``entries`` begins.

    Raises:
        KnowledgeError: naming file and line when it is no YAML or no mapping.
    """
    lines: list[int] = []
    try:
        loader = _Loader(path.read_text(encoding="utf-8"))
        try:
            node = loader.get_single_node()
            loaded = loader.construct_document(node) if node is not None else None
        finally:
            loader.dispose()
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value == "entries" and isinstance(value, yaml.SequenceNode):
                lines = [item.start_mark.line + 1 for item in value.value]
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        raise KnowledgeError(f"{where}: not a readable lexicon ({getattr(error, 'problem', error)})") from error
    if not isinstance(loaded, dict):
        raise KnowledgeError(f"{path}:1: a lexicon is a mapping with a key 'entries'")
    return loaded, lines
