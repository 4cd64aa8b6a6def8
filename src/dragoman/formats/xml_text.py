"""Text as XML 1.0 may hold it."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

# Char of XML 1.0, section 2.2: everything else is no XML, not even as a reference
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Text between tags; what XML cannot hold becomes U+FFFD."""
    return escape(_FORBIDDEN.sub("\ufffd", text))


def xml_attribute(text: str) -> str:
    """An attribute's value with its quotes; what XML cannot hold becomes U+FFFD."""
    return quoteattr(_FORBIDDEN.sub("\ufffd", text))
