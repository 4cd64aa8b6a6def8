"""The page that is mailed: complete in itself, and harmless whatever the text holds (shown by a real browser)."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from dragoman import read
from dragoman.formats.html import render_html

PAYLOADS = (
    "<script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "\"><svg onload=document.title='ran'>",
    "javascript:document.title='ran'",
    "</title><script>document.title='ran'</script>",
    "<style>@import url(http://example.org/x.css)</style>",
)


def hostile_page() -> str:
    lines = [f"France condemned {p} on 3 May 2024, said President {p} Macron." for p in PAYLOADS]
    head = f"Title: {PAYLOADS[4]}\nAuthor: {PAYLOADS[1]}\nURL: javascript:document.title='ran'\n\n"
    return render_html(read(head + "\n\n".join(lines)))


def test_nothing_from_elsewhere_and_no_script() -> None:
    page = hostile_page()
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|img|svg|iframe|link|object)\b", page, re.IGNORECASE)
    assert not re.search(r"href=\"(?!#)", page)


def test_links_between_text_and_records_lead_somewhere() -> None:
    page = render_html(read("France attacked Mali in 2013. “It was right,” said President Macron on Friday."))
    targets = set(re.findall(r'id="([^"]+)"', page))
    assert len(targets) == len(re.findall(r'id="([^"]+)"', page))
    links = re.findall(r'href="#([^"]+)"', page)
    assert links
    assert set(links) <= targets


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium (.ci/run installs it)")
def test_hostile_text_does_not_run_in_a_browser(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(hostile_page(), encoding="utf-8")
    done = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom", path.as_uri()],
        capture_output=True, text=True, timeout=90, check=True,
    )  # fmt: skip
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title is not None
    assert title[1] != "ran"
    assert "&lt;script&gt;" in done.stdout
