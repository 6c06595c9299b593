"""Services that decline, limit, fail, hang up or talk nonsense: retries that do as they are told, an event each."""

from __future__ import annotations

import datetime
import email.utils
import threading
from dataclasses import replace

import pytest

from engine.telemetry import Finish, Outcome
from engine.telemetry.providers import CallFailed, FailureKind
from engine.telemetry.providers.waits import asked_wait_s, usual_wait_s
from tests.engine.telemetry.providers.server import Served
from tests.engine.telemetry.providers.setup import KINDS, START, line, plan_for
from tests.engine.telemetry.providers.shapes import Facts, failed, served, sse

every = pytest.mark.parametrize("kind", KINDS)
MIDDLE = {"openai": 7, "chat": 2, "anthropic": 8, "gemini": 1}
"""Events of a stream after which half the text is there."""
BUSY = {"openai": "rate_limit_exceeded", "chat": "rate_limit_exceeded", "anthropic": "rate_limit_error"}


@every
@pytest.mark.parametrize(
    ("status", "word"), [(400, "invalid_request_error"), (401, "invalid_api_key"), (404, "not_found_error")]
)
def test_what_a_service_declines_is_not_tried_again(kind: str, status: int, word: str) -> None:
    refusal = failed(kind, status, word, "This cannot be.")
    with line(kind, refusal) as call, pytest.raises(CallFailed) as caught:
        call.caller.run(call.plan)
    assert f"({status})" in caught.value.message
    assert "This cannot be." in caught.value.message
    assert caught.value.exit_code == 3
    event = call.event
    assert (event.finish, event.success, event.truncated, event.stop_reason) == (Finish.ERROR, False, None, word)
    assert (event.actual_output_tokens, event.actual_max_tokens) == (None, 4096)
    assert event.outcome is Outcome.FAILED
    assert event.request_id or kind == "gemini"
    assert call.clock.slept == []


@every
@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_what_may_pass_is_tried_again_with_longer_and_longer_waits(kind: str, status: int) -> None:
    busy = failed(kind, status, "busy", "Not now.")
    with line(kind, busy, busy, served(kind)) as call:
        answer = call.caller.run(call.plan)
    assert answer.text == Facts().text
    assert [event.attempt for event in call.events] == [1, 2, 3]
    assert [event.success for event in call.events] == [False, False, True]
    assert call.clock.slept_s == pytest.approx(0.5 + 1.0)
    assert len(call.service.asked) == 3
    assert call.events[-1].escalation_reason == ""


@every
def test_tries_end(kind: str) -> None:
    with line(kind, failed(kind, 500, "server_error", "Broken.")) as call, pytest.raises(CallFailed) as caught:
        call.caller.run(call.plan)
    assert len(call.events) == len(call.service.asked) == 3
    assert "after 3 attempts" in caught.value.message
    assert caught.value.failure is not None
    assert caught.value.failure.kind is FailureKind.SERVICE


@every
@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 1.5),
        ({"retry_after": email.utils.format_datetime(START + datetime.timedelta(seconds=42), usegmt=True)}, 42.0),
        ({"x_ratelimit_remaining_tokens": "0", "x_ratelimit_reset_tokens": "1m2s"}, 62.0),
        ({"x_ratelimit_remaining_tokens": "5", "x_ratelimit_reset_tokens": "1m2s"}, 0.5),
        (
            {
                "anthropic_ratelimit_output_tokens_remaining": "0",
                "anthropic_ratelimit_output_tokens_reset": "2026-11-21T12:00:30Z",
            },
            30.0,
        ),
    ],
)
def test_a_limit_is_waited_for_as_long_as_the_service_says(kind: str, headers: dict[str, str], seconds: float) -> None:
    limited = failed(kind, 429, BUSY.get(kind, "RESOURCE_EXHAUSTED"), "Slow down.", **headers)
    with line(kind, limited, served(kind)) as call:
        call.caller.run(call.plan)
    assert call.clock.slept_s == pytest.approx(seconds)
    assert call.events[0].stop_reason == BUSY.get(kind, "RESOURCE_EXHAUSTED")
    assert any("Slow down." in warned for warned in call.warned)


