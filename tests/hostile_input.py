"""Files that are made to harm their reader, or to make it lose what they say, with what must come of each."""

from __future__ import annotations

import gzip
import io
import json
import struct
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from functools import partial

import intake_seeds as seeds

READ = "read"
TEXT = seeds.TEXT.encode()
SECOND = "Chile withdrew its ambassador from Lima, and the army closed the border at midnight on Tuesday."
_ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE r [<!ENTITY a0 "ha">{_ENTITIES}]>'
_FEED = '<?xml version="1.0" encoding="{}"?>{}<rss version="2.0"><channel><title>T</title>{}</channel></rss>'
_BOMB_ITEM = f"<item><title>&a9;</title><description>&a9; {seeds.TEXT}</description></item>"


def multipart(parts: int) -> bytes:
    """A mail of many parts."""
    head = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n"
    return head + (b"--x\nContent-Type: text/plain\n\n" + TEXT + b"\n") * parts + b"--x--\n"


def nested_mail(depth: int) -> bytes:
    """A mail whose parts hold parts."""
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n) for n in range(depth))
    return b"From: a@b.example\nMIME-Version: 1.0\n" + heads + b"Content-Type: text/plain\n\n" + TEXT + b"\n"


def two_parts() -> bytes:
    """A mail of two plain parts, one after the other."""
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content(seeds.TEXT)
    message.add_attachment(SECOND, disposition="inline")
    return message.as_bytes()


def stub() -> bytes:
    """A mail whose plain part only says where to look."""
    message = EmailMessage()
    message["From"] = "a@b.example"
    message.set_content("View this mail in your browser.")
    message.add_alternative(f"<html><body><p>{seeds.TEXT}</p><p>{SECOND}</p></body></html>", subtype="html")
    return message.as_bytes()


