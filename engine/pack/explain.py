"""Why a chunk stands at its level, in words."""

from __future__ import annotations

from engine.model import Level
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Problem, Solution


def explain(problem: Problem, solution: Solution, chunk: int) -> str:
    """The reason for one chunk's level, in a few words with the numbers that decided.

    Args:
        problem: What was solved.
        solution: Its answer.
        chunk: Row of the chunk.
    """
    level = int(solution.levels[chunk])
    name = Level(level).name.lower()
    if problem.excluded_mask()[chunk]:
        return "omitted: excluded"
    if int(problem.pin_levels()[chunk]) != NO_PIN:
        return f"{name}: pinned"
    columns = problem.columns
    value = float(problem.values()[chunk])
    tokens = columns.tokens[chunk]
    retention = columns.retention[chunk]
    cut = solution.cut * 100
    if level == OMITTED:
        if value <= 0:
            return "omitted: its class has no weight"
        line = int(problem.frame.line_tokens[columns.file[chunk]])
        left = solution.budget_tokens - solution.est_used
        return f"omitted: its file's line costs {line} tokens, {left} are left"
    if level == LINE:
        return f"emergency: part of its file's line; {int(tokens[OUTLINE])} tokens for its outline were not worth it"
    rate = value * (float(retention[level]) - float(retention[LINE])) / max(1, int(tokens[level])) * 100
    above = f"{rate:.3g} value per 100 tokens"
    if cut > 0:
        above += f", the cut is {cut:.3g}"
    if level == 0 or int(tokens[level - 1]) == int(tokens[level]):
        return f"{name}: {above}"
    more = int(tokens[level - 1]) - int(tokens[level])
    return f"{name}: {above}; next level costs +{more} tokens"
