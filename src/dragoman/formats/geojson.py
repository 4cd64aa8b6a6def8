"""Events on a map: GeoJSON (RFC 7946), which QGIS, kepler and GitHub read."""

from __future__ import annotations

from typing import Any, BinaryIO

import msgspec
import pyarrow as pa

from dragoman.formats.event_rows import named_sides, rows_by_event

_CARRIED = (
    "document", "publisher", "story", "published", "start", "end", "granularity", "event_type", "mode", "contexts",
    "quad_class", "intensity", "factuality", "speaker", "place", "country", "quote", "origin",
)  # fmt: skip


def write_geojson(table: pa.Table, sink: BinaryIO, *, happened_only: bool = False) -> int:
    """Write events as a FeatureCollection, one Feature an event.

    An event without coordinates is an unlocated Feature (its geometry is null, RFC 7946 section 3.2). Coordinates are
    longitude before latitude, in degrees (WGS 84). ``actors`` and ``recipients`` list names, ``actor_ids`` and
    ``recipient_ids`` ids, null where there is none.

    Args:
        table: rows with the schema ``tables.DYADS``.
        sink: where to; UTF-8.
        happened_only: leave out what no source says is so.

    Returns:
        How many events were written.
    """
    sink.write(b'{"type":"FeatureCollection","features":[')
    count = 0
    for rows in rows_by_event(table, happened_only=happened_only):
        sink.write(b",\n" if count else b"\n")
        sink.write(msgspec.json.encode(_feature(rows)))
        count += 1
    sink.write(b"\n]}\n")
    return count


def _feature(rows: list[dict[str, Any]]) -> dict[str, Any]:
    first = rows[0]
    located = first["lat"] is not None and first["lon"] is not None
    properties: dict[str, Any] = {}
    for side in ("actor", "recipient"):
        named = named_sides(rows, side)
        properties[f"{side}s"] = [name for _, name in named]
        properties[f"{side}_ids"] = [key for key, _ in named]
    return {
        "type": "Feature",
        "id": first["event"],
        "geometry": {"type": "Point", "coordinates": [first["lon"], first["lat"]]} if located else None,
        "properties": properties | {name: first[name] for name in _CARRIED},
    }
