"""A signed network for other programs: GEXF 1.3 (Gephi), GraphML (igraph, networkx, yEd) and CSV."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import quoteattr

import pyarrow as pa

from dragoman.errors import UsageError
from dragoman.formats.spreadsheet import csv_bytes

NETWORK_FORMATS: tuple[str, ...] = ("gexf", "graphml", "csv")
_NUMBERS = ("weight", "cooperation", "hostility", "events")
_DAYS = ("first", "last")


def network_text(ties: pa.Table, blocs: pa.Table, form: str) -> str:
    """A network in one of ``NETWORK_FORMATS``.

    Args:
        ties: The table of ``analysis.network.Network``.
        blocs: The table of ``analysis.blocs.Blocs``.
        form: The format. In GEXF, whose readers take no negative weights, ``weight`` is the strength
            and the attribute ``sign`` says which way; ties are dated from first to last event.

    Raises:
        UsageError: There is no such format.
    """
    if form == "gexf":
        return _gexf(ties.to_pylist(), blocs.to_pylist())
    if form == "graphml":
        return _graphml(ties.to_pylist(), blocs.to_pylist())
    if form == "csv":
        return csv_bytes(ties).decode("utf-8")
    raise UsageError(f"there is no network format '{form}'; the formats are {', '.join(NETWORK_FORMATS)}")


def _gexf(ties: list[dict[str, Any]], actors: list[dict[str, Any]]) -> str:
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<gexf xmlns="http://gexf.net/1.3" version="1.3">',
        '<graph defaultedgetype="undirected" mode="dynamic" timeformat="date">',
        '<attributes class="node"><attribute id="bloc" title="bloc" type="integer"/></attributes>',
        '<attributes class="edge"><attribute id="sign" title="sign" type="integer"/>'
        + "".join(f'<attribute id="{name}" title="{name}" type="double"/>' for name in _NUMBERS[1:])
        + "</attributes>",
        "<nodes>",
    ]
    for actor in actors:
        name = f"<node id={_attribute(actor['actor'])} label={_attribute(actor['name'])}>"
        lines.append(f'{name}<attvalues><attvalue for="bloc" value="{actor["bloc"]}"/></attvalues></node>')
    lines += ["</nodes>", "<edges>"]
    for number, tie in enumerate(ties):
        days = "".join(
            f' {key}="{tie[day]}"' for key, day in (("start", "first"), ("end", "last")) if tie[day] is not None
        )
        ends = f"source={_attribute(tie['a'])} target={_attribute(tie['b'])}"
        values = f'<attvalue for="sign" value="{1 if tie["weight"] > 0 else -1 if tie["weight"] < 0 else 0}"/>'
        values += "".join(f'<attvalue for="{name}" value="{tie[name]:g}"/>' for name in _NUMBERS[1:])
        weight = f'weight="{abs(tie["weight"]):.6g}"'
        lines.append(f'<edge id="{number}" {ends} {weight}{days}><attvalues>{values}</attvalues></edge>')
    return "\n".join([*lines, "</edges>", "</graph>", "</gexf>", ""])


def _graphml(ties: list[dict[str, Any]], actors: list[dict[str, Any]]) -> str:
    keys = [("name", "node", "string"), ("bloc", "node", "int")]
    keys += [(name, "edge", "double") for name in _NUMBERS] + [(name, "edge", "string") for name in _DAYS]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f'<key id="{k}" for="{side}" attr.name="{k}" attr.type="{kind}"/>' for k, side, kind in keys),
        '<graph edgedefault="undirected">',
    ]
    for actor in actors:
        name = _attribute(actor["name"])[1:-1]
        lines.append(
            f"<node id={_attribute(actor['actor'])}>"
            f'<data key="name">{name}</data><data key="bloc">{actor["bloc"]}</data></node>'
        )
    for tie in ties:
        data = "".join(f'<data key="{name}">{tie[name]:.10g}</data>' for name in _NUMBERS)
        data += "".join(f'<data key="{name}">{tie[name]}</data>' for name in _DAYS if tie[name] is not None)
        lines.append(f"<edge source={_attribute(tie['a'])} target={_attribute(tie['b'])}>{data}</edge>")
    return "\n".join([*lines, "</graph>", "</graphml>", ""])


def _attribute(text: str) -> str:
    # XML 1.0 has no control characters; always double quotes.
    clean = "".join(c if c.isprintable() else " " for c in text)
    return quoteattr(clean.replace('"', "\u201d"))
