"""Figures of many events from what days keep; only the days at the edges of a span are read call by call."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection, select

from engine.store.database import Database
from engine.store.telemetry_cells import CellRow, find_cells
from engine.store.telemetry_read import Span, span_of
from engine.store.telemetry_tables import cells, days, events
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import DAY_US, day_of
from engine.telemetry.rollup import NUMBERS, SKETCHES, SUMS, Tally, columns, nothing, stored, tally_columns
from engine.telemetry.sketch import unpack

G = TypeVar("G", bound=Hashable)


def figures(database: Database, wanted: EventFilter, group: Callable[[int, CellRow], G]) -> Mapping[G, Tally]:
    """Add up the figures of all events that a filter holds for.

    Args:
        database: Where they are.
        wanted: Which events.
        group: Names the group of a day (days since 1970) and a cell.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        span = span_of(connection, wanted)
        known = {cell.id: cell for cell in find_cells(connection, wanted)}
        sums: dict[G, list[tuple[float, ...]]] = {}
        sketches: dict[G, list[tuple[bytes, ...]]] = {}
        for row in _days(connection, span):
            name = group(row[0], known[row[1]])
            sums.setdefault(name, []).append(row[2 : 2 + len(SUMS)])
            sketches.setdefault(name, []).append(row[2 + len(SUMS) :])
        found = {
            name: stored(
                np.array(sums[name], np.float64).sum(axis=0).tolist(),
                [unpack(map(bytes, column)) for column in zip(*sketches[name], strict=True)],
            )
            for name in sums
        }
        for day in _edges(span):
            for cell_id, one in _day(connection, span, day).items():
                name = group(day, known[cell_id])
                found[name] = found.get(name, nothing()) + one
    return found


def _edges(span: Span) -> list[int]:
    """Days of which only a part is meant."""
    cut = [moment for moment in (span.since_us, span.until_us) if moment is not None and moment % DAY_US]
    return sorted({day_of(moment) for moment in cut})


def _days(connection: Connection, span: Span) -> list[tuple[Any, ...]]:
    query = select(days.c.day, days.c.cell_id, *(days.c[name] for name in (*SUMS, *SKETCHES)))
    if not span.is_everything:
        query = query.where(days.c.cell_id.in_(span.cell_ids))
    if span.since_us is not None:
        query = query.where(days.c.day >= -(-span.since_us // DAY_US))
    if span.until_us is not None:
        query = query.where(days.c.day < span.until_us // DAY_US)
    return [tuple(row) for row in connection.execute(query)]


def _day(connection: Connection, span: Span, day: int) -> Mapping[int, Tally]:
    """Figures of the part of a day that is meant, by cell."""
    read = [events.c[name] for name in NUMBERS]
    query = (
        select(events.c.cell_id, events.c.ceiling_source, cells.c.outcome, events.c.cost_nanousd, *read)
        .join(cells)
        .where(*span.conditions(day * DAY_US, (day + 1) * DAY_US))
    )
    if not span.is_everything:
        query = query.where(events.c.cell_id.in_(span.cell_ids))
    rows = connection.execute(query).all()
    if not rows:
        return {}
    ids, sources, outcomes, costs, *numbers = zip(*rows, strict=True)
    read_columns = columns(list(zip(*numbers, strict=True)), sources, outcomes, costs)
    return tally_columns(read_columns, np.array(ids, np.int64))
