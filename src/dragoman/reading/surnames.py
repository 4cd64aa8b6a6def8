"""Which person of the text a bare surname or another spelling is."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman.reading.phrases import Phrase

_VOWELS = str.maketrans("", "", "aeiouyhgw-' ")


def by_surname(names: Sequence[Phrase], phrase: Phrase) -> int | None:
    """The one person of the text with this surname whom neither first name nor office tells apart."""
    words = phrase.name.lower().split()
    matches = []
    for entity, named in enumerate(names):
        if named.kind == "person" and _may_be_one(words, named.name.lower().split()):
            matches.append(entity)
    if not matches and len(words) == 1 and phrase.identifier is None and phrase.why.startswith("recogniser:"):
        matches = _spelled_alike(names, words[0])
    offices = {m: (phrase.sector, sector_of(names[m])) for m in matches}
    same = [m for m in matches if offices[m][0] is not None and offices[m][0] == offices[m][1]]
    matches = same or [m for m in matches if None in offices[m] or "UNK" in offices[m]]
    return matches[-1] if len({names[m].name for m in matches}) == 1 else None


def _spelled_alike(names: Sequence[Phrase], word: str) -> list[int]:
    """People of the text whose surname differs from ``word`` in vowels only ("Yun" for "Yoon")."""
    found = []
    for entity, named in enumerate(names):
        parts = named.name.lower().split()
        if named.kind == "person" and len(parts) > 1:
            for part in (parts[0], parts[-1]):
                near = part[0] == word[0] and abs(len(part) - len(word)) <= 2 and len(word) <= 7
                if near and part.translate(_VOWELS) == word.translate(_VOWELS) != "":
                    found.append(entity)
                    break
    return found


def sector_of(named: Phrase) -> str | None:
    """The sector of an actor's office, by what the text says or by the id."""
    if named.sector is not None:
        return named.sector
    if named.identifier and "-" in named.identifier:
        return named.identifier.split("-")[1]
    return None


def _may_be_one(words: Sequence[str], known: Sequence[str]) -> bool:
    """Whether two names of people, in lower case, share a surname and no first names stand against it."""
    if len(words) > 1 and len(known) > 1:
        first, other = words[0].rstrip("."), known[0].rstrip(".")
        initials = len(first) == 1 or len(other) == 1
        return words[-1] == known[-1] and (first == other or (initials and first[0] == other[0]))
    alone, full = (words[0], known) if len(words) == 1 else (known[0], words)
    return alone in (full[0], full[0].split("-")[0], full[-1], full[-1].split("-")[-1])


def key_of(phrase: Phrase) -> tuple[str | None, str]:
    """What two phrases of one name share."""
    if phrase.kind == "person" and phrase.entry is not None:  # whatever office the text gives
        return phrase.entry.key, ""
    return phrase.identifier, phrase.name.lower()


def is_fuller(phrase: Phrase, named: Phrase) -> bool:
    """Whether a person's name says more than the one under which the person was known so far."""
    return named.entry is None and phrase.entry is None and len(phrase.name.split()) > len(named.name.split())
