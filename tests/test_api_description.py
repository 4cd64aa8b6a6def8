"""The API does what its description says: whatever is asked is answered or refused in one line, never with a fault.

Schemathesis makes the requests from the description, right ones and wrong ones; derandomised, so that a run is every
run. Set DRAGOMAN_REQUESTS to make more of each (40 otherwise).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck
from schemathesis import GenerationMode
from starlette.testclient import TestClient

import dragoman
from dragoman.samples import korea
from dragoman.web.description import BODIES, PARAMETERS, describe
from dragoman.web.served import Served
from dragoman.web.server import READS, SETTLES, WRITES, hosts_of, page_app

HOST = "127.0.0.1:8765"
REQUESTS = int(os.environ.get("DRAGOMAN_REQUESTS", "40"))
DESCRIPTION: dict[str, Any] = describe(READS, {**WRITES, SETTLES: WRITES["/api/corrections"]})
OPERATIONS = [
    (path, method, mode)
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    if path in PARAMETERS
    or path in BODIES
    or mode is GenerationMode.POSITIVE  # what takes any word is never asked wrongly
]
ANSWERS: Counter[int] = Counter()
"""How many requests were answered with each status; printed at the end (``pytest -s``)."""
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    folder = tmp_path_factory.mktemp("described") / "korea"
    with dragoman.create(folder) as workspace:
        assert workspace.add(korea(), fast=True).failed == 0
        app = page_app(Served(workspace, local=False), hosts=hosts_of("127.0.0.1", 8765))
        yield TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)
    counts = ", ".join(f"{count} answered with {status}" for status, count in sorted(ANSWERS.items()))
    print(f"\n{ANSWERS.total()} requests made from the description: {counts}")


def test_every_address_is_described(client: TestClient) -> None:
    published = client.get("/api/openapi.json").json()
    assert {*published["paths"]} == {*READS, *WRITES, SETTLES}
    assert {*PARAMETERS} <= {*READS}
    assert {*BODIES} == {*WRITES, SETTLES}
    assert all(operation["summary"] for methods in published["paths"].values() for operation in methods.values())


@pytest.mark.parametrize(
    ("path", "method", "mode"), OPERATIONS, ids=[f"{method} {path} {mode.value}" for path, method, mode in OPERATIONS]
)
def test_no_request_makes_a_fault(client: TestClient, path: str, method: str, mode: GenerationMode) -> None:
    cases = SCHEMA[path][method.upper()].as_strategy(generation_mode=mode)

    @hypothesis.settings(
        max_examples=REQUESTS, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @hypothesis.given(cases)
    def ask(case: Any) -> None:
        asked = case.as_transport_kwargs(base_url=f"http://{HOST}")
        asked.pop("cookies", None)  # nothing in the description is a cookie
        if isinstance(asked.get("data"), bytes):
            asked["content"] = asked.pop("data")
        answer = client.request(**{**asked, "headers": {**asked.get("headers", {}), "Origin": f"http://{HOST}"}})
        ANSWERS[answer.status_code] += 1
        assert answer.status_code < 500, answer.text
        if answer.status_code >= 400:
            said = answer.json()["error"]
            assert said
            assert "\n" not in said
            assert "Traceback" not in said

    ask()
