"""Small sound files of every format that is taken in, made of the same prose, byte for byte the same each time."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from email.message import EmailMessage

PROSE = (
    "The foreign ministers of both states met on Friday and agreed to reopen the crossing within a month. "
    "A spokeswoman said that the talks would go on until every prisoner had come home."
)
MORE = "The deputy envoy warned that a single shot at the border would end the agreement and bring the sanctions back."
THIRD = "Observers counted forty lorries at the northern gate on Sunday, most of them with medicine and tents."
_MOMENT = (2024, 5, 3, 10, 0, 0)


def page(*paragraphs: str, charset: str = "utf-8", title: str = "Crossing to reopen") -> bytes:
    """An HTML page with a menu, an article and a script."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or (PROSE, MORE))
    return (
        f'<!doctype html><html><head><meta charset="{charset}"><title>{title}</title>'
        '<meta property="og:site_name" content="The Courier"><meta name="author" content="Jane Roe">'
        '<meta property="article:published_time" content="2024-05-03T10:00:00Z"></head>'
        f"<body><nav><a href='/'>Home</a> <a href='/w'>World</a></nav><article><h1>{title}</h1>{body}</article>"
        "<script>var a = '<p>never</p>';</script></body></html>"
    ).encode(charset)


def pdf(*paragraphs: str, title: str = "Crossing to reopen") -> bytes:
    """A PDF of one page a paragraph, uncompressed, with a title."""
    bodies = [_drawn(paragraph) for paragraph in paragraphs or (PROSE, MORE)]
    numbers = range(5, 5 + 2 * len(bodies), 2)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(bodies)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< /Title ({title}) /Author (Jane Roe) /CreationDate (D:20240503100000Z) >>".encode(),
    ]
    for number, body in zip(numbers, bodies, strict=True):
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % (number + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(body), body),
        ]
    return assembled_pdf(objects)


def assembled_pdf(objects: list[bytes], trailer: bytes = b"/Info 4 0 R") -> bytes:
    """A PDF file of numbered objects, the first of which is the catalog."""
    made = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, start)
    return bytes(made)


def _drawn(paragraph: str) -> bytes:
    lines, line = [], ""
    for word in paragraph.split():
        if len(line) + len(word) > 70:
            lines.append(line)
            line = ""
        line = f"{line} {word}".strip()
    shown = "\n".join(f"({part}) Tj T*" for part in [*lines, line])
    return f"BT /F1 11 Tf 14 TL 72 720 Td\n{shown}\nET".encode("latin-1")


def mail(plain: str | None = PROSE, html: str | None = None, *, attached: bool = False) -> bytes:
    """An e-mail with a plain body, an HTML one, or both."""
    message = EmailMessage()
    message["From"] = "Jane Roe <jane@courier.example>"
    message["To"] = "desk@example.org"
    message["Subject"] = "Crossing to reopen"
    message["Date"] = "Fri, 03 May 2024 10:00:00 +0000"
    if plain is not None:
        message.set_content(plain)
        if html is not None:
            message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    if attached:
        message.add_attachment(b"\x89PNG....", maintype="image", subtype="png", filename="map.png")
    # the boundary of a multipart mail is random otherwise
    if message.is_multipart():
        for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
            part.set_boundary(f"part-{number}")
    return message.as_bytes()


def rss(*texts: str) -> bytes:
    """An RSS 2.0 feed of one item a text."""
    items = "".join(
        f"<item><title>Dispatch {number}</title><link>https://courier.example/{number}</link>"
        f"<pubDate>Fri, 03 May 2024 10:00:00 GMT</pubDate><description><![CDATA[<p>{text}</p>]]></description></item>"
        for number, text in enumerate(texts or (PROSE, MORE), 1)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>The Courier</title>{items}'
        "</channel></rss>"
    ).encode()


def atom(*texts: str) -> bytes:
    """An Atom feed of one entry a text."""
    entries = "".join(
        f'<entry><title>Dispatch {number}</title><link href="https://courier.example/{number}"/><id>urn:{number}</id>'
        f"<updated>2024-05-03T10:00:00Z</updated><author><name>Jane Roe</name></author>"
        f'<summary>{text[:20]}</summary><content type="html">&lt;p&gt;{text}&lt;/p&gt;</content></entry>'
        for number, text in enumerate(texts or (PROSE, MORE), 1)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>The Courier</title>'
        f"<id>urn:all</id><updated>2024-05-03T10:00:00Z</updated>{entries}</feed>"
    ).encode()


def opml(*addresses: str) -> bytes:
    """A list of feeds."""
    outlines = "".join(f'<outline type="rss" xmlUrl="{address}"/>' for address in addresses)
    return f'<?xml version="1.0"?><opml version="2.0"><body>{outlines}</body></opml>'.encode()


def json_lines(*texts: str) -> bytes:
    """JSON lines with the columns ``id``, ``date`` and ``event_text``."""
    rows = enumerate(texts or (PROSE, MORE), 1)
    return "".join(
        json.dumps({"id": str(number), "date": "2024-05-03", "event_text": text}) + "\n" for number, text in rows
    ).encode()


def table(*texts: str, delimiter: str = ",") -> bytes:
    """A table with a title, a date and a text, every text quoted."""
    head = delimiter.join(("Title", "Date", "Text"))
    rows = (
        delimiter.join((f"Dispatch {n}", "2024-05-03", f'"{text}"')) for n, text in enumerate(texts or (PROSE, MORE), 1)
    )
    return "\r\n".join((head, *rows, "")).encode()


def warc_record(
    url: str,
    body: bytes,
    *,
    status: str = "200 OK",
    kind: str = "text/html; charset=utf-8",
    record_type: str = "response",
    length: int | None = None,
) -> bytes:
    """One record of a crawl; ``length`` is what its head claims when that is not the truth."""
    block = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: {record_type}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-05-04T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{abs(len(url)):012d}>\r\n"
        f"Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    ).encode()
    return head + block + b"\r\n\r\n"


def warc(*bodies: bytes, packed: bool = False) -> bytes:
    """A crawl of one response a body; packed, each record is a gzip member of its own."""
    records = [
        warc_record(f"https://courier.example/{number}", body)
        for number, body in enumerate(bodies or (page(), page(MORE, THIRD)), 1)
    ]
    return b"".join(gzip.compress(record, mtime=0) if packed else record for record in records)


def archive(members: dict[str, bytes], *, packed: bool = True) -> bytes:
    """A ZIP archive of named members."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as made:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
            made.writestr(entry, data)
    return sink.getvalue()


def samples() -> dict[str, bytes]:
    """A sound file of each format by a name with its ending."""
    return {
        "a.txt": PROSE.encode(),
        "a.html": page(),
        "a.pdf": pdf(),
        "a.eml": mail(PROSE, f"<p>{PROSE}</p>", attached=True),
        "a.rss": rss(),
        "a.atom": atom(),
        "a.jsonl": json_lines(),
        "a.csv": table(),
        "a.warc": warc(),
        "a.warc.gz": warc(packed=True),
        "a.zip": archive({"one.txt": PROSE.encode(), "two.html": page(MORE, THIRD), "three.eml": mail(THIRD)}),
        "a.wacz": archive({"archive/data.warc.gz": warc(packed=True), "pages/pages.jsonl": json_lines(THIRD)}),
    }
