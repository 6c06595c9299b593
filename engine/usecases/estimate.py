"""The output budget of a task for a model of the catalog, under what history taught so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from engine.budgets import Decision, Limits
from engine.budgets.labels import provider_name, provider_of
from engine.config import Setting
from engine.errors import UsageError
from engine.model import Model

_MOST_SHOWN = 20


def choose_model(provider: str, model: Setting, find: Callable[[str], Model]) -> Model:
    """Settle the model: the one that is named, else the default one of the named provider.

    Raises:
        InputError: the model is unknown.
        UsageError: nothing is known of the provider, and no model is named.
    """
    if not provider or model.origin == "flag":
        return find(str(model.value))
    named = provider_name(provider)
    settled = find(str(model.value))
    if provider_name(settled.provider) == named:
        return settled
    default = provider_of(named).default_model
    if not default:
        raise UsageError(f"no model of provider '{provider[:60]}' is known", "name one with --model")
    return find(default)


def limits_of(model: Model, provider: str, *, hard_cap_tokens: int | None, used_tokens: int, streaming: bool) -> Limits:
    """Limits of a call to a model of the catalog."""
    return Limits(
        provider=provider_name(provider or model.provider),
        model=model.id,
        hard_cap_tokens=hard_cap_tokens,
        max_output_tokens=model.max_output,
        window_tokens=model.context_window,
        used_tokens=used_tokens,
        streaming=streaming,
    )


def decision_json(decision: Decision) -> dict[str, Any]:
    """Write a decision as JSON; the keys are a contract."""
    return {
        "category": decision.category,
        "complexity": decision.complexity,
        "provider": decision.provider,
        "model": decision.model,
        "estimate": decision.estimate_tokens,
        "quantiles": asdict(decision.quantiles),
        "selected_budget": decision.selected_budget,
        "actual_max_tokens": decision.actual_max_tokens,
        "hard_cap": decision.hard_cap_tokens,
        "confidence": decision.confidence,
        "samples": decision.samples,
        "estimator_version": decision.estimator_version,
        "mode": {
            "name": decision.mode.name,
            "set_by": decision.mode.set_by,
            "why": decision.mode.why,
            "rules": [
                {
                    "rule": rule.rule,
                    "holds": rule.holds,
                    "sets": rule.sets_mode,
                    "raises_to": rule.raise_to_tokens or None,
                    "why": rule.why,
                }
                for rule in decision.mode.rules
            ],
        },
        "deliverable_count": len(decision.deliverables),
        "deliverables": [
            {"path": one.path, "type": one.kind, "new": one.is_new, "why": one.why}
            for one in decision.deliverables[:_MOST_SHOWN]
        ],
        "trace": [step._asdict() for step in decision.trace],
    }