def test_gemini_says_how_long_in_the_body() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}
    error = {"code": 429, "message": "Quota.", "status": "RESOURCE_EXHAUSTED", "details": [info]}
    with line("gemini", Served({"error": error}, 429), served("gemini")) as call:
        call.caller.run(call.plan)
    assert call.clock.slept_s == pytest.approx(34.0)


@every
def test_nobody_waits_an_hour(kind: str) -> None:
    limited = failed(kind, 429, "limited", "Slow down.", retry_after="3600")
    with line(kind, limited) as call, pytest.raises(CallFailed, match="Slow down") as caught:
        call.caller.run(call.plan)
    assert "3,600" in caught.value.hint
    assert (call.clock.slept, len(call.events)) == ([], 1)


@pytest.mark.parametrize("kind", ["openai", "anthropic"])
def test_a_service_may_say_itself_whether_to_try_again(kind: str) -> None:
    with line(kind, failed(kind, 500, "error", "No.", x_should_retry="false")) as call, pytest.raises(CallFailed):
        call.caller.run(call.plan)
    assert len(call.events) == 1
    with line(kind, failed(kind, 400, "error", "Yes.", x_should_retry="true"), served(kind)) as call:
        call.caller.run(call.plan)
    assert len(call.events) == 2


def test_an_empty_account_does_not_fill_by_waiting() -> None:
    broke = failed("openai", 429, "insufficient_quota", "You exceeded your current quota.")
    with line("openai", broke) as call, pytest.raises(CallFailed):
        call.caller.run(call.plan)
    assert len(call.events) == 1


@every
def test_a_stream_that_breaks_is_recorded_with_what_came_and_tried_again(kind: str) -> None:
    whole = served(kind)
    broken = replace(whole, events=whole.events[: MIDDLE[kind]], cut=True)
    said: list[str] = []
    restarts: list[str] = []
    with line(kind, broken, whole) as call:
        answer = call.caller.run(call.plan, said.append, restarts.append)
    assert answer.text == Facts().text
    first, second = call.events
    assert (first.success, first.complete, first.truncated, first.finish) == (False, False, None, Finish.ERROR)
    assert first.stop_reason == "disconnected"
    assert (second.success, second.complete) == (True, True)
    assert len(restarts) == 1


@every
def test_a_stream_that_ends_early_without_an_error_is_no_answer(kind: str) -> None:
    whole = served(kind)
    short = replace(whole, events=whole.events[: MIDDLE[kind]])
    with line(kind, short, plan=plan_for(kind, retries=0)) as call, pytest.raises(CallFailed, match="ended before"):
        call.caller.run(call.plan)
    assert (call.event.complete, call.event.stop_reason) == (False, "disconnected")


def test_what_anthropic_counted_before_the_end_is_kept_and_its_stub_is_not() -> None:
    whole = served("anthropic")
    broken = replace(whole, events=whole.events[:8], cut=True)
    with line("anthropic", broken, plan=plan_for("anthropic", retries=0)) as call, pytest.raises(CallFailed):
        call.caller.run(call.plan)
    assert (call.event.prompt_tokens, call.event.cached_tokens) == (1200, 800)
    assert (call.event.actual_output_tokens, call.event.response_id) == (None, "msg_1")


@every
@pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
def test_an_answer_that_is_no_json_is_a_failure(kind: str, stream: bool) -> None:
    broken = served(kind, stream=stream)
    bad = b"event: message_start\ndata: {not json\n\n"
    broken = replace(broken, events=[bad]) if stream else replace(broken, raw=b"{not json")
    plan = plan_for(kind, sending={"stream": stream}, retries=0)
    with line(kind, broken, plan=plan) as call, pytest.raises(CallFailed):
        call.caller.run(plan)
    assert call.event.stop_reason == "malformed_answer"
    assert not call.event.success


