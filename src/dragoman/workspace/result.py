"""What a query of a workspace gives: an Arrow table that becomes what the caller works with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pyarrow as pa

from dragoman.record_tables import records_from
from dragoman.records import Actor, Claim, Dispute, Document, Event

if TYPE_CHECKING:
    import pandas
    import polars

R = TypeVar("R", Document, Actor, Event, Claim, Dispute)


class Result(Generic[R]):
    """Rows of one record type, in the order asked for. Iterating gives dictionaries."""

    def __init__(self, table: pa.Table, record_type: type[R]) -> None:
        self._table = table
        self._record_type: type[R] = record_type

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self._table.to_batches(max_chunksize=1000):
            yield from batch.to_pylist()

    def records(self) -> list[R]:
        """The rows as records of ``dragoman.records``."""
        return records_from(self._table, self._record_type)

    def arrow(self) -> pa.Table:
        """The rows as an Arrow table; spans are structs."""
        return self._table

    def df(self) -> pandas.DataFrame:
        """The rows as a pandas frame (pandas must be installed)."""
        frame: pandas.DataFrame = self._table.to_pandas()
        return frame

    def pl(self) -> polars.DataFrame:
        """The rows as a polars frame (polars must be installed)."""
        import polars

        frame = polars.from_arrow(self._table)
        if not isinstance(frame, polars.DataFrame):  # pragma: no cover - a table never becomes a series
            raise TypeError("a table was expected")
        return frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self._table.__arrow_c_stream__(requested_schema)
