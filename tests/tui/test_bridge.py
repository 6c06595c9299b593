from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.message import Message

from engine.errors import Cancelled, InputError
from engine.events import FilesFound, FoundFile, IsCancelled, Progress
from engine.events import Warned as EngineWarned
from engine.model import ChunkClass
from tests.tui.fake import FakeEngine
from tests.tui.samples import sample_request
from tests.tui.waiting import wait_until
from tui.bridge import REPORT_EVERY_S, Bridge
from tui.messages import Answered, Broken, Failed, FoundMore, Opened, PackSettled, Progressed, Repacked, Warned


class Talk:
    """A bridge with a fake engine, and what it said."""

    def __init__(self) -> None:
        self.engine = FakeEngine()
        self.said: list[Message] = []
        self.bridge = Bridge(self.engine.make, self.said.append)
        self.request = sample_request(self.engine.chart)

    def of(self, kind: type[Message]) -> list[Any]:
        return [message for message in list(self.said) if isinstance(message, kind)]

    def until(self, kind: type[Message], number: int = 1) -> Any:
        wait_until(lambda: len(self.of(kind)) >= number, f"{number} × {kind.__name__}")
        return self.of(kind)[number - 1]


@pytest.fixture
def talk() -> Iterator[Talk]:
    talk = Talk()
    yield talk
    talk.bridge.close()
    assert not talk.bridge._thread.is_alive()


