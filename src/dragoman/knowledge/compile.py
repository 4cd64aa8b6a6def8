"""Compile ``lexicons/`` to ``knowledge/data``: ``python -m dragoman.knowledge.compile [LEXICONS]``.

Every subject registers here. The output is the same bytes for the same lexicons; CI rebuilds and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from dragoman.knowledge.gazetteer_build import compile_gazetteer

SUBJECTS: dict[str, Callable[[Path], bytes]] = {
    "gazetteer": compile_gazetteer,
}
"""Subject (the compiled file's stem) to the function that compiles it from the folder of lexicons."""


def compile_all(lexicons: Path, out: Path) -> list[Path]:
    """Compile every subject.

    Returns:
        The files written.

    Raises:
        KnowledgeError: naming file and line of the entry that is wrong.
    """
    written = []
    for subject, compile_subject in sorted(SUBJECTS.items()):
        path = out / f"{subject}.msgpack"
        path.write_bytes(compile_subject(lexicons))
        written.append(path)
    return written


if __name__ == "__main__":
    compile_all(Path(sys.argv[1] if len(sys.argv) > 1 else "lexicons"), Path(__file__).parent / "data")
