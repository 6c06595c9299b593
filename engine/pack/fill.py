"""Between levels that fit and levels that do not: take what is worth most per token, while it fits."""

from __future__ import annotations

import numpy as np

from engine.columns import Floats
from engine.pack.evaluate import State, sums
from engine.pack.forest import Forest, Narrow
from engine.pack.layout import Index
from engine.pack.problem import OUTLINE, Levels, Mask
from engine.pack.scope import CAPSULE


def filled(forest: Forest, fits: State, over: State, room: int) -> State:
    """Levels between two states.

    What changes together stays together: a file that becomes something else, or a scope with all that is inside it.

    Args:
        forest: Chunks and files.
        fits: Levels that cost less.
        over: Levels that cost more.
        room: Tokens that may be spent beyond ``fits``.
    """
    changed = fits.mode != over.mode
    differ = np.flatnonzero((fits.levels != over.levels) | changed[forest.file])
    if not len(differ):
        return fits
    files = len(changed)
    unit = _units(forest, fits.levels, over.levels, changed)
    rows = differ[unit[differ] >= files]
    size = files + len(unit)
    cost, gain = (
        np.bincount(
            unit[rows], weights=_of(table, over.levels, rows) - _of(table, fits.levels, rows),
            minlength=size,
        ).astype(np.float64)
        for table in (forest.tokens, forest.gain)
    )  # fmt: skip
    cost[:files] = np.where(changed, over.cost - fits.cost, 0.0)
    gain[:files] = np.where(changed, over.value - fits.value, 0.0)
    taken = _greedy(cost, gain, room)
    levels = np.where(taken[unit], over.levels, fits.levels)
    mode = np.where(taken[:files], over.mode, fits.mode)
    return State(fits.price, mode, levels, *sums(forest, levels, mode), fits.options)


def _greedy(cost: Floats, gain: Floats, room: float) -> Mask:
    taken = (cost <= 0) & (gain > 0)
    left = room - float(cost[taken].sum())
    other = np.flatnonzero((cost > 0) & (gain > 0))
    other = other[np.argsort(-gain[other] / cost[other], kind="stable")]
    while len(other):
        fitting = int(np.searchsorted(np.cumsum(cost[other]), left, side="right"))
        taken[other[:fitting]] = True
        left -= float(cost[other[:fitting]].sum())
        other = other[fitting + 1 :]
        other = other[cost[other] <= left]
    return taken


def _units(forest: Forest, before: Levels, after: Levels, changed: Mask) -> Index:
    """What each chunk changes together with: its file, or a chunk (counted on from the files)."""
    files = len(changed)
    unit = np.arange(files, files + len(before))
    apart = _state(before) == _state(after)
    for now in forest.depths[1:]:
        above = forest.parent[now]
        unit[now] = np.where(apart[above], unit[now], unit[above])
    return np.where(changed[forest.file], forest.file, unit)


def _state(levels: Levels) -> Levels:
    """What matters to those inside a scope: shown, outlined, or neither."""
    return (levels > CAPSULE).astype(np.int8) + (levels > OUTLINE)


def _of(table: Narrow, levels: Levels, rows: Index) -> Floats:
    """Tokens or value of chunks above those at ``base``."""
    at = levels[rows]
    out = table[np.minimum(at, OUTLINE), rows]
    return np.where((at <= OUTLINE) & np.isfinite(out), out, 0.0).astype(np.float64)
