"""Bytes to text: byte-order marks, declared and undeclared encodings, and what is no text at all."""

from __future__ import annotations

import codecs
import re
import unicodedata

from dragoman.errors import UnreadableInput

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_SAMPLE = 1 << 16
_DAMAGED = 8  # a text in UTF-8 may hold one damaged character to so many sound ones beyond ASCII
_LONGEST_STACK = 30  # combining marks on one letter: the Stream-Safe Text Format of Unicode Annex 15
_JOINER = "\u034f"  # the combining grapheme joiner: not seen, and ends a stack
_COMBINING = f"[{''.join(re.escape(chr(c)) for c in range(0x300, 0x1E95B) if unicodedata.combining(chr(c)))}]"
_STACK = re.compile(f"{_COMBINING}{_COMBINING}{{{_LONGEST_STACK - 1}}}(?={_COMBINING})")
# Codecs that are no character sets, or that hide one text inside another (UTF-7).
_REFUSED = frozenset({"utf_7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "rot_13", "hex", "base64"})


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode ``data`` to text with plain line ends.

    Args:
        data: the bytes.
        declared: the charset that a header or a tag names; it is tried, not trusted.

    Returns:
        The text, NFC.

    Raises:
        UnreadableInput: when the bytes are no text.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return tidy(data[len(mark) :].decode(name, errors="replace"))
    wide = _wide(data)
    if wide:
        return tidy(data.decode(wide, errors="replace"))
    if len(_CONTROL.findall(data[:_SAMPLE])) > len(data[:_SAMPLE]) // 50:
        raise UnreadableInput("this is a binary file, not a text")
    for charset in ("utf-8", declared):
        decoded = _try(data, charset)
        if decoded is not None:
            return tidy(decoded)
    damaged = data.decode("utf-8", errors="replace")
    beyond = sum(1 for character in damaged if character > "\x7f") if len(damaged) < len(data) else 0
    if beyond > _DAMAGED * damaged.count("\ufffd"):
        return tidy(damaged)
    return tidy(_guess(data))


def tidy(text: str) -> str:
    """``text`` in NFC with plain line ends, and without lone surrogates or NULs."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    if not text.isascii():
        text = text.encode("utf-8", errors="replace").decode("utf-8")
        # Sorting the marks of a letter takes quadratic time in their number.
        text = unicodedata.normalize("NFC", _STACK.sub(rf"\g<0>{_JOINER}", text))
    return text


def _wide(data: bytes) -> str | None:
    # UTF-16 without a mark: every other byte of Latin text is NUL.
    sample = data[:_SAMPLE]
    if len(sample) < 8:
        return None
    even, odd = sample[0::2].count(0) / len(sample[0::2]), sample[1::2].count(0) / len(sample[1::2])
    # A curly quotation mark leaves a control byte here and there; data leaves many.
    if len(_CONTROL.findall(sample.replace(b"\x00", b""))) > len(sample) / 20:
        return None
    if odd > 0.4 and even < 0.05:
        return "utf-16-le"
    if even > 0.4 and odd < 0.05:
        return "utf-16-be"
    return None


def _try(data: bytes, name: str | None) -> str | None:
    if not name:
        return None
    try:
        codec = codecs.lookup(name)
        if codec.name.replace("-", "_") in _REFUSED or not codec._is_text_encoding:
            return None
        return data.decode(name)
    except (LookupError, UnicodeDecodeError, ValueError):
        return None


def _guess(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE]).best()
    if best is not None and best.encoding.startswith(
        ("cp", "iso8859", "latin", "koi8", "mac", "shift", "gb", "big5", "euc")
    ):
        text = _try(data, best.encoding)
        if text is not None and not best.encoding.startswith(("mac", "cp037", "cp5", "cp8", "cp1125")):
            return text
    return data.decode("cp1252", errors="replace")
