"""Live answers under shares keep them about as well as final ones, and are about as good."""

from __future__ import annotations

import pytest

from engine.model import ChunkClass
from engine.pack import Problem, Solver, class_tokens

from .made import made_problem
from .test_solve import broken_rules

SHARES = [
    {ChunkClass.DOCS: (0.2, 1.0), ChunkClass.CODE: (0.0, 0.5)},
    {ChunkClass.DOCS: (0.3, 1.0), ChunkClass.TESTS: (0.0, 0.2), ChunkClass.CODE: (0.0, 0.4)},
    {ChunkClass.CODE: (0.0, 0.2)},
]


def with_shares(shares: dict[ChunkClass, tuple[float, float]]) -> Problem:
    problem = made_problem(1_500, 11)
    problem.shares = shares
    return problem


@pytest.mark.parametrize("shares", SHARES)
@pytest.mark.parametrize("budget", [10_000, 40_000])
def test_live_answers_keep_shares(shares: dict[ChunkClass, tuple[float, float]], budget: int) -> None:
    problem = with_shares(shares)
    solver = Solver(problem)
    live, final = solver.quick(budget), solver.solve(budget)
    for solution in (live, final):
        assert not broken_rules(problem, solution)
        got = class_tokens(problem, solution.levels)
        whole = class_tokens(problem, solution.levels * 0)
        for name, (low, high) in shares.items():
            assert min(low * budget - 0.02 * budget, whole[name]) <= got[name] <= high * budget
    assert live.value >= 0.98 * final.value
    assert live.value <= live.bound
    assert final.gap < 0.05


def test_the_way_there_does_not_matter() -> None:
    budgets = [9_000, 30_000, 9_100, 60_000]
    first, second = Solver(with_shares(SHARES[0])), Solver(with_shares(SHARES[0]))
    there = [first.quick(budget).levels.tolist() for budget in budgets]
    back = [second.quick(budget).levels.tolist() for budget in reversed(budgets)]
    assert there == back[::-1]
