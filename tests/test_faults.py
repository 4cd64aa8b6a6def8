"""What was acknowledged survives SIGKILL (the long form runs as ``make torture``)."""

from __future__ import annotations

import importlib.util
from pathlib import Path

TORTURE = Path(__file__).resolve().parent / "torture"


def test_a_killed_workspace_loses_nothing(tmp_path: Path) -> None:
    described = importlib.util.spec_from_file_location("killing", TORTURE / "killing.py")
    assert described
    assert described.loader
    killing = importlib.util.module_from_spec(described)
    described.loader.exec_module(killing)
    wrong, slowest, acknowledged = killing.torture(10, 3, tmp_path)
    assert wrong == []
    assert acknowledged > 5, "nothing was acknowledged, so nothing was tested"
    assert slowest < 10
