"""YAML front matter: what a Markdown file says of itself between two lines of dashes, above its text."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import yaml

from dragoman.knowledge.layout import layout

_BLOCK = re.compile(r"---[ \t]*\n(?P<fields>(?:.*\n){1,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_LINE = re.compile(r"^(\w+):[ \t]+(\S.*)$", re.MULTILINE)
_LONGEST = 20_000  # code points; more is no description of a text
_DEEPEST = 20  # brackets; no field that is kept nests at all


def split_front_matter(text: str) -> tuple[dict[str, str], str]:
    """The fields that describe a text, by the names of an extract, and the text below them.

    Nothing and the whole text, where no such block opens it or it cannot be read.
    """
    block = _BLOCK.match(text)
    if block is None:
        return {}, text
    written = block["fields"]
    if len(written) > _LONGEST or written.count("[") + written.count("{") > _DEEPEST:
        return {}, text
    try:
        described = yaml.safe_load(written)
    except (yaml.YAMLError, ValueError):
        described = dict(_LINE.findall(written))  # "title: Talks: day two", which is no YAML, stands in many files
    if not isinstance(described, dict):
        return {}, text
    fields: dict[str, str] = {}
    for name, value in described.items():
        field, said = layout().field_of(str(name)), _said(value)
        if field is not None and said:
            fields.setdefault(field, said)
    return (fields, text[block.end() :]) if fields else ({}, text)


def _said(value: Any) -> str | None:
    """A field's value in one line; a list of names joined; None for what is no name, number or day."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(" ".join(one.split()) for one in value)
    return None
