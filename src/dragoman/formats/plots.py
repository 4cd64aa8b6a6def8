"""Figures for papers: a relation over time, and a network with its blocs. PNG, SVG or PDF by the file's name.

Colours are Paul Tol's bright scheme, which people with any colour vision can tell apart; the two
sides of a relation differ in place (up and down) as well.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
import pyarrow as pa
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure

from dragoman.errors import OutputError, UsageError

COOPERATION, HOSTILITY, NEUTRAL = "#4477AA", "#EE6677", "#777777"
BLOC_COLOURS = ("#4477AA", "#EE6677", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#BBBBBB")
SETTINGS: Any = {  # matplotlib types each key by itself

    "font.size": 9, "axes.spines.top": False, "axes.spines.right": False, "axes.titlesize": 10,
    "legend.frameon": False, "svg.hashsalt": "dragoman", "svg.fonttype": "none", "pdf.fonttype": 42,
    "text.parse_math": False,  # a name with dollars is a name, no formula
}  # fmt: skip
_SUFFIXES = {".png", ".svg", ".pdf"}


def plot_relation(series: pa.Table, changes: pa.Table, path: Path, title: str) -> None:
    """Draw a relation over time.

    Three panels share the time axis: cooperation upward and hostility downward (sums of intensity),
    the mean intensity of an event with its 95 % interval, and the pair's share of all events.
    Vertical lines are change points, dashed where they are only possible.

    Args:
        series: The table of ``analysis.relation_series.RelationSeries``.
        changes: The table of ``analysis.change_points.change_table``.
        path: Where to; the suffix says the format.
        title: Above the figure.

    Raises:
        UsageError: The suffix is no format that can be written.
        OutputError: The file cannot be written.
    """
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(7.0, 5.2), layout="constrained")
        FigureCanvasAgg(figure)
        sums, tone, share = figure.subplots(3, 1, sharex=True, height_ratios=(3, 2, 1))
        days = series["period"].to_numpy().astype("datetime64[D]")
        width = np.median(np.diff(days).astype(np.int64)) * 0.9 if len(days) > 1 else 1.0
        _draw_sums(sums, series, days, width)
        _draw_tone(tone, series, days)
        share.plot(days, _numbers(series, "of_world") * 100, color=NEUTRAL, lw=1, marker=".", ms=3)
        share.set_ylabel("% of all\nevents")
        share.set_ylim(bottom=0)
        for at, grade in zip(changes["at"].to_pylist(), changes["grade"].to_pylist(), strict=True):
            for axes in (sums, tone, share):
                axes.axvline(at, color="black", lw=0.8, ls="-" if grade == "clear" else (0, (4, 3)), zorder=3)
        share.xaxis.set_major_locator(locator := AutoDateLocator())  # type: ignore[no-untyped-call]  # matplotlib's
        share.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]  # as above
        figure.align_ylabels()
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        save_figure(figure, path)


def _draw_sums(axes: Any, series: pa.Table, days: np.ndarray, width: float) -> None:
    axes.bar(days, _numbers(series, "cooperation"), width=width, color=COOPERATION, label="cooperation")
    axes.bar(days, -_numbers(series, "hostility"), width=width, color=HOSTILITY, label="hostility")
    axes.axhline(0, color="black", lw=0.6)
    axes.set_ylabel("sum of intensity")
    axes.legend(loc="upper left", ncols=2, bbox_to_anchor=(0, 1.14), borderaxespad=0)


def _draw_tone(axes: Any, series: pa.Table, days: np.ndarray) -> None:
    # With few events every interval is wide: points keep months without events visibly empty.
    low, high = _numbers(series, "tone_low"), _numbers(series, "tone_high")
    axes.vlines(days, low, high, color="#BBBBBB", lw=1.2)
    axes.plot(days, _numbers(series, "tone"), ls="", marker=".", ms=4, color="black")
    axes.axhline(0, color="black", lw=0.6)
    axes.set_ylim(-10.5, 10.5)
    axes.set_ylabel("mean intensity\n(95 % interval)")


def plot_network(ties: pa.Table, blocs: pa.Table, path: Path, title: str, seed: int = 0) -> None:
    """Draw a signed network: colours are blocs, blue ties positive, red dashed ties negative.

    Args:
        ties: The table of ``analysis.network.Network``.
        blocs: The table of ``analysis.blocs.Blocs``.
        path: Where to; the suffix says the format.
        title: Above the figure.
        seed: Of the layout.

    Raises:
        UsageError: The suffix is no format that can be written.
        OutputError: The file cannot be written.
    """
    actors = blocs["actor"].to_pylist()
    number = {actor: index for index, actor in enumerate(actors)}
    ends = [(number[a], number[b]) for a, b in zip(ties["a"].to_pylist(), ties["b"].to_pylist(), strict=True)]
    weights = _numbers(ties, "weight")
    places = _layout(len(actors), ends, weights, seed)
    strongest = float(np.abs(weights).max()) or 1.0
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(7.0, 6.0), layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        axes.set_axis_off()
        for (a, b), weight in zip(ends, weights.tolist(), strict=True):
            style = {"color": COOPERATION, "ls": "-"} if weight > 0 else {"color": HOSTILITY, "ls": (0, (3, 2))}
            width = 0.3 + 2.2 * abs(weight) / strongest
            axes.plot(*places[[a, b]].T, lw=width, alpha=0.55, zorder=1, **style)
        colours = [BLOC_COLOURS[min(bloc, len(BLOC_COLOURS) - 1)] for bloc in blocs["bloc"].to_pylist()]
        axes.scatter(places[:, 0], places[:, 1], s=50, c=colours, edgecolors="white", linewidths=0.8, zorder=2)
        for actor, place in zip(actors, places, strict=True):
            axes.annotate(actor, place, xytext=(4, 4), textcoords="offset points", fontsize=7, zorder=3)
        axes.set_title(title, loc="left")
        save_figure(figure, path)


def _layout(size: int, ends: list[tuple[int, int]], weights: np.ndarray, seed: int) -> np.ndarray:
    # Fruchterman and Reingold (1991), in which negative ties push instead of pull.
    random = np.random.default_rng(seed)
    places = random.uniform(-1, 1, (size, 2))
    pull = np.zeros((size, size))
    for (a, b), weight in zip(ends, weights.tolist(), strict=True):
        pull[a, b] = pull[b, a] = np.clip(weight, -1, 3)
    near = 1.2 / np.sqrt(size)
    for heat in np.linspace(0.2, 0.005, 250):
        apart = places[:, None] - places[None, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
        force = near**2 / distance**2 - np.maximum(pull, 0) * distance / near + np.maximum(-pull, 0) * near / distance
        step = (apart * force[:, :, None] / distance[:, :, None]).sum(axis=1) - 1.5 * places
        length = np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-9)
        places += step / length * np.minimum(length, heat)
    return places


def _numbers(table: pa.Table, column: str) -> np.ndarray:
    values: np.ndarray = table[column].cast(pa.float64()).to_numpy()
    return values


def check_suffix(path: Path) -> None:
    """Raise UsageError unless a figure can be written under this name."""
    if path.suffix.lower() not in _SUFFIXES:
        raise UsageError(f"{path}: a figure is .png, .svg or .pdf; change the name's ending")


def save_figure(figure: Figure, path: Path) -> None:
    """Write a figure; the same figure gives the same bytes.

    Raises:
        UsageError: The suffix is no format that can be written.
        OutputError: The file cannot be written.
    """
    check_suffix(path)
    # No date inside, so that the same data give the same bytes.
    metadata = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}[path.suffix.lower()]
    try:
        figure.savefig(path, dpi=200, metadata=metadata)
    except OSError as error:
        raise OutputError(f"{path}: the figure cannot be written ({error.strerror})") from error
