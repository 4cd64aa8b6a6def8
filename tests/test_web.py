"""The page's server: each address, what is changed and taken back, and what is refused."""

from __future__ import annotations

import base64
import csv
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.testclient import TestClient

import dragoman
from dragoman.intake.document import make_document
from dragoman.intake.extract import Extract
from dragoman.samples import korea
from dragoman.web.security import POLICY
from dragoman.web.served import Served
from dragoman.web.server import READS, hosts_of, page_app

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
WRITES = {"Content-Type": "application/json", "X-Dragoman": "1", "Origin": f"http://{HOST}"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("web") / "korea"
    with dragoman.create(folder) as workspace:
        assert workspace.add(korea(), fast=True).failed == 0
    return folder


@pytest.fixture
def client(sample: Path) -> Iterator[TestClient]:
    with dragoman.open(sample) as workspace:
        yield client_of(Served(workspace))


def client_of(served: Served, token: str | None = None) -> TestClient:
    app = page_app(served, hosts=hosts_of("127.0.0.1", PORT), token=token)
    return TestClient(app, base_url=f"http://{HOST}", raise_server_exceptions=False)


def got(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return answer.json()


@pytest.mark.parametrize("path", [path for path in READS if "{" not in path])
def test_every_address_answers(client: TestClient, path: str) -> None:
    asked = {
        "/api/search": "?q=liaison", "/api/relations": "?actor=PRK&recipient=KOR",
        "/api/relations/change": "?actor=PRK&recipient=KOR&period=1990-01-01",
    }.get(path, "")  # fmt: skip
    answer = client.get(path + asked)
    if path == "/api/relations/change":
        assert (answer.status_code, answer.json()["error"]) == (400, "there is no break at 1990-01-01")
    else:
        assert answer.status_code == 200, answer.text
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_the_first_view_says_what_there_is(client: TestClient) -> None:
    status = got(client, "/api/status")
    assert status["counts"]["documents"] == 17
    assert status["read_only"] is False
    assert (status["since"], status["until"]) == ("2018-04-28", "2024-11-06")
    assert "Pacific Courier" in status["publishers"]


def test_lists_come_in_pages_and_as_csv(client: TestClient) -> None:
    first, rest = got(client, "/api/events?limit=10"), got(client, "/api/events?limit=500&offset=10")
    assert first["total"] == len(first["rows"]) + len(rest["rows"])
    assert not {row["id"] for row in first["rows"]} & {row["id"] for row in rest["rows"]}
    narrowed = got(client, "/api/events?actor=PRK&event_type=ASSAULT,MOBILIZE&since=2019")
    assert 0 < narrowed["total"] < first["total"]
    for row in narrowed["rows"]:
        assert row["event_type"] in ("ASSAULT", "MOBILIZE")
        assert any((actor["id"] or "").startswith("PRK") for actor in row["actors"])
    answer = client.get("/api/events?format=csv&actor=PRK")
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == got(client, "/api/events?actor=PRK")["total"]


def test_every_span_of_a_document_holds_its_words(client: TestClient) -> None:
    for listed in got(client, "/api/documents")["rows"]:
        told = got(client, f"/api/documents/{listed['id']}")
        text = told["text"]
        spans = [m["span"] for m in told["mentions"]]
        spans += [e["trigger"] for e in told["events"]] + [c["content"] for c in told["claims"]]
        assert all(text[s["start"] : s["end"]] == s["quote"] for s in spans)
        assert (listed["events"], listed["claims"]) == (len(told["events"]), len(told["claims"]))


def test_actors_have_cards(client: TestClient) -> None:
    assert got(client, "/api/actors?q=north")[0]["id"] == "PRK"
    card = got(client, "/api/actors/PRK")
    assert card["name"] == "North Korea"
    assert card["events"] >= len(card["latest"]) > 0
    assert {relation["id"][:3] for relation in card["relations"]} & {"KOR", "USA"}


def test_analyses_show_the_sample(client: TestClient) -> None:
    lanes = got(client, "/api/timeline?actor=PRK&by=year")["lanes"]
    assert {point["quad"] for lane in lanes for point in lane["points"]} == {1, 2, 3, 4}
    assert lanes[0]["id"] == "PRK"
    assert len({lane["id"] for lane in lanes}) == len(lanes) > 1
    series = got(client, "/api/relations?actor=PRK&recipient=KOR&by=year")["series"]
    count = sum(point["count"] for point in series)
    assert count > 5
    ways = [got(client, f"/api/relations?actor={a}&recipient={b}&by=year&way=one")["series"]
            for a, b in (("PRK", "KOR"), ("KOR", "PRK"))]  # fmt: skip
    assert sum(point["count"] for way in ways for point in way) == count
    accused = got(client, "/api/relations?actor=PRK&recipient=KOR&by=year&event_type=AGREE,CONSULT")["series"]
    assert 0 < sum(point["count"] for point in accused) < count
    nothing = got(client, "/api/relations?actor=PRK&recipient=KOR&publisher=Nobody")
    assert (nothing["series"], len(nothing["notes"])) == ([], 1)
    pairs = got(client, "/api/relations/pairs")
    assert [pair["events"] for pair in pairs] == sorted((pair["events"] for pair in pairs), reverse=True)
    assert (pairs[0]["actor_name"], pairs[0]["recipient_name"]) != (pairs[0]["actor"], pairs[0]["recipient"])
    shown = got(client, "/api/blocs?window=3000&fewest=1")
    assert len(shown["actors"]) > 3
    assert shown["periods"] == sorted(shown["periods"])
    empty = got(client, "/api/blocs?until=1950-01-01")
    assert (empty["actors"], empty["periods"]) == ([], shown["periods"])
    assert "widen" in empty["note"]
    places = got(client, "/api/map")
    assert {place["name"] for place in places["places"]} >= {"Pyongyang", "Singapore"}
    assert any((flow["from"], flow["to"]) == ("PRK", "KOR") for flow in places["flows"])
    assert got(client, "/api/predictions")["total"] > 5
    disputed = got(client, "/api/disputed")["rows"]
    assert {group["differs"] for group in disputed} >= {"polarity", "number"}
    assert {"Donald Trump", "Ri Yong-ho"} in [{side["speaker"] for side in group["sides"]} for group in disputed]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/api/events?since=yesterday", "is no date"),
        ("/api/events?event_type=HUG", "is no event type"),
        ("/api/events?limit=100000", "is not between 1 and 500"),
        ("/api/events?offset=-1", "is not between"),
        ("/api/relations?actor=PRK", "a relation needs two"),
        ("/api/relations?actor=PRK&recipient=NARNIA", "no event names 'NARNIA'"),
        ("/api/relations?actor=PRK&recipient=KOR&by=fortnight", "is no period"),
        ("/api/documents/ffff", "no document"),
        ("/api/actors/NARNIA", "names 'NARNIA'"),
        ("/api/search?q=", "say what is searched for"),
        ("/api/blocs?until=never", "is no date"),
        ("/api/search?q=title:*", "cannot be understood"),
        ("/api/search?q=%22open", "cannot be understood"),
        ("/api/events?limit=%C2%B2", "is no whole number"),
        ("/api/events?since=9999-13", "is no date"),
        ("/api/documents/%00", "no document"),
    ],
)
def test_questions_that_cannot_be_answered_get_one_line(client: TestClient, path: str, said: str) -> None:
    answer = client.get(path)
    assert 400 <= answer.status_code < 500, answer.text
    assert said in answer.json()["error"]
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize("path", ["blocs?until=0001-01-01&window=36500", "blocs?compare=0001-01-01&window=36500"])
def test_the_ends_of_the_calendar_are_days(client: TestClient, path: str) -> None:
    assert client.get(f"/api/{path}").status_code == 200


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("whatif", {"acts": ["PRK MOBILIZE RUS"], "horizon": "²d"}),
        ("whatif", {"acts": ["PRK MOBILIZE RUS"], "horizon": "9" * 5000}),
        ("whatif", {"acts": ["PRK MOBILIZE RUS"], "seed": -1}),
        ("whatif", {"acts": []}),
        ("add", {"paths": ["~nobody-of-that-name/texts"]}),
        ("add", {"paths": ["a" * 5000]}),
        ("add", {"paths": ["\0"]}),
        ("add", {}),
        ("add", {"base64": "?"}),
        ("corrections", {"action": "set", "id": "none", "field": "x", "value": "1"}),
        ("corrections", {"action": "merge", "a": "PRK"}),
        ("corrections/undo", {"id": 2**70}),
        ("predictions/%00", {"outcome": "true"}),
        ("predictions/none", {"outcome": "perhaps"}),
    ],
)
def test_changes_that_make_no_sense_get_one_line(client: TestClient, path: str, asked: dict[str, Any]) -> None:
    answer = client.post(f"/api/{path}", content=json.dumps(asked), headers=WRITES)
    assert 400 <= answer.status_code < 500, answer.text
    assert "\n" not in answer.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"text":"\\ud800"}', b"[" * 100_000])
