"""How long the page waits for its server, on texts read and on a million imported events.

    python benchmarks/page_speed.py
    python benchmarks/page_speed.py --documents 200 --imported 0

The workspace is made here with a fixed seed: documents with events and claims whose spans are exact, and imported
events without texts. Each address is asked once cold (nothing is kept from before) and then with filters that were not
asked before, over HTTP as a browser does; the page's own drawing is not in the figures. In brackets stands the time of
the processor, of the server and of who asks, which other work on the machine disturbs less.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import itertools
import socket
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import uvicorn

import dragoman
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.reading.result import Reading
from dragoman.records import (
    EVENT_TYPES,
    QUAD_CLASSES,
    Actor,
    ActorRef,
    Claim,
    Event,
    Interval,
    Place,
    Prediction,
    Span,
    Why,
)
from dragoman.tables import DYADS
from dragoman.web.served import Served
from dragoman.web.server import hosts_of, page_app
from dragoman.workspace import store
from dragoman.workspace.rows import rows_of
from dragoman.workspace.workspace import Workspace

STATES = {
    "PRK": "North Korea", "KOR": "South Korea", "USA": "United States", "CHN": "China", "RUS": "Russia", "JPN": "Japan",
    "GBR": "Britain", "FRA": "France", "DEU": "Germany", "IND": "India", "PAK": "Pakistan", "IRN": "Iran",
    "ISR": "Israel", "UKR": "Ukraine", "TUR": "Turkey", "EGY": "Egypt", "BRA": "Brazil", "ZAF": "South Africa",
    "AUS": "Australia", "VNM": "Vietnam",
}  # fmt: skip
PLACES = (("Seoul", 37.57, 126.98, "KOR"), ("Geneva", 46.2, 6.15, "CHE"), ("Cairo", 30.04, 31.24, "EGY"))
EVENTS, CLAIMS = 20, 6  # of a document

FIRST_VIEW = ("/", "/app.js", "/app.css", "/api/status", "/api/events?limit=100")
"""What the page asks for before something can be seen; the parts of one view are added up."""

FIRST_DRAWING = "/api/map"
"""What needs all events in memory and waits until they are there; what follows finds them."""

MOVES = {
    "events, filters": "/api/events?actor={a}&since={year}-03&limit=100",
    "claims, filters": "/api/claims?since={year}-03&factuality=PR%2B&limit=100",
    "documents": "/api/documents?since={year}-02&limit=100",
    "timeline": "/api/timeline?actor={a}&recipient={b}&since={year}",
    "relation": "/api/relations?actor={a}&recipient={b}",
    "small multiples": "/api/relations/pairs?since={year}-04",
    "blocs": "/api/blocs?until={year}-06-30&window=365",
    "map": "/api/map?actor={a}&since={year}-05",
    "disputed": "/api/disputed",
    "predictions": "/api/predictions",
    "actor's card": "/api/actors/{a}",
    "name completion": "/api/actors?q={letters}",
    "search": "/api/search?q={letters}",
}
"""Addresses by what a person does; the braces take another value at each asking."""


def made_readings(count: int, seed: int = 11) -> Iterator[Reading]:
    """Readings of texts that say one plain thing a sentence."""
    chance = np.random.Generator(np.random.PCG64(seed))
    keys = list(STATES)
    for number in range(count):
        pairs = [chance.choice(len(keys), 2, replace=False) for _ in range(EVENTS)]
        verbs = [str(chance.choice(EVENT_TYPES)) for _ in range(EVENTS)]
        lines = [
            f"{STATES[keys[a]]} acted upon {STATES[keys[b]]} in round {number * EVENTS + k}, officials said."
            for k, (a, b) in enumerate(pairs)
        ]
        day = (dt.date(2016, 1, 1) + dt.timedelta(days=int(chance.integers(0, 3200)))).isoformat()
        extract = Extract("\n\n".join(lines), title=f"Round {number}", publisher=f"Paper {number % 40}")
        document = make_document(extract, day)
        starts = np.cumsum([0, *(len(line) + 2 for line in lines)])
        spans = [Span(int(at), int(at) + len(line), line) for at, line in zip(starts, lines, strict=False)]
        sides = [(keys[a], keys[b]) for a, b in pairs]
        stem = document.id[:12]
        yield Reading(
            document,
            tuple(_actors(spans, sides)),
            tuple(_claim(document.id, f"{stem}.c{k}", spans[k]) for k in range(CLAIMS)),
            tuple(
                _event(document.id, f"{stem}.e{k}", spans[k], sides[k], verbs[k], day, k % CLAIMS)
                for k in range(EVENTS)
            ),
        )


def _named(sentence: Span, key: str) -> ActorRef:
    at = sentence.quote.index(STATES[key])
    return ActorRef(key, STATES[key], _within(sentence, at, at + len(STATES[key])))


def _within(sentence: Span, start: int, end: int) -> Span:
    return Span(sentence.start + start, sentence.start + end, sentence.quote[start:end])


def _actors(spans: list[Span], sides: list[tuple[str, str]]) -> Iterator[Actor]:
    mentions: dict[str, list[Span]] = {}
    for sentence, pair in zip(spans, sides, strict=True):
        for key in pair:
            mentions.setdefault(key, []).append(_named(sentence, key).span)
    for key, found in sorted(mentions.items()):
        yield Actor(key, STATES[key], "state", key, None, tuple(found))


def _claim(document: str, identifier: str, sentence: Span) -> Claim:
    cut, end = sentence.quote.index(", officials"), len(sentence.quote)
    content = _within(sentence, 0, cut)
    return Claim(
        identifier, document, sentence, _within(sentence, cut + 2, cut + 11), _within(sentence, end - 5, end - 1),
        content, (content,), None, "indirect", "say", "CT+", None, None, _foretold(identifier), Why("made"),
    )  # fmt: skip


def _foretold(claim: str) -> Prediction | None:
    """Every document's first claim predicts its first event."""
    stem, _, number = claim.partition(".")
    return Prediction("a round", None, None, True, (f"{stem}.e0",)) if number == "c0" else None


