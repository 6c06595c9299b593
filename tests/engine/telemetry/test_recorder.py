from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from engine.store.database import open_database
from engine.store.paths import data_dir
from engine.store.telemetry_read import list_events
from engine.store.telemetry_refusals import refused_rows
from engine.telemetry import Event
from engine.telemetry.filters import EventFilter
from engine.telemetry.recorder import Recorder
from engine.telemetry.spool import Spool
from engine.usecases.telemetry_writer import open_recorder, spool_of
from tests.engine.telemetry.test_check import call


class Switch:
    """A sink that works or does not."""

    def __init__(self) -> None:
        self.trouble: Exception | None = None
        self.kept: dict[str, Event] = {}
        self.tries = 0

    def write(self, events: Sequence[Event]) -> None:
        self.tries += 1
        if self.trouble is not None:
            raise self.trouble
        self.kept.update({event.dedupe_key: event for event in events})


class Clock:
    """A clock that is set."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_what_a_sink_does_not_take_is_written_when_it_is_back(tmp_path: Path) -> None:
    sink, clock = Switch(), Clock()
    recorder = Recorder(sink, Spool(tmp_path), clock)
    sink.trouble = OSError("down")
    events = [call(dedupe_key=f"{number}") for number in range(20)]
    for event in events:
        recorder.record(event)
    # A sink in trouble is asked once, not by every call.
    assert sink.tries == 1
    assert (recorder.recorded.spooled, recorder.recorded.trouble) == (20, "down")
    sink.trouble, clock.now_s = None, 60.0
    recorder.record(call(dedupe_key="last"))
    assert [sink.kept[f"{number}"] for number in range(20)] == events
    assert (recorder.recorded.written, recorder.recorded.spooled, recorder.recorded.trouble) == (21, 0, "")
    assert len(Spool(tmp_path)) == 0


def test_another_process_catches_up(tmp_path: Path) -> None:
    down, up = Switch(), Switch()
    down.trouble = OSError("down")
    Recorder(down, Spool(tmp_path)).record(call())
    assert Recorder(up, Spool(tmp_path)).catch_up() == 1
    assert up.kept == {"k": call()}


def test_the_spool_is_bounded_and_what_does_not_fit_is_counted(tmp_path: Path) -> None:
    sink = Switch()
    sink.trouble = OSError("down")
    recorder = Recorder(sink, Spool(tmp_path, most_files=3))
    for number in range(5):
        recorder.record(call(dedupe_key=f"{number}"))
    assert (recorder.recorded.spooled, recorder.recorded.lost) == (3, 2)


def test_events_that_no_store_takes_do_not_stop_the_others(tmp_path: Path) -> None:
    class Picky(Switch):
        def write(self, events: Sequence[Event]) -> None:
            if any(event.dedupe_key == "poison" for event in events):
                raise ValueError("no")
            super().write(events)

    spool = Spool(tmp_path)
    spool.put([call(dedupe_key="poison")])
    spool.put([call(dedupe_key="fine")])
    sink = Picky()
    assert Recorder(sink, spool).catch_up() == 1
    assert set(sink.kept) == {"fine"}
    assert [path.suffix for path in tmp_path.iterdir()] == [".refused"]


@pytest.mark.parametrize("where", ["file", "missing"])
def test_nothing_that_happens_reaches_the_call(where: str, tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    if where == "file":
        folder.write_text("in the way")
    sink = Switch()
    sink.trouble = KeyError("odd")
    recorder = Recorder(sink, Spool(folder))
    recorder.record(call(), replace(call(), trace=object()))  # type: ignore[arg-type]
    assert recorder.recorded.lost + recorder.recorded.spooled == 2
    assert recorder.recorded.trouble


def test_a_locked_database_delays_the_event_and_not_the_call() -> None:
    open_database(None, create=True).close()
    recorder = open_recorder("")
    other = sqlite3.connect(data_dir() / "packsight.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(3):
        recorder.record(call(dedupe_key=f"{number}"))
    assert len(spool_of("")) == 3
    assert "in use" in recorder.recorded.trouble
    other.execute("ROLLBACK")
    other.close()
    open_recorder("").record(call(dedupe_key="3"), call(dedupe_key="bad", reasoning_tokens=9999))
    with open_database(None, create=False) as database:
        assert list_events(database, EventFilter()).total == 4
        assert refused_rows(database) == {("packsight", "reasoning-above-output"): 1}
    assert len(spool_of("")) == 0


def test_a_server_that_is_not_there_is_left_alone() -> None:
    url = "postgresql+psycopg://me@127.0.0.1:1/none"
    recorder = open_recorder(url)
    recorder.record(call())
    assert recorder.recorded.spooled == 1
    assert len(spool_of(url)) == 1
    assert len(spool_of("")) == 0


def test_threads_may_record_at_once() -> None:
    recorder = open_recorder("")
    threads = [threading.Thread(target=recorder.record, args=(call(dedupe_key=f"{number}"),)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.recorded.written == 16
    with open_database(None, create=False) as database:
        assert list_events(database, EventFilter()).total == 16
