"""Date expressions and the intervals that they mean.

The grammar is in ``date_calendar``, ``date_relative`` and ``date_ranges``, its words in ``lexicons/dates``.
Readings follow TIMEX3 (TimeML 1.2.1); the conventions for what is vague are in docs/dates.md.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
from bisect import bisect_left, bisect_right
from dataclasses import replace

from msgspec import structs

from dragoman.knowledge import Knowledge, load
from dragoman.knowledge.dates import Word, words_of
from dragoman.reading.date_context import outlook_at, plausible
from dragoman.reading.date_matching import Frame, Grammar, Line, Matcher, Meaning
from dragoman.reading.date_ranges import RULES
from dragoman.reading.dateline import dateline_of, in_dateline
from dragoman.reading.draft import DateExpression, Draft
from dragoman.reading.invisible import shown
from dragoman.reading.parse import Parse, Sentence
from dragoman.reading.periods import Period, of_interval, to_interval
from dragoman.records import Interval

_REACH = 7  # words from the start of an expression to its first telling word
_TELLING = re.compile(r"1\d{3}|2[01]\d\d|\d+(?:st|nd|rd|th)|\d+[-/.]\d+[-/.]\d+|'?\d+0s|[qh]\d|\d+/\d+")
"""Numbers that can make a date without a word beside them that can."""
_NARRATIVE = frozenset(("day", "week", "month", "quarter", "season", "year"))
"""Granularities of what a later "two days after" can refer to."""


def resolve_expression(
    text: str, published: dt.date | None, anchor: Interval | None = None, knowledge: Knowledge | None = None
) -> DateExpression:
    """Read one date expression that stands alone, with or without its preposition.

    Args:
        text: the expression, as "at the end of 2023".
        published: the date that relative expressions refer to.
        anchor: the date that "two days later" refers to.
        knowledge: the lexicons; the shipped ones when left out.

    Returns:
        The expression; ``first`` and ``last`` count its words. ``interval`` is None when it is a duration or
        a repetition, or cannot be resolved.
    """
    words = [word for word in _words(text, 0, len(text)) if word.lower not in ('"', "'", "(", ")")]
    while words and words[-1].lower in (",", ".", ";", ":"):
        words.pop()
    frame = Frame(published, of_interval(anchor) if anchor else None, alone=True)
    grammar = _grammar(knowledge or load())
    line = Line(words, grammar, phrase_only=True)
    matcher = Matcher(line, grammar, frame)
    position: int | None = 0
    while position is not None and position < len(words):
        found = matcher.longest("EXPRESSION", position)
        if found is not None and found[0] == len(words):
            return _expression(0, len(words), found[1], text)
        lead = line.phrase("prepositions", position)
        position = lead[0] if lead else None
    event = matcher.longest("EVENT", 0) if words else None
    if event is not None:
        return _expression(0, len(words), event[1], text)
    return DateExpression(0, len(words), None, "date")


def find_dates(draft: Draft, knowledge: Knowledge) -> Draft:
    """Find the date expressions of a text and what they mean. Fills ``dates``; notes what stays unresolved."""
    published = _published(draft)
    parse, core = draft.parse, knowledge.date_core
    grammar = _grammar(knowledge)
    found: list[DateExpression] = []
    open_relative = 0
    anchor: Period | None = None
    for sentence in parse.sentences:
        if not _promising(parse, sentence, core):
            continue
        for first, last, meaning in _in_sentence(parse, sentence, grammar, core, Frame(published, anchor)):
            span = parse.span(first, last)
            found.append(_expression(first, last, meaning, span.quote))
            if meaning.period is not None and in_dateline(parse, first):
                published = meaning.period.end or published
                continue
            open_relative += meaning.kind == "date" and meaning.period is None and meaning.basis == "relative"
            if meaning.period is not None and meaning.period.granularity in _NARRATIVE and not _names(parse, last - 1):
                anchor = meaning.period
    notes = draft.notes
    if published is None and open_relative:
        dates = "date stays" if open_relative == 1 else "dates stay"
        notes = (*notes, f"{open_relative} relative {dates} unresolved: give --published")
    return structs.replace(draft, dates=tuple(found), notes=notes)


def _names(parse: Parse, i: int) -> bool:
    """Whether a date names a thing ("the 2018 agreement") and so leaves the narrative where it is."""
    token = parse.tokens[i]
    return (
        token.dep in ("nummod", "compound", "amod", "nmod")
        and parse.tokens[token.head].pos in ("NOUN", "PROPN")
        and (parse.tokens[token.head].i > i and not parse.tokens[token.head].ent)
    )


@functools.lru_cache(maxsize=8)
def _grammar(knowledge: Knowledge) -> Grammar:
    return Grammar(RULES, knowledge.dates)


def report_date(draft: Draft) -> dt.date | None:
    """The date that relative dates refer to: that of the last dateline read, else the publication date."""
    dates = [date.interval for date in draft.dates if date.interval and in_dateline(draft.parse, date.first)]
    if dates and dates[-1].end:
        return dt.date.fromisoformat(dates[-1].end)
    return _published(draft)


def _published(draft: Draft) -> dt.date | None:
    return dt.date.fromisoformat(draft.document.published[:10]) if draft.document.published else None


def _expression(first: int, last: int, meaning: Meaning, quote: str) -> DateExpression:
    interval = to_interval(meaning.period, meaning.basis, quote) if meaning.period else None
    return DateExpression(first, last, interval, meaning.kind)


def _promising(parse: Parse, sentence: Sentence, core: frozenset[str]) -> bool:
    for i in sentence:
        token = parse.tokens[i]
        lower = token.lower
        if lower in core or (lower[-1] == "." and lower[:-1] in core):
            return True
        if (lower[0].isdigit() or lower[-1].isdigit() or lower[-1] == "s") and _TELLING.search(lower):
            return True
    return False


def _words(text: str, start: int, end: int) -> list[Word]:
    """The words of a stretch as they are read, at their places in the stored text."""
    clean = shown(text, start, end)
    if clean is None:
        return words_of(text, start, end)
    read, places = clean
    return [word._replace(start=places[word.start], end=places[word.end - 1] + 1) for word in words_of(read)]


def _in_sentence(
    parse: Parse, sentence: Sentence, grammar: Grammar, core: frozenset[str], frame: Frame
) -> list[tuple[int, int, Meaning]]:
    """The expressions of a sentence as token ranges with their meaning, in text order."""
    tokens = parse.tokens
    words = _words(parse.text, tokens[sentence.first].start, tokens[sentence.last - 1].end)
    starts = [tokens[i].start for i in sentence]
    dateline = dateline_of(parse, sentence)
    line = Line(words, grammar)
    telling = [n for n, word in enumerate(words) if word.lower in core or _TELLING.fullmatch(word.lower)]
    matchers = {0: Matcher(line, grammar, frame)}
    found: list[tuple[int, int, Meaning]] = []
    position = 0
    while True:
        next_telling = bisect_left(telling, position)
        if next_telling == len(telling):
            break
        position = max(position, telling[next_telling] - _REACH + 1)
        match = matchers[0].longest("EXPRESSION", position)
        if match is None or match[0] == position:
            position += 1
            continue
        first = sentence.first + bisect_right(starts, words[position].start) - 1
        outlook = outlook_at(parse, first, grammar.lexicon)
        if outlook not in matchers:
            matchers[outlook] = Matcher(line, grammar, replace(frame, outlook=outlook))
        match = matchers[outlook].longest("EXPRESSION", position) or match
        last = sentence.first + bisect_right(starts, words[match[0] - 1].start)
        if plausible(parse, grammar.lexicon, words, (position, match[0]), first):
            found.append((first, last, match[1]))
            period = match[1].period
            if period is not None and period.granularity in _NARRATIVE and not _names(parse, last - 1):
                dated = dateline is not None and first < dateline.last
                frame = replace(frame, anchor=period, published=period.end if dated else frame.published)
                matchers = {0: Matcher(line, grammar, frame)}
            position = match[0]
        else:
            position += 1
    return found
