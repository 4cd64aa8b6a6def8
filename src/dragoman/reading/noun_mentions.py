"""Whom the nouns of a text name: by the noun, by what is joined to it, or by what stands inside its phrase."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from dragoman.knowledge.frames import FrameIndex
from dragoman.reading.draft import Mention
from dragoman.reading.noun_phrases import NOUNS
from dragoman.reading.parse import Parse, Token


class NounMentions:
    """Look-ups of mentions by noun over one document. Mentions are given by their number."""

    def __init__(self, parse: Parse, mentions: Sequence[Mention], frames: FrameIndex) -> None:
        self._words = frames.roles
        self._event_nouns = frames.nouns
        self._parse = parse
        self._mentions = mentions
        self._at: dict[int, int] = {}
        for number, mention in enumerate(mentions):
            for token in range(mention.first, mention.last):
                held = self._at.get(token)
                if held is None or self._closer(number, held, token):
                    self._at[token] = number

    def _closer(self, number: int, held: int, token: int) -> bool:
        a, b = self._mentions[number], self._mentions[held]
        if (a.head == token) != (b.head == token):
            return a.head == token
        return a.last - a.first < b.last - b.first

    def at(self, token: int) -> int | None:
        """The mention that covers a token."""
        return self._at.get(token)

    def is_place(self, number: int) -> bool:
        """Whether a mention is a state only through a place of it: the Kabul of "the Kabul attack"."""
        return self._mentions[number].ref.via == "metonym"

    def of_noun(self, noun: int, inside: bool = True) -> list[int]:
        """Mentions of a noun and what is joined to it; else those inside its phrase, the nearest role first."""
        found: list[int] = []
        for head in self.joined(noun):
            number = self._named_beside(head)
            if number is not None:
                found += sorted([*self._sides(number), *self._before_and(number), number])
            elif self._parse.tokens[head].lower in self._words.relative:
                found += self._of_relative(head)
        if found or not inside:
            return unique(found)
        return self._within(noun)

    def _named_beside(self, head: int) -> int | None:
        """The mention of a noun; of one without an id beside a name, the name: "Weiss, a banker, who resigned"."""
        number, token = self._at.get(head), self._parse.tokens[head]
        if number is not None and self._mentions[number].ref.id is None and token.dep == "appos":
            named = self._at.get(token.head)
            if named is not None and self._mentions[named].ref.id is not None:
                return named
        return number

    def _sides(self, number: int) -> list[int]:
        """The other sides of a phrase that names several: "South Korean" in "South Korean and NATO officials"."""
        mention = self._mentions[number]
        after = range(number + 1, min(number + 4, len(self._mentions)))
        both = [k for k in after if (self._mentions[k].first, self._mentions[k].last) == (mention.first, mention.last)]
        if both or not mention.why.startswith("role:"):
            return both  # "both sides"
        of: list[int] = []
        for k in after:
            reach = self._mentions[of[-1]].last if of else mention.last
            if self._joins(k, f"{mention.why}+of") and self._mentions[k].first - reach <= 4:
                of.append(k)
        before = range(max(0, number - 4), number)
        return of or [
            k for k in before if self._joins(k, f"{mention.why}+joined") and mention.first - self._mentions[k].last <= 2
        ]

    def _before_and(self, number: int) -> list[int]:
        """Whom "and" joins to a name before which the parser makes him a modifier: "Weiss and French envoy Roux"."""
        tokens, first = self._parse.tokens, self._mentions[number].first
        if first < 2 or tokens[first - 1].lower != "and":
            return []
        before = self._at.get(first - 2)
        modifies = before is not None and tokens[self._mentions[before].head].dep in ("nmod", "compound", "amod")
        return [before] if before is not None and modifies else []

    def _joins(self, number: int, why: str) -> bool:
        return self._mentions[number].why == why

    def joined(self, noun: int) -> Iterator[int]:
        """A noun and those joined to it."""
        yield noun
        for child in self._parse.children(noun, "conj", "appos"):
            if (child.dep == "conj" or self._follows_and(child.i)) and (child.pos in NOUNS or child.pos == "PRON"):
                yield from self.joined(child.i)
            elif child.dep == "appos" and self._at.get(child.i) == self._at.get(noun):
                # "the president Anna Weiss and envoy Roux": the parser joins Roux to the name within the first phrase.
                yield from (j for c in self._parse.children(child.i, "conj") for j in self.joined(c.i))
            elif child.dep == "appos":
                yield from self._listed(noun, child)

    def _listed(self, first: int, second: Token) -> Iterator[int]:
        """Further members of a list of which the parser makes an apposition: "the US, the EU, Britain and Canada"."""
        conjuncts = self._parse.children(second.i, "conj")
        if conjuncts and self._are_peers(first, second.i):
            yield from self.joined(second.i)
        else:  # "Kenya, the biggest donor, Uganda and Rwanda"
            yield from (j for c in conjuncts if self._are_peers(first, c.i) for j in self.joined(c.i))

    def _are_peers(self, one: int, other: int) -> bool:
        """Whether both nouns stand for known actors of different names, or both for such told by their roles."""
        a, b = self._at.get(one), self._at.get(other)
        if a is None or b is None or self._mentions[a].entity == self._mentions[b].entity:
            return False
        refs = self._mentions[a].ref, self._mentions[b].ref
        return all(ref.id is not None for ref in refs) and (refs[0].via == "role") == (refs[1].via == "role")

    def _follows_and(self, head: int) -> bool:
        """Whether "and" stands right before a phrase, whatever the parser makes of it."""
        first = min(self._parse.subtree(head))
        return first > 0 and self._parse.tokens[first - 1].lower == "and"

    def _of_relative(self, pronoun: int) -> list[int]:
        for above in self._parse.ancestors(pronoun):
            token = self._parse.tokens[above]
            if token.dep == "relcl":
                return self.of_noun(token.head, inside=False)
        return []

    def _within(self, noun: int) -> list[int]:
        """Mentions inside a noun's phrase: its possessor, modifiers and prepositional complements."""
        children = self._parse.children(noun)
        if self._parse.tokens[noun].lemma.lower() in self._words.facing:
            other = [n for c in children if c.dep == "prep" and c.lower == "with"
                     for inner in self._parse.children(c.i, "pobj") for n in self.of_noun(inner.i)]  # fmt: skip
            if other:
                return other
        for child in children:
            if child.dep == "appos" and child.i in self._at and self._mentions[self._at[child.i]].ref.id is not None:
                return self.of_noun(child.i, inside=False)  # "the Baltic partners Estonia and Latvia"
        for child in children:
            if child.dep in ("poss", "compound", "amod", "nmod", "appos"):
                number = self._at.get(child.i)
                if number is not None and (child.pos != "PRON" or len(children) == 1):
                    return [number, *self._sides(number)]
                # In "a Hamas-claimed bomb" the name stands below the participle.
                below = self._parse.children(child.i, "npadvmod") if child.dep == "amod" else ()
                deeper = [self._at[c.i] for c in below if c.i in self._at]
                deeper = deeper or (self._within(child.i) if child.dep in ("poss", "compound", "nmod") else [])
                if deeper:
                    return deeper
        for child in children:
            if child.dep == "prep" and child.lower in self._words.inside:
                found = [n for inner in self._parse.children(child.i, "pobj") for n in self.of_noun(inner.i)]
                if found:
                    return found
        own = [self._at[c.i] for c in children if c.dep == "poss" and c.i in self._at]
        # "the missiles fired by Israel"
        return own or [n for child in children if child.dep == "acl" for n in self.agents(child)]

    def before(self, noun: int) -> list[int]:
        """Whose a noun is by what stands before it: "Armenia's proposal", "the Armenian proposal"."""
        for child in self._parse.children(noun, "poss", "compound", "amod", "nmod"):
            for word in (child, *self._parse.children(child.i, "npadvmod", "compound", "poss", "nmod")):
                number = self._at.get(word.i)
                if number is not None and self._at.get(noun) is None:
                    return [number, *self._sides(number)]
        return []

    def agents(self, verb: Token) -> list[int]:
        """Who stands behind "by" in a passive, or in one that goes on with it: "was seized and beaten by"."""
        for passive in (verb, *(c for c in self._parse.children(verb.i, "conj") if c.tag == "VBN")):
            by = [c for c in self._parse.children(passive.i, "agent", "prep") if c.lower == "by"]
            if not by:  # "was designated a terrorist group by Chad": the parser hangs "by" to the group
                named = self._parse.children(passive.i, "dobj", "oprd", "attr")
                by = [c for noun in named for c in self._parse.children(noun.i, "prep") if c.lower == "by"]
            found = [n for c in by for inner in self._parse.children(c.i, "pobj") for n in self.of_noun(inner.i)]
            if found:
                return found
        return []

    def _is_event(self, noun: Token) -> bool:
        return noun.i not in self._at and noun.lemma.lower() in self._event_nouns

    def inside(self, noun: int) -> list[int]:
        """Mentions that prepositions tie to a noun: the Somalia of "a convoy in Somalia", near or far."""
        found: list[int] = []
        posted = self._parse.tokens[noun].lemma.lower() in self._words.posts
        for child in self._parse.children(noun, "prep"):
            if child.lower in self._words.ties and not (posted and child.lower == "to"):
                for inner in self._parse.children(child.i, "pobj"):
                    if child.lower == "in" and self._is_event(inner):
                        continue  # "rebels in an offensive in Mali" are not Mali's
                    found += self.of_noun(inner.i)
                    found += self.inside(inner.i)
        return unique(found)

    def phrase_head(self, i: int) -> int:
        """The noun whose phrase a modifier stands in: "operations" for the UN of "UN operations in Mali"."""
        while self._parse.tokens[i].dep in ("compound", "poss", "amod", "nmod") and self._parse.tokens[i].head != i:
            i = self._parse.tokens[i].head
        return i


def unique(numbers: Iterable[int]) -> list[int]:
    """Each number once, in order."""
    return list(dict.fromkeys(numbers))
