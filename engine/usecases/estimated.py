"""What the text of chosen levels will cost, before there is one."""

from __future__ import annotations

import numpy as np

from engine.pack.problem import LINE, Levels
from engine.render import estimate_tokens
from engine.render.coverage import Scope, covered
from engine.usecases.bench import COVERAGE_TOKENS, Bench
from engine.usecases.covering import LINE_TOKENS
from engine.usecases.prepared import Prepared


def estimated(bench: Bench, prepared: Prepared, levels: Levels, scope: Scope) -> int:
    """Tokens of a pack: cached counts of its chunks, with all that stands around them as counted.

    Args:
        bench: The repository.
        prepared: The request without its budget.
        levels: (n,) level of each chunk.
        scope: What the pack is to stand for.
    """
    columns, layout = bench.repository.columns()
    lines = np.bincount(columns.file[levels == LINE], minlength=len(columns.files)) > 0
    costs = bench.priced(prepared.format).costs
    _, directories = covered(columns, levels, lines, scope)
    told = COVERAGE_TOKENS + LINE_TOKENS * len(directories)
    return estimate_tokens(columns, levels, lines, costs, layout.kind) + told
