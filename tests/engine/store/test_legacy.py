"""Telemetry databases of an earlier program are taken over: whole, once, beside their own tables, after a backup."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from engine.errors import InputError
from engine.store.database import open_database
from engine.store.status import database_status
from engine.store.telemetry_read import each_event
from engine.store.telemetry_refusals import refused_rows
from engine.telemetry import CeilingSource, Event, Finish, Outcome
from engine.telemetry.filters import EventFilter

OLD = """
CREATE TABLE token_estimation_v2_events (
    event_id VARCHAR(64) PRIMARY KEY, run_id VARCHAR, phase_id VARCHAR, timestamp TIMESTAMP, category VARCHAR,
    complexity VARCHAR, deliverable_count INTEGER, deliverables_json TEXT, predicted_output_tokens INTEGER,
    actual_output_tokens INTEGER, selected_budget INTEGER, success BOOLEAN, truncated BOOLEAN, stop_reason VARCHAR,
    model VARCHAR, smape_percent FLOAT, is_sot_file BOOLEAN, context_quality VARCHAR
)
"""
NAMES = (
    "event_id", "run_id", "phase_id", "timestamp", "category", "complexity", "deliverable_count", "deliverables_json",
    "predicted_output_tokens", "actual_output_tokens", "selected_budget", "success", "truncated", "stop_reason",
    "model",
)  # fmt: skip


def row(number: int, **other: object) -> dict[str, object]:
    """A call as the old program wrote it."""
    values: dict[str, object] = {
        "event_id": f"e{number}", "run_id": "run", "phase_id": f"p{number}", "timestamp": "2025-12-24 10:00:00.5",
        "category": "documentation", "complexity": "low", "deliverable_count": 40,
        "deliverables_json": json.dumps(["docs/a.md"] * 30), "predicted_output_tokens": 2600,
        "actual_output_tokens": 1200, "selected_budget": 4096, "success": True, "truncated": False,
        "stop_reason": "end_turn", "model": "claude-sonnet-4-5",
    }  # fmt: skip
    return {**values, **other}


ROWS = [
    row(1),
    row(2, category="testing", actual_output_tokens=6144, truncated=True, stop_reason="max_tokens", success=False),
    row(3, category="documentation", actual_output_tokens=-4),
    row(4, timestamp=None),
    row(5, selected_budget=None),
]


def make_old(url: str, rows: list[dict[str, object]], more: str = "") -> None:
    """A database of the old program."""
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(OLD))
        if more:
            connection.execute(text(more))
        for values in rows:
            names = ", ".join(values)
            marks = ", ".join(f":{name}" for name in values)
            connection.execute(text(f"INSERT INTO token_estimation_v2_events ({names}) VALUES ({marks})"), values)
    engine.dispose()


def taken(url: str) -> dict[str, Event]:
    with open_database(url, create=False) as database:
        return {event.dedupe_key: event for event in each_event(database, EventFilter())}


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    found: str = f"sqlite:///{tmp_path}/old.db" if request.param == "sqlite" else request.getfixturevalue("url")
    return found


def test_calls_with_only_a_budget_get_it_as_a_marked_ceiling(old: str) -> None:
    make_old(old, ROWS)
    found = taken(old)
    assert set(found) == {"e1", "e2", "e5"}
    one, cut, unknown = found["e1"], found["e2"], found["e5"]
    assert (one.category, one.complexity, one.provider) == ("docs", "low", "anthropic")
    assert (one.selected_budget, one.actual_max_tokens, one.ceiling_source) == (4096, 4096, CeilingSource.BACKFILL)
    assert (one.deliverable_count, len(one.deliverables), one.finish) == (40, 20, Finish.STOP)
    assert one.timestamp.isoformat() == "2025-12-24T10:00:00.500000+00:00"
    assert (cut.category, cut.outcome, cut.truncated) == ("tests", Outcome.TRUNCATED, True)
    assert (unknown.actual_max_tokens, unknown.ceiling_source) == (None, CeilingSource.UNKNOWN)
    with open_database(old, create=False) as database:
        assert database.migrated is None
        assert sum(refused_rows(database).values()) == 2
    assert taken(old) == found


def test_ceilings_that_may_be_filled_in_are_not_taken_for_measured(old: str) -> None:
    """You cannot tell a measured ceiling that equals the budget from one that a script put there."""
    rows = [row(1, actual_max_tokens=4096), row(2, actual_max_tokens=16384), row(3, actual_max_tokens=None)]
    make_old(old, rows, "ALTER TABLE token_estimation_v2_events ADD COLUMN actual_max_tokens INTEGER")
    sources = {key: event.ceiling_source for key, event in taken(old).items()}
    assert sources == {"e1": CeilingSource.UNKNOWN, "e2": CeilingSource.SENT, "e3": CeilingSource.BACKFILL}


def test_the_old_database_is_backed_up_and_its_tables_stay(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_old(f"sqlite:///{path}", ROWS, "CREATE TABLE runs (id INTEGER)")
    assert database_status(f"sqlite:///{path}").state == "legacy"
    with open_database(f"sqlite:///{path}", create=False) as database:
        assert database.migrated is not None
        backup = database.migrated.backup
    assert backup is not None
    for file, tables in ((path, 2), (backup, 0)):
        with contextlib.closing(sqlite3.connect(file)) as db:
            assert db.execute("SELECT count(*) FROM token_estimation_v2_events").fetchone() == (5,)
            names = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            assert len(names & {"telemetry_events", "telemetry_days"}) == tables
            assert "runs" in names


def test_a_clash_of_names_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_old(f"sqlite:///{path}", ROWS, "CREATE TABLE budgets (id INTEGER)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="another program"):
        open_database(f"sqlite:///{path}", create=False)
    assert path.read_bytes() == before


def test_an_upgrade_that_is_killed_half_way_is_done_by_the_next(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_old(f"sqlite:///{path}", [row(number) for number in range(50)])
    code = (
        "import sys, os\n"
        "from engine.store import telemetry_write\n"
        "telemetry_write.add_to_days = lambda *args: os._exit(9)\n"
        "from engine.store.database import open_database\n"
        "open_database(sys.argv[1], create=False)"
    )
    killed = subprocess.run([sys.executable, "-c", code, f"sqlite:///{path}"], check=False)
    assert killed.returncode == 9
    assert database_status(f"sqlite:///{path}").state == "legacy"
    assert len(taken(f"sqlite:///{path}")) == 50


EIGHT = """
import os, sys
import alembic.command
from engine.store.database import open_database
from engine.store.telemetry_read import list_events
from engine.telemetry.filters import EventFilter

gate, opened = os.pipe()
children = []
for number in range(8):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.close(opened)
            os.read(gate, 1)
            with open_database(sys.argv[1], create=True) as database:
                status = list_events(database, EventFilter()).total != 500
        except BaseException as error:
            print(repr(error), flush=True)
        finally:
            os._exit(status)
    children.append(child)
os.close(opened)
print(sum(os.waitpid(child, 0)[1] == 0 for child in children))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts its processes by fork")
def test_eight_processes_take_over_at_once(old: str) -> None:
    make_old(old, [row(number) for number in range(500)])
    done = subprocess.run([sys.executable, "-c", EIGHT, old], capture_output=True, text=True, check=True)
    assert done.stdout == "8\n"
    assert len(taken(old)) == 500
