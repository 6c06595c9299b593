"""The latest calls of each cell, which is all that calibration reads, and the calls under a base on trial."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select

from engine.store.database import Database
from engine.store.telemetry_cells import find_cells
from engine.store.telemetry_rows import event_of
from engine.store.telemetry_tables import cells, events
from engine.telemetry.calibrate.calls import Call, call_of
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import to_us
from engine.telemetry.versions import StartedTrial
from engine.telemetry.words import Outcome

_TEACHES = (Outcome.COMPLETE, Outcome.TRUNCATED)


def latest_calls(database: Database, wanted: EventFilter, window: int) -> list[Call]:
    """Return the latest calls of every cell, in order of time.

    A cell's window, and that of every parent of it, lies within what this returns.

    Raises:
        InputError: the database cannot be read.
    """
    found = []
    with database.read() as connection:
        for cell in find_cells(connection, wanted):
            if cell.outcome not in _TEACHES:
                continue
            query = select(events, cells).join(cells).where(events.c.cell_id == cell.id, events.c.complete)
            if wanted.since is not None:
                query = query.where(events.c.at_us >= to_us(wanted.since))
            if wanted.until is not None:
                query = query.where(events.c.at_us < to_us(wanted.until))
            rows = connection.execute(query.order_by(events.c.at_us.desc()).limit(window))
            found += [call_of(event_of(row), row.at_us) for row in rows]
    return sorted((call for call in found if call is not None), key=lambda call: call.at_us)


def calls_on_trial(database: Database, trial: StartedTrial) -> tuple[int, int]:
    """Return how many calls were made under a base on trial, and how many of them were cut off or escalated.

    Raises:
        InputError: the database cannot be read.
    """
    troubled = or_(cells.c.outcome == Outcome.TRUNCATED.value, events.c.escalation_reason == "utilization")
    query = (
        select(func.count(), func.sum(case((troubled, 1), else_=0)))
        .select_from(events.join(cells))
        .where(
            and_(
                cells.c.category == trial.category,
                cells.c.complexity == trial.complexity,
                events.c.at_us >= to_us(trial.since),
                events.c.selected_budget == trial.base_tokens,
            )
        )
    )
    with database.read() as connection:
        calls, bad = connection.execute(query).one()
    return int(calls or 0), int(bad or 0)
