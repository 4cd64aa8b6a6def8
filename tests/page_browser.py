"""The page in a real browser: a server of its own, and Debian's Chromium or any other that is there."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed here")
_PATIENCE = 120.0  # seconds until a server must answer; a busy machine takes its time to start one
_WAIT = 60_000  # milliseconds until something must be on the page

_MOVE = """hash => new Promise(done => {
    const before = location.hash;
    location.hash = hash;
    if (location.hash === before) return done();
    addEventListener('hashchange', () => setTimeout(done), {once: true});
})"""
"""Goes to another view and waits until the page has heard of it: the browser tells that later than it does it."""


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """``dragoman serve`` in a process of its own, which can be killed and started again on its port."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder, self.options, self.port = folder, options, free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        code = "from dragoman.cli import main; main()"
        command = [sys.executable, "-c", code, "serve", "--workspace", str(self.folder), "--port", str(self.port)]
        self.process = subprocess.Popen(
            [*command, "--no-open", *self.options], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                assert self.process.stderr is not None
                raise AssertionError(self.process.stderr.read().decode())
            try:
                with urllib.request.urlopen(f"{self.address}/api/status", timeout=30):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.05)
        raise AssertionError("the server did not answer")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            if self.process.stderr is not None:
                self.process.stderr.close()
            self.process = None


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """A server on a workspace for as long as the block lasts."""
    server = Server(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser without a window."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=_WAIT)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watched:
    """A page and what went wrong on it: errors of the console, of scripts, and requests to elsewhere."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page, self.server = page, server
        self.troubles: list[str] = []
        page.set_default_timeout(_WAIT)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("dialog", self._asked)
        page.on("request", self._sent)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.troubles.append(message.text)

    def _asked(self, dialog: Dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _sent(self, request: Request) -> None:
        if not request.url.startswith((self.server.address, "data:")):
            self.troubles.append(f"request to {request.url}")

    def go(self, view: str) -> Page:
        """Open a view and wait until it is drawn."""
        address = f"{self.server.address}/#/{view}"
        if self.page.url.startswith(self.server.address):
            self.page.evaluate(_MOVE, f"#/{view}")
        else:
            self.page.goto(address)
        self.settled()
        return self.page

    def settled(self) -> None:
        """Wait until nothing is asked for and nothing waits for an answer."""
        self.page.wait_for_selector("main h1")
        self.page.wait_for_function("() => !document.querySelector('[aria-busy=true], main [role=status].quiet')")


def watched(browser: Browser, server: Server, *, width: int = 1280, height: int = 860, dark: bool = False) -> Watched:
    """A fresh page of a given size."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    return Watched(context.new_page(), server)
