"""Small sound files of coded events and of records, as other programs and ``export`` write them."""

from __future__ import annotations

import csv
import io
import json

import dragoman
from dragoman.formats import gdelt, icews, polecat
from dragoman.formats.jsonl import encode_line
from dragoman.formats.spreadsheet import csv_bytes


def row(columns: list[str], **cells: str) -> list[str]:
    assert set(cells) <= set(columns)
    return [cells.get(column, "") for column in columns]


def table(rows: list[list[str]], delimiter: str = "\t") -> bytes:
    sink = io.StringIO()
    csv.writer(sink, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return sink.getvalue().encode()


GDELT = [
    row(gdelt.COLUMNS, GLOBALEVENTID="1", SQLDATE="20240304", Actor1Code="POLMIL", Actor1Name="POLAND",
        Actor2Code="LTU", Actor2Name="LITHUANIA", EventCode="0256", GoldsteinScale="-0.3", DATEADDED="20240305101500",
        SOURCEURL="https://www.herald.example/a"),
    row(gdelt.COLUMNS, GLOBALEVENTID="2", SQLDATE="20240304", Actor1Code="RUSGOV", Actor1Name="RUSSIA",
        Actor2Code="POL", Actor2Name="POLAND", EventCode="190", GoldsteinScale="-10", ActionGeo_FullName="Gdansk",
        ActionGeo_CountryCode="PL", ActionGeo_Lat="54.35", ActionGeo_Long="18.65", DATEADDED="20240305101500",
        SOURCEURL="https://herald.example/b"),
    row(gdelt.COLUMNS, GLOBALEVENTID="3", SQLDATE="20240230", Actor1Code="DEU", Actor1Name="GERMANY",
        Actor2Code="POL", Actor2Name="POLAND", EventCode="057", GoldsteinScale="much", DATEADDED="20240305101500"),
    ["4", "20240304", "too", "few"],
    row(gdelt.COLUMNS, GLOBALEVENTID="5", SQLDATE="20240304", Actor1Code="DEU", EventCode="010"),
]  # fmt: skip
ICEWS_HEAD = [name.replace("_", " ").title() for name in icews.COLUMNS]
ICEWS = [
    ICEWS_HEAD,
    row(icews.COLUMNS, event_id="7", event_date="2024-03-04", source_name="Military (Poland)",
        source_sectors="Military,Government", source_country="Poland", event_text="Sign formal agreement",
        cameo_code="057", intensity="8.0", target_name="Germany", target_country="Germany", publisher="The Herald",
        city="Berlin", country="Germany", latitude="52.5", longitude="13.4"),
    row(icews.COLUMNS, event_id="8", event_date="someday", source_name="Citizen (Belarus)",
        source_sectors="General Population / Civilian / Social", source_country="Belarus", cameo_code="141",
        intensity="-6.5", target_name="Belarus", target_country="Belarus"),
    row(icews.COLUMNS, event_id="9", event_date="2024-03-04", source_name="Poland", cameo_code="999",
        target_name="Germany"),
]  # fmt: skip
ACLED_HEAD = [
    "event_id_cnty", "event_date", "time_precision", "sub_event_type", "actor1", "inter1", "actor2", "inter2",
    "country", "admin1", "location", "latitude", "longitude", "source",
]  # fmt: skip
ACLED = [
    ACLED_HEAD,
    row(ACLED_HEAD, event_id_cnty="SDN1", event_date="04 March 2024", time_precision="1", sub_event_type="Armed clash",
        actor1="Military Forces of Sudan (2019-)", inter1="State forces", actor2="Rapid Support Forces",
        inter2="Rebel group", country="Sudan", location="Omdurman", latitude="15.65", longitude="32.48",
        source="Radio Nile"),
    row(ACLED_HEAD, event_id_cnty="SDN2", event_date="2024-03-05", time_precision="3",
        sub_event_type="Peaceful protest", actor1="Protesters (Sudan)", inter1="Protesters", country="Sudan",
        latitude="200", longitude="32.5"),
]  # fmt: skip
POLECAT = [
    polecat.COLUMNS,
    row(polecat.COLUMNS, **{"Event ID": "p1", "Event Date": "2024-03-04", "Event Type": "AID", "Actor Name": "Poland",
        "Actor Country": "POL", "Recipient Name": "Germany", "Recipient Country": "DEU"}),
    row(polecat.COLUMNS, **{"Event ID": "p2", "Event Date": "2024-03-05", "Event Type": "ASSAULT",
        "Actor Name": "Poland;France", "Actor Country": "POL;FRA", "Recipient Name": "Mali"}),
]  # fmt: skip

_READING = dragoman.read(
    "Russia probably sanctioned Iran in Moscow on 3 May 2024, a minister said. Germany sent 2,000 troops to Mali.",
    fast=True,
)
_RECORDS = b"".join(map(encode_line, _READING))
_ROWS = _READING.arrow()

IMPORTS = {
    "gdelt": "".join("\t".join(cells) + "\n" for cells in GDELT).encode(),
    "icews": table(ICEWS),
    "acled": table(ACLED, ","),
    "polecat": table(POLECAT),
    "jsonl": _RECORDS,
}
"""A sound file of each format that ``dragoman import`` takes."""

EVENT_FILES = {
    "events.csv": csv_bytes(_ROWS),
    "events.tsv": csv_bytes(_ROWS).replace(b",", b"\t"),
    "rows.jsonl": b"".join(json.dumps(cells, default=str).encode() + b"\n" for cells in _ROWS.to_pylist()),
    "records.jsonl": _RECORDS,
}
"""A sound file of each kind that ``--events`` takes, under its name."""
