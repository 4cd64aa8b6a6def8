"""What a parser of one format hands back to the parent: plain text and what the source says of itself."""

from __future__ import annotations

import msgspec


class Extract(msgspec.Struct, frozen=True):
    """One text found in an input, before it becomes a Document. Unknown values are None."""

    text: str
    title: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None  # ISO date
    media_type: str = "text/plain"
    name: str | None = None  # where in a container it was found: a member, a row, a record
    error: str | None = None  # why the text of this part is missing; the other parts stand


class Hints(msgspec.Struct, frozen=True):
    """What is known of the bytes from outside: the address, the declared media type and charset, the file's name."""

    url: str | None = None
    charset: str | None = None
    name: str | None = None
    options: dict[str, str] = msgspec.field(default_factory=dict)
