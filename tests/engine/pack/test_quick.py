from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.columns import CLASSES
from engine.errors import BudgetTooSmall
from engine.model import ChunkClass
from engine.pack import Problem, Solver, class_tokens, pack_quality, pack_value

from .exact import exact_value
from .made import made_problem
from .test_solve import BUDGETS, QUICK, broken_rules, problems


@QUICK
@given(problems(), BUDGETS)
def test_rules_hold(problem: Problem, budget: int) -> None:
    solver = Solver(problem)
    if budget < solver.smallest_tokens:
        with pytest.raises(BudgetTooSmall):
            solver.quick(budget)
        return
    solution = solver.quick(budget)
    assert not broken_rules(problem, solution)
    assert solution.value == pytest.approx(pack_value(problem, solution.levels), rel=1e-5, abs=1e-6)
    assert solution.quality == pytest.approx(pack_quality(problem, solution.levels), rel=1e-5, abs=1e-6)
    assert solution.value <= solution.bound


@QUICK
@given(problems(120), BUDGETS)
def test_rules_hold_with_more_chunks(problem: Problem, budget: int) -> None:
    solver = Solver(problem)
    if budget >= solver.smallest_tokens:
        assert not broken_rules(problem, solver.quick(budget))


@pytest.mark.parametrize("seed", range(0, 16, 2))
def test_within_half_a_percent_of_the_exact_optimum(seed: int) -> None:
    problem = made_problem(60 + 10 * seed, seed)
    solver = Solver(problem)
    everything = solver.alternatives()[0].tokens
    for share in (0.05, 0.3):
        budget = int(everything * share)
        solution = solver.quick(budget)
        assert not broken_rules(problem, solution)
        assert solution.value >= exact_value(problem, budget, rel_gap=1e-5) * 0.995


@pytest.mark.parametrize("wishes", ["none", "pins", "excluded", "deepest", "floor", "cap"])
def test_as_good_as_the_final_pack(wishes: str) -> None:
    problem = made_problem(1500, 8)
    rng = np.random.default_rng(1)
    if wishes == "pins":
        problem.pins = np.where(rng.random(1500) < 0.01, rng.integers(0, 7, 1500), -1).astype(np.int8)
    if wishes == "excluded":
        problem.excluded = rng.random(1500) < 0.3
    if wishes == "deepest":
        problem.deepest = {ChunkClass.CODE: 3, ChunkClass.TESTS: 4}
    if wishes == "floor":
        problem.shares = {ChunkClass.TESTS: (0.3, 1.0)}
    if wishes == "cap":
        problem.shares = {ChunkClass.CODE: (0.0, 0.2)}
    solver = Solver(problem)
    for budget in (10_000, 30_000):
        solution, final = solver.quick(budget), solver.solve(budget)
        assert not broken_rules(problem, solution)
        assert solution.value >= final.value * 0.995
        if wishes in ("floor", "cap"):
            got, (name, (low, high)) = class_tokens(problem, solution.levels), next(iter(problem.shares.items()))
            assert 0.98 * low * budget <= got[name] <= high * budget


def test_the_way_there_does_not_matter() -> None:
    problem = made_problem(2000, 3)
    first, second = Solver(problem), Solver(problem)
    budgets = [500, 5000, 50_000, 5100, 900]
    there = [first.quick(budget).levels.tolist() for budget in budgets]
    back = [second.quick(budget).levels.tolist() for budget in reversed(budgets)]
    assert there == back[::-1]


def test_more_room_is_worth_more_and_is_used() -> None:
    problem = made_problem(3000, 7)
    solver = Solver(problem)
    everything = solver.alternatives()[0].tokens
    previous = 0.0
    for budget in np.geomspace(solver.smallest_tokens, everything, 40).astype(int).tolist():
        solution = solver.quick(budget)
        assert solution.value >= previous * 0.998
        previous = solution.value
        if budget > 1000:
            assert solution.est_used >= 0.98 * budget
    whole = solver.quick(everything + 5000)
    assert (whole.levels == 0).all()
    assert whole.est_used == everything


def test_other_weights() -> None:
    problem = made_problem(2000, 2)
    solver = Solver(problem)
    solver.quick(20_000)
    weights = {ChunkClass.TESTS: 0.0, ChunkClass.DOCS: 5.0}
    after = solver.with_weights(weights).quick(20_000)
    fresh = Solver(replace(problem, weights=weights)).solve(20_000)
    assert after.value == pytest.approx(fresh.value, rel=5e-3)
    docs = problem.columns.chunk_class == CLASSES.index(ChunkClass.DOCS)
    assert (after.levels[docs] < 4).sum() > (solver.quick(20_000).levels[docs] < 4).sum()


def test_nothing_to_pack() -> None:
    problem = made_problem(0, 0)
    assert Solver(problem).quick(1000).est_used == problem.frame.fixed_tokens
