"""Effort, thinking budgets and instructions arrive where each service looks for them."""

from __future__ import annotations

from typing import Any

import pytest

from engine.telemetry.providers import wire_of
from tests.engine.telemetry.providers.setup import line, plan_for, provider_of
from tests.engine.telemetry.providers.shapes import served


@pytest.mark.parametrize(
    ("kind", "asked", "path", "value"),
    [
        ("openai", {"effort": "low"}, "reasoning.effort", "low"),
        ("chat", {"effort": "high"}, "reasoning_effort", "high"),
        ("anthropic", {"effort": "medium"}, "output_config.effort", "medium"),
        ("anthropic", {"thinking_tokens": 2048}, "thinking.budget_tokens", 2048),
        ("anthropic", {"thinking_tokens": 0}, "thinking.type", "disabled"),
        ("gemini", {"effort": "low"}, "generationConfig.thinkingConfig.thinking_level", "LOW"),
        ("gemini", {"thinking_tokens": 512}, "generationConfig.thinkingConfig.thinking_budget", 512),
        ("openai", {"system": "Be brief."}, "instructions", "Be brief."),
        ("chat", {"system": "Be brief."}, "messages.0.content", "Be brief."),
        ("anthropic", {"system": "Be brief."}, "system", "Be brief."),
        ("gemini", {"system": "Be brief."}, "systemInstruction.parts.0.text", "Be brief."),
    ],
)
def test_a_wish_arrives(kind: str, asked: dict[str, Any], path: str, value: object) -> None:
    with line(kind, served(kind), plan=plan_for(kind, sending=asked)) as call:
        call.caller.run(call.plan)
    found: Any = call.service.bodies[0]
    for name in path.split("."):
        camel = name.split("_")[0] + "".join(word.title() for word in name.split("_")[1:])
        found = found[int(name)] if name.isdigit() else found[name if name in found else camel]
    assert str(found).lower() == str(value).lower()


def test_a_begun_answer_is_given_back_only_to_models_that_take_it() -> None:
    assert wire_of("anthropic", "claude-haiku-4-5").prefill
    assert wire_of("anthropic", "claude-opus-4-5-20251101").prefill
    assert not wire_of("anthropic", "claude-opus-4-6").prefill
    assert not wire_of("anthropic", "claude-fable-5-1").prefill
    assert not any(wire_of(provider_of(kind), "any").prefill for kind in ("openai", "gemini"))