def link() -> bytes:
    """An archive with a symbolic link."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as made:
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = 0o120777 << 16
        made.writestr(entry, "/etc/passwd")
    return sink.getvalue()


def directory_changed(offset: int, value: int, members: int = 2) -> bytes:
    """An archive whose directory lies about its last member: 4 bytes at ``offset`` of its entry are ``value``."""
    made = bytearray(seeds.archive({f"{n}.txt": TEXT * 20 for n in range(members)}))
    entry = made.rindex(b"PK\x01\x02")
    made[entry + offset : entry + offset + 4] = struct.pack("<I", value)
    return bytes(made)


def boxed(depth: int) -> bytes:
    """A text in an archive in an archive."""
    data, name = TEXT, "deep.txt"
    for level in range(depth):
        data, name = seeds.archive({name: data}), f"level{level}.zip"
    return data


def spread_bomb() -> bytes:
    """Members that are each too small to be told by their own ratio."""
    return seeds.archive({f"{n}.txt": bytes(1_000_000) for n in range(40)})


def nested_bomb() -> bytes:
    """Archives within one, each within bounds, that together unpack to more than 1 GB."""
    part = bytes(range(256)) * 1024
    inner = seeds.archive({f"{n}.txt": part * 240 for n in range(2)})
    return seeds.archive({f"{n}.zip": inner for n in range(12)}, zipfile.ZIP_STORED)


def false_record(length: int) -> bytes:
    """A crawl whose first record states a length that is not its own."""
    first = seeds.record(seeds.page(), number=1)
    at = first.index(b"Content-Length: ") + len(b"Content-Length: ")
    return first[:at] + str(length).encode() + first[first.index(b"\r\n", at) :] + seeds.warc()


def dated(*days: object) -> bytes:
    """Rows with the given dates."""
    return b"".join(json.dumps({"date": day, "text": seeds.TEXT}).encode() + b"\n" for day in days)


def page(inner: str | bytes, charset: str = "utf-8") -> bytes:
    """A page of a body, after a paragraph of prose."""
    body = inner.encode(charset, "surrogatepass") if isinstance(inner, str) else inner
    return b"<!doctype html><html><body><p>" + TEXT + b"</p>" + body


CASES: list[tuple[str, Callable[[], bytes], str]] = [
    ("entities.rss", lambda: _FEED.format("utf-8", BOMB, _BOMB_ITEM).encode(), "declares entities"),
    ("entities16.rss", lambda: _FEED.format("utf-16", BOMB, _BOMB_ITEM).encode("utf-16"), "declares entities"),
    ("entities.html", lambda: page(f"{BOMB}<p>&a9;&a9;</p>"), READ),
    ("items.rss", lambda: _FEED.format("utf-8", "", "<item><title>a</title></item>" * 640_000).encode(), "5000 items"),
    ("million.rss", lambda: _FEED.format("utf-8", "", "<item/>" * 1_000_000).encode(), "5000 items"),
    ("divs.html", lambda: page(b"<div>" * 100_000 + TEXT), "nested too deeply"),
    ("deep.html", lambda: b"<html><body>" + b"<div>" * 400 + b"<p>" + TEXT + b"</p>", READ),
    ("attributes.html", lambda: page(b"<p " + b" ".join(b"a%d=1" % n for n in range(200_000)) + b">"), "attributes"),
    ("comments.html", lambda: page(b"<!--" * 1_000_000), "|took too long|kept"),
    ("signs.html", lambda: page(b"<" * 500_000), "|took too long|kept"),
    ("scripts.html", lambda: page(b"<script>" * 500_000), "nested too deeply"),
    ("large.html", lambda: page(b"<p>word</p>" * 2_000_000), "larger than"),
    ("nul.html", lambda: page("<p>a\x00b</p>"), READ),
    ("surrogate.html", lambda: page("<p>&#xD800; \ud800 &#0; &#x110000;</p>"), READ),
    ("bidi.html", lambda: page("<p>\u202e" + seeds.TEXT + "\u202c\u2066</p>"), READ),
    ("utf7.html", lambda: page(b"<meta charset=utf-7><p>+ADw-script+AD4-alert(1)+ADw-/script+AD4-</p>"), READ),
    ("unmarked16.html", lambda: seeds.page().decode().encode("utf-16-be"), READ),
    ("codec.html", lambda: seeds.page().replace(b"utf-8", b"zlib_codec"), READ),
    ("deep.jsonl", lambda: b"[" * 100_000 + b"\n" + b'{"text":' * 100_000 + b"\n", "no JSON object"),
    ("dates.jsonl", lambda: dated("0000-01-01", "9999-12-31", "2024-02-30", "99999999999999", -1, None, True), READ),
    ("surrogate.jsonl", lambda: b'{"text":"' + TEXT + b' \\ud800"}\n', "no JSON object"),
    ("line.jsonl", lambda: b'{"text":"' + b"a" * (30 << 20), "longer than 20 MB"),
    ("line.csv", lambda: b"text\n" + b"a" * (30 << 20) + b"\n" + TEXT, "longer than 20 MB"),
    ("heading.csv", lambda: b"text" * (8 << 20), "heading"),
    ("bomb.jsonl.gz", lambda: gzip.compress(bytes(1 << 20) * 200), "far more|longer than"),
    ("bomb.csv.gz", lambda: gzip.compress(b"text\n" + (b"word " * 200_000 + b"\n") * 100), "far more"),
    ("cut.csv.gz", lambda: gzip.compress(seeds.table() * 500)[:-40], "damaged from here on"),
    ("cut.jsonl.gz", lambda: gzip.compress(seeds.rows() * 500)[:-40], "damaged from here on"),
    ("parts.eml", lambda: multipart(10_000), "2000 parts"),
    ("nested.eml", lambda: nested_mail(1_900), "nested too deeply"),
    ("year0.eml", lambda: seeds.mail().replace(b"2024", b"0000"), READ),
    ("year9999.eml", lambda: seeds.mail().replace(b"2024", b"9999"), READ),
    ("nothead.eml", lambda: b"\x00" * 500 + TEXT, "no head|no text"),
    ("slip.zip", lambda: seeds.archive({"../../evil.txt": TEXT}), "leads out"),
    ("backslash.zip", lambda: seeds.archive({"..\\..\\evil.txt": TEXT}), "leads out"),
    ("absolute.zip", lambda: seeds.archive({"/etc/evil.txt": TEXT}), "leads out"),
    ("nul.zip", lambda: seeds.archive({"aXb.txt": TEXT}).replace(b"aXb", b"a\0b"), "leads out"),
    ("link.zip", link, "holds a link"),
    ("overlap.zip", partial(directory_changed, 42, 0), "share their bytes"),
    ("short.zip", partial(directory_changed, 24, 50), "damaged"),
    ("long.zip", partial(directory_changed, 24, 900_000, 1), "false length"),
    ("ratio.zip", lambda: seeds.archive({"a.txt": bytes(120 << 20)}), "far more than it holds"),
    ("spread.zip", spread_bomb, "far more than it holds"),
    ("nested.zip", nested_bomb, "|more than 1 GB|far more"),
    ("methods.zip", lambda: seeds.archive({"a.txt": bytes(20 << 20)}, zipfile.ZIP_BZIP2), "far more"),
    ("lzma.zip", lambda: seeds.archive({"a.txt": TEXT}, zipfile.ZIP_LZMA), "not read"),
    ("boxes.zip", partial(boxed, 4), "3 deep"),
    ("name.zip", lambda: seeds.archive({f"a.{'x' * 300}.csv": seeds.table()}), READ),
    ("long.warc", partial(false_record, 10**12), "false length"),
    ("short.warc", partial(false_record, 50), "damaged"),
    ("cut.warc", lambda: seeds.warc()[:-300], "false length"),
    ("cut.warc.gz", lambda: gzip.compress(seeds.warc())[:-200], "false length|damaged"),
    ("utf7.txt", lambda: (seeds.TEXT + " caf\xe9 <").encode("utf-7"), READ),
    ("unmarked16.txt", lambda: seeds.TEXT.encode("utf-16-le"), READ),
    ("nul.txt", lambda: TEXT.replace(b" ", b"\x00"), "binary"),
    ("surrogate.txt", lambda: TEXT + b" \xed\xa0\x80 end", READ),
    ("invisible.txt", lambda: "\u200b".join(seeds.TEXT).encode(), READ),
    ("marks.txt", lambda: (seeds.TEXT + " e" + "\u0301\u0323" * 25_000).encode(), READ),
    ("marks.html", lambda: page("<p>e" + "\u0301\u0323" * 500_000 + "</p>"), "|no English|language"),
    ("pages.pdf", lambda: seeds.pdf().replace(b"/Count 1", b"/Count 99999999"), "|more than|damaged"),
    ("loop.pdf", lambda: seeds.pdf().replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"), "|damaged|no text|deep"),
    ("cut.pdf", lambda: seeds.pdf()[:200], "damaged|no text"),
]
"""Name, content, and READ, words of the error (alternatives as in a pattern), or "|words" where both will do."""
