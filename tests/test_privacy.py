"""Nothing leaves the machine, and nothing is written but where the user said (and into the cache of drawings)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import intake_seeds as seeds
from dragoman.samples import dispatch

NAMESPACE = ["unshare", "--map-root-user", "--net"]
ALLOWED = shutil.which("unshare") and subprocess.run([*NAMESPACE, "true"], capture_output=True).returncode == 0

COMMANDS = [
    "read {sample}",
    "read {sample} --format html -o {out}/page.html",
    "init {ws}",
    "add {texts} --workspace {ws} --workers 2",
    "status --workspace {ws}",
    "events --workspace {ws} --format parquet -o {out}/events.parquet",
    "claims --workspace {ws}",
    "stories --workspace {ws}",
    "search ambassador --workspace {ws}",
    "check --workspace {ws}",
    "backup --workspace {ws} --out {out}/copy.duckdb",
    "export html {out}/all.html --workspace {ws}",
    "export stix {out}/all.json --workspace {ws}",
    "relations PRK KOR --workspace {ws} --plot {out}/relation.svg",
    "predictions list --workspace {ws}",
    "contested --workspace {ws}",
    "brief PRK --workspace {ws}",
    "lexicon lookup Pyongyang",
]
"""What most users run; the rest works on the same parts."""

RUN = """
import json, sys
asked = []
def hook(event, arguments):
    if event.startswith(("socket.connect", "socket.getaddrinfo", "socket.sendto", "urllib.Request")):
        asked.append(f"{event} {arguments!r}"[:200])
sys.addaudithook(hook)
from dragoman.cli.app import app, register
register()
ended = {}
for line in json.loads(sys.argv[1]):
    ended[line] = app(line.split(), standalone_mode=False)
def unroutable():
    names, values = (row.split() for row in open("/proc/net/snmp") if row.startswith("Ip:"))
    return int(values[names.index("OutNoRoutes")])
before = unroutable()
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    try:
        socket.socket(socket.AF_INET, kind).connect(("192.0.2.1", 9))
    except OSError:
        pass
print(json.dumps({"asked": asked[:-2], "unroutable": before, "noticed": len(asked) >= 2, "ended": ended}))
"""


@pytest.mark.skipif(not ALLOWED, reason="this machine gives no namespaces to its users")
def test_nobody_is_asked_and_nothing_is_left_elsewhere(tmp_path: Path) -> None:
    places = {name: tmp_path / name for name in ("home", "tmp", "out", "texts", "here")}
    for place in places.values():
        place.mkdir()
    (places["texts"] / "page.html").write_bytes(seeds.page())
    (places["texts"] / "mail.eml").write_bytes(seeds.mail())
    (places["texts"] / "feed.rss").write_bytes(seeds.rss(2))
    shutil.copy(dispatch(), places["texts"] / "dispatch.txt")
    names = {"ws": tmp_path / "ws", "out": places["out"], "texts": places["texts"], "sample": dispatch()}
    given = _files(places["texts"])
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), "HOME": str(places["home"]),
        "TMPDIR": str(places["tmp"]), "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    lines = [command.format(**names) for command in COMMANDS]
    done = subprocess.run(
        [*NAMESPACE, sys.executable, "-c", RUN, json.dumps(lines)],
        cwd=places["here"], env=environment, capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["noticed"]
    assert (told["asked"], told["unroutable"]) == ([], 0)
    assert all(code in (None, 0) for code in told["ended"].values()), told["ended"]
    assert _files(places["here"]) == []
    assert _files(places["tmp"]) == []
    assert [one for one in _files(places["home"]) if not one.startswith((".cache/", ".config/matplotlib"))] == []
    assert _files(places["texts"]) == given
    assert _files(places["out"]) == [
        "all.html", "all.json", "copy.duckdb", "events.parquet", "page.html", "relation.svg",
    ]  # fmt: skip


def _files(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if not one.is_dir())
