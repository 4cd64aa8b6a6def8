"""The page's server: addresses, and what answers them (Starlette on uvicorn)."""

from __future__ import annotations

import contextlib
import secrets
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from dragoman.errors import DragomanError, OutputError, UsageError, WorkspaceError
from dragoman.web import analyses, changes, lists, relations, whatif
from dragoman.web.answers import answer, refusal
from dragoman.web.description import describe
from dragoman.web.security import Guard
from dragoman.web.served import Served

STATIC = Path(__file__).resolve().parent / "static"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 (compared with, not bound to)
_HTTP = 80  # the port that browsers leave out of an address
_KINDS = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json",
          ".svg": "image/svg+xml"}  # fmt: skip

Reader = Callable[[Served, Request], Response]
Writer = Callable[[Served, bytes], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

READS: dict[str, Reader] = {
    "/api/status": lists.status,
    "/api/documents": lists.documents,
    "/api/documents/{document}": lists.document,
    "/api/events": lists.events,
    "/api/claims": lists.claims,
    "/api/actors": lists.actors,
    "/api/actors/{actor}": lists.actor,
    "/api/search": lists.search,
    "/api/corrections": lists.corrections,
    "/api/timeline": analyses.timeline,
    "/api/relations": relations.relation,
    "/api/relations/change": relations.change,
    "/api/relations/pairs": relations.pairs,
    "/api/blocs": analyses.blocs,
    "/api/map": analyses.places,
    "/api/disputed": analyses.disputed,
    "/api/predictions": analyses.predictions,
}
SETTLES = "/api/predictions/{prediction}"
WRITES: dict[str, Writer] = {
    "/api/corrections": changes.correct,
    "/api/corrections/undo": changes.undo,
    "/api/add": changes.add,
    "/api/whatif": whatif.run,
}


def page_app(served: Served, *, hosts: frozenset[str], token: str | None = None) -> Guard:
    """The application that answers for one workspace.

    Args:
        served: the workspace.
        hosts: names with port under which it may be asked.
        token: what strangers lack; None where only this machine can ask.
    """
    routes = [Route(path, _reading(served, reader)) for path, reader in READS.items()]
    routes += [Route(path, _writing(served, writer), methods=["POST"]) for path, writer in WRITES.items()]
    routes += [
        Route(SETTLES, _settling(served), methods=["POST"]),
        Route("/api/openapi.json", _description),
        Route("/api/events-stream", _news(served)),
        Route("/api/progress", _news(served)),
        Route("/{name:path}", _file),
    ]
    handlers = {DragomanError: _in_words, HTTPException: _http_error, Exception: _fault}
    return Guard(Starlette(routes=routes, exception_handlers=handlers), hosts=hosts, token=token)


def _reading(served: Served, reader: Reader) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(reader, served, request)

    return endpoint


def _writing(served: Served, writer: Writer) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(writer, served, await request.body())

    return endpoint


def _settling(served: Served) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(
            changes.settle, served, request.path_params["prediction"], await request.body()
        )  # fmt: skip

    return endpoint


def _news(served: Served) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        del request
        return StreamingResponse(served.news(), media_type="text/event-stream")

    return endpoint


async def _description(request: Request) -> Response:
    del request
    return answer(describe(READS, {**WRITES, SETTLES: changes.settle}))


async def _file(request: Request) -> Response:
    name = request.path_params["name"] or "index.html"
    kind = _KINDS.get(Path(name).suffix)
    path = (STATIC / name).resolve()
    if kind is None or path.parent != STATIC or not path.is_file():
        return refusal(f"there is nothing at /{name[:80]}", 404)
    return FileResponse(path, media_type=kind)


async def _in_words(request: Request, error: Exception) -> Response:
    del request
    status = 400 if isinstance(error, UsageError) else 503 if isinstance(error, WorkspaceError | OutputError) else 422
    return refusal(str(error), status)


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusal(f"{request.method} {request.url.path} is not answered here", status)


async def _fault(request: Request, error: Exception) -> Response:
    return refusal(f"{request.url.path} failed ({type(error).__name__}); the workspace is as it was", 500)


def hosts_of(host: str, port: int) -> frozenset[str]:
    """The names under which a server on ``host`` may be asked, as a browser writes them into the header Host."""
    names = {_bracketed(host)}
    if host in EVERYWHERE:
        known = {socket.gethostname(), socket.getfqdn()}
        with contextlib.suppress(OSError):
            known |= {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None)}
        names |= {*LOOPBACK, *map(_bracketed, known)}
    elif is_loopback(host):
        names |= set(LOOPBACK)
    named = {f"{name.lower()}:{port}" for name in names}
    return frozenset(named | {name.lower() for name in names} if port == _HTTP else named)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on ``host``."""
    return _bracketed(host) in LOOPBACK


def address_of(host: str, port: int, token: str | None) -> str:
    """What to open in a browser."""
    name = socket.gethostname() if host in EVERYWHERE else _bracketed(host)
    return f"http://{name}:{port}/" + (f"?token={token}" if token else "")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def serve(served: Served, *, host: str, port: int, token: str | None, ready: Callable[[int], None]) -> None:
    """Answer until stopped.

    Args:
        served: the workspace.
        host: the address to listen on.
        port: 0 for any that is free.
        token: see ``page_app``.
        ready: called with the port when requests are answered.

    Raises:
        OutputError: the port is taken, or not for this user.
    """
    config = uvicorn.Config(_refuse_all, host=host, port=port, log_level="critical", access_log=False, lifespan="off",
                            server_header=False, date_header=False, timeout_graceful_shutdown=2)  # fmt: skip
    try:
        sock = config.bind_socket()
    except (OSError, SystemExit) as error:
        raise OutputError(f"port {port} of {host} cannot be used; choose another with --port") from error
    number = int(sock.getsockname()[1])
    config.app = page_app(served, hosts=hosts_of(host, number), token=token)
    server = uvicorn.Server(config)
    served.workspace.database.share()
    ready(number)
    server.run(sockets=[sock])


async def _refuse_all(*_: object) -> None:
    """Stands in until the port is known."""


def new_token() -> str:
    """What others must know to ask a server that is not on loopback."""
    return secrets.token_urlsafe(24)
