"""Reading stored texts again, with newer lexicons or another program version; corrections find their records anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dragoman.knowledge import load
from dragoman.record_tables import records_from
from dragoman.records import Document
from dragoman.workspace import corrections, queries, store, stories
from dragoman.workspace.database import Database
from dragoman.workspace.rows import READ_TABLES, read_rows

_AT_ONCE = 16


def reread(
    database: Database, documents: Iterable[str] | None = None, *, fast: bool = False, lexicon: Path | None = None
) -> int:
    """Read stored texts again.

    Args:
        database: the workspace's file.
        documents: ids or beginnings of ids; all documents when None.
        fast: leave out the trained models.
        lexicon: the user's overlay.

    Returns:
        How many were read.

    Raises:
        UsageError: a document is not there.
    """
    knowledge = load(lexicon)
    with database.session() as connection:
        ids = queries.document_ids(connection) if documents is None else [
            queries.find_document(connection, document) for document in documents
        ]  # fmt: skip
    done = 0
    for first in range(0, len(ids), _AT_ONCE):
        chosen = ids[first : first + _AT_ONCE]
        with database.session() as connection:
            places = ", ".join("?" * len(chosen))
            query = f"SELECT * FROM documents WHERE id IN ({places}) ORDER BY id"
            table = connection.sql(query, params=chosen).to_arrow_table()
        rows = read_rows(records_from(table, Document), knowledge, fast)
        read = [identifier for identifier in chosen if identifier not in rows.failed]
        with database.transaction() as connection:
            for name in READ_TABLES:
                store.forget(connection, name, "document", read)
            store.write_rows(connection, [rows])
            for identifier in read:
                notes = list(rows.notes.get(identifier, ()))
                connection.execute("UPDATE documents SET fast = ?, notes = ? WHERE id = ?", [fast, notes, identifier])
            corrections.derive(connection)
        done += len(read)
        database.give_way()
    with database.transaction() as connection:
        stories.group(connection)
    return done
