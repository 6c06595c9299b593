"""Branch and bound over the core rule: nothing of code, tests or docs is omitted while less valuable text is shown.

The rule is a number k: the k files with the most valuable core chunks are all listed, and what is worth less than the
next one stays at level 4 or deeper. A range of k relaxes to its mildest terms, so its bound holds for every k inside;
a range is split where its relaxed solution breaks the rule.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.columns import Floats
from engine.pack.core import core_of
from engine.pack.exact import Exact
from engine.pack.layout import Layout
from engine.pack.measure import pack_value, used_tokens
from engine.pack.mix import Modes, mixed
from engine.pack.price import Bracket, Node
from engine.pack.priced import ABSENT, Choice, Priced
from engine.pack.problem import LINE, NO_PIN, OMITTED, Levels, Mask
from engine.pack.scope import CAPSULE, Scope

SMALL = 12_000
"""Chunks up to which there is time for a fine grid of prices and many ranges."""
GOOD_ENOUGH = 1e-3
"""Distance from the bound, as a fraction, at which the search ends."""
WORTH_MORE_TIME = 3e-3
"""Distance from the bound, as a fraction, above which more chunks are tried together."""
FEW_CHUNKS, MANY_CHUNKS = 120, 400
"""Chunks that are decided together, at large and at small budgets."""
FEW_TOKENS = 2_000
"""Budgets up to which many chunks are decided together at once."""
MOST_CELLS = 30_000_000
"""Cells of tables that one run fills at most to decide chunks together; they take about 5 ns each."""
FEWEST_CHUNKS = 4
"""Chunks below which deciding them together is not worth its tables."""
REMEMBERED, REMEMBERED_LARGE = 48, 12
"""Ranges that are kept, of small and of large problems: 40-60 MB at most."""


@dataclass(slots=True)
class Found:
    """The best levels that were found, and what no levels can exceed."""

    levels: Levels
    value: float
    bound: float
    cut: float
    """Value per token at which the budget ran out; 0 when everything fits."""


class Search:
    """One problem under one set of weights, for any number of budgets."""

    def __init__(
        self, scope: Scope, layout: Layout, value: Floats, floored: bool = False, surcharge: Floats | None = None
    ) -> None:
        """Args:
        scope: What is possible.
        layout: Its columns, sorted.
        value: (n,) value of each chunk.
        floored: Whether chunks are shown from the start that no pin asks for, so that the rule binds them.
        surcharge: (n,) factor on the price of a chunk's tokens.
        """
        self._scope, self.value, self.floored, self._capped = scope, value, floored, surcharge is not None
        self._layout, self._surcharge = layout, surcharge
        self._free = scope.base > CAPSULE
        core = np.zeros(len(scope.line_cost))
        rows = np.flatnonzero(scope.ranked)
        np.maximum.at(core, scope.problem.columns.file[rows], value[rows])
        core[scope.listed] = 0.0
        ranked = np.argsort(-core, kind="stable")
        self.ranked = ranked[core[ranked] > 0]
        """Files with core chunks, the most valuable first."""
        self.core, self._core = core, core[self.ranked]
        self.least = 0
        if floored:
            shown = (scope.base <= CAPSULE) & (scope.problem.pin_levels() == NO_PIN)
            self.least = self._above(float(value[shown].min(initial=np.inf)))
        decided = scope.base < LINE
        self.decided = float((value[decided] * scope.base_kept[decided]).sum())
        self._small = len(value) <= SMALL
        self._nodes: OrderedDict[tuple[int, int], Node] = OrderedDict()
        self._hints: dict[tuple[int, int], int] = {}
        self._hint = 0
        self.cells = 0
        """Cells of tables that the last run filled."""

    @cached_property
    def priced(self) -> Priced:
        """The problem, to be asked for prices; made when it is first needed."""
        return Priced(self._scope, self._layout, self.value, self._surcharge)

    @property
    def loosest(self) -> float:
        """Value that a chunk must have to be shown though no file beside its own is listed."""
        return self._limit(self.least)

    def run(self, budget_tokens: int, allowance: float = 0.0) -> Found:
        """Levels for a budget that holds what is fixed.

        Args:
            budget_tokens: What may be spent.
            allowance: Tokens that surcharges are not charged for.
        """
        best = Found(self._nothing(), -1.0, 0.0, 0.0)
        self.cells = 0
        closed, looks = -1.0, 60 if self._small else 12
        heap: list[tuple[float, int, int]] = []
        brackets: dict[tuple[int, int], Bracket] = {}
        whole = self.least, len(self.ranked)
        heap.append((-np.inf, *whole))
        while heap:
            bound, low, high = -heap[0][0], heap[0][1], heap[0][2]
            if looks <= 0 or (best.value >= 0 and bound <= best.value * (1 + GOOD_ENOUGH)):
                break
            heapq.heappop(heap)
            if (low, high) not in brackets:
                found = self._bracket((low, high), budget_tokens)
                if found is None:
                    continue
                brackets[low, high] = found
                bound = min(bound, self._bound(found, allowance))
                if heap and bound < -heap[0][0]:
                    heapq.heappush(heap, (-bound, low, high))
                    continue
            looks -= 1
            bracket = brackets[low, high]
            levels, mode = mixed(self.priced, bracket, budget_tokens)
            listed, needed = self._state(levels, mode)
            if listed >= min(needed, high):
                # The rule holds. Rounding may still make another number of files the better one.
                at = min(max(listed, low), high)
                closed = max(closed, self._leaf(best, at, budget_tokens, allowance))
                parts = ((low, at - 1), (at + 1, high))
                if bound <= best.value * (1 + GOOD_ENOUGH):
                    closed = max(closed, bound)
                    break
            else:
                at = min(max((listed + needed) // 2, low), high - 1)
                parts = ((low, at), (at + 1, high))
            for part in parts:
                if part[0] <= part[1]:
                    heapq.heappush(
                        heap, (-min(bound, self._first_bound(part, bracket, budget_tokens, allowance)), *part)
                    )
        open_bound = max((-row[0] for row in heap), default=-1.0)
        if best.value < 0:
            for _, low, high in sorted(heap)[:3]:  # the search ended before it met one that keeps the rule
                for k in sorted({low, (low + high) // 2, high}):
                    self._leaf(best, k, budget_tokens, allowance)
        best.bound = max(best.value, closed, open_bound)
        return best

    def _bound(self, bracket: Bracket, allowance: float) -> float:
        return bracket.bound + self.decided + bracket.fits.price * allowance

    def _first_bound(self, part: tuple[int, int], near: Bracket, budget_tokens: int, allowance: float) -> float:
        """A bound from the price of the range that a part comes from: much cheaper than its own."""
        self._hints.setdefault(part, near.step)
        choice = self._node(*part).at(near.step)
        free = budget_tokens - self._scope.fixed_tokens + allowance
        return choice.worth + choice.price * free + self.decided

    def _bracket(self, part: tuple[int, int], budget_tokens: int) -> Bracket | None:
        hint = self._hints.get(part, self._hint)
        bracket, self._hint = self._node(*part).bracket(budget_tokens, hint)
        self._hints[part] = self._hint
        return bracket

    def _leaf(self, best: Found, listed: int, budget_tokens: int, allowance: float) -> float:
        """Round one number of listed files, keep what is better, and return its bound."""
        bracket = self._bracket((listed, listed), budget_tokens)
        if bracket is None:
            return -1.0
        bound = self._bound(bracket, allowance)
        if bound <= best.value:
            return bound
        problem, fits = self._scope.problem, bracket.fits
        levels, _ = mixed(self.priced, bracket, budget_tokens)
        value = pack_value(problem, levels)
        few = max(FEW_CHUNKS, min(MANY_CHUNKS, MANY_CHUNKS * FEW_TOKENS // max(1, budget_tokens)))
        for most, enough in ((few, GOOD_ENOUGH), (MANY_CHUNKS, WORTH_MORE_TIME)):
            if bracket.over is None or self._capped or value >= bound * (1 - enough):
                break
            here = fits.worth + fits.price * (budget_tokens - self._scope.fixed_tokens) + self.decided
            other = self._together(fits, listed, here - max(value, best.value), most, budget_tokens)
            if other is None:
                break
            if used_tokens(problem, other) <= budget_tokens and pack_value(problem, other) > value:
                levels, value = other, pack_value(problem, other)
            if most == MANY_CHUNKS:
                break
        if value > best.value:
            best.value, best.levels = value, levels
            best.cut = fits.price if bracket.over is not None else 0.0
        return bound

    def _together(self, fits: Choice, listed: int, room: float, most: int, budget_tokens: int) -> Levels | None:
        """Levels with up to so many open chunks decided exactly: fewer where the tables would grow too large."""
        left = MOST_CELLS - self.cells
        while most >= FEWEST_CHUNKS:
            core = core_of(self.priced, fits, self._limit(listed), room, most)
            exact = Exact(core, budget_tokens)
            if exact.most_cells <= left:
                levels = exact.run()
                self.cells += exact.cells
                return levels
            most = min(most, int(core.open.sum())) // 2
        return None

    def _state(self, levels: Levels, mode: Modes) -> tuple[int, int]:
        """How many of the most valuable files are all listed, and how many would have to be."""
        absent = mode[self.ranked] == ABSENT
        listed = int(absent.argmax()) if absent.any() else len(absent)
        shown = (levels <= CAPSULE) & self._free
        return listed, max(self.least, self._above(float(self.value[shown].min(initial=np.inf))))

    def _above(self, value: float) -> int:
        """Number of files with a core chunk worth more than a value."""
        return int(np.searchsorted(-self._core, -value, side="left"))

    def _limit(self, listed: int) -> float:
        return float(self._core[listed]) if listed < len(self._core) else -np.inf

    def _node(self, low: int, high: int) -> Node:
        key = low, high
        if key in self._nodes:
            self._nodes.move_to_end(key)
            return self._nodes[key]
        forced: Mask | None = None
        if low:
            forced = np.zeros(len(self._scope.line_cost), dtype=np.bool_)
            forced[self.ranked[:low]] = True
        self._nodes[key] = node = Node(self.priced, self._limit(high), forced, 1024 if self._small else 64)
        if len(self._nodes) > (REMEMBERED if self._small else REMEMBERED_LARGE):
            self._nodes.popitem(last=False)
        return node

    def _nothing(self) -> Levels:
        base = self._scope.base
        return np.where((base == LINE) & ~self._scope.listed[self._scope.problem.columns.file], OMITTED, base).astype(
            np.int8
        )
