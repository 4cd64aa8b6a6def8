"""Networks, blocs, balance and alignment on small worlds whose camps are known."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from dragoman.analysis.alignment import alignment, alignments
from dragoman.analysis.balance import balance
from dragoman.analysis.blocs import METHODS, between, compare_blocs, driving_ties, find_blocs
from dragoman.analysis.network import build_network, network_of_ties
from dragoman.analysis.selection import Selection
from dragoman.errors import AnalysisError, UsageError
from relation_events import events

EAST, WEST = ("E1", "E2", "E3"), ("W1", "W2", "W3", "W4")


def two_camps() -> list[tuple[str, str, float]]:
    ties = [(a, b, 2.0) for camp in (EAST, WEST) for a, b in itertools.combinations(camp, 2)]
    return ties + [(a, b, -1.0) for a in EAST for b in WEST]


def test_network_of_events() -> None:
    told = events(
        *[{"actor": "RUR-MIL", "recipient": "SYL", "start": f"2020-01-0{d}", "intensity": -9.0} for d in (1, 2, 3)],
        *[{"actor": "SYL", "recipient": "BOR", "start": f"2020-02-0{d}", "intensity": 6.0} for d in (1, 2, 3)],
        {"actor": "BOR", "recipient": "RUR", "start": "2020-02-04", "intensity": 2.0},
    )
    network = build_network(told)
    assert network.actors == ("BOR", "RUR", "SYL")
    ties = network.arrow().to_pylist()
    assert [(t["a"], t["b"], t["events"]) for t in ties] == [("BOR", "SYL", 3), ("RUR", "SYL", 3)]
    assert ties[0]["weight"] == pytest.approx(1.386, abs=1e-3)
    assert ties[1]["weight"] == pytest.approx(-1.386, abs=1e-3)
    assert (ties[1]["first"], ties[1]["last"]) == (dt.date(2020, 1, 1), dt.date(2020, 1, 3))
    assert build_network(told, sectors=True, fewest_events=1).actors == ("BOR", "RUR", "RUR-MIL", "SYL")
    with pytest.raises(AnalysisError, match="no two actors share 9"):
        build_network(told, fewest_events=9)
    january = build_network(told, selection=Selection(until=dt.date(2020, 1, 31)))
    assert january.actors == ("RUR", "SYL")


@pytest.mark.parametrize("method", METHODS)
def test_two_camps_are_found(method: str) -> None:
    blocs = find_blocs(network_of_ties(two_camps()), method=method)  # type: ignore[arg-type]  # one of METHODS
    assert [blocs.members(bloc) for bloc in range(blocs.count)] == [WEST, EAST]
    assert len(blocs.frustrated) == 0
    assert blocs.certainty.tolist() == [1.0] * 7


def test_balance_of_two_camps_and_of_one_quarrel() -> None:
    whole = balance(network_of_ties(two_camps()))
    assert (whole.triads, whole.share, whole.frustration.value) == (35, 1.0, 0.0)
    ties = [tie for tie in two_camps() if tie[:2] != ("E1", "E2")] + [("E1", "E2", -1.0)]
    quarrel = balance(network_of_ties(ties))
    assert (quarrel.triads, quarrel.balanced, quarrel.frustration.value) == (35, 30, 1.0)
    assert balance(network_of_ties([("A", "B", 1.0)])).share is None


def test_who_stands_between() -> None:
    ties = [*two_camps(), ("M", "E1", 2.0), ("M", "E2", 2.0), ("M", "W1", 1.5), ("M", "W2", 1.5)]
    rows = between(find_blocs(network_of_ties(ties))).to_pylist()
    assert [row["actor"] for row in rows] == ["M"]
    assert rows[0]["other"] == pytest.approx(3 / 7)


def test_who_changed_sides_and_by_which_ties() -> None:
    before = find_blocs(
        network_of_ties([*two_camps(), *(("M", w, 2.0) for w in WEST), *(("M", e, -1.0) for e in EAST)])
    )
    after = find_blocs(network_of_ties([*two_camps(), *(("M", w, -1.0) for w in WEST), *(("M", e, 2.0) for e in EAST)]))
    [move] = compare_blocs(before, after)
    assert move.actor == "M"
    assert (set(move.left), set(move.joined)) == ({*WEST, "M"}, {*EAST, "M"})
    assert move.ties[0] == ("E1", -1.0, 2.0)
    assert compare_blocs(before, before) == ()


def test_the_strongest_ties_hold_a_bloc() -> None:
    ties = [*two_camps()[1:], ("E1", "E2", 5.0)]
    blocs = find_blocs(network_of_ties(ties))
    [row] = driving_ties(blocs, blocs.bloc_of("E1"), most=1).to_pylist()
    assert (row["a"], row["b"], row["weight"]) == ("E1", "E2", 5.0)


def test_alignment_is_explained() -> None:
    network = network_of_ties(two_camps())
    friends, foes = alignment(network, "E1", "E2"), alignment(network, "E1", "W1")
    assert friends.value == pytest.approx(1.0)
    assert foes.value < -0.5
    assert sum(part for _, part in foes.parts) == pytest.approx(foes.value)
    assert foes.direct == -1.0
    assert alignments(network, "E1")["actor"].to_pylist()[:2] == ["E2", "E3"]
    with pytest.raises(UsageError, match="different"):
        alignment(network, "E1", "e1")
    with pytest.raises(UsageError, match="has no tie"):
        alignment(network, "E1", "Nobody")


def test_networks_that_are_none() -> None:
    with pytest.raises(AnalysisError, match="at least one tie"):
        network_of_ties([])
    with pytest.raises(AnalysisError, match="different actors"):
        network_of_ties([("A", "A", 1.0)])
    with pytest.raises(UsageError, match="methods are"):
        find_blocs(network_of_ties(two_camps()), method="magic")  # type: ignore[arg-type]  # on purpose


def test_same_network_same_blocs_however_its_ties_are_ordered() -> None:
    ties = two_camps()
    one, two = find_blocs(network_of_ties(ties)), find_blocs(network_of_ties(ties[::-1]))
    assert one.member.tolist() == two.member.tolist()
