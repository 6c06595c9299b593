"""Events in the order in which they were written, from a mark on; each is met once.

Ids grow with every row, but on a server a row may become visible after a later one. Ids that were passed over are
therefore kept, and looked for again until they are far behind.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from engine.store.database import Database
from engine.store.telemetry_read import events_of
from engine.store.telemetry_tables import events
from engine.telemetry.event import Event

_BEHIND = 1_000
"""Ids behind the mark from which a gap is taken for a row that never was."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far somebody read."""

    last: int = 0
    """Highest id that was read."""
    missing: tuple[int, ...] = ()
    """Ids below it that were not there, oldest first."""


def events_since(database: Database, mark: Mark, limit: int) -> tuple[list[Event], Mark]:
    """Return the next events, at most ``limit`` and those that turned up late, and the mark after them.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        late = connection.execute(select(events.c.id).where(events.c.id.in_(mark.missing))).scalars().all()
        query = select(events.c.id).where(events.c.id > mark.last).order_by(events.c.id).limit(limit)
        fresh = connection.execute(query).scalars().all()
        found = list(events_of(connection, sorted(late) + list(fresh)))
    last = fresh[-1] if fresh else mark.last
    passed_over = set(range(max(mark.last, last - _BEHIND) + 1, last + 1)) - set(fresh)
    waiting = (set(mark.missing) - set(late)) | passed_over
    return found, Mark(last, tuple(sorted(number for number in waiting if number > last - _BEHIND)))
