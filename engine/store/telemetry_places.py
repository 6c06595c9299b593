"""How far importers read each place, so that the next run goes on from there."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select

from engine.store.database import Database
from engine.store.rows import insert, now
from engine.store.telemetry_rows import written
from engine.store.telemetry_tables import places


def read_places(database: Database, source: str) -> dict[str, str]:
    """Return the state of every place that an importer knows, in the importer's own words.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        rows = connection.execute(select(places.c.place, places.c.state).where(places.c.source == source))
        return {row.place: row.state for row in rows}


def put_places(connection: Connection, source: str, states: Mapping[str, str]) -> None:
    """Keep states inside the transaction that writes what was read up to there."""
    for place, state in states.items():
        values = {"state": written(state), "updated_at": now()}
        connection.execute(
            insert(connection, places)
            .values(source=source, place=written(place), **values)
            .on_conflict_do_update(index_elements=["source", "place"], set_=values)
        )


def forget_places(database: Database, source: str) -> None:
    """Make an importer begin anew.

    Raises:
        InputError: the database cannot be written.
    """
    with database.write() as connection:
        connection.execute(delete(places).where(places.c.source == source))