@every
def test_an_answer_of_another_shape_is_a_failure(kind: str) -> None:
    plan = plan_for(kind, sending={"stream": False})
    with line(kind, Served({"hello": "world"}), plan=plan) as call, pytest.raises(CallFailed, match="shape"):
        call.caller.run(plan)
    assert call.event.stop_reason == "malformed_answer"


@every
def test_a_service_that_says_nothing_is_given_up_and_tried_again(kind: str) -> None:
    hold = threading.Event()
    slow = replace(served(kind, stream=False), hold=hold)
    plan = plan_for(kind, sending={"stream": False}, retries=1)
    with line(kind, slow, served(kind, stream=False), plan=plan, timeout_s=0.2) as call:
        answer = call.caller.run(plan)
        hold.set()
    assert answer.text
    assert call.events[0].stop_reason == "timeout"


@every
def test_a_service_that_is_not_there_is_named(kind: str) -> None:
    with line(kind, served(kind), there=False) as call, pytest.raises(CallFailed, match="after 3 attempts"):
        call.caller.run(call.plan)
    assert [event.stop_reason for event in call.events] == ["connection_failed"] * 3
    assert all(event.complete and not event.success for event in call.events)


@pytest.mark.parametrize(
    ("kind", "event"),
    [
        ("anthropic", {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}),
        ("openai", {"type": "error", "code": "server_error", "message": "Overloaded", "sequence_number": 1}),
        ("chat", {"error": {"type": "server_error", "code": "server_error", "message": "Overloaded"}}),
        ("gemini", {"error": {"code": 503, "status": "UNAVAILABLE", "message": "Overloaded"}}),
    ],
)
def test_an_error_inside_a_stream_is_one_that_may_pass(kind: str, event: dict[str, object]) -> None:
    whole = served(kind)
    bad = replace(whole, events=[whole.events[0], *sse(event, named="type" in event)])
    with line(kind, bad, whole) as call:
        answer = call.caller.run(call.plan)
    assert answer.text == Facts().text
    assert len(call.events) == 2
    assert call.events[0].stop_reason in ("overloaded_error", "server_error", "UNAVAILABLE")


def test_an_answer_that_openai_failed_is_tried_again() -> None:
    whole = served("openai", stream=False)
    assert isinstance(whole.body, dict)
    body = {**whole.body, "status": "failed", "error": {"code": "server_error", "message": "x"}, "output": []}
    plan = plan_for("openai", sending={"stream": False})
    with line("openai", replace(whole, body=body), whole, plan=plan) as call:
        call.caller.run(plan)
    assert [event.stop_reason for event in call.events] == ["server_error", "completed"]
    assert [event.finish for event in call.events] == [Finish.ERROR, Finish.STOP]


@pytest.mark.parametrize(
    "headers", [{"retry-after": "soon"}, {"retry-after": ""}, {"retry-after-ms": "nan"}, {"retry-after": "Tue, 99"}]
)
def test_nonsense_about_waiting_is_no_wait(headers: dict[str, str]) -> None:
    assert asked_wait_s(headers, {"error": {"details": [{"retryDelay": "soon"}, 3]}}, START) is None


def test_a_moment_that_has_passed_is_no_wait() -> None:
    before = email.utils.format_datetime(START - datetime.timedelta(hours=1), usegmt=True)
    assert asked_wait_s({"retry-after": before}, None, START) == 0
    assert asked_wait_s({"retry-after": "-5"}, None, START) == 0


def test_waits_grow_to_an_end_and_are_spread() -> None:
    waits = [usual_wait_s(tries, 0.0) for tries in range(1, 60)]
    assert waits == sorted(waits)
    assert waits[-1] == waits[10]
    assert 0 < usual_wait_s(3, 1.0) < usual_wait_s(3, 0.0)
