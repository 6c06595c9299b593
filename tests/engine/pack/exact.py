"""The packing problem as a mixed integer program for HiGHS: the yardstick of the solver."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from engine.columns import CLASSES, CORE_CLASSES
from engine.pack import Problem


class _Rows:
    """Collects sparse constraints ``low <= row * x <= high``."""

    def __init__(self) -> None:
        self.at: list[int] = []
        self.column: list[int] = []
        self.factor: list[float] = []
        self.low: list[float] = []
        self.high: list[float] = []

    def add(self, terms: dict[int, float], high: float, low: float = -np.inf) -> None:
        for column, factor in terms.items():
            self.at.append(len(self.high))
            self.column.append(column)
            self.factor.append(factor)
        self.low.append(low)
        self.high.append(high)

    def constraint(self, size: int) -> LinearConstraint:
        matrix = coo_array((self.factor, (self.at, self.column)), shape=(len(self.high), size)).tocsr()
        return LinearConstraint(matrix, self.low, self.high)


INFEASIBLE = 2
"""scipy's status of a program without a solution; out of time without one comes as 1 or 4, by version."""


def exact_value(problem: Problem, budget_tokens: int, time_limit_s: float = 20.0, rel_gap: float = 1e-7) -> float:
    """Value of the best choice of levels; -inf when there is none. An upper bound when the time ran out."""
    columns, frame = problem.columns, problem.frame
    n, m = columns.chunks, len(columns.files)
    value, pins, excluded = problem.values(), problem.pin_levels(), problem.excluded_mask()
    deepest = problem.deepest_levels()
    free = (pins < 0) & ~excluded
    by_line = free & (deepest >= 5) | (pins == 5)
    # Columns: 5 levels per chunk, then line, shown, outlined, and "the j most valuable files are all listed".
    line, shown, outlined, prefix = (5 * n + k * m for k in range(4))
    size = 5 * n + 4 * m
    gain, upper, lower = np.zeros(size), np.ones(size), np.zeros(size)
    rows = _Rows()
    cost: dict[int, float] = {}
    required = np.full(n, 9)
    for i in range(n - 1, -1, -1):
        level = min(int(pins[i]) if pins[i] >= 0 else 9, int(required[i]))
        parent = int(columns.parent[i])
        if level <= 4 and parent >= 0 and free[parent]:
            required[parent] = min(required[parent], max(level, 3), deepest[parent])
    for i in range(n):
        f, parent = int(columns.file[i]), int(columns.parent[i])
        at_line = value[i] * columns.retention[i, 5] if by_line[i] else 0.0
        gain[line + f] += at_line
        for level in range(5):
            x = 5 * i + level
            cost[x] = float(columns.tokens[i, level])
            gain[x] = value[i] * columns.retention[i, level]
            if not free[i] or level > deepest[i]:
                upper[x] = 1.0 if pins[i] == level else 0.0
            if pins[i] == level:
                lower[x] = 1.0
            rows.add({x: 1.0, shown + f: -1.0}, 0.0)
        rows.add({5 * i + level: 1.0 for level in range(5)}, 1.0)
        rows.add({5 * i + 4: 1.0, outlined + f: -1.0}, 0.0)
        if required[i] <= 4:
            rows.add({5 * i + level: 1.0 for level in range(required[i] + 1)}, 1.0, 1.0)
        if pins[i] == 5:
            rows.add({line + f: 1.0, shown + f: 1.0}, 1.0, 1.0)
        if parent >= 0 and free[i]:
            for reach in (4, 5):
                terms = {5 * i + level: 1.0 for level in range(reach)}
                rows.add(terms | {5 * parent + level: -1.0 for level in range(reach)}, 0.0)
    for f in range(m):
        mine = np.flatnonzero(columns.file == f)
        rows.add({line + f: 1.0, shown + f: 1.0}, 1.0)
        rows.add({shown + f: 1.0} | {5 * int(i) + level: -1.0 for i in mine for level in range(5)}, 0.0)
        if not by_line[mine].any():
            upper[line + f] = 0.0
        cost[line + f] = float(frame.line_tokens[f])
        cost[shown + f] = float(frame.header_tokens[f] + frame.tree_tokens[f])
        cost[outlined + f] = float(frame.outline_scope_tokens[f])
    _core_rule(problem, rows, by_line & free & (required > 5), free & (required > 3), line, shown, prefix)
    for index, (least, most) in ((CLASSES.index(name), share) for name, share in problem.shares.items()):
        mine = np.flatnonzero(columns.chunk_class == index)
        terms = {5 * int(i) + level: float(columns.tokens[i, level]) for i in mine for level in range(5)}
        rows.add(terms, most * budget_tokens, least * budget_tokens)
    rows.add(cost, budget_tokens - frame.fixed_tokens)
    answer = milp(
        -gain,
        constraints=rows.constraint(size),
        bounds=Bounds(lower, upper),
        integrality=np.ones(size),
        options={"time_limit": time_limit_s, "mip_rel_gap": rel_gap},
    )
    if answer.x is None:
        return -np.inf if answer.status == INFEASIBLE else np.inf
    return float(-answer.fun if answer.status == 0 else -answer.mip_dual_bound)


def _core_rule(
    problem: Problem, rows: _Rows, protected: np.ndarray, bound: np.ndarray, line: int, shown: int, prefix: int
) -> None:
    columns, value = problem.columns, problem.values()
    core = np.zeros(len(columns.files))
    for i in np.flatnonzero(protected):
        if CLASSES[columns.chunk_class[i]] in CORE_CLASSES:
            core[columns.file[i]] = max(core[columns.file[i]], value[i])
    ranked = [int(f) for f in np.argsort(-core, kind="stable") if core[f] > 0]
    for j, f in enumerate(ranked):
        rows.add({prefix + j: 1.0, line + f: -1.0, shown + f: -1.0}, 0.0)
        if j:
            rows.add({prefix + j: 1.0, prefix + j - 1: -1.0}, 0.0)
    falling = -core[ranked]
    for i in np.flatnonzero(bound):
        above = int(np.searchsorted(falling, -value[i], side="left"))
        if above:
            rows.add({5 * int(i) + level: 1.0 for level in range(4)} | {prefix + above - 1: -1.0}, 0.0)
