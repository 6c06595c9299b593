"""Round the relaxed solution: spend what is left on later purchases that still fit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.pack.measure import used_tokens
from engine.pack.order import Order
from engine.pack.problem import LINE, OMITTED, OUTLINE, Levels, Mask
from engine.pack.scope import CAPSULE

LOOK_AHEAD = 20_000
"""Purchases behind the cut that are looked at; later ones are worth too little to matter."""
TRIES = 400
"""Purchases that are tried one by one at most."""


@dataclass(slots=True)
class Draft:
    """Levels under construction with what they leave of the budget."""

    levels: Levels
    """(n,) levels so far."""
    shown: Mask
    """(m,) files that are shown."""
    left: int
    """Tokens of the budget that are not spent."""


def start(order: Order, budget_tokens: int) -> tuple[Draft, int]:
    """The longest run of purchases that fits, and where it ends.

    Outline framing that was reserved and turned out not to be needed is spent on further purchases.
    """
    problem = order.scope.problem
    free = budget_tokens - order.scope.fixed_tokens
    at = order.position(free)
    levels, shown = order.levels(at)
    left = budget_tokens - used_tokens(problem, levels)
    while left < 0 < at:  # no case is known; the budget is a promise
        at = min(at - 1, order.position(free + left))
        levels, shown = order.levels(at)
        left = budget_tokens - used_tokens(problem, levels)
    for _ in range(3):
        spent = int(order.cost_sum[at - 1]) if at else 0
        further = order.position(order.start_cost + spent + left)
        if further <= at:
            break
        more_levels, more_shown = order.levels(further)
        more_left = budget_tokens - used_tokens(problem, more_levels)
        if more_left < 0:
            break
        at, levels, shown, left = further, more_levels, more_shown, more_left
    return Draft(levels, shown, left), at


def fill(order: Order, draft: Draft, at: int) -> None:
    """Take purchases from position ``at`` on that fit and whose conditions are met."""
    scope, rates = order.scope, order.rates
    columns, steps = scope.problem.columns, scope.steps
    reserve = scope.problem.frame.outline_scope_tokens
    tries = 0
    window = slice(at, at + LOOK_AHEAD)
    for offset in np.flatnonzero(order.cost[window] <= draft.left):
        position = at + int(offset)
        if order.cost[position] > draft.left:
            continue
        tries += 1
        if tries > TRIES:
            break
        step_at, cost = int(order.step[position]), int(order.cost[position])
        if step_at >= 0:
            step = int(rates.by_file[step_at])
            file = int(columns.file[steps.chunk[step]])
            if not draft.shown[file] or not _next(order, draft, step):
                continue
            if steps.level[step] == OUTLINE and not (draft.levels[_rows(order, file)] == OUTLINE).any():
                cost += int(reserve[file])
                if cost > draft.left:
                    continue
            draft.levels[steps.chunk[step]] = steps.level[step]
        elif not _buy_file(order, draft, position):
            continue
        draft.left -= cost


def add_lines(order: Order, draft: Draft) -> None:
    """List files that nothing is shown of, best value per token first, while their lines fit."""
    if not order.state.buy_lines:
        return
    columns, scope, value = order.scope.problem.columns, order.scope, order.rates.line_value
    listed = np.bincount(columns.file[draft.levels < OMITTED], minlength=len(value)) > 0
    open_files = np.flatnonzero(~listed & (value > 0) & (scope.line_cost <= draft.left))
    rate = value[open_files] / np.maximum(scope.line_cost[open_files], 1)
    for file in open_files[np.argsort(-rate, kind="stable")][:TRIES]:
        if scope.line_cost[file] <= draft.left:
            _list_file(order, draft, int(file))
            draft.left -= int(scope.line_cost[file])


def _buy_file(order: Order, draft: Draft, position: int) -> bool:
    file = int(order.file[position])
    if draft.shown[file]:
        return False
    listed = bool((draft.levels[_rows(order, file)] < OMITTED).any())
    if order.is_line[position]:
        if listed:
            return False
        _list_file(order, draft, file)
        return True
    line = int(order.scope.line_cost[file])
    direct = order.rates.line_value[file] > 0 and not listed
    if direct and _sold_line(order, file) and order.cost[position] + line > draft.left:
        return False
    if direct and _sold_line(order, file):
        draft.left -= line
    _list_file(order, draft, file)
    steps = order.rates.by_file[order.pooled[order.rates.f_file[order.pooled] == file]]
    np.minimum.at(draft.levels, order.scope.steps.chunk[steps], order.scope.steps.level[steps].astype(np.int8))
    draft.shown[file] = True
    return True


def _sold_line(order: Order, file: int) -> bool:
    """Whether the order sells the file's line on its own, before the file."""
    return bool((order.is_line & (order.file == file)).any())


def _rows(order: Order, file: int) -> slice:
    start_row, end_row = np.searchsorted(order.scope.problem.columns.file, [file, file + 1])
    return slice(int(start_row), int(end_row))


def _list_file(order: Order, draft: Draft, file: int) -> None:
    rows = _rows(order, file)
    levels, base = draft.levels[rows], order.scope.base[rows]
    draft.levels[rows] = np.where((levels == OMITTED) & (base == LINE), np.int8(LINE), levels)


def _next(order: Order, draft: Draft, step: int) -> bool:
    """Whether a chunk stands right before a step and its class line allows it."""
    scope, steps = order.scope, order.scope.steps
    chunk, level = int(steps.chunk[step]), int(steps.level[step])
    before = int(steps.ordinal[step])
    came_from = int(scope.base[chunk]) if before == 0 else int(steps.level[step - 1])
    if draft.levels[chunk] != came_from:
        return False
    parent = int(scope.problem.columns.parent[chunk])
    return parent < 0 or draft.levels[parent] <= (OUTLINE if level == OUTLINE else CAPSULE)
