"""How a candidate attribution stands to the others of its text: what its edges cut, who competes, who was quoted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from dragoman.reading.attribution_candidates import Candidate
from dragoman.reading.attribution_text import Text

KEYS = (
    "edge_word", "edge_tree", "first_tree", "frames", "lemma_frames", "longer_by", "shorter_by", "tail", "lemma_above",
    "source_frame", "last_word", "lemma_first", "around",
)  # fmt: skip
"""Names of the tables, in the order of ``_keys``."""

NUMBERS = (
    "end_inside_tree", "words_after", "longer_rivals", "shorter_rivals", "same_content", "same_content_below",
    "holds_listed", "held_by_listed", "listed_in_sentence", "source_reports", "source_reported_before",
    "text_quoted", "text_listed", "place_in_text", "text_tokens", "words_to_cue", "first_of_sentence",
    "longest_ratio", "punctuation_after", "source_is_name_again", "paragraph_sentences",
)  # fmt: skip
"""Names of the numbers, in the order of ``_numbers``."""

_NONE = "-"
_WIDE = 40  # tokens that a content is searched for further cues


class Rivals:
    """The candidates of one text, set beside each other once."""

    def __init__(self, text: Text, candidates: Sequence[Candidate], listed: Sequence[bool]) -> None:
        self._text = text
        self._candidates = candidates
        self._of_trigger: dict[int, list[int]] = defaultdict(list)
        self._same: Counter[tuple[tuple[int, int], ...]] = Counter()
        self._first: dict[tuple[tuple[int, int], ...], int] = {}
        self._reported: dict[str, list[int]] = defaultdict(list)
        listed_triggers: set[int] = set()
        for number, c in enumerate(candidates):
            self._of_trigger[c.trigger].append(number)
            if listed[number]:
                listed_triggers.add(c.trigger)
        for trigger, numbers in self._of_trigger.items():
            for parts in {candidates[n].parts for n in numbers}:
                self._same[parts] += 1
                self._first.setdefault(parts, trigger)
            head = candidates[numbers[0]].source_head
            if trigger in listed_triggers and head is not None:
                self._reported[text.tokens[head].lower].append(trigger)
        size = len(text.tokens)
        self._sums = [0] * (size + 1)  # listed triggers before each token
        for i in range(size):
            self._sums[i + 1] = self._sums[i] + (i in listed_triggers)
        self._held = self._holding(candidates, listed)
        self._frames = {
            trigger: "+".join(sorted({candidates[n].frame.partition("/")[0] for n in numbers}))
            for trigger, numbers in self._of_trigger.items()
        }
        quoted = sum(number >= 0 for number in text.inside)
        self._text_numbers = (quoted / max(1, size), 100 * len(listed_triggers) / max(1, size))
        self._sentences = Counter(sentence.paragraph for sentence in text.parse.sentences)

    def _holding(self, candidates: Sequence[Candidate], listed: Sequence[bool]) -> list[int]:
        """How many listed cues hold each token in one of their contents."""
        spans: dict[int, tuple[int, int]] = {}
        for number, c in enumerate(candidates):
            if listed[number]:
                first, last = spans.get(c.trigger, (c.parts[0][0], c.parts[-1][1]))
                spans[c.trigger] = (min(first, c.parts[0][0]), max(last, c.parts[-1][1]))
        steps = [0] * (len(self._text.tokens) + 1)
        for trigger, (first, last) in spans.items():
            steps[first] += 1
            steps[last] -= 1
            if first <= trigger < last:
                steps[trigger] -= 1
                steps[trigger + 1] += 1
        held, running = [], 0
        for step in steps:
            running += step
            held.append(running)
        return held

    def described(self, number: int) -> tuple[tuple[str, ...], tuple[float, ...]]:
        """Keys and numbers of one candidate, in the order of ``KEYS`` and ``NUMBERS``."""
        c = self._candidates[number]
        last = c.parts[-1][1]
        rivals = [self._candidates[n] for n in self._of_trigger[c.trigger] if n != number]
        longer = [r for r in rivals if r.parts[0][0] <= c.parts[0][0] and r.parts[-1][1] > last]
        shorter = [r for r in rivals if r.parts[0][0] >= c.parts[0][0] and r.parts[-1][1] < last]
        return self._keys(c, longer, shorter), self._numbers(c, longer, shorter)

    def _tree_at(self, i: int, last: int) -> str:
        """What the token at ``i`` hangs on, seen from a content that ends before ``last``."""
        tokens = self._text.tokens
        if i >= len(tokens):
            return _NONE
        top = i
        while last <= tokens[top].head and tokens[top].head != top:
            top = tokens[top].head
        return f"{tokens[top].dep}<{tokens[tokens[top].head].pos}"

    def _keys(self, c: Candidate, longer: list[Candidate], shorter: list[Candidate]) -> tuple[str, ...]:
        tokens = self._text.tokens
        trigger = tokens[c.trigger]
        lemma, frame = trigger.lemma.lower(), c.frame
        first, last = c.parts[0][0], c.parts[-1][1]
        after = last
        while after < len(tokens) - 1 and tokens[after].pos == "PUNCT" and tokens[after].sent == trigger.sent:
            after += 1
        mark = tokens[last].text if last < len(tokens) else _NONE
        beyond = tokens[after].lower if after < len(tokens) and tokens[after].sent == trigger.sent else _NONE
        tree = self._tree_at(after, last) if beyond != _NONE else _NONE
        opening = tokens[first]
        source = tokens[c.source_head] if c.source_head is not None else None
        frames = self._frames[c.trigger]
        above = tokens[trigger.head]
        return (
            f"{frame}|{mark}|{beyond}",
            f"{frame}|{mark}|{tree}",
            f"{frame}|{opening.dep}|{opening.tag}",
            f"{frame}|{frames}",
            f"{lemma}|{frames}|{frame}",
            f"{frame}|{min((r.parts[-1][1] - last, r.frame) for r in longer)[1] if longer else _NONE}|{tree}",
            self._shorter_key(c, shorter),
            f"{frame}|{self._tail(c)}",
            f"{lemma}|{above.lemma.lower()}|{trigger.dep}",
            f"{(source.ent or source.lemma.lower()) if source else _NONE}|{c.owner}|{frame}",
            f"{frame}|{tokens[last - 1].tag}|{mark}",
            f"{lemma}|{opening.lower}",
            f"{tokens[trigger.i - 1].tag if trigger.i else _NONE}|{trigger.tag}|{mark}|{opening.tag}",
        )

    def _shorter_key(self, c: Candidate, shorter: list[Candidate]) -> str:
        """Where the next shorter rival would end: the word and its place in the tree."""
        if not shorter:
            return f"{c.frame}|{_NONE}"
        tokens = self._text.tokens
        rival = max(shorter, key=lambda r: (r.parts[-1][1], r.frame))
        i, end = rival.parts[-1][1], c.parts[-1][1]
        while i < end - 1 and tokens[i].pos == "PUNCT":
            i += 1
        return f"{c.frame}|{rival.frame}|{tokens[i].lower}|{self._tree_at(i, rival.parts[-1][1])}"

    def _tail(self, c: Candidate) -> str:
        """The last phrase that hangs on the content's head: its relation, first word and length."""
        tokens = self._text.tokens
        first, last = c.parts[-1]
        for child in reversed(tokens[c.head].children):
            if first < child < last and tokens[child].pos != "PUNCT":
                left, right = self._text.left[child], self._text.right[child]
                set_off = left > first and tokens[left - 1].pos == "PUNCT"
                return f"{tokens[child].dep}|{tokens[left].lower}|{min((right - left) // 4, 4)}|{set_off}"
        return _NONE

    def _numbers(self, c: Candidate, longer: list[Candidate], shorter: list[Candidate]) -> tuple[float, ...]:
        text, tokens, sums = self._text, self._text.tokens, self._sums
        trigger = tokens[c.trigger]
        sentence = text.parse.sentences[trigger.sent]
        first, last = c.parts[0][0], c.parts[-1][1]
        size = last - first
        until = min(last, first + _WIDE)
        source = tokens[c.source_head] if c.source_head is not None else None
        reports = self._reported.get(source.lower, []) if source is not None else []
        widest = max((r.parts[-1][1] - r.parts[0][0] for r in longer), default=size)
        return (
            last < len(tokens) and first <= tokens[last].head < last,
            max(0, sentence.last - last),
            len(longer),
            len(shorter),
            self._same[c.parts],
            self._first[c.parts] < c.trigger,
            sums[until] - sums[first] - (first <= c.trigger < until),
            self._held[c.trigger],
            sums[sentence.last] - sums[sentence.first],
            len(reports),
            len(reports) > 0 and reports[0] < c.trigger,
            *self._text_numbers,
            c.trigger / len(tokens),
            len(tokens),
            (first - c.trigger) if first > c.trigger else (c.trigger - last if last <= c.trigger else 0),
            c.trigger == sentence.first,
            widest / size,
            last < len(tokens) and tokens[last].pos == "PUNCT",
            source is not None and source.ent == "PERSON" and len(reports) > 1,
            self._sentences[sentence.paragraph],
        )
