"""How fast a GDELT 2.0 file becomes rows of a workspace: ``python benchmarks/import_speed.py [ROWS]``.

The file is made here, with the columns and the spread of values that GDELT's have. Two figures: reading alone (file to
Arrow tables), and end to end (file to a committed workspace).
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import dragoman
from dragoman import knowledge
from dragoman.formats.gdelt import COLUMNS, read_gdelt

_STATES = (
    "USA",
    "RUS",
    "CHN",
    "GBR",
    "FRA",
    "DEU",
    "IND",
    "PAK",
    "ISR",
    "PSE",
    "IRN",
    "UKR",
    "KOR",
    "PRK",
    "NGA",
    "SYR",
)
_ROLES = ("", "", "", "GOV", "GOV", "MIL", "OPP", "COP", "LEG", "MED", "EDU", "REB", "CVL", "BUS")
_CODES = [
    "010", "020", "036", "040", "042", "043", "051", "057", "061", "073", "080", "0841", "090", "100", "111",
    "112", "120", "130", "138", "141", "145", "150", "154", "160", "163", "172", "173", "180", "190", "193", "195",
]  # fmt: skip
_PLACES = (
    ("Washington, District of Columbia, United States", "US", 38.8951, -77.0364),
    ("Moscow, Moskva, Russia", "RS", 55.7522, 37.6156),
    ("Kiev, Kyyiv, Misto, Ukraine", "UP", 50.4333, 30.5167),
    ("Beijing, Beijing, China", "CH", 39.9289, 116.388),
    ("Lagos, Lagos, Nigeria", "NI", 6.4531, 3.3958),
)


def made_lines(rows: int, seed: int = 7) -> Iterator[str]:
    """Lines of a GDELT 2.0 file, always the same for one seed."""
    chance = random.Random(seed)
    for number in range(rows):
        cells = dict.fromkeys(COLUMNS, "")
        day = f"2024{chance.randint(1, 12):02}{chance.randint(1, 28):02}"
        code, (place, fips, lat, lon) = chance.choice(_CODES), chance.choice(_PLACES)
        cells |= {"GLOBALEVENTID": str(1_150_000_000 + number), "SQLDATE": day, "MonthYear": day[:6], "Year": "2024",
                  "FractionDate": "2024.5", "IsRootEvent": "1", "EventCode": code, "EventBaseCode": code[:3],
                  "EventRootCode": code[:2], "QuadClass": "1", "GoldsteinScale": str(chance.randint(-100, 100) / 10),
                  "NumMentions": "10", "NumSources": "1", "NumArticles": "10", "AvgTone": str(chance.uniform(-9, 9)),
                  "DATEADDED": f"{day}121500",
                  "SOURCEURL": f"https://www.paper{chance.randint(1, 4000)}.example/2024/{number}.html"}  # fmt: skip
        for side in (1, 2):
            if side == 1 or chance.random() < 0.7:
                state, role = chance.choice(_STATES), chance.choice(_ROLES)
                cells |= {f"Actor{side}Code": state + role, f"Actor{side}Name": f"NAME OF {state}",
                          f"Actor{side}CountryCode": state, f"Actor{side}Type1Code": role}  # fmt: skip
        for geo in ("Actor1", "Action"):
            cells |= {f"{geo}Geo_Type": "4", f"{geo}Geo_FullName": place, f"{geo}Geo_CountryCode": fips,
                      f"{geo}Geo_ADM1Code": f"{fips}01", f"{geo}Geo_Lat": str(lat + chance.randint(-99, 99) / 1000),
                      f"{geo}Geo_Long": str(lon), f"{geo}Geo_FeatureID": "-3365797"}  # fmt: skip
        yield "\t".join(cells.values()) + "\n"


def main(rows: int) -> None:
    """Make the file, read it, import it, and say how fast."""
    known = knowledge.load()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.export.CSV"
        with path.open("w", encoding="utf-8") as out:
            out.writelines(made_lines(rows))
        size = path.stat().st_size / 1e6
        start = time.perf_counter()
        kept = sum(batch.num_rows for batch in read_gdelt(path, known).batches)
        reading = time.perf_counter() - start
        with dragoman.create(Path(folder) / "made") as workspace:
            start = time.perf_counter()
            found = read_gdelt(path, known)
            workspace.import_events(found.batches, origin=found.origin, source=path.name, repairs=found.repairs)
            whole = time.perf_counter() - start
    print(f"{rows:,} rows, {size:.0f} MB, {kept:,} kept ({found.repairs.count:,} repairs)")
    print(f"reading alone {rows / reading:,.0f} rows/s; end to end {rows / whole:,.0f} rows/s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
