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
from engine.pack.outlines import worth_outlines
from engine.pack.polish import polish
from engine.pack.problem import LINE, Alternative, Mask, Problem, Solution
from engine.pack.rates import rates_of
from engine.pack.scope import Scope, scope_of
from engine.pack.shares import floors, least_value, maximums, minimums, permitted_steps

REMEMBERED = 24
"""Orders that are kept; most are short, at 100,000 chunks the longest takes about 10 MB."""
FREE = -1
"""Number of listed files that stands for the order without the core rule."""
ANY_PRICE = -99
"""Price step that stands for an order with all steps and outline framing for every file."""
CUT_OFF = 6.0
"""Steps worth this many times less per token than the price an order is made for are left out of it."""
SMALL = 5_000
"""Chunks up to which every candidate is tried."""
TIGHT_TOKENS = 1_000
"""Budgets up to which the relaxation says too little about rounded solutions to trust it."""
GOOD_ENOUGH = 5e-4
"""Distance from the relaxation, as a fraction, below which a rounded solution is not looked at again."""


class Solver:
    """Solves one problem for any number of budgets; everything that does not depend on the budget is computed once.

    Deterministic: ties go to the smaller row. Not safe for use by two threads at once.
    """

    def __init__(self, problem: Problem) -> None:
        self._set(problem, scope_of(problem))

    def _set(self, problem: Problem, scope: Scope) -> None:
        self.problem = problem
        self._scope = scope
        self._rates = rates_of(scope)
        core = self._rates.core_value
        ranked = np.argsort(-core, kind="stable")
        self._ranked = ranked[core[ranked] > 0]
        cheapest = np.minimum(scope.line_cost, scope.file_cost)[self._ranked]
        self._mandatory_tokens = np.concatenate([[0], np.cumsum(cheapest)])
        self._least = 0
        self._usable: Mask | None = None
        self._orders: OrderedDict[tuple[int, int], Order] = OrderedDict()

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
        if minimums(self.problem):
            levels = floors(self._scope, self._rates, budget_tokens)
            inner = Solver.__new__(Solver)
            inner._set(self.problem, scope_of(self.problem, levels))
            least = least_value(self._scope, self._rates, levels)
            inner._least = int((inner._rates.core_value[inner._ranked] > least).sum())
            return inner._solve(budget_tokens)
        return self._solve(budget_tokens)

    def _solve(self, budget_tokens: int) -> Solution:
        capped = bool(maximums(self.problem))
        tight = self._small and budget_tokens - self._scope.fixed_tokens <= TIGHT_TOKENS
        if capped:
            self._orders.clear()  # what is usable depends on the budget
            self._usable = permitted_steps(self._scope, self._rates, budget_tokens)
        ranking = self._rank_orders(budget_tokens - self._scope.fixed_tokens)
        relaxed, best = ranking[0]
        draft, at = self._round(best, budget_tokens)
        levels, problem = draft.levels, self.problem
        value = pack_value(problem, levels)
        for other_relaxed, other in ranking[: self._looks()]:
            if capped or (value >= other_relaxed * (1 - GOOD_ENOUGH) and not tight):
                continue
            draft, other_at = self._round(other, budget_tokens)
            other_levels = polish(other, other_at, draft.levels, budget_tokens)
            other_value = pack_value(problem, other_levels)
            if other_value > value:
                levels, value, best, at = other_levels, other_value, other, other_at
        cut = float(best.rate[at]) if at < len(best.rate) else 0.0
        return Solution(
            budget_tokens=budget_tokens,
            levels=levels,
            est_used=used_tokens(problem, levels),
            value=value,
            bound=max(value, relaxed),
            cut=cut,
            quality=pack_quality(problem, levels),
        )

    def _round(self, order: Order, budget_tokens: int) -> tuple[Draft, int]:
        draft, at = start(order, budget_tokens)
        fill(order, draft, at)
        add_lines(order, draft)
        return draft, at

    def _order(self, count: int, price: int) -> Order:
        """The order for listing ``count`` files beforehand, made for a cut near a price (in powers of two)."""
        key = count, price
        if key in self._orders:
            self._orders.move_to_end(key)
            return self._orders[key]
        listed = self._scope.listed.copy()
        worth = -np.inf
        if count != FREE:
            listed[self._ranked[:count]] = True
            if count < len(self._ranked):
                worth = float(self._rates.core_value[self._ranked[count]])
        exact = 2.0**price
        if price == ANY_PRICE:
            outlined = np.ones(len(listed), dtype=np.bool_)
            lowest = 0.0
        else:
            outlined = worth_outlines(self._scope, self._rates, exact, worth)
            lowest = exact / CUT_OFF
        state = State(worth, listed, self._scope.shown, outlined, lowest, self._usable)
        order = order_of(self._scope, self._rates, state)
        self._orders[key] = order
        while len(self._orders) > (8 * REMEMBERED if self._small else REMEMBERED):
            self._orders.popitem(last=False)
        return order

    def _decided(self, order: Order) -> float:
        """Value of what is decided before an order starts."""
        scope, rates = self._scope, self._rates
        pinned = np.where(scope.base < LINE, rates.value * scope.base_kept, 0.0).sum()
        return float(pinned + rates.line_value[order.state.listed | order.state.shown].sum())

    def _looks(self) -> int:
        """How many orders are rounded: small packs depend on more than the relaxation tells."""
        return 4 if self._small else 1

    @property
    def _small(self) -> bool:
        """Whether there is time to try everything: an order takes about a microsecond per chunk."""
        return self.problem.columns.chunks <= SMALL

    def _rank_orders(self, free: int) -> list[tuple[float, Order]]:
        """Orders that may be best for a budget with the worth of their relaxation, best first."""
        first = self._order(FREE, ANY_PRICE)
        price = _price(first, free)
        order = self._order(FREE, price)
        if order.position(free) >= self._complete(order):
            return [(self._decided(order) + order.relaxed(free), order)]
        most = int(np.searchsorted(self._mandatory_tokens, free, side="right")) - 1
        grid = self._grid(most)
        worth = self._search(grid, price, free)
        again = _price(self._order(max(worth, key=lambda count: (worth[count], -count)), price), free)
        if again != price:
            price, worth = again, self._search(grid, again, free)
        best = sorted(worth, key=lambda count: (-worth[count], count))[: self._looks()]
        fitting = [count for count in best if np.isfinite(worth[count])] or best[:1]
        return [(worth[count], self._order(count, price)) for count in fitting]

    def _complete(self, order: Order) -> int:
        """Number of purchases after which no file with a protected chunk is left out."""
        wanted = np.zeros(len(self._rates.core_value), dtype=np.bool_)
        wanted[self._ranked] = True
        at = np.flatnonzero(order.file >= 0)
        at = at[wanted[order.file[at]]]
        file, first = np.unique(order.file[at], return_index=True)
        return len(order.rate) + 1 if len(file) < len(self._ranked) else int(at[first].max(initial=-1)) + 1

    def _search(self, grid: list[int], price: int, free: int) -> dict[int, float]:
        """Worth of the relaxation by number of listed files, for those numbers of a grid that lead to the best."""
        worth: dict[int, float] = {}

        def relaxed(i: int) -> None:
            if i not in worth:
                order = self._order(grid[i], price)
                worth[i] = self._decided(order) + order.relaxed(free)

        stride = 1 if self._small else max(1, (len(grid) - 1) // 4)
        for i in {*range(0, len(grid), stride), len(grid) - 1}:
            relaxed(i)
        while stride > 1:
            best = max(worth, key=lambda i: (worth[i], -i))
            stride = (stride + 1) // 2
            for i in (best - stride, best + stride):
                if 0 <= i < len(grid):
                    relaxed(i)
        return {grid[i]: value for i, value in worth.items()}

    def _grid(self, most: int) -> list[int]:
        """Numbers of listed files that are tried: all small ones, then steps of 8 %."""
        most = max(most, self._least)
        grid = list(range(self._least, max(self._least, min(most, 64 if self._small else 24)) + 1))
        while grid[-1] < most:
            grid.append(min(most, max(grid[-1] + 1, int(grid[-1] * 1.08))))
        return grid


def _price(order: Order, free: int) -> int:
    """Value per token at which a budget runs out, as a power of two; ``ANY_PRICE`` when everything fits."""
    at = order.position(free)
    if at >= len(order.rate):
        return ANY_PRICE
    return int(np.clip(np.round(np.log2(order.rate[at])), ANY_PRICE + 1, 99))
