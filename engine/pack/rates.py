"""The order of all steps: value per token, arranged so that a class line never comes after its members."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import Floats, Ints
from engine.pack.frontier import FREE_COST
from engine.pack.problem import LINE, OUTLINE
from engine.pack.scope import CAPSULE, HELD_BACK, WITH_OUTLINES, WITHOUT_OUTLINES, Scope

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rates:
    """Steps in order of worth under one set of class weights."""

    value: Floats
    """(n,) relevance times class weight."""
    permitted: Floats
    """(n,) a chunk may be shown above level 4 while the most valuable omitted core chunk is worth at most this."""
    line_value: Floats
    """(m,) value of a file that has only its line."""
    gain: Floats
    """(s,) value a step adds."""
    rate: Floats
    """(s,) sort key: value per token, raised where a step opens the way for better ones, never above its scope's."""
    by_file: Index
    """(s,) step indices by file, best rate first."""
    rank: Index
    """(s,) position in the order over all files of the steps in ``by_file`` order."""
    core_value: Floats
    """(m,) most valuable core chunk of a file that would be lost with the file; 0 when none."""
    f_file: Ints
    """(s,) file of each step, in ``by_file`` order, like all columns called ``f_``."""
    f_cost: npt.NDArray[np.int64]
    f_gain: Floats
    f_rate: Floats
    f_kind: npt.NDArray[np.int8]
    f_limit: Floats
    """(s,) a step is permitted while the most valuable omitted core chunk is worth at most this."""


def rates_of(scope: Scope) -> Rates:
    """Order the steps of a scope under the weights of its problem."""
    problem, columns, steps = scope.problem, scope.problem.columns, scope.steps
    value: Floats = problem.values()
    gain = value[steps.chunk] * steps.gain
    rate = gain / np.maximum(steps.cost, FREE_COST)
    permitted = value.copy()
    if len(scope.by_depth) > 1:
        _raise_scopes(scope, gain, rate)
        _hold_members(scope, rate, permitted)
    order = np.argsort(-rate, kind="stable")
    files = len(columns.files)
    file_type = np.uint16 if files < 1 << 16 else np.int32  # 16-bit keys get numpy's radix sort
    file = columns.file[steps.chunk].astype(file_type)
    nested = np.argsort(file[order], kind="stable")
    listed = np.where(scope.base == LINE, value * scope.base_kept, 0.0)
    line_value = np.asarray(np.bincount(columns.file, weights=listed, minlength=files), dtype=np.float64)
    core_value = np.zeros(files)
    np.maximum.at(core_value, columns.file[scope.ranked], value[scope.ranked])
    core_value[scope.listed] = 0.0
    by_file = order[nested]
    limit = np.where((steps.level == OUTLINE) & (scope.kind != HELD_BACK), np.inf, permitted[steps.chunk])
    return Rates(
        value, permitted, line_value, gain, rate, by_file, nested, core_value,
        columns.file[steps.chunk[by_file]], steps.cost[by_file], gain[by_file], rate[by_file],
        scope.kind[by_file], limit[by_file],
    )  # fmt: skip


def gates(scope: Scope) -> tuple[Index, Index]:
    """Per chunk the steps that bring it to level 4 and to level 3 or better; -1 when there is none."""
    steps = scope.steps
    n = len(steps.count)
    outline, shown = np.full(n, -1, dtype=np.intp), np.full(n, -1, dtype=np.intp)
    has = steps.count > 0
    outline[has] = steps.first[has]
    leads = np.flatnonzero((steps.level <= CAPSULE) & (scope.kind != WITHOUT_OUTLINES))
    shown[steps.chunk[leads][::-1]] = leads[::-1]
    return outline, shown


def _raise_scopes(scope: Scope, gain: Floats, rate: Floats) -> None:
    """Give a class line the rate of itself with its best members, where those alone are better than it."""
    steps, parent = scope.steps, scope.problem.columns.parent
    outline, shown = gates(scope)
    for depth in range(len(scope.by_depth) - 1, 0, -1):
        members = scope.by_depth[depth]
        members = members[scope.kind[members] <= WITH_OUTLINES]
        above = parent[steps.chunk[members]]
        gate = shown[above]
        better = (gate >= 0) & (rate[members] > rate[gate])
        if not better.any():
            continue
        members, above, gate = members[better], above[better], gate[better]
        order = np.lexsort((-rate[members], above))
        members, above, gate = members[order], above[order], gate[order]
        starts = np.flatnonzero(np.diff(above, prepend=-1))
        size = np.diff(starts, append=len(above))
        cost_sum, gain_sum = np.cumsum(steps.cost[members]), np.cumsum(gain[members])
        head = gate[starts]
        bundle_cost, bundle_gain = steps.cost[head].astype(np.float64), gain[head].copy()
        first = outline[above[starts]]
        early = first != head
        bundle_cost[early] += steps.cost[first[early]]
        bundle_gain[early] += gain[first[early]]
        cost_in = cost_sum - np.repeat(cost_sum[starts] - steps.cost[members[starts]], size)
        gain_in = gain_sum - np.repeat(gain_sum[starts] - gain[members[starts]], size)
        ratio = (gain_in + np.repeat(bundle_gain, size)) / np.maximum(cost_in + np.repeat(bundle_cost, size), FREE_COST)
        best = np.maximum.reduceat(ratio, starts)
        rate[head] = np.maximum(rate[head], best)
        rate[first] = np.maximum(rate[first], rate[head])
        passing = scope.detour[above[starts]]
        passes = (passing >= 0) & early
        rate[passing[passes]] = np.maximum(rate[passing[passes]], rate[head[passes]])


def _hold_members(scope: Scope, rate: Floats, permitted: Floats) -> None:
    """Let no member come before its class line, nor be permitted where that is not; outermost scopes first."""
    steps, parent, base = scope.steps, scope.problem.columns.parent, scope.base
    outline, shown = gates(scope)

    def gate_rate(gate: Index, above: npt.NDArray[np.int32], limit: int) -> Floats:
        return np.where(base[above] <= limit, np.inf, np.where(gate[above] >= 0, rate[gate[above]], 0.0))

    permitted[base <= CAPSULE] = np.inf
    for depth in range(1, len(scope.by_depth)):
        members = scope.by_depth[depth]
        above = parent[steps.chunk[members]]
        at_outline = gate_rate(outline, above, OUTLINE)
        cut = scope.detour[above]
        held = (cut >= 0) & (scope.kind[cut] == HELD_BACK)
        at_outline = np.where(held, np.minimum(at_outline, rate[cut]), at_outline)
        gate = np.where(steps.level[members] == OUTLINE, at_outline, gate_rate(shown, above, CAPSULE))
        rate[members] = np.minimum(rate[members], gate)
        chunks = np.flatnonzero(scope.depth == depth)
        permitted[chunks] = np.minimum(permitted[chunks], permitted[parent[chunks]])