@pytest.mark.parametrize("path", ["corrections", "corrections/undo", "add", "whatif", "predictions/x"])
def test_bodies_that_are_none_get_one_line(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(f"/api/{path}", content=body, headers=WRITES)
    assert 400 <= answer.status_code < 500, answer.text
    assert len(answer.json()["error"]) < 300


def test_corrections_are_made_seen_and_taken_back(client: TestClient) -> None:
    event = got(client, "/api/events?actor=PRK&limit=1")["rows"][0]["id"]
    total = got(client, "/api/events")["total"]
    for body in (
        {"action": "reject", "id": event},
        {"action": "set", "id": event, "field": "event_type", "value": "AID"},
        {"action": "merge", "a": "PRK-MIL", "b": "PRK"},
    ):
        made = client.post("/api/corrections", content=json.dumps(body), headers=WRITES)
        assert made.status_code == 200, made.text
        if body["action"] == "reject":
            assert got(client, "/api/events")["total"] == total - 1
        back = client.post("/api/corrections/undo", content="{}", headers=WRITES)
        assert back.json()["undone"] == made.json()["correction"]
    assert got(client, "/api/events")["total"] == total
    assert all(not row["active"] or row["kind"] == "undo" for row in got(client, "/api/corrections")["rows"])


def test_predictions_are_settled(client: TestClient, sample: Path) -> None:
    prediction = next(row for row in got(client, "/api/predictions")["rows"] if row["chance"] is not None)
    body = json.dumps({"outcome": "true", "on": "2024-12-31"})
    made = client.post(f"/api/predictions/{prediction['id']}", content=body, headers=WRITES)
    assert made.status_code == 200, made.text
    found = got(client, "/api/predictions")
    (row,) = [row for row in found["rows"] if row["id"] == prediction["id"]]
    assert row["outcome"] == "true"
    assert row["score"] == pytest.approx((1 - prediction["chance"]) ** 2)
    assert found["calibration"]
    assert (sample / "verdicts.jsonl").read_bytes().count(b"\n") >= 1


def test_scenarios_run(client: TestClient) -> None:
    body = {"acts": ["PRK MOBILIZE RUS"], "horizon": "60d", "draws": 50}
    made = client.post("/api/whatif", content=json.dumps(body), headers=WRITES)
    assert made.status_code == 200, made.text
    assert made.json()["pairs"]
    assert made.json()["caveats"]
    wrong = client.post("/api/whatif", content=json.dumps({"acts": ["PRK HUGS RUS"]}), headers=WRITES)
    assert wrong.status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 421),
        ({"Host": "127.0.0.1"}, 421),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"X-Dragoman": ""}, 403),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Length": str(1 << 40)}, 413),
    ],
)
def test_changes_from_elsewhere_are_refused(client: TestClient, headers: dict[str, str], status: int) -> None:
    before = len(got(client, "/api/corrections")["rows"])
    body = json.dumps({"action": "merge", "a": "PRK", "b": "KOR"})
    answer = client.post("/api/corrections", content=body, headers={**WRITES, **headers})
    assert answer.status_code == status, answer.text
    assert len(got(client, "/api/corrections")["rows"]) == before


