"""The page as one file without a server: its script, its style, and the answers to what it asks."""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
from collections.abc import Mapping
from typing import Any, BinaryIO
from urllib.parse import quote, urlencode

from starlette.requests import Request

from dragoman.errors import DragomanError
from dragoman.web import analyses, lists, relations
from dragoman.web.served import Served
from dragoman.web.server import STATIC, Reader
from dragoman.workspace.workspace import Workspace

_LISTS: tuple[tuple[str, Reader], ...] = (
    ("status", lists.status), ("documents", lists.documents), ("claims", lists.claims),
    ("corrections", lists.corrections), ("disputed", analyses.disputed), ("predictions", analyses.predictions),
    ("map", analyses.places), ("relations/pairs", relations.pairs),
)  # fmt: skip
_PERIODS = ("day", "week", "month", "quarter", "year")
_PAGE = 500
_MOST_EVENTS = 20_000
_MOST_ACTORS = 60
_MOST_DATES = 60
_BLOCS = {"fewest": "2", "window": "365"}  # what the page asks for where nobody chose


def write_page(workspace: Workspace, sink: BinaryIO) -> int:
    """Write the page with everything that it shows of a workspace as one HTML file.

    Views are those of ``serve``; what would need the server (other filters of drawings, scenarios, changes) says so.
    The file asks nothing of anybody: its policy allows its own script and style by their hashes and nothing else.

    Returns:
        How many answers it holds.
    """
    answers = _answers(Served(workspace, read_only=True))
    script = (STATIC / "app.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    style = (STATIC / "app.css").read_text(encoding="utf-8").replace("</style", "<\\/style")
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:;"
        " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
    held = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    page = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>dragoman</title>
<style>{style}</style>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript.</noscript>
<script type="application/json" id="kept">{held}</script>
<script type="module">{script}</script>
</body>
</html>
"""
    sink.write(page.encode("utf-8", "replace"))
    return len(answers)


def _answers(served: Served) -> dict[str, Any]:
    answers = {name: _asked(served, reader, name) for name, reader in _LISTS}
    for name in ("documents", "claims", "corrections", "disputed", "predictions"):
        answers[name] = _whole(served, dict(_LISTS)[name], name)
    answers["events"] = _whole(served, lists.events, "events")
    for row in answers["documents"]["rows"]:
        answers[f"documents/{row['id']}"] = _asked(served, lists.document, "documents", {"document": row["id"]})
    for found in served.workspace.pages.actor_names("", _MOST_ACTORS):
        key = str(found["id"])
        answers[f"actors/{quote(key, safe='')}"] = _asked(served, lists.actor, "actors", {"actor": key})
    for by in _PERIODS:
        answers[_key("timeline", by=by)] = _asked(served, analyses.timeline, "timeline", by=by)
    _add_pairs(served, answers)
    _add_blocs(served, answers)
    answers[_key("relations/pairs", named="all")] = _asked(served, relations.pairs, "relations/pairs", named="all")
    answers["world"] = json.loads((STATIC / "world.json").read_text(encoding="utf-8"))
    return {name: answer for name, answer in answers.items() if answer is not None}


def _add_pairs(served: Served, answers: dict[str, Any]) -> None:
    for pair in answers["relations/pairs"] or ():
        for a, b in ((pair["actor"], pair["recipient"]), (pair["recipient"], pair["actor"])):
            for by, way in itertools.product(_PERIODS, ({}, {"way": relations.ONE_WAY})):
                asked = {"actor": a, "by": by, "recipient": b, **way}
                series = answers[_key("relations", **asked)] = _asked(
                    served, relations.relation, "relations", None, **asked
                )
                for change in (series or {}).get("changes", ()):
                    more = {**asked, "period": change["period"]}
                    answers[_key("relations/change", **more)] = _asked(
                        served, relations.change, "relations/change", **more
                    )


def _add_blocs(served: Served, answers: dict[str, Any]) -> None:
    first = answers[_key("blocs", **_BLOCS)] = _asked(served, analyses.blocs, "blocs", None, **_BLOCS)
    dates = (first or {}).get("periods", [])[-_MOST_DATES:]
    for before, date in zip([None, *dates], dates, strict=False):
        compared = {"compare": before} if before else {}
        for asked in ({**_BLOCS, **compared, "until": date}, {**_BLOCS, **compared}):
            key = _key("blocs", **asked)
            if key not in answers:
                answers[key] = _asked(served, analyses.blocs, "blocs", None, **asked)


def _whole(served: Served, reader: Reader, name: str) -> Any:
    """All pages of a list as one."""
    page = _asked(served, reader, name, limit=str(_PAGE))
    while page and len(page["rows"]) < min(page["total"], _MOST_EVENTS):
        more = _asked(served, reader, name, limit=str(_PAGE), offset=str(len(page["rows"])))
        if not more or not more["rows"]:
            break
        page["rows"] += more["rows"]
    return page


def _asked(served: Served, reader: Reader, path: str, within: Mapping[str, str] | None = None, /, **query: str) -> Any:
    """What the server would answer; None where it would refuse."""
    scope = {
        "type": "http", "method": "GET", "path": f"/api/{path}", "headers": [], "path_params": within or {},
        "query_string": urlencode(query).encode("ascii"), "server": ("127.0.0.1", 0), "scheme": "http",
    }  # fmt: skip
    try:
        return json.loads(bytes(reader(served, Request(scope)).body))
    except DragomanError:
        return None


def _key(path: str, **query: str) -> str:
    """As the page looks an answer up: the query in the order of its names."""
    return path + "?" + "&".join(f"{name}={query[name]}" for name in sorted(query))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
