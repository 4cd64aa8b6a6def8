"""Only what the user names is fetched, and never an address inside a network."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from dragoman.errors import FetchRefused, ServerRefused
from dragoman.intake import fetch as fetching
from dragoman.intake import politeness
from dragoman.intake.fetch import fetch, is_public
from dragoman.intake.politeness import Politeness

BODY = b"<html><title>Found</title><p>The envoys met in the capital on Monday and agreed to go on.</p></html>"


class Hostile(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path
        if path == "/page":
            self._send(200, BODY, {"Content-Type": "text/html; charset=utf-8"})
        elif path.startswith("/hop/"):
            left = int(path.rsplit("/", 1)[1])
            self._send(302, b"", {"Location": "/page" if left == 0 else f"/hop/{left - 1}"})
        elif path == "/inside":
            self._send(302, b"", {"Location": "http://169.254.169.254/latest/meta-data"})
        elif path == "/file":
            self._send(302, b"", {"Location": "file:///etc/passwd"})
        elif path == "/bomb":
            body = gzip.compress(bytes(64 << 20))
            self._send(200, body, {"Content-Type": "text/html", "Content-Encoding": "gzip"})
        elif path == "/robots.txt":
            self._send(200, b"User-agent: *\nDisallow: /closed\nCrawl-delay: 7\n", {"Content-Type": "text/plain"})
        elif path == "/to-closed":
            self._send(302, b"", {"Location": "/closed/page"})
        elif path == "/slow-headers":
            with contextlib.suppress(OSError):
                for n in range(200):
                    self.wfile.write(b"HTTP/1.1 200 OK\r\n" if n == 0 else b"X-%d: y\r\n" % n)
                    time.sleep(0.1)
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"<p>")
                time.sleep(0.2)
        else:
            self._send(404, b"", {})

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is written during tests."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hostile) as running:
        running.daemon_threads = True
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def loopback(address: str) -> bool:
    return address == "127.0.0.1"


def test_a_page_is_fetched(server: str) -> None:
    page = fetch(f"{server}/page", permit=loopback)
    assert (page.body, page.media_type, page.charset) == (BODY, "text/html", "utf-8")


def test_five_redirects_and_no_more(server: str) -> None:
    assert fetch(f"{server}/hop/4", permit=loopback).body == BODY
    with pytest.raises(FetchRefused, match="redirects"):
        fetch(f"{server}/hop/5", permit=loopback)


@pytest.mark.parametrize(
    ("path", "words"), [("/inside", "public"), ("/file", "http"), ("/bomb", "larger"), ("/no", "404")]
)
def test_what_a_server_must_not_do(server: str, path: str, words: str) -> None:
    with pytest.raises(FetchRefused, match=words):
        fetch(f"{server}{path}", permit=loopback)


def test_a_slow_server_is_left(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 1.0)
    started = time.monotonic()
    with pytest.raises(FetchRefused):
        fetch(f"{server}/slow", permit=loopback, seconds=1.0)
    assert time.monotonic() - started < 15, "the server goes on for 20 s"


def test_headers_that_never_end_are_left_in_time(server: str) -> None:
    begun = time.monotonic()
    with pytest.raises(FetchRefused, match=r"failed|longer"):
        fetch(f"{server}/slow-headers", permit=loopback, seconds=1.0)
    assert time.monotonic() - begun < 15, "the server goes on for 20 s"


def test_robots_and_the_rate_of_a_host_are_kept(server: str) -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    polite = Politeness(loopback, sleep=sleep, clock=lambda: now[0])
    assert fetch(f"{server}/page", permit=loopback, before=polite.before).body == BODY
    assert slept == []
    fetch(f"{server}/page", permit=loopback, before=polite.before)
    assert slept == [7.0]
    for path in ("/closed/page", "/to-closed"):
        with pytest.raises(FetchRefused, match=r"robots\.txt does not allow"):
            fetch(server + path, permit=loopback, before=polite.before)


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (500, False), (503, False)])
def test_a_host_without_robots_allows_and_a_failing_one_does_not(
    monkeypatch: pytest.MonkeyPatch, status: int, allowed: bool
) -> None:
    def refused(url: str, **_: object) -> None:
        raise ServerRefused(f"{url}: the server answered {status}", status)

    monkeypatch.setattr(politeness, "fetch", refused)
    polite = Politeness()
    if allowed:
        polite.before("https://example.org/page")
    else:
        with pytest.raises(FetchRefused, match=r"robots\.txt"):
            polite.before("https://example.org/page")


def test_the_address_that_was_vetted_is_the_one_that_is_asked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port = int(server.rsplit(":", 1)[1])
    looked_up, real = [], socket.getaddrinfo

    def rebinding(host: str, *more: Any, **options: Any) -> Any:
        if host != "news.example":
            return real(host, *more, **options)
        looked_up.append(host)
        address = "127.0.0.1" if len(looked_up) == 1 else "10.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    assert fetch(f"http://news.example:{port}/page", permit=loopback).body == BODY
    assert looked_up == ["news.example"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://0.0.0.0/", "http://10.0.0.8/",
        "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/", "http://2130706433/", "http://0x7f.1/",
        "http://0177.0.0.1/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[fe80::1]/",
        "ftp://example.org/", "file:///etc/passwd", "http://user:pass@example.org/", "http:///path", "http://a b/",
        "http://example.org:99999/",
    ],
)  # fmt: skip
def test_addresses_that_are_refused(url: str) -> None:
    with pytest.raises(FetchRefused):
        fetch(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [("93.184.216.34", True), ("2606:2800:220:1::1", True), ("100.64.0.1", False), ("224.0.0.1", False),
     ("::ffff:10.0.0.1", False), ("2002:7f00:1::", False), ("fd00::1", False), ("240.0.0.1", False)],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
