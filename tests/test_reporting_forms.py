from pathlib import Path
from typing import Any

import pytest
import yaml

from dragoman.records import Claim
from test_claims import MARKS, reading_of

FORMS: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "reporting_forms.yml").read_text(encoding="utf-8")
)
CASES = [
    pytest.param(case, fast, id=f"{case['text'][:40]}-{'fast' if fast else 'trained'}")
    for cases in FORMS.values()
    for case in cases
    for fast in (False, True)
    if not (fast and case.get("trained_only"))
]
EDGES = MARKS + ".,?!–-"


def told(claim: Claim, outer: Claim | None) -> dict[str, object]:
    return {
        "source": claim.source.quote.strip(EDGES) if claim.source else None,
        "cue": claim.cue.quote if claim.cue else None,
        "content": claim.content.quote.strip(EDGES),
        "act": claim.act,
        "factuality": claim.factuality,
        "parts": len(claim.parts),
        "in": outer.source.quote.strip(EDGES) if outer and outer.source else None,
    }


@pytest.mark.parametrize(("case", "fast"), CASES)
def test_each_form_of_reporting_has_its_source_and_content(case: dict[str, Any], fast: bool) -> None:
    claims = reading_of(case["text"], fast).claims
    by_id = {claim.id: claim for claim in claims}
    found = [told(claim, by_id.get(claim.parent or "")) for claim in claims]
    for wanted in case["claims"]:
        assert any(wanted.items() <= claim.items() for claim in found), found
