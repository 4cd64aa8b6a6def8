"""Texts written for this project, to try it on."""

from importlib import resources
from pathlib import Path


def dispatch() -> Path:
    """The path of the sample dispatch about the Korean peninsula, 2019 to 2024."""
    return Path(str(resources.files("dragoman.samples") / "dispatch.txt"))
