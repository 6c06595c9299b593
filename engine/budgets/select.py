"""From an estimate to the intent: the output tokens that a call should be allowed, whoever serves it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.budgets.estimate import Estimate
from engine.budgets.learned import LearnedBudget, Trial
from engine.budgets.tables import Category, coefficients
from engine.budgets.trace import Step
from engine.budgets.trial import has_failed


@dataclass(frozen=True, slots=True)
class Selected:
    """The intent and how it came about."""

    budget_tokens: int
    steps: tuple[Step, ...]


def select_from_tables(
    estimate: Estimate, category: Category, complexity: str, deliverable_count: int, trial: Trial | None
) -> Selected:
    """Take the larger of the category's base and the buffered estimate, up to the largest intent."""
    factor, why = _buffer(estimate, category, complexity, deliverable_count)
    buffered = math.floor(estimate.tokens * factor)
    steps = [Step("buffer", estimate.tokens, buffered, f"× {factor:g}: {why}")]
    base, staged = _base(category, complexity, trial)
    steps += staged
    # Without deliverables the estimate is of an assumed file, which is no reason to go above the base.
    budget = max(base, buffered) if deliverable_count else base
    named = f"{category.name}/{complexity}"
    steps.append(
        Step("category_base", buffered, budget, f"{named} starts at {base:,}")
        if category.name != "other"
        else Step("complexity_fallback", buffered, budget, f"no figures for this category; {complexity} is {base:,}")
    )
    most = coefficients()["largest_intent"]
    steps.append(Step("largest_intent", budget, min(budget, most), f"no answer is wanted above {most:,}"))
    return Selected(min(budget, most), tuple(steps))


def select_learned(estimate: Estimate, learned: LearnedBudget, named: str, has_deliverables: bool) -> Selected:
    """Take what history taught, and proportionally more for a task larger than what it holds."""
    budget = learned.budget_tokens
    why = f"{named}: {learned.samples:,} calls, {learned.basis}"
    steps = [Step("learned_budget", estimate.tokens, budget, why)]
    seen = learned.predicted_tokens
    if has_deliverables and seen and estimate.tokens > seen:
        scaled = _round_up(math.ceil(budget * estimate.tokens / seen))
        steps.append(Step("larger_than_seen", budget, scaled, f"estimates up to {seen:,} were seen"))
        budget = scaled
    most = coefficients()["largest_intent"]
    steps.append(Step("largest_intent", budget, min(budget, most), f"no answer is wanted above {most:,}"))
    return Selected(min(budget, most), tuple(steps))


def _base(category: Category, complexity: str, trial: Trial | None) -> tuple[int, list[Step]]:
    base = category.base[complexity]
    if trial is None:
        return base, []
    if has_failed(trial):
        why = f"taken back: {trial.troubled} of {trial.calls} calls were cut off or escalated"
        return base, [Step("staged_base", trial.base_tokens, base, why)]
    why = f"on trial, {trial.calls} calls so far, {trial.troubled} cut off or escalated"
    return trial.base_tokens, [Step("staged_base", base, trial.base_tokens, why)]


def _buffer(estimate: Estimate, category: Category, complexity: str, deliverable_count: int) -> tuple[float, str]:
    rule = coefficients()["buffer"]
    if category.buffer is not None:
        return category.buffer, f"all of {category.name}"
    found = [(rule["default"], "default")]
    if estimate.confidence < rule["low_confidence_below"]:
        found.append((rule["low_confidence"], f"confidence {estimate.confidence:.2f}"))
    if deliverable_count >= rule["many_from"]:
        found.append((rule["many"], f"{deliverable_count} deliverables"))
    if category.large_buffer and complexity == "high":
        found.append((rule["large"], f"{category.name}, high"))
    return max(found)


def _round_up(tokens: int) -> int:
    step = int(coefficients()["round_to"])
    return -(-tokens // step) * step
