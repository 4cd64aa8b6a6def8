"""The calibration plot of forecasts, in the style of ``formats.plots``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dragoman.formats.plots import NEUTRAL, SETTINGS, save_figure


def plot_calibration(classes: Sequence[tuple[float, float, int]], path: Path, title: str) -> None:
    """Draw the share that came true over the mean chance of each class; dots grow with the number of cases.

    The whisker is two standard errors of a share. On the diagonal what was said came true as often as said.

    Args:
        classes: of each class of chances the mean that was said, the share that came true, and how many there are.
        path: where to; the suffix says the format.
        title: above the figure.

    Raises:
        UsageError: The suffix is no format that can be written.
        OutputError: The file cannot be written.
    """
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(5.0, 5.0), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], color=NEUTRAL, lw=0.8)
        largest = max((count for _, _, count in classes), default=1)
        for said, true, count in classes:
            error = 2 * (true * (1 - true) / count) ** 0.5
            axes.errorbar(said, true, yerr=error, color="black", lw=0.8, capsize=2)
            axes.scatter([said], [true], s=12 + 90 * (count / largest) ** 0.5, color="black", zorder=3)
            axes.annotate(f"{count:,}", (said, true), xytext=(7, -9), textcoords="offset points", fontsize=7)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_xlabel("said")
        axes.set_ylabel("came true")
        axes.set_aspect("equal")
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        save_figure(figure, path)