def _event(
    document: str, identifier: str, sentence: Span, sides: tuple[str, str], verb: str, day: str, place: int
) -> Event:
    at = sentence.quote.index("acted")
    name, lat, lon, country = PLACES[place % len(PLACES)]
    where = Place(name, None, lat, lon, country, None, _within(sentence, 0, 1)) if place < len(PLACES) else None
    quad = QUAD_CLASSES[verb]
    return Event(
        identifier, document, sentence, _within(sentence, at, at + 5), (_named(sentence, sides[0]),), verb, None, (),  # type: ignore[arg-type]  # one of EVENT_TYPES
        (_named(sentence, sides[1]),), Interval(day, day, "day", False, "document"), where, (), "CT+", (), quad,
        float((4, 7, -3, -8)[quad - 1]), Why("made"),
    )  # fmt: skip


def made_events(count: int, batch: int = 250_000, seed: int = 7) -> Iterator[pa.Table]:
    """Imported events between the states over ten years, some of them with a place."""
    chance = np.random.Generator(np.random.PCG64(seed))
    states, types = np.array(list(STATES)), np.array(EVENT_TYPES)
    spots = pa.array([name for name, *_ in PLACES])
    for begun in range(0, count, batch):
        size = min(batch, count - begun)
        sides = [chance.zipf(1.3, size).clip(1, len(states)) - 1 for _ in "ab"]
        kind, spot = chance.integers(0, len(types), size), chance.integers(0, len(PLACES), size)
        days = pa.array((np.datetime64("2016-01-01") + chance.integers(0, 3200, size)).tolist(), pa.date32())
        quads = np.array([QUAD_CLASSES[name] for name in EVENT_TYPES], dtype=np.int8)[kind]
        columns = {
            "event": pa.array([f"made.{number}" for number in range(begun, begun + size)]),
            "start": days, "end": days, "actor": pa.array(states[sides[0]]), "recipient": pa.array(states[sides[1]]),
            "actor_name": pa.array(states[sides[0]]), "recipient_name": pa.array(states[sides[1]]),
            "event_type": pa.array(types[kind]), "quad_class": pa.array(quads),
            "intensity": pa.array(np.array((4.0, 7.0, -3.0, -8.0))[quads - 1]),
            "factuality": pa.array(["CT+"] * size), "origin": pa.array(["made"] * size), "place": spots.take(spot),
            "lat": pa.array(np.array([place[1] for place in PLACES])[spot]),
            "lon": pa.array(np.array([place[2] for place in PLACES])[spot]),
        }  # fmt: skip
        empty = {name: pa.nulls(size, DYADS.field(name).type) for name in DYADS.names if name not in columns}
        yield pa.table({**columns, **empty}).select(DYADS.names).cast(DYADS)


