"""dragoman reads news and analysis: who did what to whom, when and where, who says so, and how surely."""

from dragoman.api import read
from dragoman.errors import DragomanError
from dragoman.reading.result import Reading
from dragoman.version import __version__
from dragoman.workspace.opening import create
from dragoman.workspace.opening import open_workspace as open  # noqa: A004 (dragoman.open(folder) reads as it should)
from dragoman.workspace.workspace import Workspace

__all__ = ["DragomanError", "Reading", "Workspace", "__version__", "create", "open", "read"]
