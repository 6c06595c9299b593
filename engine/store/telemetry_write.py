"""Writing events: refuse what cannot be true, know again what is already there, keep the figures of days in step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from sqlalchemy import Connection, select, update

from engine.store.database import Database
from engine.store.telemetry_cells import keep_cells
from engine.store.telemetry_days import CELLS, add_to_days
from engine.store.telemetry_refusals import count_refusals
from engine.store.telemetry_rows import cells_of, columns_of, event_of, keys_of
from engine.store.telemetry_tables import cells, events
from engine.telemetry.check import impossible
from engine.telemetry.event import Event
from engine.telemetry.moments import DAY_US, to_us
from engine.telemetry.rollup import columns_of as tally_columns
from engine.telemetry.tallies import Tallies, combined, no_tallies, tallied

BATCH = 10_000
"""Events of a transaction."""
_KEYS = 500
Key = tuple[str, str]
"""Source and dedupe key."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of events."""

    added: int = 0
    updated: int = 0
    """Events that were there and are now known better."""
    unchanged: int = 0
    """Events that were there already."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Impossible rows by reason."""

    def __add__(self, other: Written) -> Written:
        refused = Counter(self.refused) + Counter(other.refused)
        return Written(
            self.added + other.added, self.updated + other.updated, self.unchanged + other.unchanged, dict(refused)
        )


def write_events(database: Database, made: Iterable[Event], batch: int = BATCH) -> Written:
    """Write events, a batch to a transaction.

    Raises:
        InputError: the database cannot be written; whole batches before that are kept.
    """
    done = Written()
    for part in _batches(made, batch):
        with database.write() as connection:
            done += put_events(connection, part)
    return done


def put_events(connection: Connection, made: Sequence[Event]) -> Written:
    """Write events inside a transaction.

    An event that is there is replaced when the new one knows more: it is complete and the old one is not, or its output
    is longer. Programs repeat a call in their logs with less and less missing.
    """
    possible, refused = _sift(made)
    count_refusals(connection, refused)
    old = _existing(connection, possible)
    fresh = [event for key, event in possible.items() if key not in old]
    better = [(old[key], event) for key, event in possible.items() if key in old and _knows_more(event, old[key])]
    add_to_days(connection, combined([*_insert(connection, fresh), *_replace(connection, better), (no_tallies(), 1)]))
    reasons: Counter[str] = Counter()
    for (_, name), rows in refused.items():
        reasons[name] += rows
    same = len(made) - len(fresh) - len(better) - sum(reasons.values())
    return Written(len(fresh), len(better), same, dict(reasons))


def _sift(made: Sequence[Event]) -> tuple[dict[Key, Event], Counter[tuple[str, str]]]:
    """Events that can be true, each once, by what they are known by; and what is refused, by source and reason."""
    possible: dict[Key, Event] = {}
    refused: Counter[tuple[str, str]] = Counter()
    for event, key in zip(made, keys_of(made), strict=True):
        reason = impossible(event)
        if reason is not None:
            refused[key[0] or "?", reason.value] += 1
            continue
        known = possible.get(key)
        if known is None or _knows_more(event, known):
            possible[key] = event
    return possible, refused


def _knows_more(new: Event, old: Event) -> bool:
    return _known(new) > _known(old)


def _known(event: Event) -> tuple[bool, int, bool, bool]:
    return (
        event.complete,
        event.actual_output_tokens or 0,
        event.truncated is not None,
        event.ceiling_source.is_measured,
    )


def _batches(made: Iterable[Event], size: int) -> Iterator[Sequence[Event]]:
    events_left = iter(made)
    while part := list(islice(events_left, size)):
        yield part


def _existing(connection: Connection, wanted: Mapping[Key, Event]) -> dict[Key, Event]:
    by_source: dict[str, list[str]] = {}
    for source, key in wanted:
        by_source.setdefault(source, []).append(key)
    found = {}
    for source, keys in by_source.items():
        for start in range(0, len(keys), _KEYS):
            condition = (events.c.source == source) & events.c.dedupe_key.in_(keys[start : start + _KEYS])
            seen = connection.execute(select(events.c.id).where(condition)).scalars().all()
            if seen:
                rows = connection.execute(select(events, cells).join(cells).where(events.c.id.in_(seen)))
                found.update({(row.source, row.dedupe_key): event_of(row) for row in rows})
    return found


def _tallies(made: Sequence[Event], at_us: Sequence[int], cell_ids: Sequence[int]) -> Tallies:
    places = np.array(at_us, np.int64) // DAY_US * CELLS + np.array(cell_ids, np.int64)
    return tallied(tally_columns(made), places)


def _insert(connection: Connection, made: Sequence[Event]) -> list[tuple[Tallies, int]]:
    """Hand rows to the driver as they are: the library's own way costs three times as much for these many columns."""
    if not made:
        return []
    keys = cells_of(made)
    ids = keep_cells(connection, keys)
    columns = {"cell_id": [ids[key] for key in keys], **columns_of(made)}
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    connection.exec_driver_sql(
        f"INSERT INTO {events.name} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})",  # noqa: S608
        list(zip(*columns.values(), strict=True)),
    )
    return [(_tallies(made, columns["at_us"], columns["cell_id"]), 1)]


def _replace(connection: Connection, pairs: Sequence[tuple[Event, Event]]) -> list[tuple[Tallies, int]]:
    """Put the new event of each pair in the place of the old one."""
    if not pairs:
        return []
    old, new = [old for old, _ in pairs], [new for _, new in pairs]
    old_keys, new_keys = cells_of(old), cells_of(new)
    ids = keep_cells(connection, {*old_keys, *new_keys})
    columns = {"cell_id": [ids[key] for key in new_keys], **columns_of(new, whole=True)}
    for event, row in zip(old, zip(*columns.values(), strict=True), strict=True):
        values = dict(zip(columns, row, strict=True))
        connection.execute(update(events).where(events.c.id == int(event.event_id)).values(**values))
    before_us = [to_us(event.timestamp) for event in old]
    gone = _tallies(old, before_us, [ids[key] for key in old_keys])
    return [(_tallies(new, columns["at_us"], columns["cell_id"]), 1), (gone, -1)]
