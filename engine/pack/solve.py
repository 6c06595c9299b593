"""Choose levels for a budget, under class shares where there are any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

from engine.columns import CLASSES
from engine.errors import BudgetTooSmall
from engine.model import ChunkClass
from engine.pack.company import line_values
from engine.pack.layout import Layout, layout_of
from engine.pack.live import Live
from engine.pack.measure import alternatives, pack_quality, pack_value, used_tokens
from engine.pack.problem import OUTLINE, Alternative, Problem, Solution
from engine.pack.scope import CAPSULE, Scope, scope_of
from engine.pack.search import GOOD_ENOUGH, Found, Search
from engine.pack.shares import balanced, capped, excess, floors, missing, nearest
from engine.pack.steps import Step, additions, removals, taken

SMALL = 3_000
"""Chunks up to which there is time to ask both ways of solving and take the better."""
CLOSE = 5e-3
"""Share of the value that a live answer of a small problem may lack before the slower way is asked too."""


class Solver:
    """Solves one problem for any number of budgets; everything that does not depend on the budget is computed once.

    Deterministic: ties go to the smaller row. Not safe for use by two threads at once.
    """

    def __init__(self, problem: Problem) -> None:
        scope = scope_of(problem)
        self._set(problem, scope, layout_of(scope))

    def _set(self, problem: Problem, scope: Scope, layout: Layout) -> None:
        self.problem, self._scope, self._layout = problem, scope, layout
        value = problem.values()
        self._search = Search(scope, layout, value)
        self._whole = float(value[~problem.excluded_mask()].sum())
        self._live: Live | None = None
        self._hint: int | None = None

    def with_weights(self, weights: Mapping[ChunkClass, float]) -> Solver:
        """A solver for the same problem with other class weights, without sorting its columns anew."""
        problem = replace(self.problem, weights=weights)
        other = Solver.__new__(Solver)
        other._set(problem, replace(self._scope, problem=problem), self._layout)
        other._hint = self._hint if self._live is None else self._live.last_hint
        return other

    def alternatives(self) -> list[Alternative]:
        """What the whole scope would cost with everything at one level, for levels 0-5."""
        return alternatives(self.problem)

    @cached_property
    def _one_line(self) -> float:
        """Tokens of a pack of one line that is worth something; the smallest pack is no larger."""
        scope, search = self._scope, self._search
        lines = scope.line_cost[line_values(self.problem.columns, scope.base, search.value) > 0]
        return scope.fixed_tokens + (int(lines.min()) if len(lines) else np.inf)

    @cached_property
    def smallest_tokens(self) -> int:
        """The smallest budget that can be solved for: the frame, what is pinned, else the cheapest line or chunk."""
        scope, priced = self._scope, self._search.priced
        if scope.listed.any():
            return scope.fixed_tokens
        lines = scope.line_cost[priced.line_value > 0]
        columns = self.problem.columns
        outermost = (columns.parent < 0) & (self.problem.values() > 0)
        costs = columns.tokens + scope.file_cost[columns.file][:, None]
        costs[:, OUTLINE] += scope.framing[columns.file]
        allowed = scope.allowed & outermost[:, None]
        allowed[:, : CAPSULE + 1] &= (self.problem.values() >= self._search.loosest)[:, None]
        cheapest = [int(found.min()) for found in (lines, costs[allowed]) if len(found)]
        return scope.fixed_tokens + min(cheapest, default=0)

    def quick(self, budget_tokens: int) -> Solution:
        """Levels for a budget while somebody moves it: every rule is kept, the value within about 0.5 % of the best.

        Its ``bound`` is the Lagrangian one under the numbers of listed files that were tried; under the others it is
        judged from below, so it can be too low by a little. ``solve`` has a bound that always holds.

        Raises:
            BudgetTooSmall: The budget cannot hold the frame, everything pinned and one line.
        """
        self._check(budget_tokens)
        problem, search = self.problem, self._search
        told = self._moved().run(budget_tokens)
        if told is None:
            return self.solve(budget_tokens)
        answer, levels = told.answer, told.levels
        value = search.decided + answer.value
        lacking = search.decided + told.bound > value * (1 + CLOSE)
        if lacking and not problem.shares and problem.columns.chunks <= SMALL:
            return self.solve(budget_tokens)
        return Solution(
            budget_tokens=budget_tokens,
            levels=levels,
            est_used=used_tokens(problem, levels),
            value=value,
            bound=max(value, search.decided + told.bound),
            cut=answer.price,
            quality=min(1.0, value / self._whole) if self._whole > 0 else 1.0,
        )

    def solve(self, budget_tokens: int) -> Solution:
        """Levels for a budget.

        Raises:
            BudgetTooSmall: The budget cannot hold the frame, everything pinned and one line.
        """
        self._check(budget_tokens)
        problem, scope, layout, search = self.problem, self._scope, self._layout, self._search
        found = capped(scope, layout, search, budget_tokens)
        broken = missing(problem, found.levels, budget_tokens) or excess(problem, found.levels, budget_tokens)
        if broken or (problem.shares and found.value < found.bound * (1 - GOOD_ENOUGH)):
            bound = found.bound  # shares only take away
            kept = self._floored(budget_tokens) if broken else found
            found, own_bound = self._shared(budget_tokens, kept)
            found.bound = min(bound, own_bound)
        elif problem.columns.chunks <= SMALL and found.value < found.bound * (1 - GOOD_ENOUGH):
            found = self._better(budget_tokens, found)
        return Solution(
            budget_tokens=budget_tokens,
            levels=found.levels,
            est_used=used_tokens(problem, found.levels),
            value=found.value,
            bound=max(found.value, found.bound),
            cut=found.cut,
            quality=pack_quality(problem, found.levels),
        )

    def _better(self, budget_tokens: int, found: Found) -> Found:
        """The better of levels and the live ones; each way misses a little where the other does not."""
        told = self._moved().run(budget_tokens)
        value = -np.inf if told is None else pack_value(self.problem, told.levels)
        if told is None or value <= found.value:
            return found
        return Found(told.levels, value, max(found.bound, value), told.answer.price)

    def _shared(self, budget_tokens: int, found: Found) -> tuple[Found, float]:
        """The better of levels and the live ones, and a bound under the prices that those gave to classes."""
        problem, scope, layout, search = self.problem, self._scope, self._layout, self._search
        told = self._moved().run(budget_tokens)
        if told is None or told.shared is None:
            return found, np.inf
        other = Found(told.levels, pack_value(problem, told.levels), np.inf, told.answer.price)
        by_class = np.array([told.shared.charges.get(name, 1.0) for name in CLASSES])
        priced = Search(scope, layout, search.value, search.floored, by_class[problem.columns.chunk_class])
        bound = priced.run(budget_tokens, told.shared.allowance).bound
        return nearest(problem, budget_tokens, found, other), bound

    def _moved(self) -> Live:
        """What answers moved budgets."""
        if self._live is None:
            self._live = Live(self._scope, self._layout, self._search, self._hint)
        return self._live

    def _floored(self, budget_tokens: int) -> Found:
        """Levels with classes within their shares, or as near as may be: the better of two ways."""
        problem, scope, layout, search = self.problem, self._scope, self._layout, self._search
        even = balanced(scope, layout, search, budget_tokens)
        scope = scope_of(problem, floors(scope, layout, search, budget_tokens))
        layout = layout_of(scope)
        search = Search(scope, layout, problem.values(), floored=True)
        dear = capped(scope, layout, search, budget_tokens)
        return dear if even is None else nearest(problem, budget_tokens, dear, even)

    def additions(self, solution: Solution, most_tokens: int, number: int) -> list[Step]:
        """Single steps up from a solution that keep every rule, those worth most first.

        Args:
            solution: Levels to add to.
            most_tokens: What a step may cost by cached counts.
            number: Steps at most.
        """
        return additions(self._scope, solution.levels, solution.budget_tokens, most_tokens, number)

    def removals(self, solution: Solution, least_tokens: int, number: int) -> list[Step]:
        """Single steps down from a solution that keep every rule, those that lose least first.

        Args:
            solution: Levels to take from.
            least_tokens: What a step must free by cached counts.
            number: Steps at most.
        """
        return removals(self._scope, solution.levels, solution.budget_tokens, least_tokens, number)

    def after(self, solution: Solution, step: Step) -> Solution:
        """The solution after one of its steps.

        Where that takes more tokens than were solved for, they become its budget; its bound stays that of the smaller
        one.
        """
        levels = taken(self._scope, solution.levels, step)
        value, used = pack_value(self.problem, levels), used_tokens(self.problem, levels)
        return replace(
            solution,
            budget_tokens=max(solution.budget_tokens, used),
            levels=levels,
            est_used=used,
            value=value,
            bound=max(solution.bound, value),
            quality=pack_quality(self.problem, levels),
        )

    def _check(self, budget_tokens: int) -> None:
        if not self._scope.listed.any() and budget_tokens >= self._one_line:
            return
        smallest = self.smallest_tokens
        if budget_tokens < smallest:
            pinned = " with everything that is pinned" if self._scope.listed.any() else ""
            raise BudgetTooSmall(
                f"a budget of {budget_tokens:,} tokens cannot hold the smallest pack{pinned}",
                f"the smallest budget that works is {smallest:,} tokens",
                smallest,
            )
