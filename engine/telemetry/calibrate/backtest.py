"""Replay recorded calls in order of time: choose, then observe only what the choice let through, then choose again.

A loop is what use is: every budget cuts off what the next one is learned from. Calls that were cut off when they were
recorded score a policy only where its budget is below that cut; above it nobody knows what would have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.budgets.learned import Cell
from engine.telemetry.calibrate.calls import Call
from engine.telemetry.calibrate.fit import Seen
from engine.telemetry.calibrate.policies import Policy
from engine.telemetry.intervals import wilson

REPORT_EVERY = 50
"""Calls between two reports of progress, which are also when it is asked whether to stop."""
_WORST_FROM = 50
"""Calls of a cell in the last half that make its truncation a figure."""


@dataclass(slots=True)
class Score:
    """What a policy did to some calls."""

    calls: int = 0
    cut: int = 0
    unscored: int = 0
    """Calls that were recorded cut off below the budget that was chosen."""
    reserved_tokens: int = 0
    used_tokens: int = 0
    pinball: float = 0.0
    smape: float = 0.0

    def add(self, budget: int, length: int, middle: float, quantile: float) -> None:
        """Count a call whose true length is known, or known to be above the budget."""
        self.calls += 1
        self.cut += length > budget
        self.reserved_tokens += budget
        self.used_tokens += min(length, budget)
        over = length - budget
        self.pinball += max(quantile * over, (quantile - 1) * over)
        self.smape += 2 * abs(length - middle) / (length + middle) if length + middle else 0.0


@dataclass(slots=True)
class Run:
    """A policy under test."""

    policy: Policy
    total: Score = field(default_factory=Score)
    by_cell: dict[Cell, Score] = field(default_factory=dict)
    last_half: dict[Cell, Score] = field(default_factory=dict)


def backtest(
    calls: Sequence[Call], made: dict[str, Policy], target: float, passed: Callable[[int], object] = int
) -> dict[str, Any]:
    """Run policies over recorded calls; returns the JSON of ``calibrate --backtest``.

    Args:
        calls: In order of time.
        made: Policies by name.
        target: Share of calls that may be cut off; the pinball loss is taken at one minus this.
        passed: Told every ``REPORT_EVERY`` calls how many were replayed; what it raises ends the replay.
    """
    runs = {name: Run(policy) for name, policy in made.items()}
    for number, call in enumerate(calls):
        if number % REPORT_EVERY == 0:
            passed(number)
        for run in runs.values():
            _step(run, call, target, number >= len(calls) // 2)
    return {
        "calls": len(calls),
        "target": target,
        "policies": {name: _policy_json(run) for name, run in runs.items()},
        "cells": [_cell_json(cell, runs) for cell in sorted({call.cell for call in calls})],
    }


def _step(run: Run, call: Call, target: float, is_late: bool) -> None:
    budget, middle = run.policy.choose(call.cell)
    came = min(call.length, budget)
    run.policy.observe(call.cell, Seen(came, call.is_cut if call.length <= budget else True, budget))
    scores = [run.total, run.by_cell.setdefault(call.cell, Score())]
    if is_late:
        scores.append(run.last_half.setdefault(call.cell, Score()))
    for score in scores:
        if call.is_cut and budget >= call.length:
            score.unscored += 1
        else:
            # Of a call cut off above the budget, only that it is longer is known; the cut stands for its length.
            score.add(budget, call.length + call.is_cut, middle, 1 - target)


def _policy_json(run: Run) -> dict[str, Any]:
    seen = {cell: score for cell, score in run.last_half.items() if score.calls}
    # A handful of calls makes no figure, unless there is nothing else.
    late = {cell: score for cell, score in seen.items() if score.calls >= _WORST_FROM} or seen
    worst = max(late, key=lambda cell: late[cell].cut / late[cell].calls, default=None)
    return {
        **_score_json(run.total),
        "worst_cell": None if worst is None else _share(late[worst]),
        "worst_cell_name": "" if worst is None else name_of(worst),
        "last_half": _share(_sum(run.last_half.values())),
    }


def _cell_json(cell: Cell, runs: dict[str, Run]) -> dict[str, Any]:
    found = {name: run.by_cell[cell] for name, run in runs.items()}
    return {
        "cell": name_of(cell),
        **cell._asdict(),
        "n": max(score.calls + score.unscored for score in found.values()),
        "policies": {
            name: {**_score_json(score), "last_half": _share(runs[name].last_half.get(cell, Score()))}
            for name, score in found.items()
        },
        "budget": {name: run.policy.choose(cell)[0] for name, run in runs.items()},
    }


def name_of(cell: Cell) -> str:
    """Write a cell in one word; parts that stand for any are left out at the end."""
    return "/".join(part or "*" for part in cell).rstrip("/*") or "*"


def _score_json(score: Score) -> dict[str, Any]:
    calls = max(1, score.calls)
    return {
        "n": score.calls,
        "unscored": score.unscored,
        "truncation": _share(score),
        "truncation_interval": [round(bound, 5) for bound in wilson(score.cut, score.calls)],
        "reserved_per_used": round(score.reserved_tokens / score.used_tokens, 4) if score.used_tokens else None,
        "pinball": round(score.pinball / calls, 3),
        "smape": round(score.smape / calls, 4),
    }


def _share(score: Score) -> float | None:
    return round(score.cut / score.calls, 5) if score.calls else None


def _sum(scores: Iterable[Score]) -> Score:
    total = Score()
    for score in scores:
        total.calls += score.calls
        total.cut += score.cut
    return total