def test_other_pages_may_not_read_either(client: TestClient) -> None:
    assert client.get("/api/events", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.get("/api/events", headers={"Host": f"evil.example:{PORT}"}).status_code == 421


def test_a_read_only_page_changes_nothing(sample: Path) -> None:
    with dragoman.open(sample, read_only=True) as workspace:
        client = client_of(Served(workspace, read_only=True))
        assert got(client, "/api/status")["read_only"] is True
        for path, body in (
            ("corrections", {"action": "accept", "id": "x"}), ("corrections/undo", {}), ("add", {"text": "x"}),
            ("predictions/x", {"outcome": "true"}),
        ):  # fmt: skip
            answer = client.post(f"/api/{path}", content=json.dumps(body), headers=WRITES)
            assert answer.status_code == 400
            assert "read-only" in answer.json()["error"]


def test_strangers_need_the_token(sample: Path) -> None:
    with dragoman.open(sample) as workspace:
        client = client_of(Served(workspace), token="abracadabra")
        assert client.get("/api/status").status_code == 401
        assert client.get("/api/status?token=abracadabr").status_code == 401
        opened = client.get("/api/status?token=abracadabra")
        assert opened.status_code == 200
        assert "HttpOnly" in opened.headers["set-cookie"]
        assert "SameSite=Strict" in opened.headers["set-cookie"]
        client.cookies.set("dragoman", "abracadabra")
        assert client.get("/api/status").status_code == 200


def test_files_of_the_page_and_no_others(client: TestClient) -> None:
    assert "text/html" in client.get("/").headers["content-type"]
    for path in (
        "/../server.py",
        "/..%2fserver.py",
        "/static/../server.py",
        "/server.py",
        "/%2e%2e/answers.py",
        "/nothing.js",
    ):
        assert client.get(path).status_code == 404, path


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A real server on a workspace of one text, for what needs a connection that stays."""
    folder = tmp_path / "live"
    with dragoman.create(folder) as workspace:
        served = Served(workspace)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        config = uvicorn.Config(page_app(served, hosts=hosts_of("127.0.0.1", port)), port=port, log_level="critical")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}", folder
        server.should_exit = True
        server.force_exit = True
        thread.join(10)


def test_what_is_added_is_read_and_told_to_every_page(running: tuple[str, Path]) -> None:
    import urllib.request

    address, folder = running
    headers = {**WRITES, "Origin": address}
    with urllib.request.urlopen(f"{address}/api/events-stream", timeout=60) as stream:
        data = base64.b64encode(b"Peru condemned Chile on Monday. Chile recalled its ambassador from Peru.").decode()
        for body in (
            {"text": "Kenya sent troops to Somalia on 3 May 2024, officials said.", "title": "Kenya moves"},
            {"files": [{"name": "../../<img src=x onerror=alert(1)>.txt", "base64": data}]},
        ):
            request = urllib.request.Request(f"{address}/api/add", json.dumps(body).encode(), headers)
            with urllib.request.urlopen(request) as answer:
                job = json.load(answer)["job"]
            for line in stream:
                news = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                if news.get("job") == job and news["finished"]:
                    assert (news["failed"], news["error"]) == (0, None)
                    break
    with urllib.request.urlopen(f"{address}/api/status") as answer:
        assert json.load(answer)["counts"]["documents"] == 2
    assert sorted(p.parent for p in folder.rglob("*.txt")) == [folder / "added"] * 2


def test_hostile_words_come_through_as_data(tmp_path: Path) -> None:
    attacks = [f"<script>alert({n})</script>" for n in range(100)] + [
        f"<img src=x onerror=alert({n})>" for n in range(100)
    ]
    documents = [
        make_document(
            Extract(f'"{attack}", said {attack} in Oslo. Norway condemned Sweden.', title=attack, publisher=attack,
                    author=attack, url=f"https://example.org/{n}?q={attack}"), "2024-05-02")
        for n, attack in enumerate(attacks)
    ]  # fmt: skip
    with dragoman.create(tmp_path / "ws") as workspace:
        workspace.add(documents, fast=True)
        client = client_of(Served(workspace))
        for path in (
            "documents?limit=500",
            "events?limit=500",
            "claims?limit=500",
            "status",
            "disputed",
            "search?q=alert",
        ):
            answer = client.get(f"/api/{path}")
            assert answer.status_code == 200, answer.text
            assert answer.headers["content-type"] == "application/json; charset=utf-8"
            assert answer.headers["x-content-type-options"] == "nosniff"
        rows = got(client, "/api/documents?limit=500")["rows"]
        assert {row["title"] for row in rows} == set(attacks)


def test_filters_of_a_pair_may_be_years_and_lists(client: TestClient) -> None:
    whole = got(client, "/api/relations?actor=PRK&recipient=KOR")["series"]
    some = got(client, "/api/relations?actor=PRK&recipient=KOR&since=2020&until=2024-12")["series"]
    assert 0 < sum(point["count"] for point in some) < sum(point["count"] for point in whole)
    listed = got(client, "/api/relations/pairs?event_type=AGREE,CONSULT&since=2018")
    assert listed
    assert all(point["period"] >= "2018" for pair in listed for point in pair["series"])
    answer = client.get("/api/relations/pairs?format=csv")
    assert answer.text.startswith("actor,recipient,period,value,count")


def test_links_from_elsewhere_open_the_page_and_nothing_else(client: TestClient) -> None:
    followed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get("/", headers=followed).status_code == 200
    assert client.get("/", headers={**followed, "Sec-Fetch-Dest": "iframe"}).status_code == 403
    assert client.get("/api/events", headers=followed).status_code == 403
    assert client.post("/", content="{}", headers={**WRITES, **followed}).status_code == 403


@pytest.mark.parametrize(
    ("host", "port", "asked", "answered"),
    [
        ("127.0.0.1", 8765, "localhost:8765", True),
        ("::1", 8765, "[::1]:8765", True),
        ("127.0.0.1", 8765, "localhost", False),
        ("127.0.0.1", 80, "localhost", True),
        ("192.0.2.7", 8765, "192.0.2.7:8765", True),
        ("192.0.2.7", 8765, "localhost:8765", False),
        ("0.0.0.0", 8765, f"{socket.gethostname().lower()}:8765", True),
        ("0.0.0.0", 8765, "evil.example:8765", False),
    ],
)
def test_a_server_answers_to_its_own_names(host: str, port: int, asked: str, answered: bool) -> None:
    assert (asked in hosts_of(host, port)) is answered


def test_strangers_with_the_token_may_not_name_files_of_the_machine(sample: Path) -> None:
    with dragoman.open(sample) as workspace:
        client = client_of(Served(workspace, local=False), token="abracadabra")
        bearer = {**WRITES, "Authorization": "Bearer abracadabra"}
        answer = client.post("/api/add", content=json.dumps({"paths": ["/etc/hostname"]}), headers=bearer)
        assert (answer.status_code, "drop the files" in answer.json()["error"]) == (400, True)
        for wrong in ("%C3%A9", "abracadabra%00", ""):
            assert client.get(f"/api/status?token={wrong}").status_code == 401
        odd = {"Cookie": "a{b}=1; =; x@y=2; dragoman=abracadabra"}
        assert client.get("/api/status", headers=odd).status_code == 200
