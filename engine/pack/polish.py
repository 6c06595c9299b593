"""Solve what stands near the cut exactly, by dynamic programming over tokens.

Greedy rounding is nearly optimal where a step is small against the budget. For small budgets it is not: there the
purchases around the cut are taken back and chosen anew, with every level, file cost and class line considered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.measure import pack_value, used_tokens
from engine.pack.order import Order
from engine.pack.problem import LINE, OMITTED, OUTLINE, Levels
from engine.pack.scope import CAPSULE

Back = Callable[[int], int]
"""Writes the choices that led to a number of tokens and returns the tokens there were before them."""

WIDEST_TOKENS = 1600
"""Tokens before and behind the cut that are reconsidered at most."""
MOST_CHUNKS = 120
"""Chunks that are reconsidered at most; each costs about 0.1 ms."""


def polish(order: Order, at: int, levels: Levels, budget_tokens: int) -> Levels:
    """The best levels that differ from a solution only near the cut; the solution itself when none are better."""
    width = WIDEST_TOKENS
    here = int(order.cost_sum[at - 1]) if at else 0
    while True:
        low = int(np.searchsorted(order.cost_sum, here - width, side="right")) if width < here else 0
        high = int(np.searchsorted(order.cost_sum, here + width, side="right"))
        floor, _ = order.levels(low)
        ceiling, _ = order.levels(high)
        touched = np.flatnonzero(floor != ceiling)
        own = touched[(floor[touched] <= OUTLINE) | (ceiling[touched] <= OUTLINE)]
        files = np.unique(order.scope.problem.columns.file[touched])
        if len(own) + len(files) <= MOST_CHUNKS or width < 16:
            break
        width //= 2
    nearby = np.flatnonzero(np.isin(order.scope.problem.columns.file, files) & order.scope.allowed.any(axis=1))
    if len(nearby) <= 2 * MOST_CHUNKS:
        own = nearby
    capacity = budget_tokens - used_tokens(order.scope.problem, floor)
    if capacity <= 0 or not len(touched) or capacity > 4 * WIDEST_TOKENS:
        return levels
    better = _Search(order, floor, own, capacity).run([int(file) for file in files])
    problem = order.scope.problem
    if used_tokens(problem, better) <= budget_tokens and pack_value(problem, better) > pack_value(problem, levels):
        return better
    return levels


@dataclass(slots=True)
class _Search:
    order: Order
    floor: Levels
    chunks: npt.NDArray[np.intp]
    capacity: int
    levels: Levels = field(init=False)
    members: dict[int, list[int]] = field(init=False)
    inside: dict[int, list[int]] = field(init=False)

    def run(self, files: list[int]) -> Levels:
        columns = self.order.scope.problem.columns
        self.levels = self.floor.copy()
        self.members, self.inside = {}, {}
        known = set(self.chunks.tolist())
        for chunk in self.chunks.tolist():
            parent = int(columns.parent[chunk])
            if parent in known:
                self.inside.setdefault(parent, []).append(chunk)
            else:
                self.members.setdefault(int(columns.file[chunk]), []).append(chunk)
        best: Floats = np.zeros(self.capacity + 1)
        backs: list[Back] = []
        for file in files:
            best, back = self._file(file, best)
            backs.append(back)
        tokens = int(best.argmax())
        for back in reversed(backs):
            tokens = back(tokens)
        return self.levels

    def _file(self, file: int, before: Floats) -> tuple[Floats, Back]:
        """Leave the file, list it, or show it with or without outline lines."""
        order, problem = self.order, self.order.scope.problem
        rows = slice(*np.searchsorted(problem.columns.file, [file, file + 1]).tolist())
        now = self.floor[rows]
        shown, listed = bool((now <= OUTLINE).any()), bool((now < OMITTED).any())
        outlined = bool((now == OUTLINE).any())
        line_value = float(order.rates.line_value[file])
        line, whole = int(order.scope.line_cost[file]), int(order.scope.file_cost[file])
        framing = int(problem.frame.outline_scope_tokens[file])
        ways: list[tuple[Floats, Back]] = []
        if not shown:
            ways.append((before, lambda tokens: tokens))
            if not listed and line_value > 0:
                ways.append((_shift(before, line, line_value), lambda tokens: self._listed(rows, tokens - line)))
        entry = 0 if shown else whole - (line if listed else 0)
        value = 0.0 if listed or shown else line_value
        modes = [(0, True)] if outlined or not framing else [(0, False), (framing, True)]
        for extra, outlines in modes:
            after, back = self._all(self.members.get(file, []), _shift(before, entry + extra, value), CAPSULE, outlines)

            def enter(tokens: int, back: Back = back, cost: int = entry + extra) -> int:
                left = min(self.capacity, back(tokens) - cost)
                return left if shown or listed else self._listed(rows, left)

            ways.append((after, enter))
        return _best_of(ways)

    def _listed(self, rows: slice, tokens: int) -> int:
        """Mark a file's chunks as part of its line, where they are not shown."""
        base = self.order.scope.base[rows]
        omitted = (self.levels[rows] == OMITTED) & (base == LINE)
        self.levels[rows] = np.where(omitted, np.int8(LINE), self.levels[rows])
        return tokens

    def _all(self, chunks: list[int], before: Floats, reach: int, outlines: bool) -> tuple[Floats, Back]:
        """Chunks side by side in a scope that permits levels up to ``reach`` and better."""
        backs: list[Back] = []
        for chunk in chunks:
            before, back = self._chunk(chunk, before, reach, outlines)
            backs.append(back)

        def undo(tokens: int) -> int:
            for back in reversed(backs):
                tokens = back(tokens)
            return tokens

        return before, undo

    def _chunk(self, chunk: int, before: Floats, reach: int, outlines: bool) -> tuple[Floats, Back]:
        """One chunk and what is inside it."""
        order = self.order
        columns, scope = order.scope.problem.columns, order.scope
        parent, floor = int(columns.parent[chunk]), int(self.floor[chunk])
        if parent >= 0 and chunk not in self.inside.get(parent, ()):
            fixed = int(self.floor[parent])
            reach = CAPSULE if fixed <= CAPSULE else fixed
        value = float(order.rates.value[chunk])
        kept_now = float(columns.retention[chunk, floor]) if floor <= LINE else 0.0
        if floor == OMITTED and scope.base[chunk] == LINE:
            kept_now = float(columns.retention[chunk, LINE])  # paid with the file's entry
        tokens_now = int(columns.tokens[chunk, floor]) if floor <= OUTLINE else 0
        inside = self.inside.get(chunk, [])
        free = order.rates.permitted[chunk] >= order.state.worth
        ways: list[tuple[Floats, Back]] = []

        def add(level: int, at: Floats, back: Back) -> None:
            if inside and level <= OUTLINE:
                at, inner = self._all(inside, at, CAPSULE if level <= CAPSULE else OUTLINE, outlines)
                ways.append((at, lambda tokens: back(inner(tokens))))
            else:
                ways.append((at, back))

        def option(level: int) -> tuple[Floats, Back]:
            cost = int(columns.tokens[chunk, level]) - tokens_now
            gain = value * (float(columns.retention[chunk, level]) - kept_now)

            def back(tokens: int) -> int:
                self.levels[chunk] = level
                return tokens - cost

            return _shift(before, cost, gain), back

        usable = [level for level in range(min(floor, LINE)) if scope.allowed[chunk, level]]
        if reach <= OUTLINE and outlines and OUTLINE in usable:
            add(OUTLINE, *option(OUTLINE))
        better = [option(level) for level in usable if level <= CAPSULE and free and reach <= CAPSULE]
        if floor <= CAPSULE:
            better.insert(0, (before, lambda tokens: tokens))
        else:
            add(floor, before, lambda tokens: tokens)
        if better:
            add(CAPSULE, *_best_of(better))
        return _best_of(ways)


def _shift(values: Floats, cost: int, gain: float) -> Floats:
    """Values after spending ``cost`` tokens on ``gain``."""
    out = np.full(len(values), -np.inf)
    if cost <= 0:
        out[:] = values[np.minimum(np.arange(len(values)) - cost, len(values) - 1)] + gain
    elif cost < len(values):
        out[cost:] = values[:-cost] + gain
    return out


def _best_of(ways: list[tuple[Floats, Back]]) -> tuple[Floats, Back]:
    """The best of several ways at each number of tokens; the first on ties."""
    if len(ways) == 1:
        return ways[0]
    stacked = np.stack([values for values, _ in ways])
    choice = stacked.argmax(axis=0)

    def back(tokens: int) -> int:
        return ways[int(choice[tokens])][1](tokens)

    return stacked.max(axis=0), back
