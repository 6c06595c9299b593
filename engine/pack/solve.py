"""Choose levels for a budget: the optimum of the relaxation, rounded, under the core rule."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from engine.errors import BudgetTooSmall
from engine.model import ChunkClass
from engine.pack.fill import Draft, add_lines, fill, start
from engine.pack.measure import alternatives, pack_quality, pack_value, used_tokens
from engine.pack.order import Order, State, order_of
from engine.pack.problem import LINE, OMITTED, Alternative, Problem, Solution
from engine.pack.rates import rates_of
from engine.pack.scope import scope_of

REMEMBERED = 10
"""Orders that are kept; at 100,000 chunks one takes about 8 MB."""
FREE = -1
"""Key of the order without the core rule."""


class Solver:
    """Solves one problem for any number of budgets; everything that does not depend on the budget is computed once.

    Deterministic: ties go to the smaller row. Not safe for use by two threads at once.
    """

    def __init__(self, problem: Problem) -> None:
        self._set(problem, scope_of(problem))

    def _set(self, problem: Problem, scope: object) -> None:
        from engine.pack.scope import Scope

        assert isinstance(scope, Scope)
        self.problem = problem
        self._scope = scope
        self._rates = rates_of(scope)
        core = self._rates.core_value
        ranked = np.argsort(-core, kind="stable")
        self._ranked = ranked[core[ranked] > 0]
        self._mandatory_tokens = np.concatenate([[0], np.cumsum(scope.line_cost[self._ranked])])
        self._orders: OrderedDict[int, Order] = OrderedDict()

    def with_weights(self, weights: Mapping[ChunkClass, float]) -> Solver:
        """A solver for the same problem with other class weights, without computing the frontiers anew."""
        problem = replace(self.problem, weights=weights)
        other = Solver.__new__(Solver)
        other._set(problem, replace(self._scope, problem=problem))
        return other

    def alternatives(self) -> list[Alternative]:
        """What the whole scope would cost with everything at one level, for levels 0-5."""
        return alternatives(self.problem)

    @property
    def smallest_tokens(self) -> int:
        """The smallest budget that can be solved for: the frame, what is pinned, and else the cheapest line."""
        scope = self._scope
        lines = self._rates.line_value > 0
        if scope.listed.any() or not lines.any():
            return scope.fixed_tokens
        return scope.fixed_tokens + int(scope.line_cost[lines].min())

    def solve(self, budget_tokens: int) -> Solution:
        """Levels for a budget.

        Raises:
            BudgetTooSmall: The budget cannot hold the frame, everything pinned and one line.
        """
        smallest = self.smallest_tokens
        if budget_tokens < smallest:
            pinned = " with everything that is pinned" if self._scope.listed.any() else ""
            raise BudgetTooSmall(
                f"a budget of {budget_tokens:,} tokens cannot hold the smallest pack{pinned}",
                f"the smallest budget that works is {smallest:,} tokens",
                smallest,
            )
        free = budget_tokens - self._scope.fixed_tokens
        best, relaxed = self._best_order(free)
        draft = self._round(best, budget_tokens)
        levels, problem = draft.levels, self.problem
        at = best.position(free)
        cut = float(best.rate[at]) if at < len(best.rate) else 0.0
        value = pack_value(problem, levels)
        return Solution(
            budget_tokens=budget_tokens,
            levels=levels,
            est_used=used_tokens(problem, levels),
            value=value,
            bound=max(value, relaxed),
            cut=cut,
            quality=pack_quality(problem, levels),
        )

    def _round(self, order: Order, budget_tokens: int) -> Draft:
        draft = start(order, budget_tokens)
        fill(order, draft, order.position(budget_tokens - self._scope.fixed_tokens))
        add_lines(order, draft)
        return draft

    def _order(self, count: int) -> Order:
        """The order in which the ``count`` files with the most valuable core chunks are listed beforehand."""
        if count in self._orders:
            self._orders.move_to_end(count)
            return self._orders[count]
        listed = self._scope.listed.copy()
        worth = -np.inf
        if count != FREE:
            listed[self._ranked[:count]] = True
            if count < len(self._ranked):
                worth = float(self._rates.core_value[self._ranked[count]])
        order = order_of(self._scope, self._rates, State(worth, listed, self._scope.shown))
        self._orders[count] = order
        while len(self._orders) > REMEMBERED:
            self._orders.popitem(last=False)
        return order

    def _decided(self, order: Order) -> float:
        """Value of what is decided before an order starts."""
        scope, rates = self._scope, self._rates
        pinned = np.where(scope.base < LINE, rates.value * scope.base_kept, 0.0).sum()
        return float(pinned + rates.line_value[order.state.listed | order.state.shown].sum())

    def _best_order(self, free: int) -> tuple[Order, float]:
        """The order whose relaxation is worth most at a budget, and that worth."""
        order = self._order(FREE)
        levels, _ = order.levels(order.position(free))
        omitted = self._scope.ranked & (levels == OMITTED) & (self._rates.value > 0)
        if not omitted.any():
            return order, self._decided(order) + order.relaxed(free)
        most = int(np.searchsorted(self._mandatory_tokens, free, side="right")) - 1
        grid = self._grid(most)
        worth: dict[int, float] = {}

        def relaxed(i: int) -> float:
            if i not in worth:
                candidate = self._order(grid[i])
                worth[i] = self._decided(candidate) + candidate.relaxed(free)
            return worth[i]

        stride = max(1, (len(grid) - 1) // 4)
        for i in {*range(0, len(grid), stride), len(grid) - 1}:
            relaxed(i)
        while stride > 1:
            best = max(worth, key=lambda i: (worth[i], -i))
            stride = (stride + 1) // 2
            for i in (best - stride, best + stride):
                if 0 <= i < len(grid):
                    relaxed(i)
        best = max(worth, key=lambda i: (worth[i], -i))
        return self._order(grid[best]), worth[best]

    def _grid(self, most: int) -> list[int]:
        """Numbers of listed files that are tried: all small ones, then about every tenth more."""
        grid = list(range(min(most, 24) + 1))
        while grid[-1] < most:
            grid.append(min(most, max(grid[-1] + 1, int(grid[-1] * 1.08))))
        return grid
