"""Compile ``lexicons/`` to ``knowledge/data``: ``python -m dragoman.knowledge.compile LEXICONS [--check]``.

Every subject registers here. The output is the same bytes for the same lexicons; CI rebuilds and compares.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from dragoman.errors import KnowledgeError
from dragoman.knowledge.actor_lexicons import compile_actors
from dragoman.knowledge.codings import compile_codings
from dragoman.knowledge.commitment import compile_commitment
from dragoman.knowledge.cues import compile_cues
from dragoman.knowledge.dates import compile_dates
from dragoman.knowledge.frames import compile_frames
from dragoman.knowledge.gazetteer_build import compile_gazetteer
from dragoman.knowledge.layout import compile_layout
from dragoman.knowledge.place_build import compile_places
from dragoman.knowledge.territories import compile_territories
from dragoman.knowledge.topics import compile_topics
from dragoman.knowledge.wikidata import compile_wikidata

SUBJECTS: dict[str, Callable[[Path], bytes]] = {
    "actors": compile_actors,
    "codings": compile_codings,
    "commitment": compile_commitment,
    "cues": compile_cues,
    "dates": compile_dates,
    "frames": compile_frames,
    "gazetteer": compile_gazetteer,
    "layout": compile_layout,
    "places": compile_places,
    "territories": compile_territories,
    "topics": compile_topics,
    "wikidata": compile_wikidata,
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


def differing(lexicons: Path, data: Path) -> list[str]:
    """Subjects whose compiled file under ``data`` is not what the lexicons give."""
    return [
        subject
        for subject, compile_subject in sorted(SUBJECTS.items())
        if not (path := data / f"{subject}.msgpack").exists() or path.read_bytes() != compile_subject(lexicons)
    ]


def main(arguments: list[str]) -> int:
    """Compile, or with ``--check`` only compare; the exit code is 1 when something differs or is wrong."""
    data = Path(__file__).parent / "data"
    lexicons = Path(next((a for a in arguments if not a.startswith("-")), "lexicons"))
    try:
        if "--check" not in arguments:
            compile_all(lexicons, data)
            return 0
        stale = differing(lexicons, data)
    except KnowledgeError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if stale:
        sys.stderr.write(f"compiled knowledge is not what {lexicons} says: {', '.join(stale)}; run 'make knowledge'\n")
    return int(bool(stale))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
