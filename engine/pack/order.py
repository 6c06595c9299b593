"""One sequence of purchases for all budgets: a budget is a position in it.

What files share (a header, a line) is pooled: showing a file is sold together with as many of its best steps as make
the best rate, so that rates fall along a file as they fall along a chunk and the sequence is the optimum of the
linear relaxation at every position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.frontier import FREE_COST
from engine.pack.problem import LINE, OMITTED, OUTLINE, Levels, Mask
from engine.pack.rates import Index, Rates
from engine.pack.scope import ALWAYS, HELD_BACK, WITH_OUTLINES, Scope

Tokens = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class State:
    """What is already decided before the sequence starts."""

    worth: float
    """Value of the most valuable chunk that may be omitted: what is worth less stays at level 4 or deeper."""
    listed: Mask
    """(m,) files that have at least their line."""
    shown: Mask
    """(m,) files that are shown."""
    outlined: Mask
    """(m,) files that pay for outline framing and may use level 4."""
    lowest_rate: float = 0.0
    """Steps worth less per token are left out: they cannot matter for the budgets the order is made for."""
    usable: Mask | None = None
    """(s,) steps that may be taken at all, in step order."""
    buy_lines: bool = True
    """Whether files that are not listed may be."""


@dataclass(frozen=True, slots=True)
class Order:
    """``q`` purchases, best rate first."""

    scope: Scope
    rates: Rates
    state: State
    start_cost: int
    """Tokens of what is decided beforehand."""
    rate: Floats
    """(q,) value per token, falling."""
    cost: Tokens
    """(q,) tokens."""
    gain: Floats
    """(q,) value."""
    cost_sum: Tokens
    """(q,) tokens up to and with each purchase."""
    gain_sum: Floats
    """(q,) value up to and with each purchase."""
    step: Index
    """(q,) position in ``rates.by_file`` of a single step, or -1."""
    file: Index
    """(q,) file of a purchase of a line or of a file, or -1."""
    is_line: Mask
    """(q,) purchases of a line."""
    pooled: Index
    """Positions in ``rates.by_file`` of the steps sold with their file."""

    def position(self, free_tokens: int) -> int:
        """Number of purchases that fit, in order, into the tokens left after the fixed part."""
        return int(np.searchsorted(self.cost_sum, free_tokens - self.start_cost, side="right"))

    def relaxed(self, free_tokens: int) -> float:
        """Value of the linear relaxation above what is decided beforehand; -inf when that does not fit."""
        left = free_tokens - self.start_cost
        at = self.position(free_tokens)
        if left < 0 and at == 0:
            return -np.inf
        done = float(self.gain_sum[at - 1]) if at else 0.0
        if at == len(self.rate):
            return done
        return done + (left - (int(self.cost_sum[at - 1]) if at else 0)) * float(self.rate[at])

    def levels(self, at: int) -> tuple[Levels, Mask]:
        """Levels after the first ``at`` purchases, and which files are shown."""
        scope, by_file = self.scope, self.rates.by_file
        steps, column_file = scope.steps, scope.problem.columns.file
        bought, is_line = self.file[:at], self.is_line[:at]
        roots = bought[(bought >= 0) & ~is_line]
        shown, listed = self.state.shown.copy(), self.state.listed.copy()
        shown[roots] = True
        listed[bought[bought >= 0]] = True
        singles = self.step[:at]
        pooled = self.pooled[shown[self.rates.f_file[self.pooled]]]
        chosen = by_file[np.concatenate([pooled, singles[singles >= 0]])]
        levels = np.where((scope.base == LINE) & ~(listed | shown)[column_file], np.int8(OMITTED), scope.base)
        np.minimum.at(levels, steps.chunk[chosen], steps.level[chosen].astype(np.int8))
        return levels, shown


def order_of(scope: Scope, rates: Rates, state: State) -> Order:
    """Pool and merge all purchases that are possible in a state."""
    by_file = rates.by_file
    kind, held = rates.f_kind, rates.f_limit < state.worth
    outlined = state.outlined[rates.f_file]
    usable = np.where(kind == HELD_BACK, held & outlined, ~held)
    usable &= (kind == ALWAYS) | (kind == HELD_BACK) | ((kind == WITH_OUTLINES) == outlined)
    usable &= (rates.f_rate > 0) & (rates.f_rate >= state.lowest_rate)
    if state.usable is not None:
        usable &= state.usable[by_file]
    at = np.flatnonzero(usable)
    file, cost, gain = rates.f_file[at], rates.f_cost[at], rates.f_gain[at]

    files = len(rates.line_value)
    listed = state.listed | state.shown
    framing = np.where(state.outlined, scope.problem.frame.outline_scope_tokens, 0)
    line_cost, file_cost, line_value = scope.line_cost, scope.file_cost + framing, rates.line_value
    sellable = ~listed & (line_value > 0) & state.buy_lines
    line_rate = np.where(sellable, line_value / np.maximum(line_cost, FREE_COST), 0.0)

    starts = np.flatnonzero(np.diff(file, prepend=-1))
    size = np.diff(starts, append=len(file))
    owner = file[starts]
    cost_in, gain_in = _running(cost, starts, size), _running(gain, starts, size)
    # Sort keys, not gains, decide what is pooled: no step that is left over may come before its file.
    key_in = _running(rates.f_rate[at] * np.maximum(cost, FREE_COST), starts, size)
    # A file that has its line pays the difference; one that has nothing may also be shown at once.
    upgrade = file_cost[owner] - line_cost[owner]
    whole = file_cost[owner]
    after_line = _best_ratio(
        cost_in, key_in, np.where(sellable[owner] | listed[owner], upgrade, whole), 0.0, starts, size
    )
    at_once = _best_ratio(cost_in, key_in, whole, line_value[owner], starts, size)
    direct = ~listed[owner] & (~sellable[owner] | (line_rate[owner] < after_line[0]))
    ratio = np.where(direct, at_once[0], after_line[0])
    last = np.where(direct, at_once[1], after_line[1])
    open_file = state.shown[owner]
    last = np.where(open_file, -1, last)
    pooled_here = np.arange(len(file)) <= np.repeat(last, size)

    root = np.flatnonzero(~open_file)
    root_cost = cost_in[last[root]] + np.where(
        direct[root] | ~(sellable | listed)[owner[root]], whole[root], upgrade[root]
    )
    root_gain = gain_in[last[root]] + np.where(direct[root], line_value[owner[root]], 0.0)
    is_direct = np.zeros(files, dtype=np.bool_)
    is_direct[owner[direct]] = True
    lines = np.flatnonzero(sellable & ~is_direct)

    # Rounding must not let a step that is left over slip before its file.
    behind = np.minimum(last[root] + 1, len(file) - 1)
    follows = last[root] + 1 < (starts + size)[root]
    root_rate = np.where(follows, np.maximum(ratio[root], rates.f_rate[at[behind]]), ratio[root])
    line_rate[owner[root]] = np.maximum(line_rate[owner[root]], root_rate)
    item_rate = np.concatenate([line_rate[lines], root_rate])
    by_rate = np.argsort(-item_rate, kind="stable")
    item_rate = item_rate[by_rate]
    item_cost = np.concatenate([line_cost[lines], root_cost])[by_rate].astype(np.int64)
    item_gain = np.concatenate([line_value[lines], root_gain])[by_rate]
    item_file = np.concatenate([lines, owner[root]])[by_rate]
    item_line = (np.arange(len(item_rate)) < len(lines))[by_rate]

    single = at[~pooled_here]
    slot = np.full(len(by_file), -1, dtype=np.intp)
    slot[rates.rank[single]] = single
    single = slot[slot >= 0]
    single_rate = rates.f_rate[single]
    into = np.searchsorted(-single_rate, -item_rate, side="left") + np.arange(len(item_rate))
    q = len(single) + len(item_rate)
    is_item = np.zeros(q, dtype=np.bool_)
    is_item[into] = True

    def merged(items: npt.NDArray[Any], singles: npt.NDArray[Any]) -> npt.NDArray[Any]:
        out = np.empty(q, dtype=np.result_type(items, singles))
        out[is_item], out[~is_item] = items, singles
        return out

    all_cost = merged(item_cost, rates.f_cost[single])
    all_gain = merged(item_gain, rates.f_gain[single])
    start = int(line_cost[state.listed & ~state.shown & ~scope.listed].sum())
    # Pinned outlines have paid for their framing already.
    pinned = np.bincount(scope.problem.columns.file[scope.base == OUTLINE], minlength=files) > 0
    start += int(framing[scope.shown & ~pinned].sum())
    start += int((file_cost - np.where(scope.listed, line_cost, 0))[state.shown & ~scope.shown].sum())
    minus = np.full(len(single), -1, dtype=np.intp)
    return Order(
        scope, rates, state, start,
        rate=merged(item_rate, single_rate),
        cost=all_cost,
        gain=all_gain,
        # Turning a dear line into a cheap header may cost less than nothing: what is reached later at a lower sum
        # is reached at that sum, which keeps the sums searchable.
        cost_sum=np.minimum.accumulate(np.cumsum(all_cost)[::-1])[::-1],
        gain_sum=np.cumsum(all_gain),
        step=merged(np.full(len(item_rate), -1, dtype=np.intp), single),
        file=merged(item_file, minus),
        is_line=merged(item_line, np.zeros(len(single), dtype=np.bool_)),
        pooled=at[pooled_here],
    )  # fmt: skip


def _running(column: npt.NDArray[Any], starts: Index, size: Index) -> Floats:
    """Running sums that start anew at each segment."""
    total = np.cumsum(column, dtype=np.float64)
    before = total[starts] - column[starts]
    return np.asarray(total - np.repeat(before, size), dtype=np.float64)


def _best_ratio(
    cost: Floats, gain: Floats, extra_cost: Tokens, extra_gain: Floats | float, starts: Index, size: Index
) -> tuple[Floats, Index]:
    """Per segment the best rate over its prefixes with a surcharge, and the last position that reaches it."""
    if not len(starts):
        return np.zeros(0), np.zeros(0, dtype=np.intp)
    numerator = gain + np.repeat(np.broadcast_to(extra_gain, starts.shape), size)
    ratio = numerator / np.maximum(cost + np.repeat(extra_cost, size), FREE_COST)
    best = np.maximum.reduceat(ratio, starts)
    hits = np.where(ratio >= np.repeat(best, size), np.arange(len(ratio)), -1)
    return best, np.maximum.reduceat(hits, starts)
