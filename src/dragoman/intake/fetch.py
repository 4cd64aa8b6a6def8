"""Fetching one page that the user named: http and https only, never an address inside a network.

Every hop's host is resolved once, every address of it must be public, and the connection goes to the
address that was vetted, so that a second look-up cannot point elsewhere.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from urllib.parse import SplitResult, urljoin, urlsplit

from dragoman.errors import FetchRefused, ServerRefused
from dragoman.version import __version__

REDIRECTS = 5
LARGEST = 20 << 20  # bytes, after decompression
SECONDS = 30.0  # for everything, redirects included
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\[?[0-9A-Fa-f:.]+\]?")


@dataclass(frozen=True, slots=True)
class Page:
    """A fetched page: its final address, media type, declared charset and body."""

    url: str
    media_type: str
    charset: str | None
    body: bytes


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet (mapped and translated forms are unwrapped)."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def fetch(
    url: str,
    *,
    permit: Callable[[str], bool] = is_public,
    before: Callable[[str], None] | None = None,
    seconds: float = SECONDS,
) -> Page:
    """Fetch ``url``.

    Args:
        url: an http or https address.
        permit: decides whether an IP address may be connected to.
        before: called with each address before it is asked for, redirects too; what it raises ends the fetch.
        seconds: for the whole fetch.

    Raises:
        FetchRefused: when the address must not be fetched, fails, or passes a limit.
    """
    deadline = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        parts = _checked(url)
        if before is not None:
            waited = time.monotonic()
            before(url)
            deadline += time.monotonic() - waited
        response, connection = _request(parts, permit, deadline)
        try:
            if response.status in _REDIRECTING and response.headers.get("Location"):
                url = urljoin(url, response.headers["Location"])
                continue
            if response.status != http.client.OK:
                raise ServerRefused(f"{url}: the server answered {response.status}", response.status)
            body = _body(response, connection, url, deadline)
            media_type, charset = _content_type(response.headers)
            return Page(url, media_type, charset, body)
        except (OSError, http.client.HTTPException, zlib.error) as error:
            raise FetchRefused(f"{url}: the connection failed ({type(error).__name__})") from error
        finally:
            connection.close()
    raise FetchRefused(f"{url}: more than {REDIRECTS} redirects")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchRefused(f"{url}: not a valid address") from error
    if parts.scheme not in ("http", "https"):
        raise FetchRefused(f"{url}: only http and https addresses are fetched")
    if parts.username or parts.password:
        raise FetchRefused(f"{url}: addresses with a user name are not fetched")
    host = parts.hostname or ""
    if not _HOST.fullmatch(host) or port == 0 or any(c <= " " for c in url):
        raise FetchRefused(f"{url}: not a valid address")
    return parts


def _request(
    parts: SplitResult, permit: Callable[[str], bool], deadline: float
) -> tuple[http.client.HTTPResponse, http.client.HTTPConnection]:
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchRefused(f"{parts.geturl()}: the host's address is not known") from error
    addresses = [str(info[4][0]) for info in found]
    if not addresses or not all(permit(address) for address in addresses):
        raise FetchRefused(f"{parts.geturl()}: the host is not on the public internet")
    try:
        raw = socket.create_connection((addresses[0], port), timeout=_left(deadline))
        connection = _Connection(host, port, raw, _left(deadline))
        if parts.scheme == "https":
            raw = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        connection.sock = raw
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={
            "User-Agent": f"dragoman/{__version__}", "Accept": "text/html,text/plain;q=0.9",
            "Accept-Encoding": "gzip", "Connection": "close",
        })  # fmt: skip
        raw.settimeout(_left(deadline))
        response = connection.getresponse()
        _left(deadline)  # headers that were cut look as if they had ended
        return response, connection
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        raise FetchRefused(f"{parts.geturl()}: the connection failed ({type(error).__name__})") from error


class _Connection(http.client.HTTPConnection):
    """A connection that is cut when its time is over, however slowly a server sends its headers."""

    def __init__(self, host: str, port: int, raw: socket.socket, seconds: float) -> None:
        super().__init__(host, port)
        self._cut = threading.Timer(seconds, _shut, (raw,))
        self._cut.daemon = True
        self._cut.start()

    def close(self) -> None:
        """As of any connection; nothing is left to cut."""
        self._cut.cancel()
        super().close()


def _shut(raw: socket.socket) -> None:
    with contextlib.suppress(OSError):
        raw.shutdown(socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise FetchRefused(f"the fetch took longer than {SECONDS:.0f} s")
    return left


def _body(
    response: http.client.HTTPResponse, connection: http.client.HTTPConnection, url: str, deadline: float
) -> bytes:
    unpack = zlib.decompressobj(31) if response.headers.get("Content-Encoding", "").lower() == "gzip" else None
    body = bytearray()
    while True:
        if connection.sock is not None:
            connection.sock.settimeout(_left(deadline))
        chunk = response.read1(1 << 16)
        _left(deadline)
        if not chunk:
            return bytes(body)
        body += unpack.decompress(chunk, LARGEST + 1 - len(body)) if unpack else chunk
        if len(body) > LARGEST or (unpack and unpack.unconsumed_tail):
            raise FetchRefused(f"{url}: the page is larger than {LARGEST >> 20} MB")


def _content_type(headers: Message) -> tuple[str, str | None]:
    charset = headers.get_content_charset()
    return headers.get_content_type(), charset
