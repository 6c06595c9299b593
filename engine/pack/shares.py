"""Class shares: what a class must get before others, and what it may get at most.

A share is a fraction of the budget in tokens of chunk text. A minimum that the class has no content for, or that the
core rule leaves no room for, is given up as far as needed; what a class does not use goes to the others.
"""

from __future__ import annotations

import numpy as np

from engine.columns import CLASSES
from engine.model import ChunkClass
from engine.pack.layout import Layout
from engine.pack.measure import class_tokens, used_tokens
from engine.pack.priced import Priced
from engine.pack.problem import LINE, NO_PIN, OMITTED, Levels, Problem
from engine.pack.scope import CAPSULE, Scope
from engine.pack.search import Found, Search

STEPS = 12
"""Surcharges that are tried, each twice the one before."""
FIRST_SURCHARGE = 0.1
OCTAVE = 32
"""Prices between a price and its double, where a smallest share is sought."""


def minimums(problem: Problem) -> dict[ChunkClass, float]:
    """Classes that must get something, the largest share first."""
    wanted = {name: low for name, (low, _) in problem.shares.items() if low > 0}
    return dict(sorted(wanted.items(), key=lambda row: (-row[1], CLASSES.index(row[0]))))


def maximums(problem: Problem) -> dict[ChunkClass, float]:
    """Classes that may not get everything."""
    return {name: high for name, (_, high) in problem.shares.items() if high < 1}


def capped(scope: Scope, layout: Layout, search: Search, budget_tokens: int) -> Found:
    """Levels for a budget with classes below their largest shares: their tokens are charged more until they are.

    The surcharges are multipliers of the shares, so the bound holds: what stays below a share is charged at most the
    surcharge of the whole share.
    """
    problem, value = scope.problem, scope.problem.values()
    room = {name: int(high * budget_tokens) for name, high in maximums(problem).items()}
    spent = class_tokens(problem, scope.base)
    at = dict.fromkeys(room, 0)
    found = search.run(budget_tokens)

    def solved(steps: dict[ChunkClass, int]) -> Found:
        by_class = np.array([_surcharge(steps.get(name, 0)) for name in CLASSES])
        other = Search(scope, layout, value, search.floored, 1 + by_class[problem.columns.chunk_class])
        free = sum(_surcharge(step) * max(0, room[name] - spent[name]) for name, step in steps.items())
        return other.run(budget_tokens, free)

    def over(one: Found) -> list[ChunkClass]:
        got = class_tokens(problem, one.levels)
        return [name for name in room if got[name] > max(room[name], spent[name]) and at[name] < STEPS]

    while names := over(found):
        for name in names:
            low, high = at[name], STEPS
            while high - low > 1:
                middle = (low + high) // 2
                tried = solved(at | {name: middle})
                got = class_tokens(problem, tried.levels)[name]
                low, high = (low, middle) if got <= room[name] else (middle, high)
            at[name] = high
        found = solved(at)
    return found


def _surcharge(step: int) -> float:
    if step >= STEPS:
        return 1e9
    return FIRST_SURCHARGE * 2.0 ** (step - 1) if step else 0.0


def floors(scope: Scope, layout: Layout, search: Search, budget_tokens: int) -> Levels:
    """(n,) levels that give each class its smallest share, by a solution with nothing but that class."""
    problem, columns = scope.problem, scope.problem.columns
    value = problem.values()
    floor = np.where(scope.base < OMITTED, scope.base, OMITTED).astype(np.int8)
    for name, low in minimums(problem).items():
        wanted = min(int(np.ceil(low * budget_tokens)), budget_tokens)
        mine = columns.chunk_class == CLASSES.index(name)
        priced = Priced(scope, layout, np.where(mine, value, 0.0))
        cheap, dear = -40 * OCTAVE, 40 * OCTAVE
        best = floor
        while dear - cheap > 1:
            middle = (cheap + dear) // 2
            choice = priced.at(2.0 ** (middle / OCTAVE), -np.inf, None)
            levels = np.minimum(floor, np.where(choice.levels < LINE, choice.levels, floor))
            if not _affordable(scope, search, levels, budget_tokens):
                cheap = middle
                continue
            best = levels
            if class_tokens(problem, levels)[name] >= wanted:
                cheap = middle
            else:
                dear = middle
        floor = best
    return floor


def _affordable(scope: Scope, search: Search, levels: Levels, budget_tokens: int) -> bool:
    """Whether the budget still holds the lines that the core rule asks for beside these levels."""
    problem = scope.problem
    free = problem.pin_levels() == NO_PIN
    shown = free & (levels <= CAPSULE) & (scope.base > CAPSULE)
    must = search.core > float(search.value[shown].min(initial=np.inf))
    listed = np.bincount(problem.columns.file[levels < OMITTED], minlength=len(must)) > 0
    return used_tokens(problem, levels) + int(scope.line_cost[must & ~listed].sum()) <= budget_tokens
