"""Reading events: any page of any filter at once, however many there are.

The figures of days say how many calls each day has in the cells that a filter means, so that finding a page, and
knowing how many there are, reads the calls of the days it lies on and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select

from engine.errors import InputError
from engine.store.database import Database
from engine.store.telemetry_cells import find_cells
from engine.store.telemetry_rows import event_of
from engine.store.telemetry_tables import cells, days, events
from engine.telemetry.event import Event
from engine.telemetry.filters import EventFilter
from engine.telemetry.moments import DAY_US, day_of, to_us

_CHUNK = 2_000
_DENSE = 0.02
"""Share of a day's calls from which reading them in order of time beats sorting those of the cells."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, newest first."""

    total: int
    """Events that the filter holds for."""
    offset: int
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A filter made ready: which cells, and between which moments."""

    cell_ids: tuple[int, ...]
    is_everything: bool
    """Whether every cell is meant."""
    since_us: int | None
    until_us: int | None

    def conditions(self, from_us: int | None = None, to_us: int | None = None) -> list[ColumnElement[bool]]:
        """Times of events, narrowed to a range."""
        starts = [moment for moment in (self.since_us, from_us) if moment is not None]
        ends = [moment for moment in (self.until_us, to_us) if moment is not None]
        found: list[ColumnElement[bool]] = []
        if starts:
            found.append(events.c.at_us >= max(starts))
        if ends:
            found.append(events.c.at_us < min(ends))
        return found


def span_of(connection: Connection, wanted: EventFilter) -> Span:
    """Find the cells of a filter, and put its times into numbers."""
    found = find_cells(connection, wanted)
    every = connection.scalar(select(func.count()).select_from(cells)) or 0
    since = None if wanted.since is None else to_us(wanted.since)
    until = None if wanted.until is None else to_us(wanted.until)
    return Span(tuple(cell.id for cell in found), len(found) == every, since, until)


def list_events(database: Database, wanted: EventFilter, limit: int = 100, offset: int = 0) -> Page:
    """Return a page of events, newest first.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        span = span_of(connection, wanted)
        counts = days_of(connection, span)
        total = sum(number for _, number in counts)
        ids: list[int] = []
        ahead = offset
        for day, number in counts:
            if ahead >= number:
                ahead -= number
                continue
            if len(ids) >= limit:
                break
            ids += _ids(connection, span, day, number, limit - len(ids), ahead)
            ahead = 0
        return Page(total, offset, tuple(events_of(connection, ids)))


def get_event(database: Database, event_id: str) -> Event:
    """Return one event.

    Raises:
        InputError: there is none of this id, or the database cannot be read.
    """
    with database.read() as connection:
        found = list(events_of(connection, [int(event_id)] if event_id.isdecimal() and len(event_id) < 10 else []))
        if not found:
            last = connection.scalar(select(func.max(events.c.id)))
            raise InputError(
                f"there is no event {event_id[:40]}", f"the newest is {last}" if last else "none is recorded yet"
            )
    return found[0]


def each_event(database: Database, wanted: EventFilter, *, oldest_first: bool = True) -> Iterator[Event]:
    """Go through events in order of time without holding them all.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        span = span_of(connection, wanted)
        order = [events.c.at_us, events.c.id] if oldest_first else [events.c.at_us.desc(), events.c.id.desc()]
        statement = select(events, cells).join(cells).where(*span.conditions()).order_by(*order)
        if not span.is_everything:
            statement = statement.where(events.c.cell_id.in_(span.cell_ids))
        rows = connection.execution_options(stream_results=True, yield_per=_CHUNK).execute(statement)
        for row in rows:
            yield event_of(row)


def days_of(connection: Connection, span: Span) -> list[tuple[int, int]]:
    """Days with events that are meant, newest first, and how many each has."""
    query = select(days.c.day, func.sum(days.c.n).label("n")).group_by(days.c.day).order_by(days.c.day.desc())
    if not span.is_everything:
        query = query.where(days.c.cell_id.in_(span.cell_ids))
    if span.since_us is not None:
        query = query.where(days.c.day >= day_of(span.since_us))
    if span.until_us is not None:
        query = query.where(days.c.day <= day_of(span.until_us))
    edges = {day_of(moment) for moment in (span.since_us, span.until_us) if moment is not None}
    found = []
    for row in connection.execute(query):
        number = _exact(connection, span, row.day) if row.day in edges else int(row.n)
        if number:
            found.append((row.day, number))
    return found


def _exact(connection: Connection, span: Span, day: int) -> int:
    query = select(func.count()).select_from(events).where(*span.conditions(day * DAY_US, (day + 1) * DAY_US))
    if not span.is_everything:
        query = query.where(events.c.cell_id.in_(span.cell_ids))
    return connection.scalar(query) or 0


def _ids(connection: Connection, span: Span, day: int, number: int, limit: int, offset: int) -> Sequence[int]:
    """Ids of a day's events, newest first; read from an index alone."""
    query: Select[int] = (
        select(events.c.id)
        .where(*span.conditions(day * DAY_US, (day + 1) * DAY_US))
        .order_by(events.c.at_us.desc(), events.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if not span.is_everything:
        whole = connection.scalar(select(func.sum(days.c.n)).where(days.c.day == day)) or 1
        # With a sign in front, no index on the column is used: the one on time is the better one here.
        column = literal_column("+cell_id") if number >= _DENSE * whole else events.c.cell_id
        query = query.where(column.in_(span.cell_ids))
    return connection.execute(query).scalars().all()


def events_of(connection: Connection, ids: Sequence[int]) -> Iterator[Event]:
    """Read events by their ids, in the order of these."""
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        rows = connection.execute(select(events, cells).join(cells).where(events.c.id.in_(part)))
        found = {row.id: event_of(row) for row in rows}
        yield from (found[number] for number in part if number in found)
