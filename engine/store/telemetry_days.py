"""Figures of days: kept in step with every write of events, read by every report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select

from engine.store.rows import insert
from engine.store.telemetry_tables import days
from engine.telemetry.rollup import SKETCHES, SUMS
from engine.telemetry.tallies import Tallies, combined, unpacked

CELLS = 1 << 32
"""More cells than there can be: a day times this plus the id of the cell is one number, the place of their figures."""
_CHUNK = 400
_COLUMNS = (days.c.day, days.c.cell_id, *(days.c[name] for name in (*SUMS, *SKETCHES)))


def add_to_days(connection: Connection, changes: Tallies) -> None:
    """Add what changed to the figures of days, by place; a day without calls is removed."""
    for start in range(0, len(changes.names), _CHUNK):
        part = changes.part(start, start + _CHUNK)
        after = combined([(_read(connection, part.names.tolist()), 1), (part, 1)])
        places, packed = after.names.tolist(), after.packed()
        here = after.sums[:, SUMS.index("n")] >= 1
        gone = [place for place, is_here in zip(places, here, strict=True) if not is_here]
        if gone:
            connection.execute(delete(days).where(_at(gone)))
        kept = [
            _values(place, sums, blobs)
            for place, sums, blobs, is_here in zip(places, after.sums.tolist(), packed, here, strict=True)
            if is_here
        ]
        if kept:
            statement = insert(connection, days)
            names = (*SUMS, *SKETCHES)
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["day", "cell_id"], set_={name: statement.excluded[name] for name in names}
                ),
                kept,
            )


def figures_of(rows: Sequence[Any]) -> Tallies:
    """Make tallies by place of rows that have all columns of figures."""
    ordered = sorted(rows, key=lambda row: row[0] * CELLS + row[1])
    ends = 2 + len(SUMS)
    return unpacked(
        [row[0] * CELLS + row[1] for row in ordered],
        [row[2:ends] for row in ordered],
        [[bytes(blob) for blob in row[ends:]] for row in ordered],
    )


def _read(connection: Connection, places: list[int]) -> Tallies:
    return figures_of([tuple(row) for row in connection.execute(select(*_COLUMNS).where(_at(places)))])


def _at(places: list[int]) -> ColumnElement[bool]:
    by_day: dict[int, list[int]] = {}
    for place in places:
        by_day.setdefault(place // CELLS, []).append(place % CELLS)
    return or_(*(and_(days.c.day == day, days.c.cell_id.in_(cells)) for day, cells in by_day.items()))


def _values(place: int, sums: list[float], packed: list[bytes]) -> dict[str, object]:
    rounded = {name: value if name == "smape_sum" else round(value) for name, value in zip(SUMS, sums, strict=True)}
    return {"day": place // CELLS, "cell_id": place % CELLS, **rounded, **dict(zip(SKETCHES, packed, strict=True))}
