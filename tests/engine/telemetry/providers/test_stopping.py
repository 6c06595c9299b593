"""Calls that end because somebody wants them to: an event is left, and the reason goes on as it came."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import replace

import pytest

from engine.errors import Cancelled
from engine.telemetry import Event, Finish, Outcome
from tests.engine.telemetry.providers.setup import KINDS, Kept, StillClock, line
from tests.engine.telemetry.providers.shapes import Facts, failed, served

every = pytest.mark.parametrize("kind", KINDS)


def is_cancelled(event: Event) -> None:
    assert (event.success, event.complete, event.truncated) == (False, False, None)
    assert (event.finish, event.stop_reason, event.outcome) == (Finish.UNKNOWN, "cancelled", Outcome.FAILED)
    assert event.actual_max_tokens == 4096


@every
def test_a_call_is_cancelled_between_two_pieces(kind: str) -> None:
    said: list[str] = []
    with line(kind, served(kind), cancelled=lambda: bool(said)) as call, pytest.raises(Cancelled):
        call.caller.run(call.plan, said.append)
    is_cancelled(call.event)
    assert "".join(said) != Facts().text


@every
def test_ctrl_c_ends_a_call_that_waits_for_its_service(kind: str) -> None:
    hold = threading.Event()

    def interrupt() -> None:
        os.kill(os.getpid(), signal.SIGINT)

    slow = replace(served(kind), hold=hold, then=interrupt)
    with line(kind, slow) as call:
        with pytest.raises(KeyboardInterrupt) as caught:
            call.caller.run(call.plan, lambda text: None)
        hold.set()
    is_cancelled(call.event)
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


@every
def test_a_wait_for_the_next_try_can_be_cancelled(kind: str) -> None:
    asked: list[int] = []
    limited = failed(kind, 429, "limited", "Slow down.", retry_after="60")
    clock = StillClock(woken=lambda: asked.append(1))
    stopped = pytest.raises(Cancelled)
    with line(kind, limited, cancelled=lambda: len(asked) > 3, clock=clock) as call, stopped:
        call.caller.run(call.plan)
    assert call.clock.slept_s < 2
    assert len(call.events) == 1


@every
def test_a_reader_who_is_gone_is_told_of_as_such(kind: str) -> None:
    class Gone(Exception):
        pass

    def say(text: str) -> None:
        raise Gone

    with line(kind, served(kind)) as call, pytest.raises(Gone):
        call.caller.run(call.plan, say)
    is_cancelled(call.event)


@every
def test_a_writer_that_fails_breaks_no_call(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def record(self: Kept, event: Event) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(Kept, "record", record)
    with line(kind, served(kind)) as call:
        answer = call.caller.run(call.plan)
    assert answer.text == Facts().text
    assert len(answer.events) == 1
    assert len(call.warned) == 1
