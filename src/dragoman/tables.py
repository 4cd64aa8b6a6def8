"""The flat tables that analysis, exports and other programs work on (Arrow)."""

from __future__ import annotations

import pyarrow as pa

DYADS = pa.schema([
    ("event", pa.string()),  # id of the event record
    ("document", pa.string()),  # id of its document; null when imported without one
    ("publisher", pa.string()),
    ("story", pa.string()),  # groups records of the same happening; null when not grouped
    ("published", pa.date32()),
    ("start", pa.date32()),  # when it happened, inclusive; null when unknown
    ("end", pa.date32()),
    ("granularity", pa.string()),
    ("actor", pa.string()),  # id ("PRK", "PRK-MIL", "IGO-NATO"), null when not resolved
    ("actor_name", pa.string()),
    ("recipient", pa.string()),
    ("recipient_name", pa.string()),
    ("event_type", pa.string()),  # PLOVER's 16
    ("mode", pa.string()),
    ("contexts", pa.list_(pa.string())),
    ("quad_class", pa.int8()),  # 1 to 4
    ("intensity", pa.float64()),  # Goldstein-type, -10 to 10
    ("factuality", pa.string()),  # FactBank value
    ("speaker", pa.string()),  # id or name of who says so; null when the document itself does
    ("place", pa.string()),
    ("lat", pa.float64()),
    ("lon", pa.float64()),
    ("country", pa.string()),  # of the place
    ("quote", pa.string()),  # the sentence; null when imported without text
    ("origin", pa.string()),  # "read", or the format it was imported from
])  # fmt: skip
"""One row for each actor-recipient pair of an event (one row with a null recipient when it has none)."""
