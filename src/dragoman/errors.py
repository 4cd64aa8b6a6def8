"""Every error that dragoman raises to its callers.

The tree::

    DragomanError
    ├── IntakeError          a text could not be taken in
    │   ├── UnreadableInput  missing, empty, binary, too large, damaged
    │   ├── UnsupportedLanguage
    │   └── FetchRefused     an address that must not or could not be fetched
    ├── KnowledgeError       a lexicon or a compiled file is wrong
    ├── ReadingError         a stage could not work on a document
    ├── WorkspaceError       the workspace file: locked, damaged, too new
    ├── AnalysisError        too little or contradictory material for an analysis
    ├── OutputError          a result could not be written
    └── UsageError           the caller asked for something that is not there (exit code 2)

A message is one line: what, where, what to do.
"""


class DragomanError(Exception):
    """Base of all errors; `str(error)` is one line that a user can act on."""


class IntakeError(DragomanError):
    """A text could not be taken in."""


class UnreadableInput(IntakeError):
    """The input is missing, empty, binary, too large or damaged."""


class UnsupportedLanguage(IntakeError):
    """The text is in a language that the reader does not know."""


class FetchRefused(IntakeError):
    """An address must not be fetched, or did not answer within the limits."""


class ServerRefused(FetchRefused):
    """A server answered with another status than success."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class KnowledgeError(DragomanError):
    """A lexicon entry or a compiled knowledge file is wrong."""


class ReadingError(DragomanError):
    """A document could not be read."""


class WorkspaceError(DragomanError):
    """A workspace is missing, in use, damaged or of another version."""


class AnalysisError(DragomanError):
    """There is too little material, or the question contradicts itself."""


class OutputError(DragomanError):
    """A result could not be written where the user asked for it."""


class UsageError(DragomanError):
    """The caller asked for something that does not exist: a name, a format, a date that is none."""
