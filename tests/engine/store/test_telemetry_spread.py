"""Calls spread over time, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.store.database import Database, open_database
from engine.store.telemetry_spread import spread_events
from engine.store.telemetry_write import write_events
from engine.telemetry import Event
from engine.telemetry.filters import EventFilter

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path}/t.db" if request.param == "sqlite" else request.getfixturevalue("url")
    with open_database(url, create=True) as opened:
        yield opened


def test_each_part_of_the_time_has_one_call_and_a_gap_none(database: Database) -> None:
    hours = [*range(50), *range(150, 200)]
    write_events(database, (
        Event(timestamp=NOON + datetime.timedelta(hours=hour), source="test", dedupe_key=str(hour),
              actual_output_tokens=5, category=("docs", "tests")[hour % 2], truncated=False)
        for hour in hours
    ))  # fmt: skip
    found = [int(event.dedupe_key) for event in spread_events(database, EventFilter(), 20)]
    assert found == sorted({*range(0, 50, 10), *range(150, 200, 10)}, reverse=True)
    odd = spread_events(database, EventFilter(categories=("tests",), until=NOON + datetime.timedelta(hours=40)), 5)
    assert [int(event.dedupe_key) for event in odd] == [33, 25, 17, 9, 1]
    assert len(spread_events(database, EventFilter(), 100)) == 100
    assert spread_events(database, EventFilter(categories=("none",)), 5) == ()
