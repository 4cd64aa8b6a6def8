"""The page that is mailed: complete in itself, and harmless whatever the text holds (shown by a real browser)."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman import read
from dragoman.formats.html import render_html
from dragoman.reading.layout import blocks

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


TRANSCRIPT = """TALKS IN RURAL PERU

MR. KELLER:  Good day. Chile has condemned the strikes that
were reported in Peru. We will look at the following
points:

- Chile sends aid, and
  asks for none;
- the envoy stays in Lima.

MS. ORTEGA:  Did Chile agree to this?
MR. KELLER:  It did.
MS. ORTEGA:  Thank you.
"""


def body_of(page: str) -> list[str]:
    found = re.search(r"<article[^>]*>(.*?)</article>", page, re.DOTALL)
    assert found is not None
    return [re.sub(r"<[^>]+>", "", p) for p in re.findall(r"<p>(.*?)</p>", found[1], re.DOTALL)]


def test_lines_of_one_paragraph_flow_together_and_the_text_is_whole() -> None:
    reading = read(TRANSCRIPT)
    body = body_of(render_html(reading))
    assert [" ".join(p.split()[:3]) for p in body] == [
        "MR. KELLER: Good", "- Chile sends", "- the envoy", "MS. ORTEGA: Did", "MR. KELLER: It", "MS. ORTEGA: Thank",
    ]  # fmt: skip
    assert ["TALKS", "IN", "RURAL", "PERU", *" ".join(body).split()] == TRANSCRIPT.split()
    assert all(reading.document.text[a.start : a.end] == a.quote for actor in reading.actors for a in actor.mentions)


@given(
    st.lists(
        st.sampled_from(
            ["Ana met.", "- ", "MR. KELLER:  ", "Q    ", "\n", "\n\n", " ", "1. ", "(b) ", "\u2028", "a" * 130]
        )
    )
)
def test_paragraphs_hold_every_word_of_any_text_once(parts: list[str]) -> None:
    text = "".join(parts)
    found = blocks(text)
    assert [word for start, end in found for word in text[start:end].split()] == text.split()
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(found))


def test_a_text_of_one_paragraph_a_line_keeps_its_lines() -> None:
    lines = ["Chile and Peru met on Monday.", "Nobody else came.", "The talks went on for two days."]
    assert body_of(render_html(read("\n".join(lines)))) == lines


def test_a_headline_of_the_text_stands_once_and_keeps_its_marks() -> None:
    page = render_html(read("Chile Condemns Peru Over Border Closure\n\nChile condemned Peru on Monday.\n"))
    assert len(re.findall(r"Condemns</a>", page)) == 1
    assert body_of(page) == ["Chile condemned Peru on Monday."]
    apart = render_html(read("Title: A Border Closed\nAuthor: Ana Sanz\n\nChile condemned Peru on Monday.\n"))
    assert "<h1>A Border Closed</h1>" in apart


def test_a_state_that_is_only_where_something_is_is_marked_as_a_place() -> None:
    page = render_html(read("Chile condemned the strikes, the minister said in Hanoi. Peru called on Chile to stop."))
    assert re.search(r'class="[^"]*dm-place[^"]*"[^>]*>Hanoi', page)
    assert not re.search(r'class="[^"]*dm-actor[^"]*"[^>]*>Hanoi', page)
    assert len(re.findall(r'class="[^"]*dm-actor[^"]*"[^>]*>Chile', page)) == 2
