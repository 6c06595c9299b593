"""Sending recorded calls to a collector: each call once per collector, whoever exports, and however often.

How far each collector was served is kept in the database of the calls, so that everybody who exports a team's database
goes on where the last one stopped. A batch counts as sent when the collector took it; a crash between the two sends it
again with the same ids of its spans.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from engine.errors import Cancelled, InputError
from engine.events import Emit, IsCancelled, Progress
from engine.store.telemetry_since import Mark

if TYPE_CHECKING:
    from engine.store.database import Database
    from engine.telemetry.otel import Collector, Signal

_SOURCE = "otlp-export"
BATCH = 500
"""Events of a request: well below the 4 MiB that collectors take by default."""
_LEASE_S = 60.0
"""How long an export that does not go on keeps others from the same collector."""


@dataclass(frozen=True, slots=True)
class _State:
    mark: Mark
    holder: str
    until_s: float


def send_to(
    endpoint: str, timeout_s: float, find: Callable[[], Database | None], emit: Emit, cancelled: IsCancelled
) -> dict[str, Any]:
    """Send what a collector does not have; JSON values.

    Args:
        endpoint: Its base address, such as ``http://127.0.0.1:4318``; OTLP's paths are added.
        timeout_s: Longest time for a batch, retries included.
        find: Opens the database; None where nothing was ever recorded.
        emit: Receives progress.
        cancelled: Asked between two batches.

    Raises:
        UsageError: the address makes no sense.
        PacksightError: as ``send_events``, or the extra is not installed.
    """
    from engine.telemetry.otel import Collector

    collector = Collector(endpoint, timeout_s=timeout_s)
    try:
        database = find()
        if database is None:
            return {"endpoint": collector.url, "spans": 0, "measured": 0}
        with database:
            return send_events(database, collector, emit, cancelled)
    finally:
        collector.close()


def send_events(
    database: Database, collector: Collector, emit: Emit, cancelled: IsCancelled, batch: int = BATCH
) -> dict[str, Any]:
    """Send what a collector does not have; JSON values.

    Raises:
        Undelivered: the collector did not take a batch; what it took before is not sent again.
        InputError: another export to it is under way, or the database cannot be read or written.
        Cancelled: on request, between two batches.
    """
    from engine.telemetry.otel import Signal

    done = {signal: _send(database, collector, signal, emit, cancelled, batch) for signal in Signal}
    return {"endpoint": collector.url, "spans": done[Signal.TRACES], "measured": done[Signal.METRICS]}


def _send(
    database: Database, collector: Collector, signal: Signal, emit: Emit, cancelled: IsCancelled, batch: int
) -> int:
    from engine.store.telemetry_since import events_since

    place, holder, sent = f"{collector.url}/{signal.value}", uuid.uuid4().hex, 0
    mark = _take(database, place, holder)
    try:
        while True:
            if cancelled():
                raise Cancelled("interrupted")
            events, after = events_since(database, mark, batch)
            if events:
                collector.send(signal, events)
            if after != mark:
                _keep(database, place, after, holder, time.time() + _LEASE_S)
            if not events:
                return sent
            mark, sent = after, sent + len(events)
            emit(Progress("export", sent, 0))
    finally:
        _keep(database, place, mark, "", 0.0)


def _take(database: Database, place: str, holder: str) -> Mark:
    """Become the one who serves a collector; reading and taking are one transaction.

    Raises:
        InputError: somebody else does.
    """
    from sqlalchemy import select

    from engine.store.telemetry_places import put_places
    from engine.store.telemetry_tables import places

    with database.write() as connection:
        query = select(places.c.state).where(places.c.source == _SOURCE, places.c.place == place)
        state = _read(connection.scalar(query))
        if state.holder and state.until_s > time.time():
            raise InputError(
                f"another export to {place} is under way",
                f"if it died, the next one can begin in {state.until_s - time.time():.0f} s",
            )
        put_places(connection, _SOURCE, {place: _written(state.mark, holder, time.time() + _LEASE_S)})
    return state.mark


def _keep(database: Database, place: str, mark: Mark, holder: str, until_s: float) -> None:
    from engine.store.telemetry_places import put_places

    with database.write() as connection:
        put_places(connection, _SOURCE, {place: _written(mark, holder, until_s)})


def _written(mark: Mark, holder: str, until_s: float) -> str:
    return json.dumps({**asdict(mark), "holder": holder, "until_s": until_s}, separators=(",", ":"))


def _read(state: str | None) -> _State:
    if not state:
        return _State(Mark(), "", 0.0)
    found = json.loads(state)
    return _State(Mark(found["last"], tuple(found["missing"])), found["holder"], found["until_s"])
