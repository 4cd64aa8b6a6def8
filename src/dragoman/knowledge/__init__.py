"""What the reader knows: compiled from ``lexicons/`` to ``knowledge/data``, loaded part by part on first use."""

from dragoman.knowledge.base import Knowledge, load

__all__ = ["Knowledge", "load"]
