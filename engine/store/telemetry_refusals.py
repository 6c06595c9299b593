"""How many rows were refused: what is left out of the figures is said beside them."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from engine.store.database import Database
from engine.store.rows import insert, now
from engine.store.telemetry_tables import refusals


def refused_rows(database: Database) -> dict[tuple[str, str], int]:
    """How many rows were refused as impossible, by source and reason.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        rows = connection.execute(select(refusals).order_by(refusals.c.source, refusals.c.reason))
        return {(row.source, row.reason): row.rows for row in rows}


def count_refusals(connection: Connection, refused: Mapping[tuple[str, str], int]) -> None:
    """Count refused rows, by source and reason."""
    for (source, reason), rows in refused.items():
        statement = insert(connection, refusals).values(source=source, reason=reason, rows=rows, last_at=now())
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["source", "reason"],
                set_={"rows": refusals.c.rows + statement.excluded.rows, "last_at": statement.excluded.last_at},
            )
        )
