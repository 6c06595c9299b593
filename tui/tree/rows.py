"""Which nodes have a row, and in what order: only folders that are open are sorted, whole levels at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tui.tree.hierarchy import Hierarchy, Nodes
from tui.tree.sorting import MOST

Weigh = Callable[[Nodes], Nodes]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """``R`` rows from top to bottom."""

    node: Nodes
    """(R,) node of each row."""
    depth: Nodes
    """(R,) 0 for what is right below the root."""
    above: Nodes
    """(R,) row of the parent, or -1."""
    is_last: Mask
    """(R,) whether no sibling follows."""


def visible_rows(tree: Hierarchy, is_open: Mask, shown: Mask | None, weigh: Weigh) -> Rows:
    """Lay out what is visible.

    Args:
        tree: The repository.
        is_open: (N,) nodes whose children have rows; the root always has.
        shown: (N,) nodes that may have a row; None for all.
        weigh: Gives the sort key of nodes; the greatest comes first.
    """
    frontier = np.zeros(1, np.int64)
    open_here = np.ones(1, np.bool_)
    layers: list[tuple[Nodes, Nodes]] = []
    while True:
        holders = np.flatnonzero(open_here)
        starts = tree.child_start[frontier[holders]]
        counts = tree.child_start[frontier[holders] + 1] - starts
        ends = np.cumsum(counts)
        if not len(ends) or not ends[-1]:
            break
        owner = np.repeat(holders, counts)
        kids = tree.child[np.repeat(starts - ends + counts, counts) + np.arange(ends[-1])]
        if shown is not None:
            kept = shown[kids]
            owner, kids = owner[kept], kids[kept]
            if not len(kids):
                break
        order = np.argsort(owner * MOST - weigh(kids), kind="stable")
        frontier, owner = kids[order], owner[order]
        layers.append((frontier, owner))
        open_here = is_open[frontier]
    return _place(layers)


def _place(layers: list[tuple[Nodes, Nodes]]) -> Rows:
    """Turn layers (children beside their parents' index in the layer above) into rows from top to bottom."""
    sizes: list[Nodes] = []
    below: Nodes | None = None
    for depth in range(len(layers) - 1, -1, -1):
        size = np.ones(len(layers[depth][0]), np.int64)
        if below is not None:
            size += np.bincount(layers[depth + 1][1], weights=below, minlength=len(size)).astype(np.int64)
        sizes.append(size)
        below = size
    sizes.reverse()
    rows = int(sizes[0].sum()) if sizes else 0
    result = Rows(
        np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.int64), np.empty(rows, np.bool_)
    )
    position = np.full(1, -1, np.int64)
    for depth, ((nodes, owner), size) in enumerate(zip(layers, sizes, strict=True)):
        ends = np.cumsum(size)
        is_first = np.ones(len(owner), np.bool_)
        is_first[1:] = owner[1:] != owner[:-1]
        before = (ends - size)[np.maximum.accumulate(np.where(is_first, np.arange(len(owner)), 0))]
        above = position[owner]
        position = above + 1 + ends - size - before
        result.node[position] = nodes
        result.depth[position] = depth
        result.above[position] = above
        result.is_last[position] = np.append(is_first[1:], True)
    return result
