"""Figures of impulse responses and of scenarios, in the style of ``formats.plots``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import pyarrow as pa
import pyarrow.compute as pc
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from dragoman.errors import UsageError
from dragoman.formats.plots import COOPERATION, HOSTILITY, NEUTRAL, SETTINGS, save_figure

_MOST_SERIES = 6
_MOST_PANELS = 6


def plot_impulses(impulses: pa.Table, path: Path, title: str, step: str = "period") -> None:
    """Draw every series' response to a push of every series: rows answer, columns are pushed.

    Args:
        impulses: The table of ``analysis.impulse.Impulses``; of more than six series the first six are drawn.
        path: Where to; the suffix says the format.
        title: Above the figure.
        step: What a period is called.

    Raises:
        UsageError: The suffix is no format that can be written.
        OutputError: The file cannot be written.
    """
    names = list(dict.fromkeys(impulses["cause"].to_pylist()))[:_MOST_SERIES]
    with matplotlib.rc_context(SETTINGS):
        side = 1.2 + 1.7 * len(names)
        figure = Figure(figsize=(max(side, 5.0), max(side * 0.8, 4.0)), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.subplots(len(names), len(names), sharex=True, sharey="row", squeeze=False)
        for row, effect in enumerate(names):
            for column, cause in enumerate(names):
                axes = grid[row, column]
                mask = pc.and_(pc.equal(impulses["cause"], cause), pc.equal(impulses["effect"], effect))
                one = impulses.filter(mask)
                after = one["after"].to_numpy()
                axes.fill_between(after, one["low"].to_numpy(), one["high"].to_numpy(), color="#DDDDDD", lw=0)
                axes.plot(after, one["response"].to_numpy(), color="black", lw=1.2)
                axes.axhline(0, color=NEUTRAL, lw=0.6)
                if row == 0:
                    axes.set_title(f"push: {cause}", fontsize=7)
                if row == len(names) - 1:
                    axes.set_xlabel(f"{step}s after", fontsize=7)
                if column == 0:
                    axes.set_ylabel(effect, fontsize=7)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        save_figure(figure, path)


def plot_scenario(paths: pa.Table, path: Path, title: str, smallest: float = 0.0) -> None:
    """Draw by how much the expected events of each channel change, summed up day by day; the largest changes first.

    Args:
        paths: The table ``paths`` of ``analysis.scenarios.Scenario``.
        path: Where to; the suffix says the format.
        title: Above the figure.
        smallest: Changes below it (events) are not drawn.

    Raises:
        UsageError: The suffix is no format that can be written, or no channel changes measurably.
        OutputError: The file cannot be written.
    """
    known = paths.filter(pc.is_valid(paths["change"]))
    keys = ["actor", "recipient", "tone"]
    most = known.append_column("size", pc.abs(known["change"])).group_by(keys).aggregate([("size", "max")])
    order = most.sort_by([("size_max", "descending"), *((key, "ascending") for key in keys)])
    visible = order.filter(pc.greater_equal(order["size_max"], smallest))
    channels = visible.slice(0, _MOST_PANELS).select(keys).to_pylist()
    if not channels:
        raise UsageError("no channel changes measurably, so there is nothing to draw; leave out --plot")
    with matplotlib.rc_context(SETTINGS):
        rows = -(-len(channels) // 2)
        figure = Figure(figsize=(7.0, 0.8 + 2.0 * rows), layout="constrained")
        FigureCanvasAgg(figure)
        grid = figure.subplots(rows, 2, sharex=True, squeeze=False)
        for number, channel in enumerate(channels):
            _draw_channel(grid[number // 2, number % 2], known, channel)
        for number in range(len(channels), rows * 2):
            grid[number // 2, number % 2].set_axis_off()
        figure.supylabel("change of the summed expected events (90 % band)", fontsize=8)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        save_figure(figure, path)


def _draw_channel(axes: Any, known: pa.Table, channel: dict[str, str]) -> None:
    mask = pc.and_(pc.equal(known["actor"], channel["actor"]), pc.equal(known["recipient"], channel["recipient"]))
    one = known.filter(pc.and_(mask, pc.equal(known["tone"], channel["tone"])))
    days = one["day"].to_numpy().astype("datetime64[D]")
    change, low, high = (one[name].to_numpy() for name in ("change", "change_low", "change_high"))
    colour = COOPERATION if channel["tone"] == "cooperation" else HOSTILITY
    axes.fill_between(days, low, high, color=colour, alpha=0.3, lw=0)
    axes.plot(days, change, color=colour, lw=1.4)
    axes.axhline(0, color=NEUTRAL, lw=0.6)
    untouched = f"{one['expected'][-1].as_py():.1f} ({one['expected_low'][-1].as_py():.0f} to "
    untouched += f"{one['expected_high'][-1].as_py():.0f}) untouched"
    axes.set_title(f"{channel['actor']} > {channel['recipient']} {channel['tone']}\n{untouched}", fontsize=8)
    axes.xaxis.set_major_locator(locator := AutoDateLocator(maxticks=5))  # type: ignore[no-untyped-call]  # matplotlib's
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]  # as above
