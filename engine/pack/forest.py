"""The chunks of some files as trees in arrays: what a price is put to, cut down to the files it can change."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from engine.columns import Floats
from engine.pack.company import line_values
from engine.pack.layout import Index, Layout
from engine.pack.problem import LINE, Levels, Mask
from engine.pack.scope import CAPSULE, Scope

Narrow = npt.NDArray[np.float32]
"""Half the memory of ``Floats``: twice as fast to go through."""


@dataclass(frozen=True, slots=True)
class Files:
    """What files cost and are worth beside their chunks; one entry a file."""

    number: Index
    """Index of each file in the repository."""
    line_value: Floats
    line_cost: Floats
    open_cost: Floats
    framing: Floats
    no_line: Mask
    """Files that cannot be one line."""
    listed: Mask
    """Files that cannot be omitted."""
    shown: Mask
    """Files that are shown from the start."""
    outlined: Mask
    """Files with outline lines from the start."""

    def only(self, kept: Index) -> Files:
        """Some of the files."""
        return Files(
            self.number[kept], self.line_value[kept], self.line_cost[kept], self.open_cost[kept], self.framing[kept],
            self.no_line[kept], self.listed[kept], self.shown[kept], self.outlined[kept],
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forest:
    """Chunks by depth; those of a depth are contiguous, those inside one scope, too."""

    files: Files
    place: Index
    """(k,) position of each chunk in the layout."""
    file: Index
    """(k,) index into ``files``."""
    parent: Index
    """(k,) position of the scope here, or -1."""
    depths: list[slice]
    scopes: list[tuple[Index, Index]]
    """Per depth: where a new scope begins, counted from the depth's first chunk, and which scope it is."""
    roots: tuple[Index, Index]
    """Where a new file begins among the outermost chunks, and which file it is."""
    base: Levels
    tokens: Narrow
    """(5, k) tokens above those at ``base``; infinite for levels that are not allowed."""
    gain: Narrow
    """(5, k) value above that at ``base``."""
    value: Narrow
    """(k,) value that the core rule looks at; infinite where the rule does not bind."""
    reach: Narrow
    """(k,) the same for the chunk and all scopes around it, the least of them."""
    ratio: Narrow
    """(k,) highest price at which the chunk or one inside it is shown at all, or more."""
    charge: Narrow | None
    """(k,) factor on the price of a chunk's tokens; None for 1."""
    based: bool
    """Whether any chunk is shown from the start."""

    def only(self, kept_files: Mask | None, floor: float = 0.0) -> Forest:
        """Some files, without chunks that no price above ``floor`` shows.

        Args:
            kept_files: Per file whether it stays; None for all.
            floor: Value per token.
        """
        reached = self.ratio > floor
        if kept_files is None:
            files, numbers, kept = self.files, self.file, np.flatnonzero(reached)
            file = numbers[kept]
        else:
            files, kept = self.files.only(np.flatnonzero(kept_files)), np.flatnonzero(kept_files[self.file] & reached)
            file = (np.cumsum(kept_files) - 1)[self.file[kept]]
        moved = np.empty(len(self.file) + 1, dtype=np.intp)
        moved[-1] = -1
        moved[kept] = np.arange(len(kept))
        ends = np.searchsorted(kept, [part.stop for part in self.depths]).tolist()
        charge = None if self.charge is None else self.charge[kept]
        return _joined(
            files, self.place[kept], file, moved[self.parent[kept]], ends,
            (self.base[kept], self.tokens.take(kept, axis=1), self.gain.take(kept, axis=1), self.value[kept],
             self.reach[kept], self.ratio[kept], charge, self.based),
        )  # fmt: skip


def _joined(
    files: Files,
    place: Index,
    file: Index,
    parent: Index,
    ends: list[int],
    rest: tuple[Levels, Narrow, Narrow, Narrow, Narrow, Narrow, Narrow | None, bool],
) -> Forest:
    depths = [slice(start, end) for start, end in pairwise([0, *ends]) if end > start]
    scopes = [(parent[:0], parent[:0])]
    for now in depths[1:]:
        above = parent[now]
        first = _changes(above)
        scopes.append((first, above[first]))
    root_file = file[depths[0]] if depths else file
    first = _changes(root_file)
    return Forest(files, place, file, parent, depths, scopes, (first, root_file[first]), *rest)


def _changes(values: Index) -> Index:
    """Where a value differs from the one before."""
    if not len(values):
        return np.zeros(0, dtype=np.intp)
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def forest_of(scope: Scope, layout: Layout, value: Floats, surcharge: Floats | None = None) -> Forest:
    """The whole repository.

    Args:
        scope: What is possible.
        layout: Its columns, sorted.
        value: (n,) value of each chunk.
        surcharge: (n,) factor on the price of a chunk's tokens.
    """
    columns, count = scope.problem.columns, len(scope.line_cost)
    lined = np.bincount(columns.file[scope.base == LINE], minlength=count) > 0
    files = Files(
        number=np.arange(count),
        line_value=line_values(columns, scope.base, value),
        line_cost=np.where(scope.listed, 0, scope.line_cost).astype(np.float64),
        open_cost=np.where(scope.shown, 0, scope.file_cost - np.where(scope.listed, scope.line_cost, 0)).astype(
            np.float64
        ),
        framing=scope.framing.astype(np.float64),
        no_line=scope.shown | ~(lined | scope.listed),
        listed=scope.listed,
        shown=scope.shown,
        outlined=scope.outlined,
    )
    own = value[layout.order].astype(np.float32)
    ends = [part.stop for part in layout.depths]
    bound = np.where(layout.base > CAPSULE, own, np.float32(np.inf))
    reach = bound.copy()
    for now in layout.depths[1:]:
        reach[now] = np.minimum(reach[now], reach[layout.parent[now]])
    charge = None if surcharge is None else surcharge[layout.order].astype(np.float32)
    tokens, gain = layout.narrow_tokens, layout.narrow_gain * own
    ratio = _ratios(files, layout, tokens if charge is None else tokens * charge, gain)
    return _joined(
        files, np.arange(len(own)), layout.file.astype(np.intp), layout.parent, ends,
        (layout.base, tokens, gain, bound, reach, ratio, charge, layout.based),
    )  # fmt: skip


def _ratios(files: Files, layout: Layout, tokens: Narrow, gain: Narrow) -> Narrow:
    """(n,) see ``Forest.ratio``."""
    saved = np.maximum(0.0, files.line_cost - files.open_cost).astype(np.float32)
    ratio = np.zeros(tokens.shape[1], np.float32)
    roots = layout.depths[0] if layout.depths else slice(0, 0)
    free = saved[layout.file[roots]]
    for cost, more in zip(tokens, gain, strict=True):
        np.maximum(ratio, more / np.maximum(cost, np.float32(1e-6)), out=ratio)
        # A file may be shown for less than its line costs.
        top = more[roots] / np.maximum(cost[roots] - free, np.float32(1e-6))
        np.maximum(ratio[roots], top, out=ratio[roots])
    for depth in range(len(layout.depths) - 1, 0, -1):
        now = layout.depths[depth]
        first = _changes(layout.parent[now])
        if len(first):
            above = layout.parent[now][first]
            ratio[above] = np.maximum(ratio[above], np.maximum.reduceat(ratio[now], first))
    return ratio
