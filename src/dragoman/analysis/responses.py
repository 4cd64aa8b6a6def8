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


def responses(
    table: pa.Table, actors: Sequence[str], *, by: Step = "week", measure: Measure = "net", lags: int | None = None,
    criterion: Criterion = "aic", seasonal: bool = False, attention: bool = False, difference: bool = False,
    periods: int = 12, push: Push = "generalised", order: Sequence[str] = (), resamples: int = 500,
    selection: Selection | None = None, seed: int = 0,
) -> Responses:  # fmt: skip
    """Fit both models to what some actors do to each other.

    Args:
        table: Events with the schema ``tables.DYADS``.
        actors: 2 to 6 ids, names or blocs.
        by: The length of a period of the series; the point process goes by day.
        measure: "net" or "tone", see ``autoregression.series_panel``.
        lags: Periods that look back; chosen by the criterion when left out.
        criterion: "aic", "bic" or "hqic".
        seasonal: Add a yearly wave to the series.
        attention: Add the attention of the period before to the series.
        difference: Model changes of the series.
        periods: How far responses are followed.
        push: "generalised" or "orthogonalised".
        order: Of all series, for "orthogonalised".
        resamples: Of the bands; 0 leaves impulse responses out.
        selection: Dates and factuality.
        seed: Of the bands.

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
    series: Autoregression | None = None
    impulses: Impulses | None = None
    try:
        counts = channel_counts(table, actors, by=by, selection=selection)
        panel = series_panel(counts, measure, seasonal=seasonal, attention=attention, difference=difference)
        series = fit_autoregression(panel, lags=lags, criterion=criterion)
        notes += series.notes
        if resamples:
            impulses = impulse_responses(
                series, periods=periods, push=push, order=order, resamples=resamples, seed=seed
            )  # fmt: skip
    except AnalysisError as error:
        notes.append(f"no {'impulse responses' if series else 'autoregression'}: {error}")
    if events is None and series is None:
        raise AnalysisError("; ".join(notes))
    return Responses(tuple(actors), events, series, impulses, tuple(dict.fromkeys(notes)))
