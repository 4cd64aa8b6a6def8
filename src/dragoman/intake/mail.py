"""E-mail (RFC 5322, MIME): the plain body, else the HTML one, with subject, sender and date."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime

from dragoman.errors import UnreadableInput
from dragoman.intake import html
from dragoman.intake.encoding import decode
from dragoman.intake.extract import Extract, Hints

LARGEST = 64 << 20  # bytes
MOST_PARTS = 2_000
_QUOTED = (">", "|")
_FULL_SHARE = 0.3  # of the words of the HTML part; a plain one with fewer only says where to look
_NO_YEAR = re.compile(r"[A-Za-z]{3} 0\d{3}\b")  # which the standard's parser takes as one of 2000 and later


def extract(data: bytes, hints: Hints) -> list[Extract]:
    """Read an e-mail.

    Returns:
        One extract: all plain parts, or the HTML one where that says far more; quoted lines of earlier mails are left
        out, attachments are not read.

    Raises:
        UnreadableInput: it is too large, has too many parts, or no text.
    """
    if len(data) > LARGEST:
        raise UnreadableInput(f"the file is larger than {LARGEST >> 20} MB")
    if data.lower().count(b"\ncontent-type:") > MOST_PARTS:
        raise UnreadableInput(f"the mail has more than {MOST_PARTS} parts")
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableInput("this is no e-mail: it has no head")
    text = _body(message, hints)
    if not text.strip():
        raise UnreadableInput("there is no text in the mail")
    name, address = parseaddr(str(message.get("from", "")))
    return [
        Extract(
            text,
            title=_header(message, "subject"),
            publisher=_header(message, "list-id") or (address.rpartition("@")[2] or None),
            author=name or address or None,
            url=hints.url,
            published=_date(message),
            media_type="message/rfc822",
        )
    ]


def _body(message: EmailMessage, hints: Hints) -> str:
    first, page = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    parts: list[MIMEPart] = [first] if first is not None else []
    if message.is_multipart():
        parts += [
            part
            for part in message.iter_attachments()
            if part.get_content_type() == "text/plain" and not part.is_attachment()
        ]
    plain = "\n\n".join(filter(None, map(_unquoted, parts)))
    source = _content(page) if page is not None else ""
    if plain and len(plain.split()) >= _FULL_SHARE * len(html.visible_words(source)):
        return plain
    try:
        shown = html.extract(source.encode("utf-8"), Hints(url=hints.url, charset="utf-8"))[0].text if source else ""
    except UnreadableInput:
        if not plain:
            raise
        return plain
    return shown or plain


def _unquoted(part: MIMEPart) -> str:
    return "\n".join(line for line in _content(part).split("\n") if not line.startswith(_QUOTED)).strip()


def _content(part: MIMEPart) -> str:
    try:
        content = part.get_content()
    except (LookupError, UnicodeError, ValueError):  # a charset that does not exist, or lies
        payload = part.get_payload(decode=True)
        content = decode(payload, None) if isinstance(payload, bytes) else ""
    return content.replace("\r\n", "\n") if isinstance(content, str) else ""


def _header(message: EmailMessage, name: str) -> str | None:
    try:
        value = message.get(name)
    except (ValueError, IndexError, LookupError):  # headers that the standard's parser cannot make sense of
        return None
    return " ".join(str(value).split()) or None if value is not None else None


def _date(message: EmailMessage) -> str | None:
    # as it was written: the header of the library is mended already, a year 0 to 2000 among others
    stated = next((str(value) for name, value in message.raw_items() if name.lower() == "date"), None)
    try:
        return parsedate_to_datetime(stated).date().isoformat() if stated and not _NO_YEAR.search(stated) else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
