"""Where an analysis command takes its events from: a workspace or a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from dragoman.errors import UsageError
from dragoman.formats.event_files import EventFile, read_event_file
from dragoman.knowledge import Knowledge

if TYPE_CHECKING:
    from dragoman.analysis.selection import Reality, Selection


def events_from(workspace: Path | None, events: Path | None, *, with_claims: bool = False) -> EventFile:
    """The events of a file, else of a workspace.

    Without either, the workspace is the nearest folder upwards that holds a ``dragoman.toml``.

    Raises:
        UsageError: Both are named, or neither is and there is no workspace here.
    """
    if workspace is not None and events is not None:
        raise UsageError("--workspace and --events exclude each other; name one source of events")
    if events is not None:
        return read_event_file(events)
    folder = workspace or nearest_workspace()
    if folder is None:
        raise UsageError("there is no workspace here; give --workspace DIR or --events FILE (Parquet, CSV, JSON lines)")
    import dragoman

    with dragoman.open(folder, read_only=True) as opened:
        if not with_claims:
            return EventFile(opened.dyads())
        return EventFile(opened.dyads(), tuple(opened.claims().records()), tuple(opened.disputes().records()))


def nearest_workspace() -> Path | None:
    """The nearest folder upwards that holds a ``dragoman.toml``."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "dragoman.toml").is_file()), None)


def names_of(table: pa.Table) -> dict[str, str]:
    """What every actor of some events is called, states as the lexicon has them."""
    from dragoman import knowledge
    from dragoman.analysis.selection import Selection, actor_names, event_rows

    return {**actor_names(event_rows(table, Selection(reality="all"))), **state_names(knowledge.load())}


def named(actor: str, names: Mapping[str, str]) -> str:
    """An actor as asked for with its name: "North Korea (PRK)"."""
    name = names.get(actor, actor)
    return f"{name} ({actor})" if name != actor else actor


def state_names(known: Knowledge) -> dict[str, str]:
    """The name of each state and territory by its ISO 3166 code."""
    return {code: territory.name for code, territory in known.territories.by_alpha3.items()}


def selected(
    since: str | None, until: str | None, reality: Reality = "happened", speaker: str | None = None
) -> Selection:
    """The events that ``--since``, ``--until`` and what is asked of them leave.

    Raises:
        UsageError: a date is none.
    """
    from dragoman.analysis.selection import Selection

    return Selection(day(since, "--since"), day(until, "--until", last=True), reality, speaker)


def day(text: str | None, option: str, *, last: bool = False) -> dt.date | None:
    """A date option: "2018", "2018-09" or "2018-09-18"; the first day meant, or the last.

    Raises:
        UsageError: It is none.
    """
    if text is None:
        return None
    try:
        parts = [int(part) for part in text.split("-")]
        year, month, number = (*parts, *(0, 0, 0))[:3] if len(parts) <= 3 else (0, 0, 0)
        if len(parts) == 3:
            return dt.date(year, month, number)
        if len(parts) == 2:
            after = dt.date(year + month // 12, month % 12 + 1, 1)
            return after - dt.timedelta(days=1) if last else dt.date(year, month, 1)
        return dt.date(year, 12, 31) if last else dt.date(year, 1, 1)
    except ValueError:
        raise UsageError(f"{option}: '{text}' is no date; write 2018, 2018-09 or 2018-09-18") from None
