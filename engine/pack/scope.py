"""What each chunk may become under pins, excludes, deepest levels and the class-line rule; independent of weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.columns import CLASSES, CORE_CLASSES, Floats, Ints
from engine.pack.problem import LINE, NO_PIN, OMITTED, OUTLINE, Levels, Mask, Problem

CAPSULE = 3
"""Deepest level at which a chunk's own lines are shown."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where every chunk and file starts and which levels it may have."""

    problem: Problem
    base: Levels
    """(n,) level a chunk has before any step, given that its file is listed: pin, floor, 5, or 6."""
    base_kept: Floats
    """(n,) retention at ``base`` beside text of its file: 0 at levels 5 and 6."""
    allowed: Mask
    """(n, 5) levels 0-4 that a chunk may rise to; always better than ``base``."""
    depth: Ints
    """(n,) number of enclosing scopes."""
    file_cost: npt.NDArray[np.int64]
    """(m,) tokens for showing any chunk of a file, outline framing not included."""
    line_cost: npt.NDArray[np.int64]
    """(m,) tokens of a file's line."""
    framing: npt.NDArray[np.int64]
    """(m,) tokens that outline lines still cost beside their text; 0 where pins have paid."""
    outlined: Mask
    """(m,) files with outline lines from the start because of pins."""
    shown: Mask
    """(m,) files that are shown from the start because of pins."""
    listed: Mask
    """(m,) files that have at least their line from the start because of pins; includes ``shown``."""
    fixed_tokens: int
    """Tokens of the frame and everything pinned."""
    ranked: Mask
    """(n,) chunks that the core rule protects from being omitted."""


def scope_of(problem: Problem, floors: Levels | None = None) -> Scope:
    """Resolve the wishes of a problem into starts and possible steps.

    Args:
        problem: What is asked for.
        floors: (n,) levels that free chunks must not be deeper than.
    """
    columns, frame = problem.columns, problem.frame
    depth = depths(columns.parent)
    base, allowed = _starts(problem, depth, floors)
    rows = np.arange(columns.chunks)
    base_kept = np.where(base < LINE, columns.retention[rows, np.minimum(base, OUTLINE)], 0.0)
    base_cost = np.where(base <= OUTLINE, columns.tokens[rows, np.minimum(base, OUTLINE)], 0).astype(np.int64)
    files = len(columns.files)
    file_cost = (frame.header_tokens + frame.tree_tokens).astype(np.int64)
    shown = np.bincount(columns.file[base <= OUTLINE], minlength=files) > 0
    pinned_line = problem.pin_levels() == LINE
    listed = shown | (np.bincount(columns.file[pinned_line], minlength=files) > 0)
    line_cost = frame.line_tokens.astype(np.int64)
    outlined = np.bincount(columns.file[base == OUTLINE], minlength=files) > 0
    fixed = frame.fixed_tokens + base_cost.sum() + file_cost[shown].sum() + line_cost[listed & ~shown].sum()
    fixed += frame.outline_scope_tokens[outlined].sum()
    core = np.array([name in CORE_CLASSES for name in CLASSES])[columns.chunk_class]
    free = (problem.pin_levels() == NO_PIN) & (base == LINE)
    framing = np.where(outlined, 0, frame.outline_scope_tokens).astype(np.int64)
    return Scope(
        problem, base, base_kept, allowed, depth, file_cost, line_cost, framing, outlined, shown, listed, int(fixed),
        core & free,
    )  # fmt: skip


def depths(parent: Ints) -> Ints:
    """(n,) how many scopes enclose each chunk."""
    depth = np.zeros(len(parent), dtype=np.int32)
    above = parent.copy()
    while (nested := above >= 0).any():
        depth[nested] += 1
        above[nested] = parent[above[nested]]
    return depth


def _starts(problem: Problem, depth: Ints, floors: Levels | None) -> tuple[Levels, Mask]:
    columns = problem.columns
    pins, deepest, excluded = problem.pin_levels(), problem.deepest_levels(), problem.excluded_mask()
    pinned = pins != NO_PIN
    base = np.where(deepest >= LINE, LINE, OMITTED).astype(np.int8)
    base[pinned] = pins[pinned]
    base[excluded] = OMITTED
    fixed = pinned | excluded
    if floors is not None:
        base = np.where(fixed, base, np.minimum(base, floors)).astype(np.int8)
    deepest_nesting = int(depth.max(initial=0))
    for level in range(deepest_nesting, 0, -1):
        # A pinned method brings its class line along, at the deepest level that shows it.
        child = np.flatnonzero((depth == level) & (base <= OUTLINE))
        above = columns.parent[child]
        need = np.minimum(np.maximum(base[child], CAPSULE), deepest[above]).astype(np.int8)
        free = ~fixed[above]
        np.minimum.at(base, above[free], need[free])
    allowed = (np.arange(LINE)[None, :] <= np.minimum(deepest, OUTLINE)[:, None]) & ~fixed[:, None]
    allowed &= np.arange(LINE)[None, :] < base[:, None]
    for level in range(1, deepest_nesting + 1):
        child = np.flatnonzero((depth == level) & ~fixed)
        above = columns.parent[child]
        any_shown = (base[above] <= CAPSULE) | allowed[above, : CAPSULE + 1].any(axis=1)
        any_outline = any_shown | (base[above] <= OUTLINE) | allowed[above, OUTLINE]
        allowed[child, : CAPSULE + 1] &= any_shown[:, None]
        allowed[child, OUTLINE] &= any_outline
    return base, allowed
