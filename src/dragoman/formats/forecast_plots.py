"""The calibration plot of forecasts, in the style of ``formats.plots``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from dragoman.analysis.calibration import Bin
from dragoman.formats.plots import NEUTRAL, SETTINGS, save_figure


def plot_calibration(bins: Sequence[Bin], path: Path, title: str) -> None:
    """Draw the share that came true over the mean chance of each class; dots grow with the number of cases.

    The whisker is two standard errors of a share. On the diagonal what was said came true as often as said.

    Args:
        bins: the classes of ``analysis.calibration`` or ``analysis.backtest``.
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
        largest = max((b.count for b in bins), default=1)
        for one in bins:
            error = 2 * (one.came_true * (1 - one.came_true) / one.count) ** 0.5
            axes.errorbar(one.mean_chance, one.came_true, yerr=error, color="black", lw=0.8, capsize=2)
            size = 12 + 90 * (one.count / largest) ** 0.5
            axes.scatter([one.mean_chance], [one.came_true], s=size, color="black", zorder=3)
            axes.annotate(f"{one.count:,}", (one.mean_chance, one.came_true), xytext=(7, -9),
                          textcoords="offset points", fontsize=7)  # fmt: skip
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_xlabel("said")
        axes.set_ylabel("came true")
        axes.set_aspect("equal")
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        save_figure(figure, path)
