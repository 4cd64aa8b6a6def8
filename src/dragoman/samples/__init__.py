"""Texts written for this project, to try it on."""

from importlib import resources
from pathlib import Path


def dispatch() -> Path:
    """The path of the sample dispatch about the Korean peninsula, 2019 to 2024."""
    return Path(str(resources.files("dragoman.samples") / "dispatch.txt"))


def korea() -> Path:
    """The folder of short dispatches by fictional publishers about the Korean peninsula, 2018 to 2024.

    They repeat and contradict each other and predict, so that every view of a workspace has something to show.
    """
    return Path(str(resources.files("dragoman.samples") / "korea"))
