"""Texts and crawls that the benchmarks make themselves, always the same for one seed."""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator
from pathlib import Path

from dragoman.bulk.shards import Refused
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.records import Document

_STATES = ("Russia", "China", "Japan", "France", "Iran", "Israel", "Poland", "Kenya", "Sudan", "Chile", "Peru", "India")
_ACTS = ("condemned", "sent troops to", "signed an agreement with", "imposed sanctions on", "held talks with", "met")
_HEDGES = ("officials said", "according to the ministry", "two diplomats claimed", "the spokesman denied this")


def made_texts(count: int, sentences: int = 2, seed: int = 11) -> Iterator[Document | Refused]:
    """Short dispatches, no two alike."""
    chance = random.Random(seed)
    for number in range(count):
        yield make_document(Extract(_dispatch(chance, number, sentences)), f"20{10 + number % 15}-0{number % 9 + 1}-11")


def _dispatch(chance: random.Random, number: int, sentences: int) -> str:
    said = []
    for _ in range(sentences):
        first, second = chance.sample(_STATES, 2)
        day = f"{chance.randint(1, 28)} May {chance.randint(2010, 2024)}"
        said.append(f"{first} {chance.choice(_ACTS)} {second} on {day}, {chance.choice(_HEDGES)}.")
    return f"Dispatch {number} from the border. " + " ".join(said)


_DISHES = (
    "onion tart",
    "bean soup",
    "plum cake",
    "potato salad",
    "lentil stew",
    "apple pie",
    "Italian bread",
    "rice pudding",
)
_CLUBS = ("Rovers", "City", "United", "Athletic", "Wanderers", "England", "Brazil", "the Lions", "the Hawks", "Albion")
_FIRMS = ("Northgate Tyres", "Bellweather Foods", "Orchard Systems", "Lumen Paints", "Kite Airlines", "Harbour Steel")
_NUMBERS = ("two", "three", "four", "six", "a dozen", "twenty", "thirty")
_WHERE = ("the coast", "the hills", "the valley", "the islands", "the north", "the city", "the lakes")
_SENTENCES = {
    "recipe": (
        "Heat the oven, and butter a tin for the {dish}.",
        "Peel {number} onions and cut them into thin rings.",
        "Let it rest for {number} minutes under a cloth before you shape it.",
        "Stir in the flour until no lumps are left.",
        "My aunt, who taught me this {dish}, always said that patience is the best spice.",
        "Serve with a spoonful of sour cream and the herbs you like best.",
        "Leftover {dish} keeps for {number} days.",
        "If the dough sticks to your hands, add a little more flour.",
        "Simmer gently; it must never boil.",
    ),
    "sport": (
        "{club} beat {other} by {number} goals in front of a sold-out ground.",
        "The keeper saved a penalty in the last minute.",
        '"We never gave up, and the crowd carried us," said the coach of {club}.',
        "{other} had led at the break.",
        "The midfielder, back after {number} weeks, struck the post twice.",
        "It was the third defeat in a row for {other}.",
        "Both sides meet again in the cup on Saturday.",
        "{club} are expected to sign a new striker before the season ends.",
        "The referee showed {number} yellow cards in a match that was fought hard.",
    ),
    "weather": (
        "Rain reaches {where} by noon and clears towards evening.",
        "It stays mild, with up to {number} degrees along {where}.",
        "A light wind blows from the south-west.",
        "Fog may linger in {where} until late morning.",
        "Frost is possible at night, so cover young plants.",
        "The outlook for the weekend is dry and bright.",
        "Forecasters say that the warm spell will last {number} days.",
    ),
    "business": (
        "{firm} sold more than ever in the quarter and raised its outlook.",
        "Its shares rose by {number} per cent.",
        "Costs for energy fell, said the head of finance, and demand in Germany and Japan picked up.",
        "{firm} plans to open a plant in {where} next year.",
        "Analysts had expected less.",
        "The central bank left interest rates where they were.",
        "Orders came from {number} new customers.",
        "The board proposes a dividend, and {firm} wants to buy back shares.",
    ),
    "garden": (
        "Prune the roses before the buds open, and always above an eye.",
        "Sow lettuce every {number} weeks for a long harvest.",
        "Slugs love young leaves, so go round with a lamp in the evening.",
        "A mulch of straw keeps the soil moist.",
        "Tomatoes want sun, water and a stake.",
        "Readers from {where} report a fine year for plums.",
    ),
}


def made_pages(count: int, words: int = 400, seed: int = 23) -> Iterator[Document]:
    """Pages of a crawl that are no politics: recipes, sport, weather, business, gardening."""
    chance = random.Random(seed)
    for number in range(count):
        sentences = _SENTENCES[chance.choice(list(_SENTENCES))]
        paragraphs: list[str] = []
        while sum(len(paragraph.split()) for paragraph in paragraphs) < words:
            chosen = chance.sample(sentences, 3)
            paragraphs.append(" ".join(_filled(sentence, chance) for sentence in chosen))
        yield make_document(Extract("\n\n".join([f"Page {number}", *paragraphs])), "2024-05-02")


def _filled(sentence: str, chance: random.Random) -> str:
    club, other = chance.sample(_CLUBS, 2)
    return sentence.format(
        dish=chance.choice(_DISHES), club=club, other=other, firm=chance.choice(_FIRMS),
        number=chance.choice(_NUMBERS), where=chance.choice(_WHERE),
    )  # fmt: skip


def write_crawl(path: Path, megabytes: int, seed: int = 5) -> dict[str, int]:
    """A WARC.GZ of ``megabytes`` when unpacked: made articles in much boilerplate, errors, images, other tongues.

    Returns:
        How many records of each kind it holds.
    """
    chance = random.Random(seed)
    kinds = {"article": 0, "not found": 0, "image": 0, "german": 0, "empty": 0}
    menu = "".join(f'<li class="item-{n}"><a href="/section/{n}">Section {n}</a></li>' for n in range(900))
    script = "<script>" + "var a=[" + ",".join(str(n) for n in range(6000)) + "];</script>"
    size, number = 0, 0
    with path.open("wb") as sink:
        while size < megabytes * 1_000_000:
            number += 1
            kind = chance.choices(list(kinds), (80, 6, 6, 5, 3))[0]
            kinds[kind] += 1
            record = _record(kind, number, f"<nav><ul>{menu}</ul></nav>{script}", chance)
            size += len(record)
            sink.write(gzip.compress(record, 1))
    return kinds


def _record(kind: str, number: int, boilerplate: str, chance: random.Random) -> bytes:
    status, content, body = "200 OK", "text/html; charset=utf-8", b""
    if kind == "article":
        paragraphs = "".join(f"<p>{_dispatch(chance, number, 3)}</p>" for _ in range(2))
        head = f"<html><head><title>Report {number}</title></head><body>{boilerplate}<article><h1>Report {number}</h1>"
        body = f"{head}{paragraphs}</article><footer>{boilerplate}</footer></body></html>".encode()
    elif kind == "german":
        words = "<p>Die Regierung hat am Montag mit den Nachbarn gesprochen, und der Minister war damit zufrieden.</p>"
        body = f"<html lang=de><body>{boilerplate}<article>{words * 4}</article></body></html>".encode()
    elif kind == "not found":
        status, body = "404 Not Found", b"<html><body>no such page</body></html>"
    elif kind == "image":
        content, body = "image/png", chance.randbytes(30_000)
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/{number}\r\n"
        f"WARC-Date: 2024-0{number % 9 + 1}-11T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"
