"""Figures of days: kept in step with every write of events, read by every report."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from engine.store.rows import insert
from engine.store.telemetry_tables import days
from engine.telemetry.rollup import SKETCHES, SUMS, Tally, stored
from engine.telemetry.sketch import pack, unpack

_CHUNK = 200
Place = tuple[int, int]
"""Day and id of the cell."""


def add_to_days(connection: Connection, changes: Mapping[Place, Tally]) -> None:
    """Add what changed to the figures of days; a day without calls is removed."""
    places = list(changes)
    for start in range(0, len(places), _CHUNK):
        part = places[start : start + _CHUNK]
        before = _read(connection, part)
        after = {place: changes[place] + before[place] if place in before else changes[place] for place in part}
        gone = [place for place, tally in after.items() if tally.sum_of("n") < 1]
        if gone:
            connection.execute(delete(days).where(_at(gone)))
        kept = [_values(place, tally) for place, tally in after.items() if place not in gone]
        if kept:
            statement = insert(connection, days)
            names = (*SUMS, *SKETCHES)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["day", "cell_id"], set_={name: statement.excluded[name] for name in names}
                ),
                kept,
            )


def tally_of(row: object) -> Tally:
    """Make a tally of a row of figures."""
    sums = [getattr(row, name) for name in SUMS]
    return stored(sums, [unpack([bytes(getattr(row, name))]) for name in SKETCHES])


def _read(connection: Connection, places: list[Place]) -> dict[Place, Tally]:
    rows = connection.execute(select(days).where(_at(places)))
    return {(row.day, row.cell_id): tally_of(row) for row in rows}


def _at(places: list[Place]) -> ColumnElement[bool]:
    by_day: dict[int, list[int]] = {}
    for day, cell in places:
        by_day.setdefault(day, []).append(cell)
    return or_(*(and_(days.c.day == day, days.c.cell_id.in_(cells)) for day, cells in by_day.items()))


def _values(place: Place, tally: Tally) -> dict[str, object]:
    sums = {name: value if name == "smape_sum" else round(value) for name, value in zip(SUMS, tally.sums, strict=True)}
    sketches = {name: pack(tally.sketch(name)) for name in SKETCHES}
    return {"day": place[0], "cell_id": place[1], **sums, **sketches}
