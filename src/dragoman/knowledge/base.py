"""The knowledge of one reader: the shipped lexicons under the user's own."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING

from dragoman.errors import KnowledgeError
from dragoman.knowledge.actors import ActorIndex, load_actors

if TYPE_CHECKING:
    from dragoman.knowledge.codings import Codings
    from dragoman.knowledge.commitment import CommitmentLexicon
    from dragoman.knowledge.cues import CueLexicon
    from dragoman.knowledge.dates import DateLexicon
    from dragoman.knowledge.frames import FrameIndex
    from dragoman.knowledge.gazetteer import Gazetteer
    from dragoman.knowledge.territories import Territories
    from dragoman.knowledge.topics import TopicLexicon


class Knowledge:
    """Everything the stages look up. Parts load on first use and never change afterwards.

    Args:
        overlay: a folder of the user's own lexicons (YAML, as in ``lexicons/``), which win over the shipped ones.
    """

    def __init__(self, overlay: Path | None = None) -> None:
        self.overlay = overlay

    @functools.cached_property
    def actors(self) -> ActorIndex:
        """Names, offices and role nouns of actors."""
        return load_actors(self.overlay)

    @functools.cached_property
    def codings(self) -> Codings:
        """What the codes of other event data sets mean."""
        from dragoman.knowledge.codings import load_codings

        return load_codings(self.overlay)

    @functools.cached_property
    def commitment(self) -> CommitmentLexicon:
        """The words that say how sure a source is."""
        from dragoman.knowledge.commitment import load_commitment

        return load_commitment(self.overlay)

    @functools.cached_property
    def cues(self) -> CueLexicon:
        """The words that report."""
        from dragoman.knowledge.cues import load_cues

        return load_cues(self.overlay)

    @functools.cached_property
    def dates(self) -> DateLexicon:
        """The words of date expressions."""
        from dragoman.knowledge.dates import load_dates

        return load_dates(self.overlay)

    @functools.cached_property
    def date_core(self) -> frozenset[str]:
        """The words that make a sentence worth looking at for dates."""
        return self.dates.core()

    @functools.cached_property
    def frames(self) -> FrameIndex:
        """Verbs and nouns of events."""
        from dragoman.knowledge.frames import load_frames

        return load_frames(self.overlay)

    @functools.cached_property
    def gazetteer(self) -> Gazetteer:
        """Places by name."""
        from dragoman.knowledge.places import load_gazetteer

        return load_gazetteer(self.overlay)

    @functools.cached_property
    def territories(self) -> Territories:
        """States, their parts and former states by code."""
        from dragoman.knowledge.territories import load_territories

        return load_territories()

    @functools.cached_property
    def topics(self) -> TopicLexicon:
        """What a situation brief gathers."""
        from dragoman.knowledge.topics import load_topics

        return load_topics(self.overlay)


@functools.cache
def load(overlay: Path | None = None) -> Knowledge:
    """The knowledge with an optional overlay.

    Raises:
        KnowledgeError: when the overlay holds an entry that is wrong.
    """
    if overlay is not None and not overlay.is_dir():
        raise KnowledgeError(f"{overlay}: there is no such folder of lexicons")
    return Knowledge(overlay)
