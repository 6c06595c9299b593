"""Class shares: what a class must get before others, and what it may get at most.

A share is a fraction of the budget in tokens of chunk text. A minimum that the class has no content for, or that the
core rule leaves no room for, is given up as far as needed; what a class does not use goes to the others.
"""

from __future__ import annotations

import numpy as np

from engine.columns import CLASSES
from engine.model import ChunkClass
from engine.pack.measure import class_tokens, used_tokens
from engine.pack.order import State, order_of
from engine.pack.problem import NO_PIN, OMITTED, OUTLINE, Levels, Mask, Problem
from engine.pack.rates import Rates, gates
from engine.pack.scope import CAPSULE, HELD_BACK, WITH_OUTLINES, Scope


def minimums(problem: Problem) -> dict[ChunkClass, float]:
    """Classes that must get something, the largest share first."""
    wanted = {name: low for name, (low, _) in problem.shares.items() if low > 0}
    return dict(sorted(wanted.items(), key=lambda row: (-row[1], CLASSES.index(row[0]))))


def maximums(problem: Problem) -> dict[ChunkClass, float]:
    """Classes that may not get everything."""
    return {name: high for name, (_, high) in problem.shares.items() if high < 1}


def permitted_steps(scope: Scope, rates: Rates, budget_tokens: int) -> Mask:
    """(s,) steps that stay within the largest shares: of each class the best ones that fit together."""
    problem, steps = scope.problem, scope.steps
    usable = np.ones(len(steps.chunk), dtype=np.bool_)
    spent = class_tokens(problem, scope.base)
    plain = scope.kind <= WITH_OUTLINES
    step_class = problem.columns.chunk_class[steps.chunk]
    for name, high in maximums(problem).items():
        mine = np.flatnonzero(plain & (step_class == CLASSES.index(name)))
        mine = mine[np.argsort(-rates.rate[mine], kind="stable")]
        room = int(high * budget_tokens) - spent[name]
        usable[mine[np.cumsum(steps.cost[mine]) > room]] = False
    outline, shown = gates(scope)
    for depth in range(1, len(scope.by_depth)):
        members = scope.by_depth[depth]
        above = problem.columns.parent[steps.chunk[members]]
        to_outline = steps.level[members] == OUTLINE
        gate = np.where(to_outline, outline[above], shown[above])
        start = scope.base[above] <= np.where(to_outline, OUTLINE, CAPSULE)
        usable[members] &= start | ((gate >= 0) & usable[gate])
    extra = np.flatnonzero(~plain)
    first = extra + 1  # an extra step stands before the first of its chunk's; it is as dear as one or two of them
    replaced = np.where(scope.kind[extra] == HELD_BACK, first, first + 1)
    usable[extra] = usable[first] & usable[np.minimum(replaced, len(usable) - 1)]
    return usable


def floors(scope: Scope, rates: Rates, budget_tokens: int) -> Levels:
    """(n,) levels that give each class its smallest share, by a solution with nothing but that class."""
    problem, columns = scope.problem, scope.problem.columns
    permitted = permitted_steps(scope, rates, budget_tokens)
    floor = np.where(scope.base < OMITTED, scope.base, OMITTED).astype(np.int8)
    for name, low in minimums(problem).items():
        wanted = min(int(np.ceil(low * budget_tokens)), budget_tokens)
        mine = columns.chunk_class == CLASSES.index(name)
        with_scopes = mine.copy()
        for _ in range(len(scope.by_depth)):
            inner = np.flatnonzero(with_scopes & (columns.parent >= 0))
            with_scopes[columns.parent[inner]] = True
        state = State(
            -np.inf, scope.listed, scope.shown, np.ones(len(columns.files), dtype=np.bool_),
            usable=permitted & with_scopes[scope.steps.chunk], buy_lines=False,
        )  # fmt: skip
        order = order_of(scope, rates, state)
        low_at, high_at = 0, order.position(budget_tokens - scope.fixed_tokens)
        best = floor
        while low_at <= high_at:
            at = (low_at + high_at) // 2
            levels = np.minimum(floor, order.levels(at)[0])
            if not _affordable(scope, rates, levels, budget_tokens):
                high_at = at - 1
                continue
            best = levels
            if class_tokens(problem, levels)[name] >= wanted:
                high_at = at - 1
            else:
                low_at = at + 1
        floor = best
    return floor


def least_value(scope: Scope, rates: Rates, levels: Levels) -> float:
    """Value of the least valuable free chunk that is shown above level 4; infinite when none is."""
    free = scope.problem.pin_levels() == NO_PIN
    shown = free & (levels <= CAPSULE) & (scope.base > CAPSULE)
    return float(rates.value[shown].min(initial=np.inf))


def _affordable(scope: Scope, rates: Rates, levels: Levels, budget_tokens: int) -> bool:
    """Whether the budget still holds the lines that the core rule asks for beside these levels."""
    problem = scope.problem
    must = rates.core_value > least_value(scope, rates, levels)
    listed = np.bincount(problem.columns.file[levels < OMITTED], minlength=len(must)) > 0
    return used_tokens(problem, levels) + int(scope.line_cost[must & ~listed].sum()) <= budget_tokens
