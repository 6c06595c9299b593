"""The latest calls of each cell, which is all that calibration reads, and the calls under a base on trial."""

from __future__ import annotations

from sqlalchemy import and_, case, func, or_, select

from engine.budgets.labels import family_of
from engine.budgets.learned import Cell
from engine.store.database import Database
from engine.store.telemetry_cells import find_cells
from engine.store.telemetry_tables import cells, events
from engine.telemetry.calibrate.calls import TEACHES, Call, call_with
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import to_us
from engine.telemetry.versions import StartedTrial
from engine.telemetry.words import CeilingSource, Finish, Outcome

_READ = (
    events.c.at_us,
    events.c.actual_output_tokens,
    events.c.selected_budget,
    events.c.actual_max_tokens,
    events.c.ceiling_source,
    events.c.predicted_output_tokens,
)


def latest_calls(database: Database, wanted: EventFilter, window: int) -> list[Call]:
    """Return the latest calls of every cell, in order of time.

    A cell's window, and that of every parent of it, lies within what this returns.

    Raises:
        InputError: the database cannot be read.
    """
    found = []
    with database.read() as connection:
        for cell in find_cells(connection, wanted):
            if cell.outcome not in TEACHES:
                continue
            place = Cell(cell.category, cell.complexity, cell.provider, family_of(cell.model))
            query = select(*_READ).where(events.c.cell_id == cell.id, events.c.complete)
            query = query.where(events.c.finish != Finish.CONTEXT.value, events.c.actual_output_tokens.is_not(None))
            if wanted.since is not None:
                query = query.where(events.c.at_us >= to_us(wanted.since))
            if wanted.until is not None:
                query = query.where(events.c.at_us < to_us(wanted.until))
            rows = connection.execute(query.order_by(events.c.at_us.desc()).limit(window))
            for at_us, length, selected, ceiling, source, predicted in rows:
                measured = ceiling if CeilingSource(source).is_measured else None
                is_cut = cell.outcome is Outcome.TRUNCATED
                found.append(call_with(place, at_us, length, is_cut, measured, selected, predicted))
    return sorted(found, key=lambda call: call.at_us)


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
