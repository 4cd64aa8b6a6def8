"""Events of other data sets on their way in: batches of rows, and what had to be repaired."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from dragoman.tables import DYADS

_FIRST = 5


class Repairs:
    """What was repaired or left out, gathered by column and cause; iterating gives a line each.

    A line reads ``row 7, EventCode: ...`` or, for many rows, ``rows 7, 9, 12 and 301 more, EventCode: ...``. Rows are
    counted from 1, without the heading.
    """

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], list[int]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def note(self, column: str, what: str, rows: Iterable[int]) -> None:
        """Add rows to a cause; ``column`` is empty where the whole row is meant."""
        found = [int(row) for row in rows]
        if not found:
            return
        first = self._rows.setdefault((column, what), [])
        first.extend(found[: max(0, _FIRST - len(first))])
        self._counts[column, what] = self._counts.get((column, what), 0) + len(found)

    @property
    def count(self) -> int:
        """How many cells and rows were repaired or left out."""
        return sum(self._counts.values())

    def __iter__(self) -> Iterator[str]:
        for (column, what), first in self._rows.items():
            count = self._counts[column, what]
            more = f" and {count - len(first):,} more" if count > len(first) else ""
            listed = ", ".join(map(str, first))
            yield f"row{'s' if count > 1 else ''} {listed}{more}{', ' + column if column else ''}: {what}"


class Imported:
    """Events of a file; the file is read while ``batches`` is consumed, once.

    Attributes:
        origin: the format; it stands in each row.
        batches: tables with the schema ``tables.DYADS``.
        repairs: what was repaired; complete after the last batch.
    """

    def __init__(self, origin: str, batches: Iterable[pa.Table], repairs: Repairs) -> None:
        self.origin = origin
        self.batches = batches
        self.repairs = repairs

    def table(self) -> pa.Table:
        """All batches as one table; for files that fit into memory."""
        return pa.concat_tables([DYADS.empty_table(), *self.batches])
