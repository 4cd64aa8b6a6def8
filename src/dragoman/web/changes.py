"""What the page may change: corrections, outcomes of predictions, and new sources."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import getpass
import hashlib
import re
import unicodedata
from pathlib import Path
from typing import Any, Literal

import msgspec
from starlette.responses import Response

from dragoman.analysis.predictions_ledger import resolution
from dragoman.errors import OutputError, UsageError
from dragoman.records import Claim
from dragoman.web.answers import answer
from dragoman.web.served import Served

ADDED = "added"
"""The folder of a workspace in which texts and files that came through the page are kept."""

VERDICTS = "verdicts.jsonl"
_MOST_SOURCES = 1000
_OUTCOMES = {"true": "yes", "false": "no", "open": "unclear", "partly": "unclear", "yes": "yes", "no": "no"}
_UNSAFE = re.compile(r"[^\w.-]+")


class Correcting(msgspec.Struct, forbid_unknown_fields=True):
    """A decision about records or actors."""

    action: Literal["merge", "split", "accept", "reject", "set"]
    id: str | None = None
    a: str | None = None
    b: str | None = None
    field: str | None = None
    value: str | None = None
    reason: str | None = None


class Undoing(msgspec.Struct, forbid_unknown_fields=True):
    """Which correction to take back; the latest that holds when none is named."""

    id: int | None = None


class Dropped(msgspec.Struct, forbid_unknown_fields=True):
    """A file that was dropped, pasted or chosen."""

    name: str
    base64: str


class Adding(msgspec.Struct, forbid_unknown_fields=True):
    """New sources: paths, addresses, a text, or files."""

    paths: list[str] = []
    urls: list[str] = []
    text: str | None = None
    title: str | None = None
    files: list[Dropped] = []


class Settling(msgspec.Struct, forbid_unknown_fields=True):
    """How a prediction came out."""

    outcome: str
    on: str | None = None
    because: str | None = None


def correct(served: Served, body: bytes) -> Response:
    """Make a correction."""
    served.require_writable()
    asked = _decoded(body, Correcting)
    workspace = served.workspace
    if asked.action == "merge":
        number = workspace.merge(_given(asked.a, "a"), _given(asked.b, "b"), reason=asked.reason)
    elif asked.action == "split":
        number = workspace.split(_given(asked.a or asked.id, "a"), reason=asked.reason)
    elif asked.action == "set":
        number = workspace.set(
            _given(asked.id, "id"), _given(asked.field, "field"), asked.value or "", reason=asked.reason
        )
    else:
        judge = workspace.accept if asked.action == "accept" else workspace.reject
        number = judge(_given(asked.id, "id"), reason=asked.reason)
    served.changed()
    return answer({"correction": number})


def undo(served: Served, body: bytes) -> Response:
    """Take a correction back."""
    served.require_writable()
    number = _decoded(body, Undoing).id
    if number is None:
        holding = [c.id for c in served.workspace.corrections() if c.active and c.kind != "undo"]
        if not holding:
            raise UsageError("there is no correction to take back")
        number = holding[-1]
    done = served.workspace.undo(number)
    served.changed()
    return answer({"correction": done, "undone": number})


def add(served: Served, body: bytes) -> Response:
    """Read new sources in the background."""
    served.require_writable()
    asked = _decoded(body, Adding)
    if asked.paths and not served.local:
        raise UsageError("paths name files of the server's machine; drop the files onto the page instead")
    sources: list[Any] = [_there(path) for path in asked.paths if path.strip()]
    if asked.urls:
        if not served.fetch:
            raise UsageError("addresses are fetched only when the server was started with --fetch")
        sources += asked.urls
    if asked.text is not None and asked.text.strip():
        sources.append(_kept(served, f"{asked.title or 'text'}.txt", _with_title(asked).encode("utf-8", "replace")))
    sources += [_kept(served, file.name, _bytes_of(file)) for file in asked.files]
    if not sources:
        raise UsageError("there is nothing to add: give a text, files, paths or addresses")
    if len(sources) > _MOST_SOURCES:
        raise UsageError(f"{len(sources)} sources at once are too many; add their folder")
    return answer({"job": served.add(sources, fetch=served.fetch)}, 202)


def settle(served: Served, prediction: str, body: bytes) -> Response:
    """Record how a prediction came out; nothing recorded before is changed."""
    served.require_writable()
    asked = _decoded(body, Settling)
    verdict = _OUTCOMES.get(asked.outcome)
    if verdict is None:
        raise UsageError(f"'{asked.outcome}' is no outcome; there are {', '.join(_OUTCOMES)}")
    claim = served.workspace.record(prediction)
    if not isinstance(claim, Claim):
        raise UsageError(f"{prediction} is no prediction")
    now = dt.datetime.now(dt.UTC)
    row = resolution(claim, verdict, asked.on or now.date().isoformat(), asked.because, getpass.getuser(), now)
    path = served.workspace.folder / VERDICTS
    try:
        with path.open("ab") as sink:
            sink.write(msgspec.json.encode(row) + b"\n")
    except OSError as error:
        raise OutputError(f"{path}: the outcome could not be recorded ({error.strerror})") from error
    served.changed()
    return answer({"recorded": prediction, "verdict": verdict})


def _decoded(body: bytes, kind: type[Any]) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.MsgspecError as error:
        raise UsageError(f"the request cannot be understood: {error}") from None


def _given(value: str | None, name: str) -> str:
    if not value:
        raise UsageError(f"'{name}' is missing")
    return value


def _there(text: str) -> Path:
    try:
        path = Path(text).expanduser()
        if path.exists():
            return path
    except (OSError, RuntimeError):  # a name that is too long, the home of nobody
        pass
    raise UsageError(f"{text[:200]}: there is no such file or folder")


def _with_title(asked: Adding) -> str:
    text = asked.text or ""
    return f"{asked.title}\n\n{text}" if asked.title else text


def _bytes_of(file: Dropped) -> bytes:
    try:
        return base64.b64decode(file.base64, validate=True)
    except (binascii.Error, ValueError):
        raise UsageError(f"{file.name}: the file did not arrive whole; add it again") from None


def _kept(served: Served, name: str, data: bytes) -> Path:
    """A file in the workspace's own folder, named after what it holds, so that nothing is overwritten."""
    bare = unicodedata.normalize("NFKC", Path(name.replace("\\", "/")).name)
    stem, dot, suffix = bare.rpartition(".")
    clean = _UNSAFE.sub("-", stem if dot else bare).strip(".-_")[:60] or "text"
    ending = _UNSAFE.sub("", suffix)[:8] if dot else "txt"
    folder = served.workspace.folder / ADDED
    path = folder / f"{clean}-{hashlib.sha256(data).hexdigest()[:8]}.{ending or 'txt'}"
    try:
        folder.mkdir(exist_ok=True)
        beside = path.with_name(f".{path.name}.part")
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written ({error.strerror})") from error
    return path
