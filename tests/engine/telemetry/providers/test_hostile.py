"""Whatever a service writes, and whatever an SDK raises about it, is read or refused, and the event can be true."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import UsageError
from engine.telemetry import impossible
from engine.telemetry.check import MOST_TOKENS
from engine.telemetry.providers import CallFailed, read_reply
from engine.telemetry.providers.failure import read_failure
from engine.telemetry.providers.reading import Incoming
from engine.telemetry.providers.recording import Attempt, event_of
from engine.telemetry.providers.reply import Reply, judged
from tests.engine.telemetry.providers.server import Served
from tests.engine.telemetry.providers.setup import KINDS, START, line, plan_for
from tests.engine.telemetry.providers.shapes import Facts, served

NAMES = st.sampled_from(
    [
        "object", "type", "choices", "message", "content", "usage", "output", "candidates", "status", "error", "delta",
        "finish_reason", "finishReason", "stop_reason", "usageMetadata", "parts", "text", "incomplete_details",
        "input_tokens", "completion_tokens_details", "promptFeedback", "response",
    ]
)  # fmt: skip
WORDS = st.sampled_from(
    ["response", "chat.completion", "chat.completion.chunk", "message", "response.completed", "message_start", "STOP"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=24,
)


class Raised(Exception):
    """What an SDK could raise."""

    def __init__(self, body: object, status: object, headers: object) -> None:
        super().__init__("raised")
        self.body, self.status_code, self.response = body, status, {"headers": headers}


@given(VALUES)
def test_reading_refuses_or_reads(value: Any) -> None:
    try:
        reply = read_reply(value)
    except UsageError:
        return
    assert isinstance(reply, Reply)
    assert isinstance(reply.text, str)


@given(st.lists(VALUES, max_size=6))
def test_pieces_are_put_together_whatever_they_are(pieces: list[Any]) -> None:
    incoming = Incoming()
    said = "".join(incoming.add(piece) for piece in pieces)
    assert incoming.reply().text == said or incoming.is_over


@given(VALUES, st.none() | st.integers() | st.text(max_size=3), st.dictionaries(st.text(max_size=20), st.text()))
def test_failures_are_told_in_one_line(body: Any, status: object, headers: dict[str, str]) -> None:
    failure = read_failure(Raised(body, status, headers), None, True, START)
    assert "\n" not in failure.message
    assert failure.message
    assert failure.word.isascii() or failure.word
    assert failure.asked_wait_s is None or failure.asked_wait_s >= 0


COUNTS = st.integers(0, MOST_TOKENS // 4)


@given(
    st.sampled_from(KINDS), st.booleans(), st.sampled_from(["stop", "length"]), st.text(max_size=5),
    st.integers(0, 4096), st.floats(0, 1), COUNTS, st.floats(0, 1),
)  # fmt: skip
def test_every_consistent_answer_makes_an_event_that_can_be_true(
    kind: str, stream: bool, end: str, said: str, output: int, thought: float, prompt: int, cached: float
) -> None:
    facts = Facts(
        text=said, end=end, output=output, reasoning=int(output * thought), prompt=prompt, cached=int(prompt * cached)
    )
    plan, incoming = plan_for(kind), Incoming()
    answer = served(kind, facts, stream=stream)
    for piece in pieces_of(answer):
        incoming.add(piece)
    reply = judged(incoming.reply(), 4096)
    made = Attempt(call_id="c", number=1, began=START, duration_s=0.1, ceiling_tokens=4096)
    event = event_of(plan.decision, made, reply)
    assert impossible(event) is None
    assert event.actual_output_tokens == output
    assert event.truncated is (end == "length" or (not said and output >= 4096))


def pieces_of(answer: Served) -> list[Any]:
    """What an SDK would hand out, as JSON."""
    if not answer.events:
        return [answer.body]
    lines = [text for event in answer.events for text in event.decode().split("\n") if text.startswith("data: ")]
    return [json.loads(text[6:]) for text in lines if text != "data: [DONE]"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b'"text"', b"\xff\xfe", b"{}", b"<html>Bad gateway</html>", b"[" * 5000],
    ids=["empty", "null", "list", "text", "bytes", "object", "html", "deep"],
)
@pytest.mark.parametrize("status", [200, 502])
def test_no_body_gets_further_than_a_failure(kind: str, raw: bytes, status: int) -> None:
    plan = plan_for(kind, sending={"stream": False}, retries=0)
    with line(kind, Served(raw=raw, status=status), plan=plan) as call, pytest.raises(CallFailed) as caught:
        call.caller.run(plan)
    assert "\n" not in caught.value.message
    assert len(call.events) == 1
    assert not call.event.success
