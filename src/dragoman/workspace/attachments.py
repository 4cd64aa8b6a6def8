"""Parquet data sets that a workspace answers from as if their records were its own."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import duckdb

from dragoman.errors import UsageError
from dragoman.workspace import store, views


def attach(connection: duckdb.DuckDBPyConnection, folder: Path) -> int:
    """Note a data set; the caller holds the transaction (see ``Workspace.attach``)."""
    place = str(folder.resolve())
    if place in views.decided(connection).attached:
        raise UsageError(f"{folder}: is attached already")
    if not all(views.holds(place, name) for name in ("documents", "dyads")):
        raise UsageError(f"{folder}: holds no data set of 'dragoman read-many' with events")
    store.insert_dicts(connection, "attachments", [{"folder": place, "attached": dt.datetime.now(dt.UTC)}])
    pattern = f"{place}/documents/*/*.parquet".replace("'", "''")
    return int(connection.execute(f"SELECT count(*) FROM read_parquet('{pattern}')").fetchall()[0][0])


def detach(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Forget a data set; the caller holds the transaction (see ``Workspace.detach``)."""
    place = str(folder.resolve())
    if place not in views.decided(connection).attached:
        raise UsageError(f"{folder}: is not attached")
    store.forget(connection, "attachments", "folder", [place])
