"""Who acts on whom over time, for network programs: dynamic GEXF 1.3 (Gephi) and GraphML (igraph, networkx, yEd)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa

from dragoman.formats.event_rows import rows_by_event
from dragoman.formats.xml_text import xml_attribute, xml_text

_COUNTED = (("events", "integer", "int"), ("cooperation", "double", "double"), ("hostility", "double", "double"))


class Tally(msgspec.Struct):
    """Events of one actor to another, with the summed positive and (as a positive number) negative intensity."""

    events: int = 0
    cooperation: float = 0.0
    hostility: float = 0.0

    def add(self, intensity: float | None) -> None:
        """Count one event."""
        self.events += 1
        self.cooperation += max(intensity or 0.0, 0.0)
        self.hostility += max(-(intensity or 0.0), 0.0)


Months = dict[dt.date | None, Tally]


class Directed(msgspec.Struct):
    """The network: names by actor key, and for each (actor, recipient) a tally a month (None: undated)."""

    names: dict[str, str]
    ties: dict[tuple[str, str], Months]


def directed_network(table: pa.Table, *, happened_only: bool = True) -> Directed:
    """Count events by actor, recipient and month of the event, else of publication.

    An actor's key is its id, else its name. Events without a recipient, and of an actor on itself, make no tie.

    Args:
        table: rows with the schema ``tables.DYADS``.
        happened_only: leave out what no source says is so.
    """
    network = Directed({}, {})
    for rows in rows_by_event(table, happened_only=happened_only):
        for row in rows:
            ends = [row[side] or row[f"{side}_name"] for side in ("actor", "recipient")]
            if None in ends or ends[0] == ends[1]:
                continue
            for key, side in zip(ends, ("actor", "recipient"), strict=True):
                network.names.setdefault(key, row[f"{side}_name"] or key)
            day = row["start"] or row["published"]
            months = network.ties.setdefault((ends[0], ends[1]), {})
            months.setdefault(day.replace(day=1) if day else None, Tally()).add(row["intensity"])
    return network


def write_gexf(table: pa.Table, sink: BinaryIO, *, happened_only: bool = True) -> int:
    """Write the directed network as GEXF 1.3: a tie has a spell and values for each month with events.

    Returns:
        How many ties were written.
    """
    network = directed_network(table, happened_only=happened_only)
    attributes = "".join(f'<attribute id="{name}" title="{name}" type="{kind}"/>' for name, kind, _ in _COUNTED)
    sink.write(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
            "<meta><creator>dragoman</creator></meta>\n"
            '<graph defaultedgetype="directed" mode="dynamic" timeformat="date" timerepresentation="interval">\n'
            f'<attributes class="edge" mode="dynamic">{attributes}</attributes>\n<nodes>\n'
        ).encode()
    )
    active: dict[str, set[dt.date]] = {key: set() for key in network.names}
    for ends, months in network.ties.items():
        for key in ends:
            active[key] |= {month for month in months if month}
    for key, name in network.names.items():
        node = f"<node id={xml_attribute(key)} label={xml_attribute(name)}>{_spells(sorted(active[key]))}</node>\n"
        sink.write(node.encode())
    sink.write(b"</nodes>\n<edges>\n")
    for number, (ends, months) in enumerate(network.ties.items()):
        sink.write(_gexf_edge(number, ends, months).encode())
    sink.write(b"</edges>\n</graph>\n</gexf>\n")
    return len(network.ties)


def _gexf_edge(number: int, ends: tuple[str, str], months: Months) -> str:
    dated = sorted(month for month in months if month)
    whole = sum(tally.events for tally in months.values())
    values = "".join(
        f'<attvalue for="{name}" value="{getattr(months[month], name):g}" start="{month}" end="{_last(month)}"/>'
        for month in dated
        for name, _, _ in _COUNTED
    )
    held = f"<attvalues>{values}</attvalues>{_spells(dated)}" if dated else ""
    named = f"source={xml_attribute(ends[0])} target={xml_attribute(ends[1])}"
    return f'<edge id="{number}" {named} weight="{whole}">{held}</edge>\n'


def _spells(months: list[dt.date]) -> str:
    """The spells of months, those that follow each other as one."""
    spells: list[tuple[dt.date, dt.date]] = []
    for month in months:
        if spells and spells[-1][1] + dt.timedelta(days=1) == month:
            spells[-1] = (spells[-1][0], _last(month))
        else:
            spells.append((month, _last(month)))
    listed = "".join(f'<spell start="{start}" end="{end}"/>' for start, end in spells)
    return f"<spells>{listed}</spells>" if listed else ""


def _last(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)


def write_graphml(table: pa.Table, sink: BinaryIO, *, happened_only: bool = True) -> int:
    """Write the directed network as GraphML, a tie's months summed, with its first and last month.

    Returns:
        How many ties were written.
    """
    network = directed_network(table, happened_only=happened_only)
    keys = [("name", "node", "string"), *((name, "edge", kind) for name, _, kind in _COUNTED)]
    keys += [("first", "edge", "string"), ("last", "edge", "string")]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *(f'<key id="{key}" for="{side}" attr.name="{key}" attr.type="{kind}"/>' for key, side, kind in keys),
        '<graph edgedefault="directed">',
        *(
            f'<node id={xml_attribute(key)}><data key="name">{xml_text(name)}</data></node>'
            for key, name in network.names.items()
        ),
        *_graphml_edges(network),
        "</graph>",
        "</graphml>",
        "",
    ]
    sink.write("\n".join(lines).encode())
    return len(network.ties)


def _graphml_edges(network: Directed) -> Iterator[str]:
    for ends, months in network.ties.items():
        data: dict[str, Any] = {
            name: f"{sum(getattr(tally, name) for tally in months.values()):.10g}" for name, _, _ in _COUNTED
        }
        dated = sorted(month for month in months if month)
        if dated:
            data |= {"first": f"{dated[0]:%Y-%m}", "last": f"{dated[-1]:%Y-%m}"}
        values = "".join(f'<data key="{key}">{value}</data>' for key, value in data.items())
        yield f"<edge source={xml_attribute(ends[0])} target={xml_attribute(ends[1])}>{values}</edge>"
