"""Figures of many events from what days keep; only the days at the edges of a span are read call by call."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import Connection, case, select

from engine.store.database import Database
from engine.store.telemetry_cells import CellRow, find_cells
from engine.store.telemetry_days import CELLS, figures_of
from engine.store.telemetry_read import Span, span_of
from engine.store.telemetry_tables import cells, days, events
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import DAY_US, day_of
from engine.telemetry.rollup import NUMBERS, SKETCHES, SUMS, Columns, Tally, nothing, stored
from engine.telemetry.sketch import unpack
from engine.telemetry.tallies import tallied
from engine.telemetry.words import CeilingSource, Outcome

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
    """Figures of the part of a day that is meant, by cell: of the smaller part, the other one from the whole day."""
    start_us, end_us = day * DAY_US, (day + 1) * DAY_US
    since = max(start_us, span.since_us if span.since_us is not None else start_us)
    until = min(end_us, span.until_us if span.until_us is not None else end_us)
    if until - since <= DAY_US // 2:
        return _between(connection, span, since, until)
    query = select(days.c.day, days.c.cell_id, *(days.c[name] for name in (*SUMS, *SKETCHES)))
    query = query.where(days.c.day == day)
    if not span.is_everything:
        query = query.where(days.c.cell_id.in_(span.cell_ids))
    whole = figures_of([tuple(row) for row in connection.execute(query)]).each()
    found = {place % CELLS: one for place, one in whole.items()}
    for left_out in (_between(connection, span, start_us, since), _between(connection, span, until, end_us)):
        for cell_id, one in left_out.items():
            found[cell_id] = found.get(cell_id, nothing()) + -one
    return found


def _between(connection: Connection, span: Span, since_us: int, until_us: int) -> Mapping[int, Tally]:
    """Figures of the calls of some hours, read one by one."""
    if since_us >= until_us:
        return {}
    measured = events.c.ceiling_source.in_([source.value for source in CeilingSource if source.is_measured])
    read = [events.c[name] for name in NUMBERS]
    query = select(events.c.cell_id, case((measured, 1), else_=0), events.c.cost_nanousd, *read)
    query = query.where(events.c.at_us >= since_us, events.c.at_us < until_us)
    if not span.is_everything:
        query = query.where(events.c.cell_id.in_(span.cell_ids))
    # Tuples as the driver has them, numbers all: anything made of each row would take longer than reading it.
    plainly = query.compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
    rows = connection.exec_driver_sql(str(plainly)).cursor.fetchall()
    if not rows:
        return {}
    table = np.array(rows, np.float64).T
    ids = table[0].astype(np.int64)
    outcome = {row.id: row.outcome for row in connection.execute(select(cells.c.id, cells.c.outcome))}
    known = np.zeros((2, max(outcome) + 1), np.bool_)
    for cell_id, name in outcome.items():
        known[:, cell_id] = name == Outcome.COMPLETE, name == Outcome.TRUNCATED
    return tallied(Columns(table[3:], table[1] == 1, known[0][ids], known[1][ids], table[2]), ids).each()
