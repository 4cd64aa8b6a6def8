"""What the sources dispute: versions of one matter across texts, side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from dragoman.reading.disputes import Difference, disputed_pairs, grouped, stem, versions
from dragoman.records import Claim, Document, Factuality, Probability

_SAME_TELLING = 0.8  # shared words over all words from which two publishers copy one another


@dataclass(frozen=True, slots=True)
class Account:
    """One version of a disputed matter."""

    claim: str
    speaker: str | None  # None when the document itself says it
    factuality: Factuality
    probability: Probability | None
    published: str | None
    publisher: str | None
    quote: str
    document: str
    publishers: int  # independent publishers that carry this version


@dataclass(frozen=True, slots=True)
class Contest:
    """A matter on which speakers differ."""

    about: str
    differs: Difference
    accounts: tuple[Account, ...]  # by date, then document and place in it


def contested(
    claims: Iterable[Claim],
    documents: Mapping[str, Document],
    function_words: Collection[str],
    about: str | None = None,
) -> list[Contest]:
    """Find the disputes in the claims of one or many texts.

    Args:
        claims: the claims to compare.
        documents: their documents by id, for dates and publishers; one that is missing counts as unknown.
        function_words: words that say nothing about what a statement is about.
        about: when given, only matters that share a word with this text.

    Returns:
        The contests, those with most publishers first; each account counts the independent publishers that
        carry it: texts of one publisher count once, and so do texts that say the same in the same words.
    """
    known = {claim.id: claim for claim in claims}
    found = versions(known.values(), function_words)
    words = {version.id: version.words for version in found}
    pairs = list(disputed_pairs(found))
    wanted = {stem(word.casefold()) for word in about.split()} if about else None
    contests = []
    for kind in ("polarity", "number", "certainty"):
        for group in grouped((found[a].id, found[b].id) for a, b, k in pairs if k == kind):
            if wanted is not None and not any(wanted & words[i] for i in group):
                continue
            accounts = sorted(
                (_account(known[i], group, known, words, documents) for i in group),
                key=lambda a: (a.published or "", a.document, known[a.claim].content.start),
            )
            contests.append(Contest(accounts[0].quote, kind, tuple(accounts)))
    return sorted(contests, key=lambda c: (-sum(a.publishers for a in c.accounts), c.about, c.differs))


def _account(
    claim: Claim,
    group: Collection[str],
    known: Mapping[str, Claim],
    words: Mapping[str, frozenset[str]],
    documents: Mapping[str, Document],
) -> Account:
    alike = [i for i in sorted(group) if _same_version(claim, known[i])]
    tellings: dict[str, frozenset[str]] = {}
    for i in alike:
        document = documents.get(known[i].document)
        publisher = (document.publisher if document else None) or known[i].document
        copied = any(_share(words[i], told) >= _SAME_TELLING for name, told in tellings.items() if name != publisher)
        if not copied:
            tellings.setdefault(publisher, words[i])
    document = documents.get(claim.document)
    return Account(
        claim=claim.id,
        speaker=claim.speaker.name if claim.speaker else None,
        factuality=claim.factuality,
        probability=claim.probability,
        published=document.published if document else None,
        publisher=document.publisher if document else None,
        quote=claim.content.quote,
        document=claim.document,
        publishers=len(tellings),
    )


def _same_version(one: Claim, other: Claim) -> bool:
    names = [c.speaker.name.casefold() if c.speaker else "" for c in (one, other)]
    return names[0] == names[1] and one.factuality == other.factuality


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
