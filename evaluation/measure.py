"""The reader's figures on the sentences and articles that the repository holds.

``python evaluation/measure.py [--fast] [--errors]`` prints them beside their floors; exit code 1 when one is
below its floor. A floor only moves down with a reason in the changelog.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from dragoman import Reading, read
from dragoman.records import ActorRef, Claim, Event
from dragoman.samples import dispatch

HERE = Path(__file__).resolve().parent
RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})


def main(arguments: Sequence[str]) -> int:
    """Print every figure with its floor."""
    errors: list[str] = []
    figures = measure(fast="--fast" in arguments, errors=errors)
    if "--errors" in arguments:
        sys.stdout.write("".join(f"{line}\n" for line in errors))
    floors = load_floors()
    below = 0
    for name, value in figures.items():
        floor = floors.get(name)
        below += floor is not None and value < floor
        sys.stdout.write(f"{name:<28} {value:.3f}  floor {floor if floor is not None else '-'}\n")
    return int(below > 0)


def load_floors() -> dict[str, float]:
    """Figure name to the least that it may be."""
    floors: dict[str, float] = yaml.safe_load((HERE / "floors.yml").read_text(encoding="utf-8"))["floors"]
    return floors


def measure(fast: bool = False, errors: list[str] | None = None) -> dict[str, float]:
    """All figures, each a share of 0 to 1. What was missed or wrong is appended to ``errors``."""
    errors = errors if errors is not None else []
    return {**_sentences(fast, errors), **_articles(fast, errors)}


def _sentences(fast: bool, errors: list[str]) -> dict[str, float]:
    cases = yaml.safe_load((HERE / "sentences.yml").read_text(encoding="utf-8"))["sentences"]
    gold = found = typed = sure = made = empty = kept_empty = 0
    for case in cases:
        reading = read(case["text"], published=case.get("published", "2025-06-01"), fast=fast)
        wanted, events = case["events"], list(reading.events)
        made += len(events)
        gold += len(wanted)
        if not wanted:
            empty += 1
            kept_empty += not events
            errors += (f"should be empty: {case['text']} -> {_line(e)}" for e in events)
        for want in wanted:
            pairs = [e for e in events if _pair(e, want)]
            right = [e for e in pairs if e.event_type in want[1].split("|")]
            found += bool(pairs)
            typed += bool(right)
            expected = want[3] if len(want) > 3 else "CT+"
            sure += any(e.factuality == expected for e in right)
            if not right:
                errors.append(f"missed {want}: {case['text']} -> {[_line(e) for e in events]}")
    right_events = sum(_is_wanted(case, fast) for case in cases)
    return {
        "sentences_pair_recall": found / gold,
        "sentences_typed_recall": typed / gold,
        "sentences_factuality": sure / max(1, typed),
        "sentences_precision": right_events / max(1, made),
        "sentences_quiet": kept_empty / max(1, empty),
    }


def _is_wanted(case: dict[str, Any], fast: bool) -> int:
    reading = read(case["text"], published=case.get("published", "2025-06-01"), fast=fast)
    return sum(any(_pair(e, w) and e.event_type in w[1].split("|") for w in case["events"]) for e in reading.events)


def _articles(fast: bool, errors: list[str]) -> dict[str, float]:
    articles = yaml.safe_load((HERE / "articles.yml").read_text(encoding="utf-8"))["articles"]
    events = claims = predictions = 0
    events_right = claims_right = predictions_right = 0
    for article in articles:
        path = dispatch() if article["file"] == "sample" else HERE / "articles" / article["file"]
        reading = read(path, fast=fast)
        for want in article["events"]:
            events += 1
            hit = any(_pair(e, want) and e.event_type in want[1].split("|") for e in reading.events)
            events_right += hit
            if not hit:
                errors.append(f"{article['file']}: missed event {want}")
        for speaker, fragment in article["claims"]:
            claims += 1
            hit = any(_says(c, speaker) and fragment in c.content.quote for c in reading.claims)
            claims_right += hit
            if not hit:
                errors.append(f"{article['file']}: missed claim by {speaker}: {fragment}")
        for fragment in article["predictions"]:
            predictions += 1
            hit = _predicts(reading, fragment)
            predictions_right += hit
            if not hit:
                errors.append(f"{article['file']}: missed prediction: {fragment}")
    return {
        "articles_events": events_right / events,
        "articles_claims": claims_right / claims,
        "articles_predictions": predictions_right / predictions,
    }


def _predicts(reading: Reading, fragment: str) -> bool:
    return any(claim.prediction is not None and fragment in claim.content.quote for claim in reading.claims)


def _says(claim: Claim, speaker: str) -> bool:
    names = [claim.source.quote if claim.source else "", claim.speaker.name if claim.speaker else ""]
    return any(speaker.lower() in name.lower() for name in names)


def _pair(event: Event, want: Sequence[str]) -> bool:
    actor, recipient = want[0], want[2]
    straight = _names(event.actors, actor) and _names(event.recipients, recipient)
    both = set(want[1].split("|")) & RECIPROCAL
    turned = bool(both) and _names(event.actors, recipient) and _names(event.recipients, actor)
    together = bool(both) and _names(event.actors, actor) and _names(event.actors, recipient)
    return straight or turned or together


def _names(refs: Iterable[ActorRef], wanted: str) -> bool:
    if wanted == "-":
        return True
    for ref in refs:
        if ref.id is not None and (ref.id == wanted or ref.id.startswith(f"{wanted}-")):
            return True
        if wanted.lower() in f"{ref.name} {ref.span.quote}".lower():
            return True
    return False


def _line(event: Event) -> str:
    who, whom = (",".join(r.id or r.name for r in refs) for refs in (event.actors, event.recipients))
    return f"{who} {event.event_type} {whom} ({event.trigger.quote}; {event.factuality}; {event.why.rule})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
