"""Every interface through its real SDK: the same facts on the wire make the same event."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.telemetry import CeilingSource, Event, Finish, Outcome
from engine.tokens import catalog
from tests.engine.telemetry.providers.setup import KINDS, START, line, plan_for
from tests.engine.telemetry.providers.shapes import Facts, served

both = pytest.mark.parametrize("stream", [True, False], ids=["streamed", "whole"])
every = pytest.mark.parametrize("kind", KINDS)


def told(event: Event) -> tuple[int | None, ...]:
    """All counts of tokens."""
    return (
        event.prompt_tokens, event.cached_tokens, event.cache_write_tokens or 0, event.actual_output_tokens,
        event.reasoning_tokens,
    )  # fmt: skip


@every
@both
def test_an_answer_is_given_and_recorded_with_all_kinds_of_tokens(kind: str, stream: bool) -> None:
    facts = Facts(written=0 if kind == "gemini" else 100)
    plan = plan_for(kind, sending={"stream": stream})
    said: list[str] = []
    with line(kind, served(kind, facts, stream=stream), plan=plan) as call:
        answer = call.caller.run(call.plan, said.append)
    event = call.event
    assert answer.text == "".join(said) == facts.text
    assert told(event) == (1200, 800, facts.written, 310, 120)
    assert (event.finish, event.truncated, event.success, event.complete) == (Finish.STOP, False, True, True)
    assert event.outcome is Outcome.COMPLETE
    assert (event.actual_max_tokens, event.ceiling_source) == (4096, CeilingSource.SENT)
    assert (event.attempt, event.timestamp, event.duration_s) == (1, START, 0.0)
    assert (event.response_id, answer.events) == (answer.reply.response_id, (event,))
    assert event.request_id or kind == "gemini"
    assert event.trace == plan.decision.trace
    assert answer.truncated is False


@every
@both
def test_a_cut_off_answer_is_recorded_as_one(kind: str, stream: bool) -> None:
    facts = Facts(end="length", output=4096, reasoning=1000)
    plan = plan_for(kind, sending={"stream": stream}, on_truncation="stop")
    with line(kind, served(kind, facts, stream=stream), plan=plan) as call:
        answer = call.caller.run(call.plan)
    assert answer.truncated
    assert (call.event.finish, call.event.truncated, call.event.success) == (Finish.LENGTH, True, True)
    assert told(call.event) == (1200, 800, 0, 4096, 1000)
    assert call.event.outcome is Outcome.TRUNCATED


@every
@both
def test_a_limit_spent_on_reasoning_alone_is_a_truncation_without_an_answer(kind: str, stream: bool) -> None:
    facts = Facts(text="", end="length", output=4096, reasoning=4096)
    plan = plan_for(kind, sending={"stream": stream}, on_truncation="stop")
    with line(kind, served(kind, facts, stream=stream), plan=plan) as call:
        answer = call.caller.run(call.plan)
    assert (answer.text, answer.truncated) == ("", True)
    assert (call.event.finish, call.event.truncated, call.event.success) == (Finish.LENGTH, True, False)
    assert (call.event.actual_output_tokens, call.event.reasoning_tokens) == (4096, 4096)


@every
def test_a_limit_hit_without_text_is_seen_even_when_the_word_says_otherwise(kind: str) -> None:
    facts = Facts(text="", end="stop", output=4096, reasoning=4096)
    with line(kind, served(kind, facts), plan=plan_for(kind, on_truncation="stop")) as call:
        call.caller.run(call.plan)
    assert (call.event.finish, call.event.truncated) == (Finish.LENGTH, True)
    assert call.event.stop_reason.lower() in ("completed", "stop", "end_turn")


@pytest.mark.parametrize(
    ("kind", "end", "finish", "truncated"),
    [
        ("openai", "filter", Finish.FILTER, False),
        ("openai", "refusal", Finish.REFUSAL, False),
        ("chat", "filter", Finish.FILTER, False),
        ("chat", "refusal", Finish.REFUSAL, False),
        ("anthropic", "refusal", Finish.REFUSAL, False),
        ("anthropic", "context", Finish.CONTEXT, True),
        ("anthropic", "pause", Finish.TOOL_USE, False),
        ("gemini", "filter", Finish.FILTER, False),
    ],
)
@both
def test_other_endings_keep_their_meaning(kind: str, end: str, finish: Finish, truncated: bool, stream: bool) -> None:
    answer = served(kind, Facts(end=end), stream=stream)
    with line(kind, answer, plan=plan_for(kind, sending={"stream": stream})) as call:
        call.caller.run(call.plan)
    assert (call.event.finish, call.event.truncated) == (finish, truncated)
    assert call.event.complete is (finish is Finish.CONTEXT)
    assert call.event.success is (finish not in (Finish.FILTER, Finish.REFUSAL))


def test_a_blocked_prompt_of_gemini_is_filtered() -> None:
    blocked = {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {"promptTokenCount": 9}}
    plan = plan_for("gemini", sending={"stream": False})
    with line("gemini", served("gemini", stream=False, body=blocked), plan=plan) as call:
        call.caller.run(call.plan)
    assert (call.event.finish, call.event.stop_reason) == (Finish.FILTER, "PROHIBITED_CONTENT")
    assert (call.event.prompt_tokens, call.event.success) == (9, False)


def test_what_a_model_thinks_is_no_part_of_the_answer() -> None:
    parts = [{"text": "Let me see.", "thought": True}, {"text": "Yes."}]
    body = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}
    plan = plan_for("gemini", sending={"stream": False})
    with line("gemini", served("gemini", stream=False, body=body), plan=plan) as call:
        assert call.caller.run(call.plan).text == "Yes."
    assert (call.event.actual_output_tokens, call.event.complete, call.event.success) == (None, False, True)


def test_the_cost_follows_the_catalog() -> None:
    plan = plan_for("openai", model=catalog().find("gpt-5.5"))
    with line("openai", served("openai", Facts()), plan=plan) as call:
        call.caller.run(call.plan)
    # 400 fresh at 5, 800 cached at 0.5, 310 out at 30 USD per million
    assert call.event.cost_usd == Decimal("0.0117")
    assert call.event.catalog_as_of
    long = Facts(prompt=300_000, cached=100_000)
    with line("openai", served("openai", long), plan=plan) as call:
        call.caller.run(call.plan)
    # above 272,000 everything of the input is twice as much
    assert call.event.cost_usd == Decimal("2.11395")
    with line("openai", served("openai", Facts(written=50)), plan=plan) as call:
        call.caller.run(call.plan)
    assert (call.event.cost_usd, call.event.catalog_as_of) == (None, "")
