"""The licence of every part that an installation brings is permissive or a named exception, and stands in NOTICE."""

from __future__ import annotations

import importlib.metadata as metadata
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

PERMISSIVE = re.compile(
    r"MIT|BSD|Apache|ISC|PSF|Python Software Foundation|0BSD|Zlib|CC0|Unlicense|MPL|Mozilla|HPND|CNRI|OSI Approved",
    re.I,
)
EXCEPTIONS = {
    "igraph": "GPL; a library that is installed beside this one and called, no part of it is in this package",
    "leidenalg": "GPL; as igraph",
    "tld": "MPL, GPL or LGPL, at the user's choice",
}
"""Parts whose licence is not permissive, and why they are here all the same."""

HEADING = "Parts that an installation brings, with the licence that each states of itself:"


def parts() -> dict[str, str]:
    """Every run-time dependency, the dependencies of dependencies too, with its licence."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    waiting, found = [_name(requirement) for requirement in named], {}
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            found[name] = _licence(metadata.metadata(name))
        except metadata.PackageNotFoundError:
            continue  # for another platform
        waiting += [_name(r) for r in metadata.requires(name) or () if "extra ==" not in r]
    return dict(sorted(found.items()))


def _name(requirement: str) -> str:
    return re.split(r"[\s;<>=!~\[(]", requirement.strip(), maxsplit=1)[0].lower().replace("_", "-").replace(".", "-")


def _licence(described: metadata.PackageMetadata) -> str:
    fields = described.json
    stated = fields.get("license_expression")
    classified = [c.split(" :: ")[-1] for c in described.get_all("Classifier") or [] if c.startswith("License")]
    text = stated or "; ".join(sorted(classified)) or str(fields.get("license") or "not stated").splitlines()[0]
    return " ".join(str(text).split())[:70]


def test_every_part_is_permissive_or_a_named_exception() -> None:
    known = parts()
    assert len(known) > 40
    wrong = {name: licence for name, licence in known.items() if not PERMISSIVE.search(licence)}
    assert set(wrong) <= set(EXCEPTIONS), f"look at these licences: {wrong}"


def test_every_part_stands_in_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert HEADING in notice
    listed = {line[2:].split(":")[0] for line in notice.partition(HEADING)[2].splitlines() if line.startswith("- ")}
    missing = [f"- {name}: {licence}" for name, licence in parts().items() if name not in listed]
    assert not missing, "add to NOTICE:\n" + "\n".join(missing)


def test_every_locked_part_has_hashes() -> None:
    locked = re.split(r"\n(?=[A-Za-z0-9])", (ROOT / "requirements.lock").read_text(encoding="utf-8"))
    pinned = [part for part in locked if re.match(r"[A-Za-z0-9_.-]+==", part)]
    assert len(pinned) > 80
    assert [part.split()[0] for part in pinned if "--hash=sha256:" not in part] == []
