"""More room after a truncation: once, from the highest evidence, capped; or the rest of the answer, when asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.budgets import Limits
from engine.telemetry import Finish
from engine.telemetry.providers import CallFailed, Reply, Usage, escalate, wire_of
from tests.engine.telemetry.providers.setup import KINDS, line, plan_for, provider_of
from tests.engine.telemetry.providers.shapes import MODELS, Facts, failed, served

every = pytest.mark.parametrize("kind", KINDS)
CUT = Facts(text="Orders are ", end="length", output=4096, reasoning=0)
REST = Facts(text="totalled by line.", output=200, reasoning=0)
WHOLE = Facts(text="Orders are totalled by line.", output=4300, reasoning=0)


def ceilings(bodies: list[dict[str, Any]]) -> list[int]:
    names = ("max_tokens", "max_completion_tokens", "max_output_tokens")
    found = [[body[name] for name in names if name in body] for body in bodies]
    return [
        one[0] if one else body["generationConfig"]["maxOutputTokens"] for one, body in zip(found, bodies, strict=True)
    ]


@every
def test_a_truncated_call_is_made_once_more_with_a_quarter_more_room(kind: str) -> None:
    told: list[str] = []
    with line(kind, served(kind, CUT), served(kind, WHOLE)) as call:
        answer = call.caller.run(call.plan, told.append, lambda why: told.append(f"[{why}]"))
    assert ceilings(call.service.bodies) == [4096, 5120]
    assert answer.text == WHOLE.text
    assert "".join(told) == f"{CUT.text}[cut off at 4,096 tokens; again with 5,120]{WHOLE.text}"
    first, second = call.events
    assert (first.truncated, first.escalation_reason, first.attempt) == (True, "", 1)
    assert (second.truncated, second.escalation_reason, second.attempt) == (False, "truncation", 2)
    assert (second.escalation_base_tokens, second.escalation_factor) == (4096, 1.25)
    assert second.escalation_base_source == "actual_max_tokens"
    assert (second.actual_max_tokens, second.selected_budget) == (5120, 4096)
    assert second.trace[-1].rule == "escalation"
    assert (second.trace[-1].before, second.trace[-1].after) == (4096, 5120)
    assert {first.dedupe_key.split("/")[0]} == {second.dedupe_key.split("/")[0]}
    assert first.dedupe_key != second.dedupe_key


@every
def test_there_is_no_second_escalation(kind: str) -> None:
    longer = replace(CUT, output=5120)
    with line(kind, served(kind, CUT), served(kind, longer)) as call:
        answer = call.caller.run(call.plan)
    assert ceilings(call.service.bodies) == [4096, 5120]
    assert answer.truncated
    assert [event.attempt for event in call.events] == [1, 2]


@every
def test_nothing_of_a_limit_spent_on_reasoning_is_lost_by_asking_again(kind: str) -> None:
    empty = Facts(text="", end="length", output=4096, reasoning=4096)
    plan = plan_for(kind, on_truncation="continue")
    with line(kind, served(kind, empty), served(kind, WHOLE), plan=plan) as call:
        answer = call.caller.run(plan, lambda text: None)
    assert (answer.text, answer.truncated) == (WHOLE.text, False)
    assert ceilings(call.service.bodies) == [4096, 5120]


@every
def test_the_escalated_ceiling_stays_below_every_limit(kind: str) -> None:
    name, model = provider_of(kind), MODELS[kind]
    for limits, ceiling in (
        (Limits(provider=name, model=model, max_output_tokens=64_000, hard_cap_tokens=4_500), 4_500),
        (Limits(provider=name, model=model, max_output_tokens=4_700), 4_700),
        (Limits(provider=name, model=model, max_output_tokens=9_000, window_tokens=6_000, used_tokens=1_100), 4_900),
    ):
        with line(kind, served(kind, CUT), served(kind, WHOLE), plan=plan_for(kind, limits=limits)) as call:
            call.caller.run(call.plan)
        assert ceilings(call.service.bodies) == [4096, ceiling]
        assert f"limited to {ceiling:,}" in call.events[1].trace[-1].why


@every
@pytest.mark.parametrize("mode", ["escalate", "continue"])
def test_a_cut_off_answer_is_kept_when_nothing_better_comes(kind: str, mode: str) -> None:
    told: list[str] = []
    plan = plan_for(kind, on_truncation=mode, retries=0)
    with line(kind, served(kind, CUT), failed(kind, 500, "server_error", "Broken."), plan=plan) as call:
        answer = call.caller.run(plan, told.append, lambda why: told.clear())
    assert (answer.text, answer.truncated, answer.ceiling_tokens) == (CUT.text, True, 4096)
    assert "".join(told) == CUT.text
    assert [event.success for event in call.events] == [True, False]
    assert any("Broken." in warned for warned in call.warned)


def test_a_limit_spent_on_reasoning_is_no_answer_to_keep() -> None:
    empty = Facts(text="", end="length", output=4096, reasoning=4096)
    broken = failed("openai", 500, "server_error", "Broken.")
    with line("openai", served("openai", empty), broken, plan=plan_for("openai", retries=0)) as call:
        with pytest.raises(CallFailed, match="Broken"):
            call.caller.run(call.plan)
        assert len(call.events) == 2


def test_a_window_that_is_full_is_no_reason_for_a_higher_ceiling() -> None:
    with line("anthropic", served("anthropic", replace(CUT, end="context"))) as call:
        answer = call.caller.run(call.plan)
    assert answer.truncated
    assert len(call.events) == 1


def test_the_highest_evidence_counts() -> None:
    plan = plan_for("openai")
    cut = Reply(finish=Finish.LENGTH, truncated=True, usage=Usage(output_tokens=2_000))
    capped = escalate(plan.decision, plan.limits, 2_000, cut)
    assert capped is not None
    assert (capped.base_tokens, capped.base_source) == (plan.decision.selected_budget, "selected_budget")
    spent = escalate(plan.decision, plan.limits, 4_096, replace(cut, usage=Usage(output_tokens=4_200)))
    assert spent is not None
    assert (spent.base_tokens, spent.base_source, spent.ceiling_tokens) == (4_200, "actual_output_tokens", 5_250)


def test_an_answer_of_no_use_that_spent_its_room_may_have_more() -> None:
    plan = plan_for("openai")
    full = Reply(text="{", finish=Finish.STOP, truncated=False, usage=Usage(output_tokens=4_000))
    assert escalate(plan.decision, plan.limits, 4_096, full) is None
    more = escalate(plan.decision, plan.limits, 4_096, full, useless=True)
    assert more is not None
    assert (more.reason, more.ceiling_tokens) == ("utilization", 5_120)
    short = replace(full, usage=Usage(output_tokens=3_000))
    assert escalate(plan.decision, plan.limits, 4_096, short, useless=True) is None


@every
def test_the_rest_of_an_answer_is_asked_for_where_it_stopped(kind: str) -> None:
    said: list[str] = []
    plan = plan_for(kind, on_truncation="continue")
    with line(kind, served(kind, CUT), served(kind, REST), plan=plan) as call:
        answer = call.caller.run(plan, said.append)
    assert answer.text == "".join(said) == "Orders are totalled by line."
    assert not answer.truncated
    body = call.service.bodies[1]
    turns = next(body[name] for name in ("input", "messages", "contents") if name in body)
    assert "Orders are" in str(turns[1])
    assert turns[1]["role"] in ("assistant", "model")
    first, second = call.events
    assert (first.complete, second.complete) == (True, False)
    assert (second.attempt, second.escalation_reason, second.trace[-1].rule) == (2, "", "continuation")


@every
def test_the_hard_cap_holds_for_all_parts_together(kind: str) -> None:
    limits = Limits(provider=provider_of(kind), model=MODELS[kind], max_output_tokens=64_000, hard_cap_tokens=5_000)
    plan = plan_for(kind, limits=limits, on_truncation="continue")
    more = replace(CUT, text="more ", output=904)
    with line(kind, served(kind, CUT), served(kind, more), plan=plan) as call:
        answer = call.caller.run(plan)
    assert ceilings(call.service.bodies) == [4096, 904]
    assert (answer.text, answer.truncated) == ("Orders are more ", True)


def test_parts_are_not_asked_for_without_end() -> None:
    plan = plan_for("openai", on_truncation="continue", continuations=2)
    with line("openai", served("openai", CUT), plan=plan) as call:
        assert call.caller.run(plan).truncated
    assert len(call.events) == 3


def test_blanks_at_the_seam_are_neither_lost_nor_doubled() -> None:
    plan = plan_for("anthropic", on_truncation="continue", sending={"wire": wire_of("anthropic", "claude-haiku-4-5")})
    begun = replace(CUT, text="def total():\n")
    for rest in ("\n    return 1\n", "    return 1\n"):
        part = replace(REST, text=rest)
        with line("anthropic", served("anthropic", begun), served("anthropic", part), plan=plan) as call:
            assert call.caller.run(plan).text == "def total():\n    return 1\n"
        assert call.service.bodies[1]["messages"][-1] == {"role": "assistant", "content": "def total():"}


def test_gemini_goes_on_from_its_own_token_when_it_gives_one() -> None:
    cut = served("gemini", stream=False).body
    assert isinstance(cut, dict)
    candidate = {**cut["candidates"][0], "finishReason": "CONTINUATION", "continuationToken": "dG9rZW4="}
    begun = {**cut, "candidates": [candidate]}
    plan = plan_for("gemini", on_truncation="continue", sending={"stream": False})
    answers = (served("gemini", stream=False, body=begun), served("gemini", REST, stream=False))
    with line("gemini", *answers, plan=plan) as call:
        answer = call.caller.run(plan)
    assert answer.text == Facts().text + REST.text
    assert len(call.service.asked) == 2
    assert "continuationToken" in str(call.service.bodies[1])
    assert len(call.service.bodies[1]["contents"]) == 1


def test_the_sdk_of_gemini_does_not_continue_by_itself() -> None:
    cut = served("gemini", stream=False).body
    assert isinstance(cut, dict)
    candidate = {**cut["candidates"][0], "finishReason": "CONTINUATION", "continuationToken": "dG9rZW4="}
    answer = served("gemini", stream=False, body={**cut, "candidates": [candidate]})
    plan = plan_for("gemini", on_truncation="stop", sending={"stream": False})
    with line("gemini", answer, plan=plan) as call:
        call.caller.run(plan)
    assert len(call.service.asked) == 1
    assert (call.event.finish, call.event.stop_reason) == (Finish.LENGTH, "CONTINUATION")


@every
def test_what_was_given_and_cannot_be_taken_back_is_not_asked_for_again(kind: str) -> None:
    said: list[str] = []
    with line(kind, served(kind, CUT), served(kind, WHOLE)) as call:
        answer = call.caller.run(call.plan, said.append)
    assert (answer.text, answer.truncated) == (CUT.text, True)
    assert "".join(said) == CUT.text
    broken = served(kind, WHOLE)
    with (
        line(kind, replace(broken, events=broken.events[:-2] or broken.events[:1], cut=True)) as call,
        pytest.raises(CallFailed),
    ):
        call.caller.run(call.plan, said.append)
    assert len(call.events) == 1
