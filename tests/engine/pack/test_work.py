"""How much is tried for a budget: bounded by counts, so that the same problem always gives the same pack."""

from __future__ import annotations

import numpy as np
import pytest

from engine.pack import Problem, Solver, search, twins, used_tokens
from engine.pack.layout import layout_of
from engine.pack.scope import scope_of
from engine.pack.search import MOST_CELLS, Search

from .exact import exact_value
from .made import made_problem
from .test_solve import broken_rules


def alike(chunks: int, seed: int, kinds: int = 1) -> Problem:
    """A problem whose outermost chunks are of a few kinds, in three files, and one is large and worth little."""
    problem = made_problem(chunks, seed, per_file=chunks // 3)
    columns = problem.columns
    columns.parent[:] = -1
    kind = np.arange(chunks) % kinds
    for table in (columns.tokens, columns.retention, columns.chunk_class, problem.relevance):
        table[:] = table[kind]
    columns.tokens[-1, :4], problem.relevance[-1] = 900, 0.3
    return problem


def made_search(problem: Problem) -> Search:
    scope = scope_of(problem)
    return Search(scope, layout_of(scope), problem.values())


@pytest.mark.parametrize("kinds", [1, 3, 380])
def test_what_is_tried_is_bounded_at_every_budget(kinds: int) -> None:
    problem = alike(380, 4, kinds)
    tried = made_search(problem)
    everything = Solver(problem).alternatives()[0].tokens
    for budget in np.linspace(0.05 * everything, everything + 100, 16).astype(int).tolist():
        found = tried.run(budget)
        assert tried.cells <= MOST_CELLS
        assert used_tokens(problem, found.levels) <= budget
        assert found.value <= found.bound


@pytest.mark.parametrize("kinds", [1, 2, 5])
@pytest.mark.parametrize("share", [0.15, 0.5, 0.9, 0.99])
def test_packs_of_chunks_that_are_alike_are_about_the_best(kinds: int, share: float) -> None:
    problem = alike(90, kinds, kinds)
    solver = Solver(problem)
    budget = int(share * solver.alternatives()[0].tokens)
    solution, exact = solver.solve(budget), exact_value(problem, budget, time_limit_s=2.0, rel_gap=1e-3)
    assert not broken_rules(problem, solution)
    assert solution.value >= 0.995 * exact
    assert solution.bound >= exact * (1 - 2e-3)


def test_chunks_that_are_alike_are_tried_together(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = alike(380, 4)
    budget = int(0.2 * Solver(problem).alternatives()[0].tokens)
    together, alone = made_search(problem), made_search(problem)
    found = together.run(budget)
    monkeypatch.setattr(twins, "ALONE", 1000)
    assert found.value >= alone.run(budget).value * (1 - 1e-9)
    assert 0 < together.cells < alone.cells / 4


@pytest.mark.parametrize("most", [0, 30_000, 1_000_000])
def test_packs_keep_the_rules_with_little_work(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(search, "MOST_CELLS", most)
    for seed in range(2):
        problem = made_problem(300, seed)
        tried, solver = made_search(problem), Solver(problem)
        for budget in (600, 3000, 9000):
            tried.run(budget)
            assert tried.cells <= most
            solution = solver.solve(budget)
            assert not broken_rules(problem, solution)
            assert solution.value <= solution.bound
