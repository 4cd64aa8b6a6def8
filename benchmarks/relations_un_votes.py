"""Blocs in the votes of the UN General Assembly, by decade, set against alliances.

``python benchmarks/relations_un_votes.py VOTES ROLL_CALLS [--alliances EDGES --states STATES] [--figure FILE]``.
VOTES and ROLL_CALLS are the tables of the public ``unvotes`` package (Voeten, Strezhnev and Bailey), EDGES a
table ``period,a,b,sign`` of alliances (1) and disputes (-1), STATES the Correlates of War state list. Nothing
is fitted: the same ``find_blocs`` with its defaults as for events.

A vote is 1 (yes), 0 (abstention) or -1 (no), less the roll call's mean; two states are tied by the cosine
of their votes over the roll calls that both voted on (20 at least), so agreeing with everybody does not count.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from dragoman.analysis.blocs import Blocs, find_blocs
from dragoman.analysis.network import Network, network_of_ties

FEWEST_SHARED = 20
SHOWN = ("United States", "United Kingdom", "Russia", "China", "India", "Cuba", "Brazil", "South Africa", "Israel")
LABELS = {
    "United States": "US",
    "United Kingdom": "UK",
    "Russia": "RU",
    "China": "CN",
    "India": "IN",
    "Brazil": "BR",
    "Cuba": "CU",
}
# How the vote table calls a state that the edges name by another code than the state list's.
CODES = {
    "ANT": "Antigua & Barbuda", "AUT": "Austria", "BKF": "Burkina Faso", "CAF": "Central African Republic",
    "CMB": "Cambodia", "CVD": "Cape Verde", "ELS": "El Salvador", "ESP": "Spain", "FRA": "France",
    "GBR": "United Kingdom", "GER": "Germany", "KYG": "Kyrgyzstan", "LTN": "Lithuania", "LYB": "Libya",
    "MLW": "Malawi", "MOL": "Moldova", "MYR": "Myanmar (Burma)", "MYS": "Malaysia", "NDL": "Netherlands",
    "NGA": "Nigeria", "NZD": "New Zealand", "OMN": "Oman", "PHL": "Philippines", "PRG": "Portugal",
    "SGP": "Singapore", "SLR": "Sierra Leone", "SVN": "Slovenia", "SWE": "Sweden", "TGO": "Togo", "THA": "Thailand",
    "TNZ": "Tanzania", "USA": "United States", "VZA": "Venezuela", "CDI": "Côte d’Ivoire",
    "BOS": "Bosnia & Herzegovina",
    "MAC": "North Macedonia",
    "CON": "Congo - Brazzaville", "CZR": "Czechia", "DRC": "Congo - Kinshasa", "GFR": "Federal Republic of Germany",
    "KOR": "South Korea", "NKR": "North Korea", "STK": "St. Kitts & Nevis", "STL": "St. Lucia", "SWA": "Eswatini",
    "SVG": "St. Vincent & Grenadines", "TRI": "Trinidad & Tobago", "TWN": "Taiwan", "UKI": "Ukraine", "VTN": "Vietnam",
}  # fmt: skip


def vote_matrix(votes: pd.DataFrame) -> tuple[list[str], Any]:
    """States and their votes (states by roll calls), less each roll call's mean; nan where absent."""
    value = votes["vote"].map({"yes": 1.0, "abstain": 0.0, "no": -1.0})
    table = votes.assign(value=value).pivot_table(index="country", columns="rcid", values="value")
    return list(table.index), table.to_numpy() - np.nanmean(table.to_numpy(), axis=0)


def cosines(matrix: Any) -> Any:
    """The cosine of every two rows over the columns that both have; nan with fewer than 20."""
    there = ~np.isnan(matrix)
    filled = np.where(there, matrix, 0.0)
    there = there.astype(float)
    shared, squares = there @ there.T, filled**2 @ there.T
    with np.errstate(invalid="ignore", divide="ignore"):
        found = filled @ filled.T / np.sqrt(squares * squares.T)
    found[shared < FEWEST_SHARED] = np.nan
    return found


def decade_network(votes: pd.DataFrame) -> tuple[Network, Any, list[str]]:
    """The network of one decade, its cosines and its states."""
    states, matrix = vote_matrix(votes)
    square = cosines(matrix)
    upper = [(i, j) for i in range(len(states)) for j in range(i) if np.isfinite(square[i, j]) and square[i, j] != 0]
    return network_of_ties([(states[i], states[j], float(square[i, j])) for i, j in upper]), square, states


