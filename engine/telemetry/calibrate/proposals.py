"""What history suggests for each cell, with everything a person needs to accept or refuse it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.budgets.learned import Cell, LearnedBudget
from engine.telemetry.calibrate.calls import Call
from engine.telemetry.calibrate.fit import Fit, Seen, fit, round_up
from engine.telemetry.calibrate.history import History
from engine.telemetry.calibrate.settings import Settings
from engine.telemetry.calibrate.survival import Curve
from engine.telemetry.intervals import wilson

_MARGIN = 1.02
"""Change below which a proposal says that the budget may stay."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A budget for a cell, and what it rests on. Counts are output tokens."""

    cell: Cell
    current_tokens: int
    """Budget of the cell's tasks as the estimator stands."""
    budget_tokens: int
    """What is proposed."""
    action: str
    """``lower``, ``raise``, ``keep``, ``escalate`` (too much was cut off to know) or ``wait`` (too few calls)."""
    p50_tokens: int
    p90_tokens: int
    p95_tokens: int
    samples: int
    """Own calls in the window."""
    cut: int
    """Of those, calls that were cut off: each says only that its answer was longer."""
    cut_interval: tuple[float, float]
    """95 % interval of the share of calls that are cut off like that."""
    cuts: tuple[tuple[int, int], ...]
    """(length, calls) of own calls that were cut off, by length: where the curve knows less from there on."""
    longest_tokens: int
    """Longest answer among all calls that count, cut off or not; beyond it the curve is a guess."""
    basis: str
    """``cell``, ``mixture`` or ``parent``."""
    parent: Cell | None
    parent_share: float
    """Weight of the parent in the mixture, 0 to 1."""
    is_provisional: bool
    has_drifted: bool
    truncation: float
    """Share of calls that the proposal is expected to cut off."""
    truncation_interval: tuple[float, float]
    """95 % interval of that share for as many calls."""
    current_truncation: float
    """The same for the current budget."""
    reserved_per_used: float | None
    """Tokens that the proposal reserves for each token used, by the calls that were not cut off."""
    current_reserved_per_used: float | None
    predicted_tokens: int | None
    """Estimate of nine in ten of the calls, where they had one."""
    curve: Curve
    """Share of answers longer than a length, own calls and parent together."""
    why: str

    @property
    def can_be_applied(self) -> bool:
        """Whether there is anything to accept."""
        return self.action in ("lower", "raise", "escalate")

    def learned(self) -> LearnedBudget:
        """The proposal as the estimator takes it."""
        return LearnedBudget(
            self.budget_tokens,
            self.p50_tokens,
            self.p90_tokens,
            self.p95_tokens,
            self.samples,
            self.why,
            self.predicted_tokens,
        )


def propose(
    calls: Sequence[Call], current: Callable[[Cell], int], target: float, rules: Settings
) -> tuple[Proposal, ...]:
    """Propose a budget for every cell that calls name a category and a complexity of.

    Args:
        calls: In order of time; more than the window of each cell are not needed.
        current: Budget of a cell's tasks as the estimator stands.
        target: Share of calls that may be cut off.
        rules: Settings of calibration.
    """
    history = History(rules)
    predicted: dict[Cell, list[int]] = {}
    for call in calls:
        history.add(call.cell, Seen(call.length, call.is_cut, call.allowed))
        if call.predicted:
            predicted.setdefault(call.cell, []).append(call.predicted)
    found = []
    for cell in sorted({call.cell for call in calls if call.cell.category and call.cell.complexity}):
        parent, leaned = history.parent(cell)
        own, now = history.own(cell), current(cell)
        one = fit(own, leaned, now, target, rules)
        guesses = sorted(predicted.get(cell, ())[-rules.window :])
        typical = guesses[math.ceil(0.9 * len(guesses)) - 1] if len(guesses) >= rules.least else None
        found.append(_proposal(cell, parent, own, one, now, typical, rules))
    return tuple(found)


def _proposal(
    cell: Cell,
    parent: Cell | None,
    own: Sequence[Seen],
    one: Fit,
    current: int,
    predicted: int | None,
    rules: Settings,
) -> Proposal:
    budget, action, why = _action(one, current, rules)
    expected = one.curve.longer_than(budget)
    return Proposal(
        cell=cell,
        current_tokens=current,
        budget_tokens=budget,
        action=action,
        p50_tokens=_quantile(one.curve, 0.5, budget),
        p90_tokens=_quantile(one.curve, 0.1, budget),
        p95_tokens=_quantile(one.curve, 0.05, budget),
        samples=one.samples,
        cut=one.cut,
        cut_interval=wilson(one.cut, one.samples),
        cuts=one.cuts,
        longest_tokens=one.longest_tokens,
        basis="mixture" if one.parent_samples and one.samples else "parent" if one.parent_samples else "cell",
        parent=parent if one.parent_samples else None,
        parent_share=round(one.parent_share, 4),
        is_provisional=one.samples < rules.provisional_below,
        has_drifted=one.has_drifted,
        truncation=round(expected, 5),
        truncation_interval=wilson(expected * one.samples, one.samples),
        current_truncation=round(one.curve.longer_than(current), 5),
        reserved_per_used=_reserved(own, budget),
        current_reserved_per_used=_reserved(own, current),
        predicted_tokens=predicted,
        curve=one.curve,
        why=why,
    )


def _action(one: Fit, current: int, rules: Settings) -> tuple[int, str, str]:
    counted = f"{one.samples:,} calls, {one.cut:,} cut off and counted as longer"
    if one.parent_share:
        counted += f", {one.parent_share:.0%} weight from the parent"
    if one.samples < rules.least:
        return current, "wait", f"{one.samples:,} of {rules.least} calls"
    if not one.is_known:
        if one.cut and one.budget_tokens > current:
            return one.budget_tokens, "escalate", f"too many cut off to know how long answers are: {counted}"
        return current, "wait", f"answers longer than any seen cannot be ruled out: {counted}"
    budget, note = one.budget_tokens, ""
    least = round_up(current * rules.largest_cut, rules)
    if budget < least:
        budget, note = least, f"; {one.budget_tokens:,} would do, taken in steps"
    if one.has_drifted:
        note += "; answers got longer, older calls left out"
    if max(budget, current) <= _MARGIN * min(budget, current):
        return current, "keep", counted
    return budget, "lower" if budget < current else "raise", counted + note


def _quantile(curve: Curve, longer: float, otherwise: int) -> int:
    found = curve.quantile(longer)
    return math.ceil(found) if math.isfinite(found) else otherwise


def _reserved(own: Sequence[Seen], budget: int) -> float | None:
    used = sum(min(one.length, budget) for one in own)
    return round(len(own) * budget / used, 4) if used else None
