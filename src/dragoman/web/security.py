"""What a request must be like to be answered: from this page, to this host, of the right kind.

The server is reachable for every page that the browser shows, so that each check here stands for an attack: the list of
hosts against DNS rebinding, Origin, Sec-Fetch-Site and the content type against cross-site writes, the policy against
scripts that come in with a text.
"""

from __future__ import annotations

import hmac
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dragoman.web.answers import refusal

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "font-src 'self'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
        "require-trusted-types-for 'script'", "trusted-types 'none'",
    )
)  # fmt: skip
"""The Content-Security-Policy of every answer."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
COOKIE = "dragoman"
LARGEST_BODY = 30 << 20  # bytes
_READS = ("GET", "HEAD")


class Guard:
    """Refuses what does not come from the page itself.

    Args:
        app: what answers.
        hosts: names under which the server may be asked, with port.
        token: what an address must carry once, when others can reach the server; None on loopback.
    """

    def __init__(self, app: ASGIApp, *, hosts: frozenset[str], token: str | None = None) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with one line."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out[name] = value
                if self._token and hmac.compare_digest(given.encode(), self._token.encode()):
                    out["Set-Cookie"] = f"{COOKIE}={self._token}; HttpOnly; SameSite=Strict; Path=/"
            await send(message)

        reason = self._refused(scope, headers, given)
        if reason is not None:
            await refusal(*reason)(scope, receive, sent)
            return
        await self._app(scope, receive, sent)

    def _refused(self, scope: Scope, headers: Headers, given: str) -> tuple[str, int] | None:
        host = headers.get("host", "").lower()
        if host not in self._hosts:
            return "this server is asked under another name than its own; open the address that it printed", 421
        if self._token is not None and not self._known(headers, given):
            return "a token is missing; open the address that the server printed when it started", 401
        site = headers.get("sec-fetch-site")
        if site not in (None, "same-origin", "none") and not _follows_link(scope, headers):
            return "requests from other pages are refused", 403
        if scope["method"] in _READS:
            return None
        return self._write_refused(headers, host)

    def _write_refused(self, headers: Headers, host: str) -> tuple[str, int] | None:
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host:
            return "changes from other pages are refused", 403
        if origin is None and headers.get("sec-fetch-site") is not None:
            return "changes must say where they come from", 403
        if headers.get("x-dragoman") != "1":
            return "changes need the header X-Dragoman: 1", 403
        if headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return "changes are sent as application/json", 415
        length = headers.get("content-length", "")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return f"a change may be {LARGEST_BODY >> 20} MB large at most and must say its length", 413
        return None

    def _known(self, headers: Headers, given: str) -> bool:
        token = self._token or ""
        cookie = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        said = given or cookie or headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(said.encode(), token.encode())


def _follows_link(scope: Scope, headers: Headers) -> bool:
    """Whether a person followed a link to the page from another one; that shows the page and hands out nothing."""
    opened = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return opened and scope["method"] in _READS and scope["path"] == "/"
