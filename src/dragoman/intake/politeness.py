"""What a host may be asked, and how often: robots.txt (RFC 9309) and a pause between requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from dragoman.errors import FetchRefused, ServerRefused
from dragoman.intake.fetch import fetch, is_public

AGENT = "dragoman"
PAUSE = 1.0  # seconds between two requests to one host, unless it asks for more
LONGEST_PAUSE = 30.0  # seconds; a host that asks for more gets this
_LARGEST = 500 << 10  # bytes of robots.txt that are read (RFC 9309, section 2.5)
_ALL = ["User-agent: *", "Disallow: /"]


class Politeness:
    """Remembers for one run what each host allows and when it was last asked.

    Args:
        permit: decides which IP addresses may be connected to.
        sleep: waits that many seconds.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        permit: Callable[[str], bool] = is_public,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._permit = permit
        self._sleep = sleep
        self._clock = clock
        self._rules: dict[str, RobotFileParser] = {}
        self._next: dict[str, float] = {}

    def before(self, url: str) -> None:
        """Wait for the host's turn before it is asked for ``url``.

        Raises:
            FetchRefused: the host's robots.txt does not allow it, or could not be had for a fault of the server.
        """
        parts = urlsplit(url)
        host = f"{parts.scheme}://{parts.netloc}".lower()
        rules = self._rules.get(host)
        if rules is None:
            rules = self._rules[host] = self._asked(host)
        if not rules.can_fetch(AGENT, url):
            raise FetchRefused(f"{url}: the host's robots.txt does not allow it to be fetched")
        now = self._clock()
        ready = self._next.get(host, now)
        if ready > now:
            self._sleep(ready - now)
        asked = float(rules.crawl_delay(AGENT) or 0)
        self._next[host] = max(now, ready) + min(LONGEST_PAUSE, max(PAUSE, asked))

    def _asked(self, host: str) -> RobotFileParser:
        rules = RobotFileParser()
        try:
            body = fetch(f"{host}/robots.txt", permit=self._permit).body[:_LARGEST]
            rules.parse(body.decode("utf-8", "replace").splitlines())
        except ServerRefused as error:
            # Section 2.3.1: without a file everything is allowed; while the server fails, nothing is.
            rules.parse([] if 400 <= error.status < 500 else _ALL)
        return rules
