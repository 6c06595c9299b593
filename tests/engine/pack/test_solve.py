from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.columns import CLASSES, CORE_CLASSES
from engine.errors import BudgetTooSmall
from engine.model import ChunkClass
from engine.pack import Problem, Solution, Solver, class_tokens, pack_quality, pack_value, used_tokens

from .exact import exact_value
from .made import made_problem

BUDGETS = st.sampled_from([90, 140, 200, 300, 450, 700, 1200, 3000, 20_000])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def problems(draw: st.DrawFn, chunks: int = 14) -> Problem:
    problem = made_problem(
        draw(st.integers(1, chunks)), draw(st.integers(0, 10_000)), outline=draw(st.sampled_from([0, 3]))
    )
    n = problem.columns.chunks
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    wishes = draw(st.sampled_from(["none", "none", "pins", "excluded", "deepest"]))
    if wishes == "pins":
        problem.pins = np.where(rng.random(n) < 0.15, rng.integers(0, 7, n), -1).astype(np.int8)
    if wishes == "excluded":
        problem.excluded = rng.random(n) < 0.3
    if wishes == "deepest":
        problem.deepest = {name: int(rng.integers(0, 6)) for name in CLASSES[:3]}
    return problem


def solved(problem: Problem, budget: int) -> Solution | None:
    solver = Solver(problem)
    if budget >= solver.smallest_tokens:
        return solver.solve(budget)
    with pytest.raises(BudgetTooSmall):
        solver.solve(budget)
    return None


def broken_rules(problem: Problem, solution: Solution) -> list[str]:
    """Everything that a solution promises, checked one by one."""
    columns, levels, value = problem.columns, solution.levels, problem.values()
    pins, excluded, deepest = problem.pin_levels(), problem.excluded_mask(), problem.deepest_levels()
    broken = []
    if used_tokens(problem, levels) != solution.est_used or solution.est_used > solution.budget_tokens:
        broken.append("budget")
    forced: set[int] = set()
    for i in range(columns.chunks - 1, -1, -1):
        if (pins[i] >= 0 or i in forced) and levels[i] <= 4 and columns.parent[i] >= 0:
            forced.add(int(columns.parent[i]))
    listed = {int(f) for f in columns.file[levels < 6]}
    lost = [
        value[i]
        for i in range(columns.chunks)
        if CLASSES[columns.chunk_class[i]] in CORE_CLASSES
        and int(columns.file[i]) not in listed
        and not excluded[i] and pins[i] < 0 and deepest[i] >= 5
    ]  # fmt: skip
    for i, level in enumerate(levels.tolist()):
        if excluded[i]:
            broken += ["excluded"] if level != 6 else []
            continue
        if pins[i] >= 0:
            broken += ["pin"] if level != pins[i] else []
            continue
        if level != 6 and level > deepest[i]:
            broken.append("deepest")
        parent = int(columns.parent[i])
        contradiction = i in forced and parent >= 0 and pins[parent] >= 0  # of pins: inside and outside disagree
        if parent >= 0 and level <= 4 and levels[parent] > max(3, level) and not contradiction:
            broken.append("class line")
        if level <= 3 and i not in forced and lost and max(lost) > value[i]:
            broken.append("core")
    return broken


@QUICK
@given(problems(), BUDGETS)
def test_rules_hold(problem: Problem, budget: int) -> None:
    solution = solved(problem, budget)
    if solution is not None:
        assert not broken_rules(problem, solution)
        assert solution.value == pytest.approx(pack_value(problem, solution.levels))
        assert solution.quality == pytest.approx(pack_quality(problem, solution.levels))
        assert solution.value <= solution.bound * (1 + 1e-9)


@QUICK
@given(problems(), BUDGETS)
def test_close_to_the_exact_optimum_and_bounded_by_truth(problem: Problem, budget: int) -> None:
    solution = solved(problem, budget)
    if solution is not None:
        exact = exact_value(problem, budget)
        if not np.isfinite(exact):
            return  # pins that contradict each other
        assert solution.value <= exact * (1 + 1e-5) + 1e-6
        assert solution.bound >= exact * (1 - 1e-6) - 1e-6
        assert solution.value >= exact * 0.98 - 1e-6


@pytest.mark.parametrize("seed", range(16))
def test_within_half_a_percent_of_the_exact_optimum(seed: int) -> None:
    problem = made_problem(60 + 10 * seed, seed)
    solver = Solver(problem)
    everything = solver.alternatives()[0].tokens
    for share in (0.05, 0.3):
        budget = int(everything * share)
        solution, exact = solver.solve(budget), exact_value(problem, budget, rel_gap=1e-5)
        assert not broken_rules(problem, solution)
        assert solution.value >= exact * 0.995
        assert solution.bound >= exact * (1 - 1e-5)


@pytest.mark.parametrize("n", [300, 3000])
def test_larger_budgets_are_worth_more_and_are_used(n: int) -> None:
    problem = made_problem(n, n)
    solver = Solver(problem)
    everything = solver.alternatives()[0].tokens
    previous = 0.0
    for budget in np.geomspace(solver.smallest_tokens, everything, 24).astype(int).tolist():
        solution = solver.solve(budget)
        assert not broken_rules(problem, solution)
        assert solution.value >= previous * 0.999
        previous = solution.value
        if budget > 1000:
            assert solution.est_used >= 0.97 * budget
    whole = solver.solve(everything + 5000)
    assert (whole.levels == 0).all()
    assert whole.quality == pytest.approx(1.0)
    assert whole.est_used == everything