def write_readings(workspace: Workspace, count: int) -> None:
    """Put made readings into a workspace, a few hundred at a time as adding does."""
    readings = made_readings(count)
    while group := list(itertools.islice(readings, 250)):
        documents = [reading.document for reading in group]
        seen = [store.Sighting(d.id, "made", d.title, None, d.publisher, d.published) for d in documents]
        with workspace.database.transaction() as connection:
            parts = store.Group(documents, [rows_of(group)], seen)
            store.write(connection, parts, fast=False, now=dt.datetime.now(dt.UTC))


class Asker:
    """A browser's connection to a server in a thread of this process."""

    def __init__(self, served: Served) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        app = page_app(served, hosts=hosts_of("127.0.0.1", port))
        self._server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", lifespan="off"))
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def seconds(self, path: str) -> tuple[float, float, int]:
        """How long an answer takes, what it costs the processor (of server and asker), and its bytes."""
        begun, worked = time.perf_counter(), time.process_time()
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
        return time.perf_counter() - begun, time.process_time() - worked, len(body)

    def end(self) -> None:
        """Stop the server."""
        self._server.should_exit = True
        self._thread.join(10)


def _median(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def _told(times: Iterable[float]) -> str:
    wall, processor, *_ = times
    return f"{wall * 1000:7.0f} ms ({processor * 1000:.0f})"


def measure(folder: Path, rounds: int) -> None:
    """Print the first view and each move."""
    states, words = list(STATES), [name.split()[-1].lower() for name in STATES.values()]
    with dragoman.open(folder) as workspace:
        asker = Asker(Served(workspace))
        whole = [asker.seconds(path) for path in FIRST_VIEW]
        total, cost, size = (sum(part) for part in zip(*whole, strict=True))
        print(f"{'first view':18} {total * 1000:7.0f} ms ({cost * 1000:.0f}) cold, {size:,} bytes")
        for path, (seconds, cost, _) in zip(FIRST_VIEW, whole, strict=True):
            print(f"  {path:30} {seconds * 1000:7.0f} ms ({cost * 1000:.0f})")
        print(f"{'first drawing':18} {_told(asker.seconds(FIRST_DRAWING))}")
        for name, pattern in MOVES.items():
            paths = [
                pattern.format(a=states[k % 6], b=states[(k + 1) % 6], year=2017 + k, letters=words[k])
                for k in range(rounds)
            ]
            found = [asker.seconds(path) for path in paths]
            again, *_ = asker.seconds(paths[-1])
            later = _told(_median([one[at] for one in found[1:]]) for at in (0, 1))
            print(
                f"{name:18} {_told(found[0]):20} first {later:20} another filter {again * 1000:6.0f} ms the same again"
            )
        asker.end()


def main() -> None:
    """Make the workspace, and ask."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--imported", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", type=Path, help="make the workspace here and leave it; one that is there is used")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch) / "ws"
        if not folder.exists():
            with dragoman.create(folder) as workspace:
                begun = time.perf_counter()
                write_readings(workspace, chosen.documents)
                if chosen.imported:
                    workspace.import_events(made_events(chosen.imported), origin="made", source="made")
                print(f"made in {time.perf_counter() - begun:.0f} s")
        measure(folder, chosen.rounds)


if __name__ == "__main__":
    main()
