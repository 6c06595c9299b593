"""Bases on trial: a lower base for a category and complexity, taken back by itself when its calls run into trouble.

Nothing is switched off or on: whether a trial failed follows from the calls under it, so that every process agrees.
"""

from __future__ import annotations

from typing import Any

from engine.budgets.labels import category_name, complexity_name
from engine.budgets.learned import Trial
from engine.budgets.tables import coefficients
from engine.errors import UsageError


def planned_trial(written: str) -> Trial:
    """Read ``docs/low`` or ``docs/low=3584``; the base may be left out where one is planned.

    Raises:
        UsageError: it names no category and complexity, or nothing is planned there and no base is given.
    """
    place, _, base = written.partition("=")
    category, slash, complexity = place.partition("/")
    if not slash or not category:
        raise UsageError(f"'{written[:60]}' names no trial", "write docs/low or docs/low=3584")
    name, level = category_name(category), complexity_name(complexity)
    plan = _plan(name, level)
    if base and not (base.isdigit() and 0 < int(base) <= coefficients()["largest_intent"]):
        raise UsageError(f"'{base[:60]}' is no base", "write a number of output tokens, as docs/low=3584")
    if not base and plan is None:
        planned = ", ".join(f"{one['category']}/{one['complexity']}" for one in coefficients()["trial"])
        raise UsageError(f"no trial is planned for {name}/{level}", f"planned: {planned}; or write {name}/{level}=3584")
    return Trial(name, level, int(base or (plan or {})["base"]))


def has_failed(trial: Trial) -> bool:
    """Whether a trial is to be taken back: enough troubled calls, and too large a share of all."""
    plan = _rules(trial)
    return bool(trial.troubled >= plan["revert_from"] and trial.troubled > plan["revert_above"] * trial.calls)


def has_stood(trial: Trial) -> bool:
    """Whether a trial has seen as many calls as it needs, and did not fail."""
    return not has_failed(trial) and trial.calls >= int(_rules(trial)["calls"])


def _rules(trial: Trial) -> dict[str, Any]:
    return _plan(trial.category, trial.complexity) or coefficients()["trial"][0]


def _plan(category: str, complexity: str) -> dict[str, Any] | None:
    plans = coefficients()["trial"]
    return next((one for one in plans if (one["category"], one["complexity"]) == (category, complexity)), None)
