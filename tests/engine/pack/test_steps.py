from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from engine.model import ChunkClass
from engine.pack import Problem, Solution, Solver, Step, class_tokens, pack_quality, pack_value, used_tokens
from engine.pack.problem import OMITTED

from .made import made_problem
from .test_solve import BUDGETS, QUICK, broken_rules, problems

ANY = 10**9


def broken_after(problem: Problem, before: Solution, step: Step, after: Solution) -> list[str]:
    """Everything that a step promises."""
    assert after.est_used == used_tokens(problem, after.levels) == before.est_used + step.tokens
    assert after.value == pytest.approx(pack_value(problem, after.levels)) == pytest.approx(before.value + step.gain)
    assert after.quality == pytest.approx(pack_quality(problem, after.levels))
    assert after.gap >= 0
    return broken_rules(problem, after)


@QUICK
@given(problems(), BUDGETS)
def test_each_addition_keeps_the_rules_and_says_what_it_costs_and_brings(problem: Problem, budget: int) -> None:
    solver = Solver(problem)
    if budget < solver.smallest_tokens:
        return
    solution = solver.solve(budget)
    steps = solver.additions(solution, ANY, ANY)
    assert [step.gain for step in steps] == sorted((step.gain for step in steps), reverse=True)
    for step in steps:
        added = solver.after(solution, step)
        assert (added.levels <= solution.levels).all()
        assert added.value > solution.value
        assert not broken_after(problem, solution, step, added)


@QUICK
@given(problems(), BUDGETS)
def test_each_removal_keeps_the_rules_and_says_what_it_frees_and_loses(problem: Problem, budget: int) -> None:
    solver = Solver(problem)
    if budget < solver.smallest_tokens:
        return
    solution = solver.solve(budget)
    steps = solver.removals(solution, -ANY, ANY)
    assert [step.gain for step in steps] == sorted((step.gain for step in steps), reverse=True)
    for step in steps:
        removed = solver.after(solution, step)
        assert (removed.levels >= solution.levels).all()
        assert not broken_after(problem, solution, step, removed)


def test_one_after_another_they_show_everything() -> None:
    problem = made_problem(60, 3)
    solver = Solver(problem)
    solution = solver.solve(solver.smallest_tokens)
    while steps := solver.additions(solution, ANY, 1):
        solution = solver.after(solution, steps[0])
        assert not broken_rules(problem, solution)
    assert (solution.levels == 0).all()


def test_nothing_dearer_than_asked_for_and_no_more_than_asked_for() -> None:
    problem = made_problem(300, 4)
    solver = Solver(problem)
    solution = solver.solve(2_000)
    steps = solver.additions(solution, 40, 10)
    assert 0 < len(steps) <= 10
    assert max(step.tokens for step in steps) <= 40
    assert steps == [step for step in solver.additions(solution, ANY, ANY) if step.tokens <= 40][:10]


def test_the_line_of_a_file_speaks_for_all_its_chunks() -> None:
    problem = made_problem(40, 5)
    solver = Solver(problem)
    nothing = replace(solver.solve(ANY), levels=np.full(40, OMITTED, dtype=np.int8), value=0.0, est_used=0)
    lines = [step for step in solver.additions(nothing, ANY, ANY) if step.level == 5]
    assert len(lines) == len(problem.columns.files)
    for step in lines:
        levels = solver.after(nothing, step).levels
        assert ((levels == 5) == (problem.columns.file == step.file)).all()


def test_a_largest_share_is_kept() -> None:
    problem = made_problem(300, 6)
    problem.shares = {ChunkClass.CODE: (0.0, 0.2)}
    solver = Solver(problem)
    solution: Solution = solver.solve(4_000)
    for step in solver.additions(solution, ANY, ANY):
        added = solver.after(solution, step)
        assert class_tokens(problem, added.levels)[ChunkClass.CODE] <= 0.2 * solution.budget_tokens
    problem.shares = {}
    assert any(
        class_tokens(problem, added.levels)[ChunkClass.CODE] > 0.2 * solution.budget_tokens
        for added in (solver.after(solution, step) for step in Solver(problem).additions(solution, ANY, ANY))
    )


def test_a_smallest_share_is_kept() -> None:
    problem = made_problem(300, 6)
    problem.shares = {ChunkClass.DOCS: (0.2, 1.0)}
    solver = Solver(problem)
    solution = solver.solve(4_000)
    least = min(class_tokens(problem, solution.levels)[ChunkClass.DOCS], 0.2 * solution.budget_tokens)
    for step in solver.removals(solution, -ANY, ANY):
        after = solver.after(solution, step)
        assert class_tokens(problem, after.levels)[ChunkClass.DOCS] >= least


def test_the_line_of_a_file_goes_where_nothing_less_valuable_is_shown() -> None:
    problem = made_problem(200, 7)
    solver = Solver(problem)
    solution = solver.solve(3_000)
    lines = [step for step in solver.removals(solution, 1, ANY) if step.chunk < 0]
    for step in lines:
        levels = solver.after(solution, step).levels
        assert (levels[problem.columns.file == step.file] == OMITTED).all()
    assert solver.removals(solution, 30, ANY) == [s for s in solver.removals(solution, -ANY, ANY) if s.tokens <= -30]
