"""Chunks that cannot be told apart are decided in blocks, so that no order among them is ever tried.

A few stay alone and the others join blocks of 8, 16, 32 and so on (the binary splitting of the bounded knapsack
problem, Martello and Toth 1990, 3.2): any number of them can still be raised.
"""

from __future__ import annotations

import numpy as np

from engine.pack.layout import Index, Layout
from engine.pack.priced import Priced
from engine.pack.problem import Levels

ALONE = 7
"""Chunks of a kind that are decided one by one."""


def blocks_of(priced: Priced, levels: Levels, chunks: Index) -> list[list[int]]:
    """Join sorted chunks that are alike: same scope, same levels now, same tokens and value, nothing inside.

    Args:
        priced: The problem.
        levels: (n,) levels of sorted chunks.
        chunks: Sorted chunks to join.

    Returns:
        Blocks, in the order of their first chunks.
    """
    layout = priced.layout
    outer = _with_inside(layout)
    columns = [
        np.where(outer[chunks], chunks, -1), layout.file[chunks], layout.parent[chunks], layout.base[chunks],
        levels[chunks], priced.value[chunks], *layout.tokens[:, chunks], *priced.gain[:, chunks],
    ]  # fmt: skip
    blocks: list[list[int]] = []
    kinds: dict[tuple[float, ...], tuple[int, list[int]]] = {}
    for chunk, key in zip(chunks.tolist(), zip(*(column.tolist() for column in columns), strict=True), strict=True):
        seen, block = kinds.get(key, (0, []))
        if seen <= ALONE or len(block) > seen - len(block):  # a block holds one more than all before it
            block = []
            blocks.append(block)
        block.append(chunk)
        kinds[key] = seen + 1, block
    return blocks


def _with_inside(layout: Layout) -> Index:
    outer = np.zeros(len(layout.order), dtype=np.intp)
    outer[layout.parent[layout.parent >= 0]] = 1
    return outer
