"""A chunk at level 5 is told by its file's line, which there is only while nothing else of the file is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.pack import Problem, Solver, pack_quality, pack_value, used_tokens
from engine.pack.problem import LINE, OMITTED
from engine.render.outcome import outcome_of

from .test_solve import BUDGETS, QUICK, problems


@QUICK
@given(problems(), st.integers(0, 1_000))
def test_beside_text_of_its_file_it_is_as_good_as_omitted(problem: Problem, seed: int) -> None:
    columns = problem.columns
    levels = np.random.default_rng(seed).integers(0, 7, columns.chunks).astype(np.int8)
    shown = np.bincount(columns.file[levels < LINE], minlength=len(columns.files)) > 0
    without = np.where((levels == LINE) & shown[columns.file], OMITTED, levels).astype(np.int8)
    assert pack_value(problem, without) == pytest.approx(pack_value(problem, levels))
    assert used_tokens(problem, without) == used_tokens(problem, levels)


@QUICK
@given(problems(), BUDGETS)
def test_what_a_solution_is_worth_is_what_its_report_counts(problem: Problem, budget: int) -> None:
    solver = Solver(problem)
    if budget < solver.smallest_tokens or problem.excluded is not None:
        return
    columns, values = problem.columns, problem.values()
    for solution in (solver.solve(budget), solver.quick(budget)):
        lines = np.bincount(columns.file[solution.levels == LINE], minlength=len(columns.files)) > 0
        kept = outcome_of(columns, solution.levels, lines).kept
        # A line tells of all chunks of its file; those with a pin or a deepest level above it are not counted there.
        counted = kept * ((solution.levels < OMITTED) & (values > 0))
        assert float((counted * values).sum()) == pytest.approx(solution.value, rel=1e-4, abs=1e-6)
        assert solution.value == pytest.approx(pack_value(problem, solution.levels), rel=1e-4, abs=1e-6)
        assert solution.quality == pytest.approx(pack_quality(problem, solution.levels), rel=1e-4, abs=1e-6)
