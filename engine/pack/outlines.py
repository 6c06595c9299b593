"""Which files are to pay for outline framing: those whose outline lines are worth it at a price of tokens."""

from __future__ import annotations

import numpy as np

from engine.pack.problem import OUTLINE, Mask
from engine.pack.rates import Rates
from engine.pack.scope import CAPSULE, Scope


def worth_outlines(scope: Scope, rates: Rates, price: float, worth: float) -> Mask:
    """(m,) files in which level 4 gains more than its framing costs.

    Args:
        scope: What is possible.
        rates: What it is worth.
        price: Value of a token spent elsewhere, i.e. the value per token at which the budget runs out.
        worth: Chunks worth less than this cannot go beyond level 4.
    """
    columns, framing = scope.problem.columns, scope.problem.frame.outline_scope_tokens
    if not framing.any():
        return np.ones(len(framing), dtype=np.bool_)
    value = rates.value
    rows = np.flatnonzero(scope.allowed[:, OUTLINE] & (scope.base > OUTLINE) & (value > 0))
    value = value[rows]
    unshown = value * scope.base_kept[rows]
    other = unshown
    for level in range(CAPSULE + 1):
        shown = value * columns.retention[rows, level] - price * columns.tokens[rows, level]
        usable = scope.allowed[rows, level] & (rates.permitted[rows] >= worth)
        other = np.where(usable, np.maximum(other, shown), other)
    outline = value * columns.retention[rows, OUTLINE] - price * columns.tokens[rows, OUTLINE]
    file, files = columns.file[rows], len(framing)
    gain = np.bincount(file, weights=np.maximum(0.0, outline - other), minlength=files)
    # A file that shows nothing else needs a header for its outlines, in place of its line.
    shows = (np.bincount(file[other > unshown], minlength=files) > 0) | scope.shown
    entry = np.where(shows, 0, scope.file_cost - scope.line_cost)
    return np.asarray(gain > price * (framing + entry))
