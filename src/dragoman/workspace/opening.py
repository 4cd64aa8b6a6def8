"""Making a workspace, and opening one."""

from __future__ import annotations

import contextlib
from pathlib import Path

import duckdb

from dragoman.errors import WorkspaceError
from dragoman.version import __version__
from dragoman.workspace import schema
from dragoman.workspace.database import FILE, log_of
from dragoman.workspace.sources import SETTINGS
from dragoman.workspace.workspace import Workspace


def create(folder: str | Path) -> Workspace:
    """Make a workspace in a folder (made when it is not there) and open it.

    Raises:
        WorkspaceError: there is one already, or the folder cannot be written.
    """
    path = Path(folder)
    if (path / FILE).exists():
        raise WorkspaceError(f"{path}: there is a workspace already; open it, or choose another folder")
    beside = path / f".{FILE}.part"
    try:
        path.mkdir(parents=True, exist_ok=True)
        _remove(beside)
        with duckdb.connect(str(beside)) as connection:
            schema.create_tables(connection)
        (path / SETTINGS).write_text(
            f'# a dragoman workspace; the records are in {FILE}\nmade-with = "{__version__}"\n'
        )
        beside.rename(path / FILE)  # last, for with it there is a workspace
    except (OSError, duckdb.Error) as error:
        with contextlib.suppress(OSError):
            _remove(beside)
        raise WorkspaceError(f"{path}: a workspace cannot be made here ({str(error).splitlines()[0]})") from error
    return Workspace(path)


def _remove(unfinished: Path) -> None:
    for file in (unfinished, log_of(unfinished)):
        file.unlink(missing_ok=True)


def open_workspace(folder: str | Path, *, read_only: bool = False) -> Workspace:
    """Open the workspace of a folder.

    Raises:
        WorkspaceError: there is none, it is damaged, too new, or in use by a process that does not let go.
    """
    workspace = Workspace(Path(folder), read_only=read_only)
    with workspace.database.session():
        pass
    return workspace