def allied_pairs(edges: pd.DataFrame, codes: dict[str, str], decade: int) -> set[frozenset[str]]:
    """Pairs allied in any window that begins in the decade."""
    begins = 1900 + edges["period"].str[:2].astype(int)
    chosen = edges[(begins // 10 * 10 == decade) & (edges["sign"] > 0)]
    return {frozenset((codes.get(a, a), codes.get(b, b))) for a, b in zip(chosen["a"], chosen["b"], strict=True)}


def agreement(square: Any, states: list[str], blocs: Blocs, allied: set[frozenset[str]]) -> dict[str, float]:
    """How far votes tell allies: the area under the curve, and shares of pairs that are in one bloc."""
    scores, truth, same = [], [], []
    for i, one in enumerate(states):
        for j in range(i):
            if np.isfinite(square[i, j]):
                scores.append(square[i, j])
                truth.append(frozenset((one, states[j])) in allied)
                same.append(blocs.bloc_of(one) == blocs.bloc_of(states[j]))
    values, positive, together = np.array(scores), np.array(truth), np.array(same)
    ranks = pd.Series(values).rank().to_numpy()
    count = positive.sum()
    area = (ranks[positive].sum() - count * (count + 1) / 2) / (count * (len(values) - count))
    return {
        "pairs": float(count), "auc": float(area),
        "allies_together": float(together[positive].mean()), "others_together": float(together[~positive].mean()),
    }  # fmt: skip


def draw(panels: list[tuple[int, Any, list[str], Blocs]], path: Path) -> None:
    """Each decade as a panel: how close each state votes to the United States and to Russia, coloured by bloc."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from dragoman.formats.plots import BLOC_COLOURS

    figure = Figure(figsize=(10, 5.4), layout="constrained")
    FigureCanvasAgg(figure)
    for axes, (decade, square, states, blocs) in zip(
        figure.subplots(2, 4, sharex=True, sharey=True).flat, panels, strict=False
    ):
        west, east = states.index("United States"), states.index("Russia")
        colours = [BLOC_COLOURS[min(blocs.bloc_of(state), 6)] for state in states]
        axes.scatter(square[west], square[east], c=colours, s=14, edgecolors="white", linewidths=0.3)
        for name, label in LABELS.items():
            if name in states and np.isfinite(square[west, states.index(name)] + square[east, states.index(name)]):
                place = (square[west, states.index(name)], square[east, states.index(name)])
                below = (2, -9) if name == "United Kingdom" else (3, 3)  # beside the United States nearly always
                axes.annotate(label, place, xytext=below, textcoords="offset points", fontsize=7)
        axes.axhline(0, color="#bbb", lw=0.5, zorder=0)
        axes.axvline(0, color="#bbb", lw=0.5, zorder=0)
        axes.set_title(f"{decade}s", fontsize=9, loc="left")
        axes.tick_params(labelsize=7)
    figure.supxlabel("agreement with the United States (cosine of votes)", fontsize=8)
    figure.supylabel("agreement with Russia / the Soviet Union", fontsize=8)
    figure.savefig(path, dpi=130, metadata={"Software": None})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("votes", type=Path)
    parser.add_argument("roll_calls", type=Path)
    parser.add_argument("--alliances", type=Path)
    parser.add_argument("--states", type=Path)
    parser.add_argument("--figure", type=Path)
    chosen = parser.parse_args()
    if not chosen.votes.is_file() or not chosen.roll_calls.is_file():
        sys.exit("the vote tables are not there; they are public (unvotes package)")
    calls = pd.read_csv(chosen.roll_calls, usecols=["rcid", "date"])
    votes = pd.read_csv(chosen.votes, usecols=["rcid", "country", "vote"]).merge(calls, on="rcid")
    votes["decade"] = votes["date"].str[:4].astype(int) // 10 * 10
    edges, codes = None, dict(CODES)
    if chosen.alliances is not None and chosen.states is not None:
        edges = pd.read_csv(chosen.alliances)
        listed = pd.read_csv(chosen.states)
        codes = {**dict(zip(listed["stateabb"], listed["statenme"], strict=True)), **CODES}
    panels = []
    print("decade states blocs | members of the blocs of five or more, by those best known")
    for decade, rows in votes[votes["decade"] < 2020].groupby("decade"):
        network, square, states = decade_network(rows)
        blocs = find_blocs(network)
        kept = [state for state in states if state in network.actors]
        order = [states.index(state) for state in kept]
        square = square[np.ix_(order, order)]
        panels.append((int(str(decade)), square, kept, blocs))
        large = [bloc for bloc in range(blocs.count) if len(blocs.members(bloc)) >= 5]
        told = "; ".join(
            f"{len(blocs.members(b))}: " + ", ".join(s for s in SHOWN if s in blocs.members(b)) for b in large
        )
        print(f"{decade} {len(kept)} {blocs.count} | {told}")
        allied = allied_pairs(edges, codes, int(str(decade))) if edges is not None else set()
        if allied:
            print(
                "     "
                + " ".join(f"{key} {value:.3f}" for key, value in agreement(square, kept, blocs, allied).items())
            )
    if chosen.figure is not None:
        draw(panels, chosen.figure)


if __name__ == "__main__":
    main()
