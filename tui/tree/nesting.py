"""Chunks within chunks: the order of a walk, and how many each holds."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from engine.columns import Ints

Long = npt.NDArray[np.int64]


def nest(parent: Ints, file: Ints) -> tuple[Long, Long, Long]:
    """Order chunks so that everything below a chunk follows it at once.

    Args:
        parent: (n,) row of the enclosing chunk or -1; one that is in another file or not before its child is ignored.
        file: (n,) file of each row, non-decreasing.

    Returns:
        (n,) parents as used; (n,) row by place in the walk, files in their order; (n,) chunks at or below each row.
    """
    rows = len(parent)
    place = np.arange(rows, dtype=np.int64)
    above = parent.astype(np.int64)
    valid = (above >= 0) & (above < place)
    valid &= file[np.where(valid, above, place)] == file
    above = np.where(valid, above, -1)
    nested = np.flatnonzero(valid)
    if not len(nested):
        return above, place, np.ones(rows, np.int64)
    # Plain loops over lists: one pass each, however deep the nesting is.
    parents = above.tolist()
    size = [1] * rows
    for row in reversed(nested.tolist()):
        size[parents[row]] += size[row]
    position = [0] * rows
    free = [0] * rows
    top = 0
    for row, outer in enumerate(parents):
        if outer < 0:
            start = top
            top += size[row]
        else:
            start = free[outer]
            free[outer] += size[row]
        position[row] = start
        free[row] = start + 1
    walk = np.empty(rows, np.int64)
    walk[np.array(position, np.int64)] = place
    return above, walk, np.array(size, np.int64)
