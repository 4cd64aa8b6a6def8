"""A reading as one self-contained page: no script, nothing from elsewhere, hostile text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources

from dragoman.formats.describe import FACTUALITY_WORDS, actor_words, interval_words, speaker_words, type_words
from dragoman.marking import Mark, Segment, segments
from dragoman.reading.layout import blocks, headline_end
from dragoman.reading.marks import ORDER, marks_of
from dragoman.reading.result import Reading
from dragoman.records import Actor, Claim, Dispute, Event

_LINKED = ("trigger", "cue")  # what a click leads from, nearest meaning first
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_SAFE_SCHEMES = ("http://", "https://")


def render_html(reading: Reading) -> str:
    """A reading as an HTML page.

    Returns:
        The page: the text with its evidence marked at the left, the records at the right, each
        linked to the other by anchors.
    """
    style = (resources.files("dragoman.formats") / "reading.css").read_text(encoding="utf-8")
    title = escape(reading.document.title or "untitled")
    headline, article = _article(reading)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="{escape(reading.document.coder.name)} {escape(reading.document.coder.version)}">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{headline or title}</h1>
<p class="meta">{_meta(reading)}</p>
<p class="legend">{_legend()}</p>
</header>
<main>
<article aria-label="Text with its evidence marked">
{article}
</article>
<aside aria-label="Records">
{_records(reading)}
</aside>
</main>
<footer>Read by dragoman {escape(reading.document.coder.version)}. Place names: GeoNames (CC BY 4.0);
names of actors after OEDA Phoenix, Archigos, REIGN and rigour.</footer>
</body>
</html>
"""


def _meta(reading: Reading) -> str:
    document = reading.document
    parts = [escape(part) for part in (document.publisher, document.author, document.published) if part]
    if document.url and document.url.startswith(_SAFE_SCHEMES):
        url = escape(document.url)
        parts.append(f'<a href="{url}" rel="noreferrer noopener">{url}</a>')
    counts = f"{len(reading.events)} events, {len(reading.claims)} claims, {len(reading.actors)} actors"
    return " · ".join([*parts, counts])


def _legend() -> str:
    shown = ("actor", "trigger", "source", "cue", "content", "place", "quantity")
    return " ".join(f'<span class="dm-{kind}">{kind}</span>' for kind in shown)


def _article(reading: Reading) -> tuple[str | None, str]:
    """The headline, where the text begins with its own title, and the paragraphs below it, their evidence marked."""
    text = reading.document.text
    marks = marks_of(text, reading.actors, reading.claims, reading.events)
    anchored: set[str] = set()
    pieces = ["".join(_piece(s, anchored) for s in segments(text, marks, start, end)) for start, end in blocks(text)]
    headline = pieces.pop(0) if headline_end(text, reading.document.title) is not None else None
    return headline, "\n".join(f"<p>{piece}</p>" for piece in pieces)


def _piece(segment: Segment, anchored: set[str]) -> str:
    text = escape(segment.text)
    if not segment.marks:
        return text
    kinds = {mark.kind for mark in segment.marks}
    classes = " ".join(f"dm-{kind}" for kind in ORDER if kind in kinds)
    target = _target(segment.marks)
    if target is None:
        return f'<span class="{classes}">{text}</span>'
    record = escape(target.record)
    anchor = "" if target.record in anchored else f' id="t-{record}"'
    anchored.add(target.record)
    return f'<a class="{classes}"{anchor} href="#{record}" title="{escape(target.kind)}">{text}</a>'


def _target(marks: Sequence[Mark]) -> Mark | None:
    return next((mark for kind in _LINKED for mark in marks if mark.kind == kind), None)


