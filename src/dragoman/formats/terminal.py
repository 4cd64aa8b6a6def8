"""A reading in the terminal: the text with its evidence marked, then tables of its records."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleRenderable, Group
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from dragoman.formats.describe import (
    FACTUALITY_WORDS,
    actor_words,
    interval_words,
    shorten,
    speaker_words,
    type_words,
)  # fmt: skip
from dragoman.marking import segments
from dragoman.reading.marks import ORDER, marks_of
from dragoman.reading.result import Reading

STYLES = {
    "content": "italic",
    "actor": "cyan",
    "place": "green",
    "time": "blue",
    "quantity": "blue",
    "source": "magenta",
    "cue": "magenta italic",
    "trigger": "bold black on yellow",
}
_PLAIN_WIDTH = 100  # characters, where the output is no terminal


def print_reading(reading: Reading, console: Console) -> None:
    """Print a reading: in colour to a terminal, as plain lines to a file or a pipe."""
    if console.is_terminal:
        console.print(render(reading))
    else:
        for line in plain_lines(reading):
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def render(reading: Reading) -> ConsoleRenderable:
    """A reading as rich renderables."""
    document = reading.document
    head = " · ".join(part for part in (document.publisher, document.author, document.published) if part)
    parts: list[ConsoleRenderable] = [Rule(Text(document.title or "untitled", style="bold"))]
    if head:
        parts.append(Text(head, style="dim"))
    parts += [marked_text(reading), _legend(), _events_table(reading), _claims_table(reading)]
    if reading.disputes:
        parts.append(_table("Disputed", ("about", "differs in", "versions"), _dispute_rows(reading)))
    parts += [Text(f"note: {note}", style="dim") for note in reading.notes]
    return Group(*parts)


def marked_text(reading: Reading) -> Text:
    """The document's text with styles over its evidence."""
    marked = Text()
    for segment in segments(
        reading.document.text, marks_of(reading.document.text, reading.actors, reading.claims, reading.events)
    ):
        kinds = {mark.kind for mark in segment.marks}
        style = " ".join(STYLES[kind] for kind in ORDER if kind in kinds)
        marked.append(_printable(segment.text), style=style or None)
    marked.append("\n")
    return marked


def _legend() -> Text:
    legend = Text("marks: ", style="dim")
    for kind, style in STYLES.items():
        legend.append(kind, style=style)
        legend.append(" ")
    return legend


def _events_table(reading: Reading) -> ConsoleRenderable:
    columns = ("#", "when", "who", "what", "to whom", "where", "how sure", "says who", "words")
    return _table(f"Events ({len(reading.events)})", columns, _event_rows(reading))


def _claims_table(reading: Reading) -> ConsoleRenderable:
    columns = ("#", "who", "act", "how sure", "what", "predicts")
    return _table(f"Claims ({len(reading.claims)})", columns, _claim_rows(reading))


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> ConsoleRenderable:
    table = Table(title=title, title_justify="left", header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return table


def _event_rows(reading: Reading) -> list[list[str]]:
    speakers = {claim.id: speaker_words(claim) for claim in reading.claims}
    return [
        [
            str(number),
            interval_words(event.time),
            actor_words(event.actors),
            type_words(event),
            actor_words(event.recipients),
            event.place.name if event.place else "-",
            FACTUALITY_WORDS[event.factuality],
            " < ".join(reversed([speakers[c] for c in event.claims if c in speakers])) or "the text",
            event.trigger.quote,
        ]
        for number, event in enumerate(reading.events, 1)
    ]


def _claim_rows(reading: Reading) -> list[list[str]]:
    rows = []
    for number, claim in enumerate(reading.claims, 1):
        sure = FACTUALITY_WORDS[claim.factuality]
        if claim.probability is not None:
            sure += f" {claim.probability.low:.0%}-{claim.probability.high:.0%}"
        horizon = interval_words(claim.prediction.horizon) if claim.prediction else ""
        predicts = (horizon if horizon != "-" else "open") if claim.prediction else ""
        rows.append([str(number), speaker_words(claim), claim.act, sure, shorten(claim.content.quote, 90), predicts])
    return rows


def _dispute_rows(reading: Reading) -> list[list[str]]:
    words = {claim.id: f"{speaker_words(claim)}: {shorten(claim.content.quote, 60)}" for claim in reading.claims}
    words.update({event.id: shorten(event.sentence.quote, 60) for event in reading.events})
    return [
        [dispute.about, dispute.differs, "\n".join(words.get(version, version) for version in dispute.versions)]
        for dispute in reading.disputes
    ]


def plain_lines(reading: Reading) -> list[str]:
    """A reading as plain lines of text, without colour, boxes or control characters."""
    document = reading.document
    lines = [document.title or "untitled"]
    lines += [part for part in (document.publisher, document.author, document.published, document.url) if part]
    lines += ["", f"EVENTS ({len(reading.events)})"]
    for row in _event_rows(reading):
        number, when, who, what, whom, where, sure, says, words = row
        lines.append(f"{number:>3}. {when}  {who}  {what}  {whom}")
        lines.append(f'     where: {where}; {sure}; says: {says}; words: "{shorten(words, _PLAIN_WIDTH)}"')
    lines += ["", f"CLAIMS ({len(reading.claims)})"]
    for number, who, act, sure, what, predicts in _claim_rows(reading):
        tail = f"; predicts: {predicts}" if predicts else ""
        lines.append(f"{number:>3}. {who} ({act}, {sure}{tail}): {what}")
    if reading.disputes:
        lines += ["", f"DISPUTED ({len(reading.disputes)})"]
        for about, differs, versions in _dispute_rows(reading):
            lines.append(f"  {about} (differs in {differs}): " + " | ".join(versions.split("\n")))
    lines += [f"note: {note}" for note in reading.notes]
    return [_printable(line) for line in lines]


def _printable(text: str) -> str:
    # A hostile text must not steer the terminal: no escape sequences, no bidi overrides.
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
