"""A situation brief as plain text, Markdown or a self-contained HTML page."""

from __future__ import annotations

import re
from html import escape

from dragoman.analysis.brief_statements import Brief, Statement

_SHOWN = 4  # ids after a sentence; the page says how many more there are
_ID = 24  # characters of an id that are shown
_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}"
    "h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:1.6rem;border-bottom:1px solid #bbb}"
    "blockquote{margin:.2rem 0 .2rem 1rem;color:#444;font-style:italic}"
    "small,.ids{color:#555;font-size:.8rem}li{margin:.5rem 0}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def brief_text(brief: Brief) -> str:
    """The brief as plain text; record ids in brackets, quotes below."""
    lines = [brief.title, "=" * len(brief.title)]
    for section in brief.sections:
        lines += ["", section.title.upper()]
        for statement in section.statements:
            lines.append(f"- {_plain(statement.text)} [{_ids(statement)}]")
            lines += [f"    “{_plain(quote.text)}” [{_short(quote.record)}]" for quote in statement.quotes]
    lines += ["", *brief.notes] if brief.notes else []
    return "\n".join(lines) + "\n"


def brief_markdown(brief: Brief) -> str:
    """The brief as Markdown (CommonMark); what texts say cannot become markup."""
    lines = [f"# {_safe(brief.title)}"]
    for section in brief.sections:
        lines += ["", f"## {section.title}", ""]
        for statement in section.statements:
            lines.append(f"- {_safe(statement.text)} ({_safe(_ids(statement))})")
            lines += [f"  > {_safe(quote.text)} ({_safe(_short(quote.record))})  " for quote in statement.quotes]
    lines += ["", *(f"*{_safe(note)}*  " for note in brief.notes)] if brief.notes else []
    return "\n".join(lines) + "\n"


def brief_html(brief: Brief) -> str:
    """The brief as one HTML page without script; every sentence carries its record ids in ``data-records``."""
    body = [f"<h1>{escape(brief.title)}</h1>"]
    for section in brief.sections:
        body.append(f"<section><h2>{escape(section.title)}</h2><ul>")
        for statement in section.statements:
            records, ids = escape(" ".join(statement.records), quote=True), escape(_ids(statement))
            body.append(f'<li data-records="{records}">{escape(statement.text)} <span class="ids">[{ids}]</span>')
            body += [
                f'<blockquote data-record="{escape(quote.record, quote=True)}">{escape(quote.text)}</blockquote>'
                for quote in statement.quotes
            ]
            body.append("</li>")
        body.append("</ul></section>")
    body += [f"<p><small>{escape(note)}</small></p>" for note in brief.notes]
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{escape(brief.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(body) + "\n</body>\n</html>\n"
    )  # fmt: skip


def _ids(statement: Statement) -> str:
    shown = ", ".join(_short(record) for record in statement.records[:_SHOWN])
    more = len(statement.records) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _short(record: str) -> str:
    return record if len(record) <= _ID else f"{record[:_ID]}…"


def _plain(text: str) -> str:
    # A hostile text must not steer the terminal.
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _safe(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&])", r"\\\1", _plain(text))
