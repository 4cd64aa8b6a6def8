"""The description of the page's API (OpenAPI 3.1), made from what answers it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, get_args

import msgspec

from dragoman.analysis.periods import Step
from dragoman.records import EVENT_TYPES, FACTUALITY_VALUES
from dragoman.version import __version__
from dragoman.web import changes, whatif
from dragoman.workspace.filters import Filter

_FILTERS = tuple(field.name for field in fields(Filter))
_PAGE = ("limit", "offset", "format")

PARAMETERS: dict[str, tuple[str, ...]] = {
    "/api/documents": (*_FILTERS, *_PAGE),
    "/api/events": (*_FILTERS, *_PAGE),
    "/api/claims": (*_FILTERS, *_PAGE),
    "/api/actors": ("q", "limit"),
    "/api/search": ("q", "limit", "format"),
    "/api/corrections": _PAGE,
    "/api/timeline": (*_FILTERS, "by", "format"),
    "/api/relations": (*_FILTERS, "by", "way", "format"),
    "/api/relations/change": (*_FILTERS, "by", "way", "period", "format"),
    "/api/relations/pairs": (*_FILTERS, "by", "named", "limit", "format"),
    "/api/blocs": ("window", "fewest", "until", "compare", "named", "format"),
    "/api/map": (*_FILTERS, "format"),
    "/api/disputed": ("q", *_PAGE),
    "/api/predictions": _PAGE,
}
"""What an address understands behind its question mark; nothing where it is not named."""

BODIES: dict[str, type[msgspec.Struct]] = {
    "/api/corrections": changes.Correcting,
    "/api/corrections/undo": changes.Undoing,
    "/api/add": changes.Adding,
    "/api/predictions/{prediction}": changes.Settling,
    "/api/whatif": whatif.Asked,
}
"""What is sent to an address that changes or works something out."""

_WORDS = {"type": "string"}
_DAY = {"type": "string", "description": "a day (2018-09-18); for since and until also a month or a year"}
_KINDS: dict[str, dict[str, Any]] = {
    "event_type": {"type": "string", "enum": list(EVENT_TYPES)},
    "factuality": {"type": "string", "enum": list(FACTUALITY_VALUES)},
    "quad_class": {"type": "integer", "minimum": 1, "maximum": 4},
    "since": _DAY, "until": _DAY, "period": _DAY, "compare": _DAY,
    "by": {"type": "string", "enum": list(get_args(Step)), "default": "month"},
    "way": {"type": "string", "enum": ["both", "one"], "default": "both"},
    "named": {"type": "string", "enum": ["resolved", "all"], "default": "resolved"},
    "limit": {"type": "integer", "minimum": 1, "maximum": 500},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
    "format": {"type": "string", "enum": ["json", "csv"], "default": "json"},
    "window": {"type": "integer", "minimum": 7, "maximum": 36_500, "default": 365, "description": "days"},
    "fewest": {"type": "integer", "minimum": 1, "maximum": 10_000, "default": 2, "description": "events of a tie"},
}  # fmt: skip
_REFUSED = {
    "description": "It cannot be answered; one line says why.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
}


def describe(reads: Mapping[str, Callable[..., Any]], writes: Mapping[str, Callable[..., Any]]) -> dict[str, Any]:
    """The description of an API.

    Args:
        reads: address to what answers a question.
        writes: address to what makes a change.
    """
    _, shapes = msgspec.json.schema_components(BODIES.values(), ref_template="#/components/schemas/{name}")
    paths: dict[str, dict[str, Any]] = {}
    for path, reader in reads.items():
        paths.setdefault(path, {})["get"] = _question(path, reader)
    for path, writer in writes.items():
        paths.setdefault(path, {})["post"] = _change(path, writer)
    shapes["Refusal"] = {"type": "object", "properties": {"error": _WORDS}, "required": ["error"]}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "dragoman",
            "version": __version__,
            "description": "What 'dragoman serve' answers. Changes need the header X-Dragoman: 1 and are JSON.",
        },
        "paths": paths,
        "components": {"schemas": shapes},
    }


def _question(path: str, reader: Callable[..., Any]) -> dict[str, Any]:
    known = PARAMETERS.get(path, ())
    asked = [{"name": name, "in": "query", "schema": _KINDS.get(name, _WORDS)} for name in known]
    content: dict[str, Any] = {"application/json": {}}
    if "format" in known:
        content["text/csv"] = {}
    answered = {"200": {"description": "The answer.", "content": content}, "default": _REFUSED}
    return {"summary": _summary(reader), "parameters": [*_named(path), *asked], "responses": answered}


def _change(path: str, writer: Callable[..., Any]) -> dict[str, Any]:
    shape = {"$ref": f"#/components/schemas/{BODIES[path].__name__}"}
    guard = {"name": "X-Dragoman", "in": "header", "required": True, "schema": {"const": "1"}}
    done = {"description": "It is done, or has begun.", "content": {"application/json": {}}}
    return {
        "summary": _summary(writer),
        "parameters": [*_named(path), guard],
        "requestBody": {"required": True, "content": {"application/json": {"schema": shape}}},
        "responses": {"200": done, "202": done, "default": _REFUSED},
    }


def _named(path: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": _WORDS} for name in re.findall(r"\{(\w+)\}", path)]


def _summary(answerer: Callable[..., Any]) -> str:
    return (inspect.getdoc(answerer) or "").partition("\n")[0]