def _records(reading: Reading) -> str:
    speakers = {claim.id: speaker_words(claim) for claim in reading.claims}
    numbers = {event.id: f"E{number}" for number, event in enumerate(reading.events, 1)}
    numbers |= {claim.id: f"C{number}" for number, claim in enumerate(reading.claims, 1)}
    sections = [
        _section("Events", (_event(event, numbers, speakers) for event in reading.events), "No events were found."),
        _section("Claims", (_claim(claim, numbers) for claim in reading.claims), "Nobody is quoted."),
    ]
    if reading.disputes:
        sections.append(_section("Disputed", (_dispute(d, numbers) for d in reading.disputes), ""))
    if reading.actors:
        sections.append(_actors(reading.actors))
    notes = "".join(f"<li>{escape(note)}</li>" for note in reading.notes)
    if notes:
        sections.append(f"<section><h2>Notes</h2><ul>{notes}</ul></section>")
    return "\n".join(sections)


def _actors(actors: Iterable[Actor]) -> str:
    rows = "".join(
        f"<tr><td>{escape(a.name)}</td><td>{escape(a.id or 'not resolved')}</td>"
        f"<td class='n'>{len(a.mentions)}</td></tr>"
        for a in actors
    )
    head = "<tr><th>name</th><th>id</th><th class='n'>named</th></tr>"
    return f"<section><h2>Actors</h2><table>{head}{rows}</table></section>"


def _section(title: str, cards: Iterable[str], empty: str) -> str:
    body = "\n".join(cards) or f"<p class='empty'>{escape(empty)}</p>"
    return f"<section><h2>{title}</h2>{body}</section>"


def _event(event: Event, numbers: dict[str, str], speakers: dict[str, str]) -> str:
    says = [f'<a href="#{escape(c)}">{numbers[c]} {escape(speakers[c])}</a>' for c in event.claims if c in numbers]
    facts = [
        ("when", escape(interval_words(event.time))),
        ("where", escape(event.place.name if event.place else "-")),
        ("how sure", escape(FACTUALITY_WORDS[event.factuality])),
        ("says who", " › ".join(says) or "the text"),
        ("numbers", escape(", ".join(q.span.quote for q in event.quantities))),
        ("contexts", escape(", ".join(event.contexts))),
        ("why", escape(event.why.rule)),
    ]
    return (
        f'<div class="card quad{event.quad_class}" id="{escape(event.id)}">'
        f'<a class="number" href="#t-{escape(event.id)}">{numbers[event.id]}</a> '
        f"<b>{escape(actor_words(event.actors))}</b> <em>{escape(type_words(event))}</em> "
        f"<b>{escape(actor_words(event.recipients))}</b>{_facts(facts)}</div>"
    )


def _claim(claim: Claim, numbers: dict[str, str]) -> str:
    probability = claim.probability
    likely = f" ({probability.low:.0%} to {probability.high:.0%}: {probability.phrase})" if probability else ""
    prediction = interval_words(claim.prediction.horizon) if claim.prediction else ""
    parent = f'<a href="#{escape(claim.parent)}">{numbers[claim.parent]}</a>' if claim.parent in numbers else ""
    facts = [
        ("kind", f"{claim.kind}, {claim.act}"),
        ("how sure", escape(FACTUALITY_WORDS[claim.factuality] + likely)),
        ("within", parent),
        ("predicts", escape("open" if prediction == "-" else prediction)),
        ("why", escape(claim.why.rule)),
    ]
    return (
        f'<div class="card" id="{escape(claim.id)}"><a class="number" href="#t-{escape(claim.id)}">'
        f"{numbers[claim.id]}</a> <b>{escape(speaker_words(claim))}</b>"
        f"<blockquote>{escape(claim.content.quote)}</blockquote>{_facts(facts)}</div>"
    )


def _dispute(dispute: Dispute, numbers: dict[str, str]) -> str:
    links = " against ".join(f'<a href="#{escape(v)}">{numbers.get(v, escape(v))}</a>' for v in dispute.versions)
    return f'<div class="card"><b>{escape(dispute.about)}</b> differs in {escape(dispute.differs)}: {links}</div>'


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    return "<dl>" + "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in facts if value) + "</dl>"
