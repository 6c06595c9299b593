from __future__ import annotations

import re

import numpy as np
import pytest

from engine.columns import CLASSES
from engine.model import ChunkClass
from engine.pack import Problem, Reasons, Solution, Solver
from engine.pack.reasons import reasons

from .made import made_problem

NAMES = ["full", "trimmed", "condensed", "capsule", "outline", "emergency", "omitted"]


def told(problem: Problem, budget: int) -> tuple[Solution, list[str]]:
    solution = Solver(problem).solve(budget)
    return solution, reasons(problem, solution)


def test_every_reason_begins_with_the_level() -> None:
    problem = made_problem(400, 7)
    problem.pins = np.full(400, -1, dtype=np.int8)
    problem.pins[3] = 1
    problem.excluded = np.zeros(400, dtype=np.bool_)
    problem.excluded[5] = True
    solution, said = told(problem, 4000)
    assert said[3] == "trimmed: pinned"
    assert said[5] == "omitted: excluded"
    for level, name in enumerate(NAMES):
        assert all(said[i].startswith(f"{name}: ") for i in np.flatnonzero(solution.levels == level))
    one = Reasons(problem, solution)
    assert [one.of(chunk) for chunk in range(400)] == said


def test_the_rate_is_that_of_the_step_that_bought_the_level() -> None:
    problem = made_problem(400, 2)
    solution, said = told(problem, 12_000)
    tokens, retention, value = problem.columns.tokens, problem.columns.retention, problem.values()
    checked = 0
    for i in np.flatnonzero(solution.levels <= 3).tolist():
        level = int(solution.levels[i])
        cheaper = [(0, 0.0)]
        cheaper += [(int(tokens[i, j]), float(retention[i, j])) for j in range(level + 1, 5)]
        last = min(
            (retention[i, level] - kept) / (tokens[i, level] - cost)
            for cost, kept in cheaper
            if cost < tokens[i, level]
        )
        assert float(said[i].split()[1]) == pytest.approx(value[i] * last * 100, rel=6e-3)
        checked += 1
    assert checked > 20


def test_what_is_below_the_cut_says_why() -> None:
    problem = made_problem(400, 2)
    solution, said = told(problem, 12_000)
    for text in (said[i] for i in np.flatnonzero(solution.levels <= 4)):
        found = re.match(r"\w+: (\S+) value per 100 tokens, the cut is ([\d.e+-]+)", text)
        assert found is not None
        if float(found[1]) < float(found[2]) * 0.98:
            assert "what is inside needs it" in text or "fits into what was left" in text


def test_omitted_says_what_its_line_costs() -> None:
    problem = made_problem(400, 3)
    problem.weights = {ChunkClass.TESTS: 0.0}
    solution, said = told(problem, 300)
    left = solution.budget_tokens - solution.est_used
    tests = problem.columns.chunk_class == CLASSES.index(ChunkClass.TESTS)
    rows = np.flatnonzero(solution.levels == 6)
    assert len(rows)
    for i in rows.tolist():
        if tests[i]:
            assert said[i] == "omitted: its class has no weight"
        else:
            cost = problem.frame.line_tokens[problem.columns.file[i]]
            assert said[i].startswith(f"omitted: its file's line costs {cost} tokens at ")
            assert said[i].endswith(f"; {left} are left")


def test_no_deeper_than() -> None:
    problem = made_problem(400, 3)
    problem.deepest = dict.fromkeys(CLASSES, 2)
    solution, said = told(problem, 3000)
    rows = np.flatnonzero(solution.levels == 6)
    assert len(rows)
    assert all(said[i].startswith("omitted: may not be less than condensed; ") for i in rows)


def test_empty_repository() -> None:
    assert told(made_problem(0, 0), 1000)[1] == []
