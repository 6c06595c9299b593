"""The one place where a floor may raise a ceiling, for every provider and every rule that raises."""

from __future__ import annotations

from engine.budgets.tables import Category
from engine.budgets.trace import Step


def conditional_floor(
    rule: str, ceiling_tokens: int, floor_tokens: int, category: Category, selected_tokens: int, why: str
) -> Step:
    """Raise a ceiling to a floor, unless the budget is low on purpose.

    A docs-like category whose budget is below the floor was given that budget because its answers are short; a floor
    would undo it.

    Args:
        rule: Name of the step.
        ceiling_tokens: The ceiling so far.
        floor_tokens: What it is raised to at least; 0 for no floor.
        category: Normalised category of the task, the same that chose the budget.
        selected_tokens: The intent.
        why: Why there is a floor, for the trace.
    """
    if ceiling_tokens >= floor_tokens:
        shown = f"{why}; already at least {floor_tokens:,}" if floor_tokens else why
        return Step(rule, ceiling_tokens, ceiling_tokens, shown)
    if category.docs_like and selected_tokens < floor_tokens:
        return Step(rule, ceiling_tokens, ceiling_tokens, f"not {floor_tokens:,}: {category.name} is low on purpose")
    return Step(rule, ceiling_tokens, floor_tokens, why)
