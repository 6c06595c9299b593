"""Columns sorted by depth, so that one pass per depth settles all chunks of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.problem import LINE, OUTLINE, Levels
from engine.pack.scope import Scope

Index = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Layout:
    """Chunks sorted by depth, so that those of a depth are contiguous; independent of weights."""

    order: Index
    """(n,) row of each sorted chunk."""
    depths: list[slice]
    """Sorted chunks by depth."""
    parent: Index
    """(n,) sorted position of the scope, or -1."""
    above: list[Index]
    """Per depth the positions of the scopes within the depth before."""
    file: npt.NDArray[np.int32]
    base: Levels
    tokens: npt.NDArray[np.float64]
    """(5, n) tokens above those at ``base``; infinite for levels that are not allowed."""
    gain: Floats
    """(5, n) retention above that at ``base``."""
    first: Index
    """Position of the first outermost chunk of each file that has chunks."""
    files: Index
    """Those files."""
    based: bool
    """Whether any chunk is shown from the start."""
    narrow_tokens: npt.NDArray[np.float32]
    narrow_gain: npt.NDArray[np.float32]
    """Both once more in single precision."""


def layout_of(scope: Scope) -> Layout:
    """Sort the columns of a scope."""
    columns, n = scope.problem.columns, scope.problem.columns.chunks
    order = np.argsort(scope.depth.astype(np.uint16), kind="stable")
    place = np.empty(n + 1, dtype=np.intp)
    place[order], place[n] = np.arange(n), -1
    ends = np.cumsum(np.bincount(scope.depth, minlength=1)).tolist()
    for start, end in pairwise(ends):
        scopes = place[columns.parent[order[start:end]]]
        if (scopes[1:] < scopes[:-1]).any():  # scopes that interleave
            order[start:end] = order[start:end][np.argsort(scopes, kind="stable")]
        place[order[start:end]] = np.arange(start, end)
    parent = place[columns.parent[order]]
    depths = [slice(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    above = [parent[:0]] + [parent[now] - before.start for before, now in pairwise(depths)]
    rows = np.arange(n)
    base_cost = np.where(scope.base <= OUTLINE, columns.tokens[rows, np.minimum(scope.base, OUTLINE)], 0)
    tokens = np.where(scope.allowed, columns.tokens - base_cost[:, None], np.inf)[order].T
    gain = (columns.retention[:, :LINE] - scope.base_kept[:, None])[order].T
    file = columns.file[order]
    files, first = np.unique(file[depths[0]], return_index=True)
    return Layout(
        order, depths, parent, above, file, scope.base[order], np.ascontiguousarray(tokens),
        np.ascontiguousarray(gain), first, files.astype(np.intp), bool((scope.base <= OUTLINE).any()),
        tokens.astype(np.float32, order="C"), gain.astype(np.float32, order="C"),
    )  # fmt: skip
