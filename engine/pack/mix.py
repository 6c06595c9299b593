"""Take as much of the choice that does not fit as does fit."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.pack.layout import Layout
from engine.pack.price import Bracket
from engine.pack.priced import Priced
from engine.pack.problem import OUTLINE, Levels
from engine.pack.scope import CAPSULE

Modes = npt.NDArray[np.int64]


def mixed(priced: Priced, bracket: Bracket, budget_tokens: int) -> tuple[Levels, Modes]:
    """Levels and what files are, between two choices: best value per token first, while it fits.

    What changes together stays together: a file that becomes something else, or a scope with all that is inside it.
    """
    fits, over, layout = bracket.fits, bracket.over, priced.layout
    if over is None:
        return fits.levels, fits.mode
    files = len(fits.mode)
    before, after = fits.levels[layout.order], over.levels[layout.order]
    changed = fits.mode != over.mode
    unit = _units(layout, before, after, changed)
    rows = np.flatnonzero((before != after) & (unit >= files))
    cost, gain = (
        np.bincount(unit[rows], weights=_of(table, after, rows) - _of(table, before, rows), minlength=files + len(unit))
        for table in (priced.layout.tokens, priced.gain)
    )
    cost[:files] = np.where(changed, over.file_cost - fits.file_cost, 0.0)
    gain[:files] = np.where(changed, over.file_value - fits.file_value, 0.0)
    taken = (cost <= 0) & (gain > 0)
    left = budget_tokens - fits.tokens - float(cost[taken].sum())
    other = np.flatnonzero((cost > 0) & (gain > 0))
    other = other[np.argsort(-gain[other] / cost[other], kind="stable")]
    while len(other):
        fitting = int(np.searchsorted(np.cumsum(cost[other]), left, side="right"))
        taken[other[:fitting]] = True
        left -= float(cost[other[:fitting]].sum())
        other = other[fitting + 1 :]
        other = other[cost[other] <= left]
    levels = np.where(taken[unit], after, before)
    out = np.empty_like(levels)
    out[layout.order] = levels
    return out, np.where(taken[:files], over.mode, fits.mode)


def _units(layout: Layout, before: Levels, after: Levels, changed: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """(n,) what each sorted chunk changes together with: its file, or a chunk (counted on from the files)."""
    files = len(changed)
    unit = np.arange(files, files + len(before), dtype=np.int64)
    apart = _state(before) == _state(after)
    for now in layout.depths[1:]:
        above = layout.parent[now]
        unit[now] = np.where(apart[above], unit[now], unit[above])
    return np.where(changed[layout.file], layout.file, unit)


def _state(levels: Levels) -> npt.NDArray[np.int64]:
    """What matters to those inside a scope: shown, outlined, or neither."""
    return (levels > CAPSULE).astype(np.int64) + (levels > OUTLINE)


def _of(table: npt.NDArray[np.float64], levels: Levels, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Tokens or value of chunks above those at ``base``."""
    at = levels[rows]
    out = table[np.minimum(at, OUTLINE), rows]
    return np.where((at <= OUTLINE) & np.isfinite(out), out, 0.0)