def test_opening_packs_and_settles(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    opened: Opened = talk.until(Opened)
    assert len(opened.pack.levels) == opened.chart.columns.chunks
    assert opened.pack.actual is None
    settled: PackSettled = talk.until(PackSettled)
    assert settled.settled.pack.actual is not None


def test_of_many_wishes_the_last_is_answered_and_settled(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(Opened)
    for generation, budget in enumerate(range(5_000, 9_000, 100), start=1):
        talk.bridge.repack(replace(talk.request, budget=budget), generation)
    wait_until(lambda: any(message.generation == 40 for message in talk.of(PackSettled)), "the last is settled")
    last = talk.of(Repacked)[-1]
    assert (last.generation, last.pack.request.budget) == (40, 8_900)


def test_a_pack_that_is_none_is_not_settled(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(PackSettled)
    talk.bridge.repack(replace(talk.request, budget=5), 1)
    assert talk.until(Repacked).pack.problem
    talk.bridge.ask("after", lambda engine, live, cancelled: None)
    talk.until(Answered)
    assert len(talk.of(PackSettled)) == 1


def test_opening_something_else_stops_what_was_being_opened(talk: Talk) -> None:
    talk.engine.gate = threading.Event()
    talk.bridge.open(talk.request, 0)
    wait_until(lambda: talk.engine.opened, "the first scan runs")
    other = replace(talk.request, scan=replace(talk.request.scan, model="sample-large"))
    talk.bridge.open(other, 1)
    wait_until(lambda: len(talk.engine.opened) == 2, "the second scan runs")
    talk.engine.gate.set()
    assert talk.until(Opened).chart.model.id == "sample-large"
    assert len(talk.of(Opened)) == 1


def test_a_chart_that_is_replaced_is_closed(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(Opened)
    talk.bridge.open(talk.request, 1)
    talk.until(Opened, 2)
    assert [live.closed for live in talk.engine.lives] == [True, False]


def test_stopping_a_scan_says_nothing_and_leaves_the_engine_usable(talk: Talk) -> None:
    talk.engine.gate = threading.Event()
    talk.bridge.open(talk.request, 0)
    wait_until(lambda: talk.engine.opened, "the scan runs")
    talk.bridge.stop()
    talk.bridge.ask("after", lambda engine, live, cancelled: live)
    assert talk.until(Answered).answer is None
    assert not talk.of(Opened)


def test_failures_are_told_in_words_and_the_unexpected_with_its_trace(talk: Talk) -> None:
    talk.engine.failure = InputError("no repository here", "give a folder")
    talk.bridge.open(talk.request, 0)
    failed: Failed = talk.until(Failed)
    assert (failed.key, failed.message, failed.hint) == ("open", "no repository here", "give a folder")
    talk.bridge.ask("odd", lambda engine, live, cancelled: 1 // 0)
    assert "ZeroDivisionError" in talk.until(Broken).trace
    talk.bridge.ask("fine", lambda engine, live, cancelled: 42)
    assert talk.until(Answered).answer == 42


def test_a_text_being_made_gives_way_to_a_person_and_is_made_afterwards(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(PackSettled)
    live, began, tries = talk.engine.lives[-1], threading.Event(), []
    finish = live.settle

    def slow(request: Any, emit: Any, cancelled: IsCancelled) -> Any:
        tries.append(request.budget)
        began.set()
        if len(tries) == 1:
            wait_until(cancelled, "asked to give way")
            raise Cancelled("interrupted")
        return finish(request, emit, cancelled)

    live.settle = slow  # type: ignore[method-assign, assignment]
    talk.bridge.repack(replace(talk.request, budget=9_000), 1)
    wait_until(began.is_set, "the text is being made")
    talk.bridge.ask("in between", lambda engine, opened, cancelled: "served")
    assert talk.until(Answered).answer == "served"
    assert talk.until(PackSettled, 2).settled.pack.budget_tokens == 9_000
    assert tries == [9_000, 9_000]


def held_repack(talk: Talk) -> tuple[list[str], threading.Event]:
    """Let repacks for a query last until they are stopped or the event is set; returns the queries that began."""
    live, began, go_on = talk.engine.lives[-1], [], threading.Event()
    finish = live.repack

    def slow(request: Any, cancelled: IsCancelled, *, emit: Any) -> Any:
        began.append(request.query)
        emit(Progress("index", len(began), 9))
        if request.query and not go_on.is_set():
            wait_until(lambda: cancelled() or go_on.is_set(), "stopped, or let go")
            if cancelled():
                raise Cancelled("interrupted")
        return finish(request, cancelled)

    live.repack = slow  # type: ignore[method-assign, assignment]
    return began, go_on


def test_a_pack_for_another_query_gives_way_to_a_newer_one(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(PackSettled)
    began, _ = held_repack(talk)
    talk.bridge.repack(replace(talk.request, query="ledger"), 1)
    wait_until(lambda: began, "the index is made")
    talk.bridge.repack(talk.request, 2)
    repacked = talk.until(Repacked)
    assert (repacked.generation, repacked.pack.request.query) == (2, "")
    assert began == ["ledger", ""]


def test_a_pack_for_the_same_query_is_let_through(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(PackSettled)
    began, go_on = held_repack(talk)
    asked = replace(talk.request, query="ledger")
    talk.bridge.repack(asked, 1)
    wait_until(lambda: began, "the index is made")
    talk.bridge.repack(replace(asked, budget=9_000), 2)
    go_on.set()
    assert [talk.until(Repacked, number).generation for number in (1, 2)] == [1, 2]


def test_making_an_index_is_reported_with_a_clock_of_its_own(talk: Talk) -> None:
    talk.bridge.open(talk.request, 0)
    talk.until(PackSettled)
    began, go_on = held_repack(talk)
    go_on.set()
    talk.bridge._began_s -= 100.0
    talk.bridge.repack(replace(talk.request, query="ledger"), 1)
    progressed = talk.until(Progressed)
    assert progressed.progress == Progress("index", 1, 9)
    assert progressed.elapsed_s < 50
    assert began == ["ledger"]


def test_a_running_scan_is_reported_a_few_times_a_second(talk: Talk) -> None:
    talk.bridge.ask("start", lambda engine, live, cancelled: None)
    talk.until(Answered)
    found = FilesFound(
        lambda: [FoundFile("src/a.py", {ChunkClass.CODE: 10}), FoundFile("README.md", {ChunkClass.DOCS: 5})]
    )

    def scan(engine: FakeEngine, live: Any, cancelled: IsCancelled) -> None:
        for done in range(5_000):
            if done in (0, 1):
                engine.emit(found)
            engine.emit(Progress("analyze", done, 5_000))
        engine.emit(EngineWarned("a file vanished"))

    talk.bridge.ask("scan", scan)
    talk.until(Answered, 2)
    assert 1 <= len(talk.of(Progressed)) < 5_000 * REPORT_EVERY_S
    assert talk.of(Warned)[0].message == "a file vanished"
    first = talk.of(FoundMore)[0].found
    assert first.folders == {"src/": 10, "README.md": 5}
    assert (first.files, first.tokens, first.classes) == (2, 15, {ChunkClass.CODE: 10, ChunkClass.DOCS: 5})


def test_an_engine_that_cannot_start_is_told(talk: Talk) -> None:
    said: list[Message] = []

    def broken(emit: Any, cancelled: Any) -> Any:
        raise InputError("the configuration is wrong")

    bridge = Bridge(broken, said.append)
    wait_until(lambda: said, "a message")
    bridge.close()
    assert isinstance(said[0], Failed)
