"""Action and reaction among two to six actors, by two models side by side: event times and periodic sums."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pyarrow as pa

from dragoman.analysis.autoregression import Autoregression, Criterion, Measure, fit_autoregression, series_panel
from dragoman.analysis.channels import channel_counts
from dragoman.analysis.excitation import Excitation, fit_excitation
from dragoman.analysis.impulse import Impulses, Push, impulse_responses
from dragoman.analysis.periods import Step
from dragoman.analysis.selection import Selection
from dragoman.errors import AnalysisError


class Responses(msgspec.Struct, frozen=True):
    """Who answers whom.

    ``events`` is the point process of daily counts, ``series`` the autoregression and ``impulses`` its responses;
    a model that the events are too few for is None and ``notes`` say what it would need.
    """

    actors: tuple[str, ...]
    events: Excitation | None
    series: Autoregression | None
    impulses: Impulses | None
    notes: tuple[str, ...]


class SeriesOptions(msgspec.Struct, frozen=True):
    """How the series are made, modelled and pushed.

    ``by`` is the length of a period, ``measure``, ``seasonal``, ``attention`` and ``difference`` as in
    ``autoregression.series_panel``, ``lags`` and ``criterion`` as in ``fit_autoregression``, the others as in
    ``impulse.impulse_responses``; no ``resamples`` leave impulse responses out.
    """

    by: Step = "week"
    measure: Measure = "net"
    seasonal: bool = False
    attention: bool = False
    difference: bool = False
    lags: int | None = None
    criterion: Criterion = "aic"
    periods: int = 12
    push: Push = "generalised"
    order: tuple[str, ...] = ()
    resamples: int = 500
    seed: int = 0


def responses(
    table: pa.Table,
    actors: Sequence[str],
    *,
    options: SeriesOptions | None = None,
    selection: Selection | None = None,
) -> Responses:
    """Fit both models to what some actors do to each other.

    Args:
        table: Events with the schema ``tables.DYADS``.
        actors: 2 to 6 ids, names or blocs.
        options: Of the series; the point process goes by day and needs none.
        selection: Dates and factuality; what happened, at any time, when left out.

    Raises:
        UsageError: An actor is unknown, or an option makes no sense.
        AnalysisError: The events are too few for either model; the message says what the models need.
    """
    notes: list[str] = []
    events: Excitation | None = None
    try:
        events = fit_excitation(channel_counts(table, actors, by="day", selection=selection))
        notes += events.notes
    except AnalysisError as error:
        notes.append(f"no model of event times: {error}")
    chosen = options or SeriesOptions()
    series: Autoregression | None = None
    impulses: Impulses | None = None
    try:
        series = _series(table, actors, chosen, selection)
        notes += series.notes
        if chosen.resamples:
            impulses = impulse_responses(series, periods=chosen.periods, push=chosen.push, order=chosen.order,
                                         resamples=chosen.resamples, seed=chosen.seed)  # fmt: skip
    except AnalysisError as error:
        notes.append(f"no {'impulse responses' if series else 'autoregression'}: {error}")
    if events is None and series is None:
        raise AnalysisError("; ".join(notes))
    return Responses(tuple(actors), events, series, impulses, tuple(dict.fromkeys(notes)))


def _series(
    table: pa.Table, actors: Sequence[str], chosen: SeriesOptions, selection: Selection | None
) -> Autoregression:
    counts = channel_counts(table, actors, by=chosen.by, selection=selection)
    panel = series_panel(counts, chosen.measure, seasonal=chosen.seasonal, attention=chosen.attention,
                         difference=chosen.difference)  # fmt: skip
    return fit_autoregression(panel, lags=chosen.lags, criterion=chosen.criterion)
