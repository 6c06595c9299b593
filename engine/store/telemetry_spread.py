"""Calls spread evenly over time: a few hundred that show what a million look like."""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, literal, literal_column, select

from engine.store.database import Database
from engine.store.telemetry_read import Span, days_of, events_of, list_events, span_of
from engine.store.telemetry_tables import events
from engine.telemetry.event import Event
from engine.telemetry.filters import EventFilter


def spread_events(database: Database, wanted: EventFilter, number: int) -> tuple[Event, ...]:
    """Return at most ``number`` events of a filter, newest first.

    The time from the first event to the last is cut into as many equal parts, and the first event of each is taken;
    parts without events have none. Where there are no more than ``number`` events, all are returned.

    Raises:
        InputError: the database cannot be read.
    """
    with database.read() as connection:
        span = span_of(connection, wanted)
        total = sum(count for _, count in days_of(connection, span))
        if total > number:
            return tuple(events_of(connection, _ids(connection, span, number)))
    return list_events(database, wanted, max(number, 1)).events


def _ids(connection: Connection, span: Span, number: int) -> list[int]:
    # With a sign in front, no index on the column is used: the one on time holds the cell too.
    meant = [] if span.is_everything else [literal_column("+cell_id").in_(span.cell_ids)]
    moments = select(events.c.at_us).where(*span.conditions(), *meant).limit(1)
    first = connection.execute(moments.order_by(events.c.at_us)).scalar_one()
    last = connection.execute(moments.order_by(events.c.at_us.desc())).scalar_one()
    step = max(1, -(-(last + 1 - first) // number))
    # Where each part starts; BigInteger, because PostgreSQL would take the numbers for smaller ones.
    wide = literal(step, BigInteger)
    part = select(literal(first, BigInteger).label("start")).cte("part", recursive=True)
    part = part.union_all(select(part.c.start + wide).where(part.c.start <= literal(last - step, BigInteger)))
    one = (
        select(events.c.id)
        .where(events.c.at_us >= part.c.start, events.c.at_us < part.c.start + wide, *span.conditions(), *meant)
        .order_by(events.c.at_us, events.c.id)
        .limit(1)
        .correlate(part)
        .scalar_subquery()
    )
    found = connection.execute(select(one.label("id")).select_from(part).order_by(part.c.start.desc())).scalars()
    return [event_id for event_id in found if event_id is not None]
