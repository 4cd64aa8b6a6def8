"""Small sound files of every format that is taken in, made here, for tests that read or damage them."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from email.message import EmailMessage

WORDS = (
    "Norway condemned Sweden on Monday, and the Swedish foreign minister said that talks would go on in Oslo.",
    "Kenya sent two battalions to the Somali border, officials in Nairobi told reporters on 3 May 2024.",
    "The parliament in Lima rejected the treaty with Chile, although the president had warned of the cost.",
    "Poland and Lithuania signed an agreement on air defence, which Russia described as a provocation.",
)
TEXT = " ".join(WORDS)


def page(text: str = TEXT, title: str = "A day at the border") -> bytes:
    """An HTML page."""
    menu = "".join(f"<li><a href='/{n}'>Section {n}</a></li>" for n in range(8))
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title>"
        "<meta property='og:site_name' content='The Herald'>"
        "<meta property='article:published_time' content='2024-05-03'>"
        f"</head><body><nav><ul>{menu}</ul></nav><article><h1>{title}</h1><p>{text}</p></article>"
        "<footer>All rights reserved</footer></body></html>"
    ).encode()


def pdf(text: str = TEXT) -> bytes:
    """A PDF of one page with a line for each sentence."""
    lines = [line.replace("(", r"\(").replace(")", r"\)") for line in text.split(". ")]
    drawn = "BT /F1 9 Tf 40 760 Td 14 TL " + " ".join(f"({line}) Tj T*" for line in lines) + " ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Title (A day at the border) /CreationDate (D:20240503101500Z) >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010d} 00000 n \n".encode() for place in places)
    return (
        out + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    )


def mail(text: str = TEXT, html: str | None = None) -> bytes:
    """An e-mail, with a second part where HTML is given."""
    message = EmailMessage()
    message["From"], message["To"] = "Anna Weiss <anna@herald.example>", "desk@paper.example"
    message["Subject"], message["Date"] = "A day at the border", "Fri, 03 May 2024 10:15:00 +0000"
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return bytes(message)


def rss(items: int = 3) -> bytes:
    """An RSS feed."""
    made = "".join(
        f"<item><title>Item {n}</title><link>https://herald.example/{n}</link>"
        f"<description>{WORDS[n % 4]} {n}</description><pubDate>Fri, 03 May 2024 10:15:00 GMT</pubDate></item>"
        for n in range(items)
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>The Herald</title>{made}</channel></rss>".encode()


def atom(entries: int = 2) -> bytes:
    """An Atom feed."""
    made = "".join(
        f"<entry><title>Entry {n}</title><id>urn:x:{n}</id><updated>2024-05-03T10:15:00Z</updated>"
        f"<content type='html'>&lt;p&gt;{WORDS[n % 4]} {n}&lt;/p&gt;</content></entry>"
        for n in range(entries)
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>The Herald</title>{made}</feed>".encode()


def opml() -> bytes:
    """A list of feeds."""
    return b"<opml version='2.0'><body><outline text='a' xmlUrl='https://herald.example/rss'/></body></opml>"


def rows() -> bytes:
    """JSON lines as NGEC takes them."""
    made = [{"id": f"r{n}", "date": "2024-05-03", "event_text": words} for n, words in enumerate(WORDS)]
    return "".join(json.dumps(row) + "\n" for row in made).encode()


def table(delimiter: str = ",") -> bytes:
    """A delimited table with a quoted line end."""
    head = delimiter.join(("id", "date", "publisher", "text"))
    made = [
        f'{n}{delimiter}2024-05-03{delimiter}Herald{delimiter}"{words}\nMore of it."' for n, words in enumerate(WORDS)
    ]
    return "\n".join([head, *made]).encode()


def record(body: bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", number: int = 1) -> bytes:
    """One response of a crawl."""
    http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://herald.example/{number}\r\n"
        f"WARC-Date: 2024-05-03T10:15:00Z\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def warc() -> bytes:
    """A crawl: two pages, a missing one, a picture, and a page without a text."""
    return b"".join(
        (
            record(page(WORDS[0] * 2, "First"), number=1), record(b"gone", status="404 Not Found", number=2),
            record(b"\x89PNG", kind="image/png", number=3), record(b"<html></html>", number=4),
            record(page(WORDS[1] * 2, "Second"), number=5),
        )
    )  # fmt: skip


def archive(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", compression) as made:
        for name, data in members.items():
            made.writestr(zipfile.ZipInfo(name, (2024, 5, 3, 10, 15, 0)), data, compression)
    return sink.getvalue()


def mixed_archive() -> bytes:
    """An archive of several formats, one of them an archive."""
    inner = archive({"deep.txt": TEXT.encode()})
    return archive({"a/page.html": page(), "b.eml": mail(), "c.jsonl": rows(), "inner.zip": inner})


SEEDS: dict[str, list[tuple[str, bytes]]] = {
    "html": [("page.html", page()), ("short.html", page(WORDS[0]))],
    "feed": [("feed.rss", rss()), ("feed.atom", atom())],
    "pdf": [("file.pdf", pdf()), ("other.pdf", pdf(WORDS[1]))],
    "mail": [("mail.eml", mail()), ("both.eml", mail(html=f"<p>{TEXT}</p>"))],
    "archive": [
        ("many.zip", mixed_archive()),
        ("crawl.wacz", archive({"archive/data.warc.gz": gzip.compress(warc())})),
    ],
    "warc": [("crawl.warc", warc()), ("crawl.warc.gz", b"".join(gzip.compress(record(page(w * 2))) for w in WORDS))],
    "rows": [("rows.jsonl", rows()), ("rows.csv", table()), ("rows.tsv", table("\t"))],
}
"""Names and contents by format."""


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The data with some of its bytes changed, cut, doubled or swapped for what parsers stumble over."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(made) + 1)
        way = chance.randrange(7)
        if way == 0 and made:
            made[at % len(made)] = chance.randrange(256)
        elif way == 1:
            del made[at : at + chance.choice((1, 8, 200))]
        elif way == 2:
            made[at:at] = made[at : at + chance.choice((4, 64, 500))] * chance.choice((1, 2, 50))
        elif way == 3:
            made[at:at] = chance.choice(_TOKENS)
        elif way == 4:
            made = made[:at]
        elif way == 5 and made:
            made[at % len(made)] ^= 1 << chance.randrange(8)
        else:
            made[at:at] = chance.randbytes(chance.choice((1, 4, 32)))
    return bytes(made)


_TOKENS = (
    b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"<!--", b"]]>", b"<![CDATA[", b"<!ENTITY a 'b'>", b"&#x110000;", b"&#0;",
    b"</", b"<script>", b"<table>" * 50, b"<b>" * 300, b"'\"", b"endstream endobj", b"4294967295", b"-1",
    b"/Length 99999999", b"/Kids [2 0 R]", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n", b"=?utf-8?q?=ff?=",
    b"PK\x03\x04", b"PK\x05\x06", b"charset=utf-7", b"\xe2\x80\xae", b"e\xcc\x81" * 40, b"0000-00-00", b"9999-12-31",
    b"WARC/1.0\r\n", b"Content-Length: 0\r\n",
)  # fmt: skip
