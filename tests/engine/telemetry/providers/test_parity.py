"""One task, three SDKs: the same intent; ceilings that differ only by the documented rules of providers."""

from __future__ import annotations

from typing import Any

import pytest

from engine.budgets import Limits, Task, decide
from engine.telemetry.providers import Plan, wire_of
from tests.engine.telemetry.providers.setup import KINDS, line, plan_for, provider_of
from tests.engine.telemetry.providers.shapes import MODELS, Facts, served

FLOORS = {"openai": 16_384, "anthropic": 16_384, "gemini": 8_192}
TASKS = {
    "docs/low": Task(category="docs", complexity="low"),
    "documentation/low in full_file": Task(category="documentation", complexity="low", mode="full_file"),
    "tests/low": Task(category="tests", complexity="low"),
    "tests/low in full_file": Task(category="testing", complexity="low", mode="full_file"),
    "implementation/medium": Task(category="implementation", complexity="medium"),
    "refactoring/high in large_refactor": Task(category="refactoring", complexity="high", mode="large_refactor"),
    "unlabelled": Task(),
}
LOW = {"docs/low": 4096, "documentation/low in full_file": 4096, "tests/low": 6144}
"""Ceilings that are low on purpose, on all three."""
SENT: dict[str, tuple[str, ...]] = {
    "openai": ("max_output_tokens",),
    "chat": ("max_completion_tokens",),
    "anthropic": ("max_tokens",),
    "gemini": ("generationConfig", "maxOutputTokens"),
}


def sent(kind: str, body: dict[str, Any]) -> object:
    """The ceiling as it arrived, under its only right name."""
    value: Any = body
    for name in SENT[kind]:
        value = value[name]
    others = {"max_tokens", "max_completion_tokens", "max_output_tokens"} - {SENT[kind][-1]}
    assert not others & set(body)
    return value


@pytest.mark.parametrize("name", TASKS)
def test_the_same_task_through_the_real_sdks(name: str) -> None:
    intents, ceilings = {}, {}
    for kind in KINDS:
        plan = plan_for(kind, TASKS[name])
        with line(kind, served(kind), plan=plan) as call:
            call.caller.run(plan)
        intents[kind], ceilings[kind] = call.event.selected_budget, sent(kind, call.service.bodies[0])
        assert call.event.actual_max_tokens == ceilings[kind]
    assert len(set(intents.values())) == 1
    intent = intents["openai"]
    assert intent is not None
    floored = TASKS[name].mode and name not in LOW
    for kind, ceiling in ceilings.items():
        assert ceiling == (max(intent, FLOORS[provider_of(kind)]) if floored else intent)
    if name in LOW:
        assert set(ceilings.values()) == {LOW[name]}


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_rule_goes_above_the_caller(kind: str, name: str) -> None:
    limits = Limits(provider=provider_of(kind), model=MODELS[kind], max_output_tokens=64_000, hard_cap_tokens=2_000)
    plan = plan_for(kind, TASKS[name], limits=limits)
    cut = Facts(end="length", output=2_000)
    with line(kind, served(kind, cut), plan=plan) as call:
        answer = call.caller.run(plan)
    assert [sent(kind, body) for body in call.service.bodies] == [2_000]
    assert answer.truncated
    assert any("limit" in warned for warned in call.warned)


@pytest.mark.parametrize("kind", KINDS)
def test_truncation_and_every_kind_of_token_is_recorded_on_all(kind: str) -> None:
    facts = Facts(end="length", output=4096, reasoning=700)
    with line(kind, served(kind, facts), plan=plan_for(kind, on_truncation="stop")) as call:
        call.caller.run(call.plan)
    event = call.event
    assert (event.truncated, event.actual_max_tokens, event.selected_budget) == (True, 4096, 4096)
    counts = (event.prompt_tokens, event.cached_tokens, event.actual_output_tokens, event.reasoning_tokens)
    assert counts == (1200, 800, 4096, 700)


@pytest.mark.parametrize(
    ("provider", "model", "api", "parameter"),
    [
        ("openai", "gpt-5.5", "responses", "max_output_tokens"),
        ("openai", "gpt-6.1-sol", "responses", "max_output_tokens"),
        ("openai", "gpt-4o", "responses", "max_output_tokens"),
        ("openai", "o3", "responses", "max_output_tokens"),
        ("openai", "gpt-oss-120b", "chat", "max_tokens"),
        ("openai", "somebody/llama-4", "chat", "max_tokens"),
        ("anthropic", "claude-opus-5-5", "messages", "max_tokens"),
        ("gemini", "gemini-2.5-flash", "generate_content", "max_output_tokens"),
    ],
)
def test_a_model_is_asked_by_the_interface_it_has(provider: str, model: str, api: str, parameter: str) -> None:
    wire = wire_of(provider, model)
    assert (wire.api, wire.parameter) == (api, parameter)


@pytest.mark.parametrize(
    ("model", "parameter"), [("gpt-5.5", "max_completion_tokens"), ("o3", "max_completion_tokens")]
)
def test_reasoning_models_refuse_the_old_name_in_chat(model: str, parameter: str) -> None:
    assert wire_of("openai", model, "chat").parameter == parameter


def test_long_answers_of_anthropic_are_streamed_whatever_was_asked() -> None:
    limits = Limits(provider="anthropic", model=MODELS["anthropic"], max_output_tokens=128_000)
    task = Task(category="implementation", complexity="high", deliverables=[f"src/new_{i}.py" for i in range(12)])
    assert decide(task, limits).actual_max_tokens > 21_333
    plan: Plan = plan_for("anthropic", task, limits=limits, sending={"stream": False})
    with line("anthropic", served("anthropic"), plan=plan) as call:
        answer = call.caller.run(plan)
    assert call.service.bodies[0]["stream"] is True
    assert answer.text
