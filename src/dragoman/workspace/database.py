"""The one file of a workspace: opened, shared between processes, upgraded, refused with words.

DuckDB lets one process hold a file for writing. Processes of one workspace therefore take turns: whoever waits
touches ``workspace.duckdb.wanted``; whoever holds the file closes it at its next safe point and opens it again.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb

from dragoman.errors import WorkspaceError
from dragoman.workspace import schema

FILE = "workspace.duckdb"
PATIENCE = 20.0  # seconds to wait for another process
_POLL = 0.05  # seconds between two tries
_WANTED_FOR = 2.0  # seconds for which a wish to have the file is taken as current
_PAUSE = 0.15  # seconds in which the file is left to others


_BROKEN = (duckdb.IOException, duckdb.FatalException, duckdb.InternalException, duckdb.SerializationException)
"""What DuckDB raises when the file, not the question, is at fault."""

_COPYING = """
import os, shutil, sys
with open(sys.argv[1], "rb") as source, open(sys.argv[2], "wb") as sink:
    shutil.copyfileobj(source, sink, 1 << 20)
    sink.flush()
    os.fsync(sink.fileno())  # a copy that a power cut can take away is none
"""

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "autoinstall_known_extensions": False,  # nothing is ever fetched
    "autoload_known_extensions": False,
}


class Database:
    """The connection of one process to a workspace file.

    Args:
        folder: the workspace.
        read_only: open without the right to write.
        patience: seconds to wait while another process holds the file.
    """

    def __init__(self, folder: Path, *, read_only: bool = False, patience: float = PATIENCE) -> None:
        self.path = folder / FILE
        self.read_only = read_only
        self._patience = patience
        self._lock = threading.RLock()
        self._depth = 0
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._ended = threading.Event()
        self._checked = False
        self._in_transaction = False

    @contextlib.contextmanager
    def session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The connection, held by this thread; it is opened when it is not.

        Raises:
            WorkspaceError: the file is in use, damaged or of another version.
        """
        with self._lock:
            connection = self._connection or self._open()
            self._depth += 1
            try:
                yield connection
            except _BROKEN as error:
                self._abandon()
                raise self._damaged(error) from error
            finally:
                self._depth -= 1

    @contextlib.contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """One transaction: all of it is in the file afterwards, or nothing of it.

        Raises:
            WorkspaceError: as ``session``; also when the disk is full or the folder cannot be written.
        """
        if self.read_only:
            raise WorkspaceError(f"{self.path.parent}: the workspace is open for reading only; nothing was changed")
        with self.session() as connection:
            if self._in_transaction:  # part of a larger one
                yield connection
                return
            self._in_transaction = True
            outcome = "this change was not made"
            try:
                connection.execute("BEGIN")
                yield connection
                outcome = "whether this change was made shows when the workspace is opened again"
                connection.execute("COMMIT")
            except (duckdb.TransactionException, *_BROKEN) as error:
                self._abandon()
                raise WorkspaceError(f"{self.path}: cannot be written ({_first_line(error)}); {outcome}") from error
            except BaseException:
                self._roll_back(connection)
                raise
            finally:
                self._in_transaction = False

    def copy_to(self, target: Path) -> None:
        """Make a consistent copy of the file.

        Raises:
            WorkspaceError: it cannot be written.
        """
        if self.read_only and log_of(self.path).exists():
            # A process was ended: what it wrote last is not in the file yet, and only a writer can put it there.
            self.close()
            writer = Database(self.path.parent, patience=self._patience)
            try:
                writer.copy_to(target)
            finally:
                writer.end()
            return
        with self.session() as connection:
            self._copy(connection, target)

    def give_way(self) -> None:
        """Let another process have the file when one waits for it; call between transactions."""
        if _wish_age(self.path) < _WANTED_FOR:
            with self._lock:
                if self._depth:
                    return
                self.close()
                _forget_wish(self.path)
            time.sleep(_PAUSE)

    def share(self) -> None:
        """From now on let others have the file whenever this process is idle (for servers)."""

        def watch() -> None:
            while not self._ended.wait(_POLL):
                self.give_way()

        threading.Thread(target=watch, name="dragoman-share", daemon=True).start()

    def close(self) -> None:
        """Close the connection; the next session opens it again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def end(self) -> None:
        """Close for good."""
        self._ended.set()
        self.close()

    def _open(self) -> duckdb.DuckDBPyConnection:
        if not self.path.is_file():
            raise WorkspaceError(f"{self.path.parent}: there is no workspace here; make one with 'dragoman init'")
        connection = self._connect()
        try:
            if not self._checked:
                self._check_version(connection)
                self._checked = True
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection

    def _connect(self) -> duckdb.DuckDBPyConnection:
        deadline = time.monotonic() + self._patience
        while True:
            try:
                connection = duckdb.connect(str(self.path), read_only=self.read_only, config=dict(_CONFIG))
            except duckdb.IOException as error:
                if "lock" not in str(error).lower():
                    raise self._closed_to_us() or self._damaged(error) from error
                if time.monotonic() >= deadline:
                    raise WorkspaceError(_in_use(self.path, str(error))) from error
                _wish(self.path)
                time.sleep(_POLL)
            except duckdb.Error as error:
                raise self._damaged(error) from error
            else:
                connection.execute("SET TimeZone = 'UTC'")
                return connection

    def _check_version(self, connection: duckdb.DuckDBPyConnection) -> None:
        try:
            found = schema.version_of(connection)
        except duckdb.Error as error:
            raise self._damaged(error) from error
        if found is None:
            raise WorkspaceError(f"{self.path}: this DuckDB file is no dragoman workspace")
        if found > schema.VERSION:
            raise WorkspaceError(
                f"{self.path}: made by a newer dragoman (schema {found}, this one knows {schema.VERSION});"
                " upgrade dragoman"
            )
        if found < schema.VERSION:
            self._upgrade(connection, found)

    def _upgrade(self, connection: duckdb.DuckDBPyConnection, found: int) -> None:
        if self.read_only:
            raise WorkspaceError(f"{self.path}: of an older version; run any writing command once to upgrade it")
        copy = self.path.with_name(f"{FILE}.schema{found}.copy")
        self._copy(connection, copy)
        connection.execute("BEGIN")
        try:
            schema.upgrade(connection, found)
            connection.execute("COMMIT")
        except (duckdb.TransactionException, *_BROKEN) as error:
            raise WorkspaceError(
                f"{self.path}: cannot be upgraded ({_first_line(error)}); as it was it is in {copy}"
            ) from error
        except BaseException:
            self._roll_back(connection)
            raise

    def _copy(self, connection: duckdb.DuckDBPyConnection, target: Path) -> None:
        beside = target.with_name(f".{target.name}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if not self.read_only:
                connection.execute("CHECKPOINT")
            # A process that closes a file loses its locks on it, DuckDB's too; so another process reads it.
            command = [sys.executable, "-I", "-S", "-c", _COPYING, str(self.path), str(beside)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own program)
            if done.returncode:
                raise OSError(done.stderr.strip().rpartition("\n")[2] or "the copying process was ended")
            beside.replace(target)
        except (OSError, duckdb.TransactionException, *_BROKEN) as error:
            raise WorkspaceError(f"{target}: the copy cannot be written ({_first_line(error)})") from error
        finally:
            with contextlib.suppress(OSError):  # it is gone when all went well
                beside.unlink()

    def _closed_to_us(self) -> WorkspaceError | None:
        """What to say where the file is sound, as far as one knows, but this user or place does not allow its use."""
        if not os.access(self.path, os.R_OK):
            return WorkspaceError(f"{self.path}: this user may not read it; ask its owner")
        if not self.read_only and not all(os.access(place, os.W_OK) for place in (self.path, self.path.parent)):
            return WorkspaceError(f"{self.path}: it cannot be written here; copy the workspace to another folder")
        return None

    def _damaged(self, error: Exception) -> WorkspaceError:
        copies = sorted(self.path.parent.glob("backups/*.duckdb")) + sorted(self.path.parent.glob(f"{FILE}.*.copy"))
        newest = max(copies, key=lambda path: path.stat().st_mtime, default=None)
        advice = f"the newest copy is {newest}" if newest else "there is no copy of it"
        return WorkspaceError(f"{self.path}: cannot be read ({_first_line(error)}); it was left as it is; {advice}")

    def _roll_back(self, connection: duckdb.DuckDBPyConnection) -> None:
        try:
            connection.execute("ROLLBACK")
        except duckdb.Error:
            self._abandon()

    def _abandon(self) -> None:
        # After a failed write the connection is of no more use; the file holds the last commit.
        with contextlib.suppress(duckdb.Error):
            self.close()
        self._connection = None


def log_of(path: Path) -> Path:
    """Where DuckDB notes what is not in the file itself yet."""
    return path.with_name(f"{path.name}.wal")


def _wish(path: Path) -> None:
    with contextlib.suppress(OSError):
        _wish_file(path).touch()


def _wish_age(path: Path) -> float:
    try:
        return time.time() - _wish_file(path).stat().st_mtime
    except OSError:
        return float("inf")


def _forget_wish(path: Path) -> None:
    with contextlib.suppress(OSError):
        _wish_file(path).unlink()


def _wish_file(path: Path) -> Path:
    return path.with_name(f"{FILE}.wanted")


def _in_use(path: Path, message: str) -> str:
    held = re.search(r"PID (\d+)", message)
    holder = f"process {held[1]}{_command_of(int(held[1]))}" if held else "another process"
    return f"{path.parent}: the workspace is in use by {holder}; wait for it or end it, then try again"


def _command_of(process: int) -> str:
    try:
        words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return ""
    text = " ".join(os.path.basename(word.decode("utf-8", "replace")) for word in words[:4] if word)
    return f" ({text})" if text else ""


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
