"""dragoman reads news and analysis: who did what to whom, when and where, who says so, and how surely."""

from dragoman.api import read
from dragoman.errors import DragomanError
from dragoman.reading.result import Reading
from dragoman.version import __version__

__all__ = ["DragomanError", "Reading", "__version__", "read"]