def test_same_problem_same_levels() -> None:
    first, second = (Solver(made_problem(2000, 3)) for _ in range(2))
    second.solve(900)
    second.solve(50_000)
    for budget in (500, 5000, 50_000):
        assert first.solve(budget).levels.tolist() == second.solve(budget).levels.tolist()


def test_smallest_pack() -> None:
    problem = made_problem(200, 1)
    solver = Solver(problem)
    smallest = solver.smallest_tokens
    assert solver.solve(smallest).est_used == smallest
    with pytest.raises(BudgetTooSmall, match="cannot hold") as caught:
        solver.solve(smallest - 1)
    assert caught.value.smallest_tokens == smallest


def test_pins_that_do_not_fit_say_what_would() -> None:
    problem = made_problem(200, 1)
    problem.pins = np.zeros(200, dtype=np.int8)
    with pytest.raises(BudgetTooSmall, match="pinned") as caught:
        Solver(problem).solve(1000)
    assert (Solver(problem).solve(caught.value.smallest_tokens).levels == 0).all()


def test_empty_repository() -> None:
    problem = made_problem(0, 0)
    assert Solver(problem).solve(1000).est_used == problem.frame.fixed_tokens


def test_shares() -> None:
    problem = made_problem(3000, 5)
    budget = 30_000
    plain = class_tokens(problem, Solver(problem).solve(budget).levels)
    low, high = ChunkClass.DOCS, ChunkClass.TESTS
    wanted = 3 * plain[low] / budget
    problem.shares = {low: (wanted, 1.0), high: (0.0, 0.02)}
    solution = Solver(problem).solve(budget)
    assert not broken_rules(problem, solution)
    got = class_tokens(problem, solution.levels)
    assert got[low] >= wanted * budget
    assert got[high] <= 0.02 * budget
    assert solution.est_used >= 0.97 * budget


@pytest.mark.parametrize(("chunks", "seed"), [(3000, 5), (3000, 7), (5000, 2)])
def test_a_smallest_share_is_kept_beside_largest_ones(chunks: int, seed: int) -> None:
    """Though the lines of all files would take more than the budget."""
    problem, budget = made_problem(chunks, seed), 8000
    problem.shares = {ChunkClass.DOCS: (0.3, 1.0), ChunkClass.TESTS: (0.0, 0.2), ChunkClass.CODE: (0.0, 0.4)}
    solution = Solver(problem).solve(budget)
    assert not broken_rules(problem, solution)
    got = class_tokens(problem, solution.levels)
    assert got[ChunkClass.DOCS] >= 0.295 * budget
    assert got[ChunkClass.TESTS] <= 0.2 * budget
    assert got[ChunkClass.CODE] <= 0.4 * budget
    assert solution.est_used >= 0.97 * budget
    quick = Solver(problem).quick(budget)
    if class_tokens(problem, quick.levels)[ChunkClass.DOCS] >= 0.27 * budget:
        assert solution.value >= 0.93 * quick.value


def test_smallest_shares_that_the_best_pack_keeps_change_nothing() -> None:
    problem = made_problem(1500, 8)
    free = Solver(problem).solve(10_000)
    problem.shares = {ChunkClass.CODE: (0.01, 1.0)}
    assert Solver(problem).solve(10_000).levels.tolist() == free.levels.tolist()


def test_a_share_without_content_goes_to_the_others() -> None:
    problem = made_problem(3000, 5)
    problem.columns.chunk_class[:] = CLASSES.index(ChunkClass.CODE)
    problem.shares = {ChunkClass.DOCS: (0.5, 1.0)}
    assert Solver(problem).solve(30_000).est_used >= 0.97 * 30_000


def test_weights_change_what_is_shown() -> None:
    problem = made_problem(2000, 2)
    solver = Solver(problem)
    other = solver.with_weights({ChunkClass.TESTS: 0.0, ChunkClass.DOCS: 5.0})
    assert solver.problem.weights == {}
    budget = 200_000
    before, after = solver.solve(budget), other.solve(budget)
    tests = problem.columns.chunk_class == CLASSES.index(ChunkClass.TESTS)
    assert (before.levels[tests] < 5).any()
    inside = np.unique(problem.columns.parent[problem.columns.parent >= 0])
    alone = tests & ~np.isin(np.arange(2000), inside)
    assert (after.levels[alone] >= 5).all()
    fresh = Solver(replace(problem, weights=other.problem.weights)).solve(budget)
    assert fresh.levels.tolist() == after.levels.tolist()


@pytest.mark.parametrize("level", [0, 2, 4])
def test_a_pack_without_lines_is_not_empty(level: int) -> None:
    problem = made_problem(200, 11)
    problem.deepest = dict.fromkeys(CLASSES, level)
    solver = Solver(problem)
    smallest = solver.smallest_tokens
    assert smallest > problem.frame.fixed_tokens
    solution = solver.solve(smallest)
    assert not broken_rules(problem, solution)
    assert solution.value > 0
    assert solution.est_used == smallest
    with pytest.raises(BudgetTooSmall):
        solver.solve(smallest - 1)


def test_bounds_hold_under_shares() -> None:
    problem = made_problem(400, 9)
    free = Solver(problem).solve(6000)
    problem.shares = {ChunkClass.CODE: (0.0, 0.2), ChunkClass.TESTS: (0.1, 1.0)}
    solution = Solver(problem).solve(6000)
    assert not broken_rules(problem, solution)
    assert solution.value <= solution.bound <= free.bound * (1 + 1e-9)
    assert class_tokens(problem, solution.levels)[ChunkClass.CODE] <= 0.2 * 6000
