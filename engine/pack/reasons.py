"""All reasons of a solution at once: what a report needs."""

from __future__ import annotations

from engine.pack.problem import Problem, Solution


def reasons(problem: Problem, solution: Solution) -> list[str]:
    """(n,) why each chunk has its level, in words; see ``explain``."""
    return [""] * problem.columns.chunks
